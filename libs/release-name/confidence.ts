import type { Field, ParsedName } from './parsed-name.js';

/**
 * Puts the confidence of every field to how often fields read in the same way are right: measured on names whose facts are known, and
 * lowered a little, because names not yet seen are harder.
 */
export function confide(parsed: ParsedName): ParsedName {
  const title = titleConfidence(parsed);
  parsed.titles = parsed.titles.map((field) => ({ ...field, confidence: title }));
  if (parsed.seasons !== undefined) parsed.seasons = { ...parsed.seasons, confidence: 0.985 };
  if (parsed.episodes !== undefined) parsed.episodes = { ...parsed.episodes, confidence: episodeConfidence(parsed) };
  if (parsed.group !== undefined) parsed.group = { ...parsed.group, confidence: groupConfidence(parsed) };
  for (const key of ALONE) {
    const field = parsed[key] as Field<unknown> | undefined;
    if (field !== undefined)
      (parsed as unknown as Record<string, Field<unknown>>)[key] = { ...field, confidence: ALONE_CONFIDENCE[key] };
  }
  for (const key of LISTS) parsed[key] = parsed[key].map((field) => ({ ...field, confidence: 0.95 }));
  return parsed;
}

const ALONE_CONFIDENCE = {
  year: 0.985,
  absolute_episodes: 0.95,
  date: 0.97,
  part: 0.9,
  episode_title: 0.8,
  resolution: 0.985,
  source: 0.96,
  remux: 0.98,
  network: 0.9,
  video_codec: 0.98,
  color_depth: 0.98,
  channels: 0.95,
  version: 0.95,
  proper: 0.95,
  form: 0.85,
  complete: 0.9,
  crc: 0.97,
  container: 0.99,
  size: 0.97,
  site: 0.95,
} as const;
const ALONE = Object.keys(ALONE_CONFIDENCE) as (keyof typeof ALONE_CONFIDENCE)[];
const LISTS = ['hdr', 'audio_codecs', 'languages', 'subtitles', 'editions', 'ids', 'other'] as const;

/** A title is sure when numbers or a year say where it ends, less when only technical words do. */
function titleConfidence(parsed: ParsedName): number {
  const anchored = (parsed.year ?? parsed.episodes ?? parsed.seasons ?? parsed.date) !== undefined;
  const technical = (parsed.resolution ?? parsed.source ?? parsed.video_codec) !== undefined;
  const boxed = /^\s*[[【]/.test(parsed.name);
  if (parsed.titles.length > 1) return boxed ? 0.95 : 0.87;
  if (anchored) return boxed ? 0.94 : technical ? 0.965 : 0.94;
  return technical ? 0.84 : 0.92;
}

function episodeConfidence(parsed: ParsedName): number {
  const { name, episodes } = parsed;
  const text = name.slice(...episodes!.span);
  if (ENDED.test(text) && !isMadeByGroup(parsed)) return 0.7;
  const marked = /[a-z第集话話回#]/i.test(text);
  if (episodes!.value.length > 1) return marked ? 0.94 : 0.91;
  return marked ? 0.985 : 0.95;
}

/** The end behind a bare number is that of a title as well, as in Area 88 END, unless something else says that this is a release. */
const ENDED = /^\d+[ ._]{0,2}(?:end|完|終|终|完结)$/i;

function isMadeByGroup({ name, group, container, resolution, source }: ParsedName): boolean {
  return (group ?? container ?? resolution ?? source) !== undefined || /[[【({]/.test(name);
}

function groupConfidence({ name, group }: ParsedName): number {
  const [start] = group!.span;
  return name[start - 1] === '-' || start <= 2 ? 0.97 : 0.82;
}
