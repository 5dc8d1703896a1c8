import type { Pool } from 'pg';
import { emission } from '../domain/pacing.js';
import type { LeaseStore, SiteRow } from '../leases/lease-store.js';
import { STATEMENTS } from '../leases/postgres-lease-store.js';
import type { Revoked } from '../leases/statements/revoke.js';
import { FREE_SLOT, ModelDatabase } from './model-database.js';

const SITES = 6;
const JOBS = 48;
const TTL = { ttlMs: 10_000, quarantineMs: 1000 };
/** How long leases may last in all: one bound bites, the other does not. */
const MOST_MS = [4000, 600_000];
/** The sites whose cursors hold moments; the others count. */
const TIMED = [1, 2, 5];
const NO_MOMENTS = ['words', 'infinity', '12', '2026-02-29T00:00:00Z', '0000-01-01T00:00:00Z', '2026-01-01T24:00:00Z'];
const MOMENTS = ['expiresAt', 'eligibleAt', 'leasedAt', 'hourPaid', 'pressedAt'] as const;

/**
 * The same mesh twice, in PostgreSQL and in the model, that is asked the same things at the same time: how one tells that
 * the model is true to the statements, and that a statement without one of its guards is not.
 */
export class Twin {
  private readonly model = new ModelDatabase();

  constructor(
    private readonly pool: Pool,
    private readonly store: LeaseStore,
    private readonly random: () => number,
    private readonly revoke = STATEMENTS.revoke,
  ) {}

  /** Asks so many things of both; the first difference, or undefined when there is none. */
  async difference(count: number): Promise<string | undefined> {
    await this.fill();
    for (let step = 0; step < count; step++) {
      const found = await this.step().catch((error: unknown) => `it failed: ${String(error)}`);
      if (found !== undefined) return `step ${step}: ${found}`;
    }
    return this.states();
  }

  private async step(): Promise<string | undefined> {
    const dice = this.random();
    if (dice < 0.1) return this.pass(this.random() * 6000);
    if (dice < 0.16) return this.meddle();
    if (dice < 0.19) return this.confirm();
    const slot = this.pick([...this.model.slots.values()]);
    const epoch = this.random() < 0.15 ? slot.epoch - 1 + Math.floor(this.random() * 3) : slot.epoch;
    const node = slot.node !== null && this.random() < 0.85 ? slot.node : 1 + Math.floor(this.random() * 4);
    const sites = [...this.model.sites.values()].filter(({ group }) => group === slot.group);
    const site = this.pick(sites).id;
    const jobs = [...this.model.jobs.values()].filter((job) => job.site === site);
    // Those that were tried before are seldom due yet.
    const tried = jobs.filter(({ state, attempts }) => state === 'queued' && attempts > 0);
    const job = this.pick(tried.length > 0 && this.random() < 0.3 ? tried : jobs).id;
    const siblings = [...this.model.slots.values()].filter(({ group }) => group === slot.group).map(({ id }) => id);
    if (dice < 0.46) {
      const named = siblings.length === 1 && this.random() < 0.7 ? null : job;
      const wish = { ...TTL, slot: slot.id, epoch, site, job: named, node, siblings, ahead: this.pick([1, 4, 16]) };
      return this.compare(`claim ${JSON.stringify(wish)}`, await this.store.claim([wish]), (now) =>
        this.model.claim([wish], now),
      );
    }
    if (dice < 0.78) {
      const outcome = this.pick(['done', 'failed', 'released', 'progress'] as const);
      const value = this.value(slot.site ?? site);
      const version = this.random() < 0.5 ? null : this.random() < 0.7 ? (slot.cursorVersion ?? 0) : 1;
      const cursor = this.random() < 0.5 ? { name: 'main', value, version } : null;
      const held = slot.job !== null && this.random() < 0.85 ? slot.job : job;
      const act = {
        ...TTL,
        mostMs: this.pick(MOST_MS),
        slot: slot.id,
        isAlone: siblings.length === 1 && this.random() < 0.8,
        site,
        epoch,
        node,
        job: held,
        outcome,
        restMs: this.pick([0, 700]),
        pressure: 0,
        isPressed: false,
        retryMs: this.pick([null, 1000]),
        jitter: 1,
        isFinal: this.random() < 0.1,
        error: null,
        stats: null,
        cursor,
        observed: null,
      };
      return this.compare(`settle ${JSON.stringify(act)}`, await this.store.settle([act]), (now) =>
        this.model.settle([act], now),
      );
    }
    if (dice < 0.92) {
      const act = { ...TTL, mostMs: this.pick(MOST_MS), slot: slot.id, epoch, node };
      return this.compare(`renew ${JSON.stringify(act)}`, await this.store.renew([act]), (now) =>
        this.model.renew([act], now),
      );
    }
    const act = { slot: slot.id, epoch };
    return this.compare(`lapse ${JSON.stringify(act)}`, await this.store.lapse([act]), (now) =>
      this.model.lapse([act], now),
    );
  }

