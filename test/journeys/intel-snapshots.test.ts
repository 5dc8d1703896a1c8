import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { reportReleases } from '#libs/contracts/intel-releases';
import {
  getRulePackage,
  getTrustKeys,
  listRulePackages,
  publishRoot,
  publishRules,
  rotateKey,
  signRules,
} from '#libs/contracts/intel-rules';
import * as contract from '#libs/contracts/intel-snapshots';
import { importWorks, mergeWorks } from '#libs/contracts/intel-works';
import { connectionOptions } from '#libs/database/connection-options';
import { renderMetrics } from '#libs/observability/metrics';
import { KINDS, rulesStatement, type Pointer, type SnapshotFile } from '#libs/snapshot/documents';
import { nextRoot } from '#libs/snapshot/next-root';
import { generateKey, sign } from '#libs/snapshot/signing';
import { openSnapshot } from '#libs/snapshot/open-snapshot';
import { openTitleIndex } from '#libs/titles/open-title-index';
import { administrator } from '#libs/testing/seeds/catalogue';
import { isBuildDue } from '../../services/intel/snapshots/is-build-due.query.js';
import { startSnapshotCentre, type SnapshotCentre } from './snapshot-centre.js';

let centre: SnapshotCentre;
beforeAll(async () => {
  centre = await startSnapshotCentre({ INTEL_SNAPSHOT_MINUTES: '0', INTEL_MIN_CONTRIBUTORS: '1' });
  const observations = [{ site: 'hdsky', release_key: 'iron-man-2008-movie' }];
  await call(reportReleases, { observations }, centre.publisher);
});
afterAll(() => centre.close());

const call: SnapshotCentre['call'] = (...args) => centre.call(...args);
const build = () => call(contract.buildSnapshotNow, {}, centre.publisher);
const url = (path: string) => `${centre.url}${path}`;
const get = async (path: string, headers = {}) => fetch(url(`/snap/${path}`), { headers });
const json = async (path: string) => (await (await get(path)).json()) as Record<string, Record<string, unknown>>;

async function publishRulesOf(site: string): Promise<void> {
  const html = '<table><tr class="row"><td>A</td></tr></table>';
  const record = {
    site,
    engine: 'nexusphp',
    parse: { list: { row: 'tr.row', fields: { title_raw: { selector: 'td' } } } },
  };
  const id = await centre.drafted(record, { name: 'one', page: 'list', html, expect: [{ title_raw: 'A' }] });
  await call(publishRules, { drafts: [id] }, centre.publisher);
}

test('what simple clients load is bare maps, by lower-case name and by key', async () => {
  await publishRulesOf('alpha');
  expect(await build()).toMatchObject({ version: 1, state: 'published', figures: { works: 3 } });
  const aliases = await json('alias-latest.json');
  for (const name of ['iron man', 'ironman', '钢铁侠', 'アイアンマン'])
    expect(aliases[name]).toMatchObject({
      title: 'Iron Man',
      year: 2008,
      type: 'movie',
      tmdb_id: 1726,
      release_key: 'iron-man-2008-movie',
    });
  expect(await json('index-latest.json')).toEqual({
    'iron-man-2008-movie': {
      release_key: 'iron-man-2008-movie',
      sites: [{ site: 'hdsky', score: expect.any(Number) as number, last_seen: expect.stringMatching(/Z$/) as string }],
    },
  });
  const packed = Buffer.from(await (await get('alias-latest.json.gz')).arrayBuffer());
  expect(JSON.parse(gunzipSync(packed).toString())).toEqual(aliases);
  expect(await json('rules.json')).toMatchObject({ version: 1, rules: [{ site: 'alpha' }] });
  expect(await json('top/10000/alias.json')).toEqual(aliases);
  expect(await json('credits.json')).toMatchObject({
    sources: expect.arrayContaining([{ source: 'test · CC0-1.0', names: expect.any(Number) as number }]) as unknown,
  });
});

test('immutable files are kept for a year, others for a minute, and nobody gets twice what he has', async () => {
  const { files } = (await json('manifest.json')) as unknown as { files: { path: string }[] };
  const content = await get(files[0]!.path);
  expect(content.headers.get('cache-control')).toContain('immutable');
  const pointer = await get('pointer.json');
  expect(pointer.headers.get('cache-control')).toMatch(/max-age=60.*stale-if-error/);
  expect((await get('pointer.json', { 'if-none-match': pointer.headers.get('etag')! })).status).toBe(304);
  expect((await pointer.arrayBuffer()).byteLength).toBeLessThan(500);
  for (const odd of ['nothing.json', '../secret', '..%2f..%2fetc', 'o/'])
    expect([404, 422]).toContain((await get(odd)).status);
});

