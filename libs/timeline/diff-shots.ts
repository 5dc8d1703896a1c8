import type { Change, Named, Place, Span } from './change.js';
import type { Path } from './conflict.js';
import { diffFields } from './diff-things.js';
import { diffTrack, type Shift } from './diff-track.js';
import { diffOrder, keysOfBoth, ownField } from './diff-values.js';
import type { Document } from './document.js';
import type { Film, PartName, Shot, Track } from './film.js';
import { idOfKey } from './keyed-list.js';
import { sameValue } from './same-value.js';
import { isNothing, isSameTime, rateOf, retimingOf, secondsOf, span, type Retiming, type Timing } from './shot-timing.js';

/** Whether the field of a timeline item merely lost a thing that is gone. */
export type IsCleared = (field: string, before: unknown, after: unknown) => boolean;

/** The differences of two films: of their tracks, then of their shots by the time these have. */
export function diffShots(before: Film, after: Film, isCleared: IsCleared): Change[] {
  return new ShotDiff(before, after, isCleared).changes();
}

/**
 * Whether the changes of shots have already told of a part: one that came or went with every shot that uses it, or one
 * that changed and belongs to a single shot.
 */
export function isToldByShots(part: PartName, id: string, before: Film, after: Film): boolean {
  const [had, has] = [before, after].map((film) => film.users[part].get(id) ?? NOBODY) as [Users, Users];
  return {
    changed: () => isOwned(part, id, before, after) && had.size === 1 && has.size === 1 && isKept(had, before, after),
    added: () => has.size > 0 && [...has].every((key) => after.shots.has(key) && !(before.shots.has(key) && had.has(key))),
    removed: () => had.size > 0 && [...had].every((key) => before.shots.has(key) && !(after.shots.has(key) && has.has(key))),
  };
}
