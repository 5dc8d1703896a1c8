import { emission } from '../../services/mesh/domain/pacing.js';
import type { Worker } from '../../services/mesh/leases/board.js';
import { Scheduler } from '../../services/mesh/leases/scheduler.js';
import { FREE_SLOT, ModelDatabase } from '../../services/mesh/simulation/model-database.js';
import { Oracle } from '../../services/mesh/simulation/oracle.js';
import { SimulatedStore } from '../../services/mesh/simulation/simulated-store.js';
import { chanceOf, VirtualTime } from '../../services/mesh/simulation/virtual-time.js';
import { QUIET } from './cycles.js';
import type { Progress } from './progress.js';

const [GROUPS, NODES, PER_HOUR, MIN_INTERVAL_MS, TTL_MS, QUARANTINE_MS] = [60, 80, 600, 1000, 60_000, 6000];
const HOUR_MS = 3_600_000;
export interface Politeness {
  readonly leases: number;
  readonly violations: readonly string[];
  /** The part of what the budgets allow that was used. */
  readonly used: number;
  /** Jain's index over the sites: 1 when each had its share. */
  readonly fairness: number;
}

/** Hungry nodes and more work than the budgets allow, in simulated time; every third group has two sites. */
export async function politeness(leases: number, progress: Progress): Promise<Politeness> {
  const time = new VirtualTime();
  const random = chanceOf(1);
  const times = { ttlMs: TTL_MS, quarantineMs: QUARANTINE_MS, perHour: PER_HOUR, minIntervalMs: MIN_INTERVAL_MS };
  const oracle: Oracle = new Oracle(() => database, times);
  const database: ModelDatabase = new ModelDatabase(new Set(), oracle);
  const shares = fill(database, time.now);
  const store = new SimulatedStore(database, time, random, { lossy: 0, slowMs: 0 });
  const silent = { granted: () => {}, lapsed: () => {}, contended: () => {}, freed: () => {} };
  const seams = time.seams(random, 0);
  const scheduler = new Scheduler(store, seams, { ttlMs: TTL_MS, quarantineMs: QUARANTINE_MS }, silent);
  void scheduler.load();
  const counts = new Map<number, number>();
  let isOver = false;
  const live = async (id: number) => {
    const worker: Worker = { id, name: `node-${id}`, capabilities: {}, entitled: null, mostTtls: 288, active: 0 };
    while (!isOver) {
      const { grants } = await scheduler.lease({ worker, sites: null, most: 1, waitMs: 60_000 });
      const [grant] = grants;
      if (grant === undefined) continue;
      counts.set(grant.site.row.id, (counts.get(grant.site.row.id) ?? 0) + 1);
      await time.sleep(100 + 400 * random());
      const { slot, epoch, job } = grant;
      await scheduler.settle({ slot, epoch, job, worker, outcome: 'done', ...QUIET, cursor: null });
    }
  };
  for (let id = 1; id <= NODES; id++) void live(id);
  const begun = time.now;
  for (let next = 1; oracle.grants < leases;) {
    await time.runUntil(time.now + HOUR_MS / 4);
    if (oracle.grants < (next * leases) / 20 || oracle.grants >= leases) continue;
    progress(oracle.grants, leases, `${oracle.violations.length} violations`);
    next = 1 + Math.floor((oracle.grants * 20) / leases);
  }
  isOver = true;
  const hours = (time.now - begun) / HOUR_MS;
  scheduler.close();
  const shared = [...shares].map(([site, share]) => (counts.get(site) ?? 0) / share);
  const sum = shared.reduce((total, one) => total + one, 0);
  const squares = shared.reduce((total, one) => total + one * one, 0);
  return {
    leases: oracle.grants,
    violations: oracle.violations,
    used: oracle.grants / (GROUPS * PER_HOUR * hours),
    fairness: (sum * sum) / (shared.length * squares),
  };
}

/** Groups with a stream and a budget each, their sites, and jobs that come back at once; gives each site's share of its group. */
function fill(database: ModelDatabase, now: number): Map<number, number> {
  const shares = new Map<number, number>();
  const { emitMs: hourEmitMs, toleranceMs: hourToleranceMs } = emission(PER_HOUR, HOUR_MS, 1, 1);
  for (let group = 1; group <= GROUPS; group++) {
    database.groups.set(group, { id: group, streams: 1, minIntervalMs: MIN_INTERVAL_MS, hourEmitMs, hourToleranceMs });
    database.slots.set(group, {
      id: group,
      group,
      stream: 0,
      epoch: 0,
      eligibleAt: 0,
      pressure: 0,
      hourPaid: 0,
      ...FREE_SLOT,
    });
    for (const id of group % 3 === 0 ? [group, group + GROUPS] : [group]) {
      shares.set(id, group % 3 === 0 ? 0.5 : 1);
      const names = { siteId: `site-${id}`, groupName: `group-${group}`, aliases: [], requires: [], quietHours: [] };
      const open = { state: 'open', blockedUntil: null, owner: null, ownerUrl: null } as const;
      const paced = { streams: 1, minIntervalMs: MIN_INTERVAL_MS, pace: 1, maxWorkers: 1 };
      database.sites.set(id, { id, group, ...names, ...open, ...paced });
      const fresh = {
        deadline: null,
        attempts: 0,
        outcome: null,
        finishedEpoch: null,
        finishedBy: null,
        priority: 0,
        cost: 1,
      };
      database.jobs.set(id, { id, site: id, state: 'queued', notBefore: now, maxAttempts: 1000, everyMs: 1, ...fresh });
    }
  }
  return shares;
}
