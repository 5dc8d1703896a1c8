/** The three versions of something that a merge looks at. */
export interface Versions<T> {
  base: T;
  ours: T;
  theirs: T;
}

/** The side that still has what the other deleted. */
export type Keeper = 'ours' | 'theirs';

export const otherSide = (side: Keeper): Keeper => (side === 'ours' ? 'theirs' : 'ours');

/** The same question to all three versions. */
export function each<T, R>({ base, ours, theirs }: Versions<T>, ask: (version: T) => R): Versions<R> {
  return { base: ask(base), ours: ask(ours), theirs: ask(theirs) };
}

/** Whether all three versions gave an answer. */
export function isComplete<T>(versions: Versions<T | undefined>): versions is Versions<T> {
  return versions.base !== undefined && versions.ours !== undefined && versions.theirs !== undefined;
}

/** The side that changed something wins; `undefined` where both did, to different things. */
export function sideThatCounts<T>({ base, ours, theirs }: Versions<T>): Keeper | undefined {
  if (Object.is(ours, theirs) || Object.is(base, theirs)) return 'ours';
  return Object.is(base, ours) ? 'theirs' : undefined;
}
