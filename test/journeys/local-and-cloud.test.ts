import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openStore } from '#libs/storage/storage-config';
import { eventually } from '#libs/testing/child-process';
import { film } from '#libs/testing/seeds/film';
import { runPlatform, type RunningPlatform } from './running-platform.js';
import { behind, found, picture, upload, Visitor, type Json } from './visitor.js';

/** Two whole platforms, each with its own database and folder, that know each other by HTTP alone: one is the other's cloud. */
let cloud: RunningPlatform;
let local: RunningPlatform;
beforeAll(async () => {
  cloud = await runPlatform();
  local = await runPlatform({ CLOUD_API_URL: cloud.url });
});
afterAll(async () => {
  await local?.close();
  await cloud?.close();
});

test('a film goes from the cloud to a desk and back, and only what is missing travels', async () => {
  const ada = await Visitor.register(cloud, 'ada');
  const desk = await Visitor.register(local, 'ada');
  const film_id: string = (await ada.ok('POST', '/projects', { name: 'Beach', tags: ['film'], is_public: true })).id;
  for (let beach = 1; beach <= 5; beach++) await ada.commit(film_id, film({ beach, forest: 2 }));
  await ada.ok('POST', '/branches', {
    project_id: film_id,
    name: 'side',
    from_commit_hash: (await ada.head(film_id)).commit_id,
  });

  expect(await desk.ok('GET', '/cloud')).toMatchObject({ cloud_url: cloud.url, user: null });
  expect((await desk.ask('GET', '/cloud/projects')).body).toMatchObject({ details: { reason: 'cloud_token' } });
  expect((await desk.ask('PUT', '/cloud', { token: 'nonsense' })).status).toBe(403);
  expect(await desk.ok('PUT', '/cloud', { token: ada.token })).toMatchObject({ user: { id: ada.id } });
  expect(await stored(local, 'select token from projects.cloud_accounts')).not.toContain(ada.token);
  expect((await desk.ok('GET', '/cloud/projects')).map(({ id }: Json) => id)).toEqual([film_id]);
  expect((await desk.ok('GET', '/cloud/feed')).map(({ id }: Json) => id)).toEqual([film_id]);

  const cloned = await desk.ok('POST', '/cloud/clone', { cloud_project_id: film_id });
  const desk_id: string = cloned.remote.project_id;
  expect(cloned).toMatchObject({ commits: 5, remote: { cloud_project_id: film_id } });
  expect(await desk.ok('GET', `/projects/${desk_id}`)).toMatchObject({ name: 'Beach', is_public: false });
  const [there, here] = [await ada.head(film_id), await desk.head(desk_id)];
  expect([here.commit_id, here.video_assets]).toEqual([there.commit_id, there.video_assets]);

  const again = await desk.ok('POST', `/projects/${desk_id}/pull`);
  expect(again).toMatchObject({ commits: 0, objects: 0 });
  await ada.commit(film_id, film({ beach: 6, forest: 2 }));
  const pulled = await desk.ok('POST', `/projects/${desk_id}/pull`);
  expect(pulled.commits).toBe(1);
  expect(pulled.branches).toMatchObject([
    { branch_name: 'main', outcome: 'moved' },
    { branch_name: 'side', outcome: 'unchanged' },
  ]);
  expect(pulled.objects).toBeLessThanOrEqual(cloned.objects);
  expect((await desk.ok('GET', `/projects/${desk_id}/workspace`)).editorData).toEqual(
    (await ada.head(film_id)).video_assets.editorData,
  );

  const mine = await desk.commit(desk_id, film({ beach: 6, forest: 3 }));
  await desk.ok('POST', '/branches', { project_id: desk_id, name: 'desk', from_commit_hash: mine.id });
  const pushed = await desk.ok('POST', `/projects/${desk_id}/push`, {});
  expect(pushed).toMatchObject({ commits: 1 });
  expect(pushed.branches).toMatchObject([
    { branch_name: 'main', outcome: 'moved' },
    { branch_name: 'side', outcome: 'unchanged' },
    { branch_name: 'desk', outcome: 'created' },
  ]);
  expect((await ada.head(film_id)).commit_id).toBe(mine.id);
  expect((await ada.head(film_id)).head_commit.author_id).toBe(ada.id);
  expect((await desk.ok('POST', `/projects/${desk_id}/push`, {})).commits).toBe(0);
});

