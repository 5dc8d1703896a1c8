import type { ParsedName } from '#libs/release-name/parsed-name';

/**
 * A neutral reading of a name: what every parser under test is brought to, and what each corpus is compared with. Lists are ascending;
 * undefined is "does not say".
 */
export interface Reading {
  titles: string[];
  year?: number | undefined;
  seasons?: number[] | undefined;
  episodes?: number[] | undefined;
  absolute?: number[] | undefined;
  date?: string | undefined;
  part?: number | undefined;
  /** "Part 2" as it is written. */
  part_text?: string | undefined;
  form?: string | undefined;
  resolution?: string | undefined;
  group?: string | undefined;
}

/** Our own parser's answer as a reading. */
export function readingOf(parsed: ParsedName): Reading {
  return {
    titles: parsed.titles.map((title) => title.value),
    year: parsed.year?.value,
    seasons: parsed.seasons?.value,
    episodes: parsed.episodes?.value,
    absolute: parsed.absolute_episodes?.value,
    date: parsed.date?.value,
    part: parsed.part?.value,
    part_text: parsed.part === undefined ? undefined : parsed.name.slice(...parsed.part.span),
    form: parsed.form === undefined ? undefined : parsed.name.slice(...parsed.form.span),
    resolution: parsed.resolution?.value,
    group: parsed.group?.value,
  };
}

/** One case of a corpus: a name and what is expected of it, in the corpus's own words. */
export interface Case {
  name: string;
  expected: Record<string, unknown>;
  not_expected?: Record<string, unknown>;
  expected_absent?: string[];
  options?: string;
  mal_id?: number | null;
}

/** What a corpus expects, in neutral words; a fact that is not listed is not compared. `null` must be absent. */
export interface Expectation {
  /** Any of these spellings is right. */
  title?: string[] | null;
  /** Each of these must be among the titles. */
  every_title?: string[];
  year?: number | null;
  seasons?: number[] | null;
  episodes?: number[] | null;
  absolute?: number[];
  resolution?: string | null;
  group?: string | null;
}

/** A profile says how one corpus writes the neutral facts down. Undefined: nothing here to compare. */
export type Profile = (one: Case, reading: Reading) => Expectation | undefined;

const numbers = (value: unknown): number[] | undefined =>
  Array.isArray(value) ? value.map(Number) : value === undefined || value === null ? undefined : [Number(value)];
const text = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : String(Array.isArray(value) ? value[0] : value);

/** What a corpus's resolution says in lines: 1280x720 is 720p. */
function lines(value: unknown): string | undefined {
  const raw = text(value)?.toLowerCase();
  if (raw === undefined) return undefined;
  const size = /(\d{3,4})\s*[x×*]\s*(\d{3,4})/.exec(raw);
  if (size === null) return raw === '4k' || raw === 'uhd' ? '2160p' : /^\d+$/.test(raw) ? `${raw}p` : raw;
  return `${size[2]}p`;
}

/** guessit: a tag of a site behind the group counts as part of it, and is left out here; a season that is a year is the year as well; absolute numbers without a season are episodes; a part and a country stand beside the title, not in it. */
const guessit: Profile = (one, reading) => {
  const e = one.expected;
  if (one.options !== undefined) return undefined;
  const result: Expectation = {};
  if ('title' in e)
    result.title = spellings(text(e.title)!, {
      part: text(e.part) === undefined ? undefined : reading.part_text,
      country: text(e.country),
      alternative: text(e.alternative_title),
    });
  const seasonIsYear = reading.year === undefined && reading.seasons?.[0] === Number(e.year);
  if ('year' in e && !seasonIsYear) result.year = Number(e.year);
  if ('season' in e) result.seasons = numbers(e.season)!;
  if ('episode' in e) result.episodes = numbers(e.episode)!;
  if ('screen_size' in e) result.resolution = lines(e.screen_size)!;
  if ('release_group' in e) result.group = text(e.release_group)!.replace(/ ?\[[^\][]*\]$/, '');
  return result;
};

/** The title of a corpus that takes words out of it which another leaves in: with each of them it is as right as without. */
function spellings(
  title: string,
  {
    part,
    country,
    alternative,
  }: { part?: string | undefined; country?: string | undefined; alternative?: string | undefined },
): string[] {
  const all = [title];
  if (part !== undefined) all.push(`${title} ${part}`);
  if (country !== undefined) for (const word of [country, country === 'GB' ? 'UK' : '']) all.push(`${title} ${word}`);
  if (country !== undefined) all.push(`${country} ${title}`);
  if (alternative !== undefined) all.push(`${title} ${alternative}`);
  return all;
}

