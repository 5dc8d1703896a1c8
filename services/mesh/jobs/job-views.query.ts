import type { EntityManager } from 'typeorm';
import type { Job } from '#libs/contracts/mesh-jobs';

/** Jobs as the contract shows them, by a condition on `j` (jobs, those that are done among them) and `t` (sites); who holds one is read from its slot. */
export function jobViews(manager: EntityManager, condition: string, values: unknown[]): Promise<Job[]> {
  return manager.query<Job[]>(
    `select j.id, t.site_id, j.kind,
       case when s.id is not null and s.expires_at > now() then 'leased' when j.state = 'queued' then 'pending' else j.state end as state,
       j.priority, j.not_before, j.deadline, j.dedup_key, j.attempts, j.max_attempts, j.every_s, j.plan_id,
       case when json_typeof(j.payload) = 'object' then j.payload else '{}' end as payload, j.outcome,
       j.last_error, n.node_id as leased_by, j.created_at, j.finished_at
     from all_jobs j join sites t on t.id = j.site
     left join slots s on s.group_id = t.group_id and s.job = j.id and j.state = 'queued'
     left join nodes n on n.id = s.node and s.expires_at > now()
     where ${condition}`,
    values,
  );
}

/** What became of each lease of jobs, the oldest first. */
export async function historiesOf(manager: EntityManager, jobs: readonly number[]): Promise<Map<number, Attempt[]>> {
  const rows = await manager.query<(Attempt & { job: number })[]>(
    `select a.job, a.epoch, n.node_id, a.outcome, a.error, a.leased_at, a.at as ended_at from history a left join nodes n on n.id = a.node
     where a.job = any($1) and a.outcome <> 'progress' order by a.at, a.epoch`,
    [jobs],
  );
  return Map.groupBy(rows, ({ job }) => job) as Map<number, Attempt[]>;
}

interface Attempt {
  epoch: number;
  node_id: string | null;
  outcome: string;
  error: string | null;
  leased_at: Date | null;
  ended_at: Date;
}
