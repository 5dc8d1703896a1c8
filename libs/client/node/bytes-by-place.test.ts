import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BLOCK, blocksName, blocksOf, readBlocks } from '#libs/snapshot/blocks';
import { canonicalText, sha256, utf8 } from '#libs/snapshot/canonical-text';
import type { SnapshotFile } from '#libs/snapshot/documents';
import { DamagedFileError } from '#libs/snapshot/world';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import { openTitleIndex } from '#libs/titles/open-title-index';
import { MapFile } from '../offline/map-file.js';
import { directoryStore } from './directory-store.js';

const folder = mkdtempSync(join(tmpdir(), 'evidverse-by-place-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const store = directoryStore(folder);

const WORDS = 'harbour ledger winter copper signal orchard lantern marble thunder velvet'.split(' ');
const titleOf = (n: number) => [1, 10, 100, 1000].map((by) => WORDS[Math.floor(n / by) % 10]).join(' ') + ` ${n}`;
const rows = Array.from({ length: 9000 }, (_, n) => ({
  release_key: `work-${n}-2000-movie`,
  type: 'movie',
  year: 2000,
  aliases: [{ title: titleOf(n) }],
}));
const asked = [3, 777, 4040, 8999].map((n) => titleOf(n).replace('r', ''));

async function keep(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<SnapshotFile> {
  const file = { kind: 'titles', bytes: bytes.length, sha256: await sha256(bytes) } as SnapshotFile;
  await store.write(name, bytes);
  await store.write(blocksName(name), await blocksOf(file, bytes));
  return file;
}
const byPlace = async (name: string, file: SnapshotFile) => {
  const hashes = await readBlocks(store, name, file);
  return (await store.readByPlace!(name, { length: file.bytes, block: BLOCK, hashes: hashes! }))!;
};

test('an index that is read by place answers as one that is there whole, and reads a part of it', async () => {
  const bytes = new Uint8Array(buildTitleIndex(rows));
  const file = await keep('whole', bytes);
  const { bytes: some, need } = await byPlace('whole', file);
  const [whole, placed] = [openTitleIndex(bytes), openTitleIndex(some, { verify: false, need })];
  const [first, ...others] = asked as [string, ...string[]];
  expect(placed.resolve(first)).toEqual(whole.resolve(first));
  const blocks = Array.from({ length: Math.ceil(bytes.length / BLOCK) }, (_, at) => at * BLOCK);
  const isThere = (at: number) => Buffer.compare(some.subarray(at, at + BLOCK), bytes.subarray(at, at + BLOCK)) === 0;
  expect(blocks.filter(isThere).length).toBeLessThan(blocks.length);
  for (const title of [...others, ...rows.slice(0, 40).map(({ aliases }) => aliases[0]!.title)]) {
    expect(placed.resolve(title)).toEqual(whole.resolve(title));
    expect(placed.search(title.slice(0, 9))).toEqual(whole.search(title.slice(0, 9)));
    expect(placed.explain(title)).toEqual(whole.explain(title));
  }
  expect(placed.family('work-17-2000-movie')).toEqual(whole.family('work-17-2000-movie'));
});

test('whichever block has changed, it is found before anything is answered from it', async () => {
  const bytes = new Uint8Array(buildTitleIndex(rows));
  const answers = asked.map((title) => openTitleIndex(bytes).resolve(title));
  const file = await keep('rotting', bytes);
  let found = 0;
  for (let at = 11; at < bytes.length; at += BLOCK) {
    const rotten = bytes.slice();
    rotten[at]! ^= 1;
    writeFileSync(join(folder, 'rotting'), rotten);
    const { bytes: some, need } = await byPlace('rotting', file);
    try {
      const index = openTitleIndex(some, { verify: false, need });
      expect(asked.map((title) => index.resolve(title))).toEqual(answers);
    } catch (error) {
      if (!(error instanceof DamagedFileError)) throw error;
      found++;
    }
  }
  expect(found).toBeGreaterThan(3);
});

test('a file that was found damaged gives nothing more, not even of its good blocks', async () => {
  const bytes = Uint8Array.from({ length: 3 * BLOCK }, () => 7);
  const file = await keep('half', bytes);
  writeFileSync(join(folder, 'half'), bytes.with(2 * BLOCK + 9, 8));
  const { bytes: some, need } = await byPlace('half', file);
  need(0, 10);
  expect(() => need(0, 3 * BLOCK)).toThrow(DamagedFileError);
  expect(some.subarray(BLOCK).every((byte) => byte === 0)).toBe(true);
  writeFileSync(join(folder, 'half'), bytes);
  for (const at of [0, BLOCK, 2 * BLOCK]) expect(() => need(at, at + 8)).toThrow(DamagedFileError);
});

test('a map is read by place, and a file that is cut short or gone is damaged', async () => {
  const map = Object.fromEntries(rows.map(({ release_key, aliases }) => [release_key, { title: aliases[0]!.title }]));
  const bytes = utf8(canonicalText(map));
  const file = await keep('map', bytes);
  const { bytes: some, need } = await byPlace('map', file);
  const held = new MapFile<{ title: string }>(some, need);
  for (const n of [0, 1, 4321, 8999]) expect(held.get(`work-${n}-2000-movie`)).toEqual({ title: titleOf(n) });
  expect(held.get('work-9000-2000-movie')).toBeUndefined();
  expect(Object.fromEntries(new MapFile(some, need).entries())).toEqual(map);
  const late = await byPlace('map', file);
  truncateSync(join(folder, 'map'), 100);
  expect(() => late.need(0, 200)).toThrow(DamagedFileError);
  expect(
    await store.readByPlace!('map', { length: file.bytes, block: BLOCK, hashes: new Uint8Array() }),
  ).toBeUndefined();
  rmSync(join(folder, 'map'));
  expect(() => late.need(0, 10)).toThrow('cannot be read');
});

test('hashes of another content, or hashes that have rotted, are none', async () => {
  const file = await keep('own', utf8('x'.repeat(3 * BLOCK + 5)));
  expect(await readBlocks(store, 'own', file)).toHaveLength(4 * 32);
  expect(await readBlocks(store, 'own', { ...file, sha256: '00'.repeat(32) })).toBeUndefined();
  const table = readFileSync(join(folder, 'own.blocks'));
  for (const at of [0, 77, 130, table.length - 1]) {
    const rotten = Uint8Array.from(table);
    rotten[at]! ^= 128;
    writeFileSync(join(folder, 'own.blocks'), rotten);
    expect(await readBlocks(store, 'own', file)).toBeUndefined();
  }
});
