/** One list as three versions have it: the ids in their order, each at most once in a version. */
export interface Orders {
  base: string[];
  ours: string[];
  theirs: string[];
}

/**
 * Merges two orders of one list. `kept` are the ids that end up in it, each of them in ours or in theirs; each is in the
 * result once. What a side moved or added stands after its predecessor on that side, its runs unbroken, and the result
 * does not depend on who is ours. `movedTwice` are those which both sides moved, to different places: with `settle`
 * 'ours' they stand where ours put them. Where the `unknown` stood in base nobody knows: both sides moved them. An id may
 * stand for several that all versions have one after the other: its `weight`.
 */
export function mergeOrder(
  { base: whole, ours, theirs }: Orders,
  kept: ReadonlySet<string>,
  settle: 'ours' | 'either',
  { unknown = NONE, weight }: { unknown?: ReadonlySet<string>; weight?: (id: string) => number } = {},
): { order: string[]; movedTwice: string[] } {
  const base = unknown.size === 0 ? whole : whole.filter((id) => !unknown.has(id));
  const stayedInOurs = stayed(base, ours, weight);
  const stayedInTheirs = stayed(base, theirs, weight);
  const spine = base.filter((id) => kept.has(id) && stayedInOurs.has(id) && stayedInTheirs.has(id));
  const isSpine = new Set(spine);
  const inOurs = new Set(ours);
  const inTheirs = new Set(theirs);
  const sides = {
    ours: runs(ours, isSpine, (id) => kept.has(id) && !(stayedInOurs.has(id) && inTheirs.has(id))),
    theirs: runs(theirs, isSpine, (id) => kept.has(id) && !(stayedInTheirs.has(id) && inOurs.has(id))),
  };
  const inBase = new Set(whole);
  const gaps: Gap[] = [HEAD, ...spine];
  const losers = disagreements(sides, gaps);
  for (const [id, loser] of losers) sides[settle === 'ours' && inBase.has(id) ? 'theirs' : loser].drop(id);
  const isFirst = orderOfRuns({ base, ours, theirs });
  const order = gaps.flatMap((gap) => {
    const { first, second } = firstAndSecond(sides.ours.at(gap), sides.theirs.at(gap));
    const agreed = stayed(second, first);
    return [...(gap === HEAD ? [] : [gap]), ...weave(first, second, { agreed, isFirst })];
  });
  return { order, movedTwice: whole.filter((id) => losers.has(id)) };
}

/** Whether both sides moved a thing that all versions have: where they did not, `mergeOrder` has nothing to settle. */
export function movedByBoth(
  base: readonly string[],
  sides: readonly [ours: readonly string[], theirs: readonly string[]],
  weight: (id: string) => number,
): boolean {
  const had = new Set(base);
  const [stayedInOurs, stayedInTheirs] = sides.map((side) => stayed(base, side, weight));
  const isMoved = (id: string) => had.has(id) && !stayedInOurs!.has(id) && !stayedInTheirs!.has(id);
  const inTheirs = new Set(sides[1]);
  return sides[0].some((id) => isMoved(id) && inTheirs.has(id));
}

const NONE: ReadonlySet<string> = new Set();

/**
 * The ids that both sides put somewhere, and not to the same place; with each the side that gives way when neither is
 * preferred. Found before anything is settled, so that how it is settled has no say in what is a disagreement.
 */
function disagreements(sides: Record<Side, Runs>, gaps: readonly Gap[]): Map<string, Side> {
  const place = new Map(gaps.map((gap, at) => [gap, at]));
  const losers = new Map<string, Side>();
  for (const id of sides.ours.ids().filter(sides.theirs.has)) {
    const later = place.get(sides.ours.gapOf(id))! - place.get(sides.theirs.gapOf(id))!;
    if (later !== 0) losers.set(id, later > 0 ? 'ours' : 'theirs');
  }
  for (const gap of gaps) {
    const at = (side: Side) => sides[side].at(gap).filter((id) => losers.get(id) !== side);
    const { first, second, loser } = firstAndSecond(at('ours'), at('theirs'));
    const agreed = stayed(second, first);
    const shared = new Set(second);
    for (const id of first) if (shared.has(id) && !agreed.has(id)) losers.set(id, loser);
  }
  return losers;
}

type Side = 'ours' | 'theirs';

function firstAndSecond(ours: string[], theirs: string[]): { first: string[]; second: string[]; loser: Side } {
  return precedes(ours, theirs)
    ? { first: ours, second: theirs, loser: 'theirs' }
    : { first: theirs, second: ours, loser: 'ours' };
}

