import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryStore } from '#libs/client/node/directory-store';
import { ANSWERING, Snapshots } from '#libs/client/snapshots/snapshots';
import { systemClock } from '#libs/client/snapshots/system-clock';
import { MemoryHost, Publisher } from '#libs/testing/snapshot-world';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import { madeUpWorks } from './made-up-works.js';

/**
 * `npm run bench offline-start`: a process that has nothing but a folder answers its first fuzzy question from a snapshot of 1,000,000
 * names, every file verified. ALIASES sets the size, KEEP names a folder that is used again.
 */
const ALIASES = Number(process.env.ALIASES ?? 1_000_000);
const folder = process.env.KEEP ?? (await mkdtemp(join(tmpdir(), 'evidverse-start-')));

if (!existsSync(join(folder, 'state.json'))) await publish();
const asked = process.env.ASKED ?? madeUpWorks(4000)[17]!.aliases[1]!.title.replace(/.$/u, '');
for (let round = 0; round < 5; round++) {
  const told = execFileSync(process.execPath, [join(import.meta.dirname, 'offline-start', 'ask.js'), folder, asked]);
  process.stdout.write(told.toString());
}
if (process.env.KEEP === undefined) await rm(folder, { recursive: true });

async function publish(): Promise<void> {
  await mkdir(folder, { recursive: true });
  const works = madeUpWorks(ALIASES);
  const host = new MemoryHost();
  const publisher = await Publisher.start(host, systemClock);
  const map = (value: (key: string, n: number) => object) =>
    Object.fromEntries(works.map(({ release_key }, n) => [release_key, value(release_key, n)]));
  await publisher.publish({
    titles: Buffer.from(buildTitleIndex(works)),
    works: map((_, n) => ({
      title: works[n]!.aliases[0]!.title,
      type: 'anime',
      year: works[n]!.year,
      popularity: n % 999,
    })),
    index: map((release_key, n) => ({
      release_key,
      sites: [{ site: `site${n % 40}`, score: n % 100, last_seen: '2026-01-01T00:00:00.000Z' }],
    })),
    recent: {},
    rules: { version: 1, rules: [] },
  });
  const snapshots = new Snapshots({
    from: host,
    store: directoryStore(folder),
    root: publisher.root,
    kinds: ANSWERING,
  });
  await snapshots.sync();
  for (const { kind, bytes } of publisher.manifest!.files) console.log(`${kind} ${(bytes / 1e6).toFixed(1)} MB`);
}
