import { coverage, type Frame } from './frame.js';
import type { Mark } from './marks.js';
import { run } from './numbering.js';
import type { Scan } from './scan.js';

/** An episode that is written as a number and nothing else. */
export interface BareNumber {
  episodes: number[];
  /** The season in 103 and 1x03's older kind; absent for a count of the whole show. */
  season?: number;
  version?: number;
  first: number;
  last: number;
  start: number;
  end: number;
  /** How it was recognised; what its confidence hangs on. */
  way: 'dash' | 'hash' | 'box' | 'end' | 'compact' | 'start' | 'middle';
}

interface Place {
  scan: Scan;
  marks: readonly Mark[];
  frame: Frame;
  covered: Uint8Array;
  believed: Uint8Array;
}

/** The episode of a name that does not say S01E02, or the count of the whole show beside one that does. */
export function bareNumber(
  scan: Scan,
  { marks, frame, file }: { marks: readonly Mark[]; frame: Frame; file: boolean },
): BareNumber | undefined {
  const explicit = marks.find((mark) => mark.numbers?.episodes !== undefined);
  if (explicit !== undefined) return besideExplicit(scan, explicit);
  if (marks.some((mark) => mark.date !== undefined && mark.first >= frame.first)) return undefined;
  const believed = marks.filter((mark) => mark.believed);
  const place: Place = {
    scan,
    marks,
    frame,
    covered: coverage(scan.tokens.length, marks),
    believed: coverage(scan.tokens.length, believed),
  };
  return (
    afterDash(place) ?? boxed(place) ?? atEndOfTitle(place) ?? (file ? atStart(place) : undefined) ?? inTheMiddle(place)
  );
}

const NUMBER =
  /#?(\d{1,4})(?:\.(\d))?(?:v(\d))?([ab])?(?:(?:[ ._]?(?:-|~|\+|&)[ ._]?|[ ._]to[ ._])(\d{1,4})(?:v(\d))?(?![\dpix]))?(?:[ ._]{0,2}(?:end|fin|final|完|終|完结|全|話|话))?(?![\da-z])/y;

/** Reads a number, or a run of them, at a token. */
function read({ lower, tokens }: Scan, i: number): Omit<BareNumber, 'way'> | undefined {
  const start = tokens[i]!.start;
  NUMBER.lastIndex = start;
  const match = NUMBER.exec(lower);
  if (match === null) return undefined;
  const first = Number(match[1]) + (match[2] === undefined ? 0 : Number(match[2]) / 10);
  const to = match[5] === undefined ? undefined : Number(match[5]);
  const end = start + match[0].length;
  let last = i + 1;
  while (last < tokens.length && tokens[last]!.start < end) last++;
  const several = to !== undefined && to > first && to - first < 2000;
  const version = match[3] ?? match[6];
  if (to !== undefined && !several) return undefined;
  return {
    episodes: several ? run(first, to) : [first],
    first: i,
    last,
    start,
    end,
    ...(version === undefined ? {} : { version: Number(version) }),
  };
}

const isYear = (value: number, digits: number): boolean => digits === 4 && value >= 1900 && value <= 2049;

