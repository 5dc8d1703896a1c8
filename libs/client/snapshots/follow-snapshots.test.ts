import { eventually } from '#libs/testing/child-process';
import { MemoryHost, Publisher, StandingClock } from '#libs/testing/snapshot-world';
import { Offline } from '../offline/offline.js';
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

test('rules that were taken back are gone within five minutes, though a cache on the way is as far behind as it may be', async () => {
  const [clock, host, end] = [new StandingClock(), new MemoryHost(), new AbortController()];
  const publisher = await Publisher.start(host, clock);
  const [good, bad] = [{ site: 'alpha' }, { site: 'wrong' }];
  await publisher.publish({ rules: { version: 1, rules: [good] } });
  await publisher.publish({ rules: { version: 2, rules: [bad] } });
  const [behind, revertAt] = [120_000, clock.now().getTime() + 13_000];
  const stale = host.files.get('pointer.json')!;
  host.tamper = (path, bytes) => (path === 'pointer.json' && clock.now().getTime() < revertAt + behind ? stale : bytes);
  const wait = async (ms: number, signal: AbortSignal) => {
    if (ms < 60_000) return clock.wait(ms, signal);
    const [from, to] = [clock.now().getTime(), clock.now().getTime() + ms];
    if (from <= revertAt && revertAt < to) {
      clock.move(revertAt - from);
      await publisher.publish({ rules: { version: 3, rules: [good] } });
    }
    clock.move(to - clock.now().getTime());
  };
  const store = memoryStore();
  const snapshots = new Snapshots({ from: host, store, clock: { now: clock.now, wait }, kinds: ['rules'] });
  const held: [after_s: number, site: string][] = [];
  await followSnapshots(snapshots, {
    signal: end.signal,
    random: () => 1,
    heard: async () => {
      const { rules } = await new Offline(snapshots).rules().then(({ answer }) => answer);
      held.push([(clock.now().getTime() - revertAt) / 1000, String(rules[0]!.site)]);
      if (held.length === 4) end.abort();
    },
  });
  expect(held.filter(([after]) => after > 300).map(([, site]) => site)).toEqual(expect.arrayContaining(['alpha']));
  expect(held.find(([, site]) => site === 'alpha')![0]).toBeLessThanOrEqual(300);
  expect(held.filter(([after]) => after < behind / 1000).map(([, site]) => site)).not.toContain('alpha');
});

test('it asks at once, then about so often, after failures less and less often, and goes on when the host is back', async () => {
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
    every_s: 3600,
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
