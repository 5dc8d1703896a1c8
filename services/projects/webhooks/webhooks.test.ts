import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DataSource } from 'typeorm';
import * as contract from '#libs/contracts/projects';
import * as history from '#libs/contracts/projects-history';
import * as members from '#libs/contracts/projects-members';
import * as webhooks from '#libs/contracts/projects-webhooks';
import { connectionOptions } from '#libs/database/connection-options';
import { AppError } from '#libs/errors/app-error';
import { createLog } from '#libs/observability/logger';
import { readAllowList } from '#libs/outbound/allow-list';
import { Outbound } from '#libs/outbound/outbound';
import { openKeyring } from '#libs/sealing/sealing-config';
import { eventually } from '#libs/testing/child-process';
import { runServices, type RunningServices } from '#libs/testing/running';
import { person } from '#libs/testing/seeds/people';
import { projects } from '../service.js';
import { WebhookSender } from './webhook-sender.js';

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}
type Person = Awaited<ReturnType<typeof person>>;

let running: RunningServices;
let database: DataSource;
let ada: Person;
let bob: Person;
const receivers: { close(): void }[] = [];
beforeAll(async () => {
  running = await runServices([projects], { OUTBOUND_ALLOWED_HOSTS: '127.0.0.1' });
  const settings = { DATABASE_URL: running.databaseUrl, DATABASE_POOL_SIZE: 4 };
  database = await new DataSource(connectionOptions('projects', settings, [])).initialize();
  [ada, bob] = (await Promise.all(['Ada', 'Bob'].map((name) => person(running.broker, name)))) as [Person, Person];
});
afterAll(async () => {
  await database.destroy();
  await running.close();
  for (const receiver of receivers) receiver.close();
});

const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => AppError.from(error).code,
  );
const newProject = async () => (await call(contract.createProject, { name: 'Film' }, ada)).id;
const commit = (project_id: string, n = 1) =>
  call(contract.createCommit, { project_id, message: `take ${n}`, video_assets: { n } }, ada);
const log = async (project_id: string, webhook_id: string) =>
  (await call(webhooks.listWebhookDeliveries, { project_id, webhook_id }, ada)).items;
const makeDue = (webhook_id: string) =>
  database.query(`update webhook_deliveries set next_attempt_at = now() where webhook_id = $1 and status = 'waiting'`, [
    webhook_id,
  ]);

