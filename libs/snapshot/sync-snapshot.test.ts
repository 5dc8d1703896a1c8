import { brotliCompressSync, gzipSync } from 'node:zlib';
import { ATTACKS, endless } from '#libs/testing/snapshot-attacks';
import { MemoryDisk, MemoryHost, PowerCut, Publisher, StandingClock, unpack } from '#libs/testing/snapshot-world';
import { canonicalText } from './canonical-text.js';
import { KINDS, PATHS, type Kind } from './documents.js';
import { openSnapshot } from './open-snapshot.js';
import { generateKey } from './signing.js';
import { readState } from './snapshot-state.js';
import { syncSnapshot } from './sync-snapshot.js';

const DAY = 86_400_000;
/** Contents of the n-th hour, large enough that a delta is worth its while. */
const contents = (n: number) => {
  const map = (kind: string) =>
    Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [
        `${kind} ${at}`,
        { title: `Title ${(at * 7919) % 1000}`, n: at === n % 60 ? n : 0 },
      ]),
    );
  return {
    alias: map('alias'),
    index: map('index'),
    rules: { version: n, rules: Object.values(map('rules')) },
    titles: Buffer.from(`titles ${n} ${'x'.repeat(n)}`),
    recent: map('recent'),
    works: map('works'),
  };
};

async function world() {
  const [clock, host, disk] = [new StandingClock(), new MemoryHost(), new MemoryDisk()];
  const publisher = await Publisher.start(host, clock);
  const anchor = publisher.root;
  const sync = (onto = disk, options: { kinds?: readonly Kind[]; repair?: boolean } = {}) =>
    syncSnapshot({ source: host, disk: onto, clock, unpack }, { anchor, kinds: KINDS, ...options });
  const held = async (from = disk) => {
    const files = await openSnapshot(from, KINDS, clock.now());
    return files && { seq: files.get('alias')!.manifest.seq, files };
  };
  return { clock, host, disk, publisher, sync, held };
}
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** A world that holds the first hour, while the second is published. */
async function oneBehind() {
  const all = await world();
  await all.publisher.publish(contents(1));
  await all.sync();
  await all.publisher.publish(contents(2));
  return all;
}

test('a snapshot for later programs is told from a bad one: what is held stays, and goes on when this track is published again', async () => {
  const { publisher, sync, held } = await oneBehind();
  const second = publisher.manifest!;
  await publisher.putManifest({ ...second, min_client: 2 });
  await publisher.point();
  await expect(sync()).rejects.toMatchObject({ reason: 'too_new', message: /track 2.*track 1/ });
  expect((await held())!.seq).toBe(1);
  await publisher.putManifest({ ...second, seq: 3 });
  await publisher.point();
  expect(await sync()).toMatchObject({ outcome: 'updated', seq: 3 });
});

test('a first update takes whole files, the next ones deltas, and one without news asks once for less than 500 bytes', async () => {
  const { publisher, sync, held, host, clock } = await world();
  await publisher.publish(contents(1));
  expect(await sync()).toMatchObject({
    outcome: 'updated',
    seq: 1,
    came: { alias: 'full', titles: 'full', rules: 'full' },
  });
  await publisher.publish(contents(2));
  expect(await sync()).toMatchObject({
    came: { alias: 'delta', index: 'delta', rules: 'delta', recent: 'delta', works: 'delta', titles: 'full' },
  });
  const { files } = (await held())!;
  for (const kind of ['alias', 'index', 'rules', 'recent', 'works'] as const)
    expect(text(files.get(kind)!.bytes)).toBe(canonicalText(contents(2)[kind]));
  expect(text(files.get('titles')!.bytes)).toBe(contents(2).titles.toString());
  host.asked.length = 0;
  clock.move(3_600_000);
  await publisher.publish(contents(2));
  const report = await sync();
  expect([report.outcome, report.requests, host.asked]).toEqual(['unchanged', 1, ['pointer.json']]);
  expect(report.bytes).toBeLessThan(500);
});

test('however far behind, one manifest and one delta for each kind are enough, or two where none is direct', async () => {
  const { publisher, sync, disk, clock, held } = await world();
  const behind: MemoryDisk[] = [];
  for (let n = 1; n <= 60; n++) {
    await publisher.publish({ alias: contents(n).alias });
    await sync(disk, { kinds: ['alias'] });
    behind.push(disk.copy());
    clock.move(3_600_000);
  }
  for (const [at, old] of behind.entries()) {
    const steps = 59 - at;
    const report = await sync(old, { kinds: ['alias'] });
    if (steps === 0) expect(report.outcome).toBe('unchanged');
    else expect(report).toMatchObject({ came: { alias: 'delta' }, requests: steps <= 48 ? 3 : expect.any(Number) });
    expect(report.requests).toBeLessThanOrEqual(4);
    const files = await openSnapshot(old, ['alias'], clock.now());
    expect(text(files!.get('alias')!.bytes)).toBe(canonicalText(contents(60).alias));
  }
  expect(await held()).toBeUndefined();
});

