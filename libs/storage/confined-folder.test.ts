import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfinedFolder } from './confined-folder.js';

let path: string;
let folder: ConfinedFolder;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'confined-'));
  folder = new ConfinedFolder(path, 'drafts');
});
afterEach(() => rm(path, { recursive: true }));

test('of many that publish exclusively under one name, one does', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_none, index) => folder.publish('a/b', String(index), { exclusive: true })),
  );
  expect(answers.filter((done) => done)).toHaveLength(1);
  expect(await folder.readText('a/b')).toBe(String(answers.indexOf(true)));
  expect(await readdir(join(path, 'drafts'))).toEqual([]);
});

test('what is published into a folder that others prune is published', async () => {
  let over = false;
  const pruning = (async () => {
    while (!over) await folder.prune('deep/er/x', '.');
  })();
  try {
    for (let round = 0; round < 100; round++) {
      await folder.publish('deep/er/x', 'text');
      await folder.remove('deep/er/x');
    }
  } finally {
    over = true;
    await pruning;
  }
});

test('a publication inside a folder does not make that folder', async () => {
  await expect(folder.publish('gone/x', 'text', { inside: true })).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await folder.entries('')).toEqual([{ name: 'drafts', isFolder: true }]);
});

test('what is not there is undefined, false or nothing', async () => {
  expect(await folder.readText('a/b/c')).toBeUndefined();
  expect(await folder.link('a', 'b')).toBe(false);
  expect(await folder.look('a')).toBeUndefined();
  expect(await folder.entries('a/b')).toEqual([]);
  await folder.remove('a/b');
});

test('a folder that vanished is made again', async () => {
  await folder.publish('a', 'text');
  await rm(path, { recursive: true });
  await folder.publish('a', 'text');
  expect(await folder.readText('a')).toBe('text');
});