/** Somebody's server that keeps what it gets, and answers as told. */
async function receiver(answer: (response: ServerResponse) => void = (response) => response.end('thanks')) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receivers.push({ close: () => void (server.closeAllConnections(), server.close()) });
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=1` };
}

test('every event that can be sent is described to those who receive it', () => {
  const page = readFileSync('docs/webhooks.md', 'utf8');
  expect(webhooks.WEBHOOK_EVENTS.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('a release is told when it is published, and when what it tells is changed', async () => {
  const project_id = await newProject();
  await commit(project_id);
  const hook = await call(
    webhooks.createWebhook,
    { project_id, url: 'http://127.0.0.1:1/', events: ['projects.releaseWritten'] },
    ada,
  );
  const release = { title: 'First', notes: 'with rain', is_prerelease: false };
  await call(history.createTag, { project_id, name: 'v1', ref: 'main', release }, ada);
  await call(history.writeRelease, { project_id, tag_name: 'v1', ...release, title: 'The first' }, ada);
  const rows = await database.query<{ body: string }[]>(
    'select body from webhook_deliveries where webhook_id = $1 order by seq',
    [hook.id],
  );
  expect(rows.map(({ body }) => (JSON.parse(body) as { data: object }).data)).toMatchObject([
    { tag_name: 'v1', title: 'First', is_new: true },
    { tag_name: 'v1', title: 'The first', is_new: false },
  ]);
});

test('what happens is sent, signed with the secret that was shown once', async () => {
  const project_id = await newProject();
  const { received, url } = await receiver();
  const { secret, ...hook } = await call(
    webhooks.createWebhook,
    { project_id, url, events: ['projects.committed', 'projects.tagCreated'] },
    ada,
  );
  const { id: commit_id } = await commit(project_id);
  await eventually(async () => received.length === 1);
  const [{ headers, body }] = received as [Received];
  expect(JSON.parse(body)).toMatchObject({
    event: 'projects.committed',
    project_id,
    data: { commit_id, branch_name: 'main', actor_id: ada.user_id, message: 'take 1' },
  });
  const timestamp = headers['x-evidverse-timestamp'] as string;
  expect(Math.abs(Date.now() / 1000 - Number(timestamp))).toBeLessThan(60);
  const expected = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
  expect(headers['x-evidverse-signature']).toBe(`v1=${expected}`);
  expect(headers['content-type']).toBe('application/json');
  await eventually(async () => (await log(project_id, hook.id))[0]?.status === 'succeeded');
  const [delivery] = await log(project_id, hook.id);
  expect(delivery).toMatchObject({ id: headers['x-evidverse-delivery'], attempts: 1, response_status: 200 });
  const shown = JSON.stringify([
    await call(webhooks.listWebhooks, { project_id }, ada),
    await database.query('select * from webhooks'),
    await database.query('select * from audit_entries'),
  ]);
  expect(shown).not.toContain(secret);
  const audited = (await call(members.listProjectAudit, { project_id }, ada)).items;
  expect(JSON.stringify(audited)).not.toContain('key=1');
  expect(audited.map(({ action }) => action)).toContain('projects.webhookCreated');
});

test('what fails is tried again later with the same body, until it arrives; and can be sent once more by hand', async () => {
  const project_id = await newProject();
  let broken = true;
  const { received, url } = await receiver((response) => response.writeHead(broken ? 500 : 204).end());
  const { id: webhook_id } = await call(webhooks.createWebhook, { project_id, url }, ada);
  await call(webhooks.pingWebhook, { project_id, webhook_id }, ada);
  await eventually(async () => (await log(project_id, webhook_id))[0]?.response_status === 500);
  const [waiting] = await log(project_id, webhook_id);
  expect(waiting).toMatchObject({ status: 'waiting', attempts: 1, event: 'projects.ping' });
  expect(Date.parse(waiting!.next_attempt_at!)).toBeGreaterThan(Date.now() + 2000);
  expect((await call(webhooks.listWebhooks, { project_id }, ada))[0]!.failing_since).not.toBeNull();
  broken = false;
  await makeDue(webhook_id);
  await eventually(async () => (await log(project_id, webhook_id))[0]?.status === 'succeeded');
  expect((await call(webhooks.listWebhooks, { project_id }, ada))[0]!.failing_since).toBeNull();
  const again = await call(webhooks.redeliverWebhook, { project_id, webhook_id, delivery_id: waiting!.id }, ada);
  expect(again.redelivery_of).toBe(waiting!.id);
  await eventually(async () => received.length === 3);
  expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  const details = await call(webhooks.getWebhookDelivery, { project_id, webhook_id, delivery_id: again.id }, ada);
  expect(details.body).toEqual(JSON.parse(received[0]!.body));
});

test('a webhook that nothing has reached for days is paused, says so, and can be resumed', async () => {
  const project_id = await newProject();
  const { received, url } = await receiver((response) => response.writeHead(503).end());
  const { id: webhook_id } = await call(webhooks.createWebhook, { project_id, url }, ada);
  const hook = async () => (await call(webhooks.listWebhooks, { project_id }, ada))[0]!;
  await call(webhooks.pingWebhook, { project_id, webhook_id }, ada);
  await eventually(async () => (await hook()).failing_since !== null);
  await database.query(`update webhooks set failing_since = now() - interval '4 days' where id = $1`, [webhook_id]);
  await makeDue(webhook_id);
  await eventually(async () => !(await hook()).is_active);
  expect((await log(project_id, webhook_id)).map(({ status }) => status)).toEqual(['failed']);
  const { items } = await call(members.listProjectAudit, { project_id, action: 'projects.webhookPaused' }, ada);
  expect(items).toMatchObject([{ actor_id: null, subject: { webhook_id } }]);
  await commit(project_id);
  expect(await log(project_id, webhook_id)).toHaveLength(1);
  const before = received.length;
  await call(webhooks.updateWebhook, { project_id, webhook_id, is_active: true }, ada);
  expect(await hook()).toMatchObject({ is_active: true, paused_at: null, failing_since: null });
  await commit(project_id, 2);
  await eventually(async () => received.length > before);
});

test('several senders share the work: everything is sent once, and one slow receiver holds up nobody else', async () => {
  const project_id = await newProject();
  const slow = await receiver(() => {});
  const quick = await receiver();
  const [slowHook, quickHook] = [
    await call(webhooks.createWebhook, { project_id, url: slow.url }, ada),
    await call(webhooks.createWebhook, { project_id, url: quick.url }, ada),
  ];
  for (const { id } of [slowHook, quickHook])
    await database.query(
      `insert into webhook_deliveries (webhook_id, event, body) select $1, 'projects.ping', n::text from generate_series(1, 40) n`,
      [id],
    );
  const outbound = new Outbound(readAllowList('127.0.0.1').list);
  const keyring = openKeyring({ SECRET_KEY: running.environment.SECRET_KEY! });
  const silent = createLog({ service: 'test', level: 'silent', format: 'json' });
  const others = [1, 2].map(() => new WebhookSender(database, outbound, keyring, silent));
  for (const sender of others) sender.onApplicationBootstrap();
  await eventually(async () => quick.received.length >= 40);
  for (const sender of others) await sender.beforeApplicationShutdown();
  expect(quick.received.map(({ body }) => Number(body)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 40 }, (_, n) => n + 1),
  );
  await call(webhooks.deleteWebhook, { project_id, webhook_id: slowHook.id }, ada);
  expect((await call(webhooks.listWebhooks, { project_id }, ada)).map(({ id }) => id)).toEqual([quickHook.id]);
});

test('addresses inside our network are refused, at once or when they are resolved', async () => {
  const project_id = await newProject();
  for (const url of ['http://169.254.169.254/', 'http://10.0.0.1/', 'file:///etc/passwd', 'http://[::1]/', 'x'])
    expect(await codeOf(call(webhooks.createWebhook, { project_id, url }, ada))).toBe('invalid');
  const hidden = await call(webhooks.createWebhook, { project_id, url: 'http://localhost:9/' }, ada);
  expect(
    await codeOf(call(webhooks.updateWebhook, { project_id, webhook_id: hidden.id, url: 'http://10.1.1.1' }, ada)),
  ).toBe('invalid');
  await database.query(`update webhooks set url = 'http://[::ffff:10.0.0.1]/' where id = $1`, [hidden.id]);
  await call(webhooks.pingWebhook, { project_id, webhook_id: hidden.id }, ada);
  await eventually(async () => (await log(project_id, hidden.id))[0]?.error?.includes('refused') === true);
});

test('only those who maintain a project see its webhooks, and only their own', async () => {
  const project_id = await newProject();
  const { url } = await receiver();
  const { id: webhook_id } = await call(webhooks.createWebhook, { project_id, url }, ada);
  expect(await codeOf(call(webhooks.listWebhooks, { project_id }, bob))).toBe('not_found');
  const { id: invitation_id } = await call(
    members.inviteToProject,
    { project_id, user_id: bob.user_id, role: 'contributor' },
    ada,
  );
  await call(members.answerInvitation, { invitation_id, accept: true }, bob);
  expect(await codeOf(call(webhooks.listWebhooks, { project_id }, bob))).toBe('unauthorized');
  expect(await codeOf(call(webhooks.createWebhook, { project_id, url }, bob))).toBe('unauthorized');
  const { id: own } = await call(contract.createProject, { name: 'Bobs' }, bob);
  for (const id of [webhook_id, randomUUID(), 'x']) {
    const wish = { project_id: own, webhook_id: id };
    expect(await codeOf(call(webhooks.pingWebhook, wish, bob))).toBe('not_found');
    expect(await codeOf(call(webhooks.rotateWebhookSecret, wish, bob))).toBe('not_found');
    expect(await codeOf(call(webhooks.listWebhookDeliveries, wish, bob))).toBe('not_found');
    expect(await codeOf(call(webhooks.deleteWebhook, wish, bob))).toBe('not_found');
  }
  const first = await call(webhooks.rotateWebhookSecret, { project_id, webhook_id }, ada);
  const second = await call(webhooks.rotateWebhookSecret, { project_id, webhook_id }, ada);
  expect(first.secret).not.toBe(second.secret);
  expect(await codeOf(call(webhooks.createWebhook, { project_id, url, events: ['projects.nonsense'] }, ada))).toBe(
    'invalid',
  );
});