test('where too much changes for direct deltas, whoever is behind goes through an anchor, and never asks for a delta that was not made', async () => {
  const { host, clock, versions, sync, newest } = await sixtyHours({ most: 80, fine: 8 }, 20);
  // What is laid an hour is not enough for all: that is told too, and the whole is taken at once.
  const ways = { direct: 0, through: 0, whole: 0 };
  for (const [at, old] of versions.entries()) {
    host.asked.length = 0;
    const report = await sync(old);
    expect(host.asked.filter((path) => !host.files.has(path))).toEqual([]);
    if (at < 59) ways[report.came.alias === 'full' ? 'whole' : report.requests === 3 ? 'direct' : 'through']++;
    const files = await openSnapshot(old, ['alias'], clock.now());
    expect(text(files!.get('alias')!.bytes)).toBe(newest);
  }
  expect(ways.direct + ways.through + ways.whole).toBe(59);
  expect(ways.direct).toBeLessThan(12);
  expect(ways.through).toBeGreaterThan(20);
  expect(ways.whole).toBeGreaterThan(0);
});

test('a manifest of the time before ways were told is followed as before', async () => {
  const { publisher, versions, sync, newest, clock } = await sixtyHours({ most: 80, fine: 8 }, Infinity);
  const told = publisher.manifest!;
  const files = told.files.map(({ ways: _, ...file }) => file);
  await publisher.putManifest({ ...told, files });
  await publisher.point();
  const outcomes = new Set<unknown>();
  for (const old of versions.slice(0, -1)) {
    outcomes.add((await sync(old)).came.alias);
    expect(text((await openSnapshot(old, ['alias'], clock.now()))!.get('alias')!.bytes)).toBe(newest);
  }
  expect([...outcomes]).toEqual(['delta']);
});

/** Of 600 names another one has changed each hour. */
const names = (hour: number) =>
  Object.fromEntries(
    Array.from({ length: 600 }, (_, at) => [
      `name ${at}`,
      { title: `Title ${(at * 7919) % 10007}`, n: at <= hour ? at : 0 },
    ]),
  );

/** Sixty hours of aliases of which some change in each, with what is laid after every one; the folder of a client of each hour. */
async function sixtyHours(limits: { most: number; fine: number }, laid: number) {
  const [clock, host, disk] = [new StandingClock(), new MemoryHost(), new MemoryDisk()];
  const publisher = await Publisher.start(host, clock, limits);
  const anchor = publisher.root;
  const sync = (where: MemoryDisk) =>
    syncSnapshot({ source: host, disk: where, clock, unpack }, { anchor, kinds: ['alias'] });
  const versions: MemoryDisk[] = [];
  for (let n = 1; n <= 60; n++) {
    await publisher.publish({ alias: names(n) });
    await publisher.lay('alias', laid);
    await sync(disk);
    versions.push(disk.copy());
    clock.move(3_600_000);
  }
  return { publisher, host, clock, versions, sync, newest: canonicalText(names(60)) };
}

test('a host without the packed manifest, or with a wrong one, costs one request more', async () => {
  for (const tampered of [undefined, new Uint8Array(9)]) {
    const all = await oneBehind();
    all.host.tamper = (path, bytes) => (path === PATHS.manifest(2, true) ? tampered : bytes);
    const { outcome, requests } = await all.sync();
    expect([outcome, requests]).toEqual(['updated', 9]);
  }
});

