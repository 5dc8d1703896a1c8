import { fieldOf, isDocument, type Document } from '../../document.js';
import { isLess, minus, plus, ZERO, type Fraction } from '../../interchange/fraction.js';
import { exactTime, isNear, timeLike } from '../times.js';
import { each, type Versions } from '../versions.js';
import { isFirstIn, ownPushes, pushedAt, ripplesOf, type Push, type Ripples } from './ripples.js';
import { isRead, placedAs, timesOf, tracksIn, type Placed, type RowTimes, type Still } from './row-times.js';

/**
 * The three versions as if all that either side pushed along a track, by what it put in, took out or cut before it, had
 * been pushed in all of them: so that two people who each put a shot into a film get the film with both, one after the other, and
 * not two shots in one place. Doing it again changes nothing. What was not read of the versions is in `still`; tracks in
 * `torn` are left as they are.
 */
export function alignRipples(
  versions: Versions<Document>,
  { still, torn }: { still?: Still | undefined; torn?: ReadonlySet<unknown> | undefined } = {},
): Versions<Document> {
  if (!mayRipple(versions)) return versions;
  const rows = each(versions, (document) => timesOf(document, still));
  const later: Versions<Later> = { base: new Map(), ours: new Map(), theirs: new Map() };
  const isKnown = knownIn(versions.base, still);
  for (const [row, base] of rows.base) {
    const [ours, theirs] = [rows.ours.get(row), rows.theirs.get(row)];
    if (!ours || !theirs || torn?.has(row)) continue;
    const shifts = shiftsOn(base, ripplesOf(base, ours, isKnown), ripplesOf(base, theirs, isKnown));
    for (const name of ['base', 'ours', 'theirs'] as const)
      if (shifts[name].size > 0) later[name].set(row, shifts[name]);
  }
  const times = each(later, () => new Map<string, Told>());
  for (const name of ['base', 'ours', 'theirs'] as const)
    if (!laterTimes(versions[name], later[name], times[name])) return versions;
  inOneWriting(times);
  return {
    base: withTimes(versions.base, times.base),
    ours: withTimes(versions.ours, times.ours),
    theirs: withTimes(versions.theirs, times.theirs),
  };
}

/** What a document has on any track. */
function knownIn(document: Document, still: Still | undefined): (id: string) => boolean {
  const ids = new Set<unknown>([...(still?.values() ?? [])].flatMap((row) => row.map(({ id }) => id)));
  for (const [, actions] of tracksIn(document)) for (const action of actions) ids.add(fieldOf(action, 'id'));
  return (id) => ids.has(id);
}

/** By track, how much later its things begin. */
type Later = Map<string, Shifts>;
type Shifts = Map<string, Fraction>;

/**
 * Whether what one side did to a track may have pushed what the other did there: it moved things behind others that it put
 * in, took out, cut or carried past them, or both changed the same stretch of time. Else nobody can meet, and nothing has
 * to be known of the rest of the track.
 */
export function mayRipple(versions: Versions<Document>): boolean {
  const tracks = each(versions, (document) => new Map(tracksIn(document)));
  return [...tracks.base].some(([row, actions]) => {
    const [ours, theirs] = [tracks.ours.get(row), tracks.theirs.get(row)];
    if (!ours || !theirs || ours === actions || theirs === actions) return false;
    const base = new Map(actions.filter(isRead).map((action) => [action.id, action]));
    const [one, other] = [touchOf(base, ours), touchOf(base, theirs)];
    if (!one.isAny || !other.isAny) return false;
    return mayPush(one, other) || mayPush(other, one) || doOverlap(one.put, other.put);
  });
}

/** What a side did to what was read of a track. */
interface Touch {
  isAny: boolean;
  /** What is new, gone, longer or shorter. */
  causes: Set<unknown>;
  /** What begins and ends later, or earlier, and by how much. */
  moved: { id: unknown; by: Fraction; length: Fraction }[];
  /** What is new, or longer: from when to when. */
  put: Omit<Placed, 'id'>[];
  isNew: boolean;
}

