/** Seasons and episodes as one mark in a name says them. */
export interface Numbers {
  seasons?: number[];
  episodes?: number[];
  end: number;
  /** How many episodes there are, from "of 24" or 全24集; says nothing about which this is. */
  count?: number;
  part?: number;
  /** The number of a disc of a series: "Vol. 3". */
  volume?: number;
  version?: number;
  complete?: boolean;
}

/** Reads what stands at `at` of a lower-case name about seasons and episodes in so many words: S01E02, 1x02, Season 2, 第二季, Ep. 5. */
export function numbersAt(lower: string, at: number): Numbers | undefined {
  const rules = BY_FIRST.get(lower.charCodeAt(at));
  if (rules === undefined) return undefined;
  for (const read of rules) {
    const numbers = read(lower, at);
    if (numbers !== undefined) return numbers;
  }
  return undefined;
}

type Reader = (lower: string, at: number) => Numbers | undefined;
const BY_FIRST = new Map<number, Reader[]>();

function reader(first: string, read: Reader): void {
  for (const sign of first) {
    const list = BY_FIRST.get(sign.charCodeAt(0)) ?? [];
    list.push(read);
    BY_FIRST.set(sign.charCodeAt(0), list);
  }
}

/** Runs a pattern at one place. */
function at(pattern: RegExp, lower: string, place: number): RegExpExecArray | null {
  pattern.lastIndex = place;
  return pattern.exec(lower);
}

/** The longest run of episodes or seasons that is believed. */
const LONGEST_RUN = 2000;