test('what went two ways is told, overwritten on neither side, and can be merged and pushed', async () => {
  const bob = await Visitor.register(cloud, 'bob');
  const desk = await Visitor.register(local, 'bob');
  await desk.ok('PUT', '/cloud', { token: bob.token });
  const desk_id: string = (await desk.ok('POST', '/projects', { name: 'Made at home' })).id;
  await desk.commit(desk_id, film({ beach: 4, forest: 2 }));
  const first = await desk.ok('POST', `/projects/${desk_id}/push`, {});
  const cloud_id: string = first.remote.cloud_project_id;
  expect(await bob.ok('GET', `/projects/${cloud_id}`)).toMatchObject({ name: 'Made at home', is_public: false });
  const ours = await desk.commit(desk_id, film({ beach: 5, forest: 2 }));
  const theirs = await bob.commit(cloud_id, film({ beach: 4, forest: 3 }));

  const refused = await desk.ok('POST', `/projects/${desk_id}/push`, {});
  expect(refused.branches).toMatchObject([{ branch_name: 'main', outcome: 'diverged', cloud_head: theirs.id }]);
  expect((await bob.head(cloud_id)).commit_id).toBe(theirs.id);
  const pulled = await desk.ok('POST', `/projects/${desk_id}/pull`);
  expect(pulled.branches).toMatchObject([
    { branch_name: 'main', outcome: 'diverged', local_head: ours.id, cloud_head: theirs.id, kept_as: 'cloud/main' },
  ]);
  expect((await desk.head(desk_id)).commit_id).toBe(ours.id);
  expect((await desk.head(desk_id, 'cloud/main')).commit_id).toBe(theirs.id);

  const request = await desk.ok('POST', `/projects/${desk_id}/merge-requests`, { source_branch_name: 'cloud/main' });
  await desk.ok('POST', `/merge-requests/${request.id}/merge`);
  const pushed = await desk.ok('POST', `/projects/${desk_id}/push`, {});
  expect(pushed.branches).toMatchObject([{ branch_name: 'main', outcome: 'moved' }]);
  const [there, here] = [await bob.head(cloud_id), await desk.head(desk_id)];
  expect([there.commit_id, there.video_assets]).toEqual([here.commit_id, here.video_assets]);
});

test('the pictures of a film go along, are found behind the links that it carries, and travel once', async () => {
  const [eve, fay] = [await Visitor.register(cloud, 'eve'), await Visitor.register(cloud, 'fay')];
  const desk = await Visitor.register(local, 'eve');
  await desk.ok('PUT', '/cloud', { token: eve.token });
  const film_id: string = (await eve.ok('POST', '/projects', { name: 'With a picture' })).id;
  const lost = `/api/v1/media/${randomUUID()}/a-key-of-nobody/lost.png`;
  const red = await upload(eve, film_id, picture('red'));
  await eve.commit(film_id, { ...film({ beach: 1 }), pictures: [red.url, lost] });

  const cloned = await desk.ok('POST', '/cloud/clone', { cloud_project_id: film_id });
  const desk_id: string = cloned.remote.project_id;
  expect(cloned).toMatchObject({ media: 1, missing_media: [{ sha256: null, asset_id: lost.split('/')[4] }] });
  const assets = () => desk.ok('GET', `/media/assets?project_id=${desk_id}`);
  expect(await found(local, red.url)).toEqual(picture('red'));
  expect((await assets()).items).toMatchObject([{ sha256: red.sha256, state: 'ready' }]);
  expect(await behind(local, red.url.replace(/\/media\/([^/]+)\/[^/]+/, '/media/$1/public'))).toBeNull();
  expect(await behind(local, lost)).toBeNull();
  expect(await desk.ok('POST', `/projects/${desk_id}/pull`)).toMatchObject({ media: 0, missing_media: [] });

  const blue = await upload(desk, desk_id, picture('blue'));
  await desk.commit(desk_id, { ...film({ beach: 2 }), pictures: [red.url, blue.url] });
  expect(await desk.ok('POST', `/projects/${desk_id}/push`, {})).toMatchObject({ media: 1, missing_media: [] });
  expect(await found(cloud, blue.url)).toEqual(picture('blue'));
  const there = (await eve.ok('GET', `/media/assets?project_id=${film_id}`)).items;
  expect(there.map(({ sha256 }: Json) => sha256).sort()).toEqual([red.sha256, blue.sha256].sort());

  const wish = { hashes: [red.sha256, '0'.repeat(64)] };
  expect((await eve.ok('POST', `/projects/${film_id}/media/wanted`, wish)).items).toMatchObject([
    { sha256: red.sha256 },
  ]);
  const foreign: string = (await fay.ok('POST', '/projects', { name: 'Of another' })).id;
  expect(await fay.ok('POST', `/projects/${foreign}/media/wanted`, wish)).toEqual({ items: [] });
  expect((await fay.ask('POST', `/projects/${film_id}/media/wanted`, wish)).status).toBe(404);
});

