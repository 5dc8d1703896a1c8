import { foldKey, foldWords } from './fold.js';
import { SMALL } from './spelled-numbers.js';

/** Which of the sister works a title means: what stands in it beside the name of the work. 0 and '' say nothing. */
export interface Qualifier {
  /** 2 for "2nd Season", "第二季", "S2"; `FINAL_SEASON` for a final season without a number. */
  season: number;
  /** 2 for "Part 2", "第2クール", "後編". */
  part: number;
  /** What kind of work the words say: a film, an extra, or nothing. */
  form: '' | 'movie' | 'special';
  /** True when the season is only a bare number or a Roman numeral at the end, which may belong to the name. */
  weak: boolean;
}

export const FINAL_SEASON = 99;
export const NO_QUALIFIER: Qualifier = { season: 0, part: 0, form: '', weak: false };

/** A title taken apart: the key of its name, and the qualifier that stood in it. The core is never empty unless the title's key is. */
export function splitQualifier(title: string): { core: string; qualifier: Qualifier } {
  const full = foldKey(title);
  if (full.length > LONGEST) return { core: full, qualifier: NO_QUALIFIER };
  const found: Qualifier = { ...NO_QUALIFIER };
  let rest = ` ${foldWords(withoutInnerSeason(title, found))} `;
  for (const rule of RULES) {
    if (!rule.hint.test(rest) || (rule === BARE_NUMBER && FRACTION.test(title.normalize('NFKC')))) continue;
    const match = rule.pattern.exec(rest);
    if (match === null) continue;
    const left = rest.slice(0, match.index) + ' ' + rest.slice(match.index + match[0].length);
    if (keyOf(left) === '' || !rule.take(found, match)) continue;
    rest = `${left.trimEnd()} `;
  }
  const core = keyOf(rest);
  return core === '' ? { core: full, qualifier: NO_QUALIFIER } : { core, qualifier: found };
}

/** The word for a season in Spanish and Portuguese, French, German, Italian, Russian, Polish and Turkish, Dutch, Swedish, Indonesian and Vietnamese, folded. */
const SEASON_ABROAD = /temporada|saison|staffel|stagione|сезон|sezon|seizoen|sasong|musim|mua/;

/** A number before a subtitle, as in 無職転生Ⅱ ～異世界～, is taken out before the signs that show it are folded away. */
function withoutInnerSeason(title: string, into: Qualifier): string {
  const match = INNER.exec(title);
  if (match === null || COUNTED.test(foldWords(title.slice(0, match.index)))) return title;
  weakly(into, season(into, match[1]!.normalize('NFKC').toLowerCase()));
  return title.slice(0, match.index) + title.slice(match.index + match[0].length);
}
const INNER =
  /(?<=[^\s\d./:×x][!！?？]? ?)(?<![\d.:/] ?)([ⅡⅢⅣⅤ]|(?<![A-Za-z])(?:III|II|IV)|[2-9])(?=\s*[～〜~「『【]|：|: )/;

/** A number behind one of these words says more than a number: Season 2 of Season 2: Return. */
const COUNTED = new RegExp(
  `(?:^| )(?:season|series|part|cour|${SEASON_ABROAD.source})$|(?:しーずん|しりーず|ぱーと|시즌|파트)$`,
);

/** Beyond this a title is no title; its words are not looked at one by one. */
const LONGEST = 400;
const keyOf = (words: string): string => words.replaceAll(' ', '');

interface Rule {
  hint: RegExp;
  pattern: RegExp;
  take: (into: Qualifier, match: RegExpExecArray) => boolean;
}

const HAN = '[0-9一二三四五六七八九十两贰弐叁参]{1,3}';
const WORD_NUMBER = `first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|${SMALL.slice(0, 10).join('|')}`;
const ROMAN = 'xiii|xii|xi|viii|vii|vi|iv|ix|iii|ii';
const NUMBER = `[0-9]{1,2}|${WORD_NUMBER}|${ROMAN}`;

const season = (into: Qualifier, text: string): boolean => {
  const value = numberOf(text);
  if (value === 0 || into.season !== 0) return false;
  into.season = value;
  return true;
};
const part = (into: Qualifier, text: string): boolean => {
  const value = numberOf(text);
  if (value === 0 || into.part !== 0) return false;
  into.part = value;
  return true;
};
const form = (into: Qualifier, value: 'movie' | 'special'): boolean => {
  if (into.form === '') into.form = value;
  return true;
};

