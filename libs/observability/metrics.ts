import { Counter, Gauge, Histogram, collectDefaultMetrics, register } from 'prom-client';

/** Everything we measure, in one place. `service` is always one of the six words. Seconds, never milliseconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export const metrics = {
  http: new Histogram({
    name: 'evidverse_http_request_duration_seconds',
    help: 'Time from a request to its answer, by route.',
    labelNames: ['service', 'method', 'route', 'status'],
    buckets: SECONDS,
  }),
  operation: new Histogram({
    name: 'evidverse_operation_duration_seconds',
    help: 'Time a service works on one operation.',
    labelNames: ['service', 'operation', 'outcome'],
    buckets: SECONDS,
  }),
  event: new Histogram({
    name: 'evidverse_event_duration_seconds',
    help: 'Time a service works on one event it heard.',
    labelNames: ['service', 'event', 'outcome'],
    buckets: SECONDS,
  }),
  deadLetters: new Counter({
    name: 'evidverse_dead_letters_total',
    help: 'Events given up after all their attempts.',
    labelNames: ['service', 'event'],
  }),
  outboxRows: new Gauge({
    name: 'evidverse_outbox_rows',
    help: 'Events written and not yet told.',
    labelNames: ['service'],
  }),
  outboxLag: new Histogram({
    name: 'evidverse_outbox_lag_seconds',
    help: 'Time from writing an event to the broker confirming it.',
    labelNames: ['service'],
    buckets: SECONDS,
  }),
  collected: new Counter({
    name: 'evidverse_collected_total',
    help: 'What nothing needed any more and was taken away: commits, objects, bytes of objects, revisions of workspaces.',
    labelNames: ['service', 'what'],
  }),
  snapshotBuilds: new Counter({
    name: 'evidverse_snapshot_builds_total',
    help: 'Builds of a snapshot, by outcome: published, unchanged, failed.',
    labelNames: ['outcome'],
  }),
  databasePool: new Gauge({
    name: 'evidverse_database_pool_connections',
    help: 'Connections of the pool, by state.',
    labelNames: ['service', 'state'],
  }),
  queueJobs: new Gauge({
    name: 'evidverse_queue_jobs',
    help: 'Jobs of the work queue, by state: waiting, delayed, running.',
    labelNames: ['service', 'state'],
  }),
  queueOldest: new Gauge({
    name: 'evidverse_queue_oldest_seconds',
    help: 'For how long the oldest waiting job could have been running.',
    labelNames: ['service'],
  }),
  meshLeases: new Counter({
    name: 'evidverse_mesh_leases_total',
    help: 'Leases by how they went: granted, done, failed, released, expired, refused.',
    labelNames: ['outcome'],
  }),
  meshRefusedProposals: new Counter({
    name: 'evidverse_mesh_double_lease_guard_hits_total',
    help: 'Proposals that the database refused because something had changed: double leases that did not happen.',
  }),
  meshLeaseAge: new Histogram({
    name: 'evidverse_mesh_lease_age_seconds',
    help: 'How long a lease was held when it ended.',
    buckets: [0.1, 1, 5, 15, 60, 300, 900, 3600],
  }),
  meshOldestLease: new Gauge({ name: 'evidverse_mesh_oldest_lease_seconds', help: 'Age of the oldest live lease.' }),
  meshWaiters: new Gauge({ name: 'evidverse_mesh_waiting_workers', help: 'Workers that wait for work.' }),
  meshWait: new Histogram({
    name: 'evidverse_mesh_wait_seconds',
    help: 'How long workers waited for the work they got.',
    buckets: SECONDS,
  }),
  meshSites: new Gauge({
    name: 'evidverse_mesh_sites',
    help: 'Sites, by state: ready, leased.',
    labelNames: ['state'],
  }),
  meshBudgetUsed: new Histogram({
    name: 'evidverse_mesh_politeness_budget_used_ratio',
    help: 'At a grant, how much of the time since the last one politeness asked for: near one means the budget is used up.',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1],
  }),
};

let started = false;

/** Starts the process's own figures (memory, event loop, garbage collection), once. */
export function startProcessMetrics(): void {
  if (started) return;
  started = true;
  collectDefaultMetrics();
}

/** All figures of this process in Prometheus' text form. */
export const renderMetrics = async (): Promise<{ contentType: string; body: string }> => ({
  contentType: register.contentType,
  body: await register.metrics(),
});
