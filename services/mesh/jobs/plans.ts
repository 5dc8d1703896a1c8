import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type * as contract from '#libs/contracts/mesh-jobs';
import { AppError } from '#libs/errors/app-error';
import { extent, joined, slicesOf, type Slice } from '../domain/coverage.js';
import { Engine } from '../engine.js';
import { onlyAdmins } from '../nodes/credentials.js';
import { Sites } from '../sites/sites.js';
import { onceFor } from './idempotency.js';
import { insertJobs } from './jobs.js';

const MOST_PARTS = 10_000;

interface Spec extends Slice {
  by: 'pages' | 'time';
  size: number;
}

/** Crawls that are split into slices, which any entitled node may take, and how much of them is done. */
@Injectable()
export class Plans {
  constructor(
    private readonly database: DataSource,
    private readonly engine: Engine,
    private readonly sites: Sites,
  ) {}

  async create(
    caller: Caller,
    draft: InputOf<typeof contract.createPlan>,
  ): Promise<OutputOf<typeof contract.createPlan>> {
    const actor = onlyAdmins(caller);
    const { idempotency_key: key, site_id, kind, by, from, to, size, payload, priority, max_attempts } = draft;
    if (from > to)
      throw new AppError('invalid', 'A plan goes from a first place to a last one; this one ends before it begins.');
    if (Math.ceil((to - from + 1) / size) > MOST_PARTS)
      throw new AppError('invalid', `A plan has at most ${MOST_PARTS} slices. Make them larger.`, {
        reason: 'unprocessable',
      });
    const { plan, site } = await this.database.transaction(async (manager) => {
      const ids = await this.sites.idsOf(manager, [site_id]);
      const site = ids.get(site_id)!;
      const plan = await onceFor(manager, { actor, operation: 'plans', key, content: draft }, async () => {
        const slices = slicesOf({ from, to }, size);
        const spec: Spec = { by, from, to, size };
        const [row] = await manager.query<{ id: number }[]>(
          'insert into plans (site, kind, spec, parts, created_by) values ($1, $2, $3, $4, $5) returning id',
          [site, kind, JSON.stringify(spec), slices.length, actor],
        );
        const jobs = slices.map((slice, part) => ({
          site_id,
          kind,
          priority,
          max_attempts,
          not_before: null,
          deadline: null,
          dedup_key: null,
          plan_id: row!.id,
          part,
          partition: by === 'pages' ? { page_from: slice.from, page_to: slice.to } : null,
          payload: by === 'pages' ? payload : { ...payload, time_from: slice.from, time_to: slice.to },
        }));
        await insertJobs(manager, jobs, ids);
        return { id: row!.id, parts: slices.length };
      });
      return { plan, site };
    });
    await this.sites.learn([site]);
    this.engine.jobsAdded([site]);
    return plan;
  }

  async get(caller: Caller, id: number): Promise<OutputOf<typeof contract.getPlan>> {
    onlyAdmins(caller);
    const [plan] = await this.database.query<
      { site_id: string; kind: string; spec: Spec; parts: number; cleared: number[]; created_at: Date }[]
    >(
      `select t.site_id, p.kind, p.spec, p.parts, p.created_at,
         array(select generate_series(lower(r), upper(r) - 1) from unnest(p.done) r) as cleared
       from plans p join sites t on t.id = p.site where p.id = $1`,
      [id],
    );
    if (plan === undefined) throw new AppError('not_found', `There is no plan ${id}.`);
    const parts = await this.database.query<{ part: number; state: string }[]>(
      'select part, state from all_jobs where plan_id = $1 order by part',
      [id],
    );
    const { spec } = plan;
    const slices = slicesOf(spec, spec.size);
    const those = (state: string) => parts.filter((one) => one.state === state);
    // Jobs that were done long ago are gone; the plan remembers them.
    const done = new Set([...plan.cleared, ...those('done').map(({ part }) => part)]);
    const covered = joined(slices.filter((_, part) => done.has(part)));
    return {
      id,
      site_id: plan.site_id,
      kind: plan.kind,
      by: spec.by,
      from: spec.from,
      to: spec.to,
      parts: {
        total: plan.parts,
        done: done.size,
        pending: those('queued').length,
        dead: those('dead').length,
        cancelled: plan.parts - done.size - those('queued').length - those('dead').length,
      },
      coverage: extent(covered) / (spec.to - spec.from + 1),
      covered,
      missing: joined(slices.filter((_, part) => !done.has(part))),
      complete: done.size === plan.parts,
      created_at: plan.created_at,
    };
  }
}
