import type { Engine } from './script.js';

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'shift_jis', 'gbk'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** The text that bytes stand for; `confidence` goes from 0 (a guess) to 1 (no doubt). */
export interface DecodedScript {
  readonly text: string;
  readonly encoding: Encoding;
  readonly confidence: number;
}

/** Which engine a script is for; null where nothing tells. */
export interface DetectedEngine {
  readonly engine: Engine | null;
  readonly confidence: number;
}

/** Decodes a script by the evidence of its bytes: its mark, zero bytes, strict UTF-8, then the looks of the text. */
export function decodeScript(bytes: Uint8Array): DecodedScript {
  const marked = byMark(bytes);
  if (marked) return { text: decode(bytes, marked), encoding: marked, confidence: 1 };
  const wide = byZeroBytes(bytes);
  if (wide) return { text: decode(bytes, wide), encoding: wide, confidence: 0.95 };
  const text = strictUtf8(bytes);
  if (text !== undefined) return { text, encoding: 'utf-8', confidence: /[^\0-\x7f]/.test(text) ? 0.99 : 1 };
  return byLooks(bytes);
}

/** Tells the engine by what only one of them writes. */
export function detectEngine(text: string): DetectedEngine {
  const sample = text.slice(0, SAMPLE);
  const renpy = countOf(sample, RENPY);
  const kirikiri = countOf(sample, KIRIKIRI);
  if (renpy === kirikiri) return { engine: null, confidence: 0 };
  const most = Math.max(renpy, kirikiri);
  const clear = (most - Math.min(renpy, kirikiri)) / most;
  const much = most / (most + 1);
  return { engine: renpy > kirikiri ? 'RENPY' : 'KIRIKIRI', confidence: rounded(clear * much) };
}

const SAMPLE = 200_000;

const RENPY = [
  /^[ \t]*label[ \t]+[\w.]+[^:\n]{0,200}:[ \t]*$/gm,
  /^[ \t]*menu\b[^:\n"]{0,200}:[ \t]*$/gm,
  /^[ \t]*(?:jump|call|scene|show|hide|define|default|image|return|init|play music|with)\b[^\n;[]{0,200}$/gm,
  /^[ \t]*(?:\w{1,50}[ \t]{1,20}){0,3}"(?:[^"\\\n]|\\.)*"(?:[ \t]+with\b.{0,200})?(?:[ \t]*:)?[ \t]*$/gm,
  /^[ \t]*\$[ \t]/gm,
];
const KIRIKIRI = [
  /^[ \t]*\*[^\s*|][^\n]{0,200}$/gm,
  /^[ \t]*@[a-z]\w*(?:[ \t]|$)/gim,
  /\[(?:r|l|p|s|cm|er|ct|endif|endlink|endscript|iscript)\]/gi,
  /\[[a-z]\w*[ \t]+[a-z]\w*=/gi,
  /^[ \t]*;/gm,
  /^[ \t]*【[^】\n]{1,100}】/gm,
];

function countOf(text: string, patterns: readonly RegExp[]): number {
  return patterns.reduce((sum, pattern) => sum + (text.match(pattern)?.length ?? 0), 0);
}

function byMark([first, second, third]: Uint8Array): Encoding | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return undefined;
}

/** Text in UTF-16 has line ends, blanks and Latin letters, whose one byte is zero, always on the same side. */
function byZeroBytes(bytes: Uint8Array): Encoding | undefined {
  if (bytes.length < 2 || bytes.length % 2 !== 0) return undefined;
  const zeros = [0, 0] as [number, number];
  const sample = bytes.subarray(0, SAMPLE);
  sample.forEach((byte, at) => {
    if (byte === 0) zeros[(at % 2) as 0 | 1]++;
  });
  const [even, odd] = zeros;
  if (even + odd < sample.length / 200) return undefined;
  if (odd > 10 * even) return 'utf-16le';
  return even > 10 * odd ? 'utf-16be' : undefined;
}

function strictUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function decode(bytes: Uint8Array, encoding: Encoding): string {
  return new TextDecoder(encoding).decode(bytes).toWellFormed();
}

/** Of the encodings it could be, the one in which the text looks most like one of its languages. */
function byLooks(bytes: Uint8Array): DecodedScript {
  const sample = bytes.subarray(0, SAMPLE);
  const [best, next] = LOOKS.map(({ encoding, usual }) => {
    const text = new TextDecoder(encoding).decode(sample, { stream: true });
    return { encoding, likeness: likeness(text, usual) };
  }).toSorted((one, other) => other.likeness - one.likeness) as [Look, Look];
  const confidence = rounded(Math.min(0.95, Math.max(0, best.likeness - Math.max(0, next.likeness) / 2)));
  return { text: decode(bytes, best.encoding), encoding: best.encoding, confidence };
}

interface Look {
  readonly encoding: Encoding;
  readonly likeness: number;
}

/** What each encoding's texts are mostly made of, beside ASCII. */
const LOOKS: readonly { encoding: Encoding; usual: RegExp }[] = [
  { encoding: 'utf-8', usual: /[\u00a0-\u024f\u0370-\u04ff\u3000-\u30ff\u4e00-\u9fff\uff01-\uff60]/u },
  { encoding: 'shift_jis', usual: /[\u3000-\u3002\u300c-\u300f\u3041-\u3096\u30a1-\u30fe\uff01-\uff5e]/u },
  { encoding: 'gbk', usual: /[\u3000-\u3002\u300a-\u3011\u2014\u2018-\u201d\u2026\uff01-\uff5e]/u },
];

/** Common Chinese characters; a text in Chinese has many of them, a text that was read wrongly few. */
const COMMON = new Set(
  '的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运爱请吧呢吗啊',
);

/** The share of what is usual among all that is not ASCII; what could not be read at all counts against it. */
function likeness(text: string, usual: RegExp): number {
  let all = 0;
  let like = 0;
  for (const char of text) {
    if (char <= '\x7f') continue;
    all++;
    if (char === '\ufffd' || (char >= '\ue000' && char <= '\uf8ff')) like -= 5;
    else if (usual.test(char)) like++;
    else if (COMMON.has(char)) like += 0.9;
    else if (char >= '\u4e00' && char <= '\u9fff') like += 0.4;
  }
  return all === 0 ? 0 : like / all;
}

const rounded = (share: number): number => Math.round(share * 100) / 100;
