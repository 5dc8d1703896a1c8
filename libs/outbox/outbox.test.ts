import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { event } from '#libs/contracts/contract';
import { connectionOptions } from '#libs/database/connection-options';
import type { Carrier, Message } from '#libs/messaging/message';
import { createLog } from '#libs/observability/logger';
import { eventually } from '#libs/testing/child-process';
import { cuttableLink } from '#libs/testing/cuttable-link';
import { testDatabase, type TestDatabase } from '#libs/testing/database';
import { onlyOnce, tellAfterwards } from './outbox.js';
import { OutboxRelay } from './outbox-relay.js';

const happened = event('mesh.happened', z.object({ n: z.number() }));
const log = createLog({ service: 'test', level: 'silent', format: 'json' });

/** A broker that takes as long as it likes, and remembers what it was told. */
class Ear implements Carrier {
  readonly heard: number[] = [];
  constructor(private readonly before: () => Promise<void> = async () => {}) {}
  async publish({ body }: Message): Promise<void> {
    await this.before();
    this.heard.push((JSON.parse(body) as { n: number }).n);
  }
  async connect(): Promise<void> {}
  async close(): Promise<void> {}
  trouble(): undefined {}
  async request(): Promise<string> {
    throw new Error('Nobody asks this one.');
  }
}

let database: TestDatabase;
let source: DataSource;
const opened: { close(): Promise<void> }[] = [];

const connect = async (url = database.url) => {
  const settings = { DATABASE_URL: url, DATABASE_POOL_SIZE: 5 };
  const connected = await new DataSource(connectionOptions('mesh', settings, [])).initialize();
  opened.push({ close: async () => void (connected.isInitialized && (await connected.destroy())) });
  return connected;
};
/** So seldom that a test is over before: what such a relay tells it has heard of. */
const SELDOM_MS = 600_000;
const relay = (ear: Ear, on = source, claimSeconds?: number, lookEveryMs?: number) => {
  const started = new OutboxRelay('mesh', on, ear, log, claimSeconds, lookEveryMs);
  started.start();
  opened.push({ close: () => started.stop() });
  return started;
};
const tell = (...numbers: number[]) =>
  source.transaction(async (manager) => {
    for (const n of numbers) await tellAfterwards(manager, happened, { n });
  });
const left = async () => (await source.query<{ rows: number }[]>('select count(*) as rows from outbox'))[0]!.rows;
const range = (length: number) => Array.from({ length }, (_, n) => n);
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

beforeEach(async () => {
  database = await testDatabase();
  source = await connect();
});
afterEach(async () => {
  for (const thing of opened.splice(0).reverse()) await thing.close();
  await database.drop();
});

test('an event is told as soon as its transaction commits, and never when it rolls back', async () => {
  const ear = new Ear();
  relay(ear, source, undefined, SELDOM_MS);
  await eventually(async () => (await listeners()) === 1);
  await expect(
    source.transaction(async (manager) => {
      await tellAfterwards(manager, happened, { n: 1 });
      throw new Error('the change did not happen');
    }),
  ).rejects.toThrow('did not happen');
  await source.transaction(async (manager) => {
    await tellAfterwards(manager, happened, { n: 2 });
    await pause(1200);
    expect(ear.heard).toEqual([]);
  });
  await eventually(async () => ear.heard.length > 0);
  await eventually(async () => (await left()) === 0);
  expect(ear.heard).toEqual([2]);
});

test('two relays share what there is, and tell nothing twice', async () => {
  await tell(...range(300));
  let bothAreAtIt = () => {};
  const together = new Promise<void>((resolve) => (bothAreAtIt = resolve));
  const begun = new Set<number>();
  const ears = [0, 1].map(
    (which) =>
      new Ear(() => {
        if (begun.add(which).size === 2) bothAreAtIt();
        return together;
      }),
  );
  for (const ear of ears) relay(ear, await connect());
  await eventually(async () => (await left()) === 0);
  expect(ears.flatMap(({ heard }) => heard).sort((a, b) => a - b)).toEqual(range(300));
  for (const { heard } of ears) expect(heard.length).toBeGreaterThan(0);
});

