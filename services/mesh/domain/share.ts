/** Which of so many replicas looks after a site first; the spread is even, and no replica is asked. */
export function hashedTo(site: number, replicas: number): number {
  let hash = Math.imul(site ^ (site >>> 16), 0x45d9f3b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return ((hash ^ (hash >>> 16)) >>> 0) % replicas;
}
