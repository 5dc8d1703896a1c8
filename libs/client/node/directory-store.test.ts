import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '#libs/snapshot/canonical-text';
import { directoryStore } from './directory-store.js';

const folder = mkdtempSync(join(tmpdir(), 'evidverse-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what is read in pieces is what is read whole, and so is its hash, whatever the length', async () => {
  const store = directoryStore(folder);
  const piece = 4 * 1024 * 1024;
  for (const length of [0, 1, piece - 1, piece, piece + 1, 2 * piece + 77]) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 12)) & 255);
    await store.write('file', bytes);
    const { bytes: read, sha256: hash } = (await store.readHashed!('file'))!;
    expect(Buffer.compare(read, bytes)).toBe(0);
    expect(Buffer.compare((await store.read('file'))!, bytes)).toBe(0);
    expect(hash).toBe(await sha256(bytes));
  }
});

test('what is not there is not there; a folder is made when it is first written to', async () => {
  const store = directoryStore(join(folder, 'deep', 'down'));
  expect([await store.read('a'), await store.readHashed!('a'), await store.list()]).toEqual([undefined, undefined, []]);
  await store.remove('a');
  await store.write('a', new Uint8Array([1]));
  await store.rename('a', 'b');
  writeFileSync(join(folder, 'deep', 'beside'), '');
  expect(await store.list()).toEqual(['b']);
});

test('a full disk is called so, with the file and the room it needs, and nothing of the file stays', async () => {
  symlinkSync('/dev/full', join(folder, 'titles'));
  await expect(directoryStore(folder).write('titles', new Uint8Array(77))).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/titles cannot be written: its disk has no room for 77 bytes/) as string,
  });
  expect(await directoryStore(folder).list()).not.toContain('titles');
});
