/** No piece but the last has fewer entries. */
export const FEWEST = 56;
/** No piece has more entries. */
const MOST = 255;
/** From there on a key in so many ends its piece, so that a piece has 71 entries in the mean. */
const ONE_IN = 16;

/**
 * From how many entries on a piece ends with this key: normalized chunking, which makes pieces of about one length (Xia et al.,
 * "FastCDC", USENIX ATC 2016), with entries for its bytes. A long piece is hit by more changes than a short one: were each key the end
 * of a piece by chance alone, a piece that is hit would be twice as long as the mean. The hash is FNV-1a of the code units, mixed once more.
 */
export function endsFrom(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) % ONE_IN === 0 ? FEWEST : MOST;
}
