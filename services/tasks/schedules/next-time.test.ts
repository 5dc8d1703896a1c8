import { nextTime } from './next-time.js';

const after = (moment: string, cron: string, time_zone = 'UTC') =>
  nextTime({ cron, time_zone }, new Date(moment)).toISOString();

test('a due time is read on the clocks of its time zone', () => {
  expect(after('2026-03-28T12:00:00Z', '0 9 * * 1', 'Asia/Shanghai')).toBe('2026-03-30T01:00:00.000Z');
});

test('a due time comes after the moment asked about, even when that is one itself', () => {
  expect(after('2026-03-28T12:00:00Z', '0 12 * * *')).toBe('2026-03-29T12:00:00.000Z');
});

test('an hour that the clocks skip comes when they have moved on, and the next day at its own time', () => {
  expect(after('2026-03-28T12:00:00Z', '30 2 * * *', 'Europe/Berlin')).toBe('2026-03-29T01:00:00.000Z');
  expect(after('2026-03-29T01:00:00Z', '30 2 * * *', 'Europe/Berlin')).toBe('2026-03-30T00:30:00.000Z');
});

test.each([
  ['words', 'every day', 'UTC'],
  ['seconds', '* * * * * *', 'UTC'],
  ['a single moment', '2030-01-01T00:00:00', 'UTC'],
  ['a day that never comes', '0 0 30 2 *', 'UTC'],
  ['a time zone nobody has', '0 0 * * *', 'Nowhere/Town'],
])('%s are refused', (_what, cron, time_zone) => {
  expect(() => after('2026-03-28T12:00:00Z', cron, time_zone)).toThrow(
    expect.objectContaining({ code: 'invalid' }) as Error,
  );
});
