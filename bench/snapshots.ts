import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, gzipSync, gunzipSync, zstdCompressSync } from 'node:zlib';
import { directoryStore } from '#libs/client/node/directory-store';
import { Snapshots } from '#libs/client/snapshots/snapshots';
import { systemClock } from '#libs/client/snapshots/system-clock';
import { applyDelta, deltaOf, readMap, textOf, undoOf, type BareMap } from '#libs/snapshot/bare-map';
import { contentOfMap } from '#libs/snapshot/build/content';
import { brotli } from '#libs/snapshot/build/gzip';
import { canonicalText } from '#libs/snapshot/canonical-text';
import { MemoryHost, Publisher } from '#libs/testing/snapshot-world';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import type { WorkRow } from '#libs/titles/rows';
import { madeUpWorks, titleMaker } from './snapshots/made-up-works.js';

/**
 * `npm run bench snapshots`: an hour of a catalogue of made-up works: build time, bytes of the whole and of the delta beside
 * `zstd -19 --patch-from`, and the start of an offline client, a process of its own, beside reading JSON. ALIASES sets the size.
 */
const ALIASES = Number(process.env.ALIASES ?? 100_000);
const title = titleMaker();
const works = madeUpWorks(ALIASES, title);
const mapOf = (rows: readonly WorkRow[]): BareMap =>
  new Map(
    rows.flatMap(({ release_key, year, aliases }): [string, string][] => {
      const names = aliases.map((alias) => alias.title);
      const text = canonicalText({ title: names[0], year, type: 'anime', release_key, aliases: names.slice(1) });
      return names.map((name) => [name.toLowerCase(), text]);
    }),
  );

async function timed<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  console.log(`${name.padEnd(46)} ${(performance.now() - began).toFixed(0).padStart(8)} ms`);
  return result;
}

console.log(`${ALIASES} aliases of ${works.length} works`);
const old = mapOf(works);
const young = mapOf(
  works.map((row, n) => (n % 500 === 0 ? { ...row, aliases: [...row.aliases, { title: title() }] } : row)),
);
const content = await timed('alias map: text and hash', () => contentOfMap(young));
const gz = await timed('alias map: gzip', () => content.gz());
const delta = await timed('delta: compare and make', () =>
  canonicalText(deltaOf(undoOf(old, young), young, { from: 1, to: 2 })),
);
const br = await timed('delta: brotli', () => brotli(Buffer.from(delta)));
const before = Buffer.from([...textOf(old)].join(''));
const { ZSTD_c_compressionLevel, ZSTD_c_windowLog, ZSTD_c_enableLongDistanceMatching } = constants;
const params = { [ZSTD_c_compressionLevel]: 19, [ZSTD_c_windowLog]: 27, [ZSTD_c_enableLongDistanceMatching]: 1 };
const patch = await timed('peer: zstd -19 --patch-from', () =>
  zstdCompressSync(content.bytes, { params, dictionary: before } as never),
);
const applied = await timed('delta: read the old file and apply', () =>
  applyDelta(readMap(before.toString()), JSON.parse(delta)),
);
if ([...textOf(applied)].join('') !== content.bytes.toString())
  throw new Error('The delta does not lead to the new file.');
console.log(
  `whole ${content.bytes.length} B, gzip ${gz.length} B, delta ${br.length} B, zstd ${patch.length} B: ${(br.length / patch.length).toFixed(2)} x`,
);

const index = await timed('flat index: build', () => buildTitleIndex(works));
const folder = await mkdtemp(join(tmpdir(), 'evidverse-bench-'));
await publishTo(join(folder, 'store'), index);
await writeFile(join(folder, 'alias.json.gz'), gzipSync(content.bytes));
const asked = works[17]!.aliases[1]!.title.replace(/.$/u, '');
const ask = join(import.meta.dirname, 'snapshots', 'ask.js');
const starts = Array.from({ length: 5 }, () => {
  const told = execFileSync(process.execPath, [ask, join(folder, 'store'), asked]).toString();
  process.stdout.write(`client, process of its own: ${told}`);
  return Number.parseFloat(told.replace(/^\D*/, ''));
});
const began = performance.now();
await timed(
  'peer: JSON.gz, parsed, exact answers only',
  async () => JSON.parse(gunzipSync(await readFile(join(folder, 'alias.json.gz'))).toString()) as unknown,
);
console.log(`start beside JSON: ${(Math.min(...starts) / (performance.now() - began)).toFixed(2)} x`);
await rm(folder, { recursive: true });

/** A snapshot as a client keeps it, with every file it needs to answer. */
async function publishTo(store: string, titles: Uint8Array): Promise<void> {
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
