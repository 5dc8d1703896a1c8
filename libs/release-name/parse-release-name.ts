import { confide } from './confidence.js';
import { mergeFolder } from './merge-folder.js';
import type { ParsedName } from './parsed-name.js';
import { parseSegment } from './parse-segment.js';
import { segmentsOf } from './paths.js';

/** The longest name, and the longest step of a path, that are read; what stands behind is left unread. */
const LONGEST = 4096;
const LONGEST_STEP = 1024;

/**
 * Reads a release name, or the path of a file, into what it says: title, year, season, episode, how it was made and by whom. Total and
 * linear in the length of the name: any text has an answer, which may be a name without a single field.
 */
export function parseReleaseName(name: string): ParsedName {
  const text = name.length > LONGEST ? name.slice(0, LONGEST) : name;
  const segments = segmentsOf(text);
  const parsed = segments.map(({ text: part, offset, file }) =>
    parseSegment(part.length > LONGEST_STEP ? part.slice(0, LONGEST_STEP) : part, { offset, file }),
  );
  const last = parsed.at(-1)!;
  const whole =
    parsed.length === 1 ? last : parsed.slice(0, -1).reduceRight((inner, outer) => mergeFolder(inner, outer), last);
  return confide({ ...whole, name });
}
