import { dateAt } from './dates.js';
import { numbersAt, type Numbers } from './numbering.js';
import type { Bracket, Scan, Token } from './scan.js';
import { NETWORKS, termAt, type Term } from './vocabulary.js';

/** A stretch of a name that says something other than a title. */
export interface Mark {
  /** Its tokens, as a half-open range of indices. */
  first: number;
  last: number;
  start: number;
  end: number;
  numbers?: Numbers;
  term?: Term;
  date?: string;
  year?: number;
  site?: string;
  /** Whether it is believed wherever it stands; a soft mark needs believed company. */
  firm: boolean;
  believed: boolean;
  /** True when it has its bracket for itself. */
  boxed?: boolean;
}

/** Finds every stretch of a name that may be technical, a number of a season or an episode, a day, a year or a site, left to right. */
export function findMarks(scan: Scan): Mark[] {
  const { tokens } = scan;
  const marks: Mark[] = [];
  let last = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.start < last) continue;
    const found = markAt(scan, i);
    if (found === undefined) continue;
    const { end, ...what } = found;
    let next = i + 1;
    while (next < tokens.length && tokens[next]!.start < end) next++;
    last = Math.max(end, token.start + 1);
    const bracket = scan.brackets[token.bracket];
    const boxed = bracket !== undefined && bracket.first === i && bracket.last === next;
    marks.push({ first: i, last: next, start: token.start, end: last, ...what, believed: what.firm, boxed });
  }
  return marks;
}

type Found = { end: number; firm: boolean } & Pick<Mark, 'numbers' | 'term' | 'date' | 'year' | 'site'>;

function markAt(scan: Scan, i: number): Found | undefined {
  const { tokens, lower } = scan;
  const token = tokens[i]!;
  const first = lower.charCodeAt(token.start);
  const digit = first >= 0x30 && first <= 0x39;
  if (digit) {
    const date = dateAt(lower, token.start);
    if (date !== undefined && (date.firm || dateIsBelieved(scan, i)))
      return { end: date.end, firm: true, date: date.date };
  }
  const site = siteAt(scan, i);
  if (site !== undefined) return site;
  const numbers = numbersAt(lower, token.start);
  const known = termAt(lower, token.start, token.end);
  const term = token.wide && known?.end !== token.end ? undefined : known;
  if (numbers !== undefined && (term === undefined || term.end <= numbers.end)) {
    if (numbers.part !== undefined || numbers.volume !== undefined) return { end: numbers.end, firm: false, numbers };
    if (isGroupAtEnd(scan, { i, numbers })) return undefined;
    if (trusted(scan, { token, numbers })) return { end: numbers.end, firm: true, numbers };
  }
  if (term !== undefined) return { end: term.end, firm: term.term.grip === 'firm', term: term.term };
  if (digit && token.end - token.start === 4) {
    const year = Number(token.text);
    const span = YEARS.exec(lower.slice(token.start, token.start + 12));
    if (span !== null) return { end: token.start + span[0].length, firm: true, term: YEAR_SPAN };
    if (year >= 1890 && year <= 2049 && !/^年\d{1,2}月/.test(lower.slice(token.end, token.end + 4)))
      return { end: token.end, firm: false, year };
  }
  if (/^(?:1080|720|2160|480|576)$/.test(token.text) && isAlone(scan, i))
    return { end: token.end, firm: true, term: { fact: 'resolution', value: `${token.text}p`, grip: 'firm' } };
  if (/^x\d{2}$/.test(token.text) && lower[token.start - 1] === '-' && i > 0)
    return { end: token.end, firm: true, term: BONUS };
  if (token.end - token.start === 8 && isCrc(scan, token)) return { end: token.end, firm: true, term: CRC };
  if (NETWORKS.has(token.text) && networkHere(scan, i))
    return {
      end: token.end,
      firm: true,
      term: { fact: 'network', value: scan.raw.slice(token.start, token.end), grip: 'firm' },
    };
  return undefined;
}

/** A span of years stands for a collection; which year is meant it does not say. */
const YEARS = /^(?:19|20)\d\d(?:-| - )(?:(?:19|20)\d\d|\d\d(?=[)\]]))(?!\d|-)/;
const YEAR_SPAN: Term = { fact: 'other', value: 'years', grip: 'firm' };
const BONUS: Term = { fact: 'other', value: 'bonus', grip: 'firm' };
const CRC: Term = { fact: 'crc', value: 'crc', grip: 'firm' };

