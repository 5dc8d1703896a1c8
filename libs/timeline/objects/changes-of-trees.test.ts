import fc from 'fast-check';
import { countedNodes } from '#libs/testing/counted-nodes';
import { cutBy, cutFilm, cutStep, cutStyle } from '#libs/testing/cut-film';
import { anyPair } from '#libs/testing/odd-documents';
import { contentHash } from '../canonical-json.js';
import type { Document } from '../document.js';
import { changeDocument } from './change-value.js';
import { changesOfTrees } from './changes-of-trees.js';

/** What is told of two documents, and how many nodes it took to tell it. */
async function told(before: Document, after: Document, most = 1000) {
  const { trees, read, counts } = countedNodes(before, after);
  const changes = await changesOfTrees(read, { from: trees[0]!, to: trees[1]!, most });
  return { changes, ...counts() };
}

test('whatever two documents are, the changes that are told make the one of the other', async () => {
  await fc.assert(
    fc.asyncProperty(anyPair, async ({ before, after }) => {
      const { changes } = await told(before, after);
      if (changes) expect(contentHash(changeDocument(before, changes))).toBe(contentHash(after));
    }),
  );
});

test('of films that were cut differently the changes are told, and make the one of the other', async () => {
  await fc.assert(
    fc.asyncProperty(cutStyle, fc.array(cutStep, { minLength: 1, maxLength: 6 }), async (style, steps) => {
      const before = cutFilm(style);
      const after = cutBy(before, steps, style, 'a');
      const { changes } = await told(before, after);
      expect(changes).toBeDefined();
      expect(contentHash(changeDocument(before, changes!))).toBe(contentHash(after));
    }),
  );
});

test('one word in a long film is one change, told from a few of its nodes, and nothing is told that would be too much', async () => {
  const film = (narration: string) => ({
    editorState: {
      beats: Object.fromEntries(
        Array.from({ length: 3000 }, (_, at) => [
          `b${at}`,
          { id: `b${at}`, narration: at === 70 ? narration : `Beat ${at}` },
        ]),
      ),
    },
  });
  const { changes, reads, all } = await told(film('Calm'), film('Storm'));
  expect(changes).toEqual([{ path: ['editorState', 'beats', 'b70', 'narration'], value: 'Storm' }]);
  expect(reads).toBeLessThan(all / 3);
  expect((await told({ a: 1, b: 1 }, { a: 2, b: 2 }, 1)).changes).toBeUndefined();
});