test('of an immutable file a part can be had, by its first bytes, its last, or from where a broken answer ended', async () => {
  const path = 'v/1/alias.json.gz';
  const whole = Buffer.from(await (await get(path)).arrayBuffer());
  const etag = (await get(path)).headers.get('etag')!;
  const part = async (range: string, headers = {}) => {
    const answer = await get(path, { range, ...headers });
    return [answer.status, answer.headers.get('content-range'), Buffer.from(await answer.arrayBuffer())];
  };
  const size = whole.length;
  expect((await get(path)).headers.get('accept-ranges')).toBe('bytes');
  expect(await part('bytes=0-9')).toEqual([206, `bytes 0-9/${size}`, whole.subarray(0, 10)]);
  expect(await part('bytes=20-', { 'if-range': etag })).toEqual([
    206,
    `bytes 20-${size - 1}/${size}`,
    whole.subarray(20),
  ]);
  expect(await part('bytes=-7')).toEqual([206, `bytes ${size - 7}-${size - 1}/${size}`, whole.subarray(-7)]);
  for (const [range, headers] of [
    ['bytes=0-1,4-5', {}],
    ['lines=1-2', {}],
    ['bytes=5-2', {}],
    ['bytes=0-9', { 'if-range': '"other"' }],
  ] as const)
    expect(await part(range, headers)).toEqual([200, null, whole]);
  expect((await part(`bytes=${size}-`)).slice(0, 2)).toEqual([416, `bytes */${size}`]);
  expect((await get(path, { range: 'bytes=0-9', 'if-none-match': etag })).status).toBe(304);
  const young = await get('alias-latest.json', { range: 'bytes=0-9' });
  expect([young.status, young.headers.get('accept-ranges')]).toEqual([200, null]);
  const head = await fetch(url(`/snap/${path}`), { method: 'HEAD', headers: { range: 'bytes=0-9' } });
  expect([head.status, head.headers.get('content-range')]).toEqual([200, null]);
});

test('the host snap. serves the same at its root', async () => {
  const { request } = await import('node:http');
  const status = await new Promise((resolve) => {
    request(url('/pointer.json'), { headers: { host: 'snap.example.org' } }, (answer) =>
      resolve(answer.statusCode),
    ).end();
  });
  expect(status).toBe(200);
});

test('a client that knows the first root syncs all of it, then only what changed, and answers offline', async () => {
  expect(await centre.sync()).toMatchObject({ outcome: 'updated', came: { alias: 'full', titles: 'full' } });
  expect(await build()).toMatchObject({ state: 'unchanged' });
  expect(await centre.sync()).toMatchObject({ outcome: 'unchanged', requests: 1 });
  await call(
    importWorks,
    { source: 'test', works: [{ title: 'Brand New', type: 'movie', year: 2026, source_ref: 'n' }] },
    centre.publisher,
  );
  expect(await build()).toMatchObject({ state: 'published' });
  const report = await centre.sync();
  expect(Object.keys(report.came).sort()).toEqual(['alias', 'recent', 'works']);
  const files = (await openSnapshot(centre.disk, KINDS, new Date()))!;
  const index = openTitleIndex(files.get('titles')!.bytes);
  expect(index.resolve('鋼鐵人').match?.release_key).toBe('iron-man-2008-movie');
  const recent = JSON.parse(new TextDecoder().decode(files.get('recent')!.bytes)) as Record<string, never>;
  index.add(Object.values(recent).filter((row) => row !== null));
  expect(index.resolve('Brand New').match?.release_key).toBe('brand-new-2026-movie');
  const change = await call(contract.findDelta, { kind: 'alias', from: 1 });
  expect((await get(change.path)).status).toBe(200);
  await expect(call(contract.findDelta, { kind: 'alias', from: 900 })).rejects.toMatchObject({
    details: { reason: 'gone' },
  });
});

/** Makes it as if the builds there are had other figures. */
async function builtWith(figures: object): Promise<void> {
  const database = new DataSource(
    connectionOptions('intel', { DATABASE_URL: centre.databaseUrl, DATABASE_POOL_SIZE: 1 }, []),
  );
  await database.initialize();
  await database.query(`update snapshot_builds set figures = (figures::jsonb || $1::jsonb)::json`, [JSON.stringify(figures)]); // prettier-ignore
  await database.destroy();
}

test('what is built from the changes of an hour has the bytes of what is built from everything', async () => {
  await call(mergeWorks, { release_key: 'brand-new-2026-movie', into: 'iron-man-2008-movie' }, centre.publisher);
  // The first build of a day is one from everything, and a day may have begun since the last.
  await builtWith({ whole_at: new Date().toISOString() });
  expect(await build()).toMatchObject({ state: 'published', figures: { from: 'changes' } });
  await builtWith({ whole_at: '2020-01-01T00:00:00.000Z' });
  expect(await build()).toMatchObject({ state: 'unchanged', figures: { from: 'all', written_bytes: 0 } });
});

