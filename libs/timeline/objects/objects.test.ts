import fc from 'fast-check';
import { canonicalJson } from '../canonical-json.js';
import type { Document } from '../document.js';
import { parseExact } from '../exact-json.js';
import { changeTree } from './change-tree.js';
import { changeDocument, type Change } from './change-value.js';
import { hashOfNode, isNode, parseNode, type FreshNode, type ReadNodes } from './node.js';
import { pairNodes } from './pair-nodes.js';
import { readDocuments } from './read-documents.js';
import { writeDocument } from './write-document.js';

/** A store of nodes in memory. */
class Memory {
  readonly nodes = new Map<string, string>();

  put(document: Document): string {
    const { tree, nodes } = writeDocument(document);
    for (const [hash, { text }] of nodes) this.nodes.set(hash, text);
    return tree;
  }

  read = (hashes: readonly string[]) =>
    Promise.resolve(new Map(hashes.map((hash) => [hash, this.nodes.get(hash)!] as const)));

  async get(tree: string): Promise<Document> {
    return (await readDocuments(this.read, [tree]))[0]!;
  }
}

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

const text = (length: number, at: number) => `${at} `.repeat(length).slice(0, length);

/** A film in the shape the editor keeps it, of so many clips that it fills many nodes. */
function film(clips: number): Json {
  const state: Json = { clips: {}, timelineItems: {}, characters: {}, sceneOrder: [] };
  const rows: Json[] = [0, 1, 2].map((at) => ({ id: `row${at}`, rowHeight: 40, actions: [] }));
  const effects: Json = {};
  for (let at = 0; at < clips; at++) {
    const id = `item_${((at * 7919) % 99991).toString(36)}`;
    rows[at % 3].actions.push({ id, start: at, end: at + 1.25, effectId: id });
    effects[id] = { id, name: text(20, at) };
    state.clips[`clip_${at}`] = { id: `clip_${at}`, startOffset: 0, url: text(60, at) };
    state.timelineItems[id] = { id, clipId: `clip_${at}`, startTime: at, duration: 1.25 };
  }
  return { editorData: rows, effects, editorState: state, tags: ['a', 'b'] };
}

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, 0, -0, 1e21, 0.1, '', 'é', 'e\u0301', '\u{1F3AC}', '\ud800'),
    fc.constantFrom('9007199254740993', '1e-400', '-0', '1e999').map((source) => parseExact(source)),
    fc.nat(3).map((at) => text(3000, at)),
    fc.array(tie('any'), { maxLength: 6 }),
    fc.uniqueArray(fc.record({ id: fc.oneof(fc.nat(99), fc.string({ maxLength: 3 })), x: tie('any') }), {
      maxLength: 12,
      selector: ({ id }) => canonicalJson(id),
    }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'id', 'map', 'level')), tie('any'), {
      maxKeys: 8,
    }),
  ),
})).any;
const anyDocument = fc.dictionary(fc.string(), value, { maxKeys: 8 }) as fc.Arbitrary<Document>;

test('any document comes back deep-equal and exact, and its size is the length of its canonical text', async () => {
  await fc.assert(
    fc.asyncProperty(anyDocument, async (document) => {
      const memory = new Memory();
      const back = await memory.get(memory.put(document));
      expect(canonicalJson(back)).toBe(canonicalJson(document));
      expect(writeDocument(document).size).toBe(canonicalJson(document).length);
    }),
    { numRuns: 200 },
  );
});

test('long lists and objects of every kind come back', async () => {
  const memory = new Memory();
  const many = Array.from({ length: 30_000 }, (_, at) => at);
  for (const document of [
    film(2000),
    { numbers: many },
    { same: many.map(() => 0) },
    { lists: many.slice(0, 300).map((at) => [text(400, at)]) },
    { byKey: Object.fromEntries(many.map((at) => [`k${at}`, at])) },
    { longKeys: Object.fromEntries(many.slice(0, 20).map((at) => [text(30_000, at), at])) },
    { rows: many.slice(0, 9000).map((id) => ({ id })) },
    { twice: [{ id: 1 }, { id: 1 }, text(5000, 1)] },
    {},
  ])
    expect(await memory.get(memory.put(document))).toEqual(document);
});

