import fc from 'fast-check';
import type { Json } from '#libs/testing/film-edits';
import type { Document } from '../../document.js';
import { writeDocument } from '../../objects/write-document.js';
import { mergeTrees } from '../../objects/merge-trees.js';
import { mergeDocuments } from '../merge-documents.js';
import { each, type Versions } from '../versions.js';

/** A track as an editor thinks of it: shots of so many frames, each so many behind the one before. */
type Reel = { id: string; length: number; gap?: number }[];

const reel = (...lengths: number[]): Reel => lengths.map((length, at) => ({ id: `shot${at}`, length }));

/** The document of a reel, in seconds or in frames of an exact rate. */
function filmOf(shots: Reel, unit: 'seconds' | 'frames' = 'seconds'): Document {
  const time = (frame: number) => (unit === 'seconds' ? frame / 24 : { value: frame, rate: [24000, 1001] });
  let now = 0;
  const actions: Json[] = [];
  const timelineItems: Json = {};
  for (const { id, length, gap = 0 } of shots) {
    const [start, end] = [now + gap, now + gap + length];
    actions.push({ id, start: time(start), end: time(end), effectId: id, padding: 'x'.repeat(200) });
    timelineItems[id] = { id, startTime: time(start), duration: time(length) };
    now = end;
  }
  const effects = Object.fromEntries(shots.map(({ id }) => [id, { id, name: `Shot ${id}` }]));
  return { editorData: [{ id: '0', actions }], effects, editorState: { timelineItems } };
}

const times = (document: Document) =>
  (document.editorData as Json)[0].actions
    .map(({ id, start, end }: Json) => [id, start, end])
    .sort((a: Json, b: Json) => a[1] - b[1]);

/** What one person does to the shots of their own, each closing or making room behind it. */
const steps = (parity: number) =>
  fc.uniqueArray(
    fc.record({
      at: fc.integer({ min: 0, max: 5 }).map((half) => half * 2 + parity),
      what: fc.constantFrom('insert' as const, 'remove' as const, 'longer' as const, 'shorter' as const),
      by: fc.integer({ min: 1, max: 30 }),
    }),
    { selector: ({ at }) => at, minLength: 1, maxLength: 5 },
  );
type Steps = { at: number; what: 'insert' | 'remove' | 'longer' | 'shorter'; by: number }[];

function edited(shots: Reel, edits: Steps, tag: string): Reel {
  return shots.flatMap((shot) => {
    const edit = edits.find(({ at }) => shot.id === `shot${at}`);
    if (edit?.what === 'insert') return [shot, { id: `${tag}${edit.at}`, length: edit.by }];
    if (edit?.what === 'remove') return [];
    if (edit?.what === 'longer') return [{ ...shot, length: shot.length + edit.by }];
    return [edit?.what === 'shorter' ? { ...shot, length: shot.length - edit.by } : shot];
  });
}

async function treesMerged(versions: Versions<Document>) {
  const nodes = new Map<string, string>();
  const trees = each(versions, (document) => {
    const written = writeDocument(document);
    for (const [hash, { text }] of written.nodes) nodes.set(hash, text);
    return written.tree;
  });
  return mergeTrees((hashes) => Promise.resolve(new Map(hashes.map((hash) => [hash, nodes.get(hash)!]))), trees);
}

test('what two people put in, take out and cut, each closing up behind it, comes to the film with all of it', async () => {
  const unit = fc.constantFrom('seconds' as const, 'frames' as const);
  const gaps = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 14, maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(steps(0), steps(1), unit, gaps, async (evens, odds, counted, between) => {
      const base = between.map((gap, at) => ({ id: `shot${at}`, length: 40, gap: at % 3 === 0 ? gap : 0 }));
      const film = (shots: Reel) => filmOf(shots, counted);
      const [ours, theirs] = [edited(base, evens, 'x'), edited(base, odds, 'y')];
      const expected = film(edited(ours, odds, 'y'));
      const versions = { base: film(base), ours: film(ours), theirs: film(theirs) };
      for (const { merged, conflicts } of [
        mergeDocuments(versions.base, versions.ours, versions.theirs),
        mergeDocuments(versions.base, versions.theirs, versions.ours),
      ]) {
        expect(conflicts).toEqual([]);
        expect(times(merged).map(rounded)).toEqual(times(expected).map(rounded));
        const again = mergeDocuments(versions.base, merged, versions.theirs);
        expect(again.conflicts).toEqual([]);
        expect(times(again.merged).map(rounded)).toEqual(times(merged).map(rounded));
      }
      const whole = mergeDocuments(versions.base, versions.ours, versions.theirs).merged;
      expect((await treesMerged(versions)).tree).toBe(writeDocument(whole).tree);
    }),
    { numRuns: 100 },
  );
});

const rounded = ([id, start, end]: Json) => [id, near(start), near(end)];
const near = (time: Json) => (typeof time === 'number' ? Math.round(time * 1e6) / 1e6 : time);

test('two people who put shots of one length into a film get both, and nothing lies over anything', () => {
  const base = reel(48, 48, 48, 48);
  const [ours, theirs] = [
    edited(base, [{ at: 0, what: 'insert', by: 24 }], 'x'),
    edited(base, [{ at: 2, what: 'insert', by: 24 }], 'y'),
  ];
  const { merged, conflicts } = mergeDocuments(filmOf(base), filmOf(ours), filmOf(theirs));
  expect(conflicts).toEqual([]);
  expect(times(merged)).toEqual([
    ['shot0', 0, 2],
    ['x0', 2, 3],
    ['shot1', 3, 5],
    ['shot2', 5, 7],
    ['y2', 7, 8],
    ['shot3', 8, 10],
  ]);
});

