/** A key in so many is the last one of its piece. */
const ENTRIES = 64;

/** Whether a piece ends with this key: FNV-1a of its code units, mixed once more. */
export function isEnd(key: string): boolean {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) % ENTRIES === 0;
}
