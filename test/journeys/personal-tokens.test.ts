import pg from 'pg';
import { eventually } from '#libs/testing/child-process';
import { runPlatform, type RunningPlatform } from './running-platform.js';
import { Visitor, type Json } from './visitor.js';

let platform: RunningPlatform;
let ada: Visitor;
beforeAll(async () => {
  platform = await runPlatform({ ADMIN_EMAIL: 'root@example.org', ADMIN_PASSWORD: 'secret words' });
  ada = await Visitor.register(platform, 'ada');
});
afterAll(() => platform.close());

const made = async (who: Visitor, wish: object): Promise<Json> => {
  const { status, body } = await who.ask('POST', '/users/me/tokens', { current_password: 'secret words', ...wish });
  expect([status, body]).toMatchObject([201, { token: expect.stringMatching(/^evp_/) as string }]);
  return body;
};
const program = ({ token }: Json) => new Visitor(platform, token);
const statusOf = async (who: Visitor, method: string, path: string, body?: unknown) =>
  (await who.ask(method, path, body)).status;

async function inDatabase(statement: string, values: unknown[]): Promise<void> {
  const client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
  await client.query(statement, values);
  await client.end();
}

test('a program reads, writes or administers as far as its token goes, and is told what it would need', async () => {
  const film: Json = await ada.ok('POST', '/projects', { name: 'Film' });
  const [reader, writer, keeper] = await Promise.all(
    ['read', 'write', 'admin'].map(async (scope) => program(await made(ada, { name: `for ${scope}`, scope }))),
  );
  expect(await reader!.ok('GET', '/users/me')).toMatchObject({ id: ada.id });
  expect(await reader!.ok('GET', `/projects/${film.id}`)).toMatchObject({ name: 'Film' });
  expect(await reader!.ask('POST', '/projects', { name: 'Another' })).toMatchObject({
    status: 403,
    body: { code: 'unauthorized', details: { reason: 'scope', scope: 'read', needed: 'write' } },
  });
  await writer!.commit(film.id, { beat: 1 });
  const invitation = { email: 'bob@example.org', role: 'viewer' };
  const invite = (who: Visitor) => statusOf(who, 'POST', `/projects/${film.id}/invitations`, invitation);
  expect([await invite(reader!), await invite(writer!)]).toEqual([403, 403]);
  expect(await invite(keeper!)).toBeLessThan(300);
  for (const who of [reader!, writer!]) {
    expect(await statusOf(who, 'GET', '/users/me/tokens')).toBe(403);
    expect(await statusOf(who, 'DELETE', `/projects/${film.id}`, {})).toBe(403);
  }
  expect(await keeper!.ask('POST', '/users/me/tokens', { name: 'more' })).toMatchObject({
    status: 403,
    body: { detail: 'A token makes no tokens. Sign in with your password.' },
  });
  const listed: Json[] = await keeper!.ok('GET', '/users/me/tokens');
  expect(listed.map(({ name, scope }) => [name, scope]).sort()).toEqual([
    ['for admin', 'admin'],
    ['for read', 'read'],
    ['for write', 'write'],
  ]);
  expect(listed.every(({ last_used_at, token }) => last_used_at !== null && token === undefined)).toBe(true);
});

test('the power over the platform goes with a token only where it is for that', async () => {
  const body = new URLSearchParams({ username: 'root@example.org', password: 'secret words' });
  const answer = await fetch(`${platform.url}/api/v1/auth/login`, { method: 'POST', body });
  const root = new Visitor(platform, ((await answer.json()) as { access_token: string }).access_token);
  const [writer, keeper] = [
    program(await made(root, { name: 'w', scope: 'write' })),
    program(await made(root, { name: 'a', scope: 'admin' })),
  ];
  const email = async (who: Visitor) => ((await who.ok('GET', `/users/${ada.id}`)) as { email: string }).email;
  expect([(await email(writer)) === 'ada@example.org', await email(keeper)]).toEqual([false, 'ada@example.org']);
  expect(await statusOf(writer, 'PATCH', `/admin/users/${ada.id}`, { role: 'moderator' })).toBe(403);
});

