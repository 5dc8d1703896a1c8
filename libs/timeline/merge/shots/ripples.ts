import { isLess, minus, plus, ZERO, type Fraction } from '../../interchange/fraction.js';
import { stayed } from '../merge-order.js';
import { isNear } from '../times.js';
import { endBefore, gapBefore, type RowTimes } from './row-times.js';

/** How one side changed when things on a track begin by what it did before them. */
export interface Ripples {
  /** What pushed all that is behind it. */
  pushes: readonly Push[];
  /** Where each thing of the side is in the order that the base has: its own place there, or between two; not what came from another track. */
  placeOf: ReadonlyMap<string, number>;
  /** The things that are new in the film. */
  fresh: ReadonlySet<string>;
  /** What new things the side put in between two that stayed, by the place of these. */
  runs: ReadonlyMap<number, Run>;
  /** By how much more the side moved things that stayed in their order than they were pushed. */
  movedBy: ReadonlyMap<string, Fraction>;
  /** When its things begin. */
  startOf: ReadonlyMap<string, Fraction>;
}

export interface Push {
  /** Its place in the order of the base: what is behind it there is pushed, up to what stands where it stood. */
  at: number;
  until?: number;
  /** The thing that was put in, taken out, or made longer or shorter. */
  id: string;
  by: Fraction;
}

export interface Run {
  first: string;
  /** How long nothing is shown before it. */
  gap: Fraction;
  /** When it begins, as if nothing before it had been pushed. */
  from: Fraction;
}

/**
 * What a side did to a track that all behind it followed: the thing behind it begins later by just what was put in,
 * taken out or cut before it. Where it begins at yet another time, the side moved the thing itself. At the end, where
 * nothing follows, what is longer now or new pushes, and what is shorter or gone does not: nobody can tell who meant it.
 * `isKnown` says what the base has on any track: what was dragged there stands where it was put.
 */
export function ripplesOf(base: RowTimes, side: RowTimes, isKnown: (id: string) => boolean): Ripples {
  const places = new Map(base.map(({ id }, at) => [id, at]));
  const isUnmoved = new Set(side.flatMap(({ id, start }) => (isAt(base[places.get(id) ?? -1], start) ? [id] : [])));
  const kept = stayed(
    base.map(({ id }) => id),
    side.map(({ id }) => id),
    (id) => (isUnmoved.has(id) ? base.length + 1 : 1),
  );
  const startOf = new Map(side.map(({ id, start }) => [id, start]));
  const shiftOf = new Map<string, Fraction>();
  const pushes: Push[] = [];
  const placeOf = new Map<string, number>();
  const fresh = new Set<string>();
  const runs = new Map<number, Run>();
  let before = -1;
  let carried = ZERO;
  let pending: Pending[] = [];
  for (const [at, { id, start, end }] of side.entries()) {
    if (!kept.has(id)) {
      const isNew = !isKnown(id);
      const place = before + (isNew ? 0.5 : 0.25);
      if (isNew || places.has(id)) placeOf.set(id, place);
      if (isNew) fresh.add(id);
      if (isNew && !runs.has(place))
        runs.set(place, { first: id, gap: gapBefore(side, at), from: minus(start, carried) });
      pending.push({ at: place, id, alone: minus(end, start), withGap: minus(end, endBefore(side, at)) });
      continue;
    }
    const place = places.get(id)!;
    placeOf.set(id, place);
    for (let gone = before + 1; gone < place; gone++) {
      const { id: was, start: from, end: to } = base[gone]!;
      pending.push({ at: gone, id: was, alone: minus(from, to), withGap: minus(endBefore(base, gone), to) });
    }
    // What was put in where as much was taken out has moved nothing.
    const wayTo = (shift: Fraction): Push[] | undefined =>
      isNear(shift, carried) ? [] : pushesBy(minus(shift, carried), pending);
    const was = base[place]!;
    const [byStart, byEnd] = [minus(start, was.start), minus(end, was.end)];
    const way = wayTo(byStart) ?? wayTo(byEnd);
    // Of what was cut at its head, the end tells how far it went along, and what is behind it goes as far.
    const isByEnd = way !== undefined && !wayTo(byStart);
    const shift = isByEnd ? byEnd : byStart;
    const isUnpushed = isNear(shift, ZERO) && !isNear(pushedAt([...pushes, ...(way ?? [])], place), ZERO);
    if (isUnpushed) for (const push of pushes) push.until ??= place;
    else pushes.push(...(way ?? []));
    const longer = minus(byEnd, byStart);
    pending = isByEnd || isNear(longer, ZERO) ? [] : [{ at: place, id, alone: longer, withGap: longer }];
    shiftOf.set(id, shift);
    carried = shift;
    before = place;
  }
  const isPutElsewhere = new Set(pushes.map(({ id }) => id));
  const gone = base.slice(before + 1).map(({ id, end }, nth) => {
    const at = before + 1 + nth;
    return { at, id, by: minus(endBefore(base, at), end) };
  });
  pushes.push(...gone.filter(({ id }) => isPutElsewhere.has(id)));
  const isEnd = gone.every(({ id }) => isPutElsewhere.has(id));
  // What fills the room of a shot that was cut short, as its other half does, pushes only as far as it goes beyond.
  let room = ZERO;
  for (const { at, id, withGap } of isEnd ? pending : []) {
    if (isPutElsewhere.has(id)) pushes.push({ at, id, by: withGap });
    else if (fresh.has(id) || at === before) {
      room = plus(room, withGap);
      if (isLess(ZERO, room) && !isNear(room, ZERO)) pushes.push({ at, id, by: room });
      if (isLess(ZERO, room)) room = ZERO;
    }
  }
  const movedBy = new Map<string, Fraction>();
  for (const [id, shift] of shiftOf) movedBy.set(id, minus(shift, pushedAt(pushes, places.get(id)!)));
  return { pushes, placeOf, fresh, runs, movedBy, startOf };
}

