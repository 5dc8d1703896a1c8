/** An exact number: whole numerator and whole positive denominator, in lowest terms. */
export interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

export function fraction(n: bigint, d = 1n): Fraction {
  const divisor = greatestCommonDivisor(n, d) * (d < 0n ? -1n : 1n);
  return { n: n / divisor, d: d / divisor };
}

export const ZERO = fraction(0n);
export const plus = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d + b.n * a.d, a.d * b.d);
export const minus = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d - b.n * a.d, a.d * b.d);
export const times = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.n, a.d * b.d);
export const over = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d, a.d * b.n);
export const isLess = (a: Fraction, b: Fraction): boolean => a.n * b.d < b.n * a.d;
export const lesser = (a: Fraction, b: Fraction): Fraction => (isLess(b, a) ? b : a);
export const greater = (a: Fraction, b: Fraction): Fraction => (isLess(a, b) ? b : a);

/** The whole number next to it; of two that are as near, the greater. */
export function nearest({ n, d }: Fraction): bigint {
  const doubled = 2n * n + d;
  const whole = doubled / (2n * d);
  return doubled < 0n && whole * 2n * d !== doubled ? whole - 1n : whole;
}

/** A decimal number as it is written, exactly; nothing for text that is none, or that is out of all proportion. */
export function fractionFromDecimal(text: string): Fraction | undefined {
  const [, sign = '', whole, rest = '', exponent = '0'] =
    /^(-?)(\d{1,40})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,2}))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const power = Number(exponent) - rest.length;
  const digits = BigInt(sign + whole + rest);
  return power < 0 ? fraction(digits, 10n ** BigInt(-power)) : fraction(digits * 10n ** BigInt(power));
}

/** The number as a double, rounded to millionths. */
export function toMillionths({ n, d }: Fraction): number {
  const doubled = (n * 2_000_000n) / d;
  return Number((doubled + (doubled < 0n ? -1n : 1n)) / 2n) / 1_000_000;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x === 0n ? 1n : x;
}
