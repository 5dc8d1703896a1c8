import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type * as contract from '#libs/contracts/mesh-jobs';
import { AppError } from '#libs/errors/app-error';
import { Engine } from '../engine.js';
import { onlyAdmins } from '../nodes/credentials.js';
import { REVOKE, type Revoked } from '../leases/statements/revoke.js';
import { Sites } from '../sites/sites.js';
import { onceFor } from './idempotency.js';
import { historiesOf, jobViews } from './job-views.query.js';

type Draft = contract.JobDraft;
type Job = contract.Job;

/** Jobs, as administrators make, see and end them. */
@Injectable()
export class Jobs {
  constructor(
    private readonly database: DataSource,
    private readonly engine: Engine,
    private readonly sites: Sites,
  ) {}

  /** All or none; sites that are not known yet are made with the usual politeness. */
  async create(
    caller: Caller,
    { jobs, idempotency_key: key }: InputOf<typeof contract.createJobs>,
  ): Promise<OutputOf<typeof contract.createJobs>> {
    const actor = onlyAdmins(caller);
    const drafts = Array.isArray(jobs) ? jobs : [jobs];
    const { answer, sites } = await this.database.transaction(async (manager) => {
      const ids = await this.sites.idsOf(
        manager,
        drafts.map(({ site_id }) => site_id),
      );
      const made = await onceFor(manager, { actor, operation: 'jobs', key, content: drafts }, async () => ({
        jobs: await insertJobs(manager, drafts, ids),
      }));
      return { answer: made, sites: [...new Set(ids.values())] };
    });
    await this.sites.learn(sites);
    this.engine.jobsAdded(sites);
    return answer;
  }

  async list(caller: Caller, wish: InputOf<typeof contract.listJobs>): Promise<OutputOf<typeof contract.listJobs>> {
    onlyAdmins(caller);
    const { site_id, state, after, limit } = wish;
    const site = site_id === null ? null : await this.sites.idOf(this.database.manager, site_id);
    const stored = state === null ? null : state === 'pending' || state === 'leased' ? 'queued' : state;
    const held = state === 'leased' ? true : state === 'pending' ? false : null;
    const items = await jobViews(
      this.database.manager,
      `($1::int is null or j.site = $1) and ($2::text is null or j.state = $2) and ($3::bigint is null or j.id < $3)
       and ($4::bool is null or (s.id is not null and s.expires_at > now()) = $4) order by j.id desc limit $5`,
      [site, stored, after, held, limit + 1],
    );
    return pageOf(items, limit);
  }

  async get(caller: Caller, id: number): Promise<OutputOf<typeof contract.getJob>> {
    onlyAdmins(caller);
    const job = await this.find(this.database.manager, id);
    return { ...job, history: (await historiesOf(this.database.manager, [job.id])).get(job.id) ?? [] };
  }

  /** Cancels a job. Where a node is at it, its lease ends: it is told so at its next word, and nothing it reports holds. */
  async cancel(caller: Caller, id: number): Promise<Job> {
    const actor = onlyAdmins(caller);
    const { job, slots } = await this.database.transaction(async (manager) => {
      const [revoked] = await manager.query<Revoked[]>(REVOKE, [id]);
      const { site, epoch, slots } = revoked!;
      const known = await this.find(manager, id);
      if (site === null)
        throw new AppError('conflict', `Job ${id} is ${known.state}; only waiting jobs can be cancelled.`);
      const act = { actor, act: 'job.cancelled', subject: `job ${id}`, site, epoch };
      await this.engine.audit.write((sql, values) => manager.query(sql, values), act);
      return { job: known, slots };
    });
    await this.engine.slotsChanged(slots);
    return job;
  }

  requeue(caller: Caller, id: number): Promise<Job> {
    return this.move(caller, id, { to: 'queued', act: 'job.requeued' });
  }

  discard(caller: Caller, id: number): Promise<Job> {
    return this.move(caller, id, { to: 'cancelled', act: 'job.discarded' });
  }

  async deadLetters(
    caller: Caller,
    { after, limit }: InputOf<typeof contract.listDeadLetters>,
  ): Promise<OutputOf<typeof contract.listDeadLetters>> {
    onlyAdmins(caller);
    const manager = this.database.manager;
    const dead = await jobViews(
      manager,
      `j.state = 'dead' and ($1::bigint is null or j.id < $1) order by j.id desc limit $2`,
      [after, limit + 1],
    );
    const { items, next } = pageOf(dead, limit);
    const histories = await historiesOf(
      manager,
      items.map(({ id }) => id),
    );
    return { items: items.map((job) => ({ ...job, history: histories.get(job.id) ?? [] })), next };
  }

