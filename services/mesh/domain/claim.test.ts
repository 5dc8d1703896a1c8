import { supersedes } from './claim.js';

test('of two claims the later one holds, and of two with one number both sides choose the same', () => {
  expect(supersedes({ owner: 'west', epoch: 5 }, { owner: 'east', epoch: 4 })).toBe(true);
  expect(supersedes({ owner: 'east', epoch: 4 }, { owner: 'west', epoch: 5 })).toBe(false);
  expect(supersedes({ owner: 'east', epoch: 5 }, { owner: 'west', epoch: 5 })).toBe(true);
  expect(supersedes({ owner: 'west', epoch: 5 }, { owner: 'east', epoch: 5 })).toBe(false);
  expect(supersedes({ owner: 'east', epoch: 5 }, { owner: 'east', epoch: 5 })).toBe(false);
});