test('tags and releases go along later too, and one that differs is told and stays', async () => {
  const ivy = await Visitor.register(cloud, 'ivy');
  const desk = await Visitor.register(local, 'ivy');
  await desk.ok('PUT', '/cloud', { token: ivy.token });
  const there: string = (await ivy.ok('POST', '/projects', { name: 'In versions' })).id;
  const first = await ivy.commit(there, film({ beach: 1 }));
  const here: string = (await desk.ok('POST', '/cloud/clone', { cloud_project_id: there })).remote.project_id;
  const tag = async (who: Visitor, project_id: string, name: string, release?: object) =>
    expect((await who.ask('POST', `/projects/${project_id}/tags`, { name, release })).status).toBe(201);
  const notes = { title: 'The first cut', notes: 'with rain', is_prerelease: false };

  await tag(ivy, there, 'v1', notes);
  expect(await desk.ok('POST', `/projects/${here}/pull`)).toMatchObject({
    tags: [{ tag_name: 'v1', outcome: 'created', to: first.id }],
  });
  expect(await desk.ok('GET', `/projects/${here}/tags`)).toMatchObject({ items: [{ name: 'v1', release: notes }] });
  expect((await desk.ok('POST', `/projects/${here}/pull`)).tags).toEqual([]);

  await tag(desk, here, 'seen', { ...notes, is_prerelease: true });
  const pushed = await desk.ok('POST', `/projects/${here}/push`, {});
  expect(pushed).toMatchObject({ commits: 0, tags: [{ tag_name: 'seen', outcome: 'created' }] });
  const second = await ivy.commit(there, film({ beach: 2 }));
  const third = await desk.commit(here, film({ beach: 3 }));
  await tag(ivy, there, 'v2');
  await tag(desk, here, 'v2');
  const differs = { tag_name: 'v2', outcome: 'differs' };
  expect(await desk.ok('POST', `/projects/${here}/pull`)).toMatchObject({ tags: [{ ...differs, to: second.id }] });
  expect(await desk.ok('POST', `/projects/${here}/push`, {})).toMatchObject({ tags: [{ ...differs, to: third.id }] });
  const named = async (who: Visitor, id: string) => (await who.ok('GET', `/projects/${id}/tags`)).items[0].commit_id;
  expect([await named(ivy, there), await named(desk, here)]).toEqual([second.id, third.id]);
});