/** first, first + 1, … last; only the two ends when the run is unbelievable. */
export function run(first: number, last: number): number[] {
  if (last < first || last - first > LONGEST_RUN) return last === first ? [first] : [first, last].sort((a, b) => a - b);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

const unique = (numbers: number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);

// S01E02 and everything that may follow
const S_E = /[so](\d{1,4})[ ._]?(?:-[ ._]?)?(?:xe|ep?[ ._]?|x|эп?)(\d{1,5})/y;
const S_E_APART = /s(\d{1,4})(?:[ ._]{1,2}|[ ._]?-[ ._]?)(?:ep?s?\.?[ ._]?|x)(\d{1,5})/y;
const S_E_SIGNED = /s[eno]\.?[ ._]?(\d{1,2})[ ._](?:ep?|afl)\.?[ ._]?(\d{1,4})/y;
const SO_E = /so(\d)e(\d{1,3})/y;
const MORE_RANGE =
  /[ ._]?[-~][ ._]?(?:s\d{1,4}[ ._]?)?(?:ep?|x)(\d{1,5})(?![\dp])|-(\d{1,4})(?![\dpix]|\.\d(?!\d))(?=$|[^a-z])|~(\d{1,4})(?![\dpix])/y;
const MORE_NEXT =
  /(?:[ ._]?(?:&|\+|and|en)?[ ._]?(?:s\d{1,4}[ ._]?)?(?:ep?)|x|[ ._](?:and|&)[ ._]s\d{1,4}[ ._]?ep?)(\d{1,5})(?![\dp])/y;
const MORE_AND = /[ ._](?:en|&|and)[ ._](\d{1,3})(?!\d)/y;
const HALF = /\.(5)(?=$|[^a-z0-9.])/y;
const OF = /[ ._]?(?:of|из|iz)[ ._](\d{1,4})/y;
const V = /[ ._]?v(\d)(?![\da-z])/y;
const LETTER_AFTER = /[ab](?![a-z0-9])/y;

/** What follows the first episode of a mark: more of them, a half, a version, "of 24". */
function follow(lower: string, start: { seasons?: number[]; first: number; end: number }): Numbers {
  const episodes = [start.first];
  let end = start.end;
  const result: Numbers = { end };
  let version = at(V, lower, end);
  if (version !== null) {
    result.version = Number(version[1]);
    end = V.lastIndex;
  } else if (at(LETTER_AFTER, lower, end) !== null) end++;
  const half = at(HALF, lower, end);
  if (half !== null) {
    episodes[0] = start.first + 0.5;
    end = HALF.lastIndex;
  } else {
    for (let i = 0; i < 200; i++) {
      const last = episodes.at(-1)!;
      const range = at(MORE_RANGE, lower, end);
      if (range !== null) {
        const to = Number(range[1] ?? range[2] ?? range[3]);
        const marked = range[1] !== undefined;
        if (to < last || (!marked && to - last > 300)) break;
        episodes.push(...run(last, to));
        end = MORE_RANGE.lastIndex;
        version = at(V, lower, end);
        if (version !== null) end = V.lastIndex;
        continue;
      }
      const next = at(MORE_NEXT, lower, end) ?? at(MORE_AND, lower, end);
      if (next === null) break;
      const to = Number(next[1]);
      if (to < last) break;
      episodes.push(to);
      end += next[0].length;
    }
  }
  const of = at(OF, lower, end);
  if (of !== null) {
    result.count = Number(of[1]);
    end = OF.lastIndex;
  }
  result.end = end;
  result.episodes = unique(episodes);
  if (start.seasons !== undefined) result.seasons = start.seasons;
  return result;
}

reader('s', (lower, place) => {
  for (const pattern of [S_E, S_E_APART, S_E_SIGNED]) {
    const match = at(pattern, lower, place);
    if (match !== null && lower[place] === 's')
      return follow(lower, { seasons: [Number(match[1])], first: Number(match[2]), end: pattern.lastIndex });
  }
  const so = at(SO_E, lower, place);
  return so === null
    ? undefined
    : follow(lower, { seasons: [Number(so[1])], first: Number(so[2]), end: SO_E.lastIndex });
});
const T_E = /t(\d{1,2})[ ._]?x?[ec](\d{1,4})/y;
reader('t', (lower, place) => {
  const match = at(T_E, lower, place);
  return match === null
    ? undefined
    : follow(lower, { seasons: [Number(match[1])], first: Number(match[2]), end: T_E.lastIndex });
});

// 1x02
const N_X_N = /(\d{1,4})x(\d{1,4})(?!\d)/y;
const X_MORE = /[ ._]?(?:-|&|\+)?[ ._]?(?:\d{1,4})?x(\d{1,3})(?!\d)|-(\d{1,3})(?![\dpix])/y;
const N_E_N = /(\d{2})ep?(\d{2,3})(?!\d|[a-z])/y;
reader('0123456789', (lower, place) => {
  const match = at(N_X_N, lower, place);
  if (match !== null) {
    const [season, first] = [Number(match[1]), Number(match[2])];
    const asYear = season >= 1940 && season <= 2100;
    if ((season > 99 && !asYear) || match[2]!.length > 3 || (season > 30 && !asYear && match[1]!.length > 2))
      return undefined;
    const episodes = [first];
    let end = N_X_N.lastIndex;
    for (let i = 0; i < 50; i++) {
      const more = at(X_MORE, lower, end);
      if (more === null) break;
      const to = Number(more[1] ?? more[2]);
      const range = more[0].includes('-');
      if (to <= episodes.at(-1)! || to - episodes.at(-1)! > 60) break;
      episodes.push(...(range ? run(episodes.at(-1)!, to) : [to]));
      end = X_MORE.lastIndex;
    }
    const of = at(OF, lower, end);
    if (of !== null) end = OF.lastIndex;
    return { seasons: [season], episodes: unique(episodes), end };
  }
  const loose = at(N_E_N, lower, place);
  return loose === null
    ? undefined
    : { seasons: [Number(loose[1])], episodes: [Number(loose[2])], end: N_E_N.lastIndex };
});

// Seasons alone
const SEASON_WORD =
  'seasons?|saisons?|temporadas?|temp|stagion[ei]|staffeln?|sezony?|sezonul|seizoen|сезоны?|sæson|säsong|sez';
const SPELLED =
  'one|two|three|four|five|six|seven|eight|nine|ten|un|deux|trois|quatre|cinq|sept|huit|neuf|dix|first|second|third|fourth|fifth';
const SPELLED_VALUE: Record<string, number> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  un: 1,
  deux: 2,
  trois: 3,
  quatre: 4,
  cinq: 5,
  sept: 7,
  huit: 8,
  neuf: 9,
  dix: 10,
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  ii: 2,
  iii: 3,
  iv: 4,
  i: 1,
  v: 5,
  vi: 6,
  vii: 7,
  viii: 8,
};
const valueOf = (text: string): number => SPELLED_VALUE[text] ?? Number(text);
const SEASON = new RegExp(
  `(?:${SEASON_WORD})(?: ?[:№#]| №)?[ ._(-]{0,3}(?:№|#)?(\\d{1,3}|(?:${SPELLED})(?![a-z]))(?!\\d)`,
  'y',
);
const SEASON_MORE = new RegExp(
  `(?:[-~:]|[ ._]?(?:to|a|through|~)[ ._]|[ ._]?-[ ._]?(?:${SEASON_WORD})[ ._-]?)(?:(?:${SEASON_WORD})[ ._-]?)?(\\d{1,2})(?![\\dpix]|-bit)|(?:[ ._]?(?:,|&|\\+|and|y|e|i)[ ._]?(?:&[ ._])?|[ ._])(?!5[ ._]1|7[ ._]1|2[ ._]0)(\\d{1,2})(?![\\dpix]|[ ._]?(?:of|из)|-bit|[ ._]?(?:bit|ch))`,
  'y',
);
const ORDINAL = new RegExp(
  `(\\d{1,2})[ ._-]?(?:st|nd|rd|th|-?[йя]|ª|º|°|a\\.|\\.)?[ ._-]{0,2}(?:${SEASON_WORD})(?![a-zа-я]|[ ._-]\\d{1,2}-\\d)`,
  'y',
);
const SPELLED_SEASON = new RegExp(`(first|second|third|fourth|fifth|final)[ ._-](?:season)(?![a-z])`, 'y');
const ORDINAL_RANGE = new RegExp(`(\\d{1,2})(?:ª|º|°|a)[ ._]a[ ._](\\d{1,2})(?:ª|º|°|a)[ ._](?:${SEASON_WORD})`, 'y');
const S_ONLY = /s(\d{1,4})(?![\da-z])/y;
const S_MORE =
  /(?:-{1,2}|~)s?(\d{1,2})(?![\dpix])|[ ._]?(?:-{1,2}|~|to|\.to\.)[ ._]?s(\d{1,2})(?![\dpixe])|[ ._]?(?:&|\+|,)[ ._]?s(\d{1,2})(?![\dpix])|[ ._]s(\d{1,2})(?![\dpixe])/y;
