import { emission } from '../domain/pacing.js';
import type { Worker } from '../leases/board.js';
import { Scheduler, type Grant, type Report } from '../leases/scheduler.js';
import type { Guard } from './guards.js';
import { FREE_SLOT, ModelDatabase } from './model-database.js';
import { Oracle } from './oracle.js';
import { SimulatedStore, type Weather } from './simulated-store.js';
import { chanceOf, VirtualTime } from './virtual-time.js';

export interface History {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly grants: number;
  readonly settlements: number;
  readonly acknowledged: number;
  readonly ended: number;
  /** A number that two runs of the same seed share, and hardly any others. */
  readonly print: number;
}

export interface Scenario {
  readonly nodes: number;
  readonly sites: number;
  readonly jobs: number;
  readonly replicas: number;
  /** For how long faults happen; afterwards everything has time to come to rest. */
  readonly stormMs: number;
  readonly zombies: number;
}

export const USUAL: Scenario = { nodes: 12, sites: 6, jobs: 60, replicas: 2, stormMs: 240_000, zombies: 0.1 };

const TTL_MS = 10_000;
const QUARANTINE_MS = 1000;
const MOST_TTLS = 12;
const PER_HOUR = 40;
const MIN_INTERVAL_MS = 500;
const QUIET_REPORT = {
  reception: 'welcome',
  retryAfterMs: null,
  jobRetryMs: 1000,
  isFinal: false,
  error: null,
  stats: null,
  observed: null,
} as const;

/** Plays one history of a mesh: replicas that die, a database far away, nodes that lie, sleep and repeat themselves. */
export async function simulate(
  seed: number,
  scenario: Scenario = USUAL,
  without: readonly Guard[] = [],
): Promise<History> {
  const world = new World(seed, scenario, new Set(without));
  return world.play();
}

class World {
  private readonly time = new VirtualTime();
  private readonly random: () => number;
  private readonly oracle: Oracle;
  private readonly database: ModelDatabase;
  private readonly weather: Weather = { lossy: 0.02, slowMs: 2000 };
  private readonly replicas: { scheduler: Scheduler; store: SimulatedStore }[] = [];
  private acknowledged = 0;
  private print = 0;
  private isStormy = true;

  constructor(
    private readonly seed: number,
    private readonly scenario: Scenario,
    without: ReadonlySet<Guard>,
  ) {
    this.random = chanceOf(seed);
    const times = { ttlMs: TTL_MS, quarantineMs: QUARANTINE_MS, perHour: PER_HOUR, minIntervalMs: MIN_INTERVAL_MS };
    this.oracle = new Oracle(() => this.database, times);
    this.database = new ModelDatabase(without, this.oracle);
    this.fill();
  }

  async play(): Promise<History> {
    const { scenario, time } = this;
    for (let replica = 0; replica < scenario.replicas; replica++) this.startReplica(replica);
    for (let node = 1; node <= scenario.nodes; node++) void this.live(node).catch((error: unknown) => this.fail(error));
    void this.meddle().catch((error: unknown) => this.fail(error));
    await time.runUntil(time.now + scenario.stormMs);
    this.isStormy = false;
    this.weather.lossy = 0;
    for (const id of this.database.sites.keys()) this.change(id, { state: 'open', blockedUntil: null, owner: null });
    for (const { scheduler } of this.replicas) void scheduler.load().catch((error: unknown) => this.fail(error));
    await time.runUntil(time.now + 6 * 3_600_000);
    this.oracle.atEnd(time.now);
    for (const { scheduler } of this.replicas) scheduler.close();
    const jobs = [...this.database.jobs.values()];
    return {
      seed: this.seed,
      violations: this.oracle.violations,
      grants: this.oracle.grants,
      settlements: this.oracle.settlements,
      acknowledged: this.acknowledged,
      ended: jobs.filter(({ state }) => state !== 'queued').length,
      print: this.print,
    };
  }

