import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';

const root = mkdtempSync(join(tmpdir(), 'embedded-postgres-'));
chmodSync(root, 0o755);
const directory = join(root, 'data');
const started: EmbeddedPostgres[] = [];

async function start(
  more: { directory?: string; database?: string; durable?: boolean } = {},
): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ directory, ...more });
  started.push(server);
  return server;
}

afterEach(async () => {
  for (const server of started.splice(0).reverse()) await server.stop();
});
afterAll(() => {
  if (mounted) spawnSync('umount', [small]);
  rmSync(root, { recursive: true, force: true });
});

test('a first start is ready on loopback, with a password and the disk waited for', async () => {
  const server = await start();
  expect(server).toMatchObject({ fresh: true, adopted: false });
  expect(server.url).toMatch(/^postgres:\/\/evidverse:\w{48}@127\.0\.0\.1:\d+\/evidverse$/);
  expect(await settings(server.url)).toEqual({
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '64MB',
    fsync: 'on',
  });
});

test('what was written is there after a restart', async () => {
  const first = await start();
  await query(first.url, 'create table films as select 7 as id');
  await first.stop();
  await first.stop();
  await expect(query(first.url, 'select 1')).rejects.toThrow();
  const second = await start();
  expect(second).toMatchObject({ fresh: false, adopted: false });
  expect(await query(second.url, 'select id from films')).toEqual([{ id: 7 }]);
});

test('a wrong password is refused', async () => {
  const { url } = await start();
  const wrong = new URL(url);
  wrong.password = 'guess';
  await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  wrong.password = '';
  await expect(query(wrong.href, 'select 1')).rejects.toThrow();
});

test('the password can be read by nobody else', () => {
  expect(statSync(join(directory, 'postgres')).mode & 0o777).toBe(0o700);
  expect(statSync(join(directory, 'postgres', 'evidverse.password')).mode & 0o777).toBe(0o600);
});

test('a server that was killed starts again with its rows, at once', async () => {
  const first = await start();
  await query(first.url, 'create table kept as select 1 as n');
  await query(first.url, 'insert into kept values (2)');
  process.kill(processOf(directory), 'SIGKILL');
  const second = await start();
  expect(second).toMatchObject({ fresh: false, adopted: false });
  expect(await query(second.url, 'select n from kept order by n')).toEqual([{ n: 1 }, { n: 2 }]);
});

test('a server whose owner was killed is adopted, and stopped by its new owner', async () => {
  const first = await start();
  const orphan = processOf(directory);
  await loseOwner(first.url);
  const second = await start();
  expect(second).toMatchObject({ url: first.url, fresh: false, adopted: true });
  expect(processOf(directory)).toBe(orphan);
  await second.stop();
  await expect(query(first.url, 'select 1')).rejects.toThrow();
});

test('an orphan with other settings is replaced, not adopted', async () => {
  const first = await start({ durable: false });
  await loseOwner(first.url);
  const second = await start({ durable: true });
  expect(second.adopted).toBe(false);
  expect(await settings(second.url)).toMatchObject({ fsync: 'on' });
});

test('a database in use is not taken over', async () => {
  const first = await start();
  await expect(start()).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(new RegExp(`is used by process ${process.pid}. Stop that one first`)),
  });
  expect(await query(first.url, 'select 1 as alive')).toEqual([{ alive: 1 }]);
});

test('of two starts at the same moment one gets the server and the other is told so', async () => {
  const place = join(root, 'twice');
  const results = await Promise.allSettled([start({ directory: place }), start({ directory: place })]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'unavailable' } });
  expect(readdirSync(place)).toEqual(['postgres']);
});

test('a pid file that names another process is not believed', async () => {
  await (await start()).stop();
  const pidFile = join(directory, 'postgres', 'postmaster.pid');
  writeFileSync(pidFile, `${process.pid}\n${directory}/postgres\n1\n1\n\n127.0.0.1\n  1 1\nready   \n`);
  const server = await start();
  expect(server.adopted).toBe(false);
  expect(processOf(directory)).not.toBe(process.pid);
});

test('several databases fit in one server, and an odd name is only a name', async () => {
  const server = await start({ database: 'it\'s "odd" name, here' });
  expect(await query(server.url, 'select current_database() as name')).toEqual([{ name: 'it\'s "odd" name, here' }]);
});

test('letters outside ASCII have upper and lower case', async () => {
  const { url } = await start();
  expect(await query(url, `select lower('ÄÉЖ') as low`)).toEqual([{ low: 'äéж' }]);
});

test('data of another major version is refused with what to do', async () => {
  const place = join(root, 'old');
  await (await start({ directory: place })).stop();
  writeFileSync(join(place, 'postgres', 'PG_VERSION'), '15\n');
  await expect(start({ directory: place })).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(/written by PostgreSQL 15, and this is PostgreSQL 18/),
  });
});

test('a folder with something else in it is left alone', async () => {
  const place = join(root, 'strange');
  mkdirSync(join(place, 'postgres'), { recursive: true });
  writeFileSync(join(place, 'postgres', 'letter.txt'), 'dear');
  await expect(start({ directory: place })).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(/is not empty/),
  });
  expect(readdirSync(join(place, 'postgres'))).toEqual(['letter.txt']);
});

test('a lost password file is a complaint that names it', async () => {
  const place = join(root, 'lost');
  await (await start({ directory: place })).stop();
  rmSync(join(place, 'postgres', 'evidverse.password'));
  await expect(start({ directory: place })).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(/evidverse\.password/),
  });
});

test('a file where the directory should be is a complaint', async () => {
  const place = join(root, 'file');
  writeFileSync(place, '');
  await expect(start({ directory: place })).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(/is not a directory/),
  });
});

const onlyAsRoot = process.getuid?.() === 0 ? test : test.skip;

onlyAsRoot('as root, a directory that the server cannot reach is named with the cure', async () => {
  const closed = join(root, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  await expect(start({ directory: join(closed, 'data') })).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining(`chmod o+x ${closed}`),
  });
});

const small = join(root, 'small');
mkdirSync(small);
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=10m,mode=777', 'tmpfs', small]).status === 0;

(mounted ? test : test.skip)('a full disk is named, and nothing is left on it', async () => {
  await expect(start({ directory: small })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/is full/),
  });
  expect(readdirSync(small)).toEqual([]);
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function settings(url: string): Promise<Record<string, string>> {
  const names = ['listen_addresses', 'unix_socket_directories', 'max_connections', 'shared_buffers', 'fsync'];
  const rows = await query(
    url,
    `select name, current_setting(name) as setting from unnest('{${names.join()}}'::text[]) as name`,
  );
  return Object.fromEntries((rows as { name: string; setting: string }[]).map(({ name, setting }) => [name, setting]));
}

function processOf(place: string): number {
  return Number.parseInt(readFileSync(join(place, 'postgres', 'postmaster.pid'), 'utf8'));
}

/** What the server sees when the process that owns it is killed: its connection is gone. */
async function loseOwner(url: string): Promise<void> {
  await query(url, `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'`);
  while ((await query(url, `select from pg_locks where locktype = 'advisory'`)).length > 0) await sleep(10);
}
