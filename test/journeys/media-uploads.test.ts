import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Caller } from '#libs/contracts/caller';
import { createVnAsset, followLink, presignUpload } from '#libs/contracts/media';
import * as assets from '#libs/contracts/media-assets';
import * as uploads from '#libs/contracts/media-uploads';
import { createProject } from '#libs/contracts/projects';
import { STORE_KINDS, testStore, type TestStore } from '#libs/testing/object-stores';
import { runServices, type RunningServices } from '#libs/testing/running';
import { person } from '#libs/testing/seeds/people';
import { projects } from '../../services/projects/service.js';
import { media } from '../../services/media/service.js';

const MIB = 1024 * 1024;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const put = async (url: string, body: Buffer<ArrayBuffer> | string) => {
  const answer = await fetch(url, {
    method: 'PUT',
    body,
    headers: { origin: 'http://localhost:3000' },
  });
  expect(answer.status).toBe(200);
};

describe.each(STORE_KINDS)('in %s', (kind) => {
  let store: TestStore;
  let running: RunningServices;
  let sql: pg.Client;
  let ada: Caller;
  let bob: Caller;

  beforeAll(async () => {
    store = await testStore(kind);
    running = await runServices([projects, media], { ...store.environment, MEDIA_QUOTA_GB: '0.1' });
    sql = new pg.Client({ connectionString: running.databaseUrl });
    await sql.connect();
    [ada, bob] = await Promise.all([person(running.broker, 'Ada'), person(running.broker, 'Bob')]);
  });
  afterAll(async () => {
    await sql.end();
    await running.close();
    await store.close();
  });

  const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);
  const start = async (
    bytes: Buffer,
    by: Caller,
    more: { sha256?: string; project_id?: string; size?: number } = {},
  ) => {
    const { project_id, ...file } = more;
    const files = [{ filename: 'beach.bin', size: bytes.length, ...file }];
    return (await call(uploads.startUploads, { files, project_id }, by)).uploads[0]!;
  };
  /** A small file, sent and taken. */
  const sent = async (bytes: Buffer<ArrayBuffer>, by: Caller, more: { sha256?: string; project_id?: string } = {}) => {
    const begun = await start(bytes, by, more);
    await put(begun.url!, bytes);
    return call(uploads.completeUpload, { upload_id: begun.id }, by);
  };
  const bytesBehind = async (url: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(url, { headers });
    return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
  };

  test('a small file goes straight to the store by one PUT and is an asset, known by its hash', async () => {
    const bytes = randomBytes(100_000);
    const done = await sent(bytes, ada);
    expect(done).toMatchObject({
      state: 'done',
      asset: {
        state: 'ready',
        sha256: sha256(bytes),
        size: 100_000,
        is_public: false,
        project_id: null,
        public_url: null,
      },
    });
    const { url } = await call(assets.linkAsset, { asset_id: done.asset!.id }, ada);
    expect((await bytesBehind(url)).bytes.equals(bytes)).toBe(true);
    const part = await bytesBehind(url, { range: 'bytes=10-19' });
    expect([part.status, part.bytes]).toEqual([206, bytes.subarray(10, 20)]);
  });

  test('a large file is carried on from another device: the store tells which parts it has, and order does not matter', async () => {
    const bytes = randomBytes(18 * MIB + 5);
    const begun = await start(bytes, ada, { sha256: sha256(bytes) });
    expect(begun).toMatchObject({ part_count: 3, part_size: 8 * MIB, url: null });
    const { parts } = await call(uploads.presignParts, { upload_id: begun.id, part_numbers: [3, 1, 2] }, ada);
    const of = (number: number) => bytes.subarray((number - 1) * 8 * MIB, number * 8 * MIB);
    const urlOf = (number: number) => parts.find(({ part_number }) => part_number === number)!.url;
    await put(urlOf(3), of(3));
    await put(urlOf(1), of(1));
    const resumed = await call(uploads.getUpload, { upload_id: begun.id }, ada);
    expect(resumed.uploaded_parts).toEqual([
      { part_number: 1, size: 8 * MIB },
      { part_number: 3, size: 2 * MIB + 5 },
    ]);
    await expect(call(uploads.completeUpload, { upload_id: begun.id }, ada)).rejects.toMatchObject({
      code: 'invalid',
      details: { missing_parts: [2] },
    });
    await put(urlOf(2), of(2));
    const done = await call(uploads.completeUpload, { upload_id: begun.id }, ada);
    expect(done).toMatchObject({ state: 'done', asset: { state: 'ready', sha256: sha256(bytes) } });
    expect(await call(uploads.completeUpload, { upload_id: begun.id }, ada)).toEqual(done);
  });

  test('whoever dies between joining the parts and saying so can say it again', async () => {
    const bytes = randomBytes(8 * MIB + 1);
    const begun = await start(bytes, ada);
    const { parts } = await call(uploads.presignParts, { upload_id: begun.id, part_numbers: [1, 2] }, ada);
    await put(parts[0]!.url, bytes.subarray(0, 8 * MIB));
    await put(parts[1]!.url, bytes.subarray(8 * MIB));
    const { rows } = await sql.query('select quarantine_key, store_upload_id from media.uploads where id = $1', [
      begun.id,
    ]);
    const { quarantine_key: key, store_upload_id: id } = rows[0];
    await store.store.completeUpload(key, id, await store.store.listParts(key, id));
    expect(await call(uploads.completeUpload, { upload_id: begun.id }, ada)).toMatchObject({
      state: 'done',
      asset: { sha256: sha256(bytes) },
    });
  });

  test('bytes other than those announced are never kept', async () => {
    const bytes = randomBytes(1000);
    const begun = await start(bytes, ada, { sha256: sha256(bytes) });
    await put(begun.url!, randomBytes(1000));
    const failed = await call(uploads.completeUpload, { upload_id: begun.id }, ada);
    expect(failed).toMatchObject({ state: 'failed', asset: { state: 'failed', sha256: null } });
    expect(failed.problem).toContain(`not ${sha256(bytes)}`);
    await expect(call(assets.linkAsset, { asset_id: failed.asset!.id }, ada)).rejects.toMatchObject({
      code: 'not_found',
    });
    const short = await start(bytes, ada);
    await put(short.url!, bytes.subarray(1));
    await expect(call(uploads.completeUpload, { upload_id: short.id }, ada)).rejects.toMatchObject({ code: 'invalid' });
  });

  test('what is overwritten in quarantine afterwards changes nothing', async () => {
    const bytes = randomBytes(5000);
    const begun = await start(bytes, ada);
    await put(begun.url!, bytes);
    const done = await call(uploads.completeUpload, { upload_id: begun.id }, ada);
    await put(begun.url!, randomBytes(5000));
    const { url } = await call(assets.linkAsset, { asset_id: done.asset!.id }, ada);
    expect((await bytesBehind(url)).bytes.equals(bytes)).toBe(true);
  });

  test('programs are refused, whatever their name', async () => {
    const begun = await start(Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1'), ada);
    await put(begun.url!, Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1'));
    expect(await call(uploads.completeUpload, { upload_id: begun.id }, ada)).toMatchObject({
      state: 'failed',
      problem: expect.stringMatching(/programs are not kept/),
    });
  });

  test('content that I have already is there at once under other names, charged each time and kept once', async () => {
    const first = await sent(randomBytes(3000), ada);
    const known = first.asset!.sha256!;
    const files = Array.from({ length: 20 }, (_, index) => ({ filename: `${index}.bin`, size: 3000, sha256: known }));
    const { uploads: again } = await call(uploads.startUploads, { files }, ada);
    expect(again.map(({ state, asset }) => [state, asset?.sha256])).toEqual(files.map(() => ['done', known]));
    const usage = await call(assets.getUsage, {}, ada);
    expect(usage.logical_bytes - usage.physical_bytes).toBeGreaterThanOrEqual(20 * 3000);
    await sql.query('delete from media.assets where upload_id = any($1)', [again.map(({ id }) => id)]);
  });

  test('a thousand different files that I have already need one request and no byte', async () => {
    const hashes = Array.from({ length: 1000 }, (_, index) => sha256(Buffer.from(`${kind} ${index}`)));
    await sql.query(
      `with kept as (insert into media.blobs (sha256, size, key, content_type)
         select of, 10, 'sha256/' || of, 'application/octet-stream' from unnest($1::text[]) of returning sha256)
       insert into media.assets (owner_id, blob_sha256, state, name, object_name, content_type, size, link_key)
       select $2, sha256, 'ready', 'a', 'known/' || sha256, 'application/octet-stream', 10, 'k' from kept`,
      [hashes, ada.user_id],
    );
    const files = hashes.map((hash, index) => ({ filename: `${index}.bin`, size: 10, sha256: hash }));
    const { uploads: begun } = await call(uploads.startUploads, { files }, ada);
    expect(begun.map(({ state, url, asset }) => [state, url, asset?.sha256])).toEqual(
      hashes.map((hash) => ['done', null, hash]),
    );
    await sql.query('delete from media.assets where blob_sha256 = any($1)', [hashes]);
  });

  test('from what we do with a named hash nobody can tell whether others have such content', async () => {
    const secret = randomBytes(2000);
    await sent(secret, ada);
    const [known, unknown] = [sha256(secret), sha256(randomBytes(9))];
    const asked: string[] = [];
    const query = pg.Client.prototype.query as (...given: unknown[]) => unknown;
    const spy = jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
      this: pg.Client,
      ...given: unknown[]
    ) {
      const text = typeof given[0] === 'string' ? given[0] : (given[0] as { text: string }).text;
      if (/uploads|blobs/.test(text) && !/now\(\)|limit 1000/.test(text)) asked.push(text);
      return query.apply(this, given);
    } as never);
    /** Names a hash, sends something else, and gives what the database was asked and the answer. */
    const tried = async (hash: string) => {
      asked.length = 0;
      const begun = await start(secret, bob, { sha256: hash });
      await put(begun.url!, Buffer.from(randomBytes(2000)));
      const { state, problem } = await call(uploads.completeUpload, { upload_id: begun.id }, bob);
      return { asked: [...asked], state, problem: problem?.replace(/[0-9a-f]{64}/g, 'hash') };
    };
    try {
      const one = await tried(known);
      expect(one).toMatchObject({ state: 'failed', problem: expect.stringMatching(/^The bytes that arrived have/) });
      expect(one.asked.length).toBeGreaterThan(5);
      expect(await tried(unknown)).toEqual(one);
    } finally {
      spy.mockRestore();
    }
  });

  test('naming the hash of what somebody else has privately tells nothing, and gives nothing', async () => {
    const secret = randomBytes(2000);
    await sent(secret, ada);
    const shape = ({ id: _, object_name: __, url: ___, expires_at: ____, sha256: _____, ...rest }: uploads.Upload) =>
      rest;
    const known = await start(secret, bob, { sha256: sha256(secret) });
    const unknown = await start(randomBytes(2000), bob, { sha256: sha256(randomBytes(9)) });
    expect(shape(known)).toEqual(shape(unknown));
    expect(known).toMatchObject({ state: 'open', asset: null });
    await expect(call(uploads.completeUpload, { upload_id: known.id }, bob)).rejects.toMatchObject({ code: 'invalid' });
    await put(known.url!, secret);
    const proven = await call(uploads.completeUpload, { upload_id: known.id }, bob);
    expect(proven).toMatchObject({ state: 'done', asset: { sha256: sha256(secret) } });
    const { rows } = await sql.query('select count(*)::int as kept from media.blobs where sha256 = $1', [
      sha256(secret),
    ]);
    expect(rows).toEqual([{ kept: 1 }]);
  });

  test('uploads of others are not there', async () => {
    const begun = await start(Buffer.from('mine'), ada);
    for (const operation of [uploads.getUpload, uploads.completeUpload, uploads.abortUpload])
      await expect(call(operation, { upload_id: begun.id }, bob)).rejects.toMatchObject({ code: 'not_found' });
    await expect(call(uploads.presignParts, { upload_id: begun.id, part_numbers: [1] }, bob)).rejects.toMatchObject({
      code: 'not_found',
    });
    const { id: project_id } = await call(createProject, { name: 'Hers' }, ada);
    await expect(start(Buffer.from('x'), bob, { project_id })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('nobody takes more room than they have, not even by many uploads at once', async () => {
    const cy = await person(running.broker, 'Cy');
    const begin = () => start(Buffer.alloc(0), cy, { size: 30_000_000 });
    const begun = await Promise.allSettled(Array.from({ length: 8 }, begin));
    expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    const refused = begun.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason).toMatchObject({ code: 'invalid', details: { reason: 'too_large', quota_bytes: 1e8 } });
    expect(await call(assets.getUsage, {}, cy)).toMatchObject({ pending_bytes: 90_000_000, logical_bytes: 0 });
    const [first] = begun as PromiseFulfilledResult<uploads.Upload>[];
    await call(uploads.abortUpload, { upload_id: first!.value.id }, cy);
    await expect(begin()).resolves.toMatchObject({ state: 'open' });
  });

  test('older clients ask for an address, PUT the file there and make it an asset of a project', async () => {
    const { id: project_id } = await call(createProject, { name: 'Novel' }, ada);
    const script = Buffer.from('label start:\n  "Hello"\n');
    const ticket = await call(presignUpload, { filename: '../../第一章 script.rpy' }, ada);
    expect(ticket.object_name).toMatch(new RegExp(`^${ada.user_id}/[0-9a-f-]{36}-第一章 script.rpy$`));
    await put(ticket.url, script);
    const wish = {
      project_id,
      branch_name: 'main',
      type: 'VN_SCRIPT',
      object_name: ticket.object_name,
      metadata: { filename: 'script.rpy' },
    } as const;
    await expect(call(createVnAsset, wish, bob)).rejects.toMatchObject({
      code: 'not_found',
      message: 'Project not found',
    });
    const asset = await call(createVnAsset, wish, ada);
    expect(asset).toMatchObject({ ...wish, id: expect.any(String) });
    const again = await call(createVnAsset, { ...wish, type: 'OTHER' }, ada);
    expect(again.id).not.toBe(asset.id);
    const [asset_id, link_key] = asset.storage_url.split('/media/')[1]!.split('/');
    const { url } = await call(followLink, { asset_id: asset_id!, key: link_key!, name: 'script.rpy' });
    expect((await bytesBehind(url)).bytes).toEqual(script);
    await expect(call(followLink, { asset_id: asset_id!, key: 'guessed', name: 'x' })).rejects.toMatchObject({
      code: 'not_found',
    });
    const stolen = await call(presignUpload, { filename: 'x' }, bob);
    await put(stolen.url, 'bob');
    await expect(call(createVnAsset, { ...wish, object_name: stolen.object_name }, ada)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('what a worker has put into the store becomes an asset once, however often it says so', async () => {
    const { id: project_id } = await call(createProject, { name: 'Film' }, ada);
    const film = randomBytes(4000);
    await store.store.put('tasks/7/1/film.mp4', film);
    const output = {
      request_key: 'task 7',
      key: 'tasks/7/1/film.mp4',
      name: 'film.mp4',
      project_id,
      provenance: { task_id: '7' },
    };
    const [kept, again] = await Promise.all([
      call(assets.keepOutput, output, ada),
      call(assets.keepOutput, output, ada),
    ]);
    expect(again.id).toBe(kept.id);
    expect(await call(assets.keepOutput, output, ada)).toMatchObject({
      id: kept.id,
      sha256: sha256(film),
      project_id,
      provenance: { task_id: '7' },
    });
    expect(await call(assets.locateAsset, { asset_id: kept.id }, ada)).toMatchObject({
      key: expect.stringMatching(/^sha256\//),
    });
    await expect(call(assets.locateAsset, { asset_id: kept.id }, bob)).rejects.toMatchObject({ code: 'not_found' });
    await expect(
      call(assets.keepOutput, { ...output, request_key: 'other', key: 'sha256/aa' }, ada),
    ).rejects.toMatchObject({ code: 'invalid' });
  });
});
