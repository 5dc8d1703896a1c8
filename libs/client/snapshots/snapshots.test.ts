import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { IDBFactory } from 'fake-indexeddb';
import { KINDS, PATHS, type Kind } from '#libs/snapshot/documents';
import { generateKey } from '#libs/snapshot/signing';
import type { BlockChecks } from '#libs/snapshot/world';
import { ATTACKS } from '#libs/testing/snapshot-attacks';
import { MemoryHost, PowerCut, Publisher, StandingClock } from '#libs/testing/snapshot-world';
import { serveStatic, type StaticHost, type StaticOptions } from '#libs/testing/static-host';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import type { IndexedDb } from '../browser/indexed-db.js';
import { indexedDbStore } from '../browser/indexed-db-store.js';
import { directoryStore } from '../node/directory-store.js';
import { Offline } from '../offline/offline.js';
import { httpSource } from './http-source.js';
import { memoryStore } from './memory-store.js';
import type { SnapshotStore } from './snapshot-store.js';
import { Snapshots } from './snapshots.js';

const DAY = 86_400_000;
const made = mkdtempSync(join(tmpdir(), 'evidverse-snapshots-'));
const hosts: StaticHost[] = [];
afterAll(async () => {
  for (const host of hosts) await host.close();
  rmSync(made, { recursive: true, force: true });
});
let folders = 0;
const newFolder = () => join(made, `${++folders}`);

/** The n-th hour: forty works and one more each hour, which is also the one that has changed. */
function contents(n: number) {
  const keys = Array.from({ length: 40 + n }, (_, at) => `harbour-${at}-2000-movie`);
  const titleOf = (key: string) => `Ledger of the ${key.split('-').slice(0, 2).join(' ')}`;
  const map = (value: (key: string) => object) => Object.fromEntries(keys.map((key) => [key, value(key)]));
  const rows = keys.map((release_key) => ({
    release_key,
    type: 'movie',
    year: 2000,
    aliases: [{ title: titleOf(release_key) }],
  }));
  return {
    titles: Buffer.from(buildTitleIndex(rows)),
    works: map((key) => ({ title: titleOf(key), type: 'movie', year: 2000 })),
    recent: {},
    alias: map((key) => ({ title: titleOf(key), release_key: key })),
    index: map((key) => ({
      release_key: key,
      sites: [{ site: 'hdsky', score: n, last_seen: '2026-01-01T00:00:00.000Z' }],
    })),
    rules: { version: n, rules: [{ site: 'hdsky', n }] },
  };
}

async function world(kinds: readonly Kind[] = KINDS, options: StaticOptions = {}) {
  const [clock, host] = [new StandingClock(), new MemoryHost()];
  const publisher = await Publisher.start(host, clock);
  const anchor = publisher.root;
  await publisher.publish(contents(1));
  const served = await serveStatic(host, options);
  hosts.push(served);
  const folder = newFolder();
  /** A client started anew: on the same folder, or on another store. */
  const client = (store: SnapshotStore = directoryStore(folder)) => {
    const snapshots = new Snapshots({ from: served.url, store, root: anchor, clock, kinds });
    return { snapshots, offline: new Offline(snapshots) };
  };
  const { snapshots, offline } = client();
  await snapshots.sync();
  return { clock, host, served, publisher, folder, client, snapshots, offline };
}
type World = Awaited<ReturnType<typeof world>>;
const newest = (n: number) => `Ledger of the harbour ${39 + n}`;