test('what is said of a merge request goes to and fro, under the names of those who said it', async () => {
  const [joe, kim] = [await Visitor.register(cloud, 'joe'), await Visitor.register(cloud, 'kim')];
  const desk = await Visitor.register(local, 'joe');
  await desk.ok('PUT', '/cloud', { token: joe.token });
  const there: string = (await joe.ok('POST', '/projects', { name: 'Talked about' })).id;
  await joe.ok('PUT', `/projects/${there}`, { is_public: true });
  const base = await joe.commit(there, film({ beach: 1 }));
  await joe.ok('POST', '/branches', { project_id: there, name: 'side', from_commit_hash: base.id });
  await joe.commit(there, film({ beach: 1, city: 2 }), 'side');
  const { id } = await joe.ok('POST', `/projects/${there}/merge-requests`, { source_branch_name: 'side' });
  await kim.ask('POST', `/merge-requests/${id}/threads`, { body: 'Is it night there?' });
  const here: string = (await desk.ok('POST', '/cloud/clone', { cloud_project_id: there })).remote.project_id;
  const [request] = await desk.ok('GET', `/projects/${here}/merge-requests`);
  const threads = () => desk.ok('GET', `/merge-requests/${request.id}/threads`);
  const [thread] = await threads();
  expect(thread.comments).toMatchObject([{ body: 'Is it night there?', user_name: 'kim', is_imported: true }]);
  await desk.ask('POST', `/merge-requests/${request.id}/threads/${thread.id}/comments`, { body: 'It is.' });
  expect(await desk.ok('POST', `/projects/${here}/push`, {})).toMatchObject({ commits: 0 });
  const [original] = await joe.ok('GET', `/merge-requests/${id}/threads`);
  expect(original.comments).toMatchObject([{ user_id: kim.id }, { body: 'It is.', user_id: joe.id }]);
});

test('a push goes on by itself, tells how far it is, and is taken up where it broke off', async () => {
  const lee = await Visitor.register(cloud, 'lee');
  const desk = await Visitor.register(local, 'lee');
  await desk.ok('PUT', '/cloud', { token: lee.token });
  const here: string = (await desk.ok('POST', '/projects', { name: 'Sent off' })).id;
  await desk.commit(here, film({ beach: 4 }));
  const begun = await desk.answer('POST', '/cloud/syncs', { kind: 'push', project_id: here });
  const sync = (await begun.json()) as Json;
  expect([begun.status, begun.headers.get('location')]).toEqual([202, `/api/v1/cloud/syncs/${sync.id}`]);
  const ended = (id: string) =>
    eventually(async () => {
      const now = await desk.ok('GET', `/cloud/syncs/${id}`);
      return now.status !== 'queued' && now;
    });
  const done = await ended(sync.id);
  expect(done).toMatchObject({ status: 'done', kind: 'push', report: { commits: 1 }, error: null });
  expect(done.done).toBe(done.total);
  expect((await lee.ask('GET', `/cloud/syncs/${sync.id}`)).status).toBe(404);

  // As if the process had died after the cloud took the project in, and before that was noted here.
  await stored(local, `delete from projects.remotes where project_id = '${here}'`);
  await stored(
    local,
    `update projects.syncs set status = 'queued', report = null, claimed_until = now() where id = '${sync.id}'`,
  );
  const again = await ended(sync.id);
  expect(again.report.remote.cloud_project_id).toBe(done.report.remote.cloud_project_id);
  expect(await lee.ok('GET', '/projects')).toHaveLength(1);

  await lee.ok('DELETE', `/projects/${done.report.remote.cloud_project_id}`, {
    confirm_project_id: done.report.remote.cloud_project_id,
    confirm_nickname: 'lee',
  });
  const lost = await desk.ask('POST', '/cloud/syncs', { kind: 'pull', project_id: here });
  expect(await ended(lost.body.id)).toMatchObject({ status: 'refused', error: { code: 'not_found' } });
  expect((await desk.ask('POST', '/cloud/syncs', { kind: 'clone' })).status).toBe(422);
  expect((await desk.ok('GET', '/cloud/syncs')).items.map(({ kind }: Json) => kind)).toEqual(['pull', 'push']);
});

test('a long film is fetched in pieces, and those that were there are not fetched again', async () => {
  const mia = await Visitor.register(cloud, 'mia');
  const desk = await Visitor.register(local, 'mia');
  await desk.ok('PUT', '/cloud', { token: mia.token });
  const there: string = (await mia.ok('POST', '/projects', { name: 'Long' })).id;
  const long = await upload(mia, there, Buffer.concat([picture('long'), Buffer.alloc(20 * 2 ** 20, 7)]));
  await mia.commit(there, { ...film({ beach: 1 }), pictures: [long.url] });
  const cloned = await desk.ok('POST', '/cloud/clone', { cloud_project_id: there });
  expect(cloned).toMatchObject({ media: 1, missing_media: [] });
  const asset = await eventually(
    async () => (await desk.ok('GET', `/media/assets?project_id=${cloned.remote.project_id}`)).items[0],
  );
  expect(asset).toMatchObject({ sha256: long.sha256, state: 'ready' });
});

