import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { Caller } from '#libs/contracts/caller';
import { createProject, deleteProject } from '#libs/contracts/projects';
import * as contract from '#libs/contracts/tasks-schedules';
import { listTasks } from '#libs/contracts/tasks';
import { eventually } from '#libs/testing/child-process';
import { openDataSource } from '#libs/testing/data-source';
import { runServices, type RunningServices } from '#libs/testing/running';
import { person } from '#libs/testing/seeds/people';
import { projects } from '../../services/projects/service.js';
import { Generation } from '../../services/tasks/generation/generation.js';
import { Renders } from '../../services/tasks/render/renders.js';
import { tasks } from '../../services/tasks/service.js';
import { Scheduler } from '../../services/tasks/schedules/scheduler.js';

/** What is due, with several replicas that look at the same rows. Nothing works, so what is begun stays queued. */
let running: RunningServices;
let database: DataSource;
let ada: Caller & { user_id: string };
let eve: Caller & { user_id: string };
beforeAll(async () => {
  running = await runServices([projects, tasks], { REDIS_URL: undefined });
  database = await openDataSource('tasks', running.databaseUrl);
  ada = await person(running.broker, 'Ada');
  eve = await person(running.broker, 'Eve');
});
afterAll(async () => {
  await database?.destroy();
  await running?.close();
});

const wish = { cron: '*/10 * * * *', work: { kind: 'generate.clip' as const, topic: 'The sea' } };
const create = (more: Partial<z.input<typeof contract.createSchedule.input>> = {}) =>
  running.broker.call(contract.createSchedule, { ...wish, ...more }, ada);
const seen = async (id: string, caller = ada) =>
  (await running.broker.call(contract.listSchedules, {}, caller)).find((schedule) => schedule.id === id);
const fallsDue = (id: string, ago: string) =>
  database.query(`update schedules set next_at = date_trunc('minute', now() - $2::interval) where id = $1`, [id, ago]);
const begun = async () => (await running.broker.call(listTasks, { kind: 'generate.clip', limit: 500 }, ada)).items;

/** As another process would have it. */
function replica(): Scheduler {
  const generation = new Generation(database, running.broker, undefined as never);
  const none = undefined as never;
  return new Scheduler(database, new Renders(database, running.broker), generation, none, none, {
    warn: () => {},
  } as never);
}

it('begins one task for a due time, however many replicas look, and makes up for none that were missed', async () => {
  const { id, is_paused } = await create();
  expect(is_paused).toBe(false);
  const before = (await begun()).length;
  await fallsDue(id, '5 hours');
  await Promise.all(Array.from({ length: 6 }, () => replica().look()));
  const schedule = await eventually(async () => {
    const now = await seen(id);
    return typeof now?.last_task_id === 'string' && now;
  });
  expect(new Date(schedule.next_at!).getTime()).toBeGreaterThan(Date.now());
  expect(new Date(schedule.next_at!).getTime()).toBeLessThanOrEqual(Date.now() + 600_000);
  await replica().look();
  const after = await begun();
  expect(after).toHaveLength(before + 1);
  expect(after[0]).toMatchObject({ task_id: schedule.last_task_id, status: 'PENDING' });
});

it('is found by the service itself when it is due', async () => {
  const { id } = await create();
  await fallsDue(id, '1 minute');
  const begunOnce = await eventually(async () => typeof (await seen(id))?.last_task_id === 'string');
  expect(begunOnce).toBe(true);
});

it('begins nothing while paused, and goes on from now', async () => {
  const { id } = await create();
  await fallsDue(id, '1 minute');
  const paused = await running.broker.call(contract.pauseSchedule, { schedule_id: id }, ada);
  expect(paused).toMatchObject({ is_paused: true, next_at: null });
  await replica().look();
  expect(await seen(id)).toMatchObject({ last_due_at: paused.last_due_at, next_at: null });
  const resumed = await running.broker.call(contract.resumeSchedule, { schedule_id: id }, ada);
  expect(resumed.is_paused).toBe(false);
  expect(new Date(resumed.next_at!).getTime()).toBeGreaterThan(Date.now());
});

it('tells why nothing was begun, and comes to its next time all the same', async () => {
  const { id: project_id } = await running.broker.call(createProject, { name: 'Empty' }, ada);
  const { id } = await create({ work: { kind: 'render', project_id } });
  await fallsDue(id, '1 hour');
  const skipped = await eventually(async () => {
    const now = await seen(id);
    return typeof now?.last_error === 'string' && now;
  });
  expect(skipped).toMatchObject({ last_error: 'Branch has no commits to export', last_task_id: null });
  expect(new Date(skipped.next_at!).getTime()).toBeGreaterThan(Date.now());

  await running.broker.call(
    deleteProject,
    { project_id, confirm_project_id: project_id, confirm_nickname: 'Ada' },
    ada,
  );
  await eventually(async () => (await seen(id)) === undefined);
});

it('belongs to one person, and asks for nothing that person may not ask for', async () => {
  const { id } = await create();
  const { id: project_id } = await running.broker.call(createProject, { name: 'Private' }, ada);
  expect(await seen(id, eve)).toBeUndefined();
  for (const operation of [contract.pauseSchedule, contract.resumeSchedule, contract.deleteSchedule])
    for (const [schedule_id, caller] of [
      [id, eve],
      [randomUUID(), ada],
      ['nothing', ada],
    ] as const)
      await expect(
        running.broker.call(operation as typeof contract.pauseSchedule, { schedule_id }, caller),
      ).rejects.toMatchObject({ code: 'not_found' });
  const foreign = running.broker.call(
    contract.createSchedule,
    { cron: '0 * * * *', work: { kind: 'render', project_id } },
    eve,
  );
  await expect(foreign).rejects.toMatchObject({ code: expect.stringMatching(/not_found|unauthorized/) as string });
  expect(await running.broker.call(contract.deleteSchedule, { schedule_id: id }, ada)).toEqual({ ok: true });
  expect(await seen(id)).toBeUndefined();
});

it('is asked for once under one key, and refused when it could never come due', async () => {
  const [one, two] = await Promise.all([create({ idempotency_key: 'k1' }), create({ idempotency_key: 'k1' })]);
  expect(one.id).toBe(two.id);
  await expect(create({ cron: '0 0 30 2 *' })).rejects.toMatchObject({ code: 'invalid' });
  await expect(create({ time_zone: 'Nowhere/Town' })).rejects.toMatchObject({ code: 'invalid' });
});

it('cannot be had without end', async () => {
  const caller = await person(running.broker, 'Bo');
  await database.query(
    `insert into schedules (user_id, cron, time_zone, work) select $1, '0 0 * * *', 'UTC', '{"kind":"generate.clip","topic":"x"}' from generate_series(1, 99)`,
    [caller.user_id],
  );
  const asked = await Promise.allSettled(
    Array.from({ length: 3 }, () => running.broker.call(contract.createSchedule, wish, caller)),
  );
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});
