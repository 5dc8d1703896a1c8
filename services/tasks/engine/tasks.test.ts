import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { EventBatch } from '#libs/contracts/event-batch';
import { cancelTask, getTask, listTasks, retryTask, taskStatistics, watchTask, type Task } from '#libs/contracts/tasks';
import { eventually } from '#libs/testing/child-process';
import { openDataSource } from '#libs/testing/data-source';
import { emptyRedis, testRedisUrl } from '#libs/testing/redis';
import { runServices, type RunningServices } from '#libs/testing/running';
import { tasks, tasksWorker } from '../service.js';
import { enqueue, type TaskDraft } from './enqueue.js';
import { onceForKey } from './idempotency.js';

const somebody = (): Caller & { user_id: string } => ({ user_id: randomUUID(), role: 'user', session_id: null });
const admin: Caller = { user_id: randomUUID(), role: 'admin', session_id: null };

describe.each([
  ['in memory', () => undefined],
  ['on Redis', () => testRedisUrl('tasks engine')],
])('tasks, with the queue %s,', (_where, urlOf) => {
  let running: RunningServices;
  let database: DataSource;
  beforeAll(async () => {
    await flush();
    running = await runServices([tasks, tasksWorker], { REDIS_URL: urlOf(), TASKS_PER_USER: '2' });
    database = await openDataSource('tasks', running.databaseUrl);
  });
  afterAll(async () => {
    await database?.destroy();
    await running?.close();
  });

  async function flush(): Promise<void> {
    const url = urlOf();
    if (url !== undefined) await emptyRedis(url);
  }

  const bothRun = (caller: Caller) =>
    eventually(async () => (await running.broker.call(listTasks, { status: 'STARTED' }, caller)).items.length === 2);
  const ask = (caller: Caller, input: Record<string, unknown>, more: Partial<TaskDraft> = {}) =>
    database.transaction((manager) => enqueue(manager, { kind: 'drill', user_id: caller.user_id!, input, ...more }));
  const get = (caller: Caller, task_id: string) => running.broker.call(getTask, { task_id }, caller);
  const until = (caller: Caller, task_id: string, status: Task['status']) =>
    eventually(async () => {
      const task = await get(caller, task_id);
      return task.status === status && task;
    });

  it('are done once, and tell what they brought', async () => {
    const ada = somebody();
    const task_id = await ask(ada, { number: 7 });
    expect(await until(ada, task_id, 'SUCCESS')).toMatchObject({
      kind: 'drill',
      result: { number: 7 },
      attempts: 1,
      progress: 1,
      error: null,
    });
  });

  it('do not exist when the transaction that asked for them did not happen', async () => {
    const ada = somebody();
    let task_id = '';
    const asking = database.transaction(async (manager) => {
      task_id = await enqueue(manager, { kind: 'drill', user_id: ada.user_id, input: {} });
      throw new Error('changed my mind');
    });
    await expect(asking).rejects.toThrow('changed my mind');
    await expect(get(ada, task_id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are tried again while something is unavailable, and given up after the last attempt', async () => {
    const ada = somebody();
    const lucky = await ask(ada, { failures: 2 });
    expect(await until(ada, lucky, 'SUCCESS')).toMatchObject({ attempts: 3 });
    const unlucky = await ask(ada, { failures: 5 });
    expect(await until(ada, unlucky, 'FAILURE')).toMatchObject({
      attempts: 5,
      is_dead: true,
      result: { error: 'The drill fails as it was told.' },
    });
    const { items } = await running.broker.call(listTasks, { dead: true, everyone: true }, admin);
    expect(items.map((task) => task.task_id)).toContain(unlucky);
    await running.broker.call(retryTask, { task_id: unlucky }, ada);
    expect(await until(ada, unlucky, 'FAILURE')).toMatchObject({ attempts: 5 });
    await expect(running.broker.call(retryTask, { task_id: lucky }, ada)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('fail at once, and for good, at what trying again cannot mend', async () => {
    const ada = somebody();
    const task_id = await ask(ada, { ms: 300, fatal: 'There is no such film.' });
    expect(await until(ada, task_id, 'FAILURE')).toMatchObject({
      attempts: 1,
      is_dead: false,
      result: { status: 'failed', error: 'There is no such film.' },
    });
  });

  it('are told to the command line client in the words it waits for', async () => {
    const ada = somebody();
    const client = 'python-requests/2.31.0';
    const done = await ask(ada, {});
    const failed = await ask(ada, { fatal: 'no' });
    await until(ada, done, 'SUCCESS');
    await until(ada, failed, 'FAILURE');
    const asked = await Promise.all(
      [done, failed].map((task_id) => running.broker.call(getTask, { task_id, client }, ada)),
    );
    expect(asked.map(({ status }) => status)).toEqual(['succeeded', 'failed']);
  });

  it('stop where they are when they are cancelled, and never start when they were not running yet', async () => {
    const ada = somebody();
    const busy = await Promise.all([ask(ada, { ms: 60_000 }), ask(ada, { ms: 60_000 })]);
    await bothRun(ada);
    const third = await ask(ada, {});
    // It first: with the end of another its own time would have come.
    const ids = [third, ...busy];
    for (const task_id of ids) await running.broker.call(cancelTask, { task_id }, ada);
    for (const task_id of ids) expect(await until(ada, task_id, 'REVOKED')).toMatchObject({ result: null });
    expect(await running.broker.call(cancelTask, { task_id: third }, ada)).toMatchObject({ status: 'REVOKED' });
  });

  it('that are cancelled stay as far as they were said to be', async () => {
    const ada = somebody();
    const task_id = await ask(ada, { ms: 60_000 });
    await eventually(async () => {
      const { events } = await running.broker.call(watchTask, { task_id, after: null }, ada);
      return ((events[0]?.data as Task | undefined)?.progress ?? 0) > 0.01;
    });
    await running.broker.call(cancelTask, { task_id }, ada);
    expect((await until(ada, task_id, 'REVOKED')).progress).toBeGreaterThan(0.01);
  });

  it('of one person run as many at once as allowed, the most urgent first, while others are not kept waiting', async () => {
    const [ada, bob] = [somebody(), somebody()];
    const busy = await Promise.all([ask(ada, { ms: 60_000 }), ask(ada, { ms: 60_000 })]);
    await bothRun(ada);
    const later = await ask(ada, {}, { priority: 9 });
    const sooner = await ask(ada, {}, { priority: 1 });
    await eventually(async () => (await get(ada, later)).is_parked && (await get(ada, sooner)).is_parked);
    await until(bob, await ask(bob, {}), 'SUCCESS');
    expect(await get(ada, later)).toMatchObject({ status: 'PENDING', is_parked: true });
    await running.broker.call(cancelTask, { task_id: busy[0] }, ada);
    const [first, second] = await Promise.all([until(ada, sooner, 'SUCCESS'), until(ada, later, 'SUCCESS')]);
    expect(Date.parse(first.started_at!)).toBeLessThanOrEqual(Date.parse(second.started_at!));
    await running.broker.call(cancelTask, { task_id: busy[1] }, ada);
  });

  it('wait for their hour', async () => {
    const ada = somebody();
    const run_at = new Date(Date.now() + 1500);
    const task_id = await ask(ada, {}, { run_at });
    const task = await until(ada, task_id, 'SUCCESS');
    expect(Date.parse(task.started_at!)).toBeGreaterThanOrEqual(run_at.getTime() - 50);
  });

  it('tell their progress as it happens, never backwards, and to who comes back only what is new', async () => {
    const ada = somebody();
    const task_id = await ask(ada, { ms: 1200 });
    const seen: { id: string; event: string; progress: number; status: string }[] = [];
    for (let after: string | null = null, done = false; !done;) {
      const batch: EventBatch = await running.broker.call(watchTask, { task_id, after }, ada);
      for (const { id, event, data } of batch.events) seen.push({ id, event, ...(data as Task) } as never);
      after = batch.after;
      done = batch.done ?? false;
    }
    expect(seen.at(-1)).toMatchObject({ event: 'done', status: 'SUCCESS', progress: 1, result: { number: null } });
    const figures = seen.map(({ progress }) => progress);
    expect(figures).toEqual(figures.toSorted((a, b) => a - b));
    expect(new Set(figures).size).toBeGreaterThan(2);
    expect(seen.length).toBeLessThan(12);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    const again = await running.broker.call(watchTask, { task_id, after: seen.at(-1)!.id }, ada);
    expect(again).toMatchObject({ events: [], done: true });
    expect((await running.broker.call(watchTask, { task_id, after: seen[0]!.id }, ada)).events).toHaveLength(1);
  });

  it('are nobody else’s business', async () => {
    const [ada, eve] = [somebody(), somebody()];
    const task_id = await ask(ada, {});
    for (const operation of [getTask, cancelTask, retryTask, watchTask])
      await expect(running.broker.call(operation as typeof getTask, { task_id }, eve)).rejects.toMatchObject({
        code: 'not_found',
        message: 'Task not found',
      });
    await expect(get(ada, 'no-such-task')).rejects.toMatchObject({ code: 'not_found' });
    expect((await running.broker.call(listTasks, {}, eve)).items).toEqual([]);
    await expect(running.broker.call(listTasks, { everyone: true }, eve)).rejects.toMatchObject({
      code: 'unauthorized',
    });
    await expect(running.broker.call(taskStatistics, {}, eve)).rejects.toMatchObject({ code: 'unauthorized' });
    expect(await get(admin, task_id)).toMatchObject({ task_id });
  });

  it('are listed in pages without repeats, by kind and state', async () => {
    const ada = somebody();
    const ids: string[] = [];
    for (let number = 0; number < 5; number++) ids.push(await ask(ada, { number }));
    for (const id of ids) await until(ada, id, 'SUCCESS');
    const first = await running.broker.call(listTasks, { limit: 3, kind: 'drill', status: 'SUCCESS' }, ada);
    const second = await running.broker.call(listTasks, { limit: 3, after: first.next! }, ada);
    expect([...first.items, ...second.items].map((task) => task.task_id)).toEqual(ids.toReversed());
    expect(second.next).toBeNull();
    expect((await running.broker.call(listTasks, { status: 'FAILURE' }, ada)).items).toEqual([]);
    await expect(running.broker.call(listTasks, { after: "1' or" }, ada)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('of a worker that fell silent run again, and the late answer of the old attempt counts for nothing', async () => {
    const ada = somebody();
    const task_id = await ask(ada, { ms: 3000, number: 1 });
    await until(ada, task_id, 'STARTED');
    await database.query(
      `update tasks set worker_id = 'dead', heartbeat_at = now() - interval '1 minute' where id = $1`,
      [task_id],
    );
    const after = await until(ada, task_id, 'SUCCESS');
    const [row] = await database.query<{ attempt_epoch: number; deaths: number }[]>(
      'select attempt_epoch, deaths from tasks where id = $1',
      [task_id],
    );
    expect(row!.attempt_epoch).toBeGreaterThan(1);
    expect(after).toMatchObject({ result: { number: 1 } });
  });

  it('asked for twice under one key are one task; another request under the same key is refused', async () => {
    const ada = somebody();
    const once = (input: Record<string, unknown>) =>
      database.transaction((manager) =>
        onceForKey(manager, { user_id: ada.user_id, operation: 'drill', key: 'k-1', input }, () =>
          enqueue(manager, { kind: 'drill', user_id: ada.user_id, input }),
        ),
      );
    const answers = await Promise.all([once({ number: 1 }), once({ number: 1 }), once({ number: 1 })]);
    expect(new Set(answers).size).toBe(1);
    expect((await running.broker.call(listTasks, {}, ada)).items).toHaveLength(1);
    await expect(once({ number: 2 })).rejects.toMatchObject({ details: { reason: 'unprocessable' } });
  });

  it('are counted by kind for those who scale', async () => {
    const ada = somebody();
    await ask(ada, {}, { run_at: new Date(Date.now() + 60_000) });
    const { kinds, queue } = await running.broker.call(taskStatistics, {}, admin);
    expect(kinds.find(({ kind }) => kind === 'drill')!.queued).toBeGreaterThan(0);
    expect(queue).toMatchObject({ oldest_seconds: expect.any(Number) as number });
  });

  it('come back when the queue has lost everything', async () => {
    const ada = somebody();
    const busy = await Promise.all([ask(ada, { ms: 3000 }), ask(ada, { ms: 3000 })]);
    await bothRun(ada);
    const delayed = await ask(ada, { number: 3 }, { run_at: new Date(Date.now() + 4000) });
    await eventually(async () => {
      const [row] = await database.query<{ woken_at: Date | null }[]>('select woken_at from tasks where id = $1', [
        delayed,
      ]);
      return row!.woken_at !== null;
    });
    await flush();
    for (const id of [...busy, delayed]) await until(ada, id, 'SUCCESS');
  });
});