test('titles made by a program of before are made anew, however little has changed, so that clients of today read them', async () => {
  const titles = async () => {
    const { files } = (await json('manifest.json')) as unknown as { files: { kind: string; version: number }[] };
    return files.find(({ kind }) => kind === 'titles')!.version;
  };
  const before = await titles();
  await builtWith({ make: '2.3.3' });
  expect(await build()).toMatchObject({ state: 'published', figures: { from: 'all' } });
  expect(await titles()).toBeGreaterThan(before);
  expect(await build()).toMatchObject({ state: 'unchanged', figures: { from: 'changes' } });
});

test('a merged key is in the index of sites in its own place', async () => {
  expect(Object.keys(await json('index-latest.json')).sort()).toEqual(['brand-new-2026-movie', 'iron-man-2008-movie']);
});

test('names whose licence forbids it stay at home', async () => {
  const aliases = [
    { name: 'Secret Name', licence: 'CC-BY-NC-4.0' },
    { name: 'Open Name', licence: 'CC-BY-4.0' },
  ];
  await call(
    importWorks,
    { source: 'test', works: [{ title: 'Mixed', type: 'movie', year: 1, source_ref: 'm', aliases }] as never },
    centre.publisher,
  ).catch(() => undefined);
  await call(
    importWorks,
    { source: 'test', works: [{ title: 'Mixed', type: 'movie', year: 1990, source_ref: 'm', aliases }] as never },
    centre.publisher,
  );
  await build();
  const text = await (await get('alias-latest.json')).text();
  expect(text).toContain('Open Name');
  expect(text).not.toContain('Secret Name');
});

test('after keys have changed clients follow; of two builds at once one is done', async () => {
  for (const role of ['manifest', 'pointer', 'rules', 'root'] as const)
    await call(rotateKey, { role }, administrator());
  const outcomes = await Promise.allSettled([build(), build()]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await centre.sync()).toMatchObject({ outcome: 'updated' });
  await expect(call(contract.buildSnapshotNow, {}, { ...centre.publisher, user_id: null })).rejects.toMatchObject({
    code: 'unauthorized',
  });
});

test('only publishers are told of builds, in which stands what went wrong inside', async () => {
  const list = (caller: Caller) => call(contract.listSnapshotBuilds, {}, caller);
  expect((await list(centre.publisher))[0]).toMatchObject({ state: 'published' });
  for (const role of ['user', 'moderator'] as const)
    await expect(list({ user_id: randomUUID(), role, session_id: null })).rejects.toMatchObject({
      code: 'unauthorized',
    });
});

test('rules whose keys were given away stay out of snapshots until these have signed them, and clients keep what they have', async () => {
  const { root, keys } = await call(getTrustKeys, {});
  const current = root.signed;
  const anna = await generateKey();
  const known = keys.filter(({ id }) => Object.values(current.roles).some((role) => role.keys.includes(id)));
  const next = nextRoot(current, { ...current.roles, rules: { keys: [anna.id], threshold: 1 } }, [...known, anna]);
  await call(publishRoot, (await sign(next, [anna])) as never, administrator());
  const before = (await json('pointer.json')).signed as unknown as Pointer;
  await expect(build()).rejects.toMatchObject({
    code: 'conflict',
    message: /not signed by the keys that root \d+ names/,
  });
  // However long the keepers need, the pointer to what clients have does not run out.
  const after = (await json('pointer.json')).signed as unknown as Pointer;
  expect(after).toMatchObject({ manifest: before.manifest, root: before.root + 1 });
  expect(Date.parse(after.expires)).toBeGreaterThan(Date.parse(before.expires));
  expect(await centre.sync()).toMatchObject({ outcome: 'unchanged' });
  const [newest] = await call(listRulePackages, {});
  const { version, checksum } = newest!;
  const { body } = await call(getRulePackage, { version });
  const statement = rulesStatement({ version, sha256: checksum, bytes: Buffer.byteLength(body) });
  const { signatures } = await sign(statement, [anna]);
  await call(signRules, { version, signatures }, centre.publisher);
  expect(await build()).toMatchObject({ state: 'published' });
  expect(await centre.sync()).toMatchObject({ outcome: 'updated' });
});

