import fc from 'fast-check';
import { countedNodes } from '#libs/testing/counted-nodes';
import { anyPair, oddPair } from '#libs/testing/odd-documents';
import { cutBy, cutFilm, cutStep, cutStyle } from '#libs/testing/cut-film';
import { drop, type Json } from '#libs/testing/film-edits';
import { edited, EDITS, film, step, story } from '#libs/testing/shot-edits';
import { canonicalJson } from '../canonical-json.js';
import { diffDocuments } from '../diff/diff-documents.js';
import type { Document } from '../document.js';
import { diffTrees } from './diff-trees.js';

/** What is told of the trees of two documents, and of the documents themselves; and how many of the nodes were read. */
async function bothWays(before: Document, after: Document) {
  const { trees, read, counts } = countedNodes(before, after);
  const fromTrees = await diffTrees(read, trees[0]!, trees[1]!);
  return {
    fromTrees: canonicalJson(fromTrees),
    fromDocuments: canonicalJson(diffDocuments(before, after)),
    ...counts(),
  };
}

/** Longer values, so that films of few shots are kept in many nodes. */
function padded(document: Json): Json {
  const padding = 'x'.repeat(300);
  const pad = (thing: Json) => typeof thing === 'object' && thing !== null && (thing.padding = padding);
  const tables = [document.effects, ...Object.values<Json>(document.editorState ?? {})];
  for (const table of tables) if (typeof table === 'object') Object.values(table ?? {}).forEach(pad);
  if (Array.isArray(document.editorData))
    for (const row of document.editorData) if (Array.isArray(row?.actions)) row.actions.forEach(pad);
  return document;
}

/** The same where some of it is long enough to be a node of its own. */
function longIn(document: Json, nth: number): Json {
  const things = [...Object.values<Json>(document.effects), ...Object.values<Json>(document.editorState.timelineItems)];
  const actions = document.editorData.flatMap((row: Json) => row.actions);
  for (const list of [things, actions]) if (list.length > 0) list[nth % list.length].note = 'y'.repeat(5000);
  document.editorData[0].note = 'z'.repeat(5000);
  return document;
}

/** One careless edit, that leaves everything else as it is. */
function loosely(document: Json, { kind, at, to }: { kind: string; at: number; to: number }, tag: string): void {
  const { editorData, effects, editorState: state } = document;
  const row = editorData[at % editorData.length];
  const action = row.actions[at % Math.max(1, row.actions.length)];
  const other = row.actions[(at + to) % Math.max(1, row.actions.length)];
  if (!action || !other) return;
  const item = state.timelineItems[action.id];
  const clip = state.clips[item?.clipId];
  if (kind === 'shift') [action.start, action.end] = [action.start + 0.5, action.end + 0.5];
  if (kind === 'trim') action.end -= 0.5;
  if (kind === 'effect') action.effectId = to % 3 ? other.effectId : tag;
  if (kind === 'clip' && item) item.clipId = state.timelineItems[other.id]?.clipId ?? tag;
  if (kind === 'asset' && clip) clip[to % 2 ? 'assetId' : 'startOffset'] = to % 2 ? `asset${to}` : to / 4;
  if (kind === 'drop')
    delete [effects, state.timelineItems, state.clips, state.assets][to % 4][
      [action.effectId, action.id, item?.clipId, clip?.assetId][to % 4]
    ];
  if (kind === 'add') {
    effects[tag] = { id: tag, name: tag };
    state.assets[tag] = { id: tag, url: tag };
    state.clips[tag] = { id: tag, assetId: to % 2 ? tag : `asset${to}`, startOffset: 0 };
    if (to % 3) state.timelineItems[`spare${tag}`] = { id: `spare${tag}`, clipId: to % 2 ? tag : `clip${to}` };
  }
  if (kind === 'put') row.actions.splice(to % 4, 0, { id: tag, start: at / 2, end: at / 2 + 1, effectId: tag });
  if (kind === 'take') drop(row.actions, action);
  if (kind === 'list') row.actions.splice(to % row.actions.length, 0, ...row.actions.splice(0, 1));
  if (kind === 'double' && to === 0) editorData[(at + 1) % editorData.length].actions.push(structuredClone(action));
}

