import type { Evidence } from './evidence.js';
import { F } from './features.js';

/**
 * Whether a name is a neighbour of what was asked rather than that with a slip. Of two names in Latin letters, one that has a letter more at its
 * beginning or its end is another, Crow for Crown: slips of the hand are everywhere in a name, other words grow there. In other scripts so is
 * one with the mark of a sequel there, タイガーマスクW or 新・北斗の拳. And so is one with other numbers and two differences: of two slips one seldom
 * meets a number.
 */
export function isNeighbour(
  { core, features }: Evidence,
  { asked, words }: { asked: string; words: boolean },
): boolean {
  if (features[F.numbers] === OTHER_NUMBERS && features[F.one_edit] === TWO_EDITS) return true;
  const [short, long] = asked.length < core.length ? [asked, core] : [core, asked];
  if (long.length !== short.length + 1) return false;
  if (words) return long.startsWith(short) || long.endsWith(short);
  if (short.length < LEAST_MARKED) return false;
  return long.startsWith(short) ? MARK_BEHIND.test(long.slice(-2)) : long.endsWith(short) && MARK_BEFORE.test(long);
}
const OTHER_NUMBERS = -1;
const TWO_EDITS = 0.5;
const LEAST_MARKED = 3;
/** A Latin or Greek letter, or a sign for new, true, more or better; in folded signs. */
const MARK_BEHIND = /^[^a-z][a-z\u03b1-\u03c9新真续超改]$/;
const MARK_BEFORE = /^[新真续超]/;
