import type { Published } from '../delta-bases.js';

/**
 * Through which versions the newest one is reached by those that have no delta to it, as the manifest tells: of the versions that have
 * one (`deltas`), those that a client takes, which is the first after its own that it can get to, each with the version since which it can.
 */
export function waysThrough(
  history: readonly (Published & { since?: number | null })[],
  deltas: readonly number[],
): [through: number, since: number][] {
  const direct = new Set(deltas);
  const open = history.filter(({ version, since }) => direct.has(version) && since != null);
  const taken = new Map<number, number>();
  for (const { version } of history) {
    if (direct.has(version)) continue;
    const way = open.find((one) => one.version > version && one.since! <= version);
    if (way) taken.set(way.version, way.since!);
  }
  return [...taken].sort(([a], [b]) => b - a);
}
