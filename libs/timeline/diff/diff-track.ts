import { diffOrder } from './diff-values.js';
import type { Film } from './film.js';
import { isNothing, isOnlyShifted, isSameTime, retimingOf, type Retiming, type Timing } from './shot-timing.js';

/** Neighbours that start later by the same time. */
export interface Shift {
  keys: string[];
  seconds: number;
  reach: 'one' | 'some' | 'later' | 'all';
}

/** What happened on a track to the shots that stayed on it. */
export interface TrackDiff {
  /** Those that were taken out of their order, or stand at another time without any of their neighbours doing so. */
  moved: ReadonlySet<string>;
  shifts: Shift[];
  retimings: ReadonlyMap<string, Retiming>;
}

/**
 * Tells the shots that somebody moved on a track from those that only made room, or closed up, after something else was
 * inserted, trimmed, moved or removed before them.
 */
export function diffTrack(row: string, before: Film, after: Film, timingsOf: TimingsOf): TrackDiff {
  const had = before.tracks.get(row)!.shots;
  const has = after.tracks.get(row)!.shots;
  const moved = new Set(
    diffOrder(
      had.filter((key) => after.shots.get(key)?.row === row),
      has.filter((key) => before.shots.get(key)?.row === row),
    ).moved,
  );
  const isSpine = (key: string): boolean =>
    before.shots.get(key)?.row === row && after.shots.get(key)?.row === row && !moved.has(key);
  const spine = has.filter(isSpine);
  const retimings = readRetimings(spine, timingsOf);
  for (const key of moved) {
    const timings = timingsOf(key);
    if (timings) retimings.set(key, retimingOf(...timings));
  }
  const disturbed = new Set([...behindOthers(had, isSpine), ...behindOthers(has, isSpine)]);
  spine.slice(1).forEach((key, nth) => {
    const previous = retimings.get(spine[nth]!);
    if (previous && !(isNothing(previous.head) && isNothing(previous.tail))) disturbed.add(key);
  });

  const shifts: Shift[] = [];
  for (const { keys, seconds } of runsOf(spine, retimings)) {
    const [first, last] = [keys[0]!, keys.at(-1)!];
    const isCaused = disturbed.has(first);
    if (keys.length === 1 && !isCaused) moved.add(first);
    else
      shifts.push({
        keys,
        seconds,
        reach: reachOf(keys.length, first === spine[0] && !isCaused, last === spine.at(-1)),
      });
  }
  return { moved, shifts, retimings };
}

/** The timings of a shot before and after, if it has both. */
export type TimingsOf = (key: string) => [Timing, Timing] | undefined;

/** A shot with two possible readings goes along with its neighbours. */
function readRetimings(spine: string[], timingsOf: TimingsOf): Map<string, Retiming> {
  const following = new Array<number | undefined>(spine.length);
  let certain: number | undefined;
  for (let at = spine.length - 1; at >= 0; at--) {
    following[at] = certain;
    const timings = timingsOf(spine[at]!);
    if (timings && isOnlyShifted(...timings)) certain = timings[1].start - timings[0].start;
  }
  const retimings = new Map<string, Retiming>();
  let previous = 0;
  spine.forEach((key, at) => {
    const timings = timingsOf(key);
    if (!timings) return;
    const retiming = retimingOf(...timings, [previous, following[at]]);
    previous = retiming.shift;
    retimings.set(key, retiming);
  });
  return retimings;
}

/** The shots of the spine with something else between them and the one before. */
function behindOthers(order: string[], isSpine: (key: string) => boolean): string[] {
  return order.filter((key, at) => isSpine(key) && at > 0 && !isSpine(order[at - 1]!));
}

function runsOf(spine: string[], retimings: ReadonlyMap<string, Retiming>): { keys: string[]; seconds: number }[] {
  const runs: { keys: string[]; seconds: number }[] = [];
  let open: { keys: string[]; seconds: number } | undefined;
  for (const key of spine) {
    const seconds = retimings.get(key)?.shift ?? 0;
    if (open && isSameTime(open.seconds, seconds)) open.keys.push(key);
    else {
      open = isNothing(seconds) ? undefined : { keys: [key], seconds };
      if (open) runs.push(open);
    }
  }
  return runs;
}

function reachOf(count: number, isFromFirst: boolean, isToLast: boolean): Shift['reach'] {
  if (count === 1) return 'one';
  if (!isToLast) return 'some';
  return isFromFirst ? 'all' : 'later';
}
