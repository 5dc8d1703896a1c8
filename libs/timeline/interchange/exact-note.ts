import { fraction, minus, nearest, over, plus, times, type Fraction } from './fraction.js';
import type { Shot } from './shot.js';

type Timing = Pick<Shot, 'start' | 'duration' | 'sourceStart' | 'rate'>;

/** The exact times of a shot, to be noted where a format rounds them to frames of its own rate; nothing if it need not. */
export function exactNote({ start, duration, sourceStart, rate }: Timing, frames: Fraction): string | undefined {
  const isWhole = [start, duration, sourceStart].every((time) => times(time, frames).d === 1n);
  const isCounted = isSame(rate, frames);
  return isWhole && isCounted ? undefined : [start, duration, sourceStart, rate].map(fractionNote).join(' ');
}

/** The times that were noted, as long as they still are what the file says, to the frame; else those of the file. */
export function exactOr(file: Timing, note: string | undefined, frames: Fraction): Timing {
  const noted = (note ?? '').split(' ').map(notedFraction);
  const [start, duration, sourceStart, rate] = noted;
  if (noted.length !== 4 || !start || !duration || !sourceStart || !rate || rate.n <= 0n || duration.n <= 0n)
    return file;
  const isNear = (a: Fraction, b: Fraction): boolean => isSame(onFrame(a, frames), onFrame(b, frames));
  const isStill =
    isNear(start, file.start) &&
    isNear(plus(start, duration), plus(file.start, file.duration)) &&
    isNear(sourceStart, file.sourceStart);
  return isStill ? { start, duration, sourceStart, rate } : file;
}

const onFrame = (time: Fraction, frames: Fraction): Fraction => over(fraction(nearest(times(time, frames))), frames);

const isSame = (a: Fraction, b: Fraction): boolean => minus(a, b).n === 0n;

export const fractionNote = ({ n, d }: Fraction): string => `${n}/${d}`;

/** A fraction as it was noted; nothing for text that is none. */
export function notedFraction(text: string): Fraction | undefined {
  const [, n, d] = /^(-?\d{1,19})\/([1-9]\d{0,11})$/.exec(text) ?? [];
  return n === undefined || d === undefined ? undefined : fraction(BigInt(n), BigInt(d));
}