/** A number at the end, which may belong to the name; that of 3.5 and 1/2 does. */
const BARE_NUMBER: Rule = {
  hint: /[0-9] $/,
  pattern: /(?<![0-9]) ?([2-9]|1[0-9])(?=[ ]*$)/,
  take: (q, m) => weakly(q, season(q, m[1]!)),
};
const FRACTION = /[0-9][./\u2044][0-9]+\s*$/;

/** In the order in which they are taken out; each looks at what the earlier ones left. Text is folded: simplified Han, hiragana, lower case. */
const RULES: readonly Rule[] = [
  {
    hint: /[季期辑幕册]/,
    pattern: new RegExp(` ?第 ?(${HAN}) ?(?:季|期|辑|幕|册)(?! ?(?:生|末|待|间))`),
    take: (q, m) => season(q, m[1]!),
  },
  {
    hint: /しーずん|しりーず/,
    pattern: new RegExp(` ?第 ?(${HAN}) ?(?:しーずん|しりーず)`),
    take: (q, m) => season(q, m[1]!),
  },
  { hint: /しーずん/, pattern: new RegExp(` ?しーずん ?(${NUMBER})(?![0-9])`), take: (q, m) => season(q, m[1]!) },
  {
    hint: /しーずん/,
    pattern: new RegExp(` ?(${NUMBER}|せかんど|さーど) ?しーずん`),
    take: (q, m) => season(q, m[1]!),
  },
  { hint: /くーる/, pattern: new RegExp(` ?第? ?(${HAN}) ?くーる(?:め|目)?`), take: (q, m) => part(q, m[1]!) },
  {
    hint: /[季期]/,
    pattern: new RegExp(`(?<![0-9一二三四五六七八九十第]) ?(${HAN}) ?(?:期|季)(?= |$)`),
    take: (q, m) => season(q, m[1]!),
  },
  { hint: /season/, pattern: new RegExp(` (${NUMBER})(?:st|nd|rd|th)? season(?= )`), take: (q, m) => season(q, m[1]!) },
  { hint: /season/, pattern: new RegExp(`(?<![a-z])season ?(${NUMBER})(?= )`), take: (q, m) => season(q, m[1]!) },
  {
    hint: /기 |시즌/,
    pattern: /(?: ?(?<![0-9])제)? ?(?<![0-9])([0-9]{1,2}) ?(?:기|시즌)(?= )/,
    take: (q, m) => season(q, m[1]!),
  },
  { hint: /시즌/, pattern: new RegExp(` ?시즌 ?(${NUMBER})(?![0-9a-z])`), take: (q, m) => season(q, m[1]!) },
  {
    hint: SEASON_ABROAD,
    pattern: new RegExp(` (?:${SEASON_ABROAD.source}) ?(${NUMBER})(?= )`),
    take: (q, m) => season(q, m[1]!),
  },
  {
    hint: SEASON_ABROAD,
    pattern: new RegExp(` ([0-9]{1,2})(?:a|o|e|eme|nde| ?й)? (?:${SEASON_ABROAD.source})(?= )`),
    take: (q, m) => season(q, m[1]!),
  },
  { hint: /(?:nd|rd|th) $/, pattern: / ([2-9])(?:nd|rd|th)(?=[ ]*$)/, take: (q, m) => season(q, m[1]!) },
  {
    hint: /[之の] ?[章卷皿]/,
    pattern: new RegExp(` (${HAN}) ?[之の] ?[章卷皿](?= |$)`),
    take: (q, m) => season(q, m[1]!),
  },
  { hint: /学期/, pattern: new RegExp(` ?第? ?([二三四2-4]) ?学期(?= |$)`), take: (q, m) => season(q, m[1]!) },
  {
    hint: /series/,
    pattern: new RegExp(` (${NUMBER})(?:st|nd|rd|th)? series(?= )`),
    take: (q, m) => season(q, m[1]!),
  },
  { hint: /series/, pattern: new RegExp(` series ([0-9]{1,2})(?= )`), take: (q, m) => season(q, m[1]!) },
  {
    hint: /stage|gig/,
    pattern: new RegExp(` (${NUMBER})(?:st|nd|rd|th)? (?:stage|gig)(?= )`),
    take: (q, m) => season(q, m[1]!),
  },
  { hint: /s[0-9]/, pattern: /(?<![a-z0-9])s0?([0-9]{1,2})(?= )/, take: (q, m) => season(q, m[1]!) },
  {
    hint: /final|ふぁいなる|最终|完结/,
    pattern: / (?:the )?final season(?= )| ?ざ? ?ふぁいなる ?しーずん| ?最终[季期篇编章]| ?完结[篇编]/,
    take: (q) => {
      if (q.season === 0) q.season = FINAL_SEASON;
      return true;
    },
  },
  {
    hint: /part|ぱーと|파트|部|篇|编/,
    pattern: new RegExp(` (?:part|ぱーと|파트) ?(${NUMBER})(?= )`),
    take: (q, m) => part(q, m[1]!),
  },
  {
    hint: /cour/,
    pattern: new RegExp(` (?:cour ?(${NUMBER})|(${NUMBER})(?:st|nd|rd|th)? cour)(?= )`),
    take: (q, m) => part(q, m[1] ?? m[2]!),
  },
  { hint: /部分/, pattern: new RegExp(` ?第 ?(${HAN}) ?部分`), take: (q, m) => part(q, m[1]!) },
  { hint: /前编|前篇|上篇|上卷/, pattern: / ?(?:前编|前篇|上篇|上卷)/, take: (q) => part(q, '1') },
  { hint: /后编|后篇|下篇|下卷/, pattern: / ?(?:后编|后篇|下篇|下卷)/, take: (q) => part(q, '2') },
  {
    hint: /剧场|映画|电影|movie|gekijou|げきじょう/,
    pattern: / ?(?:剧场总集篇|剧场版总集[篇编]|剧场版|映画|电影版?)| (?:the )?movie(?= )| gekijou ?ban(?= )/,
    take: (q) => form(q, 'movie'),
  },
  {
    hint: /ova|oav|oad|sp|special|特别|番外|すぺしゃる|总集|小剧场|迷你|みにあにめ|mini/,
    pattern:
      / (?:ova|oav|oad|sp|specials?|mini anim[ae]s?)(?= )|(?<=[^a-z])(?:ova|oav|oad)(?= )| ?(?:特别[篇编版]|番外[篇编地]|すぺしゃる|总集[篇编]|小剧场|みにあにめ|迷你(?:角色)?动画)/,
    take: (q) => form(q, 'special'),
  },
  BARE_NUMBER,
  {
    hint: / x{0,1}(?:iii|ii|iv|vi{0,3}|ix) $/,
    pattern: new RegExp(` (${ROMAN}|v)(?=[ ]*$)`),
    take: (q, m) => weakly(q, season(q, m[1]!)),
  },
  {
    hint: /[^ -~](?:i{2,3}|iv|vi{0,3}) $/,
    pattern: /(?<=[^ -~])(iii|ii|iv|viii|vii|vi|v)(?=[ ]*$)/,
    take: (q, m) => weakly(q, season(q, m[1]!)),
  },
];