const markers = (document: Json, nth: number): Json => {
  const row = document.editorData[nth % document.editorData.length];
  row.actions.splice(nth, 0, { id: `__marker_${nth}`, start: nth, end: nth + 1 });
  document.editorData.splice(nth % 2, 0, { id: '__markers__', actions: [{ id: 'item0', start: 0, end: 1 }] });
  return document;
};

test('what is told of two trees is what is told of their documents', async () => {
  await fc.assert(
    fc.asyncProperty(story, ({ before, after }) => same(padded(before), padded(after))),
    { numRuns: 80 },
  );
});

test('and so it is of longer films with a few edits', async () => {
  const count = fc.integer({ min: 20, max: 60 });
  await fc.assert(
    fc.asyncProperty(count, fc.array(step, { minLength: 1, maxLength: 3 }), async (shots, steps) => {
      const base = padded(film(shots));
      await same(base, padded(edited(base, steps)));
    }),
    { numRuns: 25 },
  );
});

test('and so it is where single things are long, and where markers are drawn', async () => {
  await fc.assert(
    fc.asyncProperty(story, fc.nat(5), fc.boolean(), async ({ before, after }, nth, isMarked) => {
      if (after.editorData.length === 0 || before.editorData.length === 0) return;
      if (isMarked) markers(after, nth);
      await same(longIn(padded(before), nth), longIn(padded(after), nth + 1));
    }),
    { numRuns: 50 },
  );
});

test('and so it is where single shots shift, and share what they are made of', async () => {
  const kinds = ['shift', 'trim', 'effect', 'clip', 'asset', 'drop', 'add', 'put', 'take', 'list', 'double'] as const;
  const loose = fc.record({ kind: fc.constantFrom(...kinds), at: fc.nat(200), to: fc.nat(20) });
  await fc.assert(
    fc.asyncProperty(fc.array(loose, { maxLength: 4 }), fc.array(loose, { maxLength: 6 }), async (shared, steps) => {
      const base = padded(film(24));
      for (const step of shared) loosely(base, step, 'x');
      const after = structuredClone(base);
      steps.forEach((step, nth) => loosely(after, step, `y${nth}`));
      await same(base, after);
    }),
    { numRuns: 80 },
  );
});

test('and so it is of cut shots', async () => {
  const cuts = fc.array(cutStep, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(cutStyle, cuts, cuts, async (style, ours, theirs) => {
      const base = cutFilm(style);
      await same(padded(cutBy(base, ours, style, 'x')), padded(cutBy(base, theirs, style, 'y')));
    }),
    { numRuns: 50 },
  );
});

test('and so it is of films that are wrong in many ways, and of any JSON', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(oddPair, anyPair), fc.boolean(), async ({ before, after }, isLong) => {
      const long = { other: Array.from({ length: 600 }, (_, at) => ({ id: at, text: 'some text' })) };
      const sides = structuredClone({ before, after });
      if (isLong) await same({ ...long, ...sides.before }, { ...long, ...sides.after });
      else await same(sides.before, sides.after);
    }),
    { numRuns: 250 },
  );
});

test('and so it is of lists with ids that nobody knows', async () => {
  const ids = fc.uniqueArray(fc.nat(400), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(ids, ids, fc.nat(400), async (removed, changed, moved) => {
      const before = Array.from({ length: 400 }, (_, at) => ({ id: at, text: `some longer text, number ${at}` }));
      const after = before
        .filter(({ id }) => !removed.includes(id))
        .map((thing) => (changed.includes(thing.id) ? { ...thing, text: 'other' } : thing));
      if (moved % 2) after.splice(moved, 0, ...after.splice(0, 1));
      await same({ things: { list: before } }, { things: { list: after } });
    }),
    { numRuns: 20 },
  );
});

test('telling what a few edits did to a long film reads a small part of it', async () => {
  const base = padded(film(700));
  const after = edited(base, [{ kind: EDITS.findIndex(({ name }) => name === 'rewrite a beat'), at: 3, to: 4 }]);
  const { fromTrees, fromDocuments, reads, all } = await bothWays(base, after);
  expect(fromTrees).toBe(fromDocuments);
  expect(reads).toBeLessThan(all / 20);
});

async function same(before: Document, after: Document): Promise<void> {
  const { fromTrees, fromDocuments } = await bothWays(before, after);
  expect(JSON.parse(fromTrees)).toEqual(JSON.parse(fromDocuments));
}
