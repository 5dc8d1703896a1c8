import { access } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Where systems keep a font that knows Chinese and Japanese, the widest first, then those that know Latin, Greek and Cyrillic. */
const WIDE = [
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc',
  '/usr/share/fonts/truetype/wqy/wqy-microhei.ttc',
  '/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf',
  '/usr/share/fonts/opentype/unifont/unifont.otf',
  '/System/Library/Fonts/PingFang.ttc',
  '/System/Library/Fonts/Hiragino Sans GB.ttc',
  'C:/Windows/Fonts/msyh.ttc',
];
const NARROW = [
  '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
  '/usr/share/fonts/TTF/DejaVuSans.ttf',
  '/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf',
  '/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf',
  '/System/Library/Fonts/Helvetica.ttc',
  'C:/Windows/Fonts/arial.ttf',
];

/** A font file and whether it can be expected to know the signs of Chinese, Japanese and Korean. */
export interface Font {
  readonly path: string;
  readonly isWide: boolean;
}

let found: Promise<Font | undefined> | undefined;

/** The font that words are drawn with: the one of the settings, else the best this system has, else none. */
export function findFont(wished?: string): Promise<Font | undefined> {
  if (wished !== undefined) return Promise.resolve({ path: wished, isWide: true });
  return (found ??= search());
}

async function search(): Promise<Font | undefined> {
  for (const path of WIDE) if (await exists(path)) return { path, isWide: true };
  const chinese = await byFontconfig(':lang=zh-cn');
  if (chinese) return { path: chinese, isWide: true };
  for (const path of NARROW) if (await exists(path)) return { path, isWide: false };
  const any = await byFontconfig('sans');
  return any ? { path: any, isWide: false } : undefined;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function byFontconfig(pattern: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('fc-list', [pattern, 'file'], { timeout: 5000 });
    return /^(.+?\.(?:ttf|otf|ttc)):/m.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

const WIDE_SIGNS = /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\u{20000}-\u{3ffff}]/u;

/** Whether the font can be expected to draw this text. */
export const canDraw = (font: Font, text: string): boolean => font.isWide || !WIDE_SIGNS.test(text);

/** The text in lines of at most so many half-width signs, broken between words, or anywhere in Chinese. */
export function wrapped(text: string, width: number, most = 6): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text
    .trim()
    .match(/[\u2e80-\u9fff\uac00-\ud7af\uff00-\uff60]|[^\s\u2e80-\u9fff\uac00-\ud7af\uff00-\uff60]+|\s+/gu) ?? []) {
    const long = [...word].reduce((sum, sign) => sum + (WIDE_SIGNS.test(sign) ? 2 : 1), 0);
    if (used + long > width && line !== '') {
      lines.push(line.trim());
      [line, used] = ['', 0];
    }
    if (line === '' && word.trim() === '') continue;
    line += word;
    used += long;
  }
  if (line.trim() !== '') lines.push(line.trim());
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `${lines[most - 1]!} …`];
}