test.each([
  ['in the middle', 1],
  ['at the end', 3],
])('what two people put into one place %s stands one after the other, whichever side is ours', (_where, at) => {
  const base = reel(48, 48, 48, 48);
  const [one, other] = [
    edited(base, [{ at, what: 'insert', by: 24 }], 'x'),
    edited(base, [{ at, what: 'insert', by: 36 }], 'y'),
  ];
  const merged = mergeDocuments(filmOf(base), filmOf(one), filmOf(other));
  const flipped = mergeDocuments(filmOf(base), filmOf(other), filmOf(one));
  expect(merged.conflicts).toEqual([]);
  expect(times(flipped.merged)).toEqual(times(merged.merged));
  const expected = edited(base, [{ at, what: 'insert', by: 24 }], 'x');
  expected.splice(at + 2, 0, { id: `y${at}`, length: 36 });
  expect(times(merged.merged)).toEqual(times(filmOf(expected)));
});

test('what is put at the end stays behind the last shot when the other side changes the order of those before', () => {
  const base = reel(48, 48, 24, 36);
  const [first, second, third, fourth] = base as [Reel[0], Reel[0], Reel[0], Reel[0]];
  const longer = [...base, { id: 'y', length: 24 }];
  for (const order of [
    [first, second, fourth, third],
    [fourth, first, second, third],
    [second, third, fourth, first],
  ]) {
    const { merged, conflicts } = mergeDocuments(filmOf(base), filmOf(order), filmOf(longer));
    expect(conflicts).toEqual([]);
    expect(times(merged).map(rounded)).toEqual(times(filmOf([...order, longer[4]!])).map(rounded));
  }
});

test('a shot that both sides moved to different times is a conflict as ever, and is not moved by both', () => {
  const base = reel(24, 24, 24);
  const moved = (by: number) => base.map((shot, at) => ({ ...shot, gap: at === 2 ? by : 0 }));
  const { conflicts } = mergeDocuments(filmOf(base), filmOf(moved(24)), filmOf(moved(48)));
  expect(conflicts).toHaveLength(1);
});

test('what a side did on a track where shots lie over others stays where that side put it', () => {
  const layered = (...shots: Json[]): Document => ({ editorData: [{ id: '0', actions: shots }] });
  const at = (id: string, start: number, end: number) => ({ id, start, end, effectId: id });
  const base = layered(at('a', 0, 4), at('b', 2, 6));
  const ours = layered(at('x', 0, 1), at('a', 1, 5), at('b', 3, 7));
  const { merged } = mergeDocuments(base, ours, layered(at('a', 0, 4), at('b', 2, 6), at('y', 6, 8)));
  expect(times(merged)).toEqual([
    ['x', 0, 1],
    ['a', 1, 5],
    ['b', 3, 7],
    ['y', 6, 8],
  ]);
});

/** The reel that two changes of one film come to, whichever side is ours; an error when they conflict. */
function bothOf(base: Reel, ours: Reel, theirs: Reel) {
  const [one, other] = [
    mergeDocuments(filmOf(base), filmOf(ours), filmOf(theirs)),
    mergeDocuments(filmOf(base), filmOf(theirs), filmOf(ours)),
  ];
  expect([one!.conflicts, other!.conflicts]).toEqual([[], []]);
  expect(times(other!.merged)).toEqual(times(one!.merged));
  return times(one!.merged);
}

test('the other half of the last shot pushes nothing that is put behind it, and more than that half does', () => {
  const base = reel(48, 48);
  const appended = [...base, { id: 'y', length: 24 }];
  const halves = [base[0]!, { id: 'shot1', length: 12 }, { id: 'x', length: 36 }];
  expect(bothOf(base, halves, appended)).toEqual(times(filmOf([...halves, { id: 'y', length: 24 }])));
  const longer = [base[0]!, { id: 'shot1', length: 12 }, { id: 'x', length: 48 }];
  expect(bothOf(base, longer, appended)).toEqual(times(filmOf([...longer, { id: 'y', length: 24 }])));
});

test('a shot that is cut at its head goes along, and so does what is behind it', () => {
  const base = reel(48, 48, 48, 48);
  const closed: Reel = [{ id: 'shot1', length: 36, gap: 12 }, base[2]!, base[3]!];
  const without: Reel = [base[0]!, base[1]!, { id: 'shot3', length: 48, gap: 48 }];
  expect(bothOf(base, closed, without)).toEqual(
    times(
      filmOf([
        { id: 'shot1', length: 36, gap: 12 },
        { id: 'shot3', length: 48, gap: 48 },
      ]),
    ),
  );
});

test('where one shot was cut and left a gap, and the next was taken out and closed up, the rest goes along by the second', () => {
  const base = reel(48, 48, 48, 48);
  const closed: Reel = [base[0]!, { id: 'shot1', length: 36 }, { id: 'shot3', length: 48, gap: 12 }];
  const named: Reel = [...base, { id: 'y', length: 24 }];
  expect(bothOf(base, closed, named)).toEqual(times(filmOf([...closed, { id: 'y', length: 24 }])));
});

test('the other half of a shot stays with it, before what took the place of the next', () => {
  const base = reel(48, 48, 48, 48);
  const halves: Reel = [base[0]!, { id: 'shot1', length: 12 }, { id: 'y', length: 36 }, base[2]!, base[3]!];
  const replaced: Reel = [base[0]!, base[1]!, { id: 'x', length: 36 }, base[3]!];
  expect(bothOf(base, halves, replaced)).toEqual(
    times(filmOf([...halves.slice(0, 3), { id: 'x', length: 36 }, base[3]!])),
  );
});
