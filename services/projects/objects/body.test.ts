import zlib from 'node:zlib';
import { pack, unpack } from './body.js';

const hash = (at: number) => at.toString(16).padStart(64, '0');
const node = (from: number) =>
  JSON.stringify({ map: Array.from({ length: 50 }, (_, at) => [`item_${at}`, hash((from + at) ** 3)]) });

test.each([
  ['a node of hashes', node(1)],
  ['text of the world', '{"name":"浪 🌊 é","quote":"\\"' + 'a'.repeat(64) + '\\""}'],
  [
    'a value that looks like a hash',
    JSON.stringify({ sha: hash(7), not: hash(7).toUpperCase(), longer: `${hash(7)}0` }),
  ],
  ['nothing', '{}'],
  ['a text with a mark of its own', `{"a":"\u0001${hash(3)}","b":"${hash(3)}"}`],
])('%s comes back as it was, whole and as a difference', (_name, text) => {
  expect(unpack(pack(text))).toBe(text);
  for (const base of [node(2), text, 'x\u0001y', '']) expect(unpack(pack(text, base), base)).toBe(text);
});

test('a changed hash costs little more than its bytes', () => {
  const text = node(1).replace(hash(20 ** 3), 'f1e2d3c4b5a69788'.repeat(4));
  expect(pack(text, node(1)).length).toBeLessThan(70);
});

test('what was kept before hashes were shortened is still read', () => {
  const [text, base] = [node(1), node(2)];
  expect(unpack(zlib.zstdCompressSync(Buffer.from(text)))).toBe(text);
  expect(unpack(zlib.zstdCompressSync(Buffer.from(text), { dictionary: Buffer.from(base) }), base)).toBe(text);
});