  private async move(caller: Caller, id: number, step: { to: string; act: string }): Promise<Job> {
    const actor = onlyAdmins(caller);
    const { job, site } = await this.database.transaction(async (manager) => {
      const [moved] = await manager.query<[{ site: number }[], number]>(
        `update jobs set state = $2, attempts = case when $2 = 'queued' then 0 else attempts end, not_before = case when $2 = 'queued' then now() else not_before end,
           deadline = case when $2 = 'queued' then null else deadline end, finished_at = case when $2 = 'queued' then null else now() end
         where id = $1 and state = 'dead' returning site`,
        [id, step.to],
      );
      const known = await this.find(manager, id);
      if (moved.length === 0)
        throw new AppError('conflict', `Job ${id} is ${known.state}; only dead jobs can be ${step.act.slice(4)}.`);
      const { site } = moved[0]!;
      await this.engine.audit.write((sql, values) => manager.query(sql, values), {
        actor,
        act: step.act,
        subject: `job ${id}`,
        site,
      });
      return { job: known, site };
    });
    if (step.to === 'queued') this.engine.jobsAdded([site]);
    return job;
  }

  private async find(manager: EntityManager, id: number): Promise<Job> {
    const [job] = await jobViews(manager, 'j.id = $1', [id]);
    if (job === undefined) throw new AppError('not_found', 'Job not found');
    return job;
  }
}

/** Writes jobs; a draft whose dedup key waits already at its site gives that job, and the database decides which. */
export async function insertJobs(
  manager: EntityManager,
  drafts: readonly (Draft & { plan_id?: number; part?: number })[],
  ids: ReadonlyMap<string, number>,
): Promise<{ id: number; site_id: string; created: boolean }[]> {
  const made: { id: number; site_id: string; created: boolean }[] = [];
  const inserted = await manager.query<{ ord: number; id: number }[]>(
    `with draft as (
       select *, nextval(pg_get_serial_sequence('jobs', 'id')) as new_id
       from unnest($1::int[], $2::text[], $3::smallint[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::int[], $8::smallint[], $9::json[], $10::bigint[], $11::int[])
         with ordinality as d(site, kind, priority, not_before, deadline, dedup_key, cost, max_attempts, payload, plan_id, part, ord)
       order by ord
     ), made as (
       insert into jobs (id, site, kind, priority, not_before, deadline, dedup_key, cost, max_attempts, payload, plan_id, part) overriding system value
       select new_id, site, kind, priority, coalesce(not_before, now()), deadline, dedup_key, cost, max_attempts, payload, plan_id, part from draft
       on conflict (site, dedup_key) where state = 'queued' and dedup_key is not null do nothing
       returning id
     )
     select d.ord::int, m.id from draft d join made m on m.id = d.new_id`,
    [
      drafts.map(({ site_id }) => ids.get(site_id)),
      drafts.map(({ kind }) => kind),
      drafts.map(({ priority }) => priority),
      drafts.map(({ not_before }) => not_before),
      drafts.map(({ deadline }) => deadline),
      drafts.map(({ dedup_key }) => dedup_key),
      drafts.map(({ partition }) => (partition === null ? 1 : partition.page_to - partition.page_from + 1)),
      drafts.map(({ max_attempts }) => max_attempts),
      drafts.map(({ payload, partition }) => JSON.stringify({ ...payload, ...partition })),
      drafts.map(({ plan_id }) => plan_id ?? null),
      drafts.map(({ part }) => part ?? null),
    ],
  );
  const byPlace = new Map(inserted.map(({ ord, id }) => [ord, id]));
  for (const [place, { site_id, dedup_key }] of drafts.entries()) {
    const id = byPlace.get(place + 1) ?? (await waitingWith(manager, ids.get(site_id)!, dedup_key!));
    made.push({ id, site_id, created: byPlace.has(place + 1) });
  }
  return made;
}

async function waitingWith(manager: EntityManager, site: number, dedupKey: string): Promise<number> {
  const [row] = await manager.query<{ id: number }[]>(
    `select id from all_jobs where site = $1 and dedup_key = $2 order by state = 'queued' desc, id desc limit 1`,
    [site, dedupKey],
  );
  return row!.id;
}

export function pageOf<Item extends { id: number }>(
  items: Item[],
  limit: number,
): { items: Item[]; next: number | null } {
  const page = items.slice(0, limit);
  return { items: page, next: items.length > limit ? page.at(-1)!.id : null };
}
