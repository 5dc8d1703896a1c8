import { coverage, type Frame } from './frame.js';
import type { Mark } from './marks.js';
import { run } from './numbering.js';
import type { Scan, Token } from './scan.js';

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
  const dated = marks.some((mark) => mark.date !== undefined && mark.first >= frame.first);
  const believed = marks.filter((mark) => mark.believed);
  const place: Place = {
    scan,
    marks,
    frame,
    covered: coverage(scan.tokens.length, marks),
    believed: coverage(scan.tokens.length, believed),
  };
  if (dated) return frame.anime ? boxed(place) : undefined;
  const padded = file ? atStart(place) : undefined;
  if (padded !== undefined && padded.episodes.length === 1 && /^\s*0\d+ - /.test(scan.lower)) return padded;
  return afterDash(place) ?? boxed(place) ?? atEndOfTitle(place) ?? padded ?? inTheMiddle(place);
}

/** What stands between the first and the last number of a run, in the languages of those who write it. */
const TO = 'to|ao?|al|bis|до';
const NUMBER = new RegExp(
  `#?(\\d{1,4})(?:\\.(\\d))?(?:v(\\d))?([ab])?(?:(?:[ ._]?(?:-|~|\\+|&)[ ._]?|[ ._](?:${TO})[ ._])(\\d{1,4})(?:v(\\d))?(?![\\dpix]))?(?:[ ._]{0,2}(?:end|fin|final|pre|完|終|完结|全|話|话))?(?![\\da-z])`,
  'y',
);
const SPOKEN_RANGE = new RegExp(`[ ._](?:${TO})[ ._]`);

/** Reads a number, or a run of them, at a token. */
function read({ lower, tokens }: Scan, i: number): Omit<BareNumber, 'way'> | undefined {
  const start = tokens[i]!.start;
  NUMBER.lastIndex = start;
  const match = NUMBER.exec(lower);
  if (match === null) return undefined;
  const first = Number(match[1]) + (match[2] === undefined ? 0 : Number(match[2]) / 10);
  const to = match[5] === undefined ? undefined : Number(match[5]);
  const end = start + match[0].length;
  if (lower[end] === '%') return undefined;
  let last = i + 1;
  while (last < tokens.length && tokens[last]!.start < end) last++;
  const several = to !== undefined && to > first && to - first < 2000;
  const version = match[3] ?? match[6];
  if (to !== undefined && !several) return undefined;
  if (to !== undefined && !/\d[-~+&]\d/.test(match[0]) && !spacedRange(lower, { match, end }))
    return readAlone(tokens, { i, match });
  return {
    episodes: several ? run(first, to) : [first],
    first: i,
    last,
    start,
    end,
    ...(version === undefined ? {} : { version: Number(version) }),
  };
}