/** Whether a title may end before this place: what follows is the end, a bracket, a believed mark or a dash. */
function closes({ scan, believed }: Place, number: { last: number; end: number }): boolean {
  const { tokens, lower } = scan;
  if (number.last >= tokens.length) return true;
  const between = lower.slice(number.end, tokens[number.last]!.start);
  return (
    /[[({]/.test(between) ||
    believed[number.last] === 1 ||
    /(?:^|[ _.])[-~][ _.]/.test(between) ||
    /^(?:end|final|fin|vostfr|v\d)$/.test(tokens[number.last]!.text)
  );
}

/** "Title - 01": a dash with space on both sides, or a #. The last such number counts. */
function afterDash(place: Place): BareNumber | undefined {
  const { scan, frame, believed } = place;
  const { tokens, lower } = scan;
  let found: BareNumber | undefined;
  for (let i = Math.max(frame.first, 1); i < tokens.length; i++) {
    const token = tokens[i]!;
    const before = lower.slice(tokens[i - 1]!.end, token.start);
    const hash = before.endsWith('#');
    if (!hash && !/[ _.)\]][-~:][ _.]*$|^[-~:][ _.]+$|^-$/.test(before)) continue;
    if (!/^\d/.test(token.text) || believed[i] === 1 || token.bracket !== -1) continue;
    const tight = before === '-';
    const number = read(scan, i);
    if (number === undefined) continue;
    if (
      isYear(number.episodes[0]!, token.end - token.start) &&
      !hash &&
      number.episodes.length === 1 &&
      !(frame.anime && closes(place, number))
    )
      continue;
    if (tight && !(closes(place, number) && frame.anime)) continue;
    if (before.includes(':') && !frame.anime) continue;
    const sure = closes(place, number) || hash;
    if (!sure && !(token.text.startsWith('0') && found === undefined)) continue;
    found = { ...number, way: hash ? 'hash' : 'dash' };
    if (sure) break;
  }
  return found;
}

/** "[01]", "(9)", "[12END]", "[01 1080p]". */
function boxed(place: Place): BareNumber | undefined {
  const { scan, marks, frame, covered } = place;
  const { tokens, brackets } = scan;
  let found: BareNumber | undefined;
  let foundYear = false;
  for (let b = 0; b < brackets.length; b++) {
    const bracket = brackets[b]!;
    if (b === frame.leading || bracket.first >= bracket.last || bracket.first <= frame.first - (frame.boxed ? 1 : 0))
      continue;
    let at = bracket.first;
    if (/^(?:tv|第|ep|episode|cap|no)$/.test(tokens[at]!.text) && at + 1 < bracket.last) at++;
    const token = tokens[at]!;
    if (!/^\d/.test(token.text)) continue;
    const inYear = marks.some((mark) => mark.year !== undefined && mark.first === at);
    if (covered[at] === 1 && !inYear) continue;
    const number = read(scan, at);
    if (number === undefined) continue;
    let rest = true;
    for (let i = number.last; i < bracket.last; i++)
      if (covered[i] === 0 && !/^(?:end|fin|完|v\d|movies?|specials?|ova)$/.test(tokens[i]!.text)) rest = false;
    if (!rest) continue;
    const year = inYear && number.episodes.length === 1;
    if (year && (bracket.sign !== '[' || !frame.anime)) continue;
    const round = bracket.sign !== '[';
    if (round && number.episodes.length === 1 && !frame.anime && !/^0/.test(token.text)) continue;
    if (
      round &&
      marks.some(
        (mark) => mark.believed && mark.first < bracket.first && mark.first > frame.first && mark.term !== undefined,
      )
    )
      continue;
    if (found !== undefined && !foundYear) break;
    if (found === undefined || !year) {
      found = { ...number, way: 'box' };
      foundYear = year;
    }
  }
  return foundYear && marks.some((mark) => mark.year !== undefined && mark.first === found!.first) ? undefined : found;
}

/** "Title 01 [720p]", "Title.103.hdtv": the number that closes the title. */
function atEndOfTitle(place: Place): BareNumber | undefined {
  const { scan, marks, frame, believed } = place;
  const { tokens, lower, brackets } = scan;
  const seasoned = marks.find((mark) => mark.believed && mark.numbers?.seasons !== undefined);
  for (let i = frame.first + (seasoned === undefined ? 1 : 0); i < tokens.length; i++) {
    const token = tokens[i]!;
    if (believed[i] === 1) {
      if (seasoned !== undefined && i < seasoned.last) continue;
      break;
    }
    if (token.bracket !== -1 && (token.bracket === frame.leading || !frame.boxed)) {
      if (brackets[token.bracket]!.first === i && i > frame.first) break;
      continue;
    }
    if (!/^\d/.test(token.text)) continue;
    const number = read(scan, i);
    if (number === undefined || !closes(place, number)) continue;
    const digits = token.text.replace(/v\d$|[ab]$/, '').length;
    const value = number.episodes[0]!;
    if (isYear(value, digits) && number.episodes.length === 1) continue;
    if (number.episodes.length > 1) return { ...number, way: 'end' };
    const hasYear = marks.some((mark) => mark.believed && mark.year !== undefined && mark.first < i);
    const lastWord = number.last >= tokens.length;
    const intoBracket = !lastWord && /[[({]/.test(lower.slice(number.end, tokens[number.last]!.start));
    const padded = token.text.startsWith('0');
    const wide = tokens[i - 1]?.wide === true;
    if (frame.anime || seasoned !== undefined) {
      if (frame.anime || padded || digits > 1) return { ...number, way: 'end' };
    } else if (
      wide &&
      (lastWord || intoBracket || padded) &&
      !hasYearAhead(place, i) &&
      /\s/.test(lower[token.start - 1] ?? '')
    )
      return { ...number, way: 'end' };
    else if (padded && digits >= 2 && value > 0 && !hasYear) {
      if (digits <= 3) return { ...number, way: 'end' };
      return compact(number, value);
    } else if (
      !hasYear &&
      !hasYearAhead(place, i) &&
      digits >= 3 &&
      value % 100 > 0 &&
      value % 100 < 60 &&
      !lower.slice(0, token.start).includes(' - ') &&
      (compactFollows(place, number) || (lastWord && digits === 3))
    ) {
      return compact(number, value);
    } else if (!hasYear && hasDashBefore(lower, token.start) && digits <= 4 && number.version !== undefined)
      return { ...number, way: 'end' };
    else if (number.version !== undefined) return { ...number, way: 'end' };
    else if (hasYear && digits === 2 && padded) return { ...number, way: 'end' };
    else if (hasYear && digits === 3 && compactFollows(place, number)) return compact(number, value);
  }
  return undefined;
}

function compact(number: Omit<BareNumber, 'way'>, value: number): BareNumber {
  return { ...number, season: Math.floor(value / 100), episodes: [value % 100], way: 'compact' };
}

/** 103 is a season and an episode when television follows. */
function compactFollows({ scan, marks }: Place, number: { last: number }): boolean {
  if (number.last >= scan.tokens.length) return false;
  const mark = marks.find((one) => one.first === number.last);
  return mark?.term !== undefined && mark.believed;
}

const hasDashBefore = (lower: string, at: number): boolean => /[-_.][ _.]?$/.test(lower.slice(Math.max(0, at - 2), at));
const hasYearAhead = ({ marks }: Place, i: number): boolean =>
  marks.some((mark) => mark.believed && mark.year !== undefined && mark.first > i);

/** "03-Criminal.Minds", "003. Show Name - Ep Name", "01 - Land of Visible Pain". */
function atStart({ scan, covered, frame }: Place): BareNumber | undefined {
  const { tokens, lower } = scan;
  if (frame.first !== 0 || tokens.length < 2 || covered[0] === 1 || tokens[0]!.bracket !== -1) return undefined;
  const match = /^\s*(\d{1,4})(?:-(\d{1,4}))?(?:\s+-\s+|-(?=[a-z])|\.\s+|\s*\)\s*)/.exec(lower);
  if (match === null || isYear(Number(match[1]), match[1]!.length)) return undefined;
  const season = match[2] !== undefined && Number(match[2]) < Number(match[1]) ? Number(match[1]) : undefined;
  const number = read(scan, 0);
  if (number === undefined && season === undefined) return undefined;
  return {
    ...(number ?? { episodes: [Number(match[2])], first: 0, last: 2, start: tokens[0]!.start, end: tokens[1]!.end }),
    way: 'start',
    ...(season === undefined ? {} : { season }),
  };
}

/** "[ACX]Some Anime Show 01 Role Play": a padded number among the words of a fansub's name. */
function inTheMiddle({ scan, frame, believed }: Place): BareNumber | undefined {
  const { tokens, lower } = scan;
  if (frame.leading === -1 && !frame.anime) return undefined;
  for (let i = frame.first + 1; i < tokens.length && believed[i] === 0; i++) {
    const token = tokens[i]!;
    if (token.bracket !== -1 || !/^\d{2,3}(?:v\d)?$/.test(token.text)) continue;
    if (
      !token.text.startsWith('0') &&
      !(
        frame.leading === 0 &&
        /[ _]/.test(lower[token.end] ?? ' ') &&
        Number.parseInt(token.text) < 60 &&
        i > frame.first
      )
    )
      continue;
    const number = read(scan, i);
    if (number !== undefined) return { ...number, way: 'middle' };
  }
  return undefined;
}

const BESIDE =
  /[ ._]?(?:-[ ._]|[([{][ ._]?|[ ._])(\d{1,4})(?:[-~](\d{1,4}))?(?:-(\d{1,4}))?(?=[ ._]?[)\]}]|[ ._]-[ ._]|[ ._](?:hdtv|\d{3,4}p)|\s*$|[ ._]v\d)/y;

/** "S01E02 - 014": the count of the whole show behind a mark that says both, or "- 12 (S01E12)" before it. */
function besideExplicit(scan: Scan, mark: Mark): BareNumber | undefined {
  if (mark.numbers?.seasons === undefined) return undefined;
  const { tokens, lower } = scan;
  BESIDE.lastIndex = mark.end;
  const match = BESIDE.exec(lower);
  if (
    match !== null &&
    !isYear(Number(match[1]), match[1]!.length) &&
    (match[1]!.length > 1 || match[2] !== undefined)
  ) {
    const to = match[3] ?? match[2];
    const end = BESIDE.lastIndex;
    let last = mark.last;
    while (last < tokens.length && tokens[last]!.start < end) last++;
    const start = tokens[mark.last]?.start ?? end;
    return {
      episodes: to === undefined ? [Number(match[1])] : run(Number(match[1]), Number(to)),
      first: mark.last,
      last,
      start,
      end,
      way: 'dash',
    };
  }
  const before = tokens[mark.first - 1];
  if (
    before !== undefined &&
    /^\d{1,4}$/.test(before.text) &&
    before.bracket === -1 &&
    /^[ ._]?[([]?$/.test(lower.slice(before.end, mark.start)) &&
    lower[mark.start - 1] !== '.'
  ) {
    const dash = /[-_][ _.]$/.test(lower.slice(Math.max(0, before.start - 2), before.start));
    if (dash && !isYear(Number(before.text), before.text.length)) {
      return {
        episodes: [Number(before.text)],
        first: mark.first - 1,
        last: mark.first,
        start: before.start,
        end: before.end,
        way: 'dash',
      };
    }
  }
  return undefined;
}
