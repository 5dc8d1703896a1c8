import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '#libs/database/free-port';
import { eventually, serviceProcess, type ServiceProcess } from '#libs/testing/child-process';
import { testDatabase } from '#libs/testing/database';
import { film } from '#libs/testing/seeds/film';
import { runPlatform, type RunningPlatform } from './running-platform.js';
import { found, picture, upload, Visitor } from './visitor.js';

/**
 * A desk whose process is killed (SIGKILL) while it clones from a cloud and pushes to it. Between them stands a way that
 * sees each question, and kills the desk when the cloud has answered a certain one, before the desk hears of it.
 */
let cloud: RunningPlatform;
let way: { url: string; killAt: RegExp[]; close(): void };
let desk: { url: string; process: ServiceProcess };
let database: Awaited<ReturnType<typeof testDatabase>>;
const folder = mkdtempSync(join(tmpdir(), 'desk-'));

beforeAll(async () => {
  cloud = await runPlatform();
  way = await openWay();
  database = await testDatabase();
  desk = await startDesk(await freePort());
});
afterAll(async () => {
  desk?.process.signal('SIGKILL');
  await desk?.process.ended;
  way?.close();
  await cloud?.close();
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function startDesk(port: number) {
  const url = `http://127.0.0.1:${port}`;
  const process = serviceProcess('local/main', {
    ...{ APP_MODE: 'local', LOG_FORMAT: 'json', DATABASE_URL: database.url, SECRET_KEY: 'a key for tests only' },
    ...{ DATA_DIR: folder, PORT: String(port), PUBLIC_URL: url, CLOUD_API_URL: way.url },
  });
  await eventually(async () => (await fetch(`${url}/readyz`)).ok);
  return { url, process };
}

/** The next life of the desk, a minute later: what the dead one had claimed is free again. */
async function liveAgain(): Promise<void> {
  expect(await desk.process.ended).toBe('SIGKILL');
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`update projects.syncs set claimed_until = now() where status = 'queued'`);
  await client.end();
  desk = await startDesk(Number(new URL(desk.url).port));
}

async function openWay(): Promise<typeof way> {
  const killAt: RegExp[] = [];
  const pass = async (question: IncomingMessage, answer: ServerResponse) => {
    const body: Buffer[] = [];
    for await (const chunk of question) body.push(chunk as Buffer);
    const { host: _host, connection: _connection, ...headers } = question.headers as Record<string, string>;
    const method = question.method!;
    const isWithBody = method !== 'GET' && method !== 'HEAD';
    const {
      status,
      headers: told,
      ...rest
    } = await answered(`${cloud.url}${question.url}`, {
      ...{ method, headers, redirect: 'manual' as const },
      ...(isWithBody && { body: new Uint8Array(Buffer.concat(body)) }),
    });
    if (killAt[0]?.test(`${method} ${question.url}`)) {
      killAt.shift();
      desk.process.signal('SIGKILL');
      question.socket.destroy();
      return;
    }
    answer.writeHead(status, told).end(rest.body);
  };
  const server = createServer((question, answer) => void pass(question, answer).catch(() => answer.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, killAt, close: () => (server.closeAllConnections(), server.close()) };
}

async function answered(url: string, wish: RequestInit) {
  const answer = await fetch(url, wish);
  const told = [...answer.headers].filter(
    ([name]) => !/^(content-encoding|content-length|transfer-encoding|connection)$/.test(name),
  );
  return { status: answer.status, headers: Object.fromEntries(told), body: Buffer.from(await answer.arrayBuffer()) };
}

/** Begins a sync that the desk does not survive at each of the places, and gives what it came to in the end. */
async function through(who: { here: Visitor }, wish: object, places: RegExp[]) {
  way.killAt.push(...places);
  const { status, body } = await who.here.ask('POST', '/cloud/syncs', wish);
  expect([200, 201, 202]).toContain(status);
  for (const _life of places) await liveAgain();
  return eventually(async () => {
    const sync = await who.here.ok('GET', `/cloud/syncs/${body.id}`);
    return sync.status !== 'queued' && sync;
  });
}

test('a clone and a push go on after every death of the process, end whole, and have happened once', async () => {
  const there = await Visitor.register(cloud, 'ada');
  const here = await Visitor.register(desk, 'ada');
  await here.ok('PUT', '/cloud', { token: there.token });
  const film_id: string = (await there.ok('POST', '/projects', { name: 'Beach' })).id;
  const red = await upload(there, film_id, Buffer.concat([picture('red'), Buffer.alloc(3 * 2 ** 20, 7)]));
  for (let beach = 1; beach <= 3; beach++) await there.commit(film_id, { ...film({ beach }), pictures: [red.url] });

  const clone = { kind: 'clone', cloud_project_id: film_id };
  const cloned = await through({ here }, clone, [/GET .*\/bundles\//, /media\/wanted$/]);
  expect(cloned).toMatchObject({ status: 'done', error: null, report: { commits: 3, media: 1, missing_media: [] } });
  const desk_id: string = cloned.report.remote.project_id;
  expect(await here.ok('GET', '/projects')).toHaveLength(1);
  const [cloudHead, deskHead] = [await there.head(film_id), await here.head(desk_id)];
  expect([deskHead.commit_id, deskHead.video_assets]).toEqual([cloudHead.commit_id, cloudHead.video_assets]);
  expect((await found(desk, red.url))?.length).toBe(red.size);
  expect((await here.ok('GET', `/media/assets?project_id=${desk_id}`)).items).toMatchObject([{ sha256: red.sha256 }]);

  const home: string = (await here.ok('POST', '/projects', { name: 'Made at home' })).id;
  const blue = await upload(here, home, picture('blue'));
  const mine = await here.commit(home, { ...film({ beach: 9 }), pictures: [blue.url] });
  const pushing = [/POST .*\/media\/uploads$/, /POST .*\/finish$/];
  const pushed = await through({ here }, { kind: 'push', project_id: home }, pushing);
  expect(pushed).toMatchObject({ status: 'done', error: null });
  const cloud_id: string = pushed.report.remote.cloud_project_id;
  const names = (await there.ok('GET', '/projects')).map(({ name }: { name: string }) => name);
  expect(names.sort()).toEqual(['Beach', 'Made at home']);
  expect((await there.head(cloud_id)).commit_id).toBe(mine.id);
  expect((await found(cloud, blue.url))?.equals(picture('blue'))).toBe(true);
  expect((await there.ok('GET', `/media/assets?project_id=${cloud_id}`)).items).toMatchObject([
    { sha256: blue.sha256 },
  ]);
});

test('a pull goes on after every death of the process, ends whole, and moves no branch but forward', async () => {
  const there = await Visitor.register(cloud, 'bea');
  const here = await Visitor.register(desk, 'bea');
  await here.ok('PUT', '/cloud', { token: there.token });
  const film_id: string = (await there.ok('POST', '/projects', { name: 'Forest' })).id;
  await there.commit(film_id, film({ beach: 1 }));
  const first = await there.head(film_id);
  await there.ok('POST', '/branches', { project_id: film_id, name: 'side', from_commit_hash: first.commit_id });
  const clone = { kind: 'clone', cloud_project_id: film_id };
  const desk_id: string = (await through({ here }, clone, [])).report.remote.project_id;

  const green = await upload(there, film_id, Buffer.concat([picture('green'), Buffer.alloc(2 ** 20, 3)]));
  const onSide = await there.commit(film_id, { ...film({ beach: 1 }), pictures: [green.url] }, 'side');
  const onMain = await there.commit(film_id, film({ beach: 2 }));
  const mine = await here.commit(desk_id, film({ beach: 3 }));
  const pull = { kind: 'pull', project_id: desk_id };
  const places = [/POST .*\/bundles$/, /GET .*\/bundles\//, /media\/wanted$/];
  const pulled = await through({ here }, pull, places);
  expect(pulled).toMatchObject({ status: 'done', error: null, report: { commits: 2, media: 1, missing_media: [] } });
  const outcomes = pulled.report.branches.map(({ branch_name, outcome, kept_as }: Record<string, unknown>) => [
    branch_name,
    outcome,
    kept_as,
  ]);
  expect(outcomes.sort()).toEqual([
    ['main', 'diverged', 'cloud/main'],
    ['side', 'moved', null],
  ]);
  const headOf = async (name: string) => (await here.head(desk_id, name)).commit_id as string;
  expect([await headOf('main'), await headOf('side'), await headOf('cloud/main')]).toEqual([
    mine.id,
    onSide.id,
    onMain.id,
  ]);
  expect((await found(desk, green.url))?.length).toBe(green.size);
  const moves = (await here.ok('GET', `/projects/${desk_id}/reflog?branch_name=side`)).items;
  expect(moves.map(({ move }: { move: string }) => move)).toEqual(['imported', 'created']);

  const again = await through({ here }, pull, [/GET .*\/bundles\//]);
  expect(again).toMatchObject({ status: 'done', report: { commits: 0, media: 0 } });
  expect([await headOf('main'), await headOf('cloud/main')]).toEqual([mine.id, onMain.id]);
  expect((await here.ok('GET', `/projects/${desk_id}/branches`)).length).toBe(3);
});
