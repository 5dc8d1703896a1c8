import { SERVICES, type ServiceName } from '#libs/contracts/contract';

/** A Grafana dashboard, as its JSON model. */
export type Dashboard = Readonly<Record<string, unknown>>;

type Unit = 's' | 'reqps' | 'short' | 'percentunit' | 'bytes' | 'ops';

interface Panel {
  readonly title: string;
  readonly unit: Unit;
  /** What each line is called, and its query. */
  readonly lines: Readonly<Record<string, string>>;
  readonly says: string;
  readonly kind?: 'timeseries' | 'stat';
}

/** All dashboards by file name: an overview, one for each service, and what belongs to the fleet and to long work. */
export function dashboards(): Record<string, Dashboard> {
  return {
    overview: dashboard('evidverse-overview', 'Evidverse / Overview', OVERVIEW),
    ...Object.fromEntries(
      SERVICES.map((service) => [
        service,
        dashboard(`evidverse-${service}`, `Evidverse / ${service}`, [...ofService(service), ...(MORE[service] ?? [])]),
      ]),
    ),
  };
}

const HTTP = 'evidverse_http_request_duration_seconds';
const OPERATION = 'evidverse_operation_duration_seconds';
const EVENT = 'evidverse_event_duration_seconds';

const rate = (metric: string, labels = ''): string => `rate(${metric}{${labels}}[$__rate_interval])`;
const quantile = (q: number, metric: string, by: string, labels = ''): string =>
  `histogram_quantile(${q}, sum by (${by}le) (${rate(`${metric}_bucket`, labels)}))`;

const OVERVIEW: Panel[] = [
  {
    title: 'Availability, 30 days',
    unit: 'percentunit',
    kind: 'stat',
    says: 'The share of requests that were answered without a fault of ours.',
    lines: {
      available: `1 - sum(increase(${HTTP}_count{status=~"5.."}[30d])) / sum(increase(${HTTP}_count[30d])) or vector(1)`,
    },
  },
  {
    title: 'Processes up',
    unit: 'short',
    kind: 'stat',
    says: 'Processes whose figures can be read.',
    lines: { up: 'sum(up{job=~".*evidverse.*"})' },
  },
  {
    title: 'Requests',
    unit: 'reqps',
    says: 'Requests a second at the gateway, by answer.',
    lines: { '{{status}}': `sum by (status) (${rate(`${HTTP}_count`)})` },
  },
  {
    title: 'Time to answer',
    unit: 's',
    says: 'Half, 95 and 99 of a hundred requests are faster.',
    lines: { p50: quantile(0.5, HTTP, ''), p95: quantile(0.95, HTTP, ''), p99: quantile(0.99, HTTP, '') },
  },
  {
    title: 'Slowest routes',
    unit: 's',
    says: 'The ten routes with the highest 95th percentile.',
    lines: { '{{method}} {{route}}': `topk(10, ${quantile(0.95, HTTP, 'method, route, ')})` },
  },
  {
    title: 'Operations by service',
    unit: 'ops',
    says: 'What services are asked, a second.',
    lines: { '{{service}}': `sum by (service) (${rate(`${OPERATION}_count`)})` },
  },
  {
    title: 'Failing operations',
    unit: 'ops',
    says: 'Answers that are not the one hoped for, by code.',
    lines: {
      '{{operation}} {{outcome}}': `topk(10, sum by (operation, outcome) (${rate(`${OPERATION}_count`, 'outcome!="ok"')}))`,
    },
  },
  {
    title: 'Events not yet told',
    unit: 'short',
    says: 'Rows of the outboxes.',
    lines: { '{{service}}': 'max by (service) (evidverse_outbox_rows)' },
  },
  {
    title: 'Events told after',
    unit: 's',
    says: 'From the write to the broker having it, 99th percentile.',
    lines: { '{{service}}': quantile(0.99, 'evidverse_outbox_lag_seconds', 'service, ') },
  },
  {
    title: 'Work waiting',
    unit: 'short',
    says: 'Jobs of the work queue, by state.',
    lines: { '{{state}}': 'max by (state) (evidverse_queue_jobs)' },
  },
  {
    title: 'Memory',
    unit: 'bytes',
    says: 'Resident memory of each process.',
    lines: { '{{instance}}': 'process_resident_memory_bytes{job=~".*evidverse.*"}' },
  },
  {
    title: 'Event loop',
    unit: 's',
    says: 'How long one turn in a hundred takes.',
    lines: { '{{instance}}': 'nodejs_eventloop_lag_p99_seconds{job=~".*evidverse.*"}' },
  },
];

