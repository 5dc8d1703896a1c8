import { readFileSync } from 'node:fs';
import type { Worker } from '../../services/mesh/leases/board.js';
import type { Scheduler } from '../../services/mesh/leases/scheduler.js';

/** Takes and finishes so many leases with so many at once; each finish moves the cursor. Gives cycles per second. */
export async function cycles(
  scheduler: Scheduler,
  { count, lanes }: { count: number; lanes: number },
): Promise<number> {
  let left = count;
  let done = 0;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const worker: Worker = { id: lane + 1, name: `node-${lane + 1}`, capabilities: {}, entitled: null, active: 0 };
      while (left-- > 0) {
        const { grants } = await scheduler.lease({ worker, sites: null, most: 1, waitMs: 0 });
        const [grant] = grants;
        if (grant === undefined) continue;
        const { slot, epoch, job } = grant;
        const cursor = { name: 'main', value: `page-${epoch}`, version: grant.cursorVersion };
        const settled = await scheduler.settle({ slot, epoch, job, worker, outcome: 'done', cursor, ...QUIET });
        if (settled !== null) done++;
      }
    }),
  );
  return (done * 1000) / (performance.now() - begun);
}

const QUIET = {
  reception: 'welcome',
  retryAfterMs: null,
  jobRetryMs: null,
  isFinal: false,
  error: null,
  stats: null,
  observed: null,
} as const;

/** CPU time of this process and of the given ones with their children, in microseconds, from /proc. */
export function cpuOf(parents: readonly number[]): number {
  let ticks = 0;
  for (const pid of parents) ticks += ticksOf(pid) ?? 0;
  const { user, system } = process.cpuUsage();
  return user + system + ticks * 10_000;
}

function ticksOf(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return undefined;
  }
}
