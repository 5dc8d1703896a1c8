import { foldKey } from '#libs/titles/fold';
import { SINO_JAPANESE } from './sino-japanese-table.js';

/** A word of a title as the dictionary has it, where it stands in bytes. */
export interface Token {
  surface: string;
  partOfSpeech?: string;
  reading?: string;
  byteStart?: number;
  byteEnd?: number;
}

/**
 * How single characters beside others would sound as parts of one word: 血 and 界 of 血界 are けっ and かい. For each token its sound in hiragana, or
 * undefined where it stays as the dictionary reads it.
 */
export function insideWords(tokens: readonly Token[]): (string | undefined)[] {
  const sounds = tokens.map((token, i) =>
    isJoined(tokens[i - 1], token) || isJoined(token, tokens[i + 1]) ? READINGS.get(token.surface) : undefined,
  );
  return sounds.map((sound, i) => {
    const [before, here, after] = [tokens[i - 1], tokens[i]!, tokens[i + 1]];
    if (sound === undefined) return undefined;
    const next = isJoined(here, after) ? (sounds[i + 1] ?? foldKey(after!.reading ?? '')) : '';
    const last = isJoined(before, here) ? (sounds[i - 1] ?? '') : '';
    return closed(last, next, sound);
  });
}

const READINGS = new Map(
  Object.entries(SINO_JAPANESE).flatMap(([sound, characters]) =>
    Array.from(characters, (one) => [one, sound] as const),
  ),
);

/** A sound between two others of one word: つ closes before k, s, t and h, く before k, and h behind a closed sound is p. */
function closed(last: string, next: string, sound: string): string {
  const closes = /.つ$/.test(sound) ? BEFORE_TSU.test(next) : /.く$/.test(sound) && BEFORE_KU.test(next);
  const begins = /つ$/.test(last) && /^[はひふへほ]/.test(sound);
  const head = begins ? String.fromCharCode(sound.charCodeAt(0) + 2) : sound[0]!;
  return head + (closes ? `${sound.slice(1, -1)}っ` : sound.slice(1));
}

/** Hard sounds alone: a voiced one, as in 甲鉄城, lets the sound before it be. */
const BEFORE_TSU = /^[かきくけこさしすせそたちつてとはひふへほ]/;
const BEFORE_KU = /^[かきくけこ]/;

/** Whether two tokens stand together, and both with a Chinese character at the seam. */
function isJoined(left: Token | undefined, right: Token | undefined): boolean {
  if (left?.byteEnd === undefined || left.byteEnd !== right?.byteStart) return false;
  return HAN.test(left.surface.at(-1)!) && HAN.test(right.surface[0]!);
}
const HAN = /\p{sc=Han}/u;