test('what takes longer to tell than a claim lasts stays with the one who tells it', async () => {
  await tell(1);
  const [slow, idle] = [new Ear(() => pause(5000)), new Ear()];
  relay(slow, await connect(), 2.5);
  await eventually(async () => (await claims()) === 1);
  relay(idle, await connect(), 2.5);
  await eventually(async () => (await left()) === 0);
  expect([slow.heard, idle.heard]).toEqual([[1], []]);
});

test('what a relay held when it died is told by another', async () => {
  await tell(1);
  const grave = await connect();
  let bury = () => {};
  const begun = performance.now();
  relay(new Ear(() => new Promise((resolve) => (bury = resolve))), grave, 2);
  await eventually(async () => (await claims()) === 1);
  await grave.destroy();
  let toldAt = 0;
  const ear = new Ear(async () => void (toldAt = performance.now()));
  relay(ear, await connect(), 2);
  await eventually(async () => (await left()) === 0);
  expect(ear.heard).toEqual([1]);
  expect(toldAt - begun).toBeGreaterThanOrEqual(2000);
  bury();
});

test('a lost database is found again, with all that was told into it meanwhile, and is listened to again', async () => {
  const link = await cuttableLink(database.url);
  opened.push(link);
  const ear = new Ear();
  relay(ear, await connect(link.url), undefined, SELDOM_MS);
  await tell(1);
  await eventually(async () => ear.heard.length === 1);
  link.cut();
  await tell(2);
  await pause(1500);
  expect(ear.heard).toEqual([1]);
  link.mend();
  await eventually(async () => ear.heard.length === 2);
  await eventually(async () => (await listeners()) === 1);
  await tell(3);
  await eventually(async () => ear.heard.length === 3);
  expect(ear.heard).toEqual([1, 2, 3]);
});

test('what was told when the database went away is not told again when it is back', async () => {
  const link = await cuttableLink(database.url);
  opened.push(link);
  const ear = new Ear(async () => link.cut());
  await tell(1);
  relay(ear, await connect(link.url), 2);
  await eventually(async () => ear.heard.length === 1);
  await pause(2500);
  link.mend();
  await eventually(async () => (await left()) === 0);
  expect(ear.heard).toEqual([1]);
});

test('a relay that stops finishes what it tells, and leaves nothing open', async () => {
  await tell(1);
  let finish = () => {};
  const ear = new Ear(() => new Promise((resolve) => (finish = resolve)));
  const started = relay(ear);
  await eventually(async () => (await claims()) === 1 && (await listeners()) === 1);
  const stopped = started.stop();
  finish();
  await stopped;
  expect(ear.heard).toEqual([1]);
  expect(await left()).toBe(0);
  await relay(new Ear()).stop();
  await eventually(async () => (await listeners()) === 0);
});

test('a message that is delivered twice at once is handled once; one whose handling failed is handled again', async () => {
  const messageId = randomUUID();
  let handled = 0;
  const deliver = (fails = false) =>
    onlyOnce(source.manager, messageId, 'test', async () => {
      await pause(100);
      if (fails) throw new Error('not yet');
      handled++;
    });
  await expect(deliver(true)).rejects.toThrow('not yet');
  await Promise.all([deliver(), deliver()]);
  await deliver();
  expect(handled).toBe(1);
  await onlyOnce(source.manager, messageId, 'another consumer', async () => void handled++);
  expect(handled).toBe(2);
});

async function claims(): Promise<number> {
  return (await source.query<{ rows: number }[]>('select count(*) as rows from outbox where claimed_until > now()'))[0]!
    .rows;
}

async function listeners(): Promise<number> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rowCount } = await client.query(
    `select 1 from pg_stat_activity
     where datname = current_database() and application_name = 'evidverse-mesh-outbox' and query ilike 'listen%'`,
  );
  await client.end();
  return rowCount!;
}
