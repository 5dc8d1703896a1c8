import fc from 'fast-check';
import { mergeOrder, stayed } from './merge-order.js';

const merge = (base: string, ours: string, theirs: string, kept?: string, settle: 'ours' | 'either' = 'ours') => {
  const gone = [...base].filter((id) => !ours.includes(id) || !theirs.includes(id));
  const all = kept ?? [...new Set(ours + theirs)].filter((id) => !gone.includes(id)).join('');
  const { order, movedTwice } = mergeOrder(
    { base: [...base], ours: [...ours], theirs: [...theirs] },
    new Set(all),
    settle,
  );
  return order.join('') + (movedTwice.length ? ` twice:${movedTwice.join('')}` : '');
};

test.each([
  ['one side changes nothing', 'abcd', 'abcd', 'dxab', 'dxab'],
  ['both do the same', 'abcd', 'cxab', 'cxab', 'cxab'],
  ['inserts at both ends', 'abc', 'xabc', 'abcy', 'xabcy'],
  ['a move and an insert', 'abcdef', 'bcdeaf', 'abxcdef', 'bxcdeaf'],
  ['two moves far apart', 'abcdefgh', 'bcadefgh', 'abcdegfh', 'bcadegfh'],
  ['a delete and a move', 'abcde', 'acde', 'abced', 'aced'],
  ['an insert behind what the other side deletes', 'abcd', 'abxcd', 'acd', 'axcd'],
  ['two runs in one gap stay whole', 'ab', 'axzb', 'ayb', 'axzyb'],
  ['the same id added by both, with company', 'ab', 'axmb', 'aymb', 'axymb'],
  ['the same id added by both in two places', 'ab', 'mab', 'abm', 'mab'],
  ['one id moved to two places stays where ours put it', 'abcdef', 'bcdaef', 'bcdefa', 'bcdaef twice:a'],
])('%s', (_name, base, ours, theirs, merged) => {
  expect(merge(base, ours, theirs)).toBe(merged);
});

test('two ids moved into one gap in opposite order stand as ours has them', () => {
  expect(merge('abcdefgh', 'cdefabgh', 'cdefbagh')).toMatch(/^cdefabgh twice:[ab]$/);
});

test('where places are said to mean little, neither side wins', () => {
  expect(merge('abcdef', 'bcdaef', 'bcdefa', undefined, 'either')).toBe('bcdaef twice:a');
  expect(merge('abcdef', 'bcdefa', 'bcdaef', undefined, 'either')).toBe('bcdaef twice:a');
});

test('what one side deleted and a conflict keeps has a place', () => {
  expect(merge('abc', 'abc', 'ac', 'abc')).toBe('abc');
  expect(merge('abc', 'ac', 'abc', 'abc')).toBe('abc');
});

test('what stayed is a longest common order', () => {
  expect([...stayed([...'abcdef'], [...'fabced'])].sort().join('')).toBe('abcd');
  expect([...stayed([...'abc'], [...'xyz'])]).toEqual([]);
});

test('what is a disagreement does not depend on how it is settled', () => {
  const three = { base: [...'gidah'], ours: [...'iahgdf'], theirs: [...'iaghfd'] };
  const kept = new Set('iahgdf');
  const settled = mergeOrder(three, kept, 'ours');
  expect(settled.movedTwice).toEqual(mergeOrder(three, kept, 'either').movedTwice);
  expect([...settled.order].sort()).toEqual([...kept].sort());
});

const letters = [...'abcdefghijkl'];
const order = fc.shuffledSubarray(letters);

test('any three orders merge into one that holds each id once, whoever is ours', () => {
  fc.assert(
    fc.property(order, order, order, (base, ours, theirs) => {
      const kept = new Set(
        letters.filter((id) =>
          base.includes(id) ? ours.includes(id) && theirs.includes(id) : ours.includes(id) || theirs.includes(id),
        ),
      );
      const there = mergeOrder({ base, ours, theirs }, kept, 'either');
      const back = mergeOrder({ base, ours: theirs, theirs: ours }, kept, 'either');
      expect(there).toEqual(back);
      expect([...there.order].sort()).toEqual([...kept].sort());
      const settled = mergeOrder({ base, ours, theirs }, kept, 'ours');
      expect([...settled.order].sort()).toEqual([...kept].sort());
      expect(settled.movedTwice).toEqual(there.movedTwice);
      if (settled.movedTwice.length === 0) expect(settled).toEqual(there);
    }),
    { numRuns: 1000 },
  );
});

test('a side that changed nothing takes over the other order, and equal orders stay', () => {
  fc.assert(
    fc.property(order, order, (base, changed) => {
      const kept = new Set(changed);
      for (const settle of ['ours', 'either'] as const) {
        expect(mergeOrder({ base, ours: base, theirs: changed }, kept, settle)).toEqual({
          order: changed,
          movedTwice: [],
        });
        expect(mergeOrder({ base, ours: changed, theirs: base }, kept, settle)).toEqual({
          order: changed,
          movedTwice: [],
        });
        expect(mergeOrder({ base, ours: changed, theirs: changed }, kept, settle)).toEqual({
          order: changed,
          movedTwice: [],
        });
      }
    }),
    { numRuns: 1000 },
  );
});
