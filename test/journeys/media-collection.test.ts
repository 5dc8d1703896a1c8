import { createHash, randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { ANONYMOUS, type Caller } from '#libs/contracts/caller';
import { followLink } from '#libs/contracts/media';
import * as assets from '#libs/contracts/media-assets';
import * as uploads from '#libs/contracts/media-uploads';
import * as contract from '#libs/contracts/projects';
import { answerInvitation, inviteToProject, removeMember } from '#libs/contracts/projects-members';
import { mediaCarried } from '#libs/contracts/projects-media';
import { connectionOptions } from '#libs/database/connection-options';
import type { AppError } from '#libs/errors/app-error';
import { STORE_KINDS, testStore, type TestStore } from '#libs/testing/object-stores';
import { runServices, type RunningServices } from '#libs/testing/running';
import { person } from '#libs/testing/seeds/people';
import { uploaded } from '#libs/testing/uploading';
import { eventually } from '#libs/testing/child-process';
import { media } from '../../services/media/service.js';
import { projects } from '../../services/projects/service.js';
import type { MediaConfig } from '../../services/media/config.js';
import { MEDIA_ENTITIES } from '../../services/media/media.module.js';
import { FinishUpload } from '../../services/media/uploads/finish-upload.js';
import { Collect } from '../../services/media/collection/collect.js';
import { DeadObjects } from '../../services/media/collection/dead-objects.js';
import { Orphans } from '../../services/media/collection/orphans.js';

const DAY = 24 * 3600 * 1000;
const inDays = (days: number) => new Date(Date.now() + days * DAY);
const linkOf = (url: string) => {
  const [asset_id, key] = url.split('/media/')[1]!.split('/') as [string, string];
  return { asset_id, key, name: 'x' };
};

describe.each(STORE_KINDS)('in %s', (kind) => {
  let store: TestStore;
  let running: RunningServices;
  let sql: pg.Client;
  let ada: Caller & { email: string };
  let bob: Caller & { user_id: string };
  let collect: Collect;
  let orphans: Orphans;
  let database: DataSource;

  beforeAll(async () => {
    store = await testStore(kind);
    running = await runServices([projects, media], store.environment);
    const access = { DATABASE_URL: running.databaseUrl, DATABASE_POOL_SIZE: 6 };
    database = await new DataSource(connectionOptions('media', access, MEDIA_ENTITIES)).initialize();
    const finishing = new FinishUpload(database, store.store, undefined as never, undefined as never);
    const dead = new DeadObjects(database, store.store);
    const config = { MEDIA_KEEP_DELETED_DAYS: 14 } as MediaConfig;
    collect = new Collect(database, running.broker, finishing, dead, config);
    orphans = new Orphans(database, store.store);
    sql = new pg.Client({ connectionString: running.databaseUrl });
    await sql.connect();
    [ada, bob] = await Promise.all([person(running.broker, 'Ada'), person(running.broker, 'Bob')]);
  });
  afterAll(async () => {
    await sql.end();
    await database.destroy();
    await running.close();
    await store.close();
  });

  const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);
  const upload = (by: Caller, bytes = randomBytes(1000), project_id?: string) =>
    uploaded(running.broker, by, bytes, { filename: 'beach.bin', project_id });
  const keptBytes = async (sha256: string) => {
    const { rows } = await sql.query('select key from media.blobs where sha256 = $1', [sha256]);
    return rows.length > 0 && (await store.store.head(rows[0].key)) !== undefined;
  };
  const keysBelow = async (prefix: string) => {
    const keys: string[] = [];
    for await (const { key } of store.store.list({ prefix })) keys.push(key);
    return keys;
  };
  const isGone = (asset_id: string, by: Caller) =>
    call(assets.getAsset, { asset_id }, by).then(
      () => false,
      (error: AppError) => error.code === 'not_found',
    );
  const project = async (is_public = false) =>
    (await call(contract.createProject, { name: 'Film', is_public }, ada)).id;
  const commit = (project_id: string, ...urls: string[]) =>
    call(contract.createCommit, { project_id, message: 'one', video_assets: { urls } }, ada);
  const usesOf = async (assetId: string) =>
    (await sql.query('select project_id from media.asset_uses where asset_id = $1', [assetId])).rows.length;

  test('what was put aside goes when its grace is over, and then its bytes a day later', async () => {
    const asset = await upload(ada);
    await call(assets.deleteAsset, { asset_id: asset.id }, ada);
    await expect(call(assets.getAsset, { asset_id: asset.id }, ada)).rejects.toMatchObject({ code: 'not_found' });
    await expect(call(followLink, linkOf(asset.url))).rejects.toMatchObject({ code: 'not_found' });
    await collect.run(inDays(13));
    expect(await keptBytes(asset.sha256!)).toBe(true);
    await collect.run(inDays(15));
    expect(await keptBytes(asset.sha256!)).toBe(true);
    await collect.run(inDays(17));
    expect(await keptBytes(asset.sha256!)).toBe(false);
    expect(await keysBelow(`sha256/${asset.sha256!.slice(0, 2)}`)).toEqual([]);
  });

  test('what was put aside can be brought back while it is kept', async () => {
    const asset = await upload(ada);
    await call(assets.deleteAsset, { asset_id: asset.id }, ada);
    await expect(call(assets.restoreAsset, { asset_id: asset.id }, bob)).rejects.toMatchObject({ code: 'not_found' });
    const back = await call(assets.restoreAsset, { asset_id: asset.id }, ada);
    await collect.run(inDays(30));
    expect(await keptBytes(back.sha256!)).toBe(true);
  });

  test('what a commit names stays, even when it was put aside', async () => {
    const project_id = await project();
    const asset = await upload(ada, undefined, project_id);
    await commit(project_id, asset.url);
    await eventually(async () => (await usesOf(asset.id)) === 1);
    await call(assets.deleteAsset, { asset_id: asset.id }, ada);
    await collect.run(inDays(30));
    await collect.run(inDays(60));
    expect(await keptBytes(asset.sha256!)).toBe(true);
  });

  test('history stays playable: what only an old commit names stays as long as its project, and goes with it', async () => {
    const project_id = await project();
    const asset = await upload(ada, undefined, project_id);
    await commit(project_id, asset.url);
    await commit(project_id);
    await eventually(async () => (await usesOf(asset.id)) === 1);
    await call(assets.deleteAsset, { asset_id: asset.id }, ada);
    await collect.run(inDays(400));
    await collect.run(inDays(800));
    expect(await keptBytes(asset.sha256!)).toBe(true);
    const confirm = { confirm_project_id: project_id, confirm_nickname: 'Ada' };
    await call(contract.deleteProject, { project_id, ...confirm }, ada);
    await eventually(async () => (await usesOf(asset.id)) === 0);
    await collect.run(inDays(400));
    await collect.run(inDays(800));
    expect(await keptBytes(asset.sha256!)).toBe(false);
  });

  test('what a saved workspace names stays, and goes when the workspace no longer names it', async () => {
    const project_id = await project();
    const asset = await upload(ada, undefined, project_id);
    await call(contract.saveWorkspace, { project_id, document: { url: asset.url } }, ada);
    await call(assets.deleteAsset, { asset_id: asset.id }, ada);
    await collect.run(inDays(30));
    await collect.run(inDays(60));
    expect(await keptBytes(asset.sha256!)).toBe(true);
    await call(contract.saveWorkspace, { project_id, document: {} }, ada);
    await collect.run(inDays(30));
    await collect.run(inDays(60));
    expect(await keptBytes(asset.sha256!)).toBe(false);
  });

  test('bytes that are named again in their last day are not removed', async () => {
    const bytes = randomBytes(1000);
    const first = await upload(ada, bytes);
    await call(assets.deleteAsset, { asset_id: first.id }, ada);
    await collect.run(inDays(15));
    const again = await upload(bob, bytes);
    expect(again.sha256).toBe(first.sha256);
    await collect.run(inDays(40));
    await collect.run(inDays(50));
    expect(await keptBytes(first.sha256!)).toBe(true);
  });

  test('collecting while others upload the same content never leaves an asset without its bytes', async () => {
    const bytes = randomBytes(2000);
    for (let round = 0; round < 5; round++) {
      const [asset] = await Promise.all([upload(ada, bytes), collect.run(inDays(2)), collect.run(inDays(3))]);
      expect(await keptBytes(asset.sha256!)).toBe(true);
      await sql.query('delete from media.assets where id = $1', [asset.id]);
      await collect.run();
    }
  });

  test('deleting a project takes its media along, but never what a fork still names', async () => {
    const project_id = await project();
    const [shared, own] = [await upload(ada, undefined, project_id), await upload(ada, undefined, project_id)];
    await commit(project_id, shared.url);
    const fork = await call(contract.forkProject, { project_id }, ada);
    await eventually(async () => (await usesOf(shared.id)) === 2);
    const confirm = { confirm_project_id: project_id, confirm_nickname: 'Ada' };
    await call(contract.deleteProject, { project_id, ...confirm }, ada);
    await eventually(() => isGone(own.id, ada));
    await collect.run(inDays(30));
    await collect.run(inDays(60));
    expect([await keptBytes(shared.sha256!), await keptBytes(own.sha256!)]).toEqual([true, false]);
    expect(await call(assets.getAsset, { asset_id: shared.id }, ada)).toMatchObject({ project_id: fork.id });
    await expect(call(followLink, linkOf(shared.url))).resolves.toMatchObject({ is_public: false });
  });

  test('what was noted before links counted goes to who names it by its link, and to nobody who only wrote its id', async () => {
    const project_id = await project();
    const [shared, wished] = [await upload(ada, undefined, project_id), await upload(ada, undefined, project_id)];
    await commit(project_id, shared.url, wished.url);
    const fork = await call(contract.forkProject, { project_id }, ada);
    await commit(fork.id, shared.url);
    await eventually(async () => (await usesOf(wished.id)) === 2);
    const strange = await call(contract.createProject, { name: 'Wishes' }, bob);
    const urls = [shared, wished].map(({ id }) => `/api/v1/media/${id}/guessed/beach.bin`);
    await call(contract.createCommit, { project_id: strange.id, message: 'one', video_assets: { urls } }, bob);
    await sql.query('delete from media.asset_uses where asset_id = $1 and project_id = $2', [wished.id, fork.id]);
    await sql.query(
      'insert into media.asset_uses (asset_id, project_id) select unnest($1::uuid[]), $2 on conflict do nothing',
      [[shared.id, wished.id], strange.id],
    );
    await sql.query('update media.asset_uses set by_link = null where asset_id = $1', [shared.id]);
    const confirm = { confirm_project_id: project_id, confirm_nickname: 'Ada' };
    await call(contract.deleteProject, { project_id, ...confirm }, ada);
    await eventually(() => isGone(wished.id, ada));
    expect(await isGone(wished.id, bob)).toBe(true);
    expect(await call(assets.getAsset, { asset_id: shared.id }, ada)).toMatchObject({ project_id: fork.id });
  });

  test('a fork keeps what its origin named by then, and gets nothing that came later', async () => {
    const project_id = await project();
    const [early, once] = [await upload(ada, undefined, project_id), await upload(ada, undefined, project_id)];
    await commit(project_id, early.url, once.url);
    await commit(project_id, early.url);
    await eventually(async () => (await usesOf(once.id)) === 1);
    const fork = await call(contract.forkProject, { project_id }, ada);
    await eventually(async () => (await usesOf(once.id)) === 2);
    const late = await upload(ada, undefined, project_id);
    await commit(project_id, late.url);
    await eventually(async () => (await usesOf(late.id)) === 1);
    const mine = await upload(ada, undefined, fork.id);
    await commit(fork.id, mine.url);
    await eventually(async () => (await usesOf(mine.id)) === 1);
    expect(await usesOf(late.id)).toBe(1);
  });

  test('to write the id of an asset opens it to nobody, and gives it to nobody', async () => {
    const [project_id, theirs] = [await project(true), await project()];
    const [hidden, shown] = [await upload(ada, undefined, project_id), await upload(ada, undefined, project_id)];
    await call(contract.forkBranch, { project_id, name: 'bobs' }, bob);
    await expect(call(assets.listAssets, { project_id }, bob)).rejects.toMatchObject({ code: 'unauthorized' });
    expect(await isGone(hidden.id, bob)).toBe(true);
    const guessed = `/api/v1/media/${hidden.id}/public/x ${hidden.url.replace(linkOf(hidden.url).key, 'guessed')}`;
    const video_assets = { urls: [guessed, shown.url] };
    await call(contract.createCommit, { project_id, branch_name: 'bobs', message: 'm', video_assets }, bob);
    await eventually(async () => !(await isGone(shown.id, ANONYMOUS)));
    expect(await isGone(hidden.id, ANONYMOUS)).toBe(true);
    const other = await upload(ada, undefined, theirs);
    await commit(theirs, guessed, other.url);
    await eventually(async () => (await usesOf(other.id)) === 1);
    const { rows } = await sql.query('select project_id from media.asset_uses where asset_id = $1', [hidden.id]);
    expect(rows).toEqual([{ project_id }]);
  });

  test('a project that opens shows the media of its commits, and what was seen is closed again with it', async () => {
    const project_id = await project();
    const [used, unused] = [await upload(ada, undefined, project_id), await upload(ada, undefined, project_id)];
    await call(contract.saveWorkspace, { project_id, document: { at: 1.0, url: used.url } }, ada);
    await commit(project_id, used.url);
    const look = (asset_id: string, by: Caller = ANONYMOUS) => call(assets.getAsset, { asset_id }, by);
    await expect(look(used.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(look(used.id, bob)).rejects.toMatchObject({ code: 'not_found' });
    await call(contract.updateProject, { project_id, is_public: true }, ada);
    await eventually(async () => !(await isGone(used.id, ANONYMOUS)));
    const seen = await look(used.id, bob);
    expect(seen.url).toBe(seen.public_url);
    await expect(call(followLink, linkOf(seen.public_url!))).resolves.toMatchObject({ is_public: true });
    await expect(look(unused.id)).rejects.toMatchObject({ code: 'not_found' });
    await call(contract.updateProject, { project_id, is_public: false }, ada);
    await eventually(() => isGone(used.id, ANONYMOUS));
    for (const url of [seen.public_url!, used.url])
      await expect(call(followLink, linkOf(url))).rejects.toMatchObject({ code: 'not_found' });
    const now = await look(used.id, ada);
    const saved = () => call(contract.getWorkspace, { project_id }, ada);
    await eventually(async () => (await saved()).document?.url === now.url);
    await expect(call(followLink, linkOf(now.url))).resolves.toMatchObject({ is_public: false });
  });

  test('a project that opens again shows what its commits name by links of before, but nothing that somebody closed by hand', async () => {
    const project_id = await project();
    const [kept, closed] = [await upload(ada, undefined, project_id), await upload(ada, undefined, project_id)];
    await commit(project_id, kept.url, closed.url);
    const show = async (is_public: boolean) => {
      await call(contract.updateProject, { project_id, is_public }, ada);
      await eventually(async () => (await isGone(kept.id, ANONYMOUS)) !== is_public);
    };
    const follow = (url: string) => call(followLink, linkOf(url));
    for (const round of [1, 2]) {
      await show(true);
      expect([round, await follow(kept.url)]).toMatchObject([round, { is_public: true }]);
      await show(false);
      await expect(follow(kept.url)).rejects.toMatchObject({ code: 'not_found' });
    }
    await show(true);
    await eventually(async () => !(await isGone(closed.id, ANONYMOUS)));
    await call(assets.updateAsset, { asset_id: closed.id, is_public: false }, ada);
    await show(false);
    await show(true);
    expect(await follow(kept.url)).toMatchObject({ is_public: true });
    expect(await isGone(closed.id, ANONYMOUS)).toBe(true);
    await expect(follow(closed.url)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('of a link from elsewhere that two projects mean different things by, each sees what came with it', async () => {
    const [one, other] = [await project(), await project()];
    const assetOf = new Map([
      [one, await upload(ada, undefined, one)],
      [other, await upload(ada, undefined, other)],
    ]);
    const [asset_id, key] = [randomUUID(), 'brought-from-elsewhere'];
    const url = `/api/v1/media/${asset_id}/${key}/picture.png`;
    const follow = (project_id?: string) => call(followLink, { asset_id, key, name: 'picture.png', project_id });
    const hashAt = async ({ url }: { url: string }) => {
      const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
      return createHash('sha256').update(bytes).digest('hex');
    };
    const bytesBehind = async (project_id?: string) => hashAt(await follow(project_id));
    const bring = async (project_id: string) => {
      const { sha256, size, content_type, name } = assetOf.get(project_id)!;
      await call(contract.saveWorkspace, { project_id, document: { url } }, ada);
      const media = [{ asset_id, key, sha256: sha256!, size, content_type, name }];
      await running.broker.tell(mediaCarried, { project_id, owner_id: ada.user_id!, media });
    };
    await bring(one);
    await eventually(async () =>
      follow().then(
        () => true,
        () => false,
      ),
    );
    expect(await bytesBehind()).toBe(assetOf.get(one)!.sha256);
    await bring(other);
    await eventually(async () =>
      follow(other).then(
        () => true,
        () => false,
      ),
    );
    await expect(follow()).rejects.toMatchObject({ code: 'not_found', details: { ambiguous: true } });
    const shownOn = (page: string) => call(followLink, { asset_id, key, name: 'picture.png', page });
    for (const [project_id, asset] of assetOf) {
      const shown = await shownOn(`https://films.test/editor/${project_id.toUpperCase()}?at=3`);
      expect([shown.is_disputed, await hashAt(shown)]).toEqual([true, asset.sha256]);
    }
    for (const page of ['https://films.test/', `https://films.test/editor/${randomUUID()}`])
      await expect(shownOn(page)).rejects.toMatchObject({ details: { ambiguous: true } });
    await expect(follow(randomUUID())).rejects.toMatchObject({ code: 'not_found' });
    for (const [project_id, asset] of assetOf) {
      expect(await bytesBehind(project_id)).toBe(asset.sha256);
      const saved = () => call(contract.getWorkspace, { project_id }, ada);
      const renewed = await eventually(async () => {
        const { document } = await saved();
        return document?.url !== url && (document!.url as string);
      });
      expect(linkOf(renewed).asset_id).toBe(asset.id);
    }
  });

  test('only who may opens an asset to the world, and others cannot tell that it is there', async () => {
    const asset = await upload(ada);
    const open = (by: Caller) => call(assets.updateAsset, { asset_id: asset.id, is_public: true }, by);
    await expect(open(bob)).rejects.toMatchObject({ code: 'not_found' });
    await expect(call(assets.deleteAsset, { asset_id: asset.id }, bob)).rejects.toMatchObject({ code: 'not_found' });
    await open(ada);
    await expect(open(bob)).rejects.toMatchObject({ code: 'unauthorized' });
    const renamed = await call(assets.updateAsset, { asset_id: asset.id, name: 'sea.bin', licence: 'CC-BY-4.0' }, ada);
    expect(renamed).toMatchObject({ name: 'sea.bin', licence: 'CC-BY-4.0', is_public: true });
  });

  test("what a member gave to a project stays the project's when they are a member no more", async () => {
    const project_id = await project();
    const invited = await call(inviteToProject, { project_id, user_id: bob.user_id, role: 'contributor' }, ada);
    await call(answerInvitation, { invitation_id: invited.id, accept: true }, bob);
    const asset = await upload(bob, undefined, project_id);
    const change = (is_public: boolean) => call(assets.updateAsset, { asset_id: asset.id, is_public }, bob);
    expect(await change(false)).toMatchObject({ is_public: false });
    const files = [{ filename: 'late.bin', size: 5 }];
    const [late] = (await call(uploads.startUploads, { files, project_id }, bob)).uploads;
    await fetch(late!.url!, { method: 'PUT', body: 'hello' });
    await call(removeMember, { project_id, user_id: bob.user_id }, ada);
    await expect(change(true)).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(call(assets.deleteAsset, { asset_id: asset.id }, bob)).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(call(uploads.completeUpload, { upload_id: late!.id }, bob)).rejects.toMatchObject({
      code: 'not_found',
    });
    await call(assets.deleteAsset, { asset_id: asset.id }, ada);
    await expect(call(assets.restoreAsset, { asset_id: asset.id }, bob)).rejects.toMatchObject({ code: 'not_found' });
    expect(await call(assets.restoreAsset, { asset_id: asset.id }, ada)).toMatchObject({ id: asset.id, project_id });
  });

  test('uploads that nobody went on with leave nothing behind', async () => {
    const files = [
      { filename: 'a.bin', size: 9_000_000 },
      { filename: 'b.bin', size: 5 },
    ];
    const begun = (await call(uploads.startUploads, { files }, ada)).uploads;
    const { parts } = await call(uploads.presignParts, { upload_id: begun[0]!.id, part_numbers: [2] }, ada);
    await fetch(parts[0]!.url, { method: 'PUT', body: randomBytes(parts[0]!.size) });
    await fetch(begun[1]!.url!, { method: 'PUT', body: 'hello' });
    await collect.run(inDays(8));
    await collect.run(inDays(9));
    expect(await call(uploads.getUpload, { upload_id: begun[0]!.id }, ada)).toMatchObject({ state: 'aborted' });
    expect(await keysBelow('quarantine/')).toEqual([]);
    const open: string[] = [];
    for await (const { key } of store.store.listUploads()) open.push(key);
    expect(open).toEqual([]);
  });

  test('an upload whose reading was given up is a failure, and takes no room any more', async () => {
    const files = [{ filename: 'a.bin', size: 5 }];
    const [begun] = (await call(uploads.startUploads, { files }, bob)).uploads;
    await sql.query(`update media.uploads set state = 'verifying' where id = $1`, [begun!.id]);
    await sql.query(
      `insert into media.jobs (kind, subject, state, problem) values ('verify', $1, 'failed', 'Something went wrong.')`,
      [begun!.id],
    );
    await collect.run();
    expect(await call(uploads.getUpload, { upload_id: begun!.id }, bob)).toMatchObject({
      state: 'failed',
      problem: 'Something went wrong.',
    });
    expect(await call(assets.getUsage, {}, bob)).toMatchObject({ pending_bytes: 0 });
  });

  test('objects that no row knows of are found and removed, and nothing else is', async () => {
    const asset = await upload(ada);
    const strays = [
      'quarantine/x/y',
      `sha256/ab/cd/${'ab'.repeat(32)}/1`,
      'derived/ab/cd/ab/poster-1/a.jpg',
      'public/a/1-b/c',
    ];
    for (const key of strays) await store.store.put(key, Buffer.from('stray'));
    await store.store.createUpload('quarantine/x/z');
    expect(await orphans.find()).toBe(0);
    expect(await orphans.find(inDays(3))).toBe(5);
    // A note of this very millisecond is not due yet; the service's own round may be at some of them still.
    await collect.run(inDays(0.01));
    for (const key of strays) await eventually(async () => (await store.store.head(key)) === undefined);
    expect(await keptBytes(asset.sha256!)).toBe(true);
  });
});

test('with a CDN, what is open lies under a name of its own that is gone when it is closed', async () => {
  const store = await testStore('an S3 server');
  const running = await runServices([projects, media], {
    ...store.environment,
    MEDIA_CDN_URL: 'https://cdn.example.org',
  });
  try {
    const ada = await person(running.broker, 'Ada');
    const asset = await uploaded(running.broker, ada, randomBytes(500), { filename: 'sea.bin' });
    const open = (is_public: boolean) =>
      running.broker.call(assets.updateAsset, { asset_id: asset.id, is_public }, ada);
    const keyOf = ({ public_url }: assets.Asset) => decodeURIComponent(new URL(public_url!).pathname.slice(1));
    const first = keyOf(await open(true));
    expect((await store.store.head(first))?.size).toBe(500);
    await open(false);
    expect(await store.store.head(first)).toBeUndefined();
    const second = keyOf(await open(true));
    expect(second).not.toBe(first);
    expect((await store.store.head(second))?.size).toBe(500);
  } finally {
    await running.close();
    await store.close();
  }
});