function touchOf(base: ReadonlyMap<unknown, Document>, actions: readonly unknown[]): Touch {
  const touch: Touch = { isAny: false, causes: new Set(base.keys()), moved: [], put: [], isNew: false };
  for (const action of actions) {
    if (!isRead(action)) continue;
    const was = base.get(action.id);
    if (was) touch.causes.delete(action.id);
    if (was && isSame(was.start, action.start) && isSame(was.end, action.end)) continue;
    touch.isAny = true;
    const [before, now] = [placedAs(was), placedAs(action)];
    if (!now) continue;
    if (!before) {
      touch.isNew ||= !was;
      touch.causes.add(action.id);
      touch.put.push(now);
      continue;
    }
    const [start, end] = [minus(now.start, before.start), minus(now.end, before.end)];
    if (!isNear(start, end)) touch.causes.add(action.id);
    if (isLess(start, end)) touch.put.push(now);
    if (!isNear(start, ZERO) && !isNear(end, ZERO))
      touch.moved.push({ id: action.id, by: start, length: minus(before.end, before.start) });
  }
  return { ...touch, isAny: touch.isAny || touch.causes.size > 0 };
}

/** Whether a side moved something that may only have made room, or closed up; or moved together what the other put something between. */
function mayPush({ moved, causes }: Touch, other: Touch): boolean {
  if (moved.length === 0) return false;
  if (causes.size > 1 || moved.some(({ id }) => causes.size > 0 && !causes.has(id))) return true;
  return moved.some((one, at) =>
    moved.some((another, place) => {
      if (at === place) return false;
      const size = isLess(another.by, ZERO) ? minus(ZERO, another.by) : another.by;
      return isNear(size, one.length) || (other.isNew && isNear(one.by, another.by));
    }),
  );
}

const doOverlap = (some: Touch['put'], others: Touch['put']): boolean =>
  some.some((one) => others.some((other) => isLess(one.start, other.end) && isLess(other.start, one.end)));

const isSame = (a: unknown, b: unknown): boolean =>
  Object.is(a, b) || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));

function shiftsOn(base: RowTimes, ours: Ripples, theirs: Ripples): Versions<Shifts> {
  const own = { ours: ownPushes(ours, theirs), theirs: ownPushes(theirs, ours) };
  const shifts: Versions<Shifts> = { base: new Map(), ours: new Map(), theirs: new Map() };
  if (own.ours.length + own.theirs.length === 0 && !isAnyMoved(ours) && !isAnyMoved(theirs)) return shifts;
  const before = new Map(base.map(({ id, start }) => [id, start]));
  const isLeft = (id: string): boolean => {
    const [one, other] = [ours.startOf.get(id), theirs.startOf.get(id)];
    return one !== undefined && other !== undefined && isNear(one, other) && isNear(before.get(id) ?? one, one);
  };
  for (const [place, { id }] of base.entries()) {
    if (isLeft(id)) continue;
    const [inOurs, inTheirs] = [ours.movedBy.has(id), theirs.movedBy.has(id)];
    if (!inOurs && !inTheirs) continue;
    const [all, others] = inOurs ? [ours.pushes, own.theirs] : [theirs.pushes, own.ours];
    put(shifts.base, id, plus(pushedAt(all, place), pushedAt(others, place)));
  }
  for (const [id, place] of ours.placeOf)
    if (!isLeft(id)) put(shifts.ours, id, shiftOf(id, place, { base, mine: ours, other: theirs, pushes: own.theirs }));
  for (const [id, place] of theirs.placeOf)
    if (!isLeft(id)) put(shifts.theirs, id, shiftOf(id, place, { base, mine: theirs, other: ours, pushes: own.ours }));
  return shifts;
}

const isAnyMoved = ({ movedBy }: Ripples): boolean => [...movedBy.values()].some((by) => !isNear(by, ZERO));

function put(shifts: Shifts, id: string, by: Fraction): void {
  if (!isNear(by, ZERO)) shifts.set(id, by);
}

interface Meeting {
  base: RowTimes;
  mine: Ripples;
  other: Ripples;
  /** What only the other side pushed. */
  pushes: readonly Push[];
}

/** How far what the other side did carries a thing of mine. */
function shiftOf(id: string, place: number, { base, mine, other, pushes }: Meeting): Fraction {
  const run = mine.runs.get(place);
  if (!mine.fresh.has(id) || !run) return pushedAt(pushes, place);
  const before = place - 0.5;
  const isAtEnd = before === base.length - 1;
  if (isAtEnd && !isNear(run.gap, ZERO)) return pushedAt(pushes, before);
  const met = other.runs.get(place);
  const isBehind = met !== undefined && isFirstIn(met, run);
  const carried = plus(pushedAt(pushes, place), isBehind ? pushedExactlyAt(pushes, place) : ZERO);
  return plus(carried, movedAround(before, { base, mine, other, pushes }));
}

