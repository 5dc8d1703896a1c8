import { FOLDED, UNFOLDED } from './han-table.js';

/** The version of everything in this folder that makes a key out of a title; an index states the version it was built with. */
export const KEY_VERSION = 8;

/**
 * The key of a title: width, case, accents of Latin, kana kind, Han variants, punctuation and spaces no longer matter; dakuten, long
 * vowels, jamo and digits do. Pure and total: any string has a key, which may be empty.
 */
export function foldKey(title: string): string {
  return fold(title, false);
}

/** The same folding with every run of punctuation and space kept as one space: the form in which season words are looked for. */
export function foldWords(title: string): string {
  return fold(title, true).trim();
}

const DROPPED = 0;
const UNKNOWN = 0xffff;
/** What each UTF-16 unit becomes: DROPPED, one unit, or UNKNOWN until it has been asked for once. */
const units = new Uint16Array(0x10000).fill(UNKNOWN);
/** The few units that become several, such as ㍿ and ß. */
const expansions = new Map<number, string>();
const han = new Map<number, number>();
for (let i = 0; i < UNFOLDED.length; i++) han.set(UNFOLDED.charCodeAt(i), FOLDED.charCodeAt(i));

/** Marks and letters that only mean something together with their neighbours; such titles are composed first. */
const COMPOSES = /[\u0300-\u036f\u1100-\u11ff\u3099\u309a\u3130-\u318f\uff9e\uff9f\uffa0-\uffdc]/;
const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi;
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function fold(title: string, words: boolean): string {
  let text = title.includes('&') ? unescapeEntities(title) : title;
  if (COMPOSES.test(text)) text = text.normalize('NFKC');
  let out = '';
  let gap = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    let to = units[unit]!;
    if (to === UNKNOWN) to = learn(unit);
    if (to === DROPPED) {
      const pair = unit >= 0xd800 && unit < 0xdc00 ? text.codePointAt(i)! : 0;
      if (pair > 0xffff) {
        i++;
        const letters = foldAstral(pair);
        if (letters !== '') {
          if (gap && out !== '') out += ' ';
          gap = false;
          out += letters;
          continue;
        }
      }
      gap = words && (gap || !JOINERS.has(unit));
      continue;
    }
    if (gap && out !== '') out += ' ';
    gap = false;
    out += to === UNKNOWN ? expansions.get(unit)! : String.fromCharCode(to);
  }
  return out;
}

/** Apostrophes join: "don't" is one word. */
const JOINERS = new Set([0x27, 0x2019, 0x2018, 0x60, 0xb4]);

function learn(unit: number): number {
  const text = lettersOf(String.fromCharCode(unit));
  if (text.length > 1) {
    expansions.set(unit, text);
    return UNKNOWN;
  }
  return (units[unit] = text === '' ? DROPPED : text.charCodeAt(0));
}

function foldAstral(codePoint: number): string {
  return lettersOf(String.fromCodePoint(codePoint));
}

/** What one character gives to a key; several letters for a ligature, nothing for a sign. */
function lettersOf(character: string): string {
  let out = '';
  for (const part of character.normalize('NFKC').toLowerCase()) {
    if (part === '×') out += 'x';
    if (!/[\p{L}\p{N}]/u.test(part)) continue;
    const code = part.charCodeAt(0);
    if (part.length > 1) out += part;
    else if (code >= 0x30a1 && code <= 0x30f6) out += String.fromCharCode(code - 0x60);
    else if (code === 0xdf) out += 'ss';
    else if (code >= 0xc0 && code < 0x250) out += bare(part);
    else if (code >= 0x1e00 && code < 0x1f00) out += bare(part);
    else out += String.fromCharCode(han.get(code) ?? code);
  }
  return out;
}

const NO_DECOMPOSITION: Record<string, string> = { ø: 'o', đ: 'd', ł: 'l', ı: 'i', æ: 'ae', œ: 'oe', þ: 'th', ð: 'd' };

/** Latin without its accents. */
function bare(letter: string): string {
  return NO_DECOMPOSITION[letter] ?? letter.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
}

function unescapeEntities(text: string): string {
  return text.replace(ENTITY, (whole: string, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}
