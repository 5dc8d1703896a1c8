import fc from 'fast-check';
import type { Document } from '../document.js';
import { mergeDocuments } from '../merge/merge-documents.js';
import { conflictId } from '../merge/merge-resolved.js';
import { each } from '../merge/versions.js';
import { mergeTrees } from './merge-trees.js';
import { writeDocument } from './write-document.js';

interface Thing {
  id: string;
  start?: number;
  note?: string;
}

/** What somebody does to a long list: `from`, `to` and `size` say where, from the front (0) to the end (1), and to how much. */
const step = fc.record({
  kind: fc.constantFrom('insert' as const, 'remove' as const, 'move' as const, 'change' as const, 'swap' as const),
  from: fc.double({ min: 0, max: 1, noNaN: true }),
  to: fc.double({ min: 0, max: 1, noNaN: true }),
  size: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 3 }) }, fc.integer({ min: 1, max: 300 })),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function edited(list: readonly Thing[], steps: readonly Step[], tag: string): Thing[] {
  let now = [...list];
  steps.forEach(({ kind, from, to, size }, nth) => {
    const at = Math.floor(from * now.length);
    if (kind === 'insert') {
      const fresh = Array.from({ length: size }, (_, own): Thing => ({ ...now[0], id: `${tag}${nth}.${own}` }));
      now.splice(at, 0, ...fresh);
    } else if (kind === 'change') {
      const note = `${tag}${nth}`;
      now = now.map((thing, own) => (own >= at && own < at + size ? { ...thing, note } : thing));
    } else {
      const taken = now.splice(at, kind === 'swap' ? Math.min(size, 3) : size);
      const place = kind === 'swap' ? at + Math.ceil(to * 3) : Math.floor(to * now.length);
      if (kind !== 'remove') now.splice(place, 0, ...taken);
    }
  });
  return now;
}

/** Merges the trees of three documents with a long list, and the documents themselves. */
async function bothWays(lists: { base: Thing[]; ours: Thing[]; theirs: Thing[] }) {
  const nodes = new Map<string, string>();
  const documents = each(lists, (list): Document => ({ list }));
  const trees = each(documents, (document) => {
    const written = writeDocument(document);
    for (const [hash, { text }] of written.nodes) nodes.set(hash, text);
    return written.tree;
  });
  let reads = 0;
  const read = (hashes: readonly string[]) => {
    reads += hashes.length;
    return Promise.resolve(new Map(hashes.map((hash) => [hash, nodes.get(hash)!])));
  };
  const merged = await mergeTrees(read, trees);
  return { merged, whole: mergeDocuments(documents.base, documents.ours, documents.theirs), reads };
}

const long = (length: number, isTimed: boolean): Thing[] =>
  Array.from({ length }, (_, at) => ({ id: `t${(at * 7919) % 99991}`, ...(isTimed && { start: at }) }));

const told = (conflicts: Parameters<typeof conflictId>[0][]) => conflicts.map((one) => conflictId(one)).sort();

const steps = fc.array(step, { minLength: 1, maxLength: 4 });
const moves = fc.array(
  step.filter(({ kind }) => kind === 'move' || kind === 'swap'),
  { minLength: 1, maxLength: 3 },
);

test.each([true, false])(
  'merging the kept orders of long lists is merging the lists, whatever came, went and moved (timed: %s)',
  async (isTimed) => {
    const lengths = fc.constantFrom(1, 60, 400, 1500);
    await fc.assert(
      fc.asyncProperty(lengths, steps, steps, steps, async (length, common, mine, others) => {
        const base = edited(long(length, isTimed), common, 'b');
        const [ours, theirs] = [edited(base, mine, 'x'), edited(base, others, 'y')];
        const { merged, whole } = await bothWays({ base, ours, theirs });
        expect(told(merged.open)).toEqual(told(whole.conflicts));
        if (whole.conflicts.length === 0) expect(merged.tree).toBe(writeDocument(whole.merged).tree);
      }),
      { numRuns: 40 },
    );
  },
);

/** So long that a thing with it is a node of its own. */
const LONG = 'x'.repeat(300);

test.each<[string, (at: number) => boolean]>([
  ['all have a time of their own', () => true],
  ['none has', () => false],
  ['one has none', (at) => at !== 2],
])('where both sides only move things, it is told where they disagree, as in whole lists (%s)', async (_, isTimed) => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(4, 8, 30, 400), moves, moves, async (length, mine, others) => {
      const base = long(length, false).map((thing, at) => ({
        ...thing,
        note: LONG,
        ...(isTimed(at) && { start: at }),
      }));
      const { merged, whole } = await bothWays({
        base,
        ours: edited(base, mine, 'x'),
        theirs: edited(base, others, 'y'),
      });
      expect(told(merged.open)).toEqual(told(whole.conflicts));
      if (whole.conflicts.length === 0) expect(merged.tree).toBe(writeDocument(whole.merged).tree);
    }),
    { numRuns: 60 },
  );
});

test('a track that both sides put elsewhere is a conflict, though nothing on any track has changed', async () => {
  const track = (id: string): Document => ({
    id,
    actions: Array.from({ length: 40 }, (__, at) => ({ id: `${id}${at}`, start: at, end: at + 1, effectId: 'e' })),
  });
  const film = (ids: string) => [...ids].map(track) as unknown as Thing[];
  const { merged } = await bothWays({ base: film('ABCDEFGH'), ours: film('BCDEFGHA'), theirs: film('BCDAEFGH') });
  expect(merged.open.map(({ kind, path }) => [kind, path])).toEqual([['moved_twice', ['list', 'A']]]);
});

test('a merge of what came, went and moved in a long list reads the same small part of it, however long it is', async () => {
  const readsOf = async (length: number) => {
    const base = long(length, false);
    const near = Math.floor(length / 2);
    const ours = base.toSpliced(near, 1).toSpliced(near - 5, 0, base[near]!);
    const theirs = base.toSpliced(near + 300, 2, { id: 'new' });
    const { merged, reads } = await bothWays({ base, ours, theirs });
    expect(merged.open).toEqual([]);
    return reads;
  };
  const [short, longer] = [await readsOf(3000), await readsOf(30_000)];
  expect(longer).toBeLessThan(short + 20);
});
