/** One rule of Prometheus: a recorded series, or an alert with whom it wakes. */
export type Rule =
  | { readonly record: string; readonly expr: string }
  | {
      readonly alert: string;
      readonly expr: string;
      readonly for?: string;
      readonly labels: { readonly severity: 'page' | 'ticket' };
      readonly annotations: { readonly summary: string; readonly description: string; readonly runbook_url: string };
    };

export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/**
 * What we promise (availability and latency of the gateway, over 30 days) with alerts on how fast the error budget burns,
 * by several windows as Google's SRE workbook advises, and what is watched beside it. ERROR_BUDGET, SLOW_BUDGET,
 * LATENCY_S and RUNBOOKS are filled in by the chart from its values.
 */
export function ruleGroups(): Record<string, RuleGroup[]> {
  return {
    promises: [{ name: 'evidverse.promises', rules: [...recorded(), ...burning('Errors'), ...burning('Latency')] }],
    parts: [{ name: 'evidverse.parts', rules: PARTS }],
  };
}

const WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'];
const HTTP = 'evidverse_http_request_duration_seconds';

function recorded(): Rule[] {
  return WINDOWS.flatMap((window) => [
    {
      record: `evidverse:errors:ratio_rate${window}`,
      expr: `sum(rate(${HTTP}_count{status=~"5.."}[${window}])) / sum(rate(${HTTP}_count[${window}]))`,
    },
    {
      record: `evidverse:slow:ratio_rate${window}`,
      expr: `1 - sum(rate(${HTTP}_bucket{le="LATENCY_S"}[${window}])) / sum(rate(${HTTP}_count[${window}]))`,
    },
  ]);
}

/** At `factor` times the allowed pace, seen in a long window and, so that it ends soon after its cause, in a short one. */
const PACES = [
  { name: 'BurnsFast', long: '1h', short: '5m', factor: 14.4, severity: 'page', spent: '2 % of a month in an hour' },
  {
    name: 'BurnsSteadily',
    long: '6h',
    short: '30m',
    factor: 6,
    severity: 'page',
    spent: '5 % of a month in six hours',
  },
  { name: 'BurnsSlowly', long: '1d', short: '2h', factor: 3, severity: 'ticket', spent: '10 % of a month in a day' },
  { name: 'BurnsOn', long: '3d', short: '6h', factor: 1, severity: 'ticket', spent: '10 % of a month in three days' },
] as const;

function burning(what: 'Errors' | 'Latency'): Rule[] {
  const [series, budget] = what === 'Errors' ? ['errors', 'ERROR_BUDGET'] : ['slow', 'SLOW_BUDGET'];
  const share = what === 'Errors' ? 'Requests that fail' : 'Requests that take too long';
  return PACES.map(({ name, long, short, factor, severity, spent }) => {
    const over = (window: string) => `evidverse:${series}:ratio_rate${window} > (${factor} * ${budget})`;
    return alert(`Evidverse${what}Budget${name}`, {
      expr: `${over(long)} and ${over(short)}`,
      severity,
      summary: `${share} spend the error budget at ${factor} times the pace`,
      description: `{{ $value | humanizePercentage }} of the requests of the last ${long}: ${spent}.`,
      runbook: what === 'Errors' ? 'errors-budget' : 'latency-budget',
    });
  });
}

