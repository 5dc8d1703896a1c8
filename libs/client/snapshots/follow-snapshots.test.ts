import { eventually } from '#libs/testing/child-process';
import { MemoryHost, Publisher, StandingClock } from '#libs/testing/snapshot-world';
import { followSnapshots } from './follow-snapshots.js';
import { memoryStore } from './memory-store.js';
import { Snapshots } from './snapshots.js';

test('a host that asks to be left alone for weeks is asked after six hours', async () => {
  const [clock, host, end] = [new StandingClock(), new MemoryHost(), new AbortController()];
  const publisher = await Publisher.start(host, clock);
  await publisher.publish({ index: {} });
  await publisher.point(undefined, undefined, 3_000_000);
  const waits: number[] = [];
  const wait = (ms: number, signal: AbortSignal) => {
    if (ms < 600_000) return clock.wait(ms, signal);
    waits.push(ms);
    end.abort();
    return Promise.resolve();
  };
  const snapshots = new Snapshots({
    from: host,
    store: memoryStore(),
    clock: { now: clock.now, wait },
    kinds: ['index'],
  });
  const heard: unknown[] = [];
  await followSnapshots(snapshots, { signal: end.signal, heard: (news) => heard.push(news) });
  expect(heard).toEqual([expect.objectContaining({ outcome: 'updated', wait_s: 3_000_000 })]);
  expect(waits).toEqual([6 * 3_600_000]);
});

test('it asks at once, then by the hour, after failures less and less often, and goes on when the host is back', async () => {
  const [clock, host, end] = [new StandingClock(), new MemoryHost(), new AbortController()];
  const publisher = await Publisher.start(host, clock);
  await publisher.publish({ index: { 'a-2000-tv': { release_key: 'a-2000-tv', sites: [] } } });
  const waits: number[] = [];
  const wait = (ms: number, signal: AbortSignal) => {
    // Waiting for a slow host is another matter.
    if (ms >= 600_000) waits.push(Math.round(ms / 360_000) / 10);
    return clock.wait(ms, signal);
  };
  const snapshots = new Snapshots({
    from: host,
    store: memoryStore(),
    clock: { now: clock.now, wait },
    kinds: ['index'],
  });
  const heard: string[] = [];
  const following = followSnapshots(snapshots, {
    signal: end.signal,
    random: () => 0.5,
    heard: (news) => heard.push('outcome' in news ? news.outcome : news.name),
  });
  const heardOf = (count: number) =>
    eventually(() => Promise.resolve(heard.length === waits.length && heard.length === count));
  const hour = async (count: number) => {
    await heardOf(count);
    clock.move(waits.at(-1)! * 3_600_000);
  };
  await hour(1);
  await hour(2);
  const pointer = host.files.get('pointer.json')!;
  host.files.delete('pointer.json');
  for (const count of [3, 4, 5, 6, 7]) await hour(count);
  await heardOf(8);
  host.files.set('pointer.json', pointer);
  await publisher.point();
  await hour(8);
  await heardOf(9);
  end.abort();
  await following;
  expect(heard.slice(0, 2)).toEqual(['updated', 'unchanged']);
  expect(new Set(heard.slice(2, 8))).toEqual(new Set(['SnapshotRefusedError']));
  expect(heard[8]).toBe('unchanged');
  expect(waits.slice(0, 9)).toEqual([1, 1, 1, 2, 4, 6, 6, 6, 1]);
});
