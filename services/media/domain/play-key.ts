import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * A key that lets one in to play for a while: `expiresAt` (ms) under a signature by the asset's own link key, so that it
 * ends with its time and when the asset is closed, and does not tell the link key.
 */
export function playKey({ id, link_key }: { id: string; link_key: string }, expiresAt: number): string {
  const until = Math.floor(expiresAt / 1000).toString(36);
  return `${until}.${createHmac('sha256', link_key).update(`play ${id} ${until}`).digest('base64url')}`;
}

/** Whether a play key is for this asset and its time is not over. */
export function playKeyHolds(asset: { id: string; link_key: string }, key: string, now: number): boolean {
  const until = Number.parseInt(key.split('.')[0]!, 36);
  if (!Number.isSafeInteger(until) || until * 1000 <= now) return false;
  const [given, right] = [Buffer.from(key), Buffer.from(playKey(asset, until * 1000))];
  return given.length === right.length && timingSafeEqual(given, right);
}
