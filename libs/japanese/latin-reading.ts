import { createRequire } from 'node:module';
import { foldKey } from '#libs/titles/fold';
import { kanaToLatin } from '#libs/titles/romanize';
import { isKana } from '#libs/titles/scripts';
import { insideWords, type Token } from './inside-words.js';

/**
 * How a Japanese title may be read, in Latin words (Hepburn with long vowels as they are spelled, particles as they are spoken), likeliest first:
 * 進撃の巨人 is `shingeki no kyojin`; 獣王星 is `kemono ou boshi` by its words and `juu ou sei` as one word; 乙女の鎮魂曲（レクイエム） is also
 * `otome no rekuiemu`.
 * Words outside of the dictionary keep their kana's sound; nothing when something has no reading.
 */
export function latinReadings(title: string): string[] {
  const plain = title.normalize('NFKC').slice(0, LONGEST);
  const readings = new Set<string>();
  const ways = Array.from(new Set([plain, asSpelled(plain)]))
    .filter((text) => READABLE.test(text))
    .map((text) => split(withoutSigns(text)));
  for (const tokens of ways) readings.add(inLatin(tokens, []));
  for (const tokens of ways) readings.add(inLatin(tokens, insideWords(tokens)));
  readings.delete('');
  return [...readings];
}

/** What is read as the kana in brackets behind it, as an author wants it. */
const RUBY = /\p{sc=Han}+[([{<〈《【]([\p{sc=Kana}\p{sc=Hira}ー・]+)[)\]}>〉》】]/gu;

/** A title with the kana its author gives in place of the characters before them; katakana behind a whole title may be a remark, as in 化物語（アニメ）. */
function asSpelled(title: string): string {
  return title.replace(RUBY, (all: string, kana: string) =>
    /\p{sc=Kana}/u.test(kana) && !READABLE.test(withoutSigns(title.replace(all, ''))) ? all : kana,
  );
}

function withoutSigns(text: string): string {
  return text
    .replace(/(?<=[\p{sc=Kana}\p{sc=Hira}])・(?=[\p{sc=Kana}\p{sc=Hira}](?:・|$))/gu, '')
    .replace(/第?([0-9]{1,2})(?:期|シーズン|シリーズ)/g, ' season $1 ')
    .replace(/第?([0-9]{1,2})クール/g, ' cour $1 ')
    .replace(/[^\p{L}\p{N}ー]+/gu, ' ')
    .trim();
}

/** The tokens in Latin words, each by the sound that is given for it or else as it is found; '' when one cannot be. */
function inLatin(tokens: readonly Token[], sounds: readonly (string | undefined)[]): string {
  const words: string[] = [];
  let open = '';
  for (const [i, token] of tokens.entries()) {
    const word = open + (sounds[i] ?? soundOf(token, words.at(-1) ?? ''));
    open = word.endsWith('っ') ? word : '';
    if (open !== '') continue;
    const latin = kanaToLatin(word);
    if (!WRITTEN.test(latin)) return '';
    if (latin !== '') words.push(latin);
  }
  return words.join(' ');
}

const LONGEST = 120;
const READABLE = /[\p{sc=Han}\p{sc=Kana}\p{sc=Hira}]/u;
const WRITTEN = /^[a-z0-9]*$/;

/** What a token sounds like, in hiragana or, as it stands, Latin. */
function soundOf({ surface, partOfSpeech, reading }: Token, before: string): string {
  if (partOfSpeech === '助詞' && surface in PARTICLES) return PARTICLES[surface]!;
  if (surface === '語' && before.endsWith('mono')) return 'がたり';
  return foldKey(IN_TITLES[surface] ?? (reading === undefined || reading === '*' ? surface : reading));
}

const PARTICLES: Readonly<Record<string, string>> = { は: 'わ', へ: 'え', を: 'wo' };
/** Words that titles mean otherwise than the dictionary's first guess. */
const IN_TITLES: Readonly<Record<string, string>> = { 獣: 'けもの' };

/** Katakana and Latin alone are read as they stand; for all else the dictionary is asked, which is loaded at the first such title. */
function split(text: string): Token[] {
  if (Array.from(text).every((letter) => letter === ' ' || /[\p{sc=Kana}ーa-z0-9]/iu.test(letter)))
    return text.split(' ').map((surface) => ({ surface }));
  tokenizer ??= load();
  return tokenizer.tokenize(text).filter(({ surface }) => surface.trim() !== '');
}

interface Tokenizer {
  tokenize(text: string): Token[];
}
let tokenizer: Tokenizer | undefined;

/** IPADIC in WebAssembly: 13 MB on disk, some 100 MB in memory, half a second; therefore not a plain import. */
function load(): Tokenizer {
  const { TokenizerBuilder } = createRequire(import.meta.url)('lindera-wasm-nodejs-ipadic') as {
    TokenizerBuilder: new () => { setDictionary(uri: string): void; setMode(mode: string): void; build(): Tokenizer };
  };
  const builder = new TokenizerBuilder();
  builder.setDictionary('embedded://ipadic');
  builder.setMode('normal');
  return builder.build();
}

/** Whether a title without a language can only be Japanese. */
export const hasKana = (title: string): boolean => Array.from(title).some((letter) => isKana(letter.charCodeAt(0)));
