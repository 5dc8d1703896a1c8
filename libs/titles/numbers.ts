/** The numbers that belong to a name: 2199 of a ship, 009 of a cyborg. */
export const numbersIn = (core: string): string[] => (HAS_DIGIT.test(core) ? core.match(NUMBERS)! : NONE);
const HAS_DIGIT = /[0-9]/;
const NUMBERS = /[0-9]+/g;
const NONE: string[] = [];

/** 1 when two names have a number in common, less when only one of them has any, -1 when they have different ones. */
export function numbersAgreement(asked: readonly string[], of: readonly string[]): number {
  if (asked.length === 0 && of.length === 0) return 0;
  if (asked.length === 0 || of.length === 0) return -0.5;
  return asked.some((number) => of.includes(number)) ? 1 : -1;
}