test('after snapshots that failed the next is tried later each time, but no later than one is due anyway', async () => {
  const database = new DataSource(connectionOptions('intel', { DATABASE_URL: centre.databaseUrl, DATABASE_POOL_SIZE: 1 }, [])); // prettier-ignore
  await database.initialize();
  const dueAfter = async (times: number, minutesAgo: number) => {
    const runner = database.createQueryRunner();
    await runner.startTransaction();
    await runner.query(`update snapshot_builds set state = 'unchanged', finished_at = now() - interval '1 day'`);
    await runner.query(
      `insert into snapshot_builds (version, state, finished_at)
       select 1000 + n, 'failed', now() - make_interval(secs => $2) from generate_series(1, $1::int) n`,
      [times, minutesAgo * 60],
    );
    const due = await isBuildDue(runner.manager, 60);
    await runner.rollbackTransaction();
    await runner.release();
    return due;
  };
  expect(await dueAfter(0, 0)).toBe(true);
  const found = [];
  for (const [times, ago] of [[1, 0.5], [1, 1.5], [3, 3], [3, 5], [50, 59], [50, 61]] as const) found.push(await dueAfter(times, ago)); // prettier-ignore
  expect(found).toEqual([false, true, false, true, false, true]);
  await database.destroy();
});

test('a build whose process ended is told as failed by the next one', async () => {
  const database = await new DataSource(connectionOptions('intel', { DATABASE_URL: centre.databaseUrl, DATABASE_POOL_SIZE: 1 }, [])).initialize(); // prettier-ignore
  await database.query(
    `insert into snapshot_builds (version, state) select max(version) + 1, 'running' from snapshot_builds`,
  );
  await build();
  const [, before] = await call(contract.listSnapshotBuilds, { limit: 2 }, centre.publisher);
  expect(before).toMatchObject({ state: 'failed', error: expect.stringContaining('ended') });
  await database.destroy();
});

test('a snapshot that no client would take is not published, with a reason, and the last one stays the newest', async () => {
  const database = await new DataSource(connectionOptions('intel', { DATABASE_URL: centre.databaseUrl, DATABASE_POOL_SIZE: 1 }, [])).initialize(); // prettier-ignore
  const setBytes = (kind: string, key: string, bytes: number) =>
    database.query(
      `update intel.snapshot_builds b set manifest = (select jsonb_set(b.manifest::jsonb, array['files', (n - 1)::text, $2], to_jsonb($3::bigint))::json
         from json_array_elements(b.manifest->'files') with ordinality as f(file, n) where file->>'kind' = $1)
       where version = (select max(version) from intel.snapshot_builds where state = 'published')`,
      [kind, key, bytes],
    );
  const signed = async () => (await json('pointer.json')).signed as unknown as Pointer;
  const failures = async () =>
    Number(/snapshot_builds_total\{outcome="failed".*\} (\d+)/.exec((await renderMetrics()).body)?.[1] ?? 0);
  const [before, failed] = [await signed(), await failures()];
  const titles = ((await json('manifest.json')) as unknown as { files: SnapshotFile[] }).files.find(
    ({ kind }) => kind === 'titles',
  )!;
  const works = [{ title: 'Long', type: 'movie', release_key: 'long-2001-movie', year: 2001, source_ref: 'long' }];
  await call(importWorks, { source: 'test', works: works as never }, centre.publisher);
  for (const [key, most] of [
    ['bytes', 1024 ** 3],
    ['gz_bytes', 512 * 1024 ** 2],
  ] as const) {
    await setBytes('titles', key, most + 1);
    await expect(build()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(`titles has ${most + 1} bytes`),
      details: { reason: 'too_long', most },
    });
    await setBytes('titles', key, titles[key]);
  }
  expect((await call(contract.listSnapshotBuilds, { limit: 1 }, centre.publisher))[0]).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('no client takes more'),
  });
  const after = await signed();
  expect(after.manifest).toEqual(before.manifest);
  expect(after.version).toBeGreaterThan(before.version);
  expect(await failures()).toBe(failed + 2);
  await database.destroy();
});

test('a snapshot is due at once where another root was published than the last one was made by', async () => {
  const database = new DataSource(connectionOptions('intel', { DATABASE_URL: centre.databaseUrl, DATABASE_POOL_SIZE: 1 }, [])); // prettier-ignore
  await database.initialize();
  const runner = database.createQueryRunner();
  await runner.startTransaction();
  await runner.query(
    `insert into snapshot_builds (version, state, finished_at, figures)
     select 1000, 'unchanged', now(), json_build_object('root', max(version)) from roots`,
  );
  expect(await isBuildDue(runner.manager, 60)).toBe(false);
  await runner.query('insert into roots (version, body) select max(version) + 1, min(body::text)::json from roots');
  expect(await isBuildDue(runner.manager, 60)).toBe(true);
  await runner.rollbackTransaction();
  await runner.release();
  await database.destroy();
});
