import fc from 'fast-check';
import type { Document } from '../document.js';
import { canonicalJson } from '../canonical-json.js';
import { TreeCheck } from './check-tree.js';
import { hashOfNode, hashesIn, parseNode } from './node.js';
import { writeDocument } from './write-document.js';

const LIMITS = { longest: 64 * 2 ** 20, steps: 10_000_000 };
const refusal = { code: 'invalid', details: { reason: 'bad_bundle' } };
const check = (texts: Map<string, string>, tree: string, limits = LIMITS) =>
  new TreeCheck((hash) => texts.get(hash), limits).check(tree);
const textsOf = (document: Document) => {
  const { tree, nodes } = writeDocument(document);
  return { tree, texts: new Map([...nodes].map(([hash, { text }]) => [hash, text])) };
};
const filmOf = (shots: number): Document => ({
  clips: Array.from({ length: shots }, (_, n) => ({ id: `clip_${n}`, start: n, note: 'x'.repeat((n * 37) % 900) })),
  scenes: Object.fromEntries(Array.from({ length: shots }, (_, n) => [`s${n}`, { title: 'y'.repeat((n * 13) % 700) }])),
  plain: Array.from({ length: shots }, (_, n) => n * 1000),
});
/** A tree of nodes made by hand, each under its true hash. */
const forge = (...nodes: unknown[]) => {
  const texts = new Map(nodes.map((node) => [hashOfNode(canonicalJson(node)), canonicalJson(node)]));
  return { texts, tree: hashOfNode(canonicalJson(nodes.at(-1))) };
};

test('whatever document is taken apart can be read again, and says so', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<unknown>), (document) => {
      const { tree, texts } = textsOf(document);
      expect(check(texts, tree)).toBe(Object.keys(document).length);
    }),
    { numRuns: 200 },
  );
  for (const shots of [0, 1, 50, 3000]) {
    const { tree, texts } = textsOf(filmOf(shots));
    expect(check(texts, tree)).toBe(3);
  }
});

test('a tree that misses any one of its nodes is refused', () => {
  const { tree, texts } = textsOf(filmOf(400));
  expect(texts.size).toBeGreaterThan(10);
  for (const hash of texts.keys()) {
    const fewer = new Map(texts);
    fewer.delete(hash);
    expect(() => check(fewer, tree)).toThrow(expect.objectContaining(refusal));
  }
});

test('what is no node, not in canonical form, out of order, of a wrong kind or size is refused', () => {
  const leaf = { map: [['a', [1]]] };
  const hash = hashOfNode(canonicalJson(leaf));
  const list = { list: [['x'.repeat(10)]] };
  const listHash = hashOfNode(canonicalJson(list));
  const bad: ReturnType<typeof forge>[] = [
    forge({ nothing: 1 }),
    forge({ list: [] }),
    forge({
      map: [
        ['b', [1]],
        ['a', [1]],
      ],
    }),
    forge({
      map: [
        ['a', [1]],
        ['a', [2]],
      ],
    }),
    forge({ map: [['a', [999, { map: [] }]]] }),
    forge(leaf, { map: [['a', hash, 999]], level: 1 }),
    forge(leaf, { map: [['b', hash, 6]], level: 1 }),
    forge(leaf, { map: [['a', hash, 6]], level: 2 }),
    forge(list, { map: [['a', listHash, 13]], level: 1 }),
    forge({ map: [['k', [10, { order: [2, { list: [['"a"']] }], rows: [2, { map: [] }] }]]] }),
    forge({ map: [['k', [9, { order: [1], rows: [1] }]]] }),
  ];
  for (const { tree, texts } of bad) expect(() => check(texts, tree)).toThrow(expect.objectContaining(refusal));
  const loose = '{"map": []}';
  expect(() => check(new Map([[hashOfNode(loose), loose]]), hashOfNode(loose))).toThrow(
    expect.objectContaining(refusal),
  );
  const twice = '{"map":[["a",[1]]],"map":[]}';
  expect(() => check(new Map([[hashOfNode(twice), twice]]), hashOfNode(twice))).toThrow(
    expect.objectContaining(refusal),
  );
});

test('a few small nodes that stand for an endless document are refused', () => {
  const nodes: unknown[] = [
    {
      map: [
        ['a', ['x'.repeat(4000)]],
        ['b', ['x'.repeat(4000)]],
      ],
    },
  ];
  let size = 2 + 2 * 4000 + 2 * 8;
  for (let level = 0; level < 40; level++) {
    const below = hashOfNode(canonicalJson(nodes.at(-1)));
    nodes.push({
      map: [
        ['a', [size, below]],
        ['b', [size, below]],
      ],
    });
    size = size * 2 + 13;
  }
  const { tree, texts } = forge(...nodes);
  expect(() => check(texts, tree)).toThrow(expect.objectContaining(refusal));
});

test('more to look at than is allowed, or nested deeper than can be read, is refused', () => {
  const { tree, texts } = textsOf(filmOf(500));
  expect(() => check(texts, tree, { ...LIMITS, steps: 100 })).toThrow(/more to look at/);
  expect(() => check(texts, tree, { ...LIMITS, longest: 1000 })).toThrow(/longer/);
  const deep: unknown[] = [{ map: [] }];
  let size = 2;
  for (let level = 0; level < 600; level++) {
    deep.push({ map: [['a', [size, hashOfNode(canonicalJson(deep.at(-1)))]]] });
    size += 6;
  }
  const forged = forge(...deep);
  expect(() => check(forged.texts, forged.tree)).toThrow(/deeply/);
  expect(hashesIn(parseNode(forged.texts.get(forged.tree)!))).toHaveLength(1);
});