describe('what is offered is refused, and what is here stays in use, when it is', () => {
  test.each(ATTACKS)('%s', async (_name, attack) => {
    const all = await oneBehind();
    const reason = await attack({ ...all, contents });
    const held = async () => [...(await all.held())!.files].map(([kind, { bytes, version }]) => [kind, version, bytes]);
    const before = await held();
    await expect(all.sync()).rejects.toMatchObject({ name: 'SnapshotRefusedError', reason });
    expect(await held()).toEqual(before);
    await expect(all.sync()).rejects.toMatchObject({ reason });
    all.host.tamper = (_, bytes) => bytes;
    if (reason === 'too_slow') expect(await all.sync()).toMatchObject({ outcome: 'updated', seq: 2 });
  });

  const kinds = KINDS.map((kind) => [kind] as const);
  test.each(kinds)('%s: wrong bytes, too many bytes, a bomb, or a truncated file', async (kind) => {
    for (const [spoil, reason] of [
      [
        (bytes: Uint8Array) => gzipSync(Buffer.from('other content of any length')).subarray(0, bytes.length),
        'hash malformed',
      ],
      [(bytes: Uint8Array) => Buffer.concat([bytes, bytes]), 'too_long'],
      [(bytes: Uint8Array) => gzipSync(Buffer.alloc(10_000_000)).subarray(0, bytes.length), 'hash malformed'],
      [(bytes: Uint8Array) => bytes.slice(0, bytes.length / 2), 'malformed'],
      [() => endless(), 'too_long'],
    ] as const) {
      const all = await world();
      await all.publisher.publish(contents(1));
      const { path } = all.publisher.manifest!.files.find((file) => file.kind === kind)!;
      all.host.tamper = (asked, bytes) => (asked === path ? spoil(bytes!) : bytes);
      const refused = await all.sync().catch((error: { reason: string }) => error.reason);
      expect(reason.split(' ')).toContain(refused);
      expect(await all.held()).toBeUndefined();
      all.host.tamper = (_, bytes) => bytes;
      expect(await all.sync()).toMatchObject({ outcome: 'updated' });
    }
  });

  test.each(kinds.filter(([kind]) => kind !== 'titles'))(
    '%s: with a wrong, truncated or endless delta the whole file is taken',
    async (kind) => {
      for (const spoil of [
        (bytes: Uint8Array) => bytes.slice(0, -3),
        () => brotliCompressSync(Buffer.from('{"from":1,"to":2,"set":{"x":1},"del":[],"edit":{}}')),
        () => brotliCompressSync(Buffer.alloc(5_000_000)),
        () => endless(),
        () => undefined,
      ] as ((bytes: Uint8Array) => Uint8Array | undefined)[]) {
        const all = await oneBehind();
        all.host.tamper = (path, bytes) => (path === PATHS.delta(kind, 1, 2) ? spoil(bytes!) : bytes);
        expect(await all.sync()).toMatchObject({ outcome: 'updated', came: { [kind]: 'full' } });
        expect((await all.held())!.seq).toBe(2);
      }
    },
  );
});

test('a delta that asks for one entry again and again makes no longer text than the whole file is', async () => {
  const all = await oneBehind();
  const file = all.publisher.manifest!.files.find(({ kind }) => kind === 'works')!;
  const entry = 'x'.repeat(file.bytes / 2);
  const delta = {
    from: 1,
    to: 2,
    skip: Array(60).fill(0),
    fate: Array(60).fill(60),
    key: ['x'],
    value: [['=', entry]],
  };
  const spoiled = brotliCompressSync(Buffer.from(JSON.stringify(delta)));
  all.host.tamper = (path, bytes) => (path === PATHS.delta('works', 1, 2) ? spoiled : bytes);
  const encoded = jest.spyOn(TextEncoder.prototype, 'encode');
  expect(await all.sync(undefined, { kinds: ['works'] })).toMatchObject({ came: { works: 'full' } });
  const longest = Math.max(...encoded.mock.calls.map(([one]) => one!.length));
  encoded.mockRestore();
  expect(longest).toBeLessThan(20 * entry.length);
});

test('while a host shows that there is news and keeps it back, what is held is not said to be the newest', async () => {
  const { clock, host, disk, publisher, sync } = await oneBehind();
  const known = (await readState(disk))!.checked_at;
  clock.move(3_600_000);
  await publisher.point();
  host.tamper = (path, bytes) => (path.startsWith('manifest/') ? undefined : bytes);
  await expect(sync()).rejects.toMatchObject({ reason: 'missing' });
  expect((await readState(disk))!.checked_at).toBe(known);
  host.tamper = (_, bytes) => bytes;
  await sync();
  expect((await readState(disk))!.checked_at).toBe(clock.now().toISOString());
});

