/** A slice of a plan: pages or seconds from the first to the last, both included. */
export interface Slice {
  readonly from: number;
  readonly to: number;
}

/** Splits a range into slices of at most `size`, in order; the last may be shorter. */
export function slicesOf({ from, to }: Slice, size: number): Slice[] {
  const slices: Slice[] = [];
  for (let begin = from; begin <= to; begin += size) slices.push({ from: begin, to: Math.min(begin + size - 1, to) });
  return slices;
}

/** Neighbouring slices joined: what is covered, as few ranges as there can be. */
export function joined(slices: readonly Slice[]): Slice[] {
  const ranges: { from: number; to: number }[] = [];
  for (const { from, to } of [...slices].sort((a, b) => a.from - b.from)) {
    const last = ranges.at(-1);
    if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to);
    else ranges.push({ from, to });
  }
  return ranges;
}

/** How much slices hold together, each place counted once. */
export const extent = (slices: readonly Slice[]): number =>
  joined(slices).reduce((sum, { from, to }) => sum + to - from + 1, 0);