describe('whatever is done to it, the client goes on with what it has', () => {
  /** Beside those that every client refuses: what ends well, or with the host away; each says what the client says to it. */
  const attacks: [string, (w: World) => Promise<string | undefined> | string | undefined][] = [
    ...ATTACKS.map(([name, attack]): [string, (w: World) => Promise<string>] => [
      name,
      async (w) => attack({ ...w, sync: () => w.snapshots.sync(), contents }),
    ]),
    [
      'fast-forward: numbers driven up by a stolen key, until the root takes that away',
      async ({ publisher, snapshots }) => {
        await publisher.point(10 ** 15);
        await snapshots.sync();
        await publisher.publishRoot(2, {
          ...publisher.keys,
          pointer: [await generateKey()],
          manifest: [await generateKey()],
        });
        await publisher.publish(contents(3), 3);
        await publisher.point(4);
        return undefined;
      },
    ],
    [
      'a truncated delta: the whole file is taken',
      ({ host }) => {
        host.tamper = (path, bytes) => (path.startsWith('delta/') ? bytes?.slice(0, -3) : bytes);
        return undefined;
      },
    ],
    [
      'a rotation as it should be is followed',
      async ({ publisher }) => {
        await publisher.publishRoot(2, { ...publisher.keys, pointer: [await generateKey()] });
        await publisher.point();
        return undefined;
      },
    ],
    [
      'expired while the host was away',
      async ({ clock, served }) => {
        clock.move(400 * DAY);
        await served.close();
        return 'unavailable';
      },
    ],
  ];
  test.each(attacks)('%s', async (_name, attack) => {
    const all = await world();
    await all.publisher.publish(contents(2));
    const refused = await attack(all);
    const before = await all.snapshots.age();
    const outcome = await all.snapshots.sync().then(
      () => undefined,
      (error: { reason?: string; code?: string }) => error.reason ?? error.code,
    );
    expect(outcome).toBe(refused);
    const { seq } = (await all.client().snapshots.age())!;
    if (refused !== undefined) expect(seq).toBe(before!.seq);
    const n = seq > 3 ? 2 : seq;
    for (const { offline } of [all, all.client()]) {
      const { answer, snapshot } = await offline.resolve(newest(n));
      expect([answer, snapshot.seq]).toMatchObject([
        { title: newest(n), confidence: expect.any(Number) as number },
        seq,
      ]);
    }
  });

  test.each(KINDS.map((kind) => [kind] as const))('%s: wrong bytes under the right name', async (kind) => {
    const all = await world();
    await all.publisher.publish(contents(2));
    const { path } = all.publisher.manifest!.files.find((file) => file.kind === kind)!;
    const wrong = gzipSync(Buffer.from('other content'));
    all.host.tamper = (asked, bytes) => (asked === path ? wrong : asked.startsWith('delta/') ? undefined : bytes);
    const refused = await all.snapshots.sync().catch((error: { reason: string }) => error.reason);
    if (kind === 'recent') expect(refused).toMatchObject({ outcome: 'updated' });
    else expect(['hash', 'too_long']).toContain(refused);
    all.host.tamper = (_, bytes) => bytes;
    await all.snapshots.sync();
    expect((await all.offline.resolve(newest(2))).snapshot.seq).toBe(2);
  });

  test('an index of titles for a newer program: nothing of that snapshot is taken', async () => {
    const all = await world();
    const titles = Buffer.from(contents(2).titles);
    titles.writeUInt16LE(titles.readUInt16LE(6) + 1, 6);
    await all.publisher.publish({ ...contents(2), titles });
    await expect(all.snapshots.sync()).rejects.toMatchObject({ reason: 'too_new' });
    expect((await all.client().offline.resolve(newest(1))).snapshot.seq).toBe(1);
    expect((await all.client().offline.rules()).answer.version).toBe(1);
    await all.publisher.publish(contents(3));
    await all.snapshots.sync();
    expect((await all.offline.resolve(newest(3))).snapshot.seq).toBe(3);
  });

  test('a pointer that was spoiled on its way and remembered does not come again', async () => {
    const all = await world();
    await all.publisher.publish(contents(2));
    all.host.tamper = (path, bytes) => (path === PATHS.pointer ? Buffer.from('<html>') : bytes);
    await expect(all.snapshots.sync()).rejects.toMatchObject({ reason: 'malformed' });
    all.host.tamper = (_, bytes) => bytes;
    expect(await all.client().snapshots.sync()).toMatchObject({ outcome: 'updated', seq: 2 });
  });
});