/** "01 - 119" is a run when both are written alike or the first is padded, and a bracket or the end follows. */
function spacedRange(lower: string, { match, end }: { match: RegExpExecArray; end: number }): boolean {
  return (
    (match[1]!.startsWith('0') || match[1]!.length === match[5]!.length || SPOKEN_RANGE.test(match[0])) &&
    /^[ ._-]*(?:[[({]|$)/.test(lower.slice(end, end + 4))
  );
}

/** The first number alone, when what looked like a run is none. */
function readAlone(
  tokens: Scan['tokens'],
  { i, match }: { i: number; match: RegExpExecArray },
): Omit<BareNumber, 'way'> {
  const token = tokens[i]!;
  return {
    episodes: [Number(match[1])],
    first: i,
    last: i + 1,
    start: token.start,
    end: token.end,
    ...(match[3] === undefined ? {} : { version: Number(match[3]) }),
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
    /^(?:end|final|fin|vostfr|v\d|oad|ova|sp|special)$/.test(tokens[number.last]!.text)
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
    if (tight && /\d/.test(lower[token.start - 2] ?? '')) continue;
    const dotted = SEASON_DOT_EPISODE.exec(lower.slice(token.start, token.start + 8));
    if (
      dotted !== null &&
      /^[ _]-|^\]/.test(lower.slice(token.start + dotted[0].length, token.start + dotted[0].length + 2))
    ) {
      return {
        season: Number(dotted[1]),
        episodes: [Number(dotted[2])],
        first: i,
        last: i + 2,
        start: token.start,
        end: token.start + dotted[0].length,
        way: 'dash',
      };
    }
    const run = padRun(scan, { i, frame });
    if (run !== undefined && closes(place, run)) return run;
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

/** 6.01 is the first episode of the sixth season. */
const SEASON_DOT_EPISODE = /^(\d{1,2})\.(\d{2,3})(?!\d)/;

/** "Title 01 - 119": the number behind the dash is the end of a run that began before it. */
function padRun({ tokens }: Scan, { i, frame }: { i: number; frame: Frame }): BareNumber | undefined {
  const [from, to] = [tokens[i - 1]!, tokens[i]!];
  if (
    i - 1 <= frame.first ||
    !/^0\d+$/.test(from.text) ||
    !/^\d{2,4}$/.test(to.text) ||
    Number(to.text) <= Number(from.text)
  )
    return undefined;
  return {
    episodes: run(Number(from.text), Number(to.text)),
    first: i - 1,
    last: i + 1,
    start: from.start,
    end: to.end,
    way: 'dash',
  };
}

/** "[01]", "(9)", "[12END]", "[01 1080p]". */
function boxed(place: Place): BareNumber | undefined {
  const { scan, marks, frame, covered } = place;
  const { tokens, brackets, lower } = scan;
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
    const dotted = SEASON_DOT_EPISODE.exec(lower.slice(token.start, token.start + 8));
    if (dotted !== null && bracket.last - at === 2 && !frame.anime) {
      return {
        season: Number(dotted[1]),
        episodes: [Number(dotted[2])],
        first: at,
        last: at + 2,
        start: token.start,
        end: token.start + dotted[0].length,
        way: 'box',
      };
    }
    const named =
      token.text.startsWith('0') && frame.anime && tokens[at + 1]?.wide === true && lower[token.end] === '_';
    let rest = true;
    for (let i = number.last; i < bracket.last; i++)
      if (covered[i] === 0 && !/^(?:end|fin|完|v\d|movies?|specials?|ova)$/.test(tokens[i]!.text)) rest = false;
    if (!rest && !named) continue;
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
  const parts = coverage(
    tokens.length,
    marks.filter((mark) => mark.numbers?.part !== undefined || mark.numbers?.volume !== undefined),
  );
  for (
    let i = seasoned === undefined ? frame.first + 1 : Math.max(frame.first + 1, seasoned.last);
    i < tokens.length;
    i++
  ) {
    const token = tokens[i]!;
    if (believed[i] === 1) {
      const mark = marks.find((one) => one.believed && one.first === i);
      if (mark?.year !== undefined || mark?.term?.fact === 'complete') continue;
      break;
    }
    if (token.bracket !== -1 && (token.bracket === frame.leading || !frame.boxed)) {
      if (brackets[token.bracket]!.first === i && i > frame.first) break;
      continue;
    }
    if (!/^\d/.test(token.text) || parts[i] === 1) continue;
    if (/^(?:movie|film|vol|volume|part|no|gekijouban)$/.test(tokens[i - 1]!.text) || isDecimal(lower, token.start))
      continue;
    const number = read(scan, i);
    if (number === undefined || !closes(place, number)) continue;
    const digits = token.text.replace(/v\d$|[ab]$/, '').length;
    const value = number.episodes[0]!;
    if (isYear(value, digits) && number.episodes.length === 1) continue;
    if (number.episodes.length > 1) return { ...number, way: 'end' };
    if (FINISHED.test(lower.slice(token.start, number.end))) return { ...number, way: 'end' };
    const hasYear = marks.some((mark) => mark.believed && mark.year !== undefined && mark.first < i);
    const lastWord = number.last >= tokens.length;
    const intoBracket = !lastWord && /[[({]/.test(lower.slice(number.end, tokens[number.last]!.start));
    const padded = token.text.startsWith('0');
    const wide = tokens[i - 1]?.wide === true;
    if (frame.anime || seasoned !== undefined) {
      const dashed = !lastWord && !intoBracket && believed[number.last] === 0;
      const film = tokens.slice(frame.first, i).some((word) => /^(?:gekijouban|movie)$/.test(word.text));
      if ((frame.anime || padded || digits > 1) && !((dashed || film) && digits < 2)) return { ...number, way: 'end' };
    } else if (
      wide &&
      (lastWord || intoBracket || padded) &&
      !hasYearAhead(place, i) &&
      /\s/.test(lower[token.start - 1] ?? '')
    )
      return { ...number, way: 'end' };
    else if (padded && digits >= 2 && value > 0 && !hasYear) {
      if (digits <= 3) return { ...number, way: 'end' };
      return compact(number, { value, before: tokens[i - 1] });
    } else if (
      !hasYear &&
      !hasYearAhead(place, i) &&
      digits >= 3 &&
      value % 100 > 0 &&
      value % 100 <= 60 &&
      !isVost(place, number) &&
      !lower.slice(0, token.start).includes(' - ') &&
      (compactFollows(place, number) || (lastWord && digits === 3))
    ) {
      return compact(number, { value, before: tokens[i - 1] });
    } else if (!hasYear && hasDashBefore(lower, token.start) && digits <= 4 && number.version !== undefined)
      return { ...number, way: 'end' };
    else if (digits >= 2 && isVost(place, number)) return { ...number, way: 'end' };
    else if (digits === 2 && !hasYear && isTelevision(place, number)) return { ...number, way: 'end' };
    else if (hasYear && digits === 4 && padded && !isYear(value, digits))
      return compact(number, { value, before: tokens[i - 1] });
    else if (number.version !== undefined) return { ...number, way: 'end' };
    else if (hasYear && digits === 2 && padded) return { ...number, way: 'end' };
    else if (hasYear && digits === 3 && compactFollows(place, number))
      return compact(number, { value, before: tokens[i - 1] });
  }
  return undefined;
}

/** The last episode, which says that it is: "12 END". */
const FINISHED = /^\d{2,4}(?:v\d)?[ ._]{0,2}(?:end|完|終|完结)$/;

/** The 5 of "OVA3.5". */
const isHalfOfForm = ({ tokens, lower }: Scan, i: number): boolean =>
  lower[tokens[i]!.start - 1] === '.' && i > 0 && /^[a-z]{2,4}\d{1,2}$/.test(tokens[i - 1]!.text);

/** The fraction of "1.11", which belongs to a title. */
const isDecimal = (lower: string, at: number): boolean =>
  /\d[.]$/.test(lower.slice(Math.max(0, at - 2), at)) && lower.includes(' ');

const nextMark = ({ marks }: Place, number: { last: number }): Mark | undefined =>
  marks.find((one) => one.first === number.last && one.believed);
const isVost = (place: Place, number: { last: number }): boolean => nextMark(place, number)?.term?.fact === 'subtitle';
const isTelevision = (place: Place, number: { last: number }): boolean =>
  ['hdtv', 'tv'].includes(nextMark(place, number)?.term?.value ?? '');

function compact(
  number: Omit<BareNumber, 'way'>,
  { value, before }: { value: number; before?: Token | undefined },
): BareNumber {
  const from = before !== undefined && before.text === String(value - 1) ? before : undefined;
  return {
    ...number,
    ...(from === undefined ? {} : { first: number.first - 1, start: from.start }),
    season: Math.floor(value / 100),
    episodes: from === undefined ? [value % 100] : [(value - 1) % 100, value % 100],
    way: 'compact',
  };
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
  const match = /^\s*(\d{1,4})(?:-(\d{1,4}))?(?:\s+-\s+|-(?=[a-z])|\.\s+|\s*\)\s*|(?<=\d-\d\d)\s)/.exec(lower);
  if (match === null || isYear(Number(match[1]), match[1]!.length)) return undefined;
  const season =
    match[2] !== undefined &&
    match[1]!.length < 3 &&
    (Number(match[2]) < Number(match[1]) || match[1]!.length < match[2].length)
      ? Number(match[1])
      : undefined;
  if (season !== undefined)
    return {
      season,
      episodes: [Number(match[2])],
      first: 0,
      last: 2,
      start: tokens[0]!.start,
      end: tokens[1]!.end,
      way: 'start',
    };
  const number = read(scan, 0);
  if (number === undefined) return undefined;
  return { ...number, way: 'start' };
}

/** "[ACX]Some Anime Show 01 Role Play": a padded number among the words of a fansub's name. */
function inTheMiddle({ scan, frame, believed, marks }: Place): BareNumber | undefined {
  const { tokens, lower } = scan;
  const plain = frame.leading === -1 && !frame.anime;
  const seasoned = marks.findLast((mark) => mark.believed && mark.numbers?.seasons !== undefined);
  for (let i = seasoned?.last ?? (plain ? frame.first + 1 : frame.first); i < tokens.length && believed[i] === 0; i++) {
    const token = tokens[i]!;
    if (
      token.bracket !== -1 ||
      !/^\d{2,3}(?:v\d)?$/.test(token.text) ||
      isDecimal(lower, token.start) ||
      isHalfOfForm(scan, i)
    )
      continue;
    if (
      plain &&
      !(/^0[1-9]$/.test(token.text) && lower[token.end] === '.' && /[._]/.test(lower[token.start - 1] ?? ''))
    )
      continue;
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
  const half = /[-_][ ._](\d{1,4}\.\d)[ ._]?[([]?$/.exec(lower.slice(Math.max(0, mark.start - 12), mark.start));
  if (half !== null && mark.first > 2) {
    const [from, to] = [tokens[mark.first - 2]!, tokens[mark.first - 1]!];
    return {
      episodes: [Number(half[1])],
      first: mark.first - 2,
      last: mark.first,
      start: from.start,
      end: to.end,
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
