import fc from 'fast-check';
import { decodeScript, detectEngine, ENCODINGS } from './detect-script.js';

const CHINESE =
  '*start|第一章\n@bg storage=a.jpg\n今天天气很好，我们去公园散步吧。[l][r]\n「你在说什么？」她笑了。[p]\n';
const JAPANESE =
  '*start|はじまり\n【太郎】「おはよう。今日はいい天気だね」[p]\nカーテンを開けると、窓の外は雪だった。[l]\n';
const GERMAN = 'label start:\n    "Grüße aus Köln: das Mädchen öffnet die Tür."\n';

/** The bytes of a text in an encoding that the platform can only read: every pair of bytes is tried once. */
function encoded(text: string, encoding: string): Uint8Array {
  const table = new Map<string, number[]>();
  const decoder = new TextDecoder(encoding, { fatal: true });
  for (let lead = 0x81; lead <= 0xfe; lead++)
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      try {
        const char = decoder.decode(Uint8Array.of(lead, trail));
        if ([...char].length === 1 && !table.has(char)) table.set(char, [lead, trail]);
      } catch {
        continue;
      }
    }
  return Uint8Array.from([...text].flatMap((char) => (char <= '\x7f' ? [char.charCodeAt(0)] : table.get(char)!)));
}

function wide(text: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  for (let at = 0; at < text.length; at++) view.setUint16(2 * at, text.charCodeAt(at), littleEndian);
  return new Uint8Array(view.buffer);
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const marked = (mark: number[], bytes: Uint8Array) => Uint8Array.from([...mark, ...bytes]);

test.each([
  ['plain ASCII', utf8('label a:'), 'utf-8', 'label a:', 1],
  ['UTF-8', utf8(GERMAN), 'utf-8', GERMAN, 0.99],
  ['UTF-8 with its mark', marked([0xef, 0xbb, 0xbf], utf8(CHINESE)), 'utf-8', CHINESE, 1],
  ['UTF-16 with its mark', marked([0xff, 0xfe], wide(JAPANESE, true)), 'utf-16le', JAPANESE, 1],
  ['UTF-16, big end first, with its mark', marked([0xfe, 0xff], wide(JAPANESE, false)), 'utf-16be', JAPANESE, 1],
  ['UTF-16 without a mark', wide(CHINESE, true), 'utf-16le', CHINESE, 0.95],
  ['UTF-16, big end first, without a mark', wide(CHINESE, false), 'utf-16be', CHINESE, 0.95],
])('%s is recognised', (_what, bytes, encoding, text, confidence) => {
  expect(decodeScript(bytes)).toEqual({ text, encoding, confidence });
});

test.each([
  ['shift_jis', JAPANESE],
  ['shift_jis', '「雪」\n「うん」\n'],
  ['shift_jis', '東京都の夜。静かだ。'],
  ['gbk', CHINESE],
  ['gbk', '她没有说话。'],
  ['gbk', '林黛玉：「宝玉，你来了？」'],
])('%s is told by the looks of %j', (encoding, text) => {
  const decoded = decodeScript(encoded(text, encoding));
  expect(decoded).toMatchObject({ encoding, text });
  expect(decoded.confidence).toBeGreaterThan(0.3);
  expect(decoded.confidence).toBeLessThan(0.96);
});

test('a single broken byte does not turn UTF-8 into something else', () => {
  const bytes = utf8(JAPANESE.repeat(3));
  bytes[40] = 0xff;
  const { encoding, text } = decodeScript(bytes);
  expect(encoding).toBe('utf-8');
  expect(text).toContain('カーテンを開けると');
});

test('whatever the bytes, they are decoded to a sound text, with a confidence between 0 and 1', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const { text, encoding, confidence } = decodeScript(bytes);
      expect(text.isWellFormed()).toBe(true);
      expect(ENCODINGS).toContain(encoding);
      expect(confidence >= 0 && confidence <= 1).toBe(true);
    }),
  );
});

test.each([
  ['RENPY', GERMAN],
  [
    'RENPY',
    'define e = Character("E")\nlabel start:\n    scene bg\n    e happy "Hi [name]"\n    menu:\n        "A":\n            jump b',
  ],
  ['RENPY', 'e "Hello"\n"World"'],
  ['KIRIKIRI', CHINESE],
  ['KIRIKIRI', JAPANESE],
  ['KIRIKIRI', '; comment\n*start\nHello[l][r]\n[jump target=*end]'],
  [null, 'Once upon a time there was a door.'],
  [null, ''],
])('the engine %s is told by %j', (engine, text) => {
  const detected = detectEngine(text);
  expect(detected.engine).toBe(engine);
  if (engine !== null) expect(detected.confidence).toBeGreaterThan(0.5);
});

test('much of anything is told in a time that does not grow with its square', () => {
  const began = process.cpuUsage();
  for (const unit of ['[', '"', 'label a', '*', 'a ', '\n', '"\\', 'a "', '[a b', ' '])
    detectEngine(unit.repeat(1_000_000 / unit.length));
  detectEngine(`"x"${' '.repeat(1_000_000)}z`);
  decodeScript(new Uint8Array(10_000_000).fill(0x83));
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(60_000);
});
