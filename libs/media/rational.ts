/** A number that is not rounded, in lowest terms: 24000/1001 frames in a second. */
export interface Rational {
  readonly num: number;
  readonly den: number;
}

/** Reads `24000/1001` as ffprobe writes it; what is no positive number is null. */
export function rationalOf(text: string | undefined): Rational | null {
  const [, num, den] = /^(\d+)\/(\d+)$/.exec(text ?? '') ?? [];
  if (!Number(num) || !Number(den)) return null;
  const divisor = greatestCommonDivisor(Number(num), Number(den));
  return { num: Number(num) / divisor, den: Number(den) / divisor };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
