import { ACTIONS, RELATIONS, isAllowed, type Relation } from './permissions.js';

test('the owner may do everything, and nobody who is nothing to a project may do anything', () => {
  for (const action of ACTIONS) {
    expect(isAllowed(action, new Set<Relation>(['owner']))).toBe(true);
    expect(isAllowed(action, new Set())).toBe(false);
  }
});

test('a higher role may do all that a lower one may', () => {
  const [owner, maintainer, contributor, viewer] = RELATIONS;
  const pairs = [
    [owner, maintainer],
    [maintainer, contributor],
    [contributor, viewer],
  ] as const;
  for (const action of ACTIONS)
    for (const [higher, lower] of pairs)
      if (isAllowed(action, new Set([lower])))
        expect([action, higher, isAllowed(action, new Set([higher]))]).toEqual([action, higher, true]);
});

test('nobody changes anything without signing in, and passers-by never see uncommitted work', () => {
  const reads = ['readHistory', 'exportProject'];
  for (const action of ACTIONS) expect(isAllowed(action, new Set(['anonymous']))).toBe(reads.includes(action));
  expect(isAllowed('readWorkspace', new Set(['visitor', 'anonymous']))).toBe(false);
});
