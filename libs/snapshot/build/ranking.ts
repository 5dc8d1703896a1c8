/** What is kept behind those that are asked for, so that some may go. */
const SPARE = 1.2;

/** The first keys of a map by how well known they are, then by their text: enough of them to know the first `most`. */
export class Ranking {
  private constructor(
    private readonly most: number,
    private readonly entries: readonly Entry[],
    /** Nothing stands behind these. */
    private readonly isAll: boolean,
  ) {}

  /** Of keys that are in order. */
  static of(keys: readonly string[], known: (key: string) => number, most: number): Ranking {
    const kept = Math.ceil(most * SPARE);
    const values = Float64Array.from(keys, known);
    const isAll = keys.length <= kept;
    const least = isAll ? -Infinity : values.toSorted().at(-kept)!;
    const better: Entry[] = [];
    // Most are often equally little known: of these the first ones alone are wanted.
    const equal: Entry[] = [];
    values.forEach((value, at) => {
      if (value > least) better.push([keys[at]!, value]);
      else if (value === least && equal.length < kept) equal.push([keys[at]!, value]);
    });
    return new Ranking(most, [...better.sort(byRank), ...equal].slice(0, isAll ? undefined : kept), isAll);
  }

  static read({ most, keys, known, isAll }: ReturnType<Ranking['told']>): Ranking {
    return new Ranking(
      most,
      keys.map((key, at) => [key, known[at]!]),
      isAll,
    );
  }

  told() {
    const { most, entries, isAll } = this;
    return { most, keys: entries.map(([key]) => key), known: entries.map(([, known]) => known), isAll };
  }

  /** The first so many. */
  top(size: number): string[] {
    return this.entries.slice(0, size).map(([key]) => key);
  }

  isLike(other: Ranking | undefined): boolean {
    const as = (entry: Entry, at: number) => entry[0] === other!.entries[at]![0] && entry[1] === other!.entries[at]![1];
    return other?.isAll === this.isAll && other.entries.length === this.entries.length && this.entries.every(as);
  }

  /** After some keys have become known otherwise, or have gone; undefined when too few are left to tell. */
  with(changed: ReadonlyMap<string, number | undefined>): Ranking | undefined {
    const end = this.entries.at(-1);
    const come = [...changed].flatMap(([key, known]) => {
      const entry = [key, known ?? 0] as const;
      return known !== undefined && (this.isAll || (end && byRank(entry, end) < 0)) ? [entry] : [];
    });
    const entries = merged(
      this.entries.filter(([key]) => !changed.has(key)),
      come.sort(byRank),
    );
    const kept = Math.ceil(this.most * SPARE);
    if (!this.isAll && entries.length < this.most) return undefined;
    return new Ranking(this.most, entries.slice(0, kept), this.isAll && entries.length <= kept);
  }
}

type Entry = readonly [key: string, known: number];

/** Two lists in order as one. */
function merged(long: readonly Entry[], short: readonly Entry[]): Entry[] {
  const all: Entry[] = [];
  let at = 0;
  for (const entry of long) {
    while (at < short.length && byRank(short[at]!, entry) < 0) all.push(short[at++]!);
    all.push(entry);
  }
  return [...all, ...short.slice(at)];
}

const byRank = ([a, x]: Entry, [b, y]: Entry): number => y - x || (a < b ? -1 : a > b ? 1 : 0);
