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
