import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import { freePort } from '#libs/database/free-port';
import { migrate } from '#libs/database/migrate';
import { eventually, serviceProcess, type ServiceProcess } from '#libs/testing/child-process';
import { openDataSource } from '#libs/testing/data-source';

const ASKED = 1000;
const CANCELLED = 20;
const QUEUED = 10_000;

/** A task's life over HTTP, in processes of their own on real servers: asked for, carried, forgotten, followed, cancelled. */
export async function lifeOverHttp(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-life-'));
  const port = await freePort();
  const environment = {
    ...{ APP_MODE: 'local', LOG_FORMAT: 'json', LOG_LEVEL: 'fatal', SECRET_KEY: 'bench', DATA_DIR: folder },
    ...{
      DATABASE_URL: process.env.DATABASE_URL,
      RABBITMQ_URL: process.env.RABBITMQ_URL,
      REDIS_URL: process.env.REDIS_URL,
    },
    ...{ PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}`, RATE_LIMIT_PER_MINUTE: '1000000', TMPDIR: folder },
  };
  await migrate(process.env.DATABASE_URL!);
  const database = await openDataSource('tasks', process.env.DATABASE_URL!);
  const running = ['gateway/main', 'projects/main', 'media/main', 'tasks/main'].map((entry) =>
    serviceProcess(entry, environment),
  );
  try {
    const person = await arrive(`http://127.0.0.1:${port}`);
    const lines = [...(await asking(person, database)), await forgetting(database)];
    running.push(serviceProcess('tasks/worker', environment));
    return [...lines, ...(await stopping(person, folder))];
  } finally {
    await end(running);
    await database.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function asking(person: Person, database: DataSource): Promise<string[]> {
  await database.query('delete from tasks');
  const wish = { prompt: 'a lighthouse' };
  for (let warm = 0; warm < 100; warm++) await person.ask('POST', '/generate/character', wish);
  const alone = await timed(200, 1, () => person.ask('POST', '/generate/character', wish));
  const reading = await timed(200, 1, () => person.ask('GET', '/tasks?limit=1'));
  const crowd = await timed(ASKED, 4, () => person.ask('POST', '/generate/character', wish));
  await eventually(async () => (await waiting(database)) === 0, 30_000);
  const [lag] = await database.query<{ p50: number; p99: number }[]>(
    `select percentile_cont(0.5) within group (order by lag) as p50, percentile_cont(0.99) within group (order by lag) as p99
     from (select extract(epoch from woken_at - created_at) * 1000 as lag from tasks where woken_at is not null) of`,
  );
  return [
    `asking for a task over HTTP, one after the other: ${told(alone)} (reading one: ${told(reading)})`,
    `asking for a task over HTTP, four at a time: ${told(crowd)}`,
    `from the task's row to its wake-up in the queue: p50 ${lag!.p50.toFixed(0)} ms, p99 ${lag!.p99.toFixed(0)} ms`,
  ];
}

/** Nobody works here, so that all of them stay queued. */
async function forgetting(database: DataSource): Promise<string> {
  await database.query('delete from tasks');
  await database.query(
    `with made as (insert into tasks (kind, user_id, input) select 'drill', gen_random_uuid(), '{}' from generate_series(1, $1) returning id)
     insert into wakeups (task_id, epoch) select id, 1 from made`,
    [QUEUED],
  );
  const redis = new Redis(process.env.REDIS_URL!);
  const carried = () => redis.llen('evidverse:tasks.drill:wait');
  await eventually(async () => (await carried()) >= QUEUED && (await waiting(database)) === 0, 60_000);
  await sleep(6000);
  await redis.flushall();
  const began = performance.now();
  await eventually(async () => (await carried()) >= QUEUED, 120_000);
  const seconds = (performance.now() - began) / 1000;
  await database.query('delete from tasks');
  await redis.flushall();
  await redis.quit();
  return `after FLUSHALL, ${QUEUED} tasks are queued again in ${seconds.toFixed(1)} s`;
}

async function stopping(person: Person, folder: string): Promise<string[]> {
  const wish = {
    narration: 'The sea is wide and old. '.repeat(400),
    visual_description: 'the sea',
    width: 1280,
    height: 720,
  };
  const times: number[] = [];
  const steps: number[] = [];
  let [backwards, most] = [0, 0];
  for (let number = 0; number < CANCELLED; number++) {
    const { task_id } = await person.ask<{ task_id: string }>('POST', '/generate/segment', wish);
    const heard = person.follow(task_id);
    await eventually(async () => ffmpegsBelow(folder) > 0, 60_000);
    await sleep(300 + Math.random() * 1500);
    const began = performance.now();
    await person.ask('POST', `/tasks/${task_id}/cancel`, {});
    while (ffmpegsBelow(folder) > 0) await sleep(5);
    times.push(performance.now() - began);
    const events = await heard;
    for (const [at, event] of events.entries()) {
      const before = events[at - 1];
      if (before && event.progress < before.progress) backwards++;
      if (before) steps.push(event.at - before.at);
      most = Math.max(most, events.filter((other) => other.at > event.at - 1000 && other.at <= event.at).length);
    }
  }
  return [
    `from cancel to no ffmpeg left, ${CANCELLED} times: ${told(times)}`,
    `progress: ${steps.length + CANCELLED} events, ${most} in the busiest second (beginning and end told among them), ${backwards} went back`,
  ];
}

const waiting = async (database: DataSource) =>
  (await database.query<{ left: number }[]>('select count(*)::int as left from wakeups'))[0]!.left;

/** Running programs named ffmpeg that have something to do below a folder. */
function ffmpegsBelow(folder: string): number {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return /^[^\0]*ffmpeg\0/.test(words) && words.includes(folder);
    } catch {
      return false;
    }
  }).length;
}

async function timed(count: number, hands: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let left = count;
  const hand = async () => {
    while (left-- > 0) {
      const began = performance.now();
      await work();
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: hands }, hand));
  return times;
}

function told(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

interface Person {
  ask<T>(method: string, path: string, body?: object): Promise<T>;
  /** What is told of a task until it is over, and when. */
  follow(task_id: string): Promise<{ at: number; progress: number }[]>;
}

async function arrive(url: string): Promise<Person> {
  await eventually(async () => (await fetch(`${url}/readyz`)).ok, 60_000);
  let authorization = '';
  const ask = async <T>(method: string, path: string, body?: object) => {
    const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
    const answer = await fetch(`${url}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const account = { email: `${randomUUID()}@example.org`, password: 'secret words' };
  await eventually(() => ask('POST', '/auth/register', account), 60_000);
  const form = new URLSearchParams({ username: account.email, password: account.password });
  const signedIn = await fetch(`${url}/api/v1/auth/login`, { method: 'POST', body: form });
  authorization = `Bearer ${((await signedIn.json()) as { access_token: string }).access_token}`;
  const follow = async (task_id: string) => {
    const { body } = await fetch(`${url}/api/v1/tasks/${task_id}/events`, { headers: { authorization } });
    const events: { at: number; progress: number }[] = [];
    let text = '';
    for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        const data = /^data: ?(.*)$/m.exec(block)?.[1];
        if (data !== undefined) events.push({ at: performance.now(), ...(JSON.parse(data) as { progress: number }) });
      }
    }
    return events;
  };
  return { ask, follow };
}

async function end(running: ServiceProcess[]): Promise<void> {
  for (const one of running) one.signal('SIGTERM');
  await Promise.race([Promise.all(running.map(({ ended }) => ended)), sleep(10_000)]);
  for (const one of running) one.signal('SIGKILL');
}
