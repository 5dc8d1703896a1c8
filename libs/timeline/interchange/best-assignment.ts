/** A column that a row could have, and what that would be worth: more than nothing. */
export interface Offer {
  column: number;
  gain: number;
}

/**
 * Gives each row at most one column and each column to at most one row, so that the gains are the most they can be together
 * (the assignment problem; by shortest augmenting paths with potentials, after Kuhn, Munkres and Jonker and Volgenant). What is
 * looked at for that is bounded for all rows together: where it runs out, each row that is left has the best column that is.
 */
export function bestAssignment(offers: readonly (readonly Offer[])[], columns: number): (number | undefined)[] {
  // Whole numbers, so that what is worth the same stays so however often it is added up.
  const gains = offers.map((row) => row.map(({ gain }) => Math.max(1, Math.round(gain * SCALE))));
  const most = gains.reduce((most, row) => row.reduce((most, gain) => Math.max(most, gain), most), 0);
  // Costs instead of gains, and for each row a column of its own that nobody else wants: to stay without.
  const edges = offers.map((row, at) => [
    ...row.map(({ column }, n) => ({ column, cost: most - gains[at]![n]! })),
    { column: columns + at, cost: most },
  ]);
  const all = columns + offers.length;
  const state: State = {
    edges,
    ofRow: new Float64Array(offers.length),
    ofColumn: new Float64Array(all),
    holder: new Int32Array(all).fill(-1),
    held: new Int32Array(offers.length).fill(-1),
    reached: new Float64Array(all).fill(Infinity),
    from: new Int32Array(all),
    looks: LOOKS + LOOKS_PER_OFFER * offers.reduce((sum, row) => sum + row.length, 0),
  };
  for (let row = 0; row < offers.length && state.looks > 0; row++) place(row, state);
  const given = [...state.held].map((column) => (column >= 0 && column < columns ? column : undefined));
  if (state.looks <= 0) giveTheRest(offers, given);
  return given;
}

const SCALE = 1e9;
/** How many offers are looked at again while others are moved: all that small tables need, and so many for each offer of large ones. */
const LOOKS = 1_000_000;
const LOOKS_PER_OFFER = 30;

interface State {
  edges: readonly (readonly { column: number; cost: number }[])[];
  /** Potentials: no edge costs less than those of its ends together, and those that are taken cost just that. */
  ofRow: Float64Array;
  ofColumn: Float64Array;
  /** The row that has a column, and the column that a row has, or -1. */
  holder: Int32Array;
  held: Int32Array;
  /** Of one search: what it costs to come to a column, and from which row. */
  reached: Float64Array;
  from: Int32Array;
  /** How many more offers may be looked at. */
  looks: number;
}

/** Finds the cheapest way to give one more row a column, by moving others if need be, and goes it. */
function place(newcomer: number, state: State): void {
  const { edges, ofRow, ofColumn, holder, held, reached, from } = state;
  const open: number[] = [];
  const done: number[] = [];
  let row = newcomer;
  let sofar = 0;
  for (;;) {
    state.looks -= edges[row]!.length + open.length;
    if (state.looks <= 0) break;
    for (const { column, cost } of edges[row]!) {
      const through = sofar + cost - ofRow[row]! - ofColumn[column]!;
      if (through >= reached[column]!) continue;
      if (reached[column] === Infinity) open.push(column);
      reached[column] = through;
      from[column] = row;
    }
    const nearest = takeNearest(open, state);
    sofar = reached[nearest]!;
    if (holder[nearest] === -1) {
      reached[nearest] = Infinity;
      ofRow[newcomer]! += sofar;
      for (const column of done) {
        ofColumn[column]! -= sofar - reached[column]!;
        ofRow[holder[column]!]! += sofar - reached[column]!;
      }
      goBack(nearest, newcomer, { holder, held, from });
      break;
    }
    done.push(nearest);
    row = holder[nearest]!;
  }
  for (const column of [...open, ...done]) reached[column] = Infinity;
}

/** Takes out what is cheapest to come to, and of several what is free: nobody has to move for it. */
function takeNearest(open: number[], { reached, holder }: Pick<State, 'reached' | 'holder'>): number {
  let best = 0;
  for (let at = 1; at < open.length; at++) {
    const [one, other] = [open[at]!, open[best]!];
    const nearer = reached[one]! - reached[other]!;
    if (nearer < 0 || (nearer === 0 && holder[one] === -1)) best = at;
  }
  const nearest = open[best]!;
  const last = open.pop()!;
  if (best < open.length) open[best] = last;
  return nearest;
}

/** Each row on the way takes the column by which it was left, and leaves its own to the one before. */
function goBack(free: number, newcomer: number, { holder, held, from }: Pick<State, 'holder' | 'held' | 'from'>): void {
  for (let column = free; ;) {
    const row = from[column]!;
    const left = held[row]!;
    holder[column] = row;
    held[row] = column;
    if (row === newcomer) return;
    column = left;
  }
}

/** Gives rows that have none, best first, what nobody has. */
function giveTheRest(offers: readonly (readonly Offer[])[], given: (number | undefined)[]): void {
  const taken = new Set(given);
  const left = offers.flatMap((row, at) =>
    given[at] === undefined ? row.filter(({ column }) => !taken.has(column)).map((offer) => ({ at, ...offer })) : [],
  );
  for (const { at, column } of left.sort((a, b) => b.gain - a.gain)) {
    if (given[at] !== undefined || taken.has(column)) continue;
    given[at] = column;
    taken.add(column);
  }
}
