import { likeness } from './distance.js';
import { F } from './features.js';
import { foldWords } from './fold.js';
import type { Query } from './query.js';
import type { Segment } from './segment.js';
import { KEY_KIND } from './sides.js';
import { soundParts, spokenKey } from './sounds.js';

/** How alike a query in Latin letters and a title in kana, or how a title is read, sound; 0 for other titles. */
export function heard(spoken: string, segment: Segment, alias: number): number {
  const title = segment.title(alias);
  if (segment.kindOf(alias) !== 'reading' && !KANA_ALONE.test(title)) return 0;
  const other = spokenKey(foldWords(title));
  return other === '' ? 0 : likeness(spoken, other);
}
const KANA_ALONE = /[\p{sc=Kana}\p{sc=Hira}]/u;

/** How much of the query is heard in the katakana of a title, and how much of the title that is; how alike the two are with their vowels, how few other titles have it, and whether both end with the same letters behind it. */
export function hearPart(
  { windows, words }: Query,
  { segment, title, features }: { segment: Segment; title: string; features: Float64Array },
): void {
  const parts = soundParts(title);
  const tail = words.slice(words.lastIndexOf(' ') + 1);
  for (const { sound, share, spoken } of windows) {
    const part = parts.find((one) => one.sound === sound);
    if (part === undefined) continue;
    const much = share * (0.7 + 0.3 * part.share) * Math.min(1, sound.length / 4);
    features[F.part_sound] = much;
    features[F.part_spoken] = much * likeness(spoken, spokenKey(part.words));
    features[F.heard] = Math.max(features[F.heard]!, features[F.part_spoken]!);
    features[F.part_rare] = much / segment.withSide(sound, KEY_KIND.part, MOST_SHARING).length;
    if (!part.words.endsWith(tail) && LAST_LETTERS.exec(foldWords(title))?.[0] === tail) features[F.tail] = 1;
    return;
  }
}
const MOST_SHARING = 24;
/** The Latin letters a folded title ends with, behind whatever script. */
const LAST_LETTERS = /[a-z0-9]+$/;