/** What a side did in a gap: how far that pushes what is behind, by itself, or with the gap before it that came or went with it. */
interface Pending {
  at: number;
  id: string;
  alone: Fraction;
  withGap: Fraction;
}

/** What of that which a side did in a gap pushed what is behind by so much: all of it if it can be, for editors close up or leave a gap. */
function pushesBy(by: Fraction, pending: readonly Pending[]): Push[] | undefined {
  const all = 2 ** Math.min(pending.length, MOST_TRIED) - 1;
  for (let choice = all; choice > 0; choice--)
    for (const way of ['withGap', 'alone'] as const) {
      const some = pending.filter((_one, nth) => choice === all || choice & (1 << nth));
      const pushes = some.map((one) => ({ at: one.at, id: one.id, by: one[way] }));
      if (isNear(sumOf(pushes), by)) return pushes;
    }
  return undefined;
}
/** So many are tried in all combinations. */
const MOST_TRIED = 6;

const sumOf = (pushes: readonly Push[]): Fraction => pushes.reduce((sum, { by }) => plus(sum, by), ZERO);

/** How far what is at a place is pushed. */
export function pushedAt(pushes: readonly Push[], place: number): Fraction {
  let sum = ZERO;
  for (const { at, until = Infinity, by } of pushes) if (at < place && place < until) sum = plus(sum, by);
  return sum;
}

/** What only this side did; what the other did alike is there already. */
export function ownPushes({ pushes }: Ripples, other: Ripples): Push[] {
  const known = Map.groupBy(other.pushes, ({ id }) => id);
  return pushes.filter(({ id, by }) => !known.get(id)?.some((one) => isNear(one.by, by)));
}

/** Whether what one side put into a gap comes before what the other put there: the one that begins earlier, else by their names. */
export function isFirstIn(one: Run, other: Run): boolean {
  if (!isNear(one.from, other.from)) return isLess(one.from, other.from);
  return one.first < other.first;
}

const isAt = (placed: RowTimes[number] | undefined, start: Fraction): boolean =>
  placed !== undefined && isNear(placed.start, start);