/** Sonarr: the title keeps the year, and the S2 of a fansub; episode 0 and season 0 say "none"; a lone part is an episode of season 1. */
const sonarr: Profile = (one, reading) => {
  const e = one.expected;
  const result: Expectation = {};
  const title = text(e.title) ?? text(e.title_without_year);
  const absolute = numbers(e.absolute_episode) ?? numbers(e.special_absolute_episode);
  const date = text(e.date);
  if (title !== undefined) {
    const season = reading.seasons?.[0];
    result.title = title === '' ? null : [title];
    if (reading.year !== undefined)
      result.title?.push(title.replace(new RegExp(`[ (\\[]*${reading.year}[)\\]]*\\s*$`), ''));
    if (season !== undefined && absolute !== undefined)
      result.title?.push(title.replace(new RegExp(`\\s*(?:S0?${season}|${season}(?:st|nd|rd|th) Season)$`, 'i'), ''));
    if (text(e.titles) !== undefined) result.title?.push(text(e.titles)!);
  } else if ('titles' in e)
    result.every_title = (e.titles as string[] | string) instanceof Array ? (e.titles as string[]) : [String(e.titles)];
  if (title !== undefined && 'titles' in e && !Array.isArray(e.titles)) result.every_title = [String(e.titles)];
  if ('year' in e) result.year = Number(e.year);
  if ('season' in e && Number(e.season) > 0 && reading.seasons !== undefined)
    result.seasons = e.multi_season === true ? [reading.seasons[0]!, ...reading.seasons.slice(1)] : numbers(e.season)!;
  if ('season' in e && Number(e.season) > 0) {
    const impliedOne = Number(e.season) === 1 && reading.seasons === undefined;
    result.seasons = impliedOne
      ? []
      : e.multi_season === true
        ? [Number(e.season), ...(reading.seasons ?? []).slice(1)]
        : numbers(e.season)!;
  }
  const full = e.full_season === true;
  const episodes = numbers(e.episode);
  if (absolute !== undefined && absolute[0] !== 0 && (episodes === undefined || episodes[0] === 0))
    result.episodes = absolute;
  else if (episodes !== undefined && episodes[0] !== 0 && !full && date === undefined) result.episodes = episodes;
  if (full && !('season' in e)) result.episodes = [];
  if (reading.part !== undefined && reading.episodes === undefined && reading.part_text !== undefined) {
    result.title?.push(...result.title.map((spelling) => `${spelling} ${reading.part_text}`));
    if (result.episodes?.[0] === reading.part) result.episodes = [];
  }
  if (isWritten(one.name, e.resolution)) result.resolution = lines(e.resolution)!;
  if ('release_group' in e) result.group = e.release_group === null ? null : text(e.release_group)!;
  return result;
};

/** Sonarr and Radarr guess a resolution from the source where a name says none; what is not written is not compared. */
const isWritten = (name: string, resolution: unknown): boolean => {
  const number = /\d+/.exec(text(resolution) ?? '')?.[0];
  return number !== undefined && (name.includes(number) || (number === '2160' && /4k|uhd/i.test(name)));
};

/** Radarr: the title is plain; `year: 0` says none. */
const radarr: Profile = (one) => {
  const e = one.expected;
  if (e.parseable === false) return undefined;
  const result: Expectation = {};
  if ('title' in e) result.title = [text(e.title)!];
  if ('titles' in e) result.every_title = (e.titles as string[]).slice(1);
  if ('year' in e) result.year = Number(e.year) === 0 ? null : Number(e.year);
  if (isWritten(one.name, e.resolution)) result.resolution = lines(e.resolution)!;
  if ('release_group' in e) result.group = e.release_group === null ? null : text(e.release_group)!;
  return result;
};