  /** Sites alone, two that share a group, one that is open to three, one with a budget per hour. */
  private fill(): void {
    const { database, scenario } = this;
    for (let id = 1; id <= scenario.sites; id++) {
      const group = id === 2 ? 1 : id;
      const streams = id === 3 ? 3 : 1;
      const hour = emission(id === 4 ? PER_HOUR : null, 3_600_000, 1, 1);
      const paced = { hourEmitMs: hour.emitMs, hourToleranceMs: hour.toleranceMs };
      if (group === id) database.groups.set(id, { id, streams, minIntervalMs: MIN_INTERVAL_MS, ...paced });
      database.sites.set(id, {
        id,
        siteId: `site-${id}`,
        aliases: [],
        group,
        groupName: `group-${group}`,
        streams,
        minIntervalMs: MIN_INTERVAL_MS,
        pace: 1,
        state: 'open',
        maxWorkers: streams > 1 ? 2 : 1,
        requires: [],
        quietHours: [],
        blockedUntil: null,
        owner: null,
        ownerUrl: null,
      });
      for (let stream = 0; group === id && stream < streams; stream++) this.addSlot(group, stream);
      database.cursors.set(`${id} main`, { value: null, version: 0, ordering: 'integer' });
    }
    for (let id = 1; id <= scenario.jobs; id++) this.addJob(id, 1 + (id % scenario.sites), 0);
  }

  private addSlot(group: number, stream: number): void {
    const id = this.database.slots.size + 1;
    this.database.slots.set(id, { id, group, stream, epoch: 0, eligibleAt: 0, pressure: 0, hourPaid: 0, ...FREE_SLOT });
  }

  private addJob(id: number, site: number, delayMs: number): void {
    const fresh = {
      deadline: null,
      cost: 1,
      attempts: 0,
      everyMs: null,
      outcome: null,
      finishedEpoch: null,
      finishedBy: null,
    };
    const notBefore = this.time.now + delayMs;
    this.database.jobs.set(id, { id, site, state: 'queued', priority: 0, notBefore, maxAttempts: 1000, ...fresh });
  }

  private startReplica(place: number): void {
    const store = new SimulatedStore(this.database, this.time, this.random, this.weather);
    const seams = this.time.seams(this.random, (this.random() - 0.5) * 60_000);
    const scheduler = new Scheduler(store, seams, { ttlMs: TTL_MS, quarantineMs: QUARANTINE_MS }, SILENT);
    this.replicas[place] = { scheduler, store };
    const load = (): void =>
      void scheduler.load().catch(() => {
        if (!store.isDead) this.time.after(500, load);
      });
    load();
  }

  /** Operators and accidents: replicas are killed, sites paused, blocked and given away, jobs added and cancelled. */
  private async meddle(): Promise<void> {
    let nextJob = this.scenario.jobs;
    while (this.isStormy) {
      await this.time.sleep(this.random() * 8000);
      if (!this.isStormy) return;
      const site = this.database.sites.get(1 + Math.floor(this.random() * this.scenario.sites))!;
      const throwOf = this.random();
      if (throwOf < 0.25) {
        const place = Math.floor(this.random() * this.replicas.length);
        this.replicas[place]!.store.isDead = true;
        this.replicas[place]!.scheduler.close();
        this.startReplica(place);
      } else if (throwOf < 0.35) this.change(site.id, { state: site.state === 'open' ? 'paused' : 'open' });
      else if (throwOf < 0.45) this.change(site.id, { blockedUntil: this.time.now + this.random() * 20_000 });
      else if (throwOf < 0.55) this.change(site.id, { owner: site.owner === null ? 'east' : null });
      else if (throwOf < 0.65) {
        const leased = new Set([...this.database.slots.values()].map(({ job }) => job));
        const isLeased = this.random() < 0.5;
        const jobs = [...this.database.jobs.values()].filter(
          ({ id, state }) => state === 'queued' && leased.has(id) === isLeased,
        );
        const job = jobs[Math.floor(this.random() * jobs.length)];
        if (job !== undefined) this.database.revoke(job.id, this.time.now);
        if (this.random() < 0.5) for (const { scheduler } of this.replicas) this.recheck(scheduler);
      } else {
        this.addJob(++nextJob, site.id, this.random() < 0.3 ? this.random() * 10_000 : 0);
        if (this.random() < 0.7) for (const { scheduler } of this.replicas) scheduler.noteJobs(site.id, null);
      }
    }
  }

  private recheck(scheduler: Scheduler): void {
    void scheduler.recheck([...this.database.slots.keys()]).catch(() => {});
  }

  private change(id: number, changes: object): void {
    this.database.sites.set(id, { ...this.database.sites.get(id)!, ...changes });
  }

  /** The life of a node: take, crawl, keep alive, finish; sometimes fall silent and come back with old papers. */
  private async live(id: number): Promise<void> {
    const isZombie = this.random() < this.scenario.zombies;
    const worker: Worker = { id, name: `node-${id}`, capabilities: {}, entitled: null, mostTtls: MOST_TTLS, active: 0 };
    const end = this.time.now + this.scenario.stormMs + 5 * 3_600_000;
    while (this.time.now < end) {
      await this.time.sleep(50 + this.random() * (this.isStormy ? 500 : 30_000));
      const grant = await this.asked(worker, (scheduler) =>
        scheduler.lease({ worker, sites: null, most: 1, waitMs: 5000 }),
      );
      const [taken] = grant?.grants ?? [];
      if (taken !== undefined) await this.work(worker, taken, isZombie && this.isStormy);
    }
  }

