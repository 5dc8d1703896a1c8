import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import pg from 'pg';
import { CONFIG, HEALTH, LOG } from '#libs/bootstrap/tokens';
import { connectionOptions } from '#libs/database/connection-options';
import type { Health } from '#libs/observability/health';
import type { Log } from '#libs/observability/logger';
import { metrics } from '#libs/observability/metrics';
import { openKeyring } from '#libs/sealing/sealing-config';
import { Bus, type News } from './bus.js';
import type { MeshConfig } from './config.js';
import { hashedTo } from './domain/share.js';
import { keepHouse } from './housekeeping.js';
import { isAmong } from './leases/board.js';
import type { LeaseStore } from './leases/lease-store.js';
import { PostgresLeaseStore, STATEMENTS } from './leases/postgres-lease-store.js';
import { Scheduler, type Times } from './leases/scheduler.js';
import { realSeams } from './leases/seams.js';
import { Credentials } from './nodes/credentials.js';
import { Keyring } from './nodes/keyring.js';
import { Nodes } from './nodes/nodes.js';
import { Seals } from './nodes/seals.js';
import { Audit } from './operators/audit.js';

const BEAT_MS = 5000;
const REPLICA_ALIVE_S = 15;
const HOUSE_MS = 60_000;
const NET_MS = 30_000;

/** The parts of a running scheduler, put together: its own connections, its memory, its keys, its news. */
@Injectable()
export class Engine implements OnModuleInit, BeforeApplicationShutdown {
  readonly pool: pg.Pool;
  readonly times: Times;
  readonly store: LeaseStore;
  readonly scheduler: Scheduler;
  readonly nodes: Nodes;
  readonly seals: Seals;
  readonly keyring: Keyring;
  readonly credentials: Credentials;
  readonly audit: Audit;
  readonly bus: Bus;
  contended = 0;
  replicas = 1;
  private rank = 0;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly ears = new Set<() => void>();

  constructor(
    @Inject(CONFIG) readonly config: MeshConfig,
    @Inject(LOG) private readonly log: Log,
    @Inject(HEALTH) private readonly health: Health,
  ) {
    const connection = connectionOf(config);
    this.pool = new pg.Pool({ ...connection, max: 4 });
    this.pool.on('error', (error) => log.warn({ err: error }, 'a connection of the lease pool was lost'));
    this.times = { ttlMs: config.LEASE_DURATION_SECONDS * 1000, quarantineMs: config.LEASE_DURATION_SECONDS * 100 };
    this.bus = new Bus(this.pool, { ...connection, application_name: 'evidverse-mesh-news' }, log, (news) =>
      this.onNews(news),
    );
    this.store = new PostgresLeaseStore(this.pool, STATEMENTS, '', {
      learn: () => this.nodes.reloadAll(),
      mayHave: ({ node, site }) => {
        const known = this.nodes.peek(node);
        const named = this.scheduler.board.sites.get(site);
        return known?.state === 'active' && named !== undefined && isAmong(named, known.entitled);
      },
    });
    this.scheduler = new Scheduler(
      this.store,
      realSeams,
      this.times,
      {
        granted: (used) => {
          if (used !== null) metrics.meshBudgetUsed.observe(used);
        },
        lapsed: ({ node, job, site }, heldMs) => {
          if (heldMs !== null) metrics.meshLeaseAge.observe(heldMs / 1000);
          if (node === null) return;
          this.nodes.judge(node, 'expired', this.now());
          this.audit.note({
            actor: this.nodes.peek(node)?.name ?? `node ${node}`,
            act: 'lease.expired',
            subject: `job ${job}`,
            site,
          });
          metrics.meshLeases.inc({ outcome: 'expired' });
        },
        contended: () => {
          this.contended++;
          metrics.meshRefusedProposals.inc();
        },
        freed: ({ id }, { site, jobState }, heldMs) => {
          if (heldMs !== null) metrics.meshLeaseAge.observe(heldMs / 1000);
          if (this.replicas > 1) this.bus.tell({ slots: [id], ...(jobState === 'queued' && { jobs: [site] }) });
        },
      },
      (site) => hashedTo(site, this.replicas) === this.rank,
    );
    this.nodes = new Nodes(
      this.pool,
      (node) => this.scheduler.employ(node),
      (node) => this.scheduler.dismissAll(node.id),
      {
        legacy: config.MESH_LEGACY_NODES,
        newPerHour: config.MESH_NEW_NODES_PER_HOUR,
        legacySites: config.MESH_LEGACY_SITES,
        asksPerMinute: config.MESH_NODE_PER_MINUTE,
      },
    );
    this.seals = new Seals(openKeyring(config));
    this.keyring = new Keyring(this.pool, this.seals);
    this.credentials = new Credentials(this.keyring, this.nodes, () => this.now());
    this.audit = new Audit(this.pool, log, () => this.onAudit(true));
  }

  /** Whether this replica does what one does for all. */
  get isFirst(): boolean {
    return this.rank === 0;
  }

  /** The database's time in milliseconds, as well as it is known. */
  now(): number {
    return this.scheduler.clock.now();
  }