test('a tree depends on the document alone: not on the order of its keys', () => {
  const document = film(500);
  const turned = { tags: document.tags, ...Object.fromEntries(Object.entries(document).reverse()) };
  expect(writeDocument(turned).tree).toBe(writeDocument(document).tree);
  expect(writeDocument({ ...document, tags: ['b', 'a'] }).tree).not.toBe(writeDocument(document).tree);
});

test('every node has the shape that strangers’ nodes are held to, and stands under its hash', () => {
  for (const [hash, { text: node }] of writeDocument({ ...film(2000), numbers: Array.from({ length: 9000 }, Number) })
    .nodes) {
    expect(hashOfNode(node)).toBe(hash);
    expect(isNode(parseNode(node))).toBe(true);
    expect(canonicalJson(parseNode(node))).toBe(node);
  }
});

test('one change in a long film makes a handful of new nodes, each paired with the one it replaces', async () => {
  const memory = new Memory();
  const before = film(3000);
  const tree = memory.put(before);
  const after = structuredClone(before);
  after.editorData[1].actions[700].end += 0.5;
  after.editorState.timelineItems[after.editorData[1].actions[700].id].duration = 1.75;
  const written = writeDocument(after);
  const fresh = await pairNodes(memory.read, tree, written);
  const isNew = (nodes: ReadonlyMap<string, FreshNode>) =>
    [...nodes.keys()].filter((hash) => !memory.nodes.has(hash)).sort();
  expect([...fresh.keys()].sort()).toEqual(isNew(written.nodes));
  expect(fresh.size).toBeLessThanOrEqual(5);
  for (const { like } of fresh.values()) expect(memory.nodes.has(like!)).toBe(true);
});

test('a node that something is added to cuts no other node anew', () => {
  const before = writeDocument(film(3000)).nodes;
  for (const at of [0, 1000, 2999]) {
    const document = film(3000);
    const { id } = document.editorState.clips[`clip_${at}`];
    document.editorState.clips[`${id}_left`] = { id: `${id}_left`, startOffset: 3 };
    const added = [...writeDocument(document).nodes.keys()].filter((hash) => !before.has(hash));
    expect(added.length).toBeLessThanOrEqual(4);
  }
});

