import { randomUUID } from 'node:crypto';
import Bull from 'bull';
import { startService } from '#libs/bootstrap/start-service';
import { migrate } from '#libs/database/migrate';
import { openDataSource } from '#libs/testing/data-source';
import { enqueue } from '../../services/tasks/engine/enqueue.js';
import { tasks, tasksWorker } from '../../services/tasks/service.js';

const COUNT = 2000;
const AT_ONCE = 16;

/** Adds and drains the same number of jobs that do nothing, by tasks of ours and by plain Bull, on the same Redis. */
export async function drainBeside(): Promise<string[]> {
  const plain = await withBull();
  const own = await withTasks();
  const line = (what: string, unit: string, mine: number, peer: number) =>
    `${what}: tasks ${mine.toFixed(1)} ${unit}, Bull ${peer.toFixed(1)} ${unit} (${(mine / peer).toFixed(2)}x)`;
  return [
    line('adding one, p50', 'ms', own.p50, plain.p50),
    line('adding one, p99', 'ms', own.p99, plain.p99),
    line(`adding and draining ${COUNT}`, 'per s', own.rate, plain.rate),
  ];
}

async function withBull() {
  const queue = new Bull(`bench-${randomUUID()}`, process.env.REDIS_URL!);
  let done = 0;
  const all = new Promise<void>((resolve) => {
    void queue.process(AT_ONCE, async () => {
      if (++done === COUNT) setImmediate(resolve);
    });
  });
  const measured = await measure(() => queue.add({}, { removeOnComplete: true }).then(() => {}), all);
  await queue.obliterate({ force: true });
  await queue.close();
  return measured;
}

async function withTasks() {
  const url = process.env.DATABASE_URL!;
  await migrate(url);
  const bus = `in-process:${randomUUID()}`;
  const environment = {
    ...process.env,
    RABBITMQ_URL: bus,
    SECRET_KEY: 'bench',
    LOG_LEVEL: 'fatal',
    TASKS_PER_USER: '1000',
  };
  const running = [await startService(tasks, environment), await startService(tasksWorker, environment)];
  const database = await openDataSource('tasks', url);
  await database.query('delete from tasks');
  const users = Array.from({ length: 10 }, () => randomUUID());
  const all = async () => {
    for (;;) {
      const [row] = await database.query<{ left: number }[]>(
        `select count(*)::int as left from tasks where state in ('queued', 'running')`,
      );
      if (row!.left === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  let next = 0;
  const add = async () => {
    const user_id = users[next++ % users.length]!;
    await enqueue(database.manager, { kind: 'drill', user_id, input: {} });
  };
  const measured = await measure(add, all);
  await database.destroy();
  for (const service of running) await service.close();
  return measured;
}

async function measure(add: () => Promise<void>, all: Promise<void> | (() => Promise<void>)) {
  const times: number[] = [];
  const began = performance.now();
  const hand = async () => {
    while (times.length < COUNT) {
      const at = performance.now();
      times.push(0);
      const place = times.length - 1;
      await add();
      times[place] = performance.now() - at;
    }
  };
  await Promise.all(Array.from({ length: 4 }, hand));
  await (typeof all === 'function' ? all() : all);
  const seconds = (performance.now() - began) / 1000;
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)]!;
  return { p50: at(0.5), p99: at(0.99), rate: COUNT / seconds };
}
