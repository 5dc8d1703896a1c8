import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import { CONFIG, HEALTH, LOG } from '#libs/bootstrap/tokens';
import { Health } from '#libs/observability/health';
import { createLog } from '#libs/observability/logger';
import { requestContext } from '#libs/observability/request-context';
import { cuttableLink } from '#libs/testing/cuttable-link';
import { QueueModule } from './queue.module.js';
import { WORK_QUEUE, type Job, type WorkQueue } from './work-queue.js';

/** What every work queue promises, asked of each kind there is. */
const KINDS = ['in this process', 'on Redis'] as const;
const opened: INestApplicationContext[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((app) => app.close()));
});

interface Opened {
  queue: WorkQueue;
  health: Health;
}

async function open(REDIS_URL: string | undefined, name: string, prefix = 'evidverse'): Promise<Opened> {
  const health = new Health();
  health.start();
  const providers = [
    {
      provide: CONFIG,
      useValue: { APP_MODE: 'local', RABBITMQ_URL: 'in-process:test', REDIS_URL, REDIS_PREFIX: prefix },
    },
    { provide: LOG, useValue: createLog({ service: 'test', level: 'silent', format: 'json' }) },
    { provide: HEALTH, useValue: health },
  ];
  class Root {}
  const root = { module: Root, global: true, imports: [QueueModule.for(name)], providers, exports: providers };
  const app = await NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
  opened.push(app);
  return { queue: app.get<WorkQueue>(WORK_QUEUE, { strict: false }), health };
}

function redisUrl(): string {
  const url = process.env.REDIS_URL;
  if (url === undefined || url === '') throw new Error('REDIS_URL is not set. Run the tests with: npm test');
  return url;
}

async function eventually(expectation: () => Promise<void> | void): Promise<void> {
  for (const until = Date.now() + 180_000; ;) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** A gate that a handler waits at until the test lets it go on. */
function gate() {
  let pass = () => {};
  const passed = new Promise<void>((resolve) => (pass = resolve));
  return { passed, pass: () => pass() };
}

const job = (id: string, more: Partial<Job> = {}): Job => ({ id, name: 'render', data: {}, ...more });

describe('a work queue on Redis', () => {
  it('leaves nothing of a job in Redis once it is done or given up', async () => {
    const name = `test-${randomUUID()}`;
    const { queue } = await open(redisUrl(), name);
    await queue.work('render', { concurrency: 1 }, async ({ id }) => {
      if (id === 'bad') throw new Error('no luck');
    });
    for (const id of ['good', 'bad']) await queue.add(job(id), { attempts: 2, backoffMs: 10 });
    await eventually(async () => expect(await queue.depth()).toMatchObject({ waiting: 0, delayed: 0, running: 0 }));
    const redis = new Redis(redisUrl());
    const keys = await redis.keys(`evidverse:${name}*`);
    await redis.quit();
    const bookkeeping = [':names', '.render:id', '.render:stalled-check', '.render:stalled'];
    expect(keys.filter((key) => !bookkeeping.some((end) => key === `evidverse:${name}${end}`))).toEqual([]);
  });

  it('leaves the jobs of another installation on the same Redis alone', async () => {
    const [name, staging, production] = [`test-${randomUUID()}`, randomUUID(), randomUUID()];
    const [mine, theirs] = [await open(redisUrl(), name, staging), await open(redisUrl(), name, production)];
    const [ids, theirIds]: string[][] = [[], []];
    await mine.queue.work('render', { concurrency: 1 }, async ({ id }) => void ids!.push(id));
    await theirs.queue.add(job('theirs'));
    await mine.queue.add(job('mine'));
    await eventually(() => expect(ids).toEqual(['mine']));
    expect(await theirs.queue.depth()).toMatchObject({ waiting: 1 });
    await theirs.queue.work('render', { concurrency: 1 }, async ({ id }) => void theirIds!.push(id));
    await eventually(() => expect(theirIds).toEqual(['theirs']));
    expect(ids).toEqual(['mine']);
  });

  it('goes on by itself when Redis was away for a while', async () => {
    const link = await cuttableLink(redisUrl());
    const { queue } = await open(link.url, `test-${randomUUID()}`);
    const ids: string[] = [];
    await queue.work('render', { concurrency: 1 }, async ({ id }) => void ids.push(id));
    await queue.add(job('before'));
    await eventually(() => expect(ids).toEqual(['before']));
    link.cut();
    await eventually(async () => expect(await queue.trouble()).toMatch(/^Redis cannot be reached/));
    await expect(queue.add(job('meanwhile'))).rejects.toMatchObject({ code: 'unavailable' });
    link.mend();
    await eventually(() => queue.add(job('after')));
    await eventually(() => expect(ids).toContain('after'));
    expect(await queue.trouble()).toBeUndefined();
    await queue.close();
    await link.close();
  });

  it('says so at once when Redis is away, and still closes', async () => {
    const { queue, health } = await open('redis://127.0.0.1:1', 'nowhere');
    await queue.work('render', { concurrency: 1 }, async () => {});
    await expect(queue.add(job('1'))).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The work queue cannot be reached right now. Try again in a moment.',
    });
    await expect(queue.depth()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await health.readiness()).toMatchObject({
      ready: false,
      checks: { 'work queue': expect.stringMatching(/^Redis cannot be reached/) },
    });
  });
});