  private async work(worker: Worker, grant: Grant, isZombie: boolean): Promise<void> {
    const { time, oracle } = this;
    const begun = time.now;
    let safeUntil = begun + 0.8 * TTL_MS;
    const site = grant.site.row.id;
    const crawl = this.random() * (this.random() < 0.2 ? 25_000 : 4000);
    oracle.crawls(worker.id, site, true, time.now);
    const endAt = begun + crawl;
    if (isZombie && this.random() < 0.7) {
      oracle.crawls(worker.id, site, false, time.now);
      await time.sleep(TTL_MS * (1 + 2 * this.random()));
      if (this.random() < 0.5)
        await this.asked(worker, (scheduler) => scheduler.renew(grant.slot, grant.epoch, worker));
    } else {
      while (time.now < endAt && time.now < safeUntil) {
        await time.sleep(Math.min(endAt - time.now, TTL_MS / 5, Math.max(1, safeUntil - time.now)));
        const asked = time.now;
        const renewed =
          time.now < safeUntil
            ? await this.within(
                safeUntil - time.now,
                this.asked(worker, (scheduler) => scheduler.renew(grant.slot, grant.epoch, worker)),
              )
            : undefined;
        if (renewed === null) break;
        if (renewed !== undefined) safeUntil = asked + 0.8 * TTL_MS;
      }
      oracle.crawls(worker.id, site, false, time.now);
    }
    await this.finish(worker, grant);
  }

  private async finish(worker: Worker, grant: Grant): Promise<void> {
    const { slot, epoch, job } = grant;
    const kind = this.random();
    const outcome = kind < 0.8 ? 'done' : kind < 0.9 ? 'failed' : kind < 0.95 ? 'released' : 'progress';
    const value = String(Number(grant.cursorValue ?? 0) + (this.random() < 0.05 ? -5 : 1));
    const version = this.random() < 0.5 ? grant.cursorVersion : this.random() < 0.9 ? null : grant.cursorVersion + 1;
    const cursor = outcome === 'done' || outcome === 'progress' ? { name: 'main', value, version } : null;
    const liar = this.random() < 0.05;
    const report: Report = {
      slot,
      epoch: liar && this.random() < 0.5 ? epoch - 1 : epoch,
      job: liar && this.random() < 0.3 ? job + 1 : job,
      worker: liar && this.random() < 0.3 ? { ...worker, id: worker.id + 1 } : worker,
      outcome,
      cursor,
      ...QUIET_REPORT,
    };
    const times = this.random() < 0.1 ? 2 : 1;
    for (let time = 0; time < times; time++) {
      const settled = await this.asked(worker, (scheduler) => scheduler.settle(report));
      if (settled != null && outcome === 'done' && settled.jobState === 'done') {
        this.acknowledged++;
        this.print = (Math.imul(this.print, 31) + report.job * 7 + Math.floor(this.time.now)) >>> 0;
        this.oracle.acknowledged(report.job, this.time.now);
      }
    }
    if (outcome === 'progress')
      await this.asked(worker, (scheduler) => scheduler.settle({ ...report, outcome: 'done', cursor: null }));
  }

  /** Asks some replica over a bad network; undefined when no answer comes back. */
  private async asked<Answer>(
    _worker: Worker,
    ask: (scheduler: Scheduler) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    const { scheduler } = this.replicas[Math.floor(this.random() * this.replicas.length)]!;
    await this.time.sleep(this.random() * (this.random() < this.weather.lossy ? 6000 : 20));
    const answer = this.within(
      20_000,
      ask(scheduler).catch(() => undefined),
    );
    const got = await answer;
    await this.time.sleep(this.random() * 20);
    return this.random() < this.weather.lossy ? undefined : got;
  }

  private within<Answer>(ms: number, answer: Promise<Answer>): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const off = this.time.after(ms, () => resolve(undefined));
      void answer.then((value) => {
        off();
        resolve(value);
      });
    });
  }

  private fail(error: unknown): void {
    this.oracle.violations.push(
      `the simulation itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
}

const SILENT = { granted: () => {}, lapsed: () => {}, contended: () => {}, freed: () => {} };