test('a picture whose bytes are lost where they should come from is told as missing, and keeps nothing else from travelling', async () => {
  const nia = await Visitor.register(cloud, 'nia');
  const desk = await Visitor.register(local, 'nia');
  await desk.ok('PUT', '/cloud', { token: nia.token });
  const there: string = (await nia.ok('POST', '/projects', { name: 'With a lost picture' })).id;
  const [kept, lost] = [await upload(nia, there, picture('kept')), await upload(nia, there, picture('lost'))];
  await nia.commit(there, { ...film({ beach: 1 }), pictures: [lost.url, kept.url] });
  await loseBytes(cloud, lost.sha256);
  const cloned = await desk.ok('POST', '/cloud/clone', { cloud_project_id: there });
  expect(cloned).toMatchObject({ media: 1, missing_media: [{ sha256: lost.sha256 }] });

  const here: string = cloned.remote.project_id;
  const [sent, gone] = [await upload(desk, here, picture('sent')), await upload(desk, here, picture('gone'))];
  await desk.commit(here, { ...film({ beach: 2 }), pictures: [gone.url, sent.url] });
  await loseBytes(local, gone.sha256);
  const pushed = await desk.ok('POST', `/projects/${here}/push`, {});
  expect(pushed).toMatchObject({ media: 1, commits: 1 });
  expect(pushed.missing_media.map(({ sha256 }: Json) => sha256)).toContain(gone.sha256);
  expect(await found(cloud, sent.url)).toEqual(picture('sent'));
});

test('a bundle brings its media along when it is asked to, and says what is missing when not', async () => {
  const [gil, hal] = [await Visitor.register(cloud, 'gil'), await Visitor.register(local, 'hal')];
  const film_id: string = (await gil.ok('POST', '/projects', { name: 'In a file' })).id;
  const green = await upload(gil, film_id, picture('green'));
  await gil.commit(film_id, { ...film({ beach: 1 }), pictures: [green.url] });

  const bare = await exported(gil, film_id, {});
  const without = await imported(hal, bare, {});
  expect(without).toMatchObject({
    status: 'done',
    report: { missing_media: [{ sha256: green.sha256, size: green.size, name: 'picture.png' }] },
  });
  expect(await behind(local, green.url)).toBeNull();

  const full = await exported(gil, film_id, { include_media: true });
  const forged = Buffer.from(full);
  forged[forged.indexOf(picture('green')) + 60]! ^= 1;
  const refused = await imported(hal, forged, {});
  expect(refused).toMatchObject({ status: 'refused', report: { reason: 'bad_bundle' } });
  expect((await hal.ok('GET', '/media/assets')).items).toEqual([]);

  const taken: string = (await hal.ok('POST', '/projects', { name: 'Of another film' })).id;
  await hal.commit(taken, film({ beach: 7 }));
  const refs = [{ branch_name: 'main', expected: null, to: (await gil.head(film_id)).commit_id }];
  const late = await imported(hal, full, { into_project_id: taken, refs });
  expect(late).toMatchObject({ status: 'refused', report: { reason: 'diverged' } });
  expect((await hal.ok('GET', '/media/assets')).items).toEqual([]);
  const kept = `select deleted_at is not null as is_put_aside from media.assets where owner_id = '${hal.id}'`;
  expect(JSON.parse(await stored(local, kept))).toEqual([{ is_put_aside: true }]);
  expect(await objectsBelow(local, 'tasks/carried/')).toEqual([]);

  const whole = await imported(hal, full, {});
  expect(whole).toMatchObject({ status: 'done', report: { missing_media: [] } });
  expect(await found(local, green.url)).toEqual(picture('green'));
  const { items } = await hal.ok('GET', `/media/assets?project_id=${whole.project_id}`);
  expect(items).toMatchObject([{ sha256: green.sha256, state: 'ready', owner_id: hal.id }]);
});

