/**
 * The conditions in the statements that hold what the mesh promises. A mutant is the whole with one of them taken away;
 * each has to be caught, by the simulation (where the model leaves it out) and in SQL (where its text is replaced).
 */
export const GUARDS = {
  'claim: epoch': { statement: 'claim', text: 'and s.epoch = w.epoch', by: '' },
  'claim: free': { statement: 'claim', text: 'and s.job is null', by: '' },
  'claim: eligible': { statement: 'claim', text: 'and s.eligible_at <= now()', by: '' },
  'claim: site open': { statement: 'claim', text: `and t.state = 'open'`, by: '' },
  'claim: not blocked': {
    statement: 'claim',
    text: 'and coalesce(greatest(t.blocked_until, t.drained_until) <= now(), true)',
    by: '',
  },
  'claim: owned here': { statement: 'claim', text: 'and t.owner is null', by: '' },
  'claim: job queued': { statement: 'claim', text: `and j.state = 'queued'`, by: '' },
  'claim: job due': { statement: 'claim', text: 'and j.not_before <= now()', by: '' },
  'claim: one lease a job': {
    statement: 'claim',
    text: 'not exists (select from held o where o.job = w.job)',
    by: 'true',
  },
  'claim: workers per site': {
    statement: 'claim',
    text: '(select count(*) from held o where o.site = w.site and o.job is not null) < t.max_workers',
    by: 'true',
  },
  'claim: epoch goes up': { statement: 'claim', text: 'epoch = s.epoch + 1, site', by: 'epoch = s.epoch, site' },
  'claim: budget paid': { statement: 'claim', text: 'j.cost * s.hour_emit_ms', by: '0 * s.hour_emit_ms' },
  'claim: quarantine': {
    statement: 'claim',
    text: `eligible_at = now() + $8::float8`,
    by: 'eligible_at = now() + 0 * $8 + $7::float8',
  },
  'settle: epoch': { statement: 'settle', text: 'where s.epoch = a.epoch', by: 'where true' },
  'settle: node': { statement: 'settle', text: 'and s.node = a.node', by: '' },
  'settle: job': { statement: 'settle', text: 'and s.job = a.job', by: '' },
  'settle: not expired': { statement: 'settle', text: 'and s.expires_at > now()', by: '' },
  'settle: cursor version': { statement: 'settle', text: 'and c.version = h.expected', by: '' },
  'settle: cursor at home': { statement: 'settle', text: 'or s.home is null', by: 'or true' },
  'settle: cursor forward': { statement: 'settle', text: 'h.cursor_value::bigint >= c.value::bigint', by: 'true' },
  'settle: time forward': {
    statement: 'settle',
    text: 'h.cursor_value::timestamptz >= c.value::timestamptz',
    by: 'true',
  },
  'settle: all or nothing': {
    statement: 'settle',
    text: 'from held h where h.cursor_value is null',
    by: 'from held h',
  },
  'settle: rest': {
    statement: 'settle',
    text: "case when g.outcome = 'released' then 0 else s.min_interval_ms end",
    by: '0',
  },
  'settle: not spent': {
    statement: 'settle',
    text: `s.leased_at > now() - a.most_ms * interval '1 ms' as is_extended`,
    by: 'true as is_extended',
  },
  'home: epoch': { statement: 'home', text: 'and s.epoch = a.epoch', by: '' },
  'home: node': { statement: 'home', text: 'and s.node = a.node', by: '' },
  'home: job': { statement: 'home', text: 'and s.job = a.job', by: '' },
  'home: not expired': { statement: 'home', text: 'and s.expires_at > now()', by: '' },
  'home: at home': { statement: 'home', text: 'and s.home = s.site', by: '' },
  'home: cursor version': {
    statement: 'home',
    text: 'coalesce(a.cursor_version, s.cursor_version) = s.cursor_version',
    by: 'true',
  },
  'home: cursor forward': { statement: 'home', text: 'a.cursor_value::bigint >= s.cursor_value::bigint', by: 'true' },
  'home: time forward': {
    statement: 'home',
    text: 'a.cursor_value::timestamptz >= s.cursor_value::timestamptz',
    by: 'true',
  },
  'home: rest': {
    statement: 'home',
    text: "case when a.outcome = 'released' then 0 else s.min_interval_ms end",
    by: '0',
  },
  'home: not spent': {
    statement: 'home',
    text: `s.leased_at > now() - a.most_ms * interval '1 ms'`,
    by: 'true',
    times: 2,
  },
  'renew: epoch': { statement: 'renew', text: 'where s.epoch = a.epoch', by: 'where true' },
  'renew: node': { statement: 'renew', text: 'and s.node = a.node', by: '' },
  'renew: not expired': { statement: 'renew', text: 'and s.expires_at > now()', by: '' },
  'renew: not spent': {
    statement: 'renew',
    text: `and s.leased_at > now() - a.most_ms * interval '1 ms'`,
    by: '',
  },
  'revoke: ends the lease': { statement: 'revoke', text: 'epoch = s.epoch + 1, node = null', by: 'node = s.node' },
  'revoke: leaves others': { statement: 'revoke', text: 'and (h.job is null or h.job = $1)', by: '' },
  'confirm: its node': { statement: 'confirm', text: 'and h.node = $2', by: 'and $2::int is not null' },
  'confirm: rest': { statement: 'confirm', text: 'greatest(s.min_interval_ms, $3::float8)', by: '$3::float8' },
  'lapse: over': { statement: 'lapse', text: 'and s.eligible_at <= now()', by: '' },
  'lapse: epoch': { statement: 'lapse', text: 'where s.epoch = a.epoch', by: 'where true' },
} as const satisfies Record<
  string,
  {
    statement: 'claim' | 'settle' | 'home' | 'renew' | 'lapse' | 'revoke' | 'confirm';
    text: string;
    by: string;
    times?: number;
  }
>;

export type Guard = keyof typeof GUARDS;
export const ALL_GUARDS = Object.keys(GUARDS) as Guard[];

/** The statements with one guard taken away; throws when its text is not there as often as is said, so that the list stays true. */
export function withoutGuard<Statements extends Record<string, string>>(
  statements: Statements,
  guard: Guard,
): Statements {
  const {
    statement,
    text,
    by,
    times = 1,
  }: { statement: string; text: string; by: string; times?: number } = GUARDS[guard];
  const parts = statements[statement]!.split(text);
  if (parts.length !== times + 1)
    throw new Error(`${guard}: the text is ${parts.length - 1} times in ${statement}, not ${times}.`);
  return { ...statements, [statement]: parts.join(by) };
}
