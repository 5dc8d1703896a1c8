import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, gunzipSync, zstdCompressSync } from 'node:zlib';
import { directoryStore } from '#libs/client/node/directory-store';
import { Snapshots } from '#libs/client/snapshots/snapshots';
import { systemClock } from '#libs/client/snapshots/system-clock';
import { readWritten, textOf, type BareMap } from '#libs/snapshot/bare-map';
import { buildSnapshot, type BuiltSnapshot } from '#libs/snapshot/build/build-snapshot';
import { canonicalText } from '#libs/snapshot/canonical-text';
import { PATHS, type Manifest } from '#libs/snapshot/documents';
import { MemoryHost, Publisher } from '#libs/testing/snapshot-world';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import type { WorkRow } from '#libs/titles/rows';
import { madeUpWorks, titleMaker } from './made-up-works.js';

const CHANGED = 500;

/**
 * Two hours of a catalogue of made-up works: what is built, once all of it and once with one work in 500 changed, the bytes of
 * the delta beside `zstd -19 --patch-from`, and the start of an offline client, a process of its own, beside reading JSON.
 */
export async function benchHour(aliases: number): Promise<void> {
  const title = titleMaker();
  const works = madeUpWorks(aliases, title);
  const later = works.map((row, n) =>
    n % CHANGED === 0 ? { ...row, aliases: [...row.aliases, { title: title() }] } : row,
  );
  console.log(`${aliases} aliases of ${works.length} works, their database not counted`);
  const old = mapOf(works);
  const index = await timed('flat index: build', () => buildTitleIndex(works));
  const full = await timed('bare map: build all of it', () => built(1, old, null, []));
  const { path } = full.manifest!.files[0]!;
  const packed = full.files.find((file) => file.path === path)!.bytes;
  const changed = await timed('bare map: build with one work in 500 changed', () =>
    built(2, mapOf(later), full.manifest!, full.steps, () => readWritten(gunzipSync(packed).toString())),
  );
  const delta = changed.files.find((file) => file.path === PATHS.delta('alias', 1, 2))!.bytes;
  const [before, after] = [old, mapOf(later)].map((map) =>
    Buffer.concat([...textOf(map)].map((text) => Buffer.from(text))),
  );
  const { ZSTD_c_compressionLevel, ZSTD_c_windowLog, ZSTD_c_enableLongDistanceMatching } = constants;
  const params = { [ZSTD_c_compressionLevel]: 19, [ZSTD_c_windowLog]: 27, [ZSTD_c_enableLongDistanceMatching]: 1 };
  const patch =
    after!.length < 100_000_000 &&
    (await timed('peer: zstd -19 --patch-from', () =>
      zstdCompressSync(after!, { params, dictionary: before } as never),
    ));
  const beside = patch ? `, zstd ${patch.length} B: ${(delta.length / patch.length).toFixed(2)} x` : '';
  console.log(`whole ${after!.length} B, gzip ${packed.length} B, delta ${delta.length} B${beside}`);
  await starts(works, index, packed);
}

const mapOf = (rows: readonly WorkRow[]): BareMap =>
  new Map(
    rows.flatMap(({ release_key, year, aliases }): [string, string][] => {
      const names = aliases.map((alias) => alias.title);
      const text = canonicalText({ title: names[0], year, type: 'anime', release_key, aliases: names.slice(1) });
      return names.map((name) => [name.toLowerCase(), text]);
    }),
  );

function built(
  seq: number,
  content: BareMap,
  last: Manifest | null,
  steps: BuiltSnapshot['steps'],
  lastMap?: () => BareMap,
): Promise<BuiltSnapshot> {
  return buildSnapshot({
    seq,
    now: new Date(seq * 3_600_000),
    nextAt: null,
    last,
    kinds: [{ kind: 'alias', content, steps, ...(lastMap && { lastMap: async () => lastMap() }) }],
    shardsFrom: 0,
    tiers: { sizes: [10_000, 100_000], known: () => 0 },
  });
}

async function timed<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  const [began, spent] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(spent);
  const [time, cpu] = [performance.now() - began, (user + system) / 1000].map((ms) => ms.toFixed(0).padStart(8));
  console.log(`${name.padEnd(46)} ${time} ms, ${cpu} ms of processors`);
  return result;
}

/** The start of a client that has nothing but a folder, five times, beside reading JSON. */
async function starts(works: readonly WorkRow[], index: Uint8Array, packed: Uint8Array): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'evidverse-bench-'));
  try {
    await publishTo(join(folder, 'store'), works, index);
    await writeFile(join(folder, 'alias.json.gz'), packed);
    const asked = works[17]!.aliases[1]!.title.replace(/.$/u, '');
    const ask = join(import.meta.dirname, 'ask.js');
    const taken = Array.from({ length: 5 }, () => {
      const told = execFileSync(process.execPath, [ask, join(folder, 'store'), asked]).toString();
      process.stdout.write(`client, process of its own: ${told}`);
      return Number.parseFloat(told.replace(/^\D*/, ''));
    });
    const began = performance.now();
    await timed(
      'peer: JSON.gz, parsed, exact answers only',
      async () => JSON.parse(gunzipSync(await readFile(join(folder, 'alias.json.gz'))).toString()) as unknown,
    );
    console.log(`start beside JSON: ${(Math.min(...taken) / (performance.now() - began)).toFixed(2)} x`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A snapshot as a client keeps it, with every file it needs to answer. */
async function publishTo(store: string, works: readonly WorkRow[], titles: Uint8Array): Promise<void> {
  const host = new MemoryHost();
  const publisher = await Publisher.start(host, systemClock);
  const byKey = (value: (row: WorkRow, n: number) => object) =>
    Object.fromEntries(works.map((row, n) => [row.release_key, value(row, n)]));
  const last_seen = '2026-01-01T00:00:00.000Z';
  await publisher.publish({
    titles: Buffer.from(titles),
    works: byKey(({ aliases, year }, n) => ({ title: aliases[0]!.title, type: 'anime', year, popularity: n % 999 })),
    index: byKey(({ release_key }, n) => ({
      release_key,
      sites: [{ site: `site${n % 40}`, score: n % 100, last_seen }],
    })),
    recent: {},
    rules: { version: 1, rules: [] },
  });
  await new Snapshots({ from: host, store: directoryStore(store), root: publisher.root }).sync();
}
