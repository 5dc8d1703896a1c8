import type { BareNumber } from './bare-number.js';
import { boxAt, type Frame } from './frame.js';
import type { Mark } from './marks.js';
import type { Field } from './parsed-name.js';
import type { Scan } from './scan.js';

/** Where the titles stand: stretches of tokens, half-open; more than one when each has its bracket. */
export interface Zone {
  stretches: [first: number, last: number][];
  /** The first token behind the titles. */
  end: number;
}

interface Parts {
  marks: readonly Mark[];
  frame: Frame;
  number: BareNumber | undefined;
}

/** The stretch from the frame to the first thing that is no title. */
export function titleZone(scan: Scan, parts: Parts): Zone {
  const { tokens } = scan;
  const stops = stopsOf(tokens.length, parts);
  const { frame, number } = parts;
  if (frame.boxed && frame.first < tokens.length) {
    const boxes = boxedTitles(scan, { ...parts, stops });
    if (boxes !== undefined) return boxes;
  }
  let first = frame.first;
  while (first < tokens.length && stops[first] === 1) first++;
  if (first > frame.first && !mayStartLate(parts, first)) return { stretches: [], end: frame.first };
  const end = openEnd(scan, { first, stops, frame, dashed: number?.way === 'start' });
  if (end === first) return { stretches: [], end };
  const stretches: [number, number][] = [[first, end]];
  const again = behindSeason(scan, { ...parts, end }) ?? behindBoxes(scan, { stretch: [first, end], stops });
  if (again !== undefined) {
    const last = openEnd(scan, { first: again, stops, frame });
    if (last > again) {
      stretches.push([again, last]);
      return { stretches, end: last };
    }
  }
  const other = inRoundBrackets(scan, { end, stops });
  if (other !== undefined) return { stretches: [...stretches, other], end: other[1] };
  return { stretches, end };
}

/** Where a name in Latin letters begins behind a Chinese one and what hangs on it: "当我飞奔向你[全24集][国语].When.I.Fly". */
function behindBoxes(
  { tokens, lower }: Scan,
  { stretch, stops }: { stretch: [number, number]; stops: Uint8Array },
): number | undefined {
  const [first, end] = stretch;
  const home = tokens[first]!.bracket;
  for (let i = first; i < end; i++) if (!tokens[i]!.wide && /[a-z]{2}/.test(tokens[i]!.text)) return undefined;
  if (!tokens[first]!.wide && !tokens[end - 1]!.wide) return undefined;
  let i = end;
  while (i < tokens.length && tokens[i]!.bracket !== home) i++;
  const next = tokens[i];
  if (next === undefined || i === end || stops[i] === 1 || next.wide || !/^[a-z]/.test(next.text)) return undefined;
  return /[\])][ ._]{0,2}$/.test(lower.slice(Math.max(0, next.start - 3), next.start)) ? i : undefined;
}

/** The other name in round brackets behind the first: "Le Prestige (The Prestige)". */
function inRoundBrackets(
  { tokens, brackets, lower }: Scan,
  { end, stops }: { end: number; stops: Uint8Array },
): [number, number] | undefined {
  const next = tokens[end];
  if (next === undefined || next.bracket === -1) return undefined;
  const bracket = brackets[next.bracket]!;
  if (bracket.sign !== '(' || bracket.first !== end || bracket.last - end > 12) return undefined;
  for (let i = end; i < bracket.last; i++) if (stops[i] === 1) return undefined;
  const text = lower.slice(bracket.start + 1, bracket.end - 1);
  return bracket.last - end > 1 && /^[^/]*[a-z]{2}/.test(text) ? [end, bracket.last] : undefined;
}

/** Where a second name begins behind the season of the first: "港湾之歌 第二季 / Minato no Uta", "Гавань (S2E1) / Harbour". */
function behindSeason({ tokens, lower }: Scan, { marks, end }: Parts & { end: number }): number | undefined {
  const mark = marks.find((one) => one.first === end && one.numbers?.seasons !== undefined);
  const next = mark === undefined ? undefined : tokens[mark.last];
  if (mark === undefined || next === undefined || marks.some((one) => one.first === mark.last && one.believed))
    return undefined;
  const gap = lower.slice(mark.end, next.start);
  const wide =
    tokens[mark.first]!.wide && tokens[mark.first - 1]?.wide === true && /^ $/.test(gap) && /^[a-z]{2}/.test(next.text);
  return wide || /^[)\]]?\s*[/|]\s*$/.test(gap) ? mark.last : undefined;
}