describe.each<[string, () => SnapshotStore]>([
  ['a folder', () => directoryStore(newFolder())],
  ['a database of the browser', () => indexedDbStore('it', { indexedDB: new IDBFactory() as unknown as IndexedDb })],
])('in %s', (_name, newStore) => {
  test('power lost at any step leaves the old snapshot or the new one, and the next update goes on', async () => {
    const all = await world();
    const base = newStore();
    await all.client(base).snapshots.sync();
    await all.publisher.publish(contents(2));
    await all.client(base).snapshots.sync();
    await all.publisher.publish(contents(3));
    const copy = async () => {
      const store = newStore();
      for (const name of await base.list()) await store.write(name, (await base.read(name))!);
      return store;
    };
    const counting = new CuttableStore(await copy(), Infinity);
    await all.client(counting).snapshots.sync();
    expect(counting.steps).toBeGreaterThan(12);
    const seen = new Set<number>();
    for (let step = 1; step <= counting.steps; step++) {
      const store = await copy();
      await expect(all.client(new CuttableStore(store, step)).snapshots.sync()).rejects.toThrow(PowerCut);
      const after = all.client(store);
      const { answer, snapshot } = await after.offline.resolve(newest(1));
      expect(answer).toMatchObject({ title: newest(1) });
      expect((await after.offline.sites('harbour-0-2000-movie')).answer.sites[0]!.score).toBe(snapshot.seq);
      expect((await after.offline.rules()).answer.version).toBe(snapshot.seq);
      seen.add(snapshot.seq);
      await after.snapshots.sync();
      expect((await after.offline.resolve(newest(3))).answer).toMatchObject({ title: newest(3) });
    }
    expect([...seen].sort()).toEqual([2, 3]);
  });

  test('of two programs that sync at once one fetches and the other finds it done, and both answer with the new one', async () => {
    const all = await world();
    const store = newStore();
    const programs = [all.client(store), all.client(store)];
    await programs[0]!.snapshots.sync();
    for (const { offline } of programs) expect((await offline.resolve(newest(1))).snapshot.seq).toBe(1);
    await all.publisher.publish(contents(2));
    all.served.log.length = 0;
    const reports = await Promise.all(programs.map(({ snapshots }) => snapshots.sync()));
    expect(reports.map(({ outcome }) => outcome).sort()).toEqual(['unchanged', 'updated']);
    expect(all.served.log.filter((line) => !line.includes('pointer.json'))).toHaveLength(
      reports.find(({ outcome }) => outcome === 'updated')!.requests - 1,
    );
    for (const { offline } of programs) expect((await offline.resolve(newest(2))).snapshot.seq).toBe(2);
  });
});

test.each<[Kind, string, (bytes: Buffer) => Buffer]>([
  ['titles', 'all of it', () => Buffer.from('rot')],
  ['titles', 'a bit of it', flipped],
  ['works', 'a bit of it', flipped],
])(
  'of %s %s has rotted on the disk: the generation before answers, and the next update mends it',
  async (kind, _, rot) => {
    const all = await world();
    await all.publisher.publish(contents(2));
    await all.snapshots.sync();
    const { sha256 } = all.publisher.manifest!.files.find((file) => file.kind === kind)!;
    const path = join(all.folder, `${kind}-${sha256.slice(0, 32)}`);
    writeFileSync(path, rot(readFileSync(path)));
    const { offline, snapshots } = all.client();
    const atOnce = await Promise.all([1, 1, 1].map((n) => offline.resolve(newest(n))));
    expect(atOnce.map(({ snapshot }) => snapshot.seq)).toEqual([1, 1, 1]);
    expect((await snapshots.sync()).came[kind]).toBeDefined();
    expect((await offline.resolve(newest(2))).snapshot.seq).toBe(2);
  },
);

function flipped(bytes: Buffer): Buffer {
  bytes[bytes.length >> 1]! ^= 4;
  return bytes;
}

test('a host without news is asked once and sends nothing; two who ask at once ask once', async () => {
  const all = await world();
  all.served.log.length = 0;
  const [one, other] = await Promise.all([all.snapshots.sync(), all.snapshots.sync()]);
  expect(one).toMatchObject({ outcome: 'unchanged', requests: 1, bytes: 0 });
  expect(other).toBe(one);
  expect(all.served.log).toEqual(['304 pointer.json']);
});

test('without a root of its own a client believes the first that it is shown, and no other ever after', async () => {
  const all = await world();
  const store = memoryStore();
  const first = new Snapshots({ from: all.served.url, store, clock: all.clock });
  await first.sync();
  const stranger = await world();
  const elsewhere = new Snapshots({ from: stranger.served.url, store, clock: all.clock });
  await expect(elsewhere.sync()).rejects.toMatchObject({ reason: 'signature' });
  expect((await first.age())!.seq).toBe(1);
});

