/** A word of a name: letters and digits of one script, without the signs around it. */
export interface Token {
  start: number;
  end: number;
  /** Lower case, full width made narrow; as long as the raw text it stands for. */
  text: string;
  /** The innermost bracket it stands in, an index into `brackets`, or -1. */
  bracket: number;
  wide: boolean;
}

/** A pair of brackets; `end` is behind the closing one, or the end of the name when it is missing. */
export interface Bracket {
  start: number;
  end: number;
  sign: string;
  parent: number;
  /** The tokens inside, as a half-open range of indices. */
  first: number;
  last: number;
}

/** A name cut into words and brackets. `lower` has one unit for every unit of `raw`, so places are the same in both. */
export interface Scan {
  raw: string;
  lower: string;
  tokens: Token[];
  brackets: Bracket[];
}

/** Cuts a name into tokens and brackets, in one pass. */
export function scan(raw: string): Scan {
  const lower = spaced(narrow(raw));
  const tokens: Token[] = [];
  const brackets: Bracket[] = [];
  let open = -1;
  let start = -1;
  let kind = 0;
  const close = (end: number): void => {
    if (start === -1) return;
    const wide = kind === WIDE;
    for (const cut of wide ? cutsIn(lower, { start, end }) : cutsInWord(lower, { start, end })) {
      tokens.push({ start, end: cut, text: lower.slice(start, cut), bracket: open, wide });
      start = cut;
    }
    tokens.push({ start, end, text: lower.slice(start, end), bracket: open, wide });
    start = -1;
  };
  for (let i = 0; i < lower.length; i++) {
    const unit = lower.charCodeAt(i);
    const here = kindOf(unit);
    if (
      start !== -1 &&
      here !== kind &&
      !(here === JOINER && kindOf(lower.charCodeAt(i + 1)) === kind && kind === LETTER)
    )
      close(i);
    if (here === LETTER || here === WIDE) {
      if (start === -1) {
        start = i;
        kind = here;
      }
      continue;
    }
    const sign = lower[i]!;
    if (sign === '[' || sign === '(' || sign === '{') {
      brackets.push({ start: i, end: raw.length, sign, parent: open, first: tokens.length, last: tokens.length });
      open = brackets.length - 1;
    } else if (open !== -1 && sign === CLOSING[brackets[open]!.sign]) {
      brackets[open]!.end = i + 1;
      brackets[open]!.last = tokens.length;
      open = brackets[open]!.parent;
    } else if ((sign === ']' || sign === ')' || sign === '}') && open !== -1) {
      const match = opened(brackets, open, sign);
      if (match === -1) continue;
      for (; open !== match; open = brackets[open]!.parent) {
        brackets[open]!.end = i;
        brackets[open]!.last = tokens.length;
      }
      brackets[open]!.end = i + 1;
      brackets[open]!.last = tokens.length;
      open = brackets[open]!.parent;
    }
  }
  close(lower.length);
  const unclosed = new Set<number>();
  for (; open !== -1; open = brackets[open]!.parent) {
    brackets[open]!.last = brackets[open]!.first;
    brackets[open]!.end = brackets[open]!.start + 1;
    unclosed.add(open);
  }
  if (unclosed.size > 0) dissolve({ tokens, brackets, unclosed });
  return { raw, lower, tokens, brackets };
}

const NONE: readonly number[] = [];
/** Where something that is no title begins inside a run of Chinese characters. */
const COUNTED =
  /第 ?[0-9一二三四五六七八九十]|全 ?[0-9一二三四五六七八九十]{1,4} ?[集话話回]|全集|合集|特典|剧场版合集/y;

function cutsIn(lower: string, { start, end }: { start: number; end: number }): readonly number[] {
  let cuts: number[] | undefined;
  for (let i = start + 1; i < end; i++) {
    const unit = lower.charCodeAt(i);
    if (unit !== 0x7b2c && unit !== 0x5168 && unit !== 0x5408 && unit !== 0x7279) continue;
    COUNTED.lastIndex = i;
    if (COUNTED.test(lower)) (cuts ??= []).push(i);
  }
  return cuts ?? NONE;
}

/** Where S01E02 or 1x02 is glued to the end of a word: "Castle1x01", "zoos01e11". */
const GLUED = /[a-z](?=s\d{2}e\d{2,3}$|\d{1,2}x\d{2}$)/;

