import type { Pool } from 'pg';
import { setPace } from './sites/group-pace.js';

const AT_ONCE = 5000;

/**
 * What is kept, and for how long (the history of a dead letter as long as it is there); each is taken away a few thousand rows
 * at a time, as long as there are so many. With its history goes a job that is done; what it did of a plan is written down there.
 */
const OLD = [
  `with gone as (
     delete from history where ctid = any(array(select h.ctid from history h where h.at < now() - interval '30 days'
       and not exists (select from jobs j where j.id = h.job and j.state = 'dead') limit ${AT_ONCE}))
     returning plan_id, part
   ), kept as (
     update plans p set done = p.done + g.parts from (
       select plan_id, range_agg(int4range(part, part + 1)) as parts from gone where plan_id is not null group by plan_id
     ) g where p.id = g.plan_id
   ) select from gone`,
  `delete from audit where id in (select id from audit where at < now() - interval '90 days' order by id limit ${AT_ONCE})`,
  `delete from idempotency_keys where created_at < now() - interval '2 days'`,
  `delete from strangers where since < now() - interval '1 hour'`,
  `delete from replicas where seen_at < now() - interval '1 hour'`,
  // A shared key that was ended is remembered for good, or the settings would bring it back.
  `delete from keys where kind <> 'network' and valid_until < now() - interval '30 days'`,
];

/** A stretch of jobs by their ids; those that were cancelled long ago are cleared away, and where the stretch ends is the answer. */
const OLD_JOBS = `with stretch as (
    select id, state, finished_at from jobs where id > $1 order by id limit ${10 * AT_ONCE}
  ), gone as (
    delete from jobs where id in (select id from stretch where finished_at < now() - interval '30 days' and state = 'cancelled')
  ) select max(id) as last, count(*)::int as seen from stretch`;

/** Groups that were slowed down by a block come back to speed, a tenth an hour, when half a day passed without another. */
const RECOVER = `update groups g set pace = least(1, pace * 1.0016) where pace < 1
  and not exists (select from sites s where s.group_id = g.id and s.blocked_at > now() - interval '12 hours') returning id`;

/** Streams of a group that has fewer now, once they are free. */
const SPARE = `delete from slots s using groups g where g.id = s.group_id and s.stream >= g.streams and s.job is null`;

/** Jobs whose deadline passed while they waited are dead, with the reason. */
const OVERDUE = `update jobs j set state = 'dead', outcome = 'overdue', last_error = 'the deadline passed before anyone could do it', finished_at = now()
  where id in (select id from jobs where state = 'queued' and deadline < now() limit ${AT_ONCE})
  and not exists (select from slots s where s.job = j.id)`;

/** Names that came with the shared key and were not seen for a week; they may come again as new ones. */
const STRANGERS = `delete from nodes n where role = 'legacy' and state in ('active', 'left') and last_seen_at < now() - interval '7 days'
  and not exists (select from slots s where s.node = n.id) returning id`;

const MOST_ROUNDS = 100;

/** Where in the jobs the next round of clearing goes on. */
export interface Broom {
  job: number;
}

/** Throws nothing away that anyone still needs; safe to run in several replicas at once. Gives the groups that became faster, and the nodes that are gone. */
export async function keepHouse(pool: Pool, broom: Broom): Promise<{ faster: number[]; gone: number[] }> {
  for (const statement of [...OLD, OVERDUE, SPARE])
    for (let round = 0; round < MOST_ROUNDS; round++)
      if (((await pool.query(statement)).rowCount ?? 0) < AT_ONCE) break;
  const { rows: walked } = await pool.query<{ last: number | null; seen: number }>(OLD_JOBS, [broom.job]);
  broom.job = walked[0]!.seen < 10 * AT_ONCE ? 0 : walked[0]!.last!;
  const { rows } = await pool.query<{ id: number }>(RECOVER);
  for (const { id } of rows)
    await setPace(async (sql, values) => (await pool.query(sql, values)).rows as unknown[], id);
  const { rows: strangers } = await pool.query<{ id: number }>(STRANGERS);
  return { faster: rows.map(({ id }) => id), gone: strangers.map(({ id }) => id) };
}
