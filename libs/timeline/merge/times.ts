import { isDocument } from '../document.js';
import { isRawNumber } from '../exact-json.js';
import { exactSeconds } from '../interchange/frame-rate.js';
import { isLess, type Fraction } from '../interchange/fraction.js';
import { sameValue } from './same-value.js';
import { fieldOf } from './row-families.js';

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

function isEmptySpan(thing: unknown): boolean {
  const [start, end] = [fieldOf(thing, 'start'), fieldOf(thing, 'end')];
  const exact = [exactSeconds(start), exactSeconds(end)] as [Fraction | undefined, Fraction | undefined];
  if (exact[0] && exact[1]) return !isLess(exact[0], exact[1]);
  const [from, to] = [numberOf(start), numberOf(end)];
  return from !== undefined && to !== undefined && to <= from;
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return isRawNumber(value) ? Number(value.rawJSON) : undefined;
}
