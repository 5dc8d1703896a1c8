import { pinyin } from 'pinyin-pro';
import { toRomaji } from 'wanakana';

/** A title as lower-case Latin words joined by hyphens, at most 80 characters; empty when nothing can be written so. */
export function slug(title: string): string {
  const latin = [...title.normalize('NFKC').matchAll(SCRIPTS)].map(([run]) => ` ${transliterate(run)} `).join('');
  const words = latin
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’]/g, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  let text = '';
  for (const word of words) {
    const longer = text === '' ? word.slice(0, MOST) : `${text}-${word}`;
    if (longer.length > MOST) break;
    text = longer;
  }
  return text;
}

const MOST = 80;
const SCRIPTS =
  /\p{sc=Han}+|[\p{sc=Hiragana}\p{sc=Katakana}ー]+|\p{sc=Hangul}+|[^\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ー\p{sc=Hangul}]+/gu;

function transliterate(run: string): string {
  if (/^\p{sc=Han}/u.test(run)) return pinyin(run, { toneType: 'none', type: 'array', v: true }).join(' ');
  if (/^[\p{sc=Hiragana}\p{sc=Katakana}ー]/u.test(run)) return toRomaji(run);
  if (/^\p{sc=Hangul}/u.test(run)) return [...run].map(hangul).join('');
  return [...run].map((letter) => LATIN[letter.toLowerCase()] ?? letter).join('');
}

/** Letters that no decomposition turns into ASCII; Cyrillic after the usual passport spelling. */
const LATIN: Readonly<Record<string, string>> = {
  ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ł: 'l', þ: 'th', ð: 'd', ı: 'i', '&': ' and ',
  а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ё: 'e', ж: 'zh', з: 'z', и: 'i', й: 'i', к: 'k', л: 'l', м: 'm',
  н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch',
  ъ: '', ы: 'y', ь: '', э: 'e', ю: 'iu', я: 'ia',
}; // prettier-ignore

const LEADS = ['g', 'kk', 'n', 'd', 'tt', 'r', 'm', 'b', 'pp', 's', 'ss', '', 'j', 'jj', 'ch', 'k', 't', 'p', 'h'];
const VOWELS = 'a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i'.split(' ');
const TAILS = ' k k ks n nj nh t l lk lm lp ls lt lp lh m p ps t t ng t t k t p t'.split(' ');

/** One Hangul syllable after the Revised Romanization, without the changes that neighbours cause. */
function hangul(syllable: string): string {
  const at = syllable.charCodeAt(0) - 0xac00;
  if (at < 0 || at >= 11_172) return '';
  return LEADS[Math.floor(at / 588)]! + VOWELS[Math.floor((at % 588) / 28)]! + TAILS[at % 28]!;
}
