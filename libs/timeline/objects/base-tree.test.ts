import fc from 'fast-check';
import { COMMUTING_CLASSES, commutingPair, randomFrom } from '#libs/testing/commuting-edits';
import { edited, edits, film } from '#libs/testing/film-edits';
import type { Document } from '../document.js';
import { baseOfBases } from '../merge/base-of-bases.js';
import { baseTreeOf } from './base-tree.js';
import { writeDocument } from './write-document.js';

/** The base of two commits that both came of a third, from their trees and from their documents. */
async function bothWays(root: Document, one: Document, other: Document) {
  const nodes = new Map<string, string>();
  const documents = new Map(Object.entries({ root, one, other }));
  const trees = new Map(
    [...documents].map(([name, document]) => {
      const written = writeDocument(document);
      for (const [hash, { text }] of written.nodes) nodes.set(hash, text);
      return [name, written.tree];
    }),
  );
  let reads = 0;
  const read = (hashes: readonly string[]) => {
    reads += hashes.length;
    return Promise.resolve(new Map(hashes.map((hash) => [hash, nodes.get(hash)!])));
  };
  const mergeBases = () => ['root'];
  const found = await baseTreeOf(read, ['one', 'other'], {
    tree: (commit) => Promise.resolve(trees.get(commit)!),
    mergeBases,
  });
  const whole = await baseOfBases(['one', 'other'], {
    document: (commit) => Promise.resolve(documents.get(commit)!),
    mergeBases,
  });
  return { found, whole, reads, all: nodes.size };
}

test('where two bases agree, the tree of both together is that of their documents together', async () => {
  let agreed = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 40 }), edits, edits, async (clips, ours, theirs) => {
      const root = film(clips);
      const { found, whole } = await bothWays(root, edited(root, ours, 'x'), edited(root, theirs, 'y'));
      if (!found) return;
      agreed++;
      expect(whole.unknownPlaces?.size ?? 0).toBe(0);
      expect(found.tree).toBe(writeDocument(whole.document).tree);
    }),
    { numRuns: 80 },
  );
  expect(agreed).toBeGreaterThan(0);
});

test('where two bases disagree there is no tree of both', async () => {
  const root = film(4);
  const titled = (title: string) => ({ ...root, title });
  const { found } = await bothWays(titled('a'), titled('b'), titled('c'));
  expect(found).toBeUndefined();
});

test('the base of two long films that differ in little is found by reading little', async () => {
  const kind = COMMUTING_CLASSES.find(([name]) => name === 'trims and names')!;
  const { base, ours, theirs } = commutingPair(kind, { clips: 2000, edits: 5, random: randomFrom(1) });
  const { found, whole, reads, all } = await bothWays(base, ours, theirs);
  expect(found?.tree).toBe(writeDocument(whole.document).tree);
  expect(reads).toBeLessThan(all / 4);
});
