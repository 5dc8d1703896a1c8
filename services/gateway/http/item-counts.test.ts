import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { ItemCounts, untilNext } from './item-counts.js';

const NOON = Date.parse('2026-01-01T12:00:30Z');

test('what is asked for is summed for each client, and begins anew with each minute', async () => {
  const counts = new ItemCounts('none', undefined);
  expect([await counts.add('ada', 5, NOON), await counts.add('ada', 4, NOON), await counts.add('bob', 1, NOON)]).toEqual([5, 9, 1]); // prettier-ignore
  expect(untilNext(NOON)).toBe(30_000);
  expect(await counts.add('ada', 2, NOON + 30_000)).toBe(2);
});

test('replicas count together, and nobody waits for a Redis that is away', async () => {
  const prefix = `test:${randomUUID()}`;
  const [one, two] = [new Redis(process.env.REDIS_URL!), new Redis(process.env.REDIS_URL!)];
  expect(await new ItemCounts(prefix, one).add('ada', 5, NOON)).toBe(5);
  expect(await new ItemCounts(prefix, two).add('ada', 5, NOON)).toBe(10);
  one.disconnect();
  two.disconnect();
  const away = new Redis('redis://127.0.0.1:1', { maxRetriesPerRequest: 0, enableOfflineQueue: false, retryStrategy: () => null }); // prettier-ignore
  away.on('error', () => undefined);
  expect(await new ItemCounts(prefix, away).add('ada', 5, NOON)).toBe(5);
  away.disconnect();
});