  private async confirm(): Promise<string | undefined> {
    const held = [...this.model.slots.values()].filter((slot) => slot.job !== null);
    if (held.length === 0) return undefined;
    const { job, node: holder } = this.pick(held) as { job: number; node: number | null };
    if (holder !== null) return this.cancel(job);
    const node = this.random() < 0.6 ? this.model.jobs.get(job)!.finishedBy! : 1 + Math.floor(this.random() * 4);
    const act = { job, node, restMs: this.pick([0, 700]) };
    const answer = await this.store.confirm(act);
    return this.compare(`confirm ${JSON.stringify(act)}`, { now: answer?.now ?? 0, answers: [answer] }, (now) => [
      this.model.confirm(act, now),
    ]);
  }

  private value(site: number): string {
    const number = Math.floor(this.random() * 30);
    const isGood = this.random() < 0.9;
    if (!TIMED.includes(site)) return isGood ? String(number) : 'words';
    return isGood ? `2026-11-${String(number + 1).padStart(2, '0')}T04:00:00+02:00` : this.pick(NO_MOMENTS);
  }

  private compare(
    what: string,
    { now, answers }: { now: number; answers: readonly unknown[] },
    ask: (now: number) => readonly unknown[],
  ): string | undefined {
    const [real, modelled] = [shown(answers[0]), shown(ask(now)[0])];
    return isSame(real, modelled)
      ? undefined
      : `${what}: PostgreSQL says ${JSON.stringify(real)}, the model ${JSON.stringify(modelled)}`;
  }

  /** Lets time pass by moving every moment there is into the past. */
  private async pass(ms: number): Promise<undefined> {
    const earlier = (column: string) => `${column} = ${column} - $1::float8 * interval '1 ms'`;
    await this.pool.query(
      `update slots set ${['expires_at', 'eligible_at', 'leased_at', 'hour_paid'].map(earlier).join(', ')}`,
      [ms],
    );
    await this.pool.query(`update jobs set ${earlier('not_before')}`, [ms]);
    await this.pool.query(`update sites set ${earlier('blocked_until')}`, [ms]);
    for (const slot of this.model.slots.values())
      for (const moment of MOMENTS) if (slot[moment] !== null) slot[moment]! -= ms;
    for (const job of this.model.jobs.values()) job.notBefore -= ms;
    for (const site of this.model.sites.values())
      if (site.blockedUntil !== null) this.change(site, { blockedUntil: site.blockedUntil - ms });
  }

