import zlib from 'node:zlib';
import fc from 'fast-check';
import { lengthened, pack, shortened, unpack } from './body.js';
import { applyDelta, deltaOf } from './delta.js';

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
])('%s comes back as it was, whole and as a difference', (_name, text) => {
  const short = shortened(text);
  expect(lengthened(short)).toBe(text);
  expect(lengthened(unpack(pack(short)))).toBe(text);
  for (const base of [node(2), text, ''].map(shortened)) expect(unpack(pack(short, base), base)).toEqual(short);
});

test('a changed hash costs little more than its bytes', () => {
  const text = node(1).replace(hash(20 ** 3), 'f1e2d3c4b5a69788'.repeat(4));
  expect(pack(shortened(text), shortened(node(1))).length).toBeLessThan(40);
});

test('a difference leads from any text to any other, or there is none', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '"', '1'), maxLength: 60 });
  const parts = fc.array(fc.tuple(letters, letters, fc.boolean()), { maxLength: 40 });
  fc.assert(
    fc.property(parts, fc.string(), (pieces, end) => {
      const base = Buffer.from(pieces.map(([one]) => one.repeat(5)).join('') + end);
      const text = Buffer.from(pieces.map(([one, other, same]) => (same ? one.repeat(5) : other)).join('') + end);
      const delta = deltaOf(base, text);
      if (delta !== null) expect(applyDelta(base, delta)).toEqual(text);
      expect(unpack(pack(text, base), base)).toEqual(text);
    }),
    { numRuns: 300 },
  );
});

test('what was kept before hashes were shortened is still read', () => {
  const [text, base] = [node(1), node(2)];
  expect(unpack(zlib.zstdCompressSync(Buffer.from(text)))).toEqual(shortened(text));
  const dictionary = Buffer.from(base);
  const body = zlib.zstdCompressSync(Buffer.from(text), { dictionary });
  expect(unpack(body, shortened(base))).toEqual(shortened(text));
});
