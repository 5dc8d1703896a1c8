import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { FilesystemStore } from './filesystem-store.js';
import { recordPath } from './record-names.js';

let above: string;
let folder: string;
let store: FilesystemStore;

const open = (path: string) =>
  new FilesystemStore({ folder: path, publicUrl: 'http://localhost/files', signingKey: randomBytes(32) });

beforeEach(async () => {
  above = await mkdtemp(join(tmpdir(), 'folder-'));
  folder = join(above, 'objects');
  store = open(folder);
  await store.ensureBucket();
});
afterEach(() => rm(above, { recursive: true }));

/** The number of a process that cannot be. */
const DEAD = 2 ** 22 + 1;

/** The folder as it would be found had the process been killed now, and a store that starts on it. */
async function killedNow(): Promise<{ path: string; restarted: FilesystemStore }> {
  const path = join(above, `killed-${randomBytes(4).toString('hex')}`);
  await cp(folder, path, { recursive: true });
  for (const name of await readdir(join(path, 'claims')))
    await rename(join(path, 'claims', name), join(path, 'claims', name.replace(/^\d+/, String(DEAD))));
  const restarted = open(path);
  await restarted.ensureBucket();
  return { path, restarted };
}

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function textOf(from: FilesystemStore, key: string): Promise<string> {
  return (await buffer((await from.get(key)).body)).toString();
}

async function keysOf(from: FilesystemStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of from.list()) keys.push(key);
  return keys;
}

/** The pieces on the disk, beside those that records name. */
async function pieces(path = folder): Promise<{ there: string[]; named: string[] }> {
  const there = (await filesIn(join(path, 'bytes'))).map((file) => file.split('/').at(-1)!);
  const records = [...(await filesIn(join(path, 'records'))), ...(await filesIn(join(path, 'uploads')))];
  const named = await Promise.all(
    records.map(
      async (file) => (JSON.parse(await readFile(file, 'utf8')) as { pieces?: { file: string }[] }).pieces ?? [],
    ),
  );
  return {
    there: there.sort(),
    named: named
      .flat()
      .map(({ file }) => file)
      .sort(),
  };
}

test('a put that is killed half-way leaves nothing that can be seen, and its bytes are removed at the next start', async () => {
  await store.put('film', Buffer.from('before'));
  const body = new PassThrough();
  const putting = store.put('film', body);
  body.write(randomBytes(200_000));
  while ((await filesIn(join(folder, 'bytes'))).length < 2) await new Promise(setImmediate);

  const { path, restarted } = await killedNow();
  expect(await keysOf(restarted)).toEqual(['film']);
  expect(await textOf(restarted, 'film')).toBe('before');
  expect(await filesIn(join(path, 'claims'))).toEqual([]);
  const after = await pieces(path);
  expect(after.there).toEqual(after.named);

  body.end('the end');
  await putting;
  expect((await store.head('film'))!.size).toBe(200_007);
});

test('a start does not touch what this process is still writing', async () => {
  const body = new PassThrough();
  const putting = store.put('film', body);
  body.write('first ');
  while ((await filesIn(join(folder, 'bytes'))).length < 1) await new Promise(setImmediate);
  await open(folder).ensureBucket();
  body.end('and last');
  await putting;
  expect(await textOf(store, 'film')).toBe('first and last');
});

test('an upload killed after its parts were joined but before it was closed is finished by completing it again', async () => {
  const uploadId = await store.createUpload('film');
  const { etag } = await store.putPart('film', uploadId, 1, Buffer.from('the only part'));
  const upload = join(folder, 'uploads', uploadId);
  await cp(upload, join(above, 'upload'), { recursive: true });
  const parts = [{ part_number: 1, etag }];
  const written = await store.completeUpload('film', uploadId, parts);
  await cp(join(above, 'upload'), upload, { recursive: true });

  const aborted = await killedNow();
  await aborted.restarted.abortUpload('film', uploadId);
  expect(await textOf(aborted.restarted, 'film')).toBe('the only part');
  expect(await filesIn(join(aborted.path, 'uploads'))).toEqual([]);

  expect(await store.completeUpload('film', uploadId, parts)).toEqual(written);
  expect(await textOf(store, 'film')).toBe('the only part');
  expect(await filesIn(join(folder, 'uploads'))).toEqual([]);

  await cp(join(above, 'upload'), upload, { recursive: true });
  await store.put('film', Buffer.from('another'));
  await expect(store.completeUpload('film', uploadId, parts)).rejects.toMatchObject({ code: 'internal' });
  expect(await textOf(store, 'film')).toBe('another');
});