  private async meddle(): Promise<undefined> {
    const sites = [...this.model.sites.values()];
    const closed = sites.filter(({ state, owner }) => state === 'paused' || owner !== null);
    // Most of the time most of them are open, or hardly anything would happen.
    const isRelief = closed.length > 0 && this.random() < 0.6;
    const site = this.pick(isRelief ? closed : sites);
    const kind = this.random();
    if (isRelief) {
      await this.pool.query(`update sites set state = 'open', owner = null where id = $1`, [site.id]);
      this.change(site, { state: 'open', owner: null });
    } else if (kind < 0.15) {
      // Where a cursor lives makes no difference, but that no wish that is under way holds any more.
      await this.pool.query('select bring_cursor($1)', [site.id]);
      const { rows } = await this.pool.query<{ id: number }>(
        'select id from slots where resident = $1 and job is null',
        [site.id],
      );
      for (const { id } of rows) this.model.slots.get(id)!.epoch++;
    } else if (kind < 0.35) {
      const state = site.state === 'open' ? 'paused' : 'open';
      await this.pool.query('update sites set state = $2 where id = $1', [site.id, state]);
      this.change(site, { state });
    } else if (kind < 0.6) {
      const owner = site.owner === null ? 'east' : null;
      await this.pool.query('update sites set owner = $2 where id = $1', [site.id, owner]);
      this.change(site, { owner });
    } else if (kind < 0.8) {
      const { rows } = await this.pool.query<{ until: number }>(
        `update sites set blocked_until = now() + interval '3 s' where id = $1 returning extract(epoch from blocked_until)::float8 * 1000 as until`,
        [site.id],
      );
      this.change(site, { blockedUntil: rows[0]!.until });
    } else {
      const job = this.pick([...this.model.jobs.values()]);
      if (job.state !== 'queued') {
        await this.pool.query(BROUGHT_BACK, [job.id, job.notBefore]);
        await this.pool.query(`update jobs set state = 'queued' where id = $1`, [job.id]);
        job.state = 'queued';
        return;
      }
      await this.cancel(job.id);
    }
  }

  private async cancel(job: number): Promise<undefined> {
    const { rows } = await this.pool.query<Revoked>(this.revoke, [job]);
    this.model.revoke(job, rows[0]!.now);
  }

  private change(site: SiteRow, changes: Partial<SiteRow>): void {
    this.model.sites.set(site.id, { ...site, ...changes });
  }

  private async fill(): Promise<void> {
    const { pool, model } = this;
    await pool.query(
      'truncate history, cursors, jobs, plans, slots, site_aliases, sites, groups restart identity cascade',
    );
    const hour = emission(60, 3_600_000, 1, 1);
    const clock = await pool.query<{ now: number }>(`select extract(epoch from now())::float8 * 1000 as now`);
    const { now } = clock.rows[0]!;
    for (let id = 1; id <= SITES; id++) {
      const streams = id === 3 ? 3 : 1;
      const paced =
        id === 4
          ? { hourEmitMs: hour.emitMs, hourToleranceMs: hour.toleranceMs }
          : { hourEmitMs: 0, hourToleranceMs: 0 };
      model.groups.set(id, { id, streams, minIntervalMs: 300, ...paced });
      await pool.query(
        'insert into groups (name, streams, min_interval_ms, hour_emit_ms, hour_tolerance_ms) values ($1, $2, 300, $3, $4)',
        [`group-${id}`, streams, paced.hourEmitMs, paced.hourToleranceMs],
      );
    }
    for (let id = 1; id <= SITES; id++) {
      const group = id === 2 ? 1 : id;
      const maxWorkers = id === 3 ? 2 : 1;
      const names = { siteId: `site-${id}`, aliases: [], groupName: `group-${group}`, requires: [], quietHours: [] };
      const paced = { streams: model.groups.get(group)!.streams, minIntervalMs: 300, pace: 1 };
      model.sites.set(id, {
        id,
        group,
        maxWorkers,
        state: 'open',
        blockedUntil: null,
        owner: null,
        ownerUrl: null,
        ...names,
        ...paced,
      });
      await pool.query('insert into sites (site_id, group_id, max_workers) values ($1, $2, $3)', [
        `site-${id}`,
        group,
        maxWorkers,
      ]);
      const ordering = TIMED.includes(id) ? 'time' : 'integer';
      model.cursors.set(`${id} main`, { value: null, version: 0, ordering });
      await pool.query(`insert into cursors (site, name, ordering) values ($1, 'main', $2)`, [id, ordering]);
    }
    for (const { id: group, streams } of model.groups.values())
      for (let stream = 0; group !== 2 && stream < streams; stream++) {
        const id = model.slots.size + 1;
        model.slots.set(id, {
          id,
          group,
          stream,
          epoch: 0,
          eligibleAt: now - 1000,
          pressure: 0,
          hourPaid: now - 10_000,
          ...FREE_SLOT,
        });
        await pool.query(
          `insert into slots (group_id, stream, eligible_at, hour_paid) values ($1, $2, to_timestamp($3::float8 / 1000), to_timestamp($4::float8 / 1000))`,
          [group, stream, now - 1000, now - 10_000],
        );
      }
    await pool.query('update slots set epoch = 0');
    for (let id = 1; id <= JOBS; id++) {
      const everyMs = id % 10 === 0 ? 2000 : null;
      const fresh = { deadline: null, cost: 1, attempts: 0, outcome: null, finishedEpoch: null, finishedBy: null };
      model.jobs.set(id, {
        id,
        site: 1 + (id % SITES),
        state: 'queued',
        priority: 0,
        notBefore: now - 1000,
        maxAttempts: 3,
        everyMs,
        ...fresh,
      });
      await pool.query(
        `insert into jobs (site, kind, max_attempts, every_s, not_before) values ($1, 'full', 3, $2, to_timestamp($3::float8 / 1000))`,
        [1 + (id % SITES), everyMs === null ? null : everyMs / 1000, now - 1000],
      );
    }
  }