test('nobody reaches by a desk what they may not see in the cloud', async () => {
  const [carol, dan] = [await Visitor.register(cloud, 'carol'), await Visitor.register(cloud, 'dan')];
  const desk = await Visitor.register(local, 'dan');
  const secret: string = (await carol.ok('POST', '/projects', { name: 'Secret' })).id;
  await carol.commit(secret, film({ secret: 1 }));
  expect((await desk.ask('POST', '/cloud/clone', { cloud_project_id: secret })).status).toBe(403);
  await desk.ok('PUT', '/cloud', { token: dan.token });
  expect((await desk.ask('POST', '/cloud/clone', { cloud_project_id: secret })).status).toBe(404);
  await carol.ok('PUT', `/projects/${secret}`, { is_public: true });
  const { remote } = await desk.ok('POST', '/cloud/clone', { cloud_project_id: secret });
  await desk.commit(remote.project_id, film({ secret: 2 }));
  const push = await desk.ask('POST', `/projects/${remote.project_id}/push`, {});
  expect([push.status, push.body.details.reason]).toEqual([403, 'not_allowed']);
  await desk.ok('DELETE', '/cloud');
  expect((await desk.ask('POST', `/projects/${remote.project_id}/pull`)).status).toBe(403);
});

test('whose token is ended in the cloud is told so, and not that their project is gone', async () => {
  const pat = await Visitor.register(cloud, 'pat');
  const desk = await Visitor.register(local, 'pat');
  const token = await pat.ask('POST', '/users/me/tokens', { name: 'desk', scope: 'write' });
  await desk.ok('PUT', '/cloud', { token: token.body.token });
  const own: string = (await pat.ok('POST', '/projects', { name: 'Own' })).id;
  await pat.commit(own, film({ beach: 1 }));
  const { remote } = await desk.ok('POST', '/cloud/clone', { cloud_project_id: own });
  await pat.ok('DELETE', `/users/me/tokens/${token.body.id}`);
  for (const way of ['push', 'pull']) {
    const told = await desk.ask('POST', `/projects/${remote.project_id}/${way}`, {});
    expect([way, told.status, told.body.details?.reason]).toEqual([way, 403, 'cloud_token']);
  }
});

const storeOf = ({ folder, url }: RunningPlatform) =>
  openStore({ DATA_DIR: folder, PUBLIC_URL: url, SECRET_KEY: 'unused' } as never);

/** As when a disk has failed: the row is there, the bytes are not. */
async function loseBytes(side: RunningPlatform, sha256: string): Promise<void> {
  const [blob] = JSON.parse(await stored(side, `select key from media.blobs where sha256 = '${sha256}'`)) as Json[];
  await storeOf(side).delete(blob.key);
}

/** What a side's store holds below a prefix. */
async function objectsBelow(side: RunningPlatform, prefix: string): Promise<string[]> {
  const store = storeOf(side);
  const keys: string[] = [];
  for await (const { key } of store.list({ prefix })) keys.push(key);
  return keys;
}

async function stored(side: RunningPlatform, sql: string): Promise<string> {
  const client = new pg.Client({ connectionString: side.databaseUrl });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return JSON.stringify(rows);
}

const settled = (who: Visitor, id: string): Promise<Json> =>
  eventually(async () => {
    const transfer = await who.ok('GET', `/bundles/${id}`);
    return transfer.status !== 'queued' && transfer;
  });

async function exported(who: Visitor, project_id: string, wish: object): Promise<Buffer> {
  const { id } = await who.ok('POST', `/projects/${project_id}/bundles`, wish);
  const { download_url } = await settled(who, id);
  return Buffer.from(await (await fetch(download_url)).arrayBuffer());
}

async function imported(who: Visitor, bundle: Buffer, wish: object): Promise<Json> {
  const { id } = await who.ok('POST', '/bundles', { size: bundle.length, ...wish });
  const { links } = await who.ok('POST', `/bundles/${id}/parts`, { part_numbers: [1] });
  expect((await fetch(links[0].url, { method: 'PUT', body: new Uint8Array(bundle) })).status).toBe(200);
  await who.ok('POST', `/bundles/${id}/finish`);
  return settled(who, id);
}