test('one that administers is made by whoever knows the password, and none by a session that is just being ended', async () => {
  const asked = (wish: object) => ada.ask('POST', '/users/me/tokens', { name: 'x', ...wish });
  const refusal = { status: 400, body: { detail: expect.stringMatching(/current_password/) as string } };
  expect(await asked({ scope: 'admin' })).toMatchObject(refusal);
  expect(await asked({ scope: 'admin', current_password: 'other words' })).toMatchObject(refusal);
  const cid = await Visitor.register(platform, 'cid');
  const client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
  await client.query('set idle_in_transaction_session_timeout = 0');
  await client.query('begin');
  await client.query('update projects.users set full_name = full_name where id = $1', [cid.id]);
  await client.query('update projects.sessions set ended_at = now() where user_id = $1', [cid.id]);
  const late = cid.ask('POST', '/users/me/tokens', { name: 'late' });
  await eventually(async () => {
    // A transaction sees the activity of others as it first looked at it, unless it asks to look again.
    await client.query('select pg_stat_clear_snapshot()');
    const waiting = `wait_event_type = 'Lock' and query ~ 'from users' and datname = current_database()`;
    return (await client.query(`select from pg_stat_activity where ${waiting}`)).rows.length > 0;
  });
  await client.query('commit');
  await client.end();
  expect((await late).status).toBe(403);
});

test('a token that is revoked, past its time, or changed by a letter lets nobody in', async () => {
  const { id, token } = await made(ada, { name: 'short', expires_in_days: 1 });
  const short = new Visitor(platform, token);
  await short.ok('GET', '/users/me');
  const forged = new Visitor(platform, `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`);
  expect(await statusOf(forged, 'GET', '/users/me')).toBe(401);
  expect(await statusOf(await Visitor.register(platform, 'eve'), 'DELETE', `/users/me/tokens/${id}`)).toBe(404);
  await ada.ok('DELETE', `/users/me/tokens/${id}`);
  expect(await statusOf(short, 'GET', '/users/me')).toBe(401);
  expect(await statusOf(ada, 'DELETE', `/users/me/tokens/${id}`)).toBe(404);
  const late = await made(ada, { name: 'late' });
  await inDatabase(`update projects.personal_tokens set expires_at = now() where session_id = $1`, [late.id]);
  expect(await statusOf(program(late), 'GET', '/users/me')).toBe(401);
  expect(await statusOf(ada, 'POST', '/users/me/tokens', { name: 'x', expires_in_days: 400 })).toBe(422);
});

test('a token that ends itself is in the log of the account', async () => {
  const eve = await Visitor.register(platform, 'eve');
  const { id, token } = await made(eve, { name: 'once' });
  await new Visitor(platform, token).ok('POST', '/auth/logout');
  await eve.ok('POST', '/auth/logout');
  const again = await Visitor.register(platform, 'eve');
  const { items } = (await again.ok('GET', '/users/me/audit')) as Json;
  expect(items).toMatchObject([
    { action: 'projects.tokenRevoked', subject: { token_id: id, name: 'once' } },
    { action: 'projects.tokenCreated' },
  ]);
});

test('a token that writes changes a project, and neither shows nor hides it', async () => {
  const fay = await Visitor.register(platform, 'fay');
  const { id } = (await fay.ok('POST', '/projects', { name: 'Storm' })) as Json;
  const writer = new Visitor(platform, (await made(fay, { name: 'w', scope: 'write' })).token);
  await writer.ok('PUT', `/projects/${id}`, { description: 'Wet.' });
  expect(await statusOf(writer, 'PUT', `/projects/${id}`, { is_public: true })).toBe(403);
  expect(await fay.ok('GET', `/projects/${id}`)).toMatchObject({ description: 'Wet.', is_public: false });
});

test('programs go on when a person signs out everywhere, and not when the password is changed; the log of the account tells', async () => {
  const bob = await Visitor.register(platform, 'bob');
  const { id, token } = await made(bob, { name: 'nightly backup', scope: 'read' });
  const backup = new Visitor(platform, token);
  expect(await bob.ok('POST', '/auth/logout-all')).toEqual({ ok: true, tokens_going_on: 1 });
  await backup.ok('GET', '/projects');
  const again = await Visitor.register(platform, 'bob');
  const change = { current_password: 'secret words', new_password: 'other words' };
  expect(await statusOf(backup, 'PUT', '/users/me/password', change)).toBe(403);
  await again.ok('PUT', '/users/me/password', change);
  expect(await eventually(async () => (await statusOf(backup, 'GET', '/projects')) === 401)).toBe(true);
  const body = new URLSearchParams({ username: 'bob@example.org', password: 'other words' });
  const answer = await fetch(`${platform.url}/api/v1/auth/login`, { method: 'POST', body });
  const now = new Visitor(platform, ((await answer.json()) as { access_token: string }).access_token);
  expect(await now.ok('GET', '/users/me/tokens')).toEqual([]);
  const { items } = (await now.ok('GET', '/users/me/audit')) as Json;
  expect(items).toMatchObject([
    { action: 'projects.passwordChanged', actor_name: 'bob' },
    { action: 'projects.tokenCreated', subject: { token_id: id, name: 'nightly backup', scope: 'read' } },
  ]);
});
