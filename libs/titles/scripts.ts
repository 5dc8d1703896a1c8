/** The script most letters of a text are written in: what decides which side fields it gets. */
export type Script = 'han' | 'kana' | 'hangul' | 'latin' | 'other';

/** True for Han, kana and Hangul: scripts whose n-grams are pairs. */
export function isWide(unit: number): boolean {
  return unit >= 0x2e80 && (unit < 0xa000 || (unit >= 0xac00 && unit < 0xd7b0) || (unit >= 0xd800 && unit < 0xfb00));
}

export const isHan = (unit: number): boolean =>
  (unit >= 0x4e00 && unit < 0xa000) || (unit >= 0x3400 && unit < 0x4dc0) || unit === 0x3005;
export const isKana = (unit: number): boolean => unit >= 0x3040 && unit < 0x3100;
export const isHangul = (unit: number): boolean => unit >= 0xac00 && unit < 0xd7a4;
export const isLatin = (unit: number): boolean => unit < 0x250 && unit !== 0xd7 && unit !== 0xf7;

/** The script of a folded key: kana wins over Han (a title with kana is Japanese), any of the wide ones over Latin. */
export function scriptOf(key: string): Script {
  let latin = false;
  let seen: Script = 'other';
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    if (isKana(unit)) return 'kana';
    if (isHangul(unit)) seen = 'hangul';
    else if (isHan(unit)) {
      if (seen === 'other') seen = 'han';
    } else if (isLatin(unit)) latin = true;
  }
  return seen === 'other' && latin ? 'latin' : seen;
}
