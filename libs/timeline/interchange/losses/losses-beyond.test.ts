import { Losses } from './losses.js';
import { lossesBeyond } from './losses-beyond.js';

/** A report that each of these shots loses the same thing. */
function lostBy(from: number, to: number, also: readonly number[] = []) {
  const losses = new Losses();
  const shots = [...Array.from({ length: to - from }, (_, n) => from + n), ...also];
  for (const n of shots)
    losses.add('details', { place: { kind: 'shot', id: `s${n}`, name: `S${n}` }, values: { of: 'shot', fields: 'x' } });
  return losses.report;
}

test('what was lost before is not new because a shot before it is gone, however many places there are', () => {
  expect(lossesBeyond(lostBy(1, 60), lostBy(0, 60))).toEqual([]);
});

test('what other shots lose instead is new, though it is lost as often as before', () => {
  const others = [40, 41, 42, 43, 44];
  const [beyond] = lossesBeyond(lostBy(0, 25, others), lostBy(0, 30));
  expect(beyond).toMatchObject({ count: 5 });
  expect(beyond!.places.map(({ id }) => id)).toEqual(others.map((n) => `s${n}`));
});
