import { AppError } from '#libs/errors/app-error';
import { fraction, fractionFromDecimal, type Fraction } from './fraction.js';

const LONGEST_SECONDS = 100_000_000n;
const FINEST = 1_000_000_000_000n;

/** The times of one file. They must share a common part of a second, for exact sums over ever finer parts grow without end. */
export class RationalSeconds {
  private common = 1n;

  /** A time such as `1001/30000s`; nothing for what is none. */
  read(text: string): Fraction | undefined {
    const [, n, d, decimal] = /^\s*(?:(-?\d{1,19})\/(\d{1,19})|(-?\d{1,12}(?:\.\d{1,9})?))s\s*$/.exec(text) ?? [];
    if (d !== undefined && BigInt(d) === 0n) return undefined;
    const time = decimal === undefined ? n && d && fraction(BigInt(n), BigInt(d)) : fractionFromDecimal(decimal);
    if (!time || time.n > LONGEST_SECONDS * time.d || -time.n > LONGEST_SECONDS * time.d) return undefined;
    this.common *= fraction(time.d, this.common).n;
    if (this.common > FINEST) {
      throw new AppError('invalid', 'This film timeline cannot be read: its times are not all counted in one clock.', {
        where: text,
      });
    }
    return time;
  }
}

/** A time as a whole part of seconds. */
export const rationalSeconds = ({ n, d }: Fraction): string => (d === 1n ? `${n}s` : `${n}/${d}s`);