/** anitomy: words such as OVA, ED and Movie stay in the title; a range gives its two ends. */
const anitomy: Profile = (one) => {
  const e = one.expected;
  const result: Expectation = {};
  if ('title' in e) {
    result.title = [text(e.title)!];
    for (const type of [e.type].flat())
      if (type !== undefined)
        result.title.push(text(e.title)!.replace(new RegExp(`\\s*-?\\s*${String(type)}$`, 'i'), ''));
  }
  if ('year' in e) result.year = Number(e.year);
  if ('season' in e) result.seasons = numbers(e.season)!;
  if ('episode' in e) {
    const ends = Array.isArray(e.episode) ? numbers(e.episode)! : [Number.parseFloat(String(e.episode))];
    result.episodes = ends.length === 2 ? range(ends[0]!, ends[1]!) : ends;
  }
  if ('resolution' in e) result.resolution = lines(e.resolution)!;
  if ('release_group' in e) result.group = text(e.release_group)!;
  return result;
};
const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(1, to - from + 1) }, (_, i) => from + i);

/** MoviePilot: a Chinese and a Latin title; an episode without a season means season 1. `subtitle` lines are read by it, not by a name parser. */
const moviepilot: Profile = (one, reading) => {
  const e = one.expected;
  const absent = new Set(one.expected_absent ?? []);
  if ('subtitle' in one) return undefined;
  const result: Expectation = {};
  const titles = [text(e.title_zh), text(e.title_en)].filter((title): title is string => title !== undefined);
  if (titles.length > 0) result.every_title = titles;
  else result.title = null;
  if ('year' in e) result.year = Number(e.year);
  else if (absent.has('year')) result.year = null;
  if ('season' in e) result.seasons = Number(e.season) === 1 && reading.seasons === undefined ? [] : numbers(e.season)!;
  else if (absent.has('season')) result.seasons = null;
  if ('episode' in e)
    result.episodes = Array.isArray(e.episode)
      ? range(Number(e.episode[0]), Number(e.episode.at(-1)))
      : numbers(e.episode)!;
  else if (absent.has('episode')) result.episodes = null;
  if ('resolution' in e) result.resolution = lines(e.resolution)!;
  return result;
};

/** Auto_Bangumi: as MoviePilot, a range by its two ends, nothing implied. */
const autobangumi: Profile = (one) => {
  const e = one.expected;
  const result: Expectation = {
    every_title: [text(e.title_zh), text(e.title_en), text(e.title_jp)].filter(
      (title): title is string => title !== undefined,
    ),
  };
  if ('season' in e) result.seasons = numbers(e.season)!;
  if ('episode' in e)
    result.episodes = 'episode_end' in e ? range(Number(e.episode), Number(e.episode_end)) : numbers(e.episode)!;
  if ('year' in e) result.year = Number(e.year);
  if ('resolution' in e) result.resolution = lines(e.resolution)!;
  if ('group' in e) result.group = text(e.group)!;
  return result;
};

/** The two PTTs: lists of seasons and episodes, null for none; a year may be a span, of which nothing is compared. */
const ptt: Profile = (one) => {
  const e = one.expected;
  const result: Expectation = {};
  if (typeof e.title === 'string' && e.title !== '') result.title = [e.title];
  if ('year' in e) {
    if (e.year === null || e.year === '') result.year = null;
    else if (/^\d{4}$/.test(String(e.year))) result.year = Number(e.year);
  }
  for (const [theirs, ours] of [
    ['seasons', 'seasons'],
    ['episodes', 'episodes'],
  ] as const) {
    if (!(theirs in e)) continue;
    const value = e[theirs];
    result[ours] = value === null || (Array.isArray(value) && value.length === 0) ? null : numbers(value)!;
  }
  if (typeof e.resolution === 'string') result.resolution = e.resolution === '' ? null : lines(e.resolution)!;
  if ('group' in e) result.group = e.group === null || e.group === '' ? null : text(e.group)!;
  return result;
};

/** The small corpus of this project speaks the neutral words itself. */
const own: Profile = (one) => {
  const { title, ...facts } = one.expected as Omit<Expectation, 'title'> & { title?: unknown };
  return { ...facts, title: [String(title)] };
};

/** The one profile of each corpus, by the name of its file. */
export const PROFILES: Record<string, Profile> = {
  own,
  guessit,
  sonarr,
  radarr,
  anitomy,
  moviepilot,
  autobangumi,
  'ptt-go': ptt,
  'ptt-py': ptt,
};

/** The corpora that count as one: seven in all. */
export const CORPUS_OF: Record<string, string> = { 'ptt-go': 'ptt', 'ptt-py': 'ptt' };
