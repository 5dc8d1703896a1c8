import type { BareNumber } from './bare-number.js';
import type { Frame } from './frame.js';
import type { Mark } from './marks.js';
import type { Field, Form, ParsedName, Source } from './parsed-name.js';
import type { Scan } from './scan.js';
import { FORMS, type Zone } from './title.js';
import type { Fact } from './vocabulary.js';

interface Parts {
  marks: readonly Mark[];
  frame: Frame;
  zone: Zone;
  number: BareNumber | undefined;
}

/** Everything a name says beside its titles and its group. */
export function factsOf(scan: Scan, parts: Parts): Omit<ParsedName, 'name' | 'titles'> {
  const { marks } = parts;
  const facts: Omit<ParsedName, 'name' | 'titles'> = {
    hdr: [],
    audio_codecs: [],
    languages: [],
    subtitles: [],
    editions: [],
    ids: [],
    other: [],
  };
  const believed = marks.filter((mark) => mark.believed);
  for (const mark of believed) {
    if (mark.year !== undefined) facts.year = field(mark.year, mark);
    if (mark.site !== undefined) facts.site ??= field(scan.raw.slice(mark.start, mark.end), mark);
    if (mark.date !== undefined) facts.date ??= field(mark.date, mark);
    if (mark.term !== undefined) {
      addTerm(facts, { mark, raw: scan.raw, fact: mark.term.fact, value: mark.term.value });
      for (const more of mark.term.also ?? [])
        addTerm(facts, { mark, raw: scan.raw, fact: more.fact, value: more.value });
    }
  }
  addNumbers(facts, { ...parts, believed });
  addForm(facts, scan, parts);
  addVersion(facts, scan, parts);
  addEpisodeTitle(facts, scan, parts);
  addIds(facts, scan);
  return facts;
}

type Facts = Omit<ParsedName, 'name' | 'titles'>;
const field = <T>(value: T, at: { start: number; end: number }): Field<T> => ({
  value,
  span: [at.start, at.end],
  confidence: 1,
});

/** The lists, by what a word says. */
const LISTS = {
  hdr: 'hdr',
  audio_codec: 'audio_codecs',
  language: 'languages',
  subtitle: 'subtitles',
  edition: 'editions',
  other: 'other',
} as const;

function addTerm(
  facts: Facts,
  { mark, raw, fact, value }: { mark: Mark; raw: string; fact: Fact; value: string },
): void {
  const list = LISTS[fact as keyof typeof LISTS];
  if (list !== undefined) {
    if (!facts[list].some((one) => one.value === value)) facts[list].push(field(value, mark));
    return;
  }
  switch (fact) {
    case 'resolution':
      if (facts.resolution === undefined || betterResolution(value, { old: facts.resolution.value, mark }))
        facts.resolution = field(value, mark);
      break;
    case 'source':
      if (facts.source === undefined || facts.source.value === 'web') facts.source = field(value as Source, mark);
      break;
    case 'remux':
      facts.remux ??= field(true as const, mark);
      break;
    case 'complete':
      facts.complete ??= field(true as const, mark);
      break;
    case 'proper':
      facts.proper = facts.proper === undefined ? field(1, mark) : { ...facts.proper, value: facts.proper.value + 1 };
      break;
    case 'crc':
      facts.crc ??= field(raw.slice(mark.start, mark.end), mark);
      break;
    case 'network':
    case 'video_codec':
    case 'color_depth':
    case 'channels':
    case 'size':
      facts[fact] ??= field(value, mark);
      break;
    case 'version':
      facts.version ??= field(Number(value), mark);
      break;
    default:
  }
}

/** Of several the last is the file's own, and a number of lines says more than "UHD" or "FHD". */
const betterResolution = (value: string, { old, mark }: { old: string; mark: Mark }): boolean =>
  value !== old && value !== '2160p' && mark.term?.grip !== 'soft';

function addNumbers(facts: Facts, { marks, believed, number }: Parts & { believed: readonly Mark[] }): void {
  const part = marks.find((mark) => mark.numbers?.part !== undefined);
  if (part !== undefined) facts.part = field(part.numbers!.part!, part);
  for (const mark of believed) {
    const { numbers } = mark;
    if (numbers === undefined) continue;
    if (numbers.seasons !== undefined && facts.seasons === undefined) facts.seasons = field(numbers.seasons, mark);
    if (numbers.episodes !== undefined && facts.episodes === undefined) facts.episodes = field(numbers.episodes, mark);
    if (numbers.version !== undefined) facts.version ??= field(numbers.version, mark);
    if (numbers.complete === true) facts.complete ??= field(true as const, mark);
  }
  if (number === undefined) return;
  if (facts.episodes !== undefined) facts.absolute_episodes = field(number.episodes, number);
  else {
    facts.episodes = field(number.episodes, number);
    if (number.season !== undefined && facts.seasons === undefined) facts.seasons = field([number.season], number);
  }
  if (number.version !== undefined) facts.version ??= field(number.version, number);
}

