import type { Worker } from '../../services/mesh/leases/board.js';
import type { Scheduler } from '../../services/mesh/leases/scheduler.js';

/** Takes and finishes so many leases with so many at once; each finish moves the cursor. Gives how many were done. */
export async function cycles(
  scheduler: Scheduler,
  { count, lanes }: { count: number; lanes: number },
): Promise<number> {
  let left = count;
  let done = 0;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const worker: Worker = {
        id: lane + 1,
        name: `node-${lane + 1}`,
        capabilities: {},
        entitled: null,
        mostTtls: 288,
        active: 0,
      };
      while (left-- > 0) {
        const { grants } = await scheduler.lease({ worker, sites: null, most: 1, waitMs: 0 });
        const [grant] = grants;
        if (grant === undefined) continue;
        const { slot, epoch, job, cursorVersion: version } = grant;
        const cursor = { name: 'main', value: `page-${epoch}`, version };
        if ((await scheduler.settle({ slot, epoch, job, worker, outcome: 'done', cursor, ...QUIET })) !== null) done++;
      }
    }),
  );
  return done;
}

/** A report of which nothing needs to be remembered. */
export const QUIET = {
  reception: 'welcome',
  retryAfterMs: null,
  jobRetryMs: null,
  isFinal: false,
  error: null,
  stats: null,
  observed: null,
} as const;
