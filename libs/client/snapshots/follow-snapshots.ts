import type { SyncReport } from '#libs/snapshot/sync-snapshot';
import type { Snapshots } from './snapshots.js';

export interface FollowOptions {
  /** Ends the following. */
  signal: AbortSignal;
  /** How often to ask, about; two minutes when absent. Never sooner than the host wants to be asked. */
  every_s?: number | undefined;
  random?: (() => number) | undefined;
  /** Told of each update and each failure, and waited for; then it goes on. */
  heard?: ((news: SyncReport | Error) => unknown) | undefined;
}

/** So often that rules which were taken back are gone here within five minutes, though a cache on the way is two minutes behind. */
const EVERY_S = 120;
const LONGEST_S = 6 * 3600;

/**
 * Keeps a snapshot up to date until it is told to end: at once, then every two minutes give or take a tenth, so that not all clients
 * ask in one moment; after failures, or when the host wishes so, less often, up to every six hours. It does not fail itself.
 */
export async function followSnapshots(
  snapshots: Snapshots,
  { signal, every_s = EVERY_S, random = Math.random, heard = () => undefined }: FollowOptions,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const news = await snapshots.sync().catch((error: Error) => error);
    failures = news instanceof Error ? failures + 1 : 0;
    const soonest = news instanceof Error ? 0 : Math.min(LONGEST_S, news.wait_s);
    await heard(news);
    const wanted = failures === 0 ? every_s : Math.min(LONGEST_S, every_s * 2 ** (failures - 1));
    await snapshots.clock.wait(Math.max(soonest, wanted * (0.9 + 0.2 * random())) * 1000, signal);
  }
}