test('after much writing, copying, uploading and deleting at once no bytes are left that nothing names', async () => {
  const keys = ['a', 'a/b', 'A', 'long '.repeat(100)];
  const one = async (index: number) => {
    const key = keys[index % keys.length]!;
    const other = keys[(index * 7 + 1) % keys.length]!;
    if (index % 5 === 0) await store.delete([key, other]);
    else if (index % 5 === 1) await store.copy(key, other).catch(() => undefined);
    else if (index % 5 === 2) {
      const uploadId = await store.createUpload(key);
      const part = await store.putPart(key, uploadId, 1, Buffer.from('part'));
      await store.putPart(key, uploadId, 1, Buffer.from('part'));
      await (index % 2 ? store.completeUpload(key, uploadId, [part]) : store.abortUpload(key, uploadId));
    } else if (index % 5 === 3) {
      const broken = Readable.from(
        (async function* () {
          yield Buffer.from('half');
          throw new Error('broken');
        })(),
      );
      await store.put(key, broken).catch(() => undefined);
    } else await store.put(key, Buffer.from(`text ${index}`));
  };
  await Promise.all(Array.from({ length: 200 }, (_none, index) => one(index)));
  const { there, named } = await pieces();
  expect(there).toEqual(named);
  expect(await filesIn(join(folder, 'claims'))).toEqual([]);
  for (const key of await keysOf(store)) expect(await textOf(store, key)).toMatch(/^(text \d+|part)$/);
  await store.delete(keys);
  expect(await filesIn(folder)).toEqual([]);
  expect(await readdir(join(folder, 'records'))).toEqual([]);
});

test('a part settled only after its upload was completed takes nothing away from the object', async () => {
  const uploadId = await store.createUpload('film');
  const body = new PassThrough();
  const sending = store.putPart('film', uploadId, 1, body);
  body.write('the ');
  while ((await filesIn(join(folder, 'bytes'))).length < 1) await new Promise(setImmediate);
  const [claim] = await filesIn(join(folder, 'claims'));
  await cp(claim!, claim!.replace(/\/\d+-/, `/${DEAD}-`));
  body.end('part');
  await store.completeUpload('film', uploadId, [await sending]);
  await store.ensureBucket();
  expect(await textOf(store, 'film')).toBe('the part');
  expect(await filesIn(join(folder, 'claims'))).toEqual([]);
});

test('two stores on one folder keep the promise of ifAbsent between them', async () => {
  const stores = [store, open(folder)];
  const answers = await Promise.allSettled(
    Array.from({ length: 20 }, (_none, index) =>
      stores[index % 2]!.put('one', Buffer.from(String(index)), { ifAbsent: true }),
    ),
  );
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const { there, named } = await pieces();
  expect(there).toEqual(named);
  expect(await filesIn(join(folder, 'claims'))).toEqual([]);
});

test('readers of an object that is replaced all the time always see one version whole', async () => {
  const version = (index: number) => Buffer.alloc(300_000, String(index % 10));
  await store.put('film', version(0));
  let over = false;
  const writing = (async () => {
    for (let index = 1; index < 60; index++) await store.put('film', version(index));
    over = true;
  })();
  while (!over) {
    const { etag, body } = await store.get('film');
    expect(
      createHash('md5')
        .update(await buffer(body))
        .digest('hex'),
    ).toBe(etag);
  }
  await writing;
});

