import { edits } from './distance.js';
import type { Evidence } from './evidence.js';
import { F } from './features.js';
import { foldWords } from './fold.js';
import type { Query } from './query.js';
import { scriptOf } from './scripts.js';

/** How much of what was asked a name accounts for, and the other way about, whatever else there is to choose from; each from 0 to 1. */
export interface Cover {
  /** The share of what was asked that the name has too, and of the name that was asked. */
  asked: number;
  named: number;
  /** How well slips of the hand alone explain all that is different. */
  slip: number;
  /** Whether both are words in Latin letters: then words are what counts, for letters are shared by chance. */
  words: boolean;
}

/**
 * Compares the query with a name that was found. A catalogue of a dozen works has something like nearly everything that is asked: that
 * nothing else comes near says little there, and what the two names have in common says as much as anywhere.
 */
export function coverOf(query: Query, { segment, alias, way, core, features }: Evidence): Cover {
  const title = segment.title(alias);
  const words = foldWords(title);
  const longer = Math.max(query.full.length, words.replaceAll(' ', '').length);
  const slip = slipOf((1 - features[F.likeness_full]!) * longer, longer);
  if (!isSpelt(query, { way, title }) || segment.kindOf(alias) === 'reading')
    return { asked: features[F.shared_of_query]!, named: features[F.shared_of_alias]!, slip, words: false };
  const asked = wordsOf(query.words, query.core);
  const named = wordsOf(words, core);
  return {
    asked: Math.max(slip, heldIn(named, asked)),
    named: Math.max(slip, heldIn(asked, named)),
    slip,
    words: true,
  };
}

/** Whether a Latin title was found by its letters, and not by how it sounds. */
const isSpelt = ({ full }: Query, { way, title }: { way: Evidence['way']; title: string }): boolean =>
  BY_LETTERS.has(way) && LATIN.test(title) && (scriptOf(full) === 'latin' || DIGITS.test(full));
const BY_LETTERS: ReadonlySet<Evidence['way']> = new Set(['exact', 'core', 'family', 'prefix', 'similar'] as const);
const LATIN = /^[\x20-\u024f\u2000-\u20ff]+$/;
const DIGITS = /^[0-9]+$/;

/** The words of a title that are of its name, without those of its season. */
function wordsOf(words: string, core: string): string[] {
  const all = words.split(' ');
  const own = all.filter((word) => core.includes(word));
  return own.length > 0 ? own : all;
}

/** The share of the letters of some words that stand in words which others are, or would be but for a slip. */
function heldIn(others: readonly string[], words: readonly string[]): number {
  let all = 0;
  let held = 0;
  for (const word of words.slice(0, MOST_WORDS)) {
    all += word.length;
    let best = 0;
    for (const other of others.slice(0, MOST_WORDS)) best = Math.max(best, alike(word, other));
    held += best * word.length;
  }
  return all === 0 ? 0 : held / all;
}
const MOST_WORDS = 16;

function alike(word: string, other: string): number {
  if (word === other) return 1;
  const longer = Math.max(word.length, other.length);
  if (longer < LEAST || longer > LONGEST || Math.abs(word.length - other.length) > MOST_SLIPS) return 0;
  const slip = slipOf(edits(word, other), longer);
  return slip > LIKELY ? slip : 0;
}
const LEAST = 4;
const LONGEST = 40;
const MOST_SLIPS = 2;
const LIKELY = 0.3;

/** Slips fall like rain: the longer a name the more of them, and the number that is usual grows as its root. */
const slipOf = (apart: number, letters: number): number => Math.exp(-(apart * apart) / (0.6 * Math.max(letters, 1)));