describe('a work queue in this process', () => {
  it('is one queue for all who open its name, and forgets everything with the last of them', async () => {
    const [first, second] = [(await open(undefined, 'shared')).queue, (await open(undefined, 'shared')).queue];
    await first.add(job('1'));
    await first.close();
    expect(await second.depth()).toMatchObject({ waiting: 1 });
    await second.close();
    const { queue } = await open(undefined, 'shared');
    expect(await queue.depth()).toMatchObject({ waiting: 0 });
  });
});

describe.each(KINDS)('a work queue %s', (kind) => {
  let name: string;
  beforeEach(() => (name = `test-${randomUUID()}`));
  const openQueue = async () => (await open(kind === 'on Redis' ? redisUrl() : undefined, name)).queue;
  /** Works on one name and notes the ids it was given. */
  const noting = async (queue: WorkQueue, jobName = 'render', concurrency = 1) => {
    const ids: string[] = [];
    await queue.work(jobName, { concurrency }, async ({ id }) => void ids.push(id));
    return ids;
  };

  it('takes many jobs together, of several names, each once', async () => {
    const queue = await openQueue();
    const renders = await noting(queue);
    const parses = await noting(queue, 'parse');
    const many = ['1', '2', '2', '3'].map((id) => job(id));
    await queue.addAll([...many, job('4', { name: 'parse' }), { ...job('5'), delayMs: 50 }]);
    await eventually(() => expect([renders.toSorted(), parses]).toEqual([['1', '2', '3', '5'], ['4']]));
    await queue.addAll([]);
  });

  it('gives a job to its worker as it was added', async () => {
    const queue = await openQueue();
    const seen: unknown[] = [];
    await queue.work('render', { concurrency: 1 }, async (given, { attempt, signal }) => {
      seen.push({ ...given, attempt, aborted: signal.aborted });
    });
    await queue.add(job('7:1', { data: { task_id: '7', deep: { list: [1, null, 'é'] } } }));
    await eventually(() =>
      expect(seen).toEqual([
        {
          id: '7:1',
          name: 'render',
          data: { task_id: '7', deep: { list: [1, null, 'é'] } },
          attempt: 1,
          aborted: false,
        },
      ]),
    );
  });

  it('shares nothing by reference with whoever added the job', async () => {
    const queue = await openQueue();
    const data = { words: ['before'] };
    await queue.add(job('1', { data }));
    data.words[0] = 'after';
    const seen: unknown[] = [];
    await queue.work('render', { concurrency: 1 }, async (given) => void seen.push(given.data));
    await eventually(() => expect(seen).toEqual([{ words: ['before'] }]));
  });

  it('ignores a job that is waiting already', async () => {
    const queue = await openQueue();
    for (const id of ['1', '1', '2', '1']) await queue.add(job(id));
    expect(await queue.depth()).toMatchObject({ waiting: 2 });
    const ids = await noting(queue);
    await eventually(async () => expect(await queue.depth()).toMatchObject({ waiting: 0, running: 0 }));
    expect(ids).toEqual(['1', '2']);
  });

  it('ignores a job that is delayed already, also when it is now wanted at once', async () => {
    const queue = await openQueue();
    await queue.add(job('1'), { delayMs: 60_000 });
    await queue.add(job('1'));
    expect(await queue.depth()).toMatchObject({ waiting: 0, delayed: 1 });
  });

  it('says which jobs it does not know: those that were never added, and those that are done', async () => {
    const queue = await openQueue();
    const { passed, pass } = gate();
    await queue.work('render', { concurrency: 1 }, () => passed);
    await queue.add(job('runs'));
    await eventually(async () => expect(await queue.depth()).toMatchObject({ running: 1 }));
    await queue.add(job('waits'));
    await queue.add(job('is delayed'), { delayMs: 60_000 });
    const all = ['runs', 'waits', 'is delayed', 'was never added'].map((id) => job(id));
    expect(await queue.unknown(all)).toEqual(['was never added']);
    pass();
    await eventually(async () => expect(await queue.unknown(all)).toEqual(['runs', 'waits', 'was never added']));
    expect(await queue.unknown([])).toEqual([]);
  });

  it('ignores a job that is running, and takes it again once it is done', async () => {
    const queue = await openQueue();
    const { passed, pass } = gate();
    let runs = 0;
    await queue.work('render', { concurrency: 2 }, async () => {
      runs++;
      await passed;
    });
    await queue.add(job('1'));
    await eventually(() => expect(runs).toBe(1));
    await queue.add(job('1'));
    expect(await queue.depth()).toMatchObject({ waiting: 0, running: 1 });
    pass();
    await eventually(async () => expect(await queue.depth()).toMatchObject({ running: 0 }));
    expect(runs).toBe(1);
    await queue.add(job('1'));
    await eventually(() => expect(runs).toBe(2));
  });

  it('runs a delayed job when its time has come, not before', async () => {
    const queue = await openQueue();
    const ids = await noting(queue);
    const begun = Date.now();
    await queue.add(job('later'), { delayMs: 1500 });
    await queue.add(job('now'));
    await eventually(() => expect(ids).toEqual(['now', 'later']));
    expect(Date.now() - begun).toBeGreaterThanOrEqual(1495);
  });

  it('runs the most urgent job first, and of equally urgent ones the one added first', async () => {
    const queue = await openQueue();
    for (const [id, priority] of [
      ['d', 10],
      ['b', undefined],
      ['a', 0],
      ['c', 5],
    ] as const)
      await queue.add(job(id), { priority });
    const ids = await noting(queue);
    await eventually(() => expect(ids).toEqual(['a', 'b', 'c', 'd']));
  });

  it('runs so many jobs of a name at once and no more, and they do not hold up another name', async () => {
    const queue = await openQueue();
    const { passed, pass } = gate();
    let now = 0;
    let most = 0;
    await queue.work('render', { concurrency: 2 }, async () => {
      most = Math.max(most, ++now);
      await passed;
      now--;
    });
    const parsed = await noting(queue, 'parse');
    for (const id of ['1', '2', '3', '4', '5']) await queue.add(job(id));
    await queue.add(job('6', { name: 'parse' }));
    await eventually(() => expect(parsed).toEqual(['6']));
    await eventually(() => expect(now).toBe(2));
    expect(await queue.depth()).toMatchObject({ waiting: 3, running: 2 });
    pass();
    await eventually(async () => expect(await queue.depth()).toMatchObject({ waiting: 0, running: 0 }));
    expect(most).toBe(2);
  });

  it('keeps a job whose name nobody works on', async () => {
    const queue = await openQueue();
    await noting(queue, 'parse');
    await queue.add(job('1'));
    await queue.add(job('2', { name: 'parse' }));
    await eventually(async () => expect(await queue.depth()).toMatchObject({ waiting: 1, running: 0 }));
    const ids = await noting(queue);
    await eventually(() => expect(ids).toEqual(['1']));
  });

  it('gives each job to one of several workers', async () => {
    const [first, second] = [await openQueue(), await openQueue()];
    const lists = [await noting(first), await noting(second)];
    const added = Array.from({ length: 40 }, (_, index) => String(index));
    await Promise.all(added.map((id, index) => (index % 2 ? first : second).add(job(id))));
    await eventually(() => expect(lists.flat()).toHaveLength(40));
    expect(new Set(lists.flat())).toEqual(new Set(added));
  });

  it('tries a failing job again, then gives it up', async () => {
    const queue = await openQueue();
    const attempts: number[] = [];
    await queue.work('render', { concurrency: 1 }, async (_, { attempt }) => {
      attempts.push(attempt);
      throw new Error('no luck');
    });
    await queue.add(job('1'), { attempts: 3, backoffMs: 20 });
    await eventually(() => expect(attempts).toEqual([1, 2, 3]));
    await eventually(async () => expect(await queue.depth()).toMatchObject({ waiting: 0, delayed: 0, running: 0 }));
    await queue.add(job('1'));
    await eventually(() => expect(attempts).toEqual([1, 2, 3, 1]));
  });

  it('lets other jobs pass while a failed one pauses', async () => {
    const queue = await openQueue();
    const ids: string[] = [];
    await queue.work('render', { concurrency: 1 }, async ({ id }) => {
      ids.push(id);
      if (id === 'bad') throw new Error('no luck');
    });
    await queue.add(job('bad'), { attempts: 2, backoffMs: 60_000 });
    await queue.add(job('good'));
    await eventually(() => expect(ids).toEqual(['bad', 'good']));
    await eventually(async () => expect(await queue.depth()).toMatchObject({ delayed: 1, running: 0 }));
  });

  it('runs a job once when nothing else was asked for', async () => {
    const queue = await openQueue();
    let runs = 0;
    await queue.work('render', { concurrency: 1 }, async () => {
      runs++;
      throw new Error('no luck');
    });
    await queue.add(job('1'));
    await eventually(() => expect(runs).toBe(1));
    await eventually(async () =>
      expect(await queue.depth()).toEqual({ waiting: 0, delayed: 0, running: 0, oldest_seconds: 0 }),
    );
  });

  it('runs a job on behalf of the request that added it', async () => {
    const queue = await openQueue();
    const seen: unknown[] = [];
    await queue.work('render', { concurrency: 1 }, async () => void seen.push(requestContext.current()?.request_id));
    await requestContext.run({ request_id: 'r-42' }, () => queue.add(job('1')));
    await eventually(() => expect(seen).toEqual(['r-42']));
  });

  it('knows how much there is to do and since when', async () => {
    const queue = await openQueue();
    expect(await queue.depth()).toEqual({ waiting: 0, delayed: 0, running: 0, oldest_seconds: 0 });
    await queue.add(job('urgent'), { priority: 0 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await queue.add(job('urgent too'), { priority: 0 });
    await queue.add(job('not urgent', { name: 'parse' }), { priority: 9 });
    await queue.add(job('later'), { delayMs: 60_000 });
    const depth = await queue.depth();
    expect(depth).toMatchObject({ waiting: 3, delayed: 1, running: 0 });
    expect(depth.oldest_seconds).toBeGreaterThanOrEqual(0.29);
    expect(depth.oldest_seconds).toBeLessThan(15);
  });

  it('does not count its delay to the age of a job', async () => {
    const queue = await openQueue();
    const begun = Date.now();
    await queue.add(job('1'), { delayMs: 700 });
    await eventually(async () => expect(await queue.depth()).toMatchObject({ waiting: 1, delayed: 0 }));
    const { oldest_seconds } = await queue.depth();
    expect(oldest_seconds).toBeLessThan((Date.now() - begun) / 1000 - 0.6);
  });

  it('has no trouble, and is ready', async () => {
    const { queue, health } = await open(kind === 'on Redis' ? redisUrl() : undefined, name);
    expect(await queue.trouble()).toBeUndefined();
    expect(await health.readiness()).toEqual({ ready: true, checks: { 'work queue': 'ok' } });
  });

  it('closes when what runs is done, and leaves the rest to others', async () => {
    const [leaving, staying] = [await openQueue(), await openQueue()];
    const { passed, pass } = gate();
    const done: string[] = [];
    const signals: boolean[] = [];
    await leaving.work('render', { concurrency: 1 }, async ({ id }, { signal }) => {
      await passed;
      signals.push(signal.aborted);
      done.push(id);
    });
    await staying.add(job('running'));
    await eventually(async () => expect(await staying.depth()).toMatchObject({ running: 1 }));
    await staying.add(job('waiting'));
    const closing = leaving.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(done).toEqual([]);
    pass();
    await closing;
    expect({ done, signals }).toEqual({ done: ['running'], signals: [false] });
    expect(await staying.depth()).toMatchObject({ waiting: 1, running: 0 });
    const ids = await noting(staying);
    await eventually(() => expect(ids).toEqual(['waiting']));
  });

  it('aborts by its signal what does not finish in time', async () => {
    const queue = await openQueue();
    const said: string[] = [];
    await queue.work('render', { concurrency: 1 }, async (_, { signal }) => {
      said.push('begun');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      said.push('aborted');
      throw new Error('stopped half-way');
    });
    await queue.add(job('1'));
    await eventually(() => expect(said).toEqual(['begun']));
    await queue.close({ withinMs: 50 });
    expect(said).toEqual(['begun', 'aborted']);
  });

  it('aborts what it has taken, though it had not begun when the end came', async () => {
    const asking = await openQueue();
    const [begun, aborted]: string[][] = [[], []];
    for (let at = 0; at < 12; at++) {
      const leaving = await openQueue();
      await leaving.work('render', { concurrency: 1 }, async ({ id }, { signal }) => {
        begun!.push(id);
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
        aborted!.push(id);
      });
      await asking.add(job(`${at}`));
      // What the queue counts as running is on its way to the handler, and need not be there yet.
      while ((await asking.depth()).waiting > 0) await new Promise(setImmediate);
      await leaving.close({ withinMs: 50 });
      expect(aborted).toEqual(begun);
    }
    expect(begun).not.toEqual([]);
  });

  it('takes nothing more once it is closed', async () => {
    const queue = await openQueue();
    await queue.close();
    await expect(queue.add(job('1'))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('lets a name have one handler in one process', async () => {
    const queue = await openQueue();
    await noting(queue);
    await expect(noting(queue)).rejects.toThrow('Jobs named render have a handler already.');
  });
});