function cutsInWord(lower: string, { start, end }: { start: number; end: number }): readonly number[] {
  if (end - start < 6 || end - start > 60) return NONE;
  const match = GLUED.exec(lower.slice(start, end));
  return match === null ? NONE : [start + match.index + 1];
}

/** A bracket that is never closed is a sign like any other: what stands in it stands outside of it. */
function dissolve({
  tokens,
  brackets,
  unclosed,
}: {
  tokens: Token[];
  brackets: Bracket[];
  unclosed: Set<number>;
}): void {
  const home = new Int32Array(brackets.length);
  brackets.forEach((bracket, b) => {
    const parent = bracket.parent === -1 ? -1 : home[bracket.parent]!;
    home[b] = unclosed.has(b) ? parent : b;
    bracket.parent = parent;
  });
  for (const token of tokens) if (token.bracket !== -1) token.bracket = home[token.bracket]!;
}

const CLOSING: Record<string, string> = { '[': ']', '(': ')', '{': '}' };
const LETTER = 1;
const WIDE = 2;
const JOINER = 3;
/** How deep a missing opening bracket is looked for. */
const DEEPEST = 8;

function opened(brackets: readonly Bracket[], from: number, closing: string): number {
  let at = from;
  for (let depth = 0; at !== -1 && depth < DEEPEST; depth++) {
    if (CLOSING[brackets[at]!.sign] === closing) return at;
    at = brackets[at]!.parent;
  }
  return -1;
}

function kindOf(unit: number): number {
  if (unit < 0x80) {
    if ((unit >= 0x30 && unit <= 0x39) || (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a))
      return LETTER;
    return unit === 0x27 ? JOINER : 0;
  }
  if (unit === 0x2019 || unit === 0x2018) return JOINER;
  if (unit >= 0x3400 && unit < 0xa000) return WIDE;
  if ((unit >= 0x3040 && unit < 0x30fb) || (unit > 0x30fb && unit < 0x3100) || unit === 0x3005 || unit === 0x3007)
    return WIDE;
  if ((unit >= 0xac00 && unit < 0xd7a4) || (unit >= 0xd800 && unit < 0xe000) || (unit >= 0x3130 && unit < 0x3190))
    return WIDE;
  if (unit >= 0x590 && unit < 0x780) return WIDE;
  if (unit >= 0xc0 && unit < 0x2000) return unit === 0xd7 || unit === 0xf7 ? 0 : LETTER;
  return unit >= 0x2150 && unit < 0x2190 ? LETTER : 0;
}

/** A name without any space that is joined by plus signs is read as if they were spaces. */
const spaced = (lower: string): string =>
  /^[^ ._]+\+[^ ._]+\+[^ ._]+$/.test(lower) ? lower.replaceAll('+', ' ') : lower;

/** Lower case, full-width signs as narrow ones, the many dashes, waves and brackets as one each; the length stays. */
function narrow(raw: string): string {
  let text = raw.toLowerCase();
  if (text.length !== raw.length) text = Array.from({ length: raw.length }, (_, i) => lowerUnit(raw[i]!)).join('');
  return text.replace(
    /[\u2010-\u2015\u2212\u3010\u3011\u3014\u3015\u3016\u3017\u300c-\u300f\u301c\u223c\u00d7\u3000\uff01-\uff5e\u00a0]/g,
    narrowSign,
  );
}

function lowerUnit(unit: string): string {
  const lower = unit.toLowerCase();
  return lower.length === 1 ? lower : unit;
}

const SIGNS: Record<string, string> = {
  '【': '[',
  '】': ']',
  '〔': '[',
  '〕': ']',
  '〖': '[',
  '〗': ']',
  '「': '"',
  '」': '"',
  '『': '"',
  '』': '"',
  '〜': '~',
  '∼': '~',
  '×': 'x',
  '\u3000': ' ',
  '\u00a0': ' ',
};

function narrowSign(sign: string): string {
  const known = SIGNS[sign];
  if (known !== undefined) return known;
  const unit = sign.charCodeAt(0);
  return unit >= 0xff01 ? String.fromCharCode(unit - 0xfee0).toLowerCase() : '-';
}
