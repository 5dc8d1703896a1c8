import { CONTAINERS } from './vocabulary.js';

/** One step of a path. */
export interface Segment {
  text: string;
  offset: number;
  /** True for the last one: a file or a release, not a folder that holds it. */
  file: boolean;
}

/** How many folders above a file are read. */
const FOLDERS = 3;

/** A path as its last steps; a name that is no path is one step. A slash inside a title ("Fate/stay night", " / ") makes no path. */
export function segmentsOf(text: string): Segment[] {
  const slash = separatorOf(text);
  if (slash === undefined) return [{ text, offset: 0, file: true }];
  const steps: Segment[] = [];
  let offset = 0;
  for (const part of text.split(slash)) {
    if (part.trim() !== '' && !/^[a-z]:$/i.test(part)) steps.push({ text: part, offset, file: false });
    offset += part.length + 1;
  }
  const kept = steps.slice(-1 - FOLDERS);
  if (kept.length === 0) return [{ text, offset: 0, file: true }];
  kept[kept.length - 1] = { ...kept[kept.length - 1]!, file: true };
  return kept;
}

function separatorOf(text: string): string | undefined {
  if (text.includes('\\')) return '\\';
  if (!text.includes('/') || /^[^/]*\[[^\]/]*\//.test(text)) return undefined;
  if (text.startsWith('/')) return '/';
  const place = outsideSlash(text);
  if (place === -1) return undefined;
  const [before, after] = [text.slice(0, place), text.slice(text.lastIndexOf('/') + 1)];
  if (/\s$/.test(before) || /^\s/.test(text.slice(place + 1))) return undefined;
  const ending = /\.([a-z0-9]{2,4})$/i.exec(after)?.[1]?.toLowerCase();
  if (ending !== undefined && CONTAINERS.has(ending)) return '/';
  return /(?:^|[\s._])(?:season|saison|сезон|s)[\s._]?\d{1,2}$|^(?:movies|series|tv|downloads?)$/i.test(before) ||
    /^(?:s\d+)?e\d+/i.test(after) ||
    LONG_RELEASE.test(before)
    ? '/'
    : undefined;
}

const LONG_RELEASE = /\d{3,4}[pi][^/]{0,60}-[a-z0-9]{2,20}$/i;

/** The first slash that stands in no bracket. */
function outsideSlash(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i]!;
    if ('[({【（'.includes(sign)) depth++;
    else if ('])}】）'.includes(sign)) depth = Math.max(0, depth - 1);
    else if (sign === '/' && depth === 0) return i;
  }
  return -1;
}
