/**
 * A Japanese title in Latin letters as Koreans write it, by the rules of the National Institute of Korean Language for loan words from
 * Japanese (kana table of 1986: hard consonants within a word, long vowels left out, ん and っ as finals). '' for what is
 * no plain romaji.
 */
export function hangulOfRomaji(romaji: string): string {
  const words = romaji
    .toLowerCase()
    .replaceAll(/ n(?= |$)/g, 'n')
    .split(' ');
  return words.every((word) => word.replaceAll(MORA, '') === '') ? words.map(ofWord).join(' ') : '';
}

const CONSONANTS: Readonly<Record<string, string>> = {
  '': 'ㅇ',
  k: 'ㅋ',
  g: 'ㄱ',
  s: 'ㅅ',
  sh: 'ㅅ',
  z: 'ㅈ',
  j: 'ㅈ',
  t: 'ㅌ',
  ch: 'ㅊ',
  ts: 'ㅆ',
  d: 'ㄷ',
  n: 'ㄴ',
  h: 'ㅎ',
  f: 'ㅎ',
  b: 'ㅂ',
  p: 'ㅍ',
  m: 'ㅁ',
  y: 'y',
  r: 'ㄹ',
  w: 'w',
  v: 'ㅂ',
};
const VOWELS: Readonly<Record<string, string>> = { a: 'ㅏ', i: 'ㅣ', u: 'ㅜ', e: 'ㅔ', o: 'ㅗ' };
const GLIDES: Readonly<Record<string, string>> = { a: 'ㅑ', u: 'ㅠ', o: 'ㅛ', e: 'ㅖ' };
const INITIALS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const MEDIALS = 'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ';
const N = 4;
const S = 19;

const MORA =
  /(k|g|sh|s|z|j|ts|t|ch|d|n|h|f|b|p|m|r|v|w|)(y?)([aiueo])(?:(?<=o)u|(?<=u)u|(?<=o)o)?|n(?![aiueoy])|([kstpcgdbz])(?=\4|ch)/g;

function ofWord(word: string): string {
  const syllables: { initial: string; medial: string; final: number }[] = [];
  for (const [whole, consonant = '', glide, vowel] of word.matchAll(MORA)) {
    if (vowel === undefined) {
      const last = syllables.at(-1);
      if (last !== undefined) last.final = whole === 'n' ? N : S;
      continue;
    }
    syllables.push({ ...moraOf(consonant, glide !== '', vowel), final: 0 });
  }
  return syllables
    .map(({ initial, medial, final }) =>
      String.fromCharCode(0xac00 + (INITIALS.indexOf(initial) * 21 + MEDIALS.indexOf(medial)) * 28 + final),
    )
    .join('');
}

function moraOf(consonant: string, glide: boolean, vowel: string): { initial: string; medial: string } {
  if (consonant === 'w') return { initial: 'ㅇ', medial: vowel === 'a' ? 'ㅘ' : VOWELS[vowel]! };
  const narrow = vowel === 'u' && ['s', 'z', 'ts'].includes(consonant);
  const softened = glide || consonant === 'sh';
  const medial = narrow ? 'ㅡ' : softened && vowel !== 'i' ? (GLIDES[vowel] ?? VOWELS[vowel]!) : VOWELS[vowel]!;
  return { initial: CONSONANTS[consonant]!, medial };
}
