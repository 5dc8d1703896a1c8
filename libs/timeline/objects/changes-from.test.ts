import fc from 'fast-check';
import { edited, edits, film } from '#libs/testing/film-edits';
import type { Document } from '../document.js';
import { parseExact } from '../exact-json.js';
import { changeTree } from './change-tree.js';
import { changesFrom } from './changes-from.js';
import { writeDocument } from './write-document.js';

/** Makes one document of the kept other by what differs. */
async function madeOf(before: Document, after: Document) {
  const { tree, nodes } = writeDocument(before);
  const read = (hashes: readonly string[]) =>
    Promise.resolve(new Map(hashes.map((hash) => [hash, nodes.get(hash)!.text])));
  const changes = await changesFrom(read, tree, after);
  return { changes, tree: (await changeTree(read, tree, changes)).tree };
}

test('what differs from a kept film makes the other of it, to the byte', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 400 }), edits, edits, async (clips, some, more) => {
      const before = edited(film(clips), some, 'x');
      const after = edited(before, more, 'y');
      expect((await madeOf(before, after)).tree).toBe(writeDocument(after).tree);
    }),
    { numRuns: 60 },
  );
});

test('so does what differs between any two documents', async () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, 0, -0, 1e21, '', 'x'.repeat(5000), parseExact('9007199254740993')),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.uniqueArray(fc.record({ id: fc.oneof(fc.nat(9), fc.constantFrom('a', parseExact('1e400'))), x: tie('any') }), {
        maxLength: 6,
        selector: ({ id }) => JSON.stringify(id),
      }),
      fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'id', '10'), tie('any'), { maxKeys: 4 }),
    ),
  })).any;
  const document = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value, { maxKeys: 3 });
  await fc.assert(
    fc.asyncProperty(document, document, async (before, after) => {
      expect((await madeOf(before, after)).tree).toBe(writeDocument(after).tree);
    }),
    { numRuns: 400 },
  );
});

test('one trim in a long film is one change', async () => {
  const [before, after] = [film(2000), film(2000)];
  after.editorData[1].actions[300].end += 1;
  const { changes } = await madeOf(before, after);
  expect(changes).toEqual([{ path: ['editorData', '1', 'actions', 'item901', 'end'], value: expect.any(Number) }]);
});