test('a snapshot in a folder of other things leaves them alone, and removes only its own', async () => {
  const all = await world(['rules']);
  await all.snapshots.sync();
  const others = ['aliases.json', 'rules-of-the-house', `notes-${'0'.repeat(32)}`];
  for (const name of others) writeFileSync(join(all.folder, name), 'mine');
  const gone = `rules-${'0'.repeat(32)}.new`;
  writeFileSync(join(all.folder, gone), 'half');
  await all.publisher.publish(contents(2));
  await all.snapshots.sync();
  const left = readdirSync(all.folder);
  expect(left).toEqual(expect.arrayContaining(others));
  expect(left).not.toContain(gone);
});

const saysHowPacked = (path: string): Record<string, string> => {
  const encoding = path.endsWith('.gz') ? 'gzip' : path.endsWith('.br') ? 'br' : undefined;
  return encoding ? { 'content-encoding': encoding } : {};
};
test.each<[string, StaticOptions]>([
  [
    'stand below a path, all of them as plain text',
    { below: 'mirror/snap/', headers: () => ({ 'content-type': 'text/plain' }) },
  ],
  ['are said to be packed on their way, so that they come unpacked', { headers: saysHowPacked }],
])('a host where files %s serves as well, hour after hour', async (_, options) => {
  const all = await world(KINDS, options);
  expect((await all.offline.resolve(newest(1))).answer).toMatchObject({ title: newest(1) });
  for (const hour of [2, 3]) {
    all.clock.move(3_600_000);
    await all.publisher.publish(contents(hour));
    expect(await all.snapshots.sync()).toMatchObject({ outcome: 'updated', came: { works: 'delta', titles: 'full' } });
    expect((await all.offline.resolve(newest(hour))).answer).toMatchObject({ title: newest(hour) });
  }
  expect(await all.snapshots.sync()).toMatchObject({ outcome: 'unchanged', requests: 1 });
});

test('behind a cache that shows a pointer for a while longer, the client is as far as that, and then goes on', async () => {
  const all = await world();
  const before = all.host.files.get(PATHS.pointer)!;
  await all.publisher.publish(contents(2));
  const after = all.host.files.get(PATHS.pointer)!;
  all.host.files.set(PATHS.pointer, before);
  expect(await all.snapshots.sync()).toMatchObject({ outcome: 'unchanged' });
  all.host.files.set(PATHS.pointer, after);
  expect(await all.snapshots.sync()).toMatchObject({ outcome: 'updated' });
  expect((await all.offline.resolve(newest(2))).answer).toMatchObject({ title: newest(2) });
});

test('what one program found damaged, the next sync of another repairs, also without news', async () => {
  const all = await world();
  const titles = join(
    all.folder,
    readdirSync(all.folder).find((name) => name.startsWith('titles-'))!,
  );
  writeFileSync(titles, readFileSync(titles).fill(0, 40, 80));
  const another = () => new Snapshots({ from: all.served.url, store: directoryStore(all.folder), clock: all.clock });
  const seen = await new Offline(another()).resolve(newest(1)).catch((error: unknown) => error);
  expect(seen).toMatchObject({ code: 'unavailable' });
  expect(await another().sync()).toMatchObject({ came: { titles: 'full' } });
  expect((await new Offline(another()).resolve(newest(1))).answer).toMatchObject({ title: newest(1) });
  expect(await another().sync()).toMatchObject({ outcome: 'unchanged', came: {} });
  expect(readdirSync(all.folder)).not.toContain('damaged');
});

test('where there is no brotli, deltas come by gzip', async () => {
  const all = await world();
  await all.publisher.publish(contents(2));
  const { gzip } = (await import('./unpack.js')).platformUnpack();
  const snapshots = new Snapshots({
    from: all.served.url,
    store: directoryStore(all.folder),
    clock: all.clock,
    unpack: { gzip },
  });
  expect(await snapshots.sync()).toMatchObject({ came: { works: 'delta' } });
  expect(all.served.log.filter((line) => line.includes('delta/works'))).toEqual(['200 delta/works/1-2.json.gz']);
});