const S_LOOSE_MORE = /[ ._](\d{2})(?![\dpix]|-\d|[ ._]?(?:bit|of))/y;
const SEASON_OF = /(?:season)[ ._](\d{1,2})of\d{1,2}/y;
const EPISODE_WORD =
  'episodes?|episodios?|épisodes?|eps?|e|odcinek|odcinki|afl|folgen?|серии|серия|серій|эпизод|capitulo|cap|сери[яи]|seri[ya]a?|выпуск|bölüm';
const EPISODES_AFTER = new RegExp(
  `(?:[ ._,/-]{0,3}|[ ._]?\\()(?:${EPISODE_WORD})(?: ?[:№#]|[ ._]№)?[ ._-]{0,2}(\\d{1,5})(?![\\d])`,
  'y',
);
const DASH_EPISODE = /[ ._](\d{1,3})-(\d{1,3})(?![\dp])/y;

/** "Final Season - 75" is an episode of the season that has no number. */
const FINAL = /final[ ._-]$/;
const AFTER_DASH = /[ ._]-[ ._]?[0-9]+$/;

reader('sstfисcтч', (lower, place) => {
  const of = at(SEASON_OF, lower, place);
  if (of !== null) return { seasons: [Number(of[1])], end: SEASON_OF.lastIndex };
  const match = at(SEASON, lower, place);
  if (match === null || (AFTER_DASH.test(match[0]) && FINAL.test(lower.slice(Math.max(0, place - 6), place))))
    return undefined;
  const seasons = [valueOf(match[1]!)];
  return moreSeasons(lower, { seasons, end: SEASON.lastIndex });
});
const S_DISC = /s(\d{1,2})d(?:isc)?\d{1,2}(?![\da-z])/y;
const SERIES_OF = /series[ ._](\d{1,2})[ ._](?=\d{1,2}[ ._]?of[ ._]?\d)/y;
reader('s', (lower, place) => {
  const disc = at(S_DISC, lower, place);
  if (disc !== null) return { seasons: [Number(disc[1])], end: S_DISC.lastIndex };
  const series = at(SERIES_OF, lower, place);
  if (series !== null) return { seasons: [Number(series[1])], end: SERIES_OF.lastIndex };
  const match = at(S_ONLY, lower, place);
  if (match === null) return undefined;
  const seasons = [Number(match[1])];
  let end = S_ONLY.lastIndex;
  for (let i = 0; i < 40; i++) {
    const more = at(S_MORE, lower, end);
    if (more === null) break;
    const to = Number(more[1] ?? more[2] ?? more[3] ?? more[4]);
    const last = seasons.at(-1)!;
    if (to <= last || to - last > 40) break;
    if (
      more[1] !== undefined &&
      more[1].length !== String(lower.slice(place + 1, end)).length &&
      seasons.length === 1
    ) {
      return { seasons, episodes: [to], end: S_MORE.lastIndex };
    }
    seasons.push(...(more[1] !== undefined || more[2] !== undefined ? run(last, to) : [to]));
    end = S_MORE.lastIndex;
  }
  if (seasons.length === 1) {
    const dash = at(DASH_EPISODE, lower, end);
    if (dash !== null && Number(dash[2]) > Number(dash[1])) {
      return { seasons, episodes: run(Number(dash[1]), Number(dash[2])), end: DASH_EPISODE.lastIndex };
    }
    for (let i = 0; i < 10; i++) {
      const more = at(S_LOOSE_MORE, lower, end);
      if (more === null || Number(more[1]) <= seasons.at(-1)! || Number(more[1]) - seasons.at(-1)! > 9) break;
      seasons.push(Number(more[1]));
      end = S_LOOSE_MORE.lastIndex;
    }
  }
  return { seasons: unique(seasons), end };
});
reader('0123456789', (lower, place) => {
  const range = at(ORDINAL_RANGE, lower, place);
  if (range !== null) return { seasons: run(Number(range[1]), Number(range[2])), end: ORDINAL_RANGE.lastIndex };
  const match = at(ORDINAL, lower, place);
  if (match === null) return undefined;
  return withEpisodes(lower, { seasons: [Number(match[1])], end: ORDINAL.lastIndex });
});
reader('fst', (lower, place) => {
  const match = at(SPELLED_SEASON, lower, place);
  if (match === null || match[1] === 'final') return undefined;
  return { seasons: [valueOf(match[1]!)], end: SPELLED_SEASON.lastIndex };
});