  async onModuleInit(): Promise<void> {
    const { NETWORK_SHARED_KEY } = this.config;
    if (NETWORK_SHARED_KEY !== undefined) await this.keyring.takeIn(NETWORK_SHARED_KEY);
    await this.keyring.load();
    await this.bus.listen();
    await this.scheduler.load();
    await this.beat();
    this.every(BEAT_MS, () => this.beat());
    const broom = { job: 0 };
    this.every(HOUSE_MS, async () => {
      const { faster, gone } = await keepHouse(this.pool, broom);
      if (gone.length > 0) await this.nodesChanged(gone);
      const sites = [...this.scheduler.board.sites.values()].filter(({ group }) => faster.includes(group.id));
      if (sites.length > 0) await this.sitesChanged(sites.map(({ row }) => row.id));
    });
    this.every(NET_MS, async () => {
      if (this.replicas > 1) await this.learnAll();
    });
    this.health.add({ name: 'leases', check: async () => void (await this.pool.query('select 1')) });
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.scheduler.close();
    this.onAudit(false);
    await this.audit.flush();
    await this.nodes.flush().catch(() => {});
    await this.bus.close();
    await this.pool.query('delete from replicas where id = $1', [this.bus.self]).catch(() => {});
    await this.pool.end();
  }

  /** Sites, their jobs or both were changed: it is known here when this resolves, and soon everywhere. */
  async sitesChanged(sites: readonly number[]): Promise<void> {
    this.bus.tell({ sites: [...sites] });
    await this.scheduler.reload(sites);
  }

  /** Streams were changed by somebody's hand: it is known here when this resolves, and soon everywhere. */
  async slotsChanged(slots: readonly number[]): Promise<void> {
    this.bus.tell({ slots: [...slots] });
    await this.scheduler.recheck(slots);
  }

  /** There are new jobs for sites that are known. */
  jobsAdded(sites: readonly number[]): void {
    this.bus.tell({ jobs: [...sites] });
    for (const site of sites) this.scheduler.noteJobs(site, null);
    this.scheduler.turn();
  }

  async nodesChanged(ids: readonly number[]): Promise<void> {
    this.bus.tell({ nodes: [...ids] });
    await this.nodes.reload(ids);
  }

  async keysChanged(): Promise<void> {
    this.bus.tell({ keys: true });
    await this.keyring.load();
  }

  /** Resolves at the next act in the book, or after `ms`. */
  nextAct(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.ears.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.ears.add(end);
    });
  }

  private onAudit(isOwn: boolean): void {
    if (isOwn && this.replicas > 1) this.bus.tell({ audit: true });
    for (const ear of [...this.ears]) ear();
  }

  private onNews(news: News): void {
    void this.hear(news).catch((error: unknown) => this.log.warn({ err: error }, 'news could not be followed up'));
  }

  private async hear({ sites, jobs, slots, nodes, keys, audit, all }: News): Promise<void> {
    if (all === true) await this.learnAll();
    if (sites !== undefined) await this.scheduler.reload(sites);
    for (const site of jobs ?? []) this.scheduler.noteJobs(site, null);
    if (jobs !== undefined) this.scheduler.turn();
    if (slots !== undefined) await this.scheduler.recheck(slots);
    if (nodes !== undefined) await this.nodes.reload(nodes);
    if (keys === true) await this.keyring.load();
    if (audit === true || all === true) this.onAudit(false);
  }

  /** Everything that others may have changed, in case nobody told: who may come first of all. */
  private async learnAll(): Promise<void> {
    await this.nodes.reloadAll();
    await this.scheduler.load();
    await this.keyring.load();
  }

  /** Says that this replica lives, learns who else does, and writes down what was kept back. */
  private async beat(): Promise<void> {
    const { rows } = await this.pool.query<{ id: string }>({
      name: 'mesh-beat',
      text: `with me as (insert into replicas (id) values ($1) on conflict (id) do update set seen_at = now() returning id)
        select id from me union select id from replicas where seen_at > now() - make_interval(secs => $2) order by id`,
      values: [this.bus.self, REPLICA_ALIVE_S],
    });
    const before = this.replicas;
    this.replicas = rows.length;
    // What only the other knew is in the database.
    if (before > this.replicas) await this.learnAll();
    this.rank = rows.findIndex(({ id }) => id === this.bus.self);
    await this.nodes.flush();
    this.measure();
  }

  private measure(): void {
    const { ready, leased } = this.scheduler.board.figures();
    metrics.meshWaiters.set(this.scheduler.room.size);
    metrics.meshSites.set({ state: 'ready' }, ready);
    metrics.meshSites.set({ state: 'leased' }, leased);
    let oldest = 0;
    for (const { leasedAt, job } of this.scheduler.board.slots.values())
      if (job !== null && leasedAt !== null) oldest = Math.max(oldest, this.now() - leasedAt);
    metrics.meshOldestLease.set(oldest / 1000);
  }

  /** Does something again and again until the service ends; what fails comes again. */
  every(ms: number, work: () => Promise<void>): void {
    const run = () =>
      void work().catch((error: unknown) => this.log.warn({ err: error }, 'a task of the mesh failed, it comes again'));
    this.timers.push(setInterval(run, ms));
  }
}

/**
 * The statements of leases touch a few rows by their keys, whatever the planner believes of the arrays they come in: always
 * by index, planned once. Otherwise it reads whole tables, and a lease costs more the more sites there are.
 */
export const LEASE_PLANS =
  '-c enable_hashjoin=off -c enable_mergejoin=off -c enable_seqscan=off -c enable_bitmapscan=off -c jit=off -c plan_cache_mode=force_generic_plan';

/** Connections for leases alone: short statements, and none that waits for long. */
function connectionOf(config: MeshConfig): pg.ClientConfig {
  const { extra } = connectionOptions('mesh', config, []) as { extra: pg.ClientConfig };
  return {
    ...extra,
    connectionString: config.DATABASE_URL,
    options: `${extra.options} ${LEASE_PLANS}`,
    application_name: 'evidverse-mesh-leases',
    statement_timeout: 5000,
    idle_in_transaction_session_timeout: 10_000,
  };
}
