import type { ParsedName } from './parsed-name.js';

/**
 * What a folder adds to what stands in it: the inner name wins, except that a file named by nothing but a number, a hash or an
 * abbreviation takes the title of its folder.
 */
export function mergeFolder(inner: ParsedName, outer: ParsedName): ParsedName {
  if (isSeasonFolder(outer) && !isRelease(outer)) return inSeasonFolder(inner, outer);
  if (isRelease(outer) && !isRelease(inner) && inner.seasons === undefined && inner.year === undefined)
    return {
      ...inner,
      ...withoutEmpty(outer),
      ...(inner.container === undefined ? {} : { container: inner.container }),
    };
  const merged: ParsedName = { ...outer, ...withoutEmpty(inner) };
  const folderIsRelease =
    outer.resolution !== undefined ||
    outer.source !== undefined ||
    outer.video_codec !== undefined ||
    outer.group !== undefined;
  const fileIsRelease =
    inner.resolution !== undefined ||
    inner.source !== undefined ||
    inner.video_codec !== undefined ||
    inner.seasons !== undefined ||
    inner.episodes !== undefined ||
    inner.year !== undefined;
  if (inner.titles.length > 0 && outer.titles.length > 0 && folderIsRelease && !fileIsRelease) {
    merged.titles = outer.titles;
    if (outer.group !== undefined) merged.group = outer.group;
  }
  if (
    inner.titles.length > 0 &&
    outer.titles.length > 0 &&
    inner.year === undefined &&
    outer.year !== undefined &&
    startsWith(inner, outer)
  ) {
    merged.titles = outer.titles;
  }
  if (inner.titles.length === 0) merged.titles = outer.titles;
  if (merged.episode_title === undefined) delete merged.episode_title;
  return merged;
}

const isRelease = (parsed: ParsedName): boolean => parsed.source !== undefined || parsed.video_codec !== undefined;

/** A folder that says which season and nothing of a title. */
const isSeasonFolder = (parsed: ParsedName): boolean => parsed.seasons !== undefined && parsed.episodes === undefined;

/** In such a folder a lone number, or one in front, is an episode, and a name without any is the name of one. */
function inSeasonFolder(inner: ParsedName, outer: ParsedName): ParsedName {
  const merged: ParsedName = { ...outer, ...withoutEmpty(inner), titles: inner.titles };
  if (
    inner.episodes !== undefined ||
    inner.seasons !== undefined ||
    inner.year !== undefined ||
    inner.titles.length === 0
  ) {
    return merged.titles.length === 0 ? { ...merged, titles: outer.titles } : merged;
  }
  const title = inner.titles[0]!;
  const number = /^(\d{1,3})(?: |$)/.exec(title.value);
  if (number !== null)
    merged.episodes = {
      value: [Number(number[1])],
      span: [title.span[0], title.span[0] + number[1]!.length],
      confidence: 1,
    };
  if (number === null || number[0].length < title.value.length) merged.episode_title = title;
  return { ...merged, titles: outer.titles };
}

function startsWith(inner: ParsedName, outer: ParsedName): boolean {
  const [a, b] = [plain(inner.titles[0]!.value), plain(outer.titles[0]!.value)];
  return a !== b && a.startsWith(b) && b.length > 3;
}

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

function withoutEmpty(parsed: ParsedName): Partial<ParsedName> {
  return Object.fromEntries(
    Object.entries(parsed).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
}
