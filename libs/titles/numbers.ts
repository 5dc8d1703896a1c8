/** The numbers that belong to a name: 2199 of a ship, 009 of a cyborg. */
export const numbersIn = (core: string): string[] => (HAS_DIGIT.test(core) ? core.match(NUMBERS)! : NONE);
const HAS_DIGIT = /[0-9]/;
const NUMBERS = /[0-9]+/g;
const NONE: string[] = [];

/** Positive when two names have a number in common, the more the longer it is; less when only one of them has any, -1 when they have different ones. */
export function numbersAgreement(asked: readonly string[], of: readonly string[]): number {
  if (asked.length === 0) return of.length === 0 ? 0 : -0.5;
  if (of.length === 0) return -0.5;
  const longest = Math.max(0, ...asked.filter((number) => of.includes(number)).map(({ length }) => length));
  return longest === 0 ? -1 : Math.min(2, Math.max(1, longest / 2));
}

/** The cuts of a film that a title names by a number with a point, by their whole parts: 1.0 and 1.11 are both of the first film. */
export const cutsIn = (title: string): string[] =>
  [...title.normalize('NFKC').matchAll(CUTS)].map(([, whole]) => whole!);
const CUTS = /(?<![0-9.+])([0-9]{1,2})\.[0-9]{1,2}(?![0-9.+])/g;
