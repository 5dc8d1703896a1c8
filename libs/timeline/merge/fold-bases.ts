/** How several commits become one base, whatever stands for what they are. */
export interface Folding<T> {
  version(commit: string): Promise<T>;
  /** What no commit comes to. */
  empty: T;
  /** The best common ancestors of a commit and one of several others, in an order of their own. */
  mergeBases(one: string, ...others: string[]): string[];
  /** Merges two over their base; without a `base` there were too many merges to find it out. */
  merge(ours: T, theirs: T, base: (() => Promise<T>) | undefined): Promise<T>;
}

/** So many merges are worth it to find out what many bases have in common. */
const MOST_MERGES = 64;

/** Merges commits one after the other, each over what they in turn come from, the same ones once. */
export async function foldBases<T>(
  commits: readonly string[],
  { version, empty, mergeBases, merge }: Folding<T>,
): Promise<T> {
  const memory = new Map<string, Promise<T>>();
  let left = MOST_MERGES;
  const find = (ids: readonly string[]): Promise<T> => {
    const key = [...ids].sort().join(' ');
    const known = memory.get(key);
    if (known) return known;
    const found = make(ids);
    memory.set(key, found);
    return found;
  };
  const make = async (ids: readonly string[]): Promise<T> => {
    const [first, ...others] = ids;
    if (first === undefined) return empty;
    let merged = await version(first);
    const met = [first];
    for (const other of others) {
      const before = [...met];
      const base = left > 0 ? () => find(mergeBases(other, ...before)) : undefined;
      left--;
      merged = await merge(merged, await version(other), base);
      met.push(other);
    }
    return merged;
  };
  return find(commits);
}
