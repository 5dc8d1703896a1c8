import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { openDataSource } from '#libs/testing/data-source';
import { testDatabase, type TestDatabase } from '#libs/testing/database';
import { Attempts, type Wake } from './attempts.js';
import { enqueue } from './enqueue.js';
import type { KindName } from './kinds.js';
import type { TaskRow } from './task-row.js';

let testing: TestDatabase;
let database: DataSource;
beforeAll(async () => {
  testing = await testDatabase();
  database = await openDataSource('tasks', testing.url);
});
afterAll(async () => {
  await database?.destroy();
  await testing?.drop();
});
beforeEach(() => database.query('delete from tasks'));

const worker = (id: string, userLimit = 1) => new Attempts(database, { id, userLimit });
const end = ({ id, attempt_epoch: epoch, news }: TaskRow) =>
  ({ id, epoch, news, progress: 0, state: 'succeeded', result: null }) as const;
async function ask(user_id: string, kind: KindName = 'drill'): Promise<Wake> {
  return { task_id: await enqueue(database.manager, { kind, user_id, input: {} }), epoch: 1 };
}
/** What a queue would carry now. */
const wakeups = () =>
  database.query<Wake[]>('delete from wakeups returning task_id, epoch').then(([rows]) => rows as unknown as Wake[]);

/** Does one thing in a transaction that stays open while the other begins, and gives what the other came to. */
async function whileOpen<T>(first: (of: DataSource) => Promise<unknown>, second: () => Promise<T>): Promise<T> {
  const runner = database.createQueryRunner();
  await runner.startTransaction();
  try {
    await first({ query: (sql: string, values: unknown[]) => runner.query(sql, values) } as never);
    const later = second();
    await untilOneWaits();
    await runner.commitTransaction();
    return await later;
  } finally {
    await runner.release();
  }
}

async function untilOneWaits(): Promise<void> {
  for (;;) {
    const [row] = await database.query<{ waits: boolean }[]>(
      `select exists (select from pg_locks l join pg_database d on d.oid = l.database
         where d.datname = current_database() and l.locktype = 'advisory' and not l.granted) as waits`,
    );
    if (row!.waits) return;
  }
}

test.each([
  ['of their owner', 'drill', 1, 1],
  ['of their kind', 'render', 1000, 8],
] as const)(
  'a place %s that is freed in the moment somebody comes for it is not overlooked',
  async (_of, kind, userLimit, places) => {
    const person = () => (userLimit === 1 ? ada : randomUUID());
    const ada = randomUUID();
    const full: TaskRow[] = [];
    for (let place = 0; place < places; place++)
      full.push((await worker('w1', userLimit).claim(await ask(person(), kind)))!);
    await wakeups();
    const late = await ask(person(), kind);
    const claimed = await whileOpen(
      (open) => new Attempts(open, { id: 'w1', userLimit }).end(end(full[0]!)),
      () => worker('w2', userLimit).claim(late),
    );
    expect(claimed).toMatchObject({ id: late.task_id, state: 'running' });
  },
);

test.each([
  ['of their owner', 'drill', 1, 1],
  ['of their kind', 'render', 1000, 8],
] as const)('who is parked in the moment a place %s becomes free is woken', async (_of, kind, userLimit, places) => {
  const ada = randomUUID();
  const person = () => (userLimit === 1 ? ada : randomUUID());
  const full: TaskRow[] = [];
  for (let place = 0; place < places; place++)
    full.push((await worker('w1', userLimit).claim(await ask(person(), kind)))!);
  const late = await ask(person(), kind);
  await wakeups();
  await whileOpen(
    (open) => new Attempts(open, { id: 'w2', userLimit }).claim(late),
    () => worker('w1', userLimit).end(end(full[0]!)),
  );
  expect(await wakeups()).toEqual([{ task_id: late.task_id, epoch: 2 }]);
});

test('what waits for a place of its kind holds nothing else of its owner back', async () => {
  const ada = randomUUID();
  for (let place = 0; place < 8; place++) await worker('w1').claim(await ask(randomUUID(), 'render'));
  const running = (await worker('w1').claim(await ask(ada)))!;
  const [render, drill] = [await ask(ada, 'render'), await ask(ada)];
  for (const wake of [render, drill]) expect(await worker('w1').claim(wake)).toBeNull();
  await wakeups();
  await worker('w1').end(end(running));
  expect(await wakeups()).toEqual([{ task_id: drill.task_id, epoch: 2 }]);
});

test('what waits for a place of its owner holds nobody else of its kind back', async () => {
  const [ada, bob] = [randomUUID(), randomUUID()];
  const full: TaskRow[] = [];
  for (let place = 0; place < 7; place++) full.push((await worker('w1').claim(await ask(randomUUID(), 'render')))!);
  await worker('w1').claim(await ask(ada, 'render'));
  const [hers, his] = [await ask(ada, 'render'), await ask(bob, 'render')];
  for (const wake of [hers, his]) expect(await worker('w1').claim(wake)).toBeNull();
  await wakeups();
  await worker('w1').end(end(full[0]!));
  expect(await wakeups()).toEqual([{ task_id: his.task_id, epoch: 2 }]);
});

test('however many workers claim and finish at once, nobody waits for a place that is free', async () => {
  const people = Array.from({ length: 4 }, () => randomUUID());
  for (let number = 0; number < 400; number++)
    await ask(people[number % people.length]!, number % 3 ? 'drill' : 'render');
  const queue: Wake[] = [];
  let running = 0;
  let most = 0;
  const hand = async (of: Attempts) => {
    for (;;) {
      if (queue.length === 0) queue.push(...(await wakeups()));
      const wake = queue.splice(Math.floor(Math.random() * queue.length), 1)[0];
      if (wake === undefined) {
        if (running > 0) continue;
        const last = await wakeups();
        if (last.length === 0) return;
        queue.push(...last);
        continue;
      }
      running++;
      const task = await of.claim(wake);
      if (task) {
        const [row] = await database.query<{ most: number }[]>(
          `select coalesce(max(count), 0)::int as most from (select count(*) from tasks where state = 'running' group by user_id) of`,
        );
        most = Math.max(most, row!.most);
        expect(await of.end(end(task))).toBe(true);
      }
      running--;
    }
  };
  const workers = Array.from({ length: 3 }, (_, at) => worker(`w${at}`, 2));
  await Promise.all(workers.flatMap((of) => [hand(of), hand(of), hand(of)]));
  expect(await database.query(`select state, count(*)::int from tasks group by state`)).toEqual([
    { state: 'succeeded', count: 400 },
  ]);
  expect(most).toBeLessThanOrEqual(2);
});

test('an end that comes late, by another worker or of another attempt, counts for nothing', async () => {
  const wake = await ask(randomUUID());
  const task = (await worker('w1').claim(wake))!;
  expect(await worker('w1').claim(wake)).toBeNull();
  expect(await worker('w2').end(end(task))).toBe(false);
  expect(await worker('w1').end({ ...end(task), epoch: 2 })).toBe(false);
  expect(await worker('w1').end(end(task))).toBe(true);
  expect(await worker('w1').end(end(task))).toBe(false);
});

test('a result that cannot be kept does not take those of others with it', async () => {
  const of = worker('w1', 10);
  const [good, bad] = await Promise.all([of.claim(await ask(randomUUID())), of.claim(await ask(randomUUID()))]);
  const ends = await Promise.allSettled([
    of.end({ ...end(good!), result: 'a' }),
    of.end({ ...end(bad!), result: 'a\u0000b' }),
  ]);
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
});