test('rules begin anew, with lower numbers, where a root takes their keys away, and only there', async () => {
  for (const isTheirs of [true, false]) {
    const { publisher, sync, held } = await oneBehind();
    await publisher.publish(contents(9), 9);
    await sync();
    const [rules, manifest, pointer] = await Promise.all(Array.from({ length: 3 }, generateKey));
    const ofTheHour = { manifest: [manifest!], pointer: [pointer!] };
    await publisher.publishRoot(2, { ...publisher.keys, ...ofTheHour, ...(isTheirs && { rules: [rules!] }) });
    publisher.manifest = null;
    publisher.steps.clear();
    await publisher.publish(contents(5), 5);
    const outcome = await sync().catch(({ reason }: { reason: string }) => ({ reason }));
    expect(outcome).toMatchObject(isTheirs ? { outcome: 'updated', seq: 5 } : { reason: 'rollback' });
    expect((await held())!.seq).toBe(isTheirs ? 5 : 9);
  }
});

test('a stolen key is taken away by the next root, and the numbers it drove up no longer count', async () => {
  const { publisher, sync, held } = await oneBehind();
  const stolen = { ...publisher.keys };
  const million = 10 ** 15;
  await publisher.publish(contents(3), million);
  await publisher.point(million);
  await sync();
  expect((await held())!.seq).toBe(million);
  publisher.manifest = { ...publisher.manifest!, seq: 2, files: [] };
  publisher.steps.clear();
  await publisher.publishRoot(2, {
    ...publisher.keys,
    manifest: [await generateKey()],
    pointer: [await generateKey()],
  });
  const { rules: _rules, ...rest } = contents(4);
  await publisher.publish(rest, 3);
  await publisher.point(5);
  expect(await sync(undefined, { kinds: ['alias', 'index', 'titles', 'recent', 'works'] })).toMatchObject({
    outcome: 'updated',
    seq: 3,
  });
  publisher.keys = { ...publisher.keys, pointer: stolen.pointer };
  await publisher.point(2 * million);
  await expect(sync()).rejects.toMatchObject({ reason: 'signature' });
});

test('keys can be changed again and again; who was away through all of it follows root by root', async () => {
  const { publisher, sync, held } = await oneBehind();
  for (const version of [2, 3, 4]) {
    const [root1, root2, manifest, pointer] = await Promise.all(Array.from({ length: 4 }, generateKey));
    await publisher.publishRoot(version, {
      ...publisher.keys,
      root: [root1!, root2!],
      manifest: [manifest!],
      pointer: [pointer!],
    });
  }
  await publisher.publish(contents(3));
  await sync();
  expect((await held())!.seq).toBe(2 + 1);
});

test('a snapshot past its time is read offline, with its age', async () => {
  const { publisher, sync, held, clock } = await world();
  await publisher.publish(contents(1));
  await sync();
  clock.move(400 * DAY);
  await expect(sync()).rejects.toMatchObject({ reason: 'expired' });
  const { files } = (await held())!;
  expect(files.get('alias')!.age_ms).toBe(400 * DAY);
  expect(text(files.get('alias')!.bytes)).toBe(canonicalText(contents(1).alias));
});

test('what has rotted on the disk is not used: the generation before is, until it is repaired', async () => {
  const { sync, held, disk } = await oneBehind();
  await sync();
  const { files } = (await held())!;
  const [name] = [...disk.files].find(
    ([file]) => file.startsWith('alias-') && file.includes(files.get('alias')!.manifest.files[0]!.sha256.slice(0, 32)),
  )!;
  disk.files.set(name, new Uint8Array(Buffer.from('rot')));
  expect((await held())!.files.get('alias')!.generation).toBe('previous');
  expect(await sync(disk, { repair: true })).toMatchObject({ came: { alias: 'full' } });
  expect((await held())!.files.get('alias')!.generation).toBe('current');
});

test('power lost at any step leaves the old state or the new one, and the next update goes on', async () => {
  const all = await oneBehind();
  await all.sync();
  await all.publisher.publish(contents(3));
  const whole = all.disk.copy();
  await all.sync(whole);
  expect(whole.steps).toBeGreaterThan(10);
  const seen = new Set<number>();
  for (let step = 1; step <= whole.steps; step++) {
    const disk = all.disk.copy();
    disk.cutAt = step;
    await expect(all.sync(disk)).rejects.toThrow(PowerCut);
    const after = disk.copy();
    const { seq, files } = (await all.held(after))!;
    seen.add(seq);
    for (const kind of ['alias', 'index', 'rules', 'recent', 'works'] as const)
      expect(text(files.get(kind)!.bytes)).toBe(canonicalText(contents(seq)[kind]));
    await all.sync(after);
    expect((await all.held(after))!.seq).toBe(3);
  }
  expect([...seen].sort()).toEqual([2, 3]);
});
