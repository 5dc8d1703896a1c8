import { constants, gunzipSync, zstdCompressSync } from 'node:zlib';
import { readWritten, textOf, type BareMap } from '#libs/snapshot/bare-map';
import { buildSnapshot, type BuiltSnapshot } from '#libs/snapshot/build/build-snapshot';
import { canonicalText } from '#libs/snapshot/canonical-text';
import { PATHS, type Manifest } from '#libs/snapshot/documents';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import type { WorkRow } from '#libs/titles/rows';
import { madeUpWorks, titleMaker } from './made-up-works.js';
import { benchStarts } from './starts.js';
import { timed } from './timed.js';

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
  await benchStarts(works, index, packed);
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
