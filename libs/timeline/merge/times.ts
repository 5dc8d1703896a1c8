import { fieldOf, isDocument, type Document } from '../document.js';
import { isRawNumber } from '../exact-json.js';
import { exactSeconds, rateIn } from '../interchange/frame-rate.js';
import { fraction, isLess, minus, nearest, plus, times, ZERO, type Fraction } from '../interchange/fraction.js';
import { sameValue } from './same-value.js';
import { isUnknown } from './unknown.js';

/** Whether it is a time in whole frames of an exact rate: frames of one side at the rate of the other would be neither's time. */
export const isFrameTime = (value: unknown): boolean => exactSeconds(value) !== undefined;

/**
 * Whether a merged thing ends no later than it begins, though neither side made it so: one cut off the end, before where
 * the other let it begin. Times are numbers, or whole frames of exact rates.
 */
export function isCrossed(merged: unknown, ours: unknown, theirs: unknown): boolean {
  if (![merged, ours, theirs].every(isDocument) || !isEmptySpan(merged)) return false;
  return [ours, theirs].every((side) =>
    ['start', 'end'].some((name) => !sameValue(fieldOf(side, name), fieldOf(merged, name))),
  );
}

/**
 * Where a thing is that one side only moved while the other cut it: cut, and moved. Nothing when it was not so, as when
 * both moved it to different places. Frames are counted exactly, seconds to billionths.
 */
export function movedAndCut(base: Document, ours: Document, theirs: Document): Span | undefined {
  const [mine, other] = [shiftOf(base, ours), shiftOf(base, theirs)];
  if ((mine === undefined) === (other === undefined)) return undefined;
  const [shift, side] = mine === undefined ? [other!, ours] : [mine, theirs];
  if (isNear(shift, ZERO)) return undefined;
  const cut = cutOf(base, side, shift);
  if (cut !== 'in place') return cut && { start: side.start, end: side.end };
  const [start, end] = [laterBy(side.start, shift), laterBy(side.end, shift)];
  return start === undefined || end === undefined ? undefined : { start, end };
}

/** Whether a side that did not keep a thing's length left it where it was, or moved it as far as the other side too. */
function cutOf(base: Document, side: Document, shift: Fraction): 'in place' | 'along' | undefined {
  const [start, end] = (['start', 'end'] as const).map((name) => {
    const [was, is] = [exactTime(base[name]), exactTime(side[name])];
    return was && is && minus(is, was);
  });
  if (!start || !end) return undefined;
  const isStill = [start, end].some((by) => isNear(by, ZERO)) || isLess(start, ZERO) !== isLess(end, ZERO);
  if (isStill) return 'in place';
  return [start, end].some((by) => isNear(by, shift)) ? 'along' : undefined;
}

export interface Span {
  start: unknown;
  end: unknown;
}

/** How much later a span is that kept its length. */
function shiftOf(before: Document, after: Document): Fraction | undefined {
  const [start, end] = (['start', 'end'] as const).map((name) => {
    const [was, is] = [exactTime(before[name]), exactTime(after[name])];
    return was && is && minus(is, was);
  });
  return start && end && isNear(start, end) ? start : undefined;
}

/** The time so much later, in the terms of the time itself; nothing for what is no time, and between frames. */
export function laterBy(time: unknown, shift: Fraction): unknown {
  const number = numberOf(time);
  if (number !== undefined) return number + Number(shift.n) / Number(shift.d);
  const exact = exactTime(time);
  return exact && timeLike(time, plus(exact, shift));
}

/** A time in the terms of another: a number for a number, else frames of its rate, if it is on a frame. */
export function timeLike(like: unknown, at: Fraction): unknown {
  if (numberOf(like) !== undefined) return Number(nearest(times(at, BILLION))) / 1e9;
  const rate = rateIn(like);
  if (!rate) return undefined;
  const frame = nearest(times(at, rate));
  const isOn = isNear(times(at, rate), fraction(frame));
  return isOn ? { ...(like as Document), value: Number(frame) } : undefined;
}

/** A time in exact seconds; numbers count to the billionth. */
export function exactTime(time: unknown): Fraction | undefined {
  const number = numberOf(time);
  if (number === undefined) return exactSeconds(time);
  return Number.isFinite(number) && Math.abs(number) < 1e9
    ? fraction(BigInt(Math.round(number * 1e9)), 1_000_000_000n)
    : undefined;
}

/** Far below a frame, and above what adding in floating point can do. */
export function isNear(a: Fraction, b: Fraction): boolean {
  const { n, d } = minus(a, b);
  return (n < 0n ? -n : n) * 200_000n < d;
}

const BILLION = fraction(1_000_000_000n);

/** Whether a thing ends no later than it begins. */
export function isEmptySpan(thing: unknown): boolean {
  const [start, end] = [fieldOf(thing, 'start'), fieldOf(thing, 'end')];
  const exact = [exactSeconds(start), exactSeconds(end)] as [Fraction | undefined, Fraction | undefined];
  if (exact[0] && exact[1]) return !isLess(exact[0], exact[1]);
  const [from, to] = [numberOf(start), numberOf(end)];
  return from !== undefined && to !== undefined && to <= from;
}

/** Whether two numbers of seconds are one time, reached by adding in different orders. */
export function isSameTime(a: unknown, b: unknown): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return false;
  const [one, other] = [exactTime(a), exactTime(b)];
  return one !== undefined && other !== undefined && isNear(one, other);
}

/** What an editor reckons with, in a shot and in what it is made of. */
export const TIMES: ReadonlySet<string> = new Set([
  'start',
  'end',
  'startTime',
  'duration',
  'startOffset',
  'endOffset',
]);

/** Whether a thing is what it was, but for times that somebody added to and took away from again. */
export function isUnchanged(base: unknown, now: unknown): boolean {
  if (sameValue(base, now)) return true;
  if (!isDocument(base) || !isDocument(now) || isUnknown(base) || isUnknown(now)) return false;
  const names = Object.keys(base);
  return (
    names.length === Object.keys(now).length &&
    names.every(
      (name) =>
        Object.hasOwn(now, name) &&
        (isUnchanged(base[name], now[name]) || (TIMES.has(name) && isSameTime(base[name], now[name]))),
    )
  );
}

/** Whether a thing is longer than another by more than adding in floating point can do. */
export function isLonger(thing: Document, than: Document): boolean {
  const [length, other] = [lengthOf(thing), lengthOf(than)];
  return length !== undefined && other !== undefined && isLess(other, length) && !isNear(other, length);
}

function lengthOf({ start, end }: Document): Fraction | undefined {
  const [from, to] = [exactTime(start), exactTime(end)];
  return from && to && minus(to, from);
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return isRawNumber(value) ? Number(value.rawJSON) : undefined;
}