function weakly(into: Qualifier, taken: boolean): boolean {
  if (taken) into.weak = true;
  return taken;
}

const HAN_DIGITS = '零一二三四五六七八九';
const WORDS = new Map<string, number>([
  ...WORD_NUMBER.split('|').map((word, i): [string, number] => [word, (i % 10) + 1]),
  ...['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x', 'xi', 'xii', 'xiii'].map(
    (word, i): [string, number] => [word, i + 1],
  ),
  ['せかんど', 2],
  ['さーど', 3],
  ['两', 2],
  ['贰', 2],
  ['弐', 2],
  ['叁', 3],
  ['参', 3],
]);

/** Arabic, Han, Roman and spelled numbers up to 99; 0 for what is none. */
function numberOf(text: string): number {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (/^[0-9]+$/.test(text)) return Number(text);
  const ten = text.indexOf('十');
  if (ten === -1) return text.length === 1 ? Math.max(HAN_DIGITS.indexOf(text), 0) : 0;
  const tens = ten === 0 ? 1 : HAN_DIGITS.indexOf(text[0]!);
  const ones = ten + 1 < text.length ? HAN_DIGITS.indexOf(text[ten + 1]!) : 0;
  return tens > 0 && ones >= 0 ? tens * 10 + ones : 0;
}

const FORMS = ['', 'movie', 'special'] as const;

/** A qualifier in 16 bits: season, part, form, weakness; 0 for none. */
export function packQualifier({ season, part, form, weak }: Qualifier): number {
  return Math.min(season, 127) | (Math.min(part, 31) << 7) | (FORMS.indexOf(form) << 12) | (weak ? 1 << 14 : 0);
}

/** The qualifier that `packQualifier` packed. */
export function unpackQualifier(packed: number): Qualifier {
  return {
    season: packed & 127,
    part: (packed >> 7) & 31,
    form: FORMS[(packed >> 12) & 3] ?? '',
    weak: (packed & (1 << 14)) !== 0,
  };
}
