import type { ParsedName } from './parsed-name.js';

/**
 * What a folder adds to what stands in it: the inner name wins, except that a file named by nothing but a number, a hash or an
 * abbreviation takes the title of its folder.
 */
export function mergeFolder(inner: ParsedName, outer: ParsedName): ParsedName {
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
