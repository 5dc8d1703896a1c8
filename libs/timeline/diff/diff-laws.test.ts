import fc from 'fast-check';
import type { Json } from '#libs/testing/film-edits';
import { anyPair, oddPair } from '#libs/testing/odd-documents';
import { edited, EDITS, film, lengthOf, place, step, story, takeShot } from '#libs/testing/shot-edits';
import { canonicalJson } from '../canonical-json.js';
import { describeChanges } from './describe-changes.js';
import { diffDocuments } from './diff-documents.js';
import { committable, type Document } from '../document.js';

const pair: fc.Arbitrary<{ before: Document; after: Document }> = fc.oneof(story, oddPair, anyPair);

const told = (before: Document, after: Document) => diffDocuments(before, after);

test('nothing is told of a document and itself', () => {
  fc.assert(
    fc.property(pair, ({ before }) => {
      expect(told(before, structuredClone(before))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('something is told exactly if both would not be the same commit, and it can be said', () => {
  fc.assert(
    fc.property(pair, ({ before, after }) => {
      const changes = told(before, after);
      const isSame = canonicalJson(committable(before)) === canonicalJson(committable(after));
      expect(changes.length === 0).toBe(isSame);
      for (const language of ['en', 'zh'] as const) {
        for (const sentence of describeChanges(changes, { language })) expect(sentence).toMatch(/^\S.*\S$/s);
      }
    }),
    { numRuns: 1000 },
  );
});

test('what is told does not depend on the order of keys', () => {
  const turned = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(turned);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, item]) => [key, turned(item)]),
    );
  };
  fc.assert(
    fc.property(pair, ({ before, after }) => {
      expect(canonicalJson(told(turned(before), turned(after)))).toBe(canonicalJson(told(before, after)));
    }),
    { numRuns: 300 },
  );
});

test('nothing that keeps its id is both removed and added, and nothing is told twice', () => {
  fc.assert(
    fc.property(pair, ({ before, after }) => {
      const changes = told(before, after).filter(({ entity }) => entity !== 'value');
      const ids = (kind: string) =>
        changes.filter((change) => change.kind === kind).map(({ entity, id }) => canonicalJson([entity, id]));
      const added = new Set(ids('added'));
      expect(ids('removed').filter((id) => added.has(id))).toEqual([]);
      const said = changes.map(({ kind, path, ...more }) =>
        canonicalJson([kind, path, 'edge' in more ? more.edge : '', 'first' in more ? more.first : '']),
      );
      expect(new Set(said).size).toBe(said.length);
    }),
    { numRuns: 500 },
  );
});

test('each edit alone takes no more changes than it should', () => {
  fc.assert(
    fc.property(step, fc.integer({ min: 1, max: 8 }), (one, count) => {
      const base = film(count);
      expect(told(base, edited(base, [one])).length).toBeLessThanOrEqual(EDITS[one.kind]!.most);
    }),
    { numRuns: 500 },
  );
});

test('many edits take no more changes than all of them alone', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.integer({ min: 1, max: 12 }), (steps, count) => {
      const base = film(count);
      const most = steps.reduce((sum, { kind }) => sum + (EDITS[kind]!.among ?? EDITS[kind]!.most), 0);
      expect(told(base, edited(base, steps)).length).toBeLessThanOrEqual(most);
    }),
    { numRuns: 500 },
  );
});

test('a trim that closes up is two changes, however many shots follow; a move is one, besides those that make room', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(29), fc.boolean(), fc.nat(9), (count, nth, isHead, to) => {
      const base = film(count);
      const after = structuredClone(base);
      const at = nth % (count - 1);
      EDITS[isHead ? 1 : 0]!.make(after, 0, 0, '');
      const row = after.editorData[0];
      expect(told(base, after).map(({ kind }) => kind)).toEqual(['trimmed', 'shifted']);

      const moved = structuredClone(base);
      const action = takeShot(moved, moved.editorData[1], at);
      moved.editorData[2].actions.push(action);
      const start = 1000 + to;
      place(moved, action, { start, end: start + lengthOf(action) });
      moved.editorState.timelineItems[action.id].trackId = '2';
      const kinds = told(base, moved).map(({ kind }) => kind);
      expect(kinds.sort()).toEqual(['moved', 'shifted']);
      expect(row.actions).toHaveLength(count);
    }),
    { numRuns: 100 },
  );
});

test('five thousand shots are compared in a time that grows with them, not with their square', () => {
  const time = (count: number): number => {
    const base = film(count);
    const after = structuredClone(base);
    for (const nth of [3, 33, 333]) EDITS[0]!.make(after, nth, nth, '');
    for (const nth of [4, 44, 444]) EDITS[3]!.make(after, nth, 2 * nth, '');
    const runs = Array.from({ length: 5 }, () => {
      const start = process.cpuUsage();
      told(base, after);
      return process.cpuUsage(start).user / 1000;
    });
    return Math.min(...runs);
  };
  const [small, large] = [time(170), time(1700)];
  expect(large).toBeLessThan(40 * Math.max(small, 1));
});