const PARTS: Rule[] = [
  alert('EvidverseProcessDown', {
    expr: 'up{job=~".*evidverse.*"} == 0',
    for: '3m',
    severity: 'page',
    summary: 'A process does not answer its /metrics',
    description: '{{ $labels.pod }}{{ $labels.instance }} has not been read for three minutes.',
    runbook: 'process-down',
  }),
  alert('EvidverseOutboxStuck', {
    expr: 'min by (service) (min_over_time(evidverse_outbox_rows[10m])) > 100',
    for: '5m',
    severity: 'page',
    summary: 'Events of {{ $labels.service }} are written and not told',
    description: '{{ $value }} events have been waiting for ten minutes or more; others do not hear what happened.',
    runbook: 'outbox-stuck',
  }),
  alert('EvidverseOutboxSlow', {
    expr: 'histogram_quantile(0.99, sum by (service, le) (rate(evidverse_outbox_lag_seconds_bucket[10m]))) > 5',
    for: '15m',
    severity: 'ticket',
    summary: 'Events of {{ $labels.service }} are told late',
    description: 'One in a hundred waits {{ $value | humanizeDuration }} or longer.',
    runbook: 'outbox-stuck',
  }),
  alert('EvidverseDeadLetters', {
    expr: 'sum by (service, event) (increase(evidverse_dead_letters_total[1h])) > 0',
    severity: 'ticket',
    summary: '{{ $labels.service }} gave up on {{ $labels.event }}',
    description: '{{ $value | humanize }} events were put aside after all their attempts and wait for a person.',
    runbook: 'dead-letters',
  }),
  alert('EvidverseQueueOld', {
    expr: 'max(evidverse_queue_oldest_seconds) > 900',
    for: '5m',
    severity: 'ticket',
    summary: 'Work waits too long for a worker',
    description: 'The oldest waiting job could have started {{ $value | humanizeDuration }} ago.',
    runbook: 'queue-old',
  }),
  alert('EvidversePoolExhausted', {
    expr: 'max by (service) (min_over_time(evidverse_database_pool_connections{state="waiting"}[5m])) > 0',
    for: '5m',
    severity: 'page',
    summary: '{{ $labels.service }} waits for database connections',
    description: '{{ $value }} requests have been waiting for a connection for five minutes.',
    runbook: 'pool-exhausted',
  }),
  alert('EvidverseOperationFailing', {
    expr:
      'sum by (service, operation) (rate(evidverse_operation_duration_seconds_count{outcome="internal"}[10m])) ' +
      '/ sum by (service, operation) (rate(evidverse_operation_duration_seconds_count[10m])) > 0.05',
    for: '10m',
    severity: 'ticket',
    summary: '{{ $labels.operation }} fails by itself',
    description:
      '{{ $value | humanizePercentage }} of its answers are internal errors: a fault of ours, not of who asks.',
    runbook: 'operation-failing',
  }),
  alert('EvidverseLeasesOld', {
    expr: 'max(evidverse_mesh_oldest_lease_seconds) > 3600',
    for: '10m',
    severity: 'ticket',
    summary: 'A site has been leased for more than an hour',
    description: 'The oldest lease is {{ $value | humanizeDuration }} old; nodes renew it, but do not finish.',
    runbook: 'leases-old',
  }),
  alert('EvidverseSnapshotsFailing', {
    expr:
      'sum(increase(evidverse_snapshot_builds_total{outcome="failed"}[3h])) > 0 ' +
      'unless sum(increase(evidverse_snapshot_builds_total{outcome!="failed"}[3h])) > 0',
    severity: 'ticket',
    summary: 'No snapshot has been built for three hours',
    description: '{{ $value | humanize }} builds have failed and none held; clients go on with the last snapshot.',
    runbook: 'snapshots-failing',
  }),
  alert('EvidverseLoopStuck', {
    expr: 'nodejs_eventloop_lag_p99_seconds{job=~".*evidverse.*"} > 0.5',
    for: '10m',
    severity: 'ticket',
    summary: 'A process computes so long that others wait',
    description:
      '{{ $labels.pod }}{{ $labels.instance }}: one turn in a hundred takes {{ $value | humanizeDuration }}.',
    runbook: 'loop-stuck',
  }),
];

function alert(
  name: string,
  told: {
    expr: string;
    for?: string;
    severity: 'page' | 'ticket';
    summary: string;
    description: string;
    runbook: string;
  },
): Rule {
  return {
    alert: name,
    expr: told.expr,
    ...(told.for !== undefined && { for: told.for }),
    labels: { severity: told.severity },
    annotations: {
      summary: told.summary,
      description: told.description,
      runbook_url: `RUNBOOKS/${told.runbook}.md`,
    },
  };
}