/** Tokens no title goes through. */
function stopsOf(count: number, { marks, number, frame }: Parts): Uint8Array {
  const stops = new Uint8Array(count);
  for (const mark of marks) {
    if (!mark.believed && !(frame.anime && mark.numbers?.volume !== undefined)) continue;
    if (mark.numbers?.part !== undefined) continue;
    for (let i = mark.first; i < mark.last; i++) stops[i] = 1;
  }
  if (number !== undefined) for (let i = number.first; i < number.last; i++) stops[i] = 1;
  return stops;
}

/** A title begins behind a leading number, day or technical words, but not behind S01E01, where the name of the episode begins. */
function mayStartLate({ marks, frame, number }: Parts, first: number): boolean {
  if (number?.way === 'start') return number.season === undefined;
  const between = marks.filter((mark) => mark.believed && mark.first >= frame.first && mark.first < first);
  return (
    between.every((mark) => mark.numbers === undefined || mark.boxed === true) &&
    between.every((mark) => mark.date === undefined)
  );
}

/** Walks over the words of a title, through short brackets that are part of it, to what ends it. */
function openEnd(
  scan: Scan,
  { first, stops, frame, dashed = false }: { first: number; stops: Uint8Array; frame: Frame; dashed?: boolean },
): number {
  const { tokens, brackets, lower } = scan;
  const opening = boxAt(scan, first);
  const home = opening !== -1 && !frame.boxed ? brackets[opening]!.parent : (tokens[first]?.bracket ?? -1);
  let end = first;
  for (let i = first; i < tokens.length; i++) {
    if (stops[i] === 1) break;
    const token = tokens[i]!;
    if (dashed && i > first && lower.slice(tokens[i - 1]!.end, token.start) === ' - ') break;
    if (token.bracket !== home && !inside(brackets, { bracket: token.bracket, home })) break;
    const box = boxAt(scan, i);
    if (box !== -1 && brackets[box]!.first === i && box !== home && i > first) {
      const bracket = brackets[box]!;
      if (!goesOn(scan, { bracket, stops, home })) break;
      i = bracket.last - 1;
    } else if (box !== -1 && i === first && box !== home) i = Math.max(i, brackets[box]!.last - 1);
    if (FORMS.test(tokens[i]!.text) && i > first && formEnds(scan, { i, stops, frame })) break;
    end = i + 1;
  }
  return end;
}

const inside = (brackets: Scan['brackets'], { bracket, home }: { bracket: number; home: number }): boolean => {
  for (let b = bracket, depth = 0; b !== -1 && depth < 6; b = brackets[b]!.parent, depth++) if (b === home) return true;
  return home === -1;
};

/** A bracket belongs to a title when it holds one to four words that are no facts and the title goes on behind it in the same breath. */
function goesOn(
  scan: Scan,
  { bracket, stops, home }: { bracket: Scan['brackets'][number]; stops: Uint8Array; home: number },
): boolean {
  const { tokens, lower } = scan;
  const count = bracket.last - bracket.first;
  if (count === 0 || count > 4) return false;
  for (let i = bracket.first; i < bracket.last; i++) if (stops[i] === 1) return false;
  const next = tokens[bracket.last];
  if (next === undefined || next.bracket !== home) return false;
  const gap = lower.slice(bracket.end, next.start);
  if (stops[bracket.last] === 1) return bracket.sign === '(' && count <= 1 && /^[ _]#$/.test(gap);
  return gap.length <= 2 && !gap.includes('-');
}

/** Words that say what kind of extra a fansub is. */
export const FORMS =
  /^(?:ncop|nced|op|ed|pv|cm|ova|oad|sp|movie|special|specials|menu|trailer|preview|creditless)\d{0,2}(?:[a-z]|v\d)?$|^(?:ova|oad)$/;

