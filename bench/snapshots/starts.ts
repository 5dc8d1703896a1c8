import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { directoryStore } from '#libs/client/node/directory-store';
import { Snapshots } from '#libs/client/snapshots/snapshots';
import { systemClock } from '#libs/client/snapshots/system-clock';
import { MemoryHost, Publisher } from '#libs/testing/snapshot-world';
import type { WorkRow } from '#libs/titles/rows';
import { bundle } from '../../scripts/client/bundle.js';
import { timed } from './timed.js';

/**
 * The start of a client that has nothing but the published package and a folder: once with nothing compiled yet, then ten times,
 * beside reading JSON where that is given.
 */
export async function benchStarts(works: readonly WorkRow[], index: Uint8Array, packed?: Uint8Array): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'evidverse-bench-'));
  try {
    await publishTo(join(folder, 'store'), works, index);
    const asked = works[17]!.aliases[1]!.title.replace(/.$/u, '');
    const bundled = join(folder, 'package');
    await bundle(bundled);
    await writeFile(join(bundled, 'package.json'), '{"type":"module"}');
    const ask = join(import.meta.dirname, 'ask.js');
    const start = (compiled: string) => {
      const told = execFileSync(process.execPath, [ask, bundled, join(folder, 'store'), asked]).toString();
      process.stdout.write(`client, process of its own, ${compiled}: ${told}`);
      return Number.parseFloat(told.replace(/^\D*/, ''));
    };
    start('nothing compiled yet');
    const taken = Array.from({ length: 10 }, () => start('compiled before'));
    if (!packed) return;
    await writeFile(join(folder, 'alias.json.gz'), packed);
    const began = performance.now();
    await timed(
      'peer: JSON.gz, parsed, exact answers only',
      async () => JSON.parse(gunzipSync(await readFile(join(folder, 'alias.json.gz'))).toString()) as unknown,
    );
    console.log(
      `start beside JSON: ${(taken.sort((a, b) => a - b)[taken.length >> 1]! / (performance.now() - began)).toFixed(2)} x`,
    );
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