/**
 * The ids of both lists that kept their order: a longest increasing subsequence of the second against the first, where an
 * id counts for as many as it stands for.
 */
export function stayed(
  before: readonly string[],
  after: readonly string[],
  weight: (id: string) => number = ONE,
): Set<string> {
  const numbers = new Map<string, number>();
  for (let at = 0; at < before.length; at++) numbers.set(before[at]!, at);
  const places: number[] = [];
  const totals: number[] = [];
  const below: number[] = [];
  const ends: number[] = [];
  for (const id of after) {
    const place = numbers.get(id);
    if (place === undefined) continue;
    const at = places.push(place) - 1;
    let [low, high] = [0, ends.length];
    if (high > 0 && places[ends[high - 1]!]! < place) low = high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[ends[middle]!]! < place) low = middle + 1;
      else high = middle;
    }
    below.push(low > 0 ? ends[low - 1]! : -1);
    const total = weight(id) + (low > 0 ? totals[ends[low - 1]!]! : 0);
    totals.push(total);
    let worse = low;
    while (worse < ends.length && totals[ends[worse]!]! <= total) worse++;
    if (worse === low + 1) ends[low] = at;
    else if (worse === ends.length && low === worse) ends.push(at);
    else ends.splice(low, worse - low, at);
  }
  const kept = new Set<string>();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = below[at]!) kept.add(before[places[at]!]!);
  return kept;
}

const ONE = (): number => 1;

const HEAD: unique symbol = Symbol('head');
type Gap = string | typeof HEAD;

/** What one side puts into each gap behind an id of the spine. */
class Runs {
  private readonly gaps = new Map<string, Gap>();
  private readonly members = new Map<Gap, string[]>();

  put(gap: Gap, id: string): void {
    this.gaps.set(id, gap);
    const run = this.members.get(gap);
    if (run) run.push(id);
    else this.members.set(gap, [id]);
  }

  drop = (id: string): boolean => this.gaps.delete(id);
  has = (id: string): boolean => this.gaps.has(id);
  ids = (): string[] => [...this.gaps.keys()];
  gapOf = (id: string): Gap => this.gaps.get(id) ?? HEAD;
  at = (gap: Gap): string[] => (this.members.get(gap) ?? []).filter(this.has);
}

function runs(side: string[], spine: ReadonlySet<string>, speaksFor: (id: string) => boolean): Runs {
  const found = new Runs();
  let gap: Gap = HEAD;
  for (const id of side) {
    if (spine.has(id)) gap = id;
    else if (speaksFor(id)) found.put(gap, id);
  }
  return found;
}

/** Joins two runs of one gap at the ids they share; between these, each run stays whole. */
function weave(first: string[], second: string[], { agreed, isFirst }: Weaving): string[] {
  const firstParts = split(first, agreed);
  const secondParts = split(second, agreed);
  const joints = first.filter((id) => agreed.has(id));
  return firstParts.flatMap((part, at) => {
    const other = secondParts[at]!;
    const pair = isFirst(part, other) ? [...part, ...other] : [...other, ...part];
    return at < joints.length ? [...pair, joints[at]!] : pair;
  });
}

interface Weaving {
  agreed: ReadonlySet<string>;
  isFirst(run: string[], other: string[]): boolean;
}

/**
 * Which of two runs comes first: what stands in all versions says so, as the side has it that changed their order; new
 * ids go by their names.
 */
function orderOfRuns({ base, ours, theirs }: Orders): Weaving['isFirst'] {
  const places = [base, ours, theirs].map((ids) => new Map(ids.map((id, at) => [id, at])));
  const isKnown = (id: string): boolean => places.every((place) => place.has(id));
  return (run, other) => {
    const [a, b] = [run.find(isKnown), other.find(isKnown)];
    if (a === undefined || b === undefined) return precedes(run, other);
    const [before, inOurs, inTheirs] = places.map((place) => place.get(a)! < place.get(b)!);
    return inOurs === before ? inTheirs! : inOurs!;
  };
}

function split(run: string[], joints: ReadonlySet<string>): string[][] {
  const parts: string[][] = [[]];
  for (const id of run) {
    if (joints.has(id)) parts.push([]);
    else parts.at(-1)!.push(id);
  }
  return parts;
}

/** A total order of lists, so that neither side has to be the first. */
function precedes(a: string[], b: string[]): boolean {
  const differs = a.findIndex((id, at) => id !== b[at]);
  if (differs < 0) return true;
  const other = b[differs];
  return other !== undefined && a[differs]! < other;
}
