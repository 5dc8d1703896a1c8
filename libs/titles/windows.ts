import type { Field, ParsedName } from '#libs/release-name/parsed-name';

/** A stretch of a name: where it stands, and its text as a person would write it. */
export interface Window {
  span: [start: number, end: number];
  text: string;
}

/**
 * The stretches of a name that may be the whole of a title which was read only in part, longest first: from where the title begins, or the
 * words just before it, over what was taken for a season, a film or the name of an episode, up to the first thing that no title has. The
 * last is the title itself.
 */
export function windowsOf(parsed: ParsedName, title: Field<string>): Window[] {
  const [from, to] = title.span;
  const ends = endsOf(parsed, title).filter((end) => end >= to);
  return startsOf(parsed, from)
    .flatMap((start) => ends.map((end) => windowOf(parsed, [start, end])))
    .sort((a, b) => b.span[1] - b.span[0] - (a.span[1] - a.span[0]));
}

/** The ways to take a title for two names one after the other, the second as long as may be: みなみけ 南家三姐妹. */
export function* pairsOf(
  parsed: ParsedName,
  { title, isKnown }: { title: Field<string>; isKnown: (text: string) => boolean },
): Iterable<[Window, Window]> {
  const ends = endsOf(parsed, title);
  for (const start of startsOf(parsed, title.span[0])) {
    for (const middle of ends) {
      if (middle >= title.span[1]) break;
      const left = windowOf(parsed, [start, middle]);
      if (!isKnown(left.text)) continue;
      for (const end of ends.toReversed()) if (end > middle) yield [left, windowOf(parsed, [middle, end])];
    }
  }
}

/** A title taken apart where a word ends, so that both halves are names of one work: BLEACH 死神; undefined for any other. */
export function pairOf(title: string, worksNamed: (text: string) => ReadonlySet<string>): [string, string] | undefined {
  let ends = 0;
  for (const word of title.slice(0, LONGEST).matchAll(WORD)) {
    const end = word.index + word[0].length;
    if (end === title.length || ++ends > MOST_ENDS) return undefined;
    const left = title.slice(0, end);
    const works = worksNamed(left);
    if (works.size === 0) continue;
    const right = title.slice(end);
    if ([...worksNamed(right)].some((work) => works.has(work))) return [left, right];
  }
  return undefined;
}

/** The title with the words beside it that say which of its works is meant: 剧场版, OVA, Part 2. */
export function spokenTitle({ name, form, part }: ParsedName, { value, span }: Field<string>): string {
  const said = [form?.value === 'movie' || form?.value === 'ova' || form?.value === 'special' ? form : undefined, part]
    .filter((field) => field !== undefined)
    .filter((field) => isBeside(name, span, field.span));
  return [value, ...said.map((field) => name.slice(...field.span))].join(' ');
}

/** Beyond so many words, or letters, a title does not go on. */
const MOST_ENDS = 24;
const LONGEST = 300;

/** Where the first fact begins that is in no title: how it was made, by whom, in which language. */
function limitOf(parsed: ParsedName, from: number): number {
  const facts = [
    parsed.resolution,
    parsed.source,
    parsed.video_codec,
    parsed.color_depth,
    parsed.channels,
    parsed.network,
    parsed.group,
    parsed.crc,
    parsed.container,
    parsed.size,
    parsed.site,
    ...parsed.hdr,
    ...parsed.audio_codecs,
    ...parsed.subtitles,
    ...parsed.ids,
  ];
  let limit = parsed.name.length;
  for (const fact of facts)
    if (fact !== undefined && fact.span[0] >= from && fact.span[0] < limit) limit = fact.span[0];
  return limit;
}

/** Where words end from the beginning of a title on, as far as a title may go. */
function endsOf(parsed: ParsedName, { span: [from, to] }: Field<string>): number[] {
  const { name } = parsed;
  const limit = Math.min(limitOf(parsed, to), from + LONGEST);
  const ends = new Set([to]);
  for (const word of name.slice(from, limit).matchAll(WORD)) {
    const end = from + word.index + word[0].length;
    if (ends.size < MOST_ENDS && !isEpisode(parsed, { to, end })) ends.add(end);
  }
  return [...ends].sort((a, b) => a - b);
}
const WORD = /[\p{L}\p{N}]+/gu;

/** "Title - 2" is the second episode and no second season: nothing ends with a number that stands apart. */
function isEpisode(
  { name, episodes, absolute_episodes, date }: ParsedName,
  { to, end }: { to: number; end: number },
): boolean {
  if (end <= to) return false;
  return [episodes, absolute_episodes, date].some(
    (field) => field?.span[1] === end && /^[\s._]*[^\s._\p{L}\p{N}]/u.test(name.slice(to, field.span[0] + 1)),
  );
}

/** Where a title begins, and where the words do that stand before it without a bracket or a slash between. */
function startsOf({ name }: ParsedName, from: number): number[] {
  let start = from;
  while (start > 0 && !APART.test(name[start - 1]!)) start--;
  while (start < from && /[\s._-]/.test(name[start]!)) start++;
  return start < from ? [start, from] : [from];
}
const APART = /[[\](){}【】「」『』（）/|／★☆]/;

function windowOf({ name }: ParsedName, span: [start: number, end: number]): Window {
  return {
    span,
    text: name
      .slice(...span)
      .replace(/[._]/g, ' ')
      .trim(),
  };
}

/** Whether nothing but a space or a bracket is between a title and a word. */
function isBeside(
  name: string,
  [from, to]: readonly [number, number],
  [start, end]: readonly [number, number],
): boolean {
  if (start >= from && end <= to) return false;
  const gap = start >= to ? name.slice(to, start) : end <= from ? name.slice(end, from) : '-----';
  return /^[\s._()[\]【】:：-]{0,3}$/.test(gap);
}
