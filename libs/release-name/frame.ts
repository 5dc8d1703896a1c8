import type { Mark } from './marks.js';
import type { Bracket, Scan } from './scan.js';

/** The outer shape of a name: what stands before the title. */
export interface Frame {
  /** The token at which a title may begin. */
  first: number;
  /** The bracket at the beginning that names who made the release, an index into the brackets, or -1. */
  leading: number;
  /** True when the name is built the way fansubbers build it: numbers without an S or E are episodes. */
  anime: boolean;
  /** True when title and numbers stand in brackets of their own. */
  boxed: boolean;
}

/** Takes off what stands before the title: sites, technical words, the group in brackets, labels such as ★04月新番★. */
export function frameOf(scan: Scan, marks: readonly Mark[]): Frame {
  const { tokens, brackets, lower } = scan;
  const markAt = new Map(marks.map((mark) => [mark.first, mark]));
  const covered = coverage(tokens.length, marks);
  let p = 0;
  let leading = -1;
  let labelled = false;
  for (let guard = 0; guard < 12 && p < tokens.length; guard++) {
    const box = boxAt(scan, p);
    if (box !== -1) {
      const bracket = brackets[box]!;
      const empty = bracket.last === bracket.first;
      const inside = marks.filter((mark) => mark.first >= bracket.first && mark.last <= bracket.last);
      const site = inside.some((mark) => mark.site !== undefined);
      const technical = allCovered(covered, bracket) && !inside.some((mark) => mark.numbers !== undefined);
      const label = isLabel(lower.slice(bracket.start + 1, bracket.end - 1));
      if (
        empty ||
        site ||
        label ||
        (technical && inside.length > 0 && !onlyYearThenNothing(scan, { bracket, inside }))
      ) {
        p = Math.max(bracket.last, p + 1);
        labelled ||= label;
        continue;
      }
      if (leading !== -1 && bracket.sign === '[' && wordsFollow(scan, { covered, bracket })) {
        p = bracket.last;
        continue;
      }
      if (
        leading === -1 &&
        bracket.sign === '[' &&
        !isLongText(bracket, tokens.length) &&
        !allCovered(covered, bracket)
      ) {
        leading = box;
        p = bracket.last;
        continue;
      }
      break;
    }
    const mark = markAt.get(p);
    if (
      mark !== undefined &&
      tokens[p]!.bracket === -1 &&
      (mark.site !== undefined || leadsIn(mark) || (mark.date !== undefined && p === 0))
    ) {
      p = mark.last;
      continue;
    }
    if (isSeason(scan, p)) {
      p += tokens[p + 1]?.wide === true && /新番/.test(tokens[p + 1]!.text) ? 2 : 1;
      continue;
    }
    if (
      p === 0 &&
      /^\d{1,4}$/.test(tokens[0]!.text) &&
      tokens[0]!.bracket === -1 &&
      !covered[0] &&
      boxAt(scan, 1) !== -1 &&
      isGroupBox(scan, { box: boxAt(scan, 1), covered })
    ) {
      p = 1;
      continue;
    }
    break;
  }
  p = behindFilm(scan, p);
  const frame: Frame = {
    first: p,
    leading,
    anime: leading !== -1 || labelled || marks.some((mark) => mark.term?.fact === 'crc'),
    boxed: false,
  };
  if (leading !== -1 && !hasTitle(scan, { covered, from: p, marks })) {
    frame.first = brackets[leading]!.first;
    frame.leading = -1;
  }
  const box = frame.first < tokens.length ? boxAt(scan, frame.first) : -1;
  frame.boxed = box !== -1 && brackets[box]!.sign === '[';
  return frame;
}

/** "37 [Ruberia]_Death_Note": a bracket of words with more words behind it. */
function isGroupBox({ brackets, tokens }: Scan, { box, covered }: { box: number; covered: Uint8Array }): boolean {
  const bracket = brackets[box]!;
  return (
    bracket.sign === '[' &&
    !allCovered(covered, bracket) &&
    bracket.last < tokens.length &&
    tokens[bracket.last]!.bracket === -1 &&
    covered[bracket.last] === 0
  );
}

/** Whether the words of a title stand directly behind a bracket, outside of any. */
function wordsFollow({ tokens }: Scan, { covered, bracket }: { covered: Uint8Array; bracket: Bracket }): boolean {
  const next = tokens[bracket.last];
  return (
    next !== undefined &&
    next.bracket === bracket.parent &&
    covered[bracket.last] === 0 &&
    !/^\d+(?:v\d)?$|^(?:end|fin)$/.test(next.text)
  );
}