function moreSeasons(lower: string, start: { seasons: number[]; end: number }): Numbers {
  const seasons = start.seasons;
  let end = start.end;
  for (let i = 0; i < 40; i++) {
    const more = at(SEASON_MORE, lower, end);
    if (more === null) break;
    const last = seasons.at(-1)!;
    const to = Number(more[1] ?? more[2]);
    if (to <= last || to - last > 40) break;
    seasons.push(...(more[1] !== undefined ? run(last, to) : [to]));
    end = SEASON_MORE.lastIndex;
  }
  return withEpisodes(lower, { seasons: unique(seasons), end });
}

/** "Season 2 Episode 5" in one mark. */
function withEpisodes(lower: string, season: { seasons: number[]; end: number }): Numbers {
  const match = at(EPISODES_AFTER, lower, season.end);
  if (match === null || season.seasons.length > 1) return season;
  return follow(lower, { seasons: season.seasons, first: Number(match[1]), end: EPISODES_AFTER.lastIndex });
}

// Episodes alone
const EPISODE = new RegExp(
  `(?:episodes?|episodios?|épisodes?|eps?|odcinek|afl|folge|серии|серия|эпизод|cap(?:itulo)?|серій)(?: ?[:№#])?[ ._-]{0,2}(?:№|#)?(\\d{1,5})(?!\\d)`,
  'y',
);
const E_NEXT = /[ ._](\d{2,3})(?![\dpix])/y;
reader('eеacfсэo', (lower, place) => {
  const match = at(EPISODE, lower, place) ?? (lower[place] === 'e' ? at(E_VERSIONED, lower, place) : null);
  if (match === null) return undefined;
  const end = place + match[0].length;
  const value = Number(match[1]);
  if (lower.startsWith('cap', place) && value > 99) {
    const to = at(CAP_TO, lower, end);
    const season = Math.floor(value / 100);
    const episodes =
      to !== null && Math.floor(Number(to[1]) / 100) === season ? run(value % 100, Number(to[1]) % 100) : [value % 100];
    return { seasons: [season], episodes, end: to === null ? end : CAP_TO.lastIndex };
  }
  const to = at(TO, lower, end);
  if (to !== null && Number(to[1]) > value) return { episodes: run(value, Number(to[1])), end: TO.lastIndex };
  const numbers = follow(lower, { first: value, end });
  for (let i = 0; i < 10 && lower[place + 1] !== 'p'; i++) {
    const more = at(E_NEXT, lower, numbers.end);
    if (
      more === null ||
      Number(more[1]) <= numbers.episodes!.at(-1)! ||
      Number(more[1]) - numbers.episodes!.at(-1)! > 2
    )
      break;
    numbers.episodes!.push(Number(more[1]));
    numbers.end = E_NEXT.lastIndex;
  }
  return numbers;
});
const E_VERSIONED = /e(\d{1,4})(?=v\d(?!\d)|[ab]?(?![\da-z])|e\d)/y;
const CAP_TO = /[_-](\d{3,4})(?!\d)/y;
const TO = /[ ._]?(?:al?|to|-|~)[ ._](\d{1,4})(?![\dpx])/y;

