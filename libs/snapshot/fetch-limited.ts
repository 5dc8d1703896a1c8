import { SnapshotRefusedError, type SnapshotClock, type SnapshotSource } from './world.js';

/** What an update has cost so far. */
export interface Traffic {
  requests: number;
  bytes: number;
}

const PATIENCE_MS = 20_000;
const MINUTE_MS = 60_000;
const SLOWEST_BYTES_PER_S = 4096;

interface Reach {
  source: SnapshotSource;
  clock: SnapshotClock;
}

/**
 * The whole file, which may have `limit` bytes and must come at 4 KB/s at least, in every minute of its way; undefined when there is
 * none. A longer one is given up at the limit, a slower one at its time.
 */
export async function fetchLimited(
  world: Reach,
  path: string,
  limit: number,
  traffic: Traffic,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return (await fetched(world, path, { packed: limit, unpacked: limit }, traffic))?.bytes;
}

/**
 * What is in a packed file, by the same rules, for so many bytes packed and unpacked: some hosts say of packed files how they are packed,
 * and then they come unpacked.
 */
export async function fetchUnpacked(
  world: Reach,
  path: string,
  limits: Limits,
  unpack: (bytes: Uint8Array<ArrayBuffer>, limit: number) => Promise<Uint8Array<ArrayBuffer>>,
  traffic: Traffic,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const sent = await fetched(world, path, limits, traffic);
  return sent && (sent.isUnpacked ? sent.bytes : unpack(sent.bytes, limits.unpacked));
}

interface Limits {
  packed: number;
  unpacked: number;
}

async function fetched({ source, clock }: Reach, path: string, limits: Limits, traffic: Traffic) {
  const late = new AbortController();
  const done = new AbortController();
  traffic.requests++;
  const come: Come = { bytes: 0 };
  const tooSlow = slowness(come, clock, limits.packed, done.signal).then((): never => {
    late.abort();
    throw new SnapshotRefusedError('too_slow', `${path} comes too slowly.`);
  });
  tooSlow.catch(() => undefined);
  try {
    return await Promise.race([read(source, path, limits, { traffic, come }, late.signal), tooSlow]);
  } finally {
    done.abort();
  }
}

/** How much of a file has come. */
interface Come {
  bytes: number;
}

/** Resolves when too little has come in a minute, or the whole should be there by now. */
async function slowness(come: Come, clock: SnapshotClock, length: number, done: AbortSignal): Promise<void> {
  let left = PATIENCE_MS + (length / SLOWEST_BYTES_PER_S) * 1000;
  for (let before = -Infinity; left > 0 && come.bytes - before >= (SLOWEST_BYTES_PER_S * MINUTE_MS) / 1000;) {
    before = come.bytes;
    await clock.wait(Math.min(left, MINUTE_MS), done);
    left -= MINUTE_MS;
  }
}

async function read(
  source: SnapshotSource,
  path: string,
  limits: Limits,
  { traffic, come }: { traffic: Traffic; come: Come },
  signal: AbortSignal,
) {
  const stream = await source.open(path, signal);
  if (!stream) return undefined;
  const isUnpacked = stream.unpacked === true;
  const limit = isUnpacked ? limits.unpacked : limits.packed;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    if (signal.aborted) break;
    length += chunk.length;
    come.bytes = length;
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
  return { bytes: whole, isUnpacked };
}
