import { Strangers } from './strangers.js';

const refused = (retry_after_s: number) =>
  expect.objectContaining({ details: { reason: 'too_many_requests', retry_after_s } }) as Error;

test('an address brings in so many names an hour, and no other address pays for it', () => {
  const strangers = new Strangers(2);
  strangers.count('192.0.2.1', 0);
  strangers.count('192.0.2.1', 1000);
  expect(() => strangers.count('192.0.2.1', 1_800_000)).toThrow(refused(1800));
  strangers.count('192.0.2.2', 1_800_000);
  strangers.count('192.0.2.1', 3_600_000);
});

test('many addresses take no more room than there is, and the newest are counted', () => {
  const strangers = new Strangers(1, 3);
  for (const address of ['a', 'b', 'c', 'd']) strangers.count(address, 0);
  expect(() => strangers.count('d', 1)).toThrow(refused(3600));
  strangers.count('a', 1);
});