// Chinese and Japanese
const HAN_DIGITS = '零一二三四五六七八九';
const HAN = '[0-9一二三四五六七八九十百两]{1,5}';
const HAN_MARK = new RegExp(
  `第 ?(${HAN}(?:\\.5)?) ?(?:[-~至到] ?第? ?(${HAN}) ?)?(季|期|部分|部|集|话|話|回|章|弾|巻|卷)`,
  'y',
);
const HAN_ALL = new RegExp(`全 ?(${HAN}) ?(?:集|话|話|回)`, 'y');
const HAN_COMPLETE = /全集|合集|特典|全部/y;
const N_SHOWN = /(\d{1,4})(?:\.5)? ?(?:话|話|集|回)/y;
reader('第', (lower, place) => {
  const match = at(HAN_MARK, lower, place);
  if (match === null) return undefined;
  const [first, last] = [hanNumber(match[1]!), match[2] === undefined ? undefined : hanNumber(match[2])];
  if (Number.isNaN(first)) return undefined;
  const numbers = last === undefined || Number.isNaN(last) ? [first] : run(first, last);
  const unit = match[3]!;
  if ('季期'.includes(unit)) return { seasons: numbers, end: HAN_MARK.lastIndex };
  if (unit === '部分') return { part: first, end: HAN_MARK.lastIndex };
  return '集话話回'.includes(unit) ? { episodes: numbers, end: HAN_MARK.lastIndex } : undefined;
});
reader('全合特', (lower, place) => {
  const match = at(HAN_ALL, lower, place);
  if (match !== null) return { count: hanNumber(match[1]!), complete: true, end: HAN_ALL.lastIndex };
  return at(HAN_COMPLETE, lower, place) === null ? undefined : { complete: true, end: HAN_COMPLETE.lastIndex };
});
reader('0123456789', (lower, place) => {
  const match = at(N_SHOWN, lower, place);
  return match === null ? undefined : { episodes: [Number.parseFloat(match[0])], end: N_SHOWN.lastIndex };
});

function hanNumber(text: string): number {
  if (/^[0-9.]+$/.test(text)) return Number(text);
  let value = 0;
  let digit = 0;
  for (const sign of text) {
    if (sign === '十') {
      value += (digit === 0 ? 1 : digit) * 10;
      digit = 0;
    } else if (sign === '百') {
      value += (digit === 0 ? 1 : digit) * 100;
      digit = 0;
    } else {
      const one = sign === '两' ? 2 : HAN_DIGITS.indexOf(sign);
      if (one === -1) return Number.NaN;
      digit = digit * 10 + one;
    }
  }
  return value + digit;
}

const N_BOLUM = /(\d{1,4})[. ]{0,2}(?:blm|bolum|bölüm)(?![a-z])/y;
reader('0123456789', (lower, place) => {
  const match = at(N_BOLUM, lower, place);
  return match === null ? undefined : { episodes: [Number(match[1])], end: N_BOLUM.lastIndex };
});
const ALL_SEASONS = /all[ ._](?:\d{1,2}[ ._])?seasons(?:[ ._]?\(?(\d{1,2})-(\d{1,2})\)?)?/y;
reader('a', (lower, place) => {
  const match = at(ALL_SEASONS, lower, place);
  if (match === null) return undefined;
  const seasons = match[1] === undefined ? {} : { seasons: run(Number(match[1]), Number(match[2])) };
  return { ...seasons, complete: true, end: ALL_SEASONS.lastIndex };
});

// Of and parts
const N_OF_N = /(\d{1,3})[ ._]?(?:of|из)[ ._]?(\d{1,3})(?![\da-z])/y;
reader('0123456789', (lower, place) => {
  const match = at(N_OF_N, lower, place);
  if (match === null || Number(match[1]) > Number(match[2])) return undefined;
  return { episodes: [Number(match[1])], count: Number(match[2]), end: N_OF_N.lastIndex };
});
const PART =
  /(?:part|pt|parte)[ ._]?(\d{1,2}|i{1,3}|iv|v|vi{0,3}|one|two|three|four|five|un|deux|trois|[ab](?![a-z]))(?![\da-z])/y;
reader('p', (lower, place) => {
  const match = at(PART, lower, place);
  if (match === null) return undefined;
  return { part: match[1] === 'a' ? 1 : match[1] === 'b' ? 2 : valueOf(match[1]!), end: PART.lastIndex };
});
const VOLUME = /vol(?:ume)?\.?[ ._]?(\d{1,2})(?:v\d)?(?![\da-z])/y;
reader('v', (lower, place) => {
  const match = at(VOLUME, lower, place);
  return match === null ? undefined : { volume: Number(match[1]), end: VOLUME.lastIndex };
});
