import { SnapshotRefusedError, type SnapshotClock, type SnapshotSource } from './world.js';

/** What an update has cost so far. */
export interface Traffic {
  requests: number;
  bytes: number;
}

const PATIENCE_MS = 20_000;
const SLOWEST_BYTES_PER_S = 4096;

/**
 * The whole file, which may have `limit` bytes and must come at 4 KB/s at least; undefined when there is none. A longer one
 * is given up at the limit, a slower one at its time.
 */
export async function fetchLimited(
  { source, clock }: { source: SnapshotSource; clock: SnapshotClock },
  path: string,
  limit: number,
  traffic: Traffic,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const late = new AbortController();
  const done = new AbortController();
  traffic.requests++;
  const tooSlow = clock.wait(PATIENCE_MS + (limit / SLOWEST_BYTES_PER_S) * 1000, done.signal).then((): never => {
    late.abort();
    throw new SnapshotRefusedError('too_slow', `${path} comes too slowly.`);
  });
  tooSlow.catch(() => undefined);
  try {
    return await Promise.race([read(source, path, limit, traffic, late.signal), tooSlow]);
  } finally {
    done.abort();
  }
}

async function read(source: SnapshotSource, path: string, limit: number, traffic: Traffic, signal: AbortSignal) {
  const stream = await source.open(path, signal);
  if (!stream) return undefined;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    if (signal.aborted) break;
    length += chunk.length;
    if (!stream.kept) traffic.bytes += chunk.length;
    if (length > limit)
      throw new SnapshotRefusedError('too_long', `${path} is longer than the ${limit} bytes that were said.`);
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
