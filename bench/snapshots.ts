import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, gzipSync, gunzipSync, zstdCompressSync } from 'node:zlib';
import { applyDelta, deltaOf, readMap, textOf, undoOf, type BareMap } from '#libs/snapshot/bare-map';
import { contentOfMap } from '#libs/snapshot/build/content';
import { brotli } from '#libs/snapshot/build/gzip';
import { canonicalText, sha256 } from '#libs/snapshot/canonical-text';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import { openTitleIndex } from '#libs/titles/open-title-index';
import type { WorkRow } from '#libs/titles/rows';

/**
 * `npm run bench snapshots`: an hour of a catalogue of made-up works: build time, bytes of the whole and of the delta beside
 * `zstd -19 --patch-from`, and the start of an offline client beside reading JSON. ALIASES sets the size (100,000).
 */
const ALIASES = Number(process.env.ALIASES ?? 100_000);
const SYLLABLES = 'ka ri no ha shi to mu re sa ko ten ryu gai zen mi yo 星 空 海 人 王 城 光 夜 春 雪 風 花'.split(' ');
const PER_WORK = 4;

let seed = 42;
const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
const word = () =>
  Array.from({ length: 2 + Math.floor(random() * 3) }, () => SYLLABLES[Math.floor(random() * SYLLABLES.length)]).join(
    '',
  );
const title = () => `${word()} ${word()} ${word()}`;

const works: WorkRow[] = Array.from({ length: ALIASES / PER_WORK }, (_, n) => ({
  release_key: `work-${n}-2000-anime`,
  type: 'anime',
  year: 1980 + (n % 45),
  aliases: Array.from({ length: PER_WORK }, () => ({ title: title() })),
}));
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
const delta = await timed('delta: compare and make', () => canonicalText(deltaOf(undoOf(old, young), young, 1, 2)));
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
await writeFile(join(folder, 'titles'), index);
await writeFile(join(folder, 'alias.json.gz'), gzipSync(content.bytes));
const asked = works[17]!.aliases[1]!.title.replace(/.$/, '');
const start = process.memoryUsage().rss;
await timed('client: flat index, hash, first fuzzy answer', async () => {
  const bytes = new Uint8Array(await readFile(join(folder, 'titles')));
  await sha256(bytes);
  openTitleIndex(bytes, { verify: false }).resolve(asked);
});
console.log(
  `client: ${((process.memoryUsage().rss - start) / 2 ** 20).toFixed(0)} MB more, ${(index.length / ALIASES).toFixed(0)} B an alias`,
);
await timed(
  'peer: JSON.gz, parsed, exact answers only',
  async () => JSON.parse(gunzipSync(await readFile(join(folder, 'alias.json.gz'))).toString()) as unknown,
);
await rm(folder, { recursive: true });