const FORM_OF: Record<string, Form> = {
  ncop: 'opening',
  op: 'opening',
  nced: 'ending',
  ed: 'ending',
  pv: 'trailer',
  trailer: 'trailer',
  preview: 'trailer',
  cm: 'trailer',
  ova: 'ova',
  oad: 'ova',
  sp: 'special',
  special: 'special',
  specials: 'special',
  movie: 'movie',
  menu: 'extra',
  creditless: 'extra',
};

/** The number glued to a word such as OVA, with the half that may follow it. */
function decimal(
  lower: string,
  { token, digits }: { token: { start: number; end: number; text: string }; digits: string },
): Field<number[]> {
  const half = /^\.(\d)(?!\d)/.exec(lower.slice(token.end, token.end + 3));
  const start = token.start + token.text.indexOf(digits);
  const end = half === null ? start + digits.length : token.end + 2;
  return { value: [Number(digits) + (half === null ? 0 : Number(half[1]) / 10)], span: [start, end], confidence: 1 };
}

function addForm(facts: Facts, { tokens, lower }: Scan, { zone, frame, marks }: Parts): void {
  for (let i = zone.stretches[0]?.[0] ?? 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.wide && i >= frame.first - 1) {
      const form = /剧场版|劇場版|电影版|映画/.test(token.text)
        ? 'movie'
        : /特典|番外|特别篇|總集|总集/.test(token.text)
          ? 'special'
          : undefined;
      if (form !== undefined) facts.form ??= field<Form>(form, token);
      continue;
    }
    if (!FORMS.test(token.text)) continue;
    const word = token.text.replace(/\d*(?:v\d|(?<=\d)[a-z])?$/, '');
    const digits = /^[a-z]+?(\d+)/.exec(token.text.replace(/(?<=\d)v\d$/, ''))?.[1];
    if (i < zone.end && !['movie', 'ova', 'oad'].includes(word) && !(frame.anime && i > frame.first)) continue;
    if (i >= zone.end + 3 || (i < zone.end && !frame.anime && word === 'movie')) continue;
    const form = FORM_OF[word];
    if (form === undefined) continue;
    facts.form ??= field(form, token);
    if (digits !== undefined && facts.episodes === undefined && i >= zone.end)
      facts.episodes = decimal(lower, { token, digits });
    const next = tokens[i + 1];
    if (
      digits === undefined &&
      facts.episodes === undefined &&
      i >= zone.end &&
      next !== undefined &&
      /^\d{1,3}$/.test(next.text) &&
      !marks.some((mark) => mark.believed && mark.first === i + 1)
    ) {
      facts.episodes = field([Number(next.text)], next);
    }
    break;
  }
}

const VERSION = /^v([0-9])$/;

function addVersion(facts: Facts, { tokens }: Scan, { zone }: Parts): void {
  if (facts.version !== undefined) return;
  for (let i = Math.max(1, zone.end); i < tokens.length; i++) {
    const match = VERSION.exec(tokens[i]!.text);
    if (match !== null) {
      facts.version = field(Number(match[1]), tokens[i]!);
      return;
    }
  }
}

/** The words between the episode and the first technical mark or bracket behind it. */
function addEpisodeTitle(facts: Facts, { raw, tokens, lower }: Scan, { marks, number }: Parts): void {
  const episode = marks.find(
    (mark) => mark.believed && (mark.numbers?.episodes !== undefined || mark.date !== undefined),
  );
  const from = Math.max(episode?.last ?? 0, number?.last ?? 0);
  if (from === 0 || from >= tokens.length) return;
  const home = tokens[from]!.bracket;
  let last = from;
  while (
    last < tokens.length &&
    tokens[last]!.bracket === home &&
    !marks.some((mark) => mark.believed && mark.first === last)
  )
    last++;
  for (let i = from + 1; i < last; i++) {
    if (/[[({]/.test(lower.slice(tokens[i - 1]!.end, tokens[i]!.start))) last = i;
  }
  if (last === from || home !== -1) return;
  let end = tokens[last - 1]!.end;
  while (end < raw.length && /[!?."'%)]/.test(raw[end]!) && end < (tokens[last]?.start ?? raw.length) - 1) end++;
  const span: [number, number] = [tokens[from]!.start, end];
  const value = raw.slice(span[0], span[1]).replace(/[._]/g, ' ').replace(/\s+/g, ' ').trim();
  if (value !== '' && !/^(?:end|fin|v\d)$/i.test(value)) facts.episode_title = { value, span, confidence: 1 };
}

const ID = /(?:tmdb(?:id)?|imdb(?:id)?|tvdb(?:id)?)[=-]?(tt\d{5,9}|\d{1,9})|\b(tt\d{7,8})\b/g;

function addIds(facts: Facts, { lower }: Scan): void {
  for (const match of lower.matchAll(ID)) {
    if (facts.ids.length >= 4) return;
    const kind = match[2] !== undefined ? 'imdb' : match[0].slice(0, 4);
    facts.ids.push({
      value: `${kind}:${match[1] ?? match[2]}`,
      span: [match.index, match.index + match[0].length],
      confidence: 1,
    });
  }
}
