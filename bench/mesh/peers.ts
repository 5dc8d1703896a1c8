import { setTimeout as sleep } from 'node:timers/promises';
import Bull from 'bull';
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { PgBoss } from 'pg-boss';
import type pg from 'pg';

/** A queue that does nothing `count` times; `work` begins when the jobs are there. */
export interface Peer {
  readonly name: string;
  prepare(count: number): Promise<void>;
  work(count: number): Promise<void>;
  close(): Promise<void>;
}

const LANES = 64;

/** graphile-worker, with its local queue and batches of completions. */
export function graphile(url: string, admin: pg.Pool): Peer {
  return {
    name: 'graphile-worker',
    async prepare(count) {
      const utils = await makeWorkerUtils({ connectionString: url });
      await utils.migrate();
      await utils.release();
      await admin.query(
        `select graphile_worker.add_job('nothing', json_build_object('n', n)) from generate_series(1, $1::int) n`,
        [count],
      );
    },
    async work(count) {
      let done = 0;
      const runner = await run({
        connectionString: url,
        logger: new Logger(() => () => {}),
        concurrency: LANES,
        noHandleSignals: true,
        preset: { worker: { localQueue: { size: 500 }, completeJobBatchDelay: 0, concurrentJobs: LANES } } as never,
        taskList: {
          nothing: async () => {
            done++;
          },
        },
      });
      while (done < count) await sleep(5);
      await runner.stop();
    },
    close: async () => {},
  };
}

/** pg-boss, fetching and completing in batches. */
export function pgBoss(url: string): Peer {
  const boss = new PgBoss({ connectionString: url, supervise: false, schedule: false });
  let started: Promise<void> | undefined;
  return {
    name: 'pg-boss (batches)',
    async prepare(count) {
      started ??= boss.start().then(() => boss.createQueue('nothing'));
      await started;
      for (let at = 0; at < count; at += 1000)
        await boss.insert(
          'nothing',
          Array.from({ length: Math.min(1000, count - at) }, (_, n) => ({ data: { n } })),
        );
    },
    async work(count) {
      let done = 0;
      const lane = async () => {
        while (done < count) {
          const jobs = await boss.fetch('nothing', { batchSize: 64 });
          if (jobs.length === 0) return;
          await boss.complete(
            'nothing',
            jobs.map(({ id }) => id),
          );
          done += jobs.length;
        }
      };
      await Promise.all([lane(), lane(), lane(), lane()]);
    },
    close: () => boss.stop({ graceful: false }),
  };
}

/** Bull on Redis. */
export function bull(url: string): Peer {
  const queue = new Bull(`mesh-bench-${process.pid}`, url);
  let done = 0;
  let isWorking = false;
  return {
    name: 'Bull on Redis',
    async prepare(count) {
      await queue.pause(true);
      for (let at = 0; at < count; at += 1000)
        await queue.addBulk(
          Array.from({ length: Math.min(1000, count - at) }, (_, n) => ({
            data: { n },
            opts: { removeOnComplete: true },
          })),
        );
    },
    async work(count) {
      done = 0;
      if (!isWorking)
        void queue.process(LANES, async () => {
          done++;
        });
      isWorking = true;
      await queue.resume(true);
      while (done < count) await sleep(5);
    },
    close: async () => {
      await queue.obliterate({ force: true });
      await queue.close();
    },
  };
}
