/** A column that a row could have, and what that would be worth: more than nothing. */
export interface Offer {
  column: number;
  gain: number;
}

/**
 * Gives each row at most one column and each column to at most one row, so that the gains are the most they can be together
 * (the assignment problem; by shortest augmenting paths with potentials, after Kuhn, Munkres and Jonker and Volgenant). A row
 * whose place could only be found by moving more than a hundred others stays without: no input costs more than that.
 */
export function bestAssignment(offers: readonly (readonly Offer[])[], columns: number): (number | undefined)[] {
  const most = offers.flat().reduce((most, { gain }) => Math.max(most, gain), 0);
  // Costs instead of gains, and for each row a column of its own that nobody else wants: to stay without.
  const edges = offers.map((row, at) => [
    ...row.map(({ column, gain }) => ({ column, cost: most - gain })),
    { column: columns + at, cost: most },
  ]);
  const state = {
    edges,
    ofRow: new Float64Array(offers.length),
    ofColumn: new Float64Array(columns + offers.length),
    holder: new Int32Array(columns + offers.length).fill(-1),
  };
  offers.forEach((_, row) => place(row, state));
  const given: (number | undefined)[] = offers.map(() => undefined);
  state.holder.forEach((row, column) => {
    if (row >= 0 && column < columns) given[row] = column;
  });
  return given;
}

interface State {
  edges: readonly (readonly { column: number; cost: number }[])[];
  /** Potentials: no edge costs less than those of its ends together, and those that are taken cost just that. */
  ofRow: Float64Array;
  ofColumn: Float64Array;
  /** The row that has a column, or -1. */
  holder: Int32Array;
}

const LONGEST_SEARCH = 100;

/** Finds the cheapest way to give one more row a column, by moving others if need be, and goes it. */
function place(newcomer: number, { edges, ofRow, ofColumn, holder }: State): void {
  const reached = new Map<number, { cost: number; from: number }>();
  const done = new Map<number, number>();
  let row = newcomer;
  let sofar = 0;
  for (let step = 0; step < LONGEST_SEARCH; step++) {
    for (const { column, cost } of edges[row]!) {
      if (done.has(column)) continue;
      const through = sofar + cost - ofRow[row]! - ofColumn[column]!;
      if (through < (reached.get(column)?.cost ?? Infinity)) reached.set(column, { cost: through, from: row });
    }
    const [nearest, { cost }] = nearestOf(reached, done);
    done.set(nearest, cost);
    sofar = cost;
    if (holder[nearest] === -1) {
      ofRow[newcomer]! += sofar;
      for (const [column, at] of done) {
        if (column === nearest) continue;
        ofColumn[column]! -= sofar - at;
        ofRow[holder[column]!]! += sofar - at;
      }
      return goBack(nearest, newcomer, reached, holder);
    }
    row = holder[nearest]!;
  }
}

function nearestOf(
  reached: ReadonlyMap<number, { cost: number; from: number }>,
  done: ReadonlyMap<number, number>,
): [number, { cost: number }] {
  let best: [number, { cost: number }] = [-1, { cost: Infinity }];
  for (const entry of reached) if (entry[1].cost < best[1].cost && !done.has(entry[0])) best = entry;
  return best;
}

/** Each row on the way takes the column by which it was left, and leaves its own to the one before. */
function goBack(
  free: number,
  newcomer: number,
  reached: ReadonlyMap<number, { from: number }>,
  holder: Int32Array,
): void {
  for (let column = free; ;) {
    const { from } = reached.get(column)!;
    const left = from === newcomer ? -1 : holder.indexOf(from);
    holder[column] = from;
    if (left === -1) return;
    column = left;
  }
}