/** "James_Bond-f21-Casino_Royale": the title of a film of a series stands behind its number. */
function behindFilm({ tokens, lower }: Scan, p: number): number {
  for (let i = p + 1; i < tokens.length - 1 && i < p + 6; i++) {
    const token = tokens[i]!;
    if (/^f\d{1,2}$/.test(token.text) && lower[token.start - 1] === '-' && lower[token.end] === '-') return i + 1;
  }
  return p;
}

/** The bracket that opens directly before a token, or -1. Of nested ones the innermost. */
export function boxAt({ tokens, brackets }: Scan, index: number): number {
  const token = tokens[index];
  if (token === undefined) return -1;
  return token.bracket !== -1 && brackets[token.bracket]!.first === index ? token.bracket : -1;
}

/** Which tokens are part of a mark that is no bare part or year. */
export function coverage(count: number, marks: readonly Mark[]): Uint8Array {
  const covered = new Uint8Array(count);
  for (const mark of marks) for (let i = mark.first; i < mark.last; i++) covered[i] = 1;
  return covered;
}

export function allCovered(covered: Uint8Array, bracket: Bracket): boolean {
  for (let i = bracket.first; i < bracket.last; i++) if (covered[i] === 0) return false;
  return true;
}

const LABEL =
  /^(?:国漫|动漫|動漫|动画|動畫|日漫|anime|tv|国产剧|美剧|日剧|韩剧|电影|完结|连载|新番|[^a-z]{0,6}新番|movie|剧场版|\d{1,2}月(?:新番)?|animations?\(动画片\)|动画片|series|电视剧)$/;
const isLabel = (text: string): boolean => LABEL.test(text.trim());

/** A season label outside of brackets: ★04月新番★. */
function isSeason({ tokens }: Scan, p: number): boolean {
  const [token, next] = [tokens[p]!, tokens[p + 1]];
  return (
    (/^\d{1,2}$/.test(token.text) && next?.wide === true && /^月新番/.test(next.text)) ||
    (token.wide && /^(?:月?新番|国漫)$/.test(token.text))
  );
}

const leadsIn = (mark: Mark): boolean =>
  mark.firm && mark.term !== undefined && (mark.term.fact === 'resolution' || mark.term.fact === 'source');

/** A long text in brackets at the beginning is a title, not a group. */
function isLongText(bracket: Bracket, tokens: number): boolean {
  return bracket.last - bracket.first > 9 || bracket.last === tokens;
}

/** "(2000) Title" leads in, a name that is nothing but "(1920)" does not. */
function onlyYearThenNothing(
  { tokens }: Scan,
  { bracket, inside }: { bracket: Bracket; inside: readonly Mark[] },
): boolean {
  return bracket.last >= tokens.length || inside.some((mark) => mark.year !== undefined && bracket.first > 0);
}

/** Whether any word from here on may belong to a title; a number may that stands before the dash of the episode, and no bracket may behind the one of the episode. */
function hasTitle(
  { tokens, brackets, lower }: Scan,
  { covered, from, marks }: { covered: Uint8Array; from: number; marks: readonly Mark[] },
): boolean {
  if (from < tokens.length && NUMBER_BEFORE_EPISODE.test(lower.slice(tokens[from]!.start, tokens[from]!.start + 24)))
    return true;
  const episode = marks.find((mark) => mark.numbers?.episodes !== undefined && tokens[mark.first]!.bracket !== -1);
  for (let i = from; i < tokens.length; i++) {
    if (tokens[i]!.bracket !== -1 && brackets[tokens[i]!.bracket]!.sign !== '[') continue;
    if (episode !== undefined && i > episode.first && tokens[i]!.bracket !== -1) continue;
    if (
      covered[i] === 0 &&
      !/^\d{1,4}(?:v\d)?$|^(?:end|fin|完|終|extr?a?s?|jap|vostfr|sub|chap)$/.test(tokens[i]!.text)
    )
      return true;
  }
  return false;
}
const NUMBER_BEFORE_EPISODE = /^(?:[1-9]\d{0,3}[ _.]+-[ _.]+0\d|\d{1,4}-\d[ _.]+-[ _.]+\d{1,3})(?:v\d)?(?![\da-z])/;
