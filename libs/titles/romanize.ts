/** Hiragana (folded kana) in Latin letters, Hepburn, long vowels left out; characters that are no kana stay. */
export function kanaToLatin(kana: string): string {
  let out = '';
  let doubled = false;
  for (let i = 0; i < kana.length; i++) {
    const pair = KANA.get(kana.slice(i, i + 2));
    const sound = pair ?? KANA.get(kana[i]!);
    if (kana[i] === 'っ') {
      doubled = true;
      continue;
    }
    if (kana[i] === 'ー') continue;
    if (sound === undefined) out += kana[i];
    else {
      out += doubled && /^[^aeioun]/.test(sound) ? sound[0]! + sound : sound;
      if (pair !== undefined) i++;
    }
    doubled = false;
  }
  return out;
}

/** Hangul syllables in Latin letters, Revised Romanization letter by letter, without the changes between syllables. */
export function hangulToLatin(hangul: string): string {
  let out = '';
  for (let i = 0; i < hangul.length; i++) {
    const index = hangul.charCodeAt(i) - 0xac00;
    if (index < 0 || index >= 11172) {
      out += hangul[i];
      continue;
    }
    out += INITIALS[Math.floor(index / 588)]! + VOWELS[Math.floor((index % 588) / 28)]! + FINALS[index % 28]!;
  }
  return out;
}

/**
 * Hangul that spells Japanese, in Latin letters: 신게키노 쿄진 is shingeki no kyojin. Korean writes za and ja, zo and jo alike; bit i of `hard` says
 * that the i-th of these is z.
 */
export function hangulAsRomaji(hangul: string, hard: number): string {
  let out = '';
  let doubtful = 0;
  for (let i = 0; i < hangul.length; i++) {
    const index = hangul.charCodeAt(i) - 0xac00;
    if (index < 0 || index >= 11172) {
      out += hangul[i];
      continue;
    }
    const vowel = VOWELS[Math.floor((index % 588) / 28)]!;
    let consonant = INITIALS[Math.floor(index / 588)]!;
    const narrow = vowel === 'eu';
    if (consonant === 'ss' || (narrow && consonant === 'ch')) consonant = 'ts';
    else if (consonant === 's' && vowel.startsWith('y')) consonant = 'sh';
    else if (consonant === 'j' && (narrow || (/^[aoe]/.test(vowel) && (hard >> doubtful++) & 1))) consonant = 'z';
    out += consonant + (narrow ? 'u' : SOFT.test(consonant) ? vowel.replace('y', '') : vowel);
    if (FINALS[index % 28] === 'n') out += 'n';
  }
  return out;
}

const SOFT = /^(?:sh|j|ch)$/;

const ROWS: readonly [string, string][] = [
  ['あいうえお', 'a i u e o'],
  ['かきくけこ', 'ka ki ku ke ko'],
  ['さしすせそ', 'sa shi su se so'],
  ['たちつてと', 'ta chi tsu te to'],
  ['なにぬねの', 'na ni nu ne no'],
  ['はひふへほ', 'ha hi fu he ho'],
  ['まみむめも', 'ma mi mu me mo'],
  ['やゆよわを', 'ya yu yo wa o'],
  ['らりるれろ', 'ra ri ru re ro'],
  ['がぎぐげご', 'ga gi gu ge go'],
  ['ざじずぜぞ', 'za ji zu ze zo'],
  ['だぢづでど', 'da ji zu de do'],
  ['ばびぶべぼ', 'ba bi bu be bo'],
  ['ぱぴぷぺぽ', 'pa pi pu pe po'],
  ['んゔゎゐゑ', 'n vu wa i e'],
  ['ぁぃぅぇぉ', 'a i u e o'],
  ['ゃゅょゕゖ', 'ya yu yo ka ke'],
];
const CONSONANT: Record<string, string> = {
  き: 'ky',
  し: 'sh',
  ち: 'ch',
  に: 'ny',
  ひ: 'hy',
  み: 'my',
  り: 'ry',
  ぎ: 'gy',
  じ: 'j',
  ぢ: 'j',
  び: 'by',
  ぴ: 'py',
};
const FOREIGN: Record<string, string> = {
  ふぁ: 'fa',
  ふぃ: 'fi',
  ふぇ: 'fe',
  ふぉ: 'fo',
  ゔぁ: 'va',
  ゔぃ: 'vi',
  ゔぇ: 've',
  ゔぉ: 'vo',
  うぃ: 'wi',
  うぇ: 'we',
  うぉ: 'wo',
  てぃ: 'ti',
  でぃ: 'di',
  でゅ: 'dyu',
  とぅ: 'tu',
  どぅ: 'du',
  しぇ: 'she',
  じぇ: 'je',
  ちぇ: 'che',
  つぁ: 'tsa',
  つぇ: 'tse',
  つぉ: 'tso',
};
const KANA = new Map<string, string>([
  ...ROWS.flatMap(([kana, latin]) => latin.split(' ').map((sound, i): [string, string] => [kana[i]!, sound])),
  ...Object.entries(CONSONANT).flatMap(([kana, consonant]) =>
    ['ゃa', 'ゅu', 'ょo'].map((tail): [string, string] => [kana + tail[0]!, consonant + tail[1]!]),
  ),
  ...Object.entries(FOREIGN),
]);

const INITIALS = 'g kk n d tt r m b pp s ss  j jj ch k t p h'.split(' ');
const VOWELS = 'a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i'.split(' ');
const FINALS = ' k k k n n n t l k m l l l p l m p p t t ng t t k t p t'.split(' ');