/** Whether a token has its bracket for itself. */
function isAlone({ tokens, brackets }: Scan, i: number): boolean {
  const bracket = brackets[tokens[i]!.bracket];
  return bracket !== undefined && bracket.last - bracket.first === 1;
}

/** "…DD5.1-S56": what looks like a season at the very end, behind a hyphen and technical words, is the group. */
function isGroupAtEnd({ tokens, lower }: Scan, { i, numbers }: { i: number; numbers: Numbers }): boolean {
  const token = tokens[i]!;
  return (
    i === tokens.length - 1 &&
    i > 3 &&
    numbers.episodes === undefined &&
    /^s\d+$/.test(token.text) &&
    lower[token.start - 1] === '-' &&
    /[a-z0-9]/.test(lower[token.start - 2] ?? '')
  );
}

function isCrc({ brackets }: Scan, token: Token): boolean {
  if (!/^[0-9a-f]{8}$/.test(token.text) || !/[0-9]/.test(token.text)) return false;
  const bracket = brackets[token.bracket];
  return bracket === undefined ? /[a-f]/.test(token.text) : bracket.last - bracket.first === 1;
}

/** A six-figure day such as 190120 counts behind an episode, or at the very beginning. */
function dateIsBelieved({ tokens, lower }: Scan, i: number): boolean {
  const before = tokens[i - 1];
  if (before === undefined) return lower[tokens[i]!.end] === ' ' && tokens.length > 3;
  return /^(?:e|ep)\d{1,4}$/.test(before.text) && lower[tokens[i]!.end] !== '-';
}

const DOMAIN =
  /(?:www[ ._]{0,2}[-a-z0-9]{1,40}(?:[ ._][a-z0-9-]{1,30})?[ ._][a-z]{2,5}|[a-z0-9-]{3,30}[.](?:com|org|net|info|to|tv|nu|cc|me|io|ru|mx|am|lt|pl|my|li|se|eu|site|show|pics|cam|hair|ag|re))(?![a-z0-9])/y;

/** A site stands at the beginning, alone in its brackets, or begins with www. */
function siteAt({ tokens, brackets, lower }: Scan, i: number): Found | undefined {
  const token = tokens[i]!;
  const www = token.text.startsWith('www');
  const bracket = brackets[token.bracket];
  const alone = bracket !== undefined && bracket.first === i;
  if (!www && !alone && i !== 0) return undefined;
  if (token.wide) return undefined;
  DOMAIN.lastIndex = token.start;
  const match = DOMAIN.exec(lower);
  if (match === null) return undefined;
  const end = token.start + match[0].length;
  if (www && token.text === 'www' && match[0].length < 8) return undefined;
  if (alone && !www && !onlyThis({ lower, bracket, end })) return undefined;
  if (!alone && !www && !/^[ ._]{0,2}[-_][ ._]/.test(lower.slice(end, end + 4))) return undefined;
  return { end, firm: true, site: match[0] };
}

function onlyThis({ lower, bracket, end }: { lower: string; bracket: Bracket; end: number }): boolean {
  return /^[\s\])}]*$/.test(lower.slice(end, bracket.end));
}

/** "Series 3", "S2" and a bare "2 of 6" can be words of a title; here it is said when they are not. */
function trusted({ lower }: Scan, { token, numbers }: { token: Token; numbers: Numbers }): boolean {
  if (numbers.count !== undefined && numbers.seasons === undefined && numbers.complete !== true)
    return numbers.count > 1;
  if (token.text === 'e' || token.text === 's')
    return /\d/.test(lower[token.start + 1] ?? '') || numbers.seasons !== undefined;
  return true;
}

/** A network stands directly before a source, or behind a resolution. */
function networkHere({ tokens, lower }: Scan, i: number): boolean {
  const next = tokens[i + 1];
  const before = tokens[i - 1];
  if (next !== undefined) {
    const hit = termAt(lower, next.start, next.end);
    if (
      hit !== undefined &&
      (hit.term.fact === 'source' || hit.term.fact === 'remux') &&
      /^(?:web|hdtv|it|blu)/.test(next.text)
    )
      return true;
  }
  return (
    before !== undefined &&
    /^(?:\d{3,4}[pi]|uhd|hdr)$/.test(before.text) &&
    next !== undefined &&
    termAt(lower, next.start, next.end) !== undefined
  );
}