describe('changes to a document that is kept', () => {
  /** Makes the changes to the tree and to the document; both must give the same tree, or refuse alike. */
  async function changed(document: Document, changes: Change[]) {
    const memory = new Memory();
    const tree = memory.put(document);
    const reads: string[] = [];
    const read: ReadNodes = (hashes) => {
      reads.push(...hashes);
      return memory.read(hashes);
    };
    const [own, expected] = await Promise.allSettled([
      changeTree(read, tree, changes),
      (async () => changeDocument(document, changes))(),
    ]);
    if (expected.status === 'rejected') {
      expect(own).toMatchObject({ status: 'rejected', reason: { code: 'invalid' } });
      return { refused: true, fresh: 0, reads: 0 };
    }
    if (own.status === 'rejected') throw own.reason as Error;
    const whole = writeDocument(expected.value);
    expect(own.value.tree).toBe(whole.tree);
    expect(own.value.size).toBe(whole.size);
    for (const [hash, { text: node, like }] of own.value.nodes) {
      expect(whole.nodes.get(hash)?.text).toBe(node);
      if (like !== null) expect(memory.nodes.has(like)).toBe(true);
    }
    for (const hash of whole.nodes.keys()) expect(memory.nodes.has(hash) || own.value.nodes.has(hash)).toBe(true);
    return { refused: false, fresh: own.value.nodes.size, reads: reads.length };
  }

  test('one trim in five thousand clips reads and makes a handful of nodes', async () => {
    const document = film(3000);
    const { id } = document.editorData[1].actions[700];
    const { fresh, reads } = await changed(document, [
      { path: ['editorData', 'row1', 'actions', id, 'end'], value: 12.5 },
      { path: ['editorState', 'timelineItems', id, 'duration'], value: 1.75 },
    ]);
    expect(fresh).toBeLessThanOrEqual(6);
    expect(reads).toBeLessThanOrEqual(10);
  });

  const step = fc.record({ kind: fc.nat(9), at: fc.nat(400), to: fc.nat(400), long: fc.boolean() });

  test('give the tree that the changed document has, whatever is put, removed, moved or emptied', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(300), fc.array(step, { minLength: 1, maxLength: 12 }), async (clips, steps) => {
        const document = film(clips);
        document.notes = Object.fromEntries(Array.from({ length: clips }, (_, at) => [`n${at}`, at]));
        const changes = steps.flatMap(({ kind, at, to, long }): Change[] => {
          const id = `item_${((at * 7919) % 99991).toString(36)}`;
          const other = `item_${((to * 7919) % 99991).toString(36)}`;
          const row = ['editorData', `row${at % 3}`, 'actions'];
          const body = long ? text(5000, to) : to;
          return [
            [{ path: ['editorState', 'timelineItems', id, 'note'], value: body }],
            [{ path: ['editorState', 'timelineItems', id] }],
            [{ path: ['editorState', 'timelineItems', `new${to}`], value: { id: `new${to}`, body } }],
            [{ path: [...row, id, 'end'], value: body }],
            [{ path: [...row, id] }],
            [{ path: [...row, `new${to}`], value: { id: `new${to}`, body }, after: to % 2 ? null : id }],
            [{ path: [...row, id], after: to % 3 === 0 ? null : other }],
            [{ path: ['effects'], value: long ? film(to).effects : {} }],
            Array.from({ length: to % 90 }, (_, nth): Change => ({ path: ['notes', `n${at + nth}`] })),
            Array.from({ length: to % 90 }, (_, nth): Change => ({
              path: ['notes', `${long ? 'm' : 'o'}${at}.${nth}`],
              value: nth,
            })),
          ][kind]!;
        });
        await changed(document, changes);
      }),
      { numRuns: 40 },
    );
  });

  test('keep keys that look like numbers in their place', async () => {
    const numbered = { '10': 1, '9': 2, b: { '2': 1, '10': 2, a: 3 } };
    const things = Object.fromEntries(
      Array.from({ length: 90 }, (_, at) => [`${at}`, { ...numbered, note: text(80, at) }]),
    );
    await changed({ things, ...numbered }, [
      { path: ['things', '10', 'b', '11'], value: 0 },
      { path: ['things', '9'] },
      { path: ['b', '3'], value: { '1': 1, '02': 2, '2': 2 } },
    ]);
  });

  test('are refused where there is nothing to change, and where a thing would lose its id', async () => {
    const document = { ...film(200), plain: [1, 2, 3], long: Array.from({ length: 3000 }, Number) };
    const refusals: Change[][] = [
      [{ path: [] }],
      [{ path: ['nothing'] }],
      [{ path: ['nothing', 'deeper'], value: 1 }],
      [{ path: ['plain', 0], value: 1 }],
      [{ path: ['long', 0], value: 1 }],
      [{ path: ['editorData', 'row9', 'id'], value: 1 }],
      [{ path: ['editorData', 'row1', 'id'], value: 'row7' }],
      [{ path: ['editorData', 'row1'], value: { id: 'row7' } }],
      [{ path: ['editorData', 'row1', 'actions', 'x'], value: { id: 'x' }, after: 'nobody' }],
      [{ path: ['tags'] }, { path: ['tags', 'a'], value: 1 }],
      [{ path: ['effects'] }, { path: ['effects'] }],
    ];
    for (const changes of refusals) expect(await changed(document, changes)).toMatchObject({ refused: true });
  });
});
