import { isDocument } from '../document.js';
import { fraction, fractionFromDecimal, over, times, type Fraction } from './fraction.js';

/** A time as whole frames of an exact rate: `value` divided by the fraction `rate` is seconds. */
export interface FrameTime {
  value: number;
  rate: [number, number];
}

/** The rates of television, which files write as 23.976, 23.98, 29.97 …: a thousand and first slower than a whole rate. */
const SLOWED = [12n, 15n, 24n, 30n, 48n, 60n, 120n].map((rate) => fraction(rate * 1000n, 1001n));

/** A frame rate as a file writes it, made exact; nothing for what is no rate. */
export function frameRate(text: string): Fraction | undefined {
  const written = fractionFromDecimal(text);
  if (!written || written.n <= 0n || written.n > written.d * 1_000_000n) return undefined;
  if (written.d === 1n) return written;
  return SLOWED.find((rate) => isNear(written, rate)) ?? written;
}

/** The time in whole frames of the first rate in which it falls on a frame, or else of a rate made for it. */
export function frameTime(seconds: Fraction, rates: Fraction[]): FrameTime {
  const rate = rates.find((candidate) => times(seconds, candidate).d === 1n) ?? fraction(seconds.d);
  return { value: Number(times(seconds, rate).n), rate: [Number(rate.n), Number(rate.d)] };
}

/** A time in whole frames as exact seconds; nothing for what is no such time. */
export function exactSeconds(time: unknown): Fraction | undefined {
  const rate = rateIn(time);
  const value = isDocument(time) ? time.value : undefined;
  return rate && Number.isSafeInteger(value) ? over(fraction(BigInt(value as number)), rate) : undefined;
}

/** The rate that a time in whole frames is counted in; nothing for what is no such time. */
export function rateIn(time: unknown): Fraction | undefined {
  const rate: unknown = isDocument(time) ? time.rate : undefined;
  if (!Array.isArray(rate)) return undefined;
  const [n, d] = rate as unknown[];
  return isCount(n) && isCount(d) ? fraction(BigInt(n), BigInt(d)) : undefined;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

/** Less than 1 in 4000 apart, which 23.98 is and 24 is not. */
function isNear(a: Fraction, b: Fraction): boolean {
  const { n, d } = over(a, b);
  const apart = n > d ? n - d : d - n;
  return apart * 4000n < d;
}