function pushedExactlyAt(pushes: readonly Push[], place: number): Fraction {
  return pushes.filter(({ at }) => at === place).reduce((sum, { by }) => plus(sum, by), ZERO);
}

/** How far the other side moved what is on both sides of a gap, where I left it. */
function movedAround(before: number, { base, mine, other }: Meeting): Fraction {
  const left = base[before]?.id;
  const by = left === undefined ? undefined : other.movedBy.get(left);
  if (left === undefined || !by || !isNear(mine.movedBy.get(left) ?? ZERO, ZERO)) return ZERO;
  const right = base.slice(before + 1).find(({ id }) => other.movedBy.has(id))?.id;
  return right !== undefined && isNear(other.movedBy.get(right)!, by) ? by : ZERO;
}

/** When an action begins and ends, and what its item says again of the beginning. */
interface Told {
  start: unknown;
  end: unknown;
  startTime?: unknown;
}

/** Finds when the things of a document begin and end that are later, and the others by their way to be; not when that is between frames. */
function laterTimes(document: Document, later: Later, times: Map<string, Told>): boolean {
  for (const [row, actions] of tracksIn(document)) {
    const shifts = later.get(row);
    if (!shifts) continue;
    for (const action of actions) {
      if (!isRead(action)) continue;
      const id = action.id as string;
      const by = shifts.get(id);
      const startTime = itemTime(document, id);
      const told: Told = {
        start: action.start,
        end: action.end,
        ...(isSaid(startTime, action.start) && { startTime }),
      };
      if (by)
        for (const field of ['start', 'end', 'startTime'] as const) {
          if (!(field in told)) continue;
          told[field] = timeLike(told[field], plus(exactTime(told[field])!, by));
          if (told[field] === undefined) return false;
        }
      times.set(id, told);
    }
  }
  return true;
}

function isSaid(said: unknown, start: unknown): boolean {
  const [one, other] = [exactTime(said), exactTime(start)];
  return one !== undefined && other !== undefined && isNear(one, other);
}

/** Times that are one, and were reached by adding in different orders, are written alike, whichever side is ours. */
function inOneWriting({ base, ours, theirs }: Versions<Map<string, Told>>): void {
  for (const id of new Set([...ours.keys(), ...theirs.keys()]))
    for (const field of ['start', 'end', 'startTime'] as const) {
      const [was, one, other] = [base.get(id), ours.get(id), theirs.get(id)];
      if (one && other && isSaid(one[field], other[field])) {
        const [first] = [one[field], other[field]].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
        one[field] = other[field] = first;
      }
      const alike = [one, other].find((side) => side && was && isSaid(side[field], was[field]));
      if (was && alike) was[field] = alike[field];
    }
}

function withTimes(document: Document, times: ReadonlyMap<string, Told>): Document {
  if (times.size === 0) return document;
  const rows = (document.editorData as unknown[]).map((row) => {
    const actions = fieldOf(row, 'actions');
    if (!isDocument(row) || !Array.isArray(actions)) return row;
    return { ...row, actions: (actions as unknown[]).map((action) => retimed(action, times)) };
  });
  return withItemTimes({ ...document, editorData: rows }, times);
}

function retimed(action: unknown, times: ReadonlyMap<string, Told>): unknown {
  const told = isRead(action) && times.get(action.id as string);
  return told && (told.start !== action.start || told.end !== action.end)
    ? { ...action, start: told.start, end: told.end }
    : action;
}

const itemTime = ({ editorState }: Document, id: string): unknown =>
  fieldOf(fieldOf(fieldOf(editorState, 'timelineItems'), id), 'startTime');

function withItemTimes(document: Document, times: ReadonlyMap<string, Told>): Document {
  const state = document.editorState;
  const items = fieldOf(state, 'timelineItems');
  if (!isDocument(state) || !isDocument(items)) return document;
  const entries = Object.entries(items).map(([id, item]) => {
    const startTime = times.get(id)?.startTime;
    return [id, startTime === undefined ? item : { ...(item as Document), startTime }];
  });
  return { ...document, editorState: { ...state, timelineItems: Object.fromEntries(entries) } };
}
