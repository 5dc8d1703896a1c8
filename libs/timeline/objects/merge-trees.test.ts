import fc from 'fast-check';
import { COMMUTING_CLASSES, commutingPair, randomFrom } from '#libs/testing/commuting-edits';
import { cutBy, cutFilm, cutStep, cutStyle } from '#libs/testing/cut-film';
import { twoSessions } from '#libs/testing/editing-sessions';
import { edited, edits, film, type Json } from '#libs/testing/film-edits';
import type { Document } from '../document.js';
import { conflictInWords } from '../merge/conflict-words.js';
import { mergeDocuments, type Conflict } from '../merge/merge-documents.js';
import { conflictId, mergeResolved } from '../merge/merge-resolved.js';
import { allowedTakes, type Resolution } from '../merge/settle-conflict.js';
import { each, type Versions } from '../merge/versions.js';
import { mergeTrees } from './merge-trees.js';
import { writeDocument } from './write-document.js';

/** Merges the trees of three documents, and the documents themselves. */
async function bothWays(base: Document, ours: Document, theirs: Document) {
  const { read: readKept, trees, nodes } = kept({ base, ours, theirs });
  let reads = 0;
  const read = (hashes: readonly string[]) => {
    reads += hashes.length;
    return readKept(hashes);
  };
  const merged = await mergeTrees(read, trees);
  const whole = mergeDocuments(base, ours, theirs);
  return { merged, whole, expected: writeDocument(whole.merged).tree, reads, all: nodes.size };
}

/** The same with decisions, and what is said of the conflicts that these were about. */
async function resolvedBothWays(documents: Versions<Document>, resolutions: ReadonlyMap<string, Resolution>) {
  const { read, trees } = kept(documents);
  const merged = await mergeTrees(read, trees, resolutions);
  const first = await mergeTrees(read, trees);
  const told = { language: 'en' as const, names: { ours: 'main', theirs: 'draft' } };
  const inWords = (versions: Versions<Document>) => first.open.map((one) => conflictInWords(one, versions, told));
  const expected = writeDocument(mergeResolved(documents, resolutions).merged).tree;
  return { merged, expected, words: inWords(first.versions), wholeWords: inWords(documents) };
}

function kept(documents: Versions<Document>) {
  const nodes = new Map<string, string>();
  const keep = (document: Document) => {
    const written = writeDocument(document);
    for (const [hash, { text }] of written.nodes) nodes.set(hash, text);
    return written.tree;
  };
  const read = (hashes: readonly string[]) => Promise.resolve(new Map(hashes.map((hash) => [hash, nodes.get(hash)!])));
  return { read, trees: each(documents, keep), nodes };
}

const told = (conflicts: Conflict[]) => conflicts.map((conflict) => conflictId(conflict)).sort();

/** Longer values, so that films of few clips are kept in many nodes. */
const padded = (document: Json): Json => {
  for (const table of ['effects', ...Object.keys(document.editorState)])
    for (const thing of Object.values<Json>(table === 'effects' ? document.effects : document.editorState[table]))
      if (typeof thing === 'object') thing.padding = 'x'.repeat(300);
  for (const row of document.editorData) for (const action of row.actions) action.padding = 'x'.repeat(300);
  return document;
};

test('merging trees is merging their documents', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 60 }), edits, edits, async (clips, ours, theirs) => {
      const base = padded(film(clips));
      const { merged, whole, expected } = await bothWays(base, edited(base, ours, 'x'), edited(base, theirs, 'y'));
      expect(told(merged.open)).toEqual(told(whole.conflicts));
      if (whole.conflicts.length === 0) expect(merged.tree).toBe(expected);
    }),
    { numRuns: 60 },
  );
});

test('merging trees of cut shots is merging their documents', async () => {
  const cuts = fc.array(cutStep, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(cutStyle, cuts, cuts, async (style, ours, theirs) => {
      const base = cutFilm(style);
      for (const table of ['effects', 'timelineItems', 'clips'])
        for (let at = 0; at < 40; at++)
          (table === 'effects' ? base.effects : base.editorState[table])[`other${at}`] = { id: 'x'.repeat(300) };
      const { merged, whole, expected } = await bothWays(
        base,
        cutBy(base, ours, style, 'x'),
        cutBy(base, theirs, style, 'y'),
      );
      expect(told(merged.open)).toEqual(told(whole.conflicts));
      if (whole.conflicts.length === 0) expect(merged.tree).toBe(expected);
    }),
    { numRuns: 100 },
  );
});

test('merging trees of whole sessions is merging their documents', async () => {
  await fc.assert(
    fc.asyncProperty(twoSessions, async ({ base, ours, theirs }) => {
      const { merged, whole, expected } = await bothWays(base, ours.film, theirs.film);
      expect(told(merged.open)).toEqual(told(whole.conflicts));
      if (whole.conflicts.length === 0) expect(merged.tree).toBe(expected);
    }),
    { numRuns: Number(process.env.SESSION_RUNS ?? 60) },
  );
});

test('merging trees with what was decided is merging their documents so, and tells of it in the same words', async () => {
  const take = fc.constantFrom('ours' as const, 'theirs' as const, 'restore' as const, 'drop_use' as const);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 30 }), edits, edits, take, async (clips, mine, others, wish) => {
      const base = padded(film(clips));
      const documents = { base, ours: edited(base, mine, 'x'), theirs: edited(base, others, 'y') };
      const found = mergeResolved(documents, new Map()).open;
      const resolutions = new Map(
        found.flatMap((conflict) => {
          const takes = allowedTakes(conflict);
          return [[conflict.id, { take: takes.includes(wish) ? wish : takes[0]! }] as const];
        }),
      );
      const { merged, expected, words, wholeWords } = await resolvedBothWays(documents, resolutions);
      const whole = mergeResolved(documents, resolutions);
      expect(told(merged.open)).toEqual(told(whole.open));
      expect(told(merged.settled)).toEqual(told(whole.settled));
      if (whole.open.length === 0) expect(merged.tree).toBe(expected);
      expect(words).toEqual(wholeWords);
    }),
    { numRuns: 60 },
  );
});

test('a merge of a few changes in a long film reads a small part of it', async () => {
  const kind = COMMUTING_CLASSES.find(([name]) => name === 'trims and names')!;
  const { base, ours, theirs } = commutingPair(kind, { clips: 2000, edits: 5, random: randomFrom(1) });
  const { merged, expected, reads, all } = await bothWays(base, ours, theirs);
  expect(merged.tree).toBe(expected);
  expect(reads).toBeLessThan(all / 4);
});