test('a page of elsewhere sends no header that a static host would first have to allow, and leaves what is new to the cache', async () => {
  const all = await world();
  const asked: [string, RequestInit][] = [];
  const fetching: typeof fetch = (url, wish = {}) => {
    asked.push([(url as URL | string).toString().slice(all.served.url.length), wish]);
    return fetch(url, wish);
  };
  const source = httpSource(all.served.url, {
    fetch: fetching,
    page: 'https://library.example',
    remember: memoryStore(),
  });
  const snapshots = new Snapshots({ from: source, store: memoryStore(), root: all.publisher.root, clock: all.clock });
  await snapshots.sync();
  await snapshots.sync();
  expect(asked.every(([, { headers }]) => headers === undefined)).toBe(true);
  const modes = (path: RegExp) => new Set(asked.filter(([one]) => path.test(one)).map(([, { cache }]) => cache));
  expect([...modes(/^pointer/)]).toEqual(['no-cache']);
  expect([...modes(/^(manifest|o)\//)]).toEqual(['no-store']);
  await source.forget();
  await snapshots.sync();
  expect(asked.at(-1)![1].cache).toBe('reload');
});

test('files come from wherever their host sends one, but never by http what was asked for by https', async () => {
  const all = await world();
  const sender = createServer(({ url: path }, answer) => {
    answer.writeHead(302, { location: path === '/round' ? path : new URL(path!.slice(1), all.served.url).href }).end();
  });
  await new Promise<void>((ready) => sender.listen(0, '127.0.0.1', ready));
  const from = `http://127.0.0.1:${(sender.address() as AddressInfo).port}/`;
  hosts.push({ url: from, log: [], close: () => Promise.resolve(void sender.close()) });
  const rest = { root: all.publisher.root, clock: all.clock };
  const snapshots = new Snapshots({ from, store: memoryStore(), ...rest });
  await snapshots.sync();
  expect(await new Offline(snapshots).resolve(newest(1))).toMatchObject({ answer: { title: newest(1) } });
  // As if TLS ended in front of it.
  const asked: string[] = [];
  const source = httpSource('https://snap.example/', {
    fetch: (url, wish) => {
      asked.push(url as string);
      return fetch((url as string).replace('https://snap.example/', from), wish);
    },
  });
  const never = new AbortController().signal;
  await expect(source.open(PATHS.pointer, never)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('from https nothing is followed to http'),
  });
  expect(asked).toEqual([`https://snap.example/${PATHS.pointer}`]);
  await expect(httpSource(from).open('round', never)).rejects.toThrow(/redirects more than/);
});

test('a client that has nothing says so, and leaves nothing behind by asking', async () => {
  const folder = newFolder();
  const offline = new Offline(new Snapshots({ from: 'http://127.0.0.1:9/', store: directoryStore(folder) }));
  await expect(offline.resolve('x')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(
      /^There is no snapshot of http:\/\/127\.0\.0\.1:9\/ here yet\. Sync once;/,
    ) as string,
  });
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
});

/** A store that loses power at the n-th step; half of what was being written is there. */
class CuttableStore implements SnapshotStore {
  steps = 0;
  constructor(
    private readonly disk: SnapshotStore,
    private readonly cutAt: number,
  ) {}
  read = (name: string) => this.disk.read(name);
  list = () => this.disk.list();
  alone = <T>(work: () => Promise<T>) => this.disk.alone!(work);
  readByPlace = (name: string, checks: BlockChecks) =>
    this.disk.readByPlace?.(name, checks) ?? Promise.resolve(undefined);
  async write(name: string, bytes: Uint8Array): Promise<void> {
    if (!this.step()) return this.disk.write(name, bytes);
    await this.disk.write(name, bytes.slice(0, bytes.length / 2));
    throw new PowerCut();
  }
  async rename(from: string, to: string): Promise<void> {
    if (this.step()) throw new PowerCut();
    await this.disk.rename(from, to);
  }
  async remove(name: string): Promise<void> {
    if (this.step()) throw new PowerCut();
    await this.disk.remove(name);
  }
  private step(): boolean {
    return ++this.steps >= this.cutAt;
  }
}
