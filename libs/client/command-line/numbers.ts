import { InvalidArgumentError } from 'commander';

/** Reads a whole number of an option, from 1 on. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return number;
}

/** Reads the number of a package or a version. */
export function packageNumber(text: string): number {
  const number = wholeNumber(text);
  if (number > 2_147_483_647) throw new InvalidArgumentError('It must be at most 2147483647.');
  return number;
}