  /** Whether both have come to the same. */
  private async states(): Promise<string | undefined> {
    const slots = await this.pool.query('select id, epoch, job, node, site, cursor_version from slots order by id');
    const jobs = await this.pool.query('select id, state, attempts, outcome, finished_epoch from all_jobs order by id');
    const cursors = await this.pool.query('select site, value, version from all_cursors order by site');
    const real = [slots.rows, jobs.rows, cursors.rows];
    const modelled = [
      [...this.model.slots.values()].map(({ id, epoch, job, node, site, cursorVersion: cursor_version }) => ({
        id,
        epoch,
        job,
        node,
        site,
        cursor_version,
      })),
      [...this.model.jobs.values()].map(({ id, state, attempts, outcome, finishedEpoch: finished_epoch }) => ({
        id,
        state,
        attempts,
        outcome,
        finished_epoch,
      })),
      [...this.model.cursors].map(([key, { value, version }]) => ({ site: parseInt(key, 10), value, version })),
    ];
    for (const [table, rows] of real.entries())
      for (const [at, row] of rows.entries())
        if (JSON.stringify(row) !== JSON.stringify(modelled[table]![at]))
          return `at the end PostgreSQL has ${JSON.stringify(row)}, the model ${JSON.stringify(modelled[table]![at])}`;
    return undefined;
  }

  private pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.random() * items.length)]!;
  }
}

/** A job that is done waits again, as if nobody had been at it. */
const BROUGHT_BACK = `
with back as (update history set kind = null where job = $1 and kind is not null returning *)
insert into jobs (id, site, kind, not_before, attempts, max_attempts, outcome, finished_epoch) overriding system value
select job, site, 'full', to_timestamp($2::float8 / 1000), attempts, max_attempts, outcome, epoch from back`;

const shown = (answer: unknown): Record<string, unknown> | null => (answer == null ? null : { ...answer });

/** Moments are equal within what PostgreSQL rounds off. */
function isSame(one: Record<string, unknown> | null, other: Record<string, unknown> | null): boolean {
  if (one === null || other === null) return one === other;
  return Object.keys(other).every((key) => {
    const [a, b] = [one[key], other[key]];
    if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) < 1;
    return JSON.stringify(a) === JSON.stringify(b);
  });
}
