/** A finish that a node was told counts. */
export interface Acknowledged {
  readonly job: number;
  readonly slot: number;
  readonly epoch: number;
  readonly node: string;
}

type Query = <Row extends object>(sql: string, values?: unknown[]) => Promise<Row[]>;

/** Reads from what the database has written whether every promise was kept. */
export async function verdictOn(
  query: Query,
  acknowledged: readonly Acknowledged[],
  { minIntervalMs }: { minIntervalMs: number },
): Promise<{ figures: string[]; violations: string[] }> {
  const violations: string[] = [];
  for (const [what, sql] of Object.entries(NEVER)) {
    const found = await query<object>(`${sql} limit 5`, sql.includes('$1') ? [minIntervalMs] : []);
    for (const row of found) violations.push(`${what}: ${JSON.stringify(row)}`);
  }
  const lost = await query<object>(
    `select a.* from unnest($1::bigint[], $2::int[], $3::bigint[]) as a(job, slot, epoch)
     where not exists (select from history t where t.job = a.job and t.slot = a.slot and t.epoch = a.epoch and t.outcome = 'done')
        or exists (select from jobs j where j.id = a.job) limit 5`,
    [acknowledged.map(({ job }) => job), acknowledged.map(({ slot }) => slot), acknowledged.map(({ epoch }) => epoch)],
  );
  for (const row of lost) violations.push(`an acknowledged finish was lost: ${JSON.stringify(row)}`);
  const outcomes = await query<{ outcome: string; count: number }>(
    'select outcome, count(*)::int as count from history group by 1 order by 1',
  );
  const alive = await query<object>(
    `select s.id as slot, s.epoch, s.site, s.job, n.node_id, s.leased_at, s.expires_at, s.eligible_at, now() as now,
       n.last_seen_at, (select json_agg(a.*) from (select at, act, details from audit where actor = n.node_id order by id desc limit 3) a) as last_words
     from slots s left join nodes n on n.id = s.node where s.job is not null and s.eligible_at > now()`,
  );
  const told = outcomes.map(({ outcome, count }) => `${count} ${outcome}`).join(', ');
  const figures = [
    `leases: ${told}; acknowledged finishes: ${acknowledged.length}; leases still alive: ${alive.length}`,
  ];
  if (acknowledged.length === 0) violations.push('nothing was done at all');
  for (const lease of alive)
    violations.push(`a lease is alive although every node is gone and its time is over: ${JSON.stringify(lease)}`);
  return { figures, violations };
}

const ENDS = `outcome in ('done', 'failed', 'released', 'expired')`;

const INTERVALS = `with leases as (
  select slot, site, epoch, node, job, outcome, leased_at, at as ended_at,
    lead(leased_at) over w as next_leased, lead(epoch) over w as next_epoch
  from history where ${ENDS} window w as (partition by slot order by epoch, at))`;

const NEVER: Record<string, string> = {
  'two leases of one site at once': `${INTERVALS} select slot, epoch, next_epoch, ended_at, next_leased from leases where next_leased < ended_at and outcome <> 'expired'`,
  'a site was given away before the lease had run out': `${INTERVALS} select slot, epoch, leased_at, next_leased from leases where outcome = 'expired' and next_leased < ended_at`,
  'an epoch was given twice': `select slot, epoch, count(*) from history where ${ENDS} group by slot, epoch having count(*) > 1`,
  'a job was done twice': `select job, count(*) from history where outcome = 'done' group by job having count(*) > 1`,
  'a job is done, and waits besides': `select job from history h where outcome = 'done' and (kind is null or exists (select from jobs j where j.id = h.job))`,
  'a site was leased before its rest was over': `${INTERVALS} select slot, epoch, ended_at, next_leased from leases
    where outcome in ('done', 'failed') and next_leased < ended_at + $1::float8 * interval '1 ms'`,
  'a cursor was moved by a stale holder': `select m.site, m.cursor_version, m.epoch, m.node from history m
    where m.cursor_version is not null and m.epoch is not null and not exists (select from history a join slots s on s.id = a.slot
      where a.site = m.site and a.epoch = m.epoch and a.node = m.node and a.outcome = 'done')`,
  'a cursor jumped': `select * from (select site, cursor_version as version, cursor_value::bigint as value, lag(cursor_version) over w as before,
      lag(cursor_value::bigint) over w as value_before
    from history where cursor_version is not null window w as (partition by site order by cursor_version)) v where version <> coalesce(before, 0) + 1 or value < value_before`,
  'a cursor is not where its history ends': `select c.site, c.version from all_cursors c
    where c.version <> coalesce((select max(m.cursor_version) from history m where m.site = c.site), 0)`,
};
