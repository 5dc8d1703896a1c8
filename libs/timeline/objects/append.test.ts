import { append } from './append.js';

test('a list may get more at once than fit on the stack', () => {
  const list = [0];
  append(
    list,
    Array.from({ length: 500_000 }, (_, n) => n),
  );
  expect(list).toHaveLength(500_001);
  expect(list.at(-1)).toBe(499_999);
});