function ofService(service: ServiceName): Panel[] {
  const own = `service="${service}"`;
  return [
    {
      title: 'Operations',
      unit: 'ops',
      says: 'What it is asked, a second.',
      lines: { '{{operation}}': `sum by (operation) (${rate(`${OPERATION}_count`, own)})` },
    },
    {
      title: 'Failures',
      unit: 'ops',
      says: 'Operations that did not end well, by code.',
      lines: {
        '{{operation}} {{outcome}}': `sum by (operation, outcome) (${rate(`${OPERATION}_count`, `${own},outcome!="ok"`)})`,
      },
    },
    {
      title: 'Time for an operation',
      unit: 's',
      says: 'The 95th percentile of each.',
      lines: { '{{operation}}': quantile(0.95, OPERATION, 'operation, ', own) },
    },
    {
      title: 'Events heard',
      unit: 'ops',
      says: 'Events a second, by how they ended.',
      lines: { '{{event}} {{outcome}}': `sum by (event, outcome) (${rate(`${EVENT}_count`, own)})` },
    },
    {
      title: 'Events not yet told',
      unit: 'short',
      says: 'Rows of its outbox, and events given up.',
      lines: {
        waiting: `max(evidverse_outbox_rows{${own}})`,
        'given up': `sum(evidverse_dead_letters_total{${own}}) or vector(0)`,
      },
    },
    {
      title: 'Database connections',
      unit: 'short',
      says: 'Its pool, by state; waiting should be nothing.',
      lines: { '{{state}}': `sum by (state) (evidverse_database_pool_connections{${own}})` },
    },
  ];
}

const MORE: Partial<Record<ServiceName, Panel[]>> = {
  intel: [
    {
      title: 'Snapshots',
      unit: 'short',
      says: 'Builds in an hour, by what came of them.',
      lines: { '{{outcome}}': 'sum by (outcome) (increase(evidverse_snapshot_builds_total[1h]))' },
    },
  ],
  mesh: [
    {
      title: 'Leases',
      unit: 'ops',
      says: 'Leases a second, by how they went.',
      lines: { '{{outcome}}': `sum by (outcome) (${rate('evidverse_mesh_leases_total')})` },
    },
    {
      title: 'Double leases that did not happen',
      unit: 'ops',
      says: 'Proposals that the database refused because something had changed.',
      lines: { refused: `sum(${rate('evidverse_mesh_double_lease_guard_hits_total')})` },
    },
    {
      title: 'Age of leases',
      unit: 's',
      says: 'The oldest live one, and how long leases were held when they ended.',
      lines: {
        oldest: 'max(evidverse_mesh_oldest_lease_seconds)',
        'ended, p95': quantile(0.95, 'evidverse_mesh_lease_age_seconds', ''),
      },
    },
    {
      title: 'Workers that wait',
      unit: 'short',
      says: 'Long polls that are parked.',
      lines: { waiting: 'sum(evidverse_mesh_waiting_workers)' },
    },
    {
      title: 'Waited for work',
      unit: 's',
      says: 'How long workers waited for the work they got.',
      lines: {
        p50: quantile(0.5, 'evidverse_mesh_wait_seconds', ''),
        p99: quantile(0.99, 'evidverse_mesh_wait_seconds', ''),
      },
    },
    {
      title: 'Sites',
      unit: 'short',
      says: 'By state.',
      lines: { '{{state}}': 'max by (state) (evidverse_mesh_sites)' },
    },
    {
      title: 'Politeness used',
      unit: 'percentunit',
      says: 'Of the time that politeness asks between two leases, the share that passed in vain: near one, the budget is used up.',
      lines: { p50: quantile(0.5, 'evidverse_mesh_politeness_budget_used_ratio', '') },
    },
  ],
  tasks: [
    {
      title: 'Work queue',
      unit: 'short',
      says: 'Jobs by state.',
      lines: { '{{state}}': 'max by (state) (evidverse_queue_jobs{service="tasks"})' },
    },
    {
      title: 'Oldest waiting job',
      unit: 's',
      says: 'For how long it could have been running.',
      lines: { age: 'max(evidverse_queue_oldest_seconds{service="tasks"})' },
    },
  ],
};

function dashboard(uid: string, title: string, panels: readonly Panel[]): Dashboard {
  return {
    uid,
    title,
    tags: ['evidverse'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', current: {} }],
    },
    panels: panels.map(drawn),
  };
}

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** Two panels a row, each twelve columns wide. */
function drawn({ title, unit, lines, says, kind = 'timeseries' }: Panel, at: number) {
  return {
    id: at + 1,
    title,
    description: says,
    type: kind,
    datasource: DATASOURCE,
    gridPos: { x: (at % 2) * 12, y: Math.floor(at / 2) * 8, w: 12, h: 8 },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    options:
      kind === 'stat'
        ? { reduceOptions: { calcs: ['lastNotNull'] } }
        : { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
    targets: Object.entries(lines).map(([legendFormat, expr], line) => ({
      refId: String.fromCharCode(65 + line),
      datasource: DATASOURCE,
      expr,
      legendFormat,
      ...(kind === 'stat' && { instant: true }),
    })),
  };
}