test('a stream that is dropped unread lets go of its file', async () => {
  const openFiles = async () => {
    const links = await readdir('/proc/self/fd').catch(() => []);
    const targets = await Promise.all(links.map((link) => readlink(join('/proc/self/fd', link)).catch(() => '')));
    return targets.filter((target) => target.startsWith(folder));
  };
  await store.put('film', randomBytes(1_000_000));
  for (const read of [0, 1]) {
    const { body } = await store.get('film');
    if (read === 1) await once(body, 'readable');
    body.destroy();
    await once(body, 'close');
    while ((await openFiles()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
});

test.each(['records', 'bytes', 'claims', 'uploads'])('a link in place of the folder %s leads nowhere', async (name) => {
  await store.put('film', Buffer.from('inside'));
  await store.createUpload('film');
  const outside = join(above, 'outside');
  await cp(folder, outside, { recursive: true });
  await rm(join(folder, name), { recursive: true });
  await symlink(join(outside, name), join(folder, name));
  const before = await filesIn(outside);

  const attempts = await Promise.allSettled([
    textOf(store, 'film'),
    store.put('film', Buffer.from('x')),
    store.createUpload('other'),
    store.copy('film', 'deeper/film'),
    store.ensureBucket(),
    store.delete('film'),
  ]);
  expect(attempts.filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(1);
  expect(await filesIn(outside)).toEqual(before);
});

test('a link in place of a record or of bytes is not followed', async () => {
  const secret = join(above, 'secret');
  const stolen = {
    key: 'a',
    size: 6,
    etag: 'x',
    content_type: 'text/plain',
    metadata: {},
    last_modified: new Date(0),
    pieces: [],
  };
  await writeFile(secret, JSON.stringify(stolen));
  await store.put('film', Buffer.from('inside'));
  const [bytes] = await filesIn(join(folder, 'bytes'));
  await rm(bytes!);
  await symlink(secret, bytes!);
  await expect(textOf(store, 'film')).rejects.toThrow();

  const record = join(folder, recordPath('records', 'a'));
  await symlink(secret, record);
  await expect(store.get('a')).rejects.toThrow();
  expect(await keysOf(store)).toEqual(['film']);
});

test('a record that names a file elsewhere is refused', async () => {
  const record = join(folder, recordPath('records', 'a'));
  await mkdir(dirname(record), { recursive: true });
  const pieces = [{ file: '../../../../etc/passwd', size: 10 }];
  await writeFile(
    record,
    JSON.stringify({
      key: 'a',
      size: 10,
      etag: 'x',
      content_type: 'x',
      metadata: {},
      last_modified: new Date(0),
      pieces,
    }),
  );
  await expect(store.get('a')).rejects.toMatchObject({ code: 'internal' });
});

test('bytes that were cut off on the disk are an error, not a short object', async () => {
  await store.put('film', Buffer.from('complete'));
  const [bytes] = await filesIn(join(folder, 'bytes'));
  await writeFile(bytes!, 'comp');
  await expect(textOf(store, 'film')).rejects.toMatchObject({ code: 'internal' });
});

test('an upload id is no path', async () => {
  for (const id of ['../../secret', '..', '', 'A'.repeat(36), '00000000-0000-4000-8000-00000000000/'])
    await expect(store.putPart('film', id, 1, Buffer.from('x'))).rejects.toMatchObject({ code: 'not_found' });
});

test('names on the disk are of hexadecimal digits, and short', async () => {
  for (const key of ['CON', 'a'.repeat(1024), '😀'.repeat(256), 'x/../..'.replaceAll('..', '. .')])
    await store.put(key, Buffer.from('x'));
  for (const file of await filesIn(join(folder, 'records')))
    for (const name of file.slice(folder.length).split('/').slice(2)) expect(name).toMatch(/^[0-9a-f]{1,64}(\.json)?$/);
  expect(await keysOf(store)).toHaveLength(4);
});

test('a folder that cannot be made is unavailable', async () => {
  await writeFile(join(above, 'file'), '');
  await expect(open(join(above, 'file', 'objects')).ready()).rejects.toMatchObject({ code: 'unavailable' });
});