/** "NCOP2 [..." ends a title; "OVA" does when a number, a bracket or the end follows, "Movie 9" and "Special A" never. */
function formEnds(
  { tokens, lower }: Scan,
  { i, stops, frame }: { i: number; stops: Uint8Array; frame: Frame },
): boolean {
  const text = tokens[i]!.text;
  if (!frame.anime) return false;
  if (/^(?:movie|special|sp|op|ed|preview|trailer|menu|cm)$/.test(text)) return false;
  if (/^(?:movie|special|preview|menu)/.test(text)) return false;
  const next = tokens[i + 1];
  return (
    next === undefined ||
    stops[i + 1] === 1 ||
    /[[(]/.test(lower.slice(tokens[i]!.end, next.start)) ||
    /^\d{1,2}$/.test(next.text)
  );
}

/** Every bracket with words of its own, from the frame to the first number, is a title of its own. */
function boxedTitles(scan: Scan, { frame, stops, marks }: Parts & { stops: Uint8Array }): Zone | undefined {
  const { tokens, brackets } = scan;
  const stretches: [number, number][] = [];
  let i = frame.first;
  let end = i;
  while (i < tokens.length && stretches.length < 8) {
    const box = boxAt(scan, i);
    if (box === -1) {
      if (stretches.length === 0) return undefined;
      break;
    }
    const bracket = brackets[box]!;
    const words = runsIn(scan, { bracket, stops });
    const isNumber = stops[i] === 1 && marks.every((mark) => !(mark.first === i && mark.year !== undefined));
    if (words.length > 0) stretches.push(...words);
    else if (isNumber && stretches.length > 0) break;
    i = Math.max(bracket.last, i + 1);
    end = i;
    if (
      stretches.length > 0 &&
      marks.some(
        (mark) => mark.believed && mark.first >= bracket.first && mark.last <= bracket.last && mark.term !== undefined,
      )
    )
      break;
  }
  if (stretches.length === 0) return undefined;
  const onlyNumbers = stretches.every(([a, b]) => b - a === 1 && /^\d+$/.test(tokens[a]!.text));
  return onlyNumbers && stretches.length > 1 ? undefined : { stretches, end };
}

/** The runs of words of a bracket between the numbers and marks in it; one letter or a lone number is no second name. */
function runsIn(
  { tokens }: Scan,
  { bracket, stops }: { bracket: Scan['brackets'][number]; stops: Uint8Array },
): [number, number][] {
  const runs: [number, number][] = [];
  let first = -1;
  for (let i = bracket.first; i <= bracket.last; i++) {
    const stop = i === bracket.last || stops[i] === 1;
    if (!stop && first === -1) first = i;
    if (!stop || first === -1) continue;
    const text = tokens[first]!.text;
    if (runs.length === 0 || i - first > 1 || (tokens[first]!.wide ? text.length > 1 : /[a-z]{3}/.test(text)))
      runs.push([first, i]);
    first = -1;
  }
  return runs;
}

/** The titles of a zone: each stretch, cut where one name ends and another begins. */
export function titlesIn(scan: Scan, { zone, frame }: { zone: Zone; frame: Frame }): Field<string>[] {
  const titles: Field<string>[] = [];
  for (const [first, last] of zone.stretches) {
    const [start, end] = edges(scan, { first, last });
    for (const [from, to] of pieces(scan, { start, end, boxed: frame.boxed, first, last })) {
      const span = trimmed(scan.raw, from, to);
      const value = clean(unlabelled(scan.raw, span));
      if (value !== '' && titles.length < MOST_TITLES) titles.push({ value, span, confidence: 1 });
    }
  }
  return titles;
}

/** From the first word to the last, with the punctuation that belongs to them. */
function edges(
  { raw, lower, tokens, brackets }: Scan,
  { first, last }: { first: number; last: number },
): [number, number] {
  let start = tokens[first]!.start;
  let end = tokens[last - 1]!.end;
  const limit = tokens[last]?.start ?? raw.length;
  const floor = first === 0 ? 0 : tokens[first - 1]!.end;
  const open = boxStart(brackets, first, floor);
  if (open !== -1) start = open;
  while (
    start > floor &&
    /["'$¡¿@&.]/.test(lower[start - 1]!) &&
    !/[\s]/.test(lower[start - 1]!) &&
    (start < 2 || !/\w/.test(lower[start - 2]!))
  )
    start--;
  const closing = brackets.find(
    (bracket) => bracket.end > end && bracket.start >= start && bracket.start < end && bracket.last <= last,
  );
  if (closing !== undefined) end = Math.min(closing.end, raw.length);
  while (end < limit && /[!?%"'★☆♪♥♡…~。♂♀+*]/.test(raw[end]!)) end++;
  if (lower[end] === '.' && /(?:^|[._\s])(?:[a-z][._]){1,8}[a-z]$/.test(lower.slice(Math.max(start, end - 18), end)))
    end++;
  return [start, end];
}

function boxStart(brackets: Scan['brackets'], first: number, floor: number): number {
  const box = brackets.find(
    (bracket) => bracket.first === first && bracket.start >= floor && bracket.last > first && bracket.sign !== '[',
  );
  return box === undefined ? -1 : box.start;
}

/** How many names one release is believed to have. */
const MOST_TITLES = 12;

const SPLIT = /\s+\/\s+|\s+\|\s+|\s*／\s*|[\s._]{1,3}a\.?k\.?a\.?[\s._]{1,3}/gi;

/** One stretch as its names: cut at " / ", " | ", "aka", and where Chinese or Japanese gives way to Latin letters. */
function pieces(
  scan: Scan,
  { start, end, boxed, first, last }: { start: number; end: number; boxed: boolean; first: number; last: number },
): [number, number][] {
  const { raw } = scan;
  const cuts: [number, number][] = [];
  const text = raw.slice(start, end);
  const wide = scan.tokens.slice(first, last).some((token) => token.wide);
  for (const match of text.matchAll(SPLIT)) cuts.push([start + match.index, start + match.index + match[0].length]);
  if (boxed || wide)
    for (const match of text.matchAll(wide ? /[/|·]|_(?=[A-Za-z ])| _ ?/g : /[/|]/g))
      cuts.push([start + match.index, start + match.index + match[0].length]);
  cuts.sort((a, b) => a[0] - b[0]);
  const parts: [number, number][] = [];
  let at = start;
  for (const [from, to] of cuts) {
    if (from < at) continue;
    parts.push([at, from]);
    at = to;
  }
  parts.push([at, end]);
  return parts.slice(0, MOST_TITLES).flatMap(([from, to]) => byScript(scan, { from, to, first, last }));
}

/** "教父3.The Godfather" and "不死者之王 OVERLORD": a wide name, a space or dot, and a name without wide letters to the end, or the reverse. */
function byScript(
  { raw, tokens }: Scan,
  { from, to, first, last }: { from: number; to: number; first: number; last: number },
): [number, number][] {
  let lastWide = -1;
  let firstWide = -1;
  let firstLatin = -1;
  let latin = 0;
  for (let i = first; i < last; i++) {
    const token = tokens[i]!;
    if (token.start < from || token.end > to) continue;
    if (token.wide) {
      if (firstWide === -1) firstWide = i;
      lastWide = i;
    } else if (/[a-z]/.test(token.text)) {
      if (firstLatin === -1) firstLatin = i;
      latin += token.text.length;
    }
  }
  if (lastWide === -1 || latin < 2) return [[from, to]];
  let next = lastWide + 1;
  if (next < last && /^\d{1,4}$/.test(tokens[next]!.text) && tokens[next]!.start === tokens[lastWide]!.end) next++;
  if (
    next < last &&
    tokens[next]!.end <= to &&
    /[\s._/]/.test(raw[tokens[next]!.start - 1]!) &&
    /[a-z]{2}/.test(tokens[next]!.text + (tokens[next + 1]?.text ?? ''))
  ) {
    return [
      [from, tokens[next - 1]!.end],
      [tokens[next]!.start, to],
    ];
  }
  if (firstLatin !== -1 && firstLatin < firstWide && latin > 3 && /[\s._]/.test(raw[tokens[firstWide]!.start - 1]!)) {
    return [
      [from, tokens[firstWide - 1]!.end],
      [tokens[firstWide]!.start, to],
    ];
  }
  return [[from, to]];
}

function trimmed(raw: string, from: number, to: number): [number, number] {
  let [start, end] = [from, to];
  while (start < end && /[\s._\-:,;|/~]/.test(raw[start]!)) start++;
  while (end > start && /[\s_\-:,;|/([{]/.test(raw[end - 1]!)) end--;
  return [start, end];
}

/** Moves a span past the words that say it is a film, or an extra, where they are glued to a Chinese name. */
function unlabelled(raw: string, span: [number, number]): string {
  const text = raw.slice(span[0], span[1]);
  const before = /^(?:剧场版|劇場版|电影版|電影版|映画)[\s:：-]*(?=\S)/.exec(text)?.[0].length ?? 0;
  const behind = /(?<=\S)[\s]*(?:特别篇|特別篇|番外篇|总集篇|總集篇|剧场版|劇場版)$/.exec(text)?.[0].length ?? 0;
  if (before + behind >= text.length) return text;
  span[0] += before;
  span[1] -= behind;
  return raw.slice(span[0], span[1]);
}

/** Dots and underscores are spaces, except between the letters of S.H.I.E.L.D. and behind abbreviations that have spaces around them. */
function clean(text: string): string {
  let out = text.replaceAll('_', ' ');
  if (!out.includes(' ') || /\w\.\w+\.\w/.test(out)) {
    out = out.replace(/(?<![a-z])((?:[a-z]\.){2,}[a-z]?)(?![a-z])/gi, (acronym) => acronym.replaceAll('.', '\u0001'));
    out = out.replaceAll('.', ' ').replaceAll('\u0001', '.');
  }
  out = out.replace(/\s+/g, ' ').trim();
  if (!out.includes(' ') && /^[^+]+(?:\+[^+]+)+$/.test(out)) out = out.replaceAll('+', ' ');
  return out.replace(/^(.{2,}?), (the|a|an)$/i, '$2 $1').replace(/^gekijou ?ban /i, '');
}
