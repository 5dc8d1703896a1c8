import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ANONYMOUS, type Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type * as contract from '#libs/contracts/mesh';
import { AppError } from '#libs/errors/app-error';
import { metrics } from '#libs/observability/metrics';
import { readLeaseToken, writeLeaseToken, type LeaseClaim } from '../domain/lease-token.js';
import { receptionOf } from '../domain/pacing.js';
import { isAtLeast } from '../domain/quota.js';
import { RIGHTS, witnessOf, type Role } from '../domain/role.js';
import { seenReleases, type SeenReleases } from '../domain/seen-releases.js';
import { excerpt } from '../domain/withheld.js';
import { Engine } from '../engine.js';
import type { Shown } from '../nodes/credentials.js';
import type { Node } from '../nodes/nodes.js';
import { isAmong, type Hindrance, type Site } from './board.js';
import type { CursorMove } from './lease-store.js';
import { noWork } from './no-work.js';
import { cancelled, refusalOf, refused } from './refusal.js';
import type { Grant, Report } from './scheduler.js';

type LeaseWish = InputOf<typeof contract.leaseJobs>;
type LeaseAnswer = OutputOf<typeof contract.leaseJobs>;
type Finish = InputOf<typeof contract.finishJob>;
type HeldLease = InputOf<typeof contract.renewLease>;
type Stats = Finish['stats'];

interface Held {
  readonly node: Node;
  readonly claim: LeaseClaim;
}

/** How many may wait at once where waiting holds a place in a queue that others need (the broker's). */
const MOST_WAITING_THROUGH_BROKER = 100;
const HEARTBEATS_PER_TTL = 5;
/** Longer than a statement of leases may take, and far shorter than a lease. */
const UNWELCOME_MS = 10_000;
/** How many characters of a failure are kept. */
const MOST_ERROR = 2000;

/** Leases as workers know them: taken, renewed, reported on, given back. */
@Injectable()
export class Leases implements OnModuleInit {
  constructor(private readonly engine: Engine) {}

  onModuleInit(): void {
    this.engine.every(UNWELCOME_MS, async () => void (await this.releaseOfUnwelcome()));
  }

  get ttlS(): number {
    return this.engine.times.ttlMs / 1000;
  }
  get heartbeatS(): number {
    return this.ttlS / HEARTBEATS_PER_TTL;
  }

  async lease(wish: LeaseWish, gone?: Promise<unknown>): Promise<LeaseAnswer> {
    const node = await this.engine.credentials.node(wish, wish.node_id);
    return this.leaseFor(node, wish, gone);
  }

  /** Ends a lease by its token, or, for clients that know none, by job and node; repeating the same report is no fault. */
  async finish(finish: Finish, gone?: Promise<unknown>): Promise<OutputOf<typeof contract.finishJob>> {
    const { job_id, success } = finish;
    const node = await this.engine.credentials.node(finish, finish.node_id);
    const claim = await this.claimOf(node, job_id, finish.lease_token, success);
    const done = claim === 'repeated' ? null : await this.report(node, claim, finish);
    if (finish.then_lease == null) return { ok: true, ...done };
    const next = await this.leaseFor(node, finish.then_lease, gone).catch((error: unknown) => ({
      jobs: [],
      reason: 'unavailable',
      message: AppError.from(error).message,
      retry_after_s: 1,
    }));
    return { ok: true, ...done, ...next };
  }

  async renew(held: HeldLease): Promise<OutputOf<typeof contract.renewLease>> {
    const { node, claim } = await this.held(held);
    const renewed = await this.engine.scheduler.renew(claim.slot, claim.epoch, node);
    if (renewed === null) throw await this.refusal(node, claim, 'renew');
    return { ok: true, lease_expires_at: new Date(renewed.expiresAt), lease_ttl_s: this.ttlS };
  }

  async release(held: HeldLease & { stats: Stats }): Promise<{ ok: true }> {
    const { node, claim } = await this.held(held);
    const report = {
      ...this.reportOf(node, claim, 'released'),
      ...receptionIn(held.stats, node, false),
      stats: textOf(held.stats),
    };
    if ((await this.engine.scheduler.settle(report)) === null) throw await this.refusal(node, claim, 'release');
    metrics.meshLeases.inc({ outcome: 'released' });
    return { ok: true };
  }

  async progress(held: InputOf<typeof contract.reportProgress>): Promise<OutputOf<typeof contract.reportProgress>> {
    const { node, claim } = await this.held(held);
    const cursor = { name: held.cursor_name, value: held.cursor_value, version: held.cursor_version };
    const settled = await this.engine.scheduler.settle({ ...this.reportOf(node, claim, 'progress'), cursor });
    if (settled === null) throw await this.refusal(node, claim, 'progress', cursor);
    const expiresAt = settled.expiresAt ?? this.engine.now();
    const lease_ttl_s = Math.min(this.ttlS, Math.max(0, expiresAt - this.engine.now()) / 1000);
    return { ok: true, lease_expires_at: new Date(expiresAt), lease_ttl_s, cursor_version: settled.cursorVersion };
  }

  async heartbeat(beat: InputOf<typeof contract.heartbeat>): Promise<OutputOf<typeof contract.heartbeat>> {
    const { scheduler } = this.engine;
    const node = await this.engine.credentials.node(beat, beat.node_id);
    const claims =
      beat.lease_tokens === null
        ? (await this.heldBy(node)).map((claim) => ({ token: '', claim }))
        : beat.lease_tokens.map((token) => ({ token, claim: this.read(token, node) }));
    const renewed: { job_id: number; lease_expires_at: Date }[] = [];
    const lost: { job_id: number | null; lease_token: string; reason: string }[] = [];
    await Promise.all(
      claims.map(async ({ token, claim }) => {
        if (claim === undefined) return lost.push({ job_id: null, lease_token: token, reason: 'forged_token' });
        const one = await scheduler.renew(claim.slot, claim.epoch, node);
        if (one !== null) return renewed.push({ job_id: claim.job, lease_expires_at: new Date(one.expiresAt) });
        const { details } = await this.refusal(node, claim, 'heartbeat');
        return lost.push({ job_id: claim.job, lease_token: token, reason: (details as { reason: string }).reason });
      }),
    );
    return {
      ok: true,
      renewed,
      lost,
      lease_ttl_s: this.ttlS,
      heartbeat_interval_s: this.heartbeatS,
      quota: node.quota,
      draining: node.state !== 'active',
    };
  }

  /** The node gets nothing more, and what it held is free within the second. */
  async leave(shown: Shown, name: string, caller: Caller = ANONYMOUS): Promise<{ ok: true; released: number }> {
    const node =
      caller.role === 'admin' ? await this.engine.nodes.named(name) : await this.engine.credentials.node(shown, name);
    if (node === undefined) throw new AppError('not_found', `There is no worker ${name}.`);
    const state = caller.role === 'admin' ? 'draining' : 'left';
    await this.engine.pool.query(`update nodes set state = $2 where id = $1 and state in ('active', 'left')`, [
      node.id,
      state,
    ]);
    await this.engine.nodesChanged([node.id]);
    this.engine.audit.note({
      actor: caller.user_id === null ? name : `user:${caller.user_id}`,
      act: 'node.left',
      subject: name,
    });
    return { ok: true, released: await this.releaseAll(node) };
  }

  /** Hands back all that a node holds, wherever it was granted. */
  async releaseAll(node: Node): Promise<number> {
    return this.handBack((await this.heldBy(node)).map((claim) => ({ node, claim })));
  }

  /**
   * Hands back what is held by nodes that get nothing any more: a lease that waited for its stream while its node was told so
   * is granted by what was known before, and may come after all that the node held was handed back.
   */
  async releaseOfUnwelcome(): Promise<number> {
    const held = [...this.engine.scheduler.board.slots.values()].flatMap(({ id, epoch, job, node }): Held[] => {
      const known = node === null ? undefined : this.engine.nodes.peek(node);
      const isUnwelcome = known?.state === 'revoked' || known?.state === 'draining';
      return isUnwelcome && job !== null ? [{ node: known, claim: { slot: id, epoch, job } }] : [];
    });
    return this.handBack(held);
  }

  /** Ends what is being crawled of sites that are not ours any more; no attempt is burnt, and the nodes hear of it soon. */
  async releaseSites(sites: readonly number[]): Promise<number> {
    const { rows } = await this.engine.pool.query<LeaseClaim & { node: number }>(
      'select id as slot, epoch, job, node from slots where site = any($1) and job is not null and expires_at > now()',
      [sites],
    );
    const leases = rows.map(async ({ node, ...claim }) => ({ node: await this.engine.nodes.numbered(node), claim }));
    const known = (await Promise.all(leases)).filter((one): one is Held => one.node !== undefined);
    return this.handBack(known);
  }

  private async handBack(leases: readonly Held[]): Promise<number> {
    const settled = await Promise.all(
      leases.map(({ node, claim }) => this.engine.scheduler.settle(this.reportOf(node, claim, 'released'))),
    );
    return settled.filter((one) => one !== null).length;
  }

  /** The live leases of a node, whichever replica gave them. */
  private async heldBy(node: Node): Promise<LeaseClaim[]> {
    const { rows } = await this.engine.pool.query<LeaseClaim>(
      'select id as slot, epoch, job from slots where node = $1 and job is not null and expires_at > now()',
      [node.id],
    );
    return rows;
  }

  private async leaseFor(
    node: Node,
    wish: Pick<LeaseWish, 'want_sites' | 'max_jobs' | 'wait_s'>,
    gone?: Promise<unknown>,
  ): Promise<LeaseAnswer> {
    const { scheduler, config } = this.engine;
    const own = this.ownHindrance(node);
    if (own !== null && wish.max_jobs > 0) return { jobs: [], ...noWork(own, this.engine.now()) };
    const { sites, elsewhere, hindrance } = this.sitesFor(node, wish.want_sites);
    if (hindrance !== null)
      return { jobs: [], ...noWork(hindrance, this.engine.now()), ...(elsewhere.length > 0 && { elsewhere }) };
    const most = Math.min(wish.max_jobs, Math.max(1, node.quota - node.active));
    const mayWait =
      config.RABBITMQ_URL.startsWith('in-process') ||
      gone !== undefined ||
      scheduler.room.size < MOST_WAITING_THROUGH_BROKER;
    const begun = this.engine.now();
    const answer = await scheduler.lease({
      worker: node,
      sites,
      most: wish.max_jobs === 0 ? 0 : most,
      waitMs: mayWait ? wish.wait_s * 1000 : 0,
      ...(gone !== undefined && { gone }),
    });
    if (answer.grants.length === 0) {
      // While it waited, somebody may have decided otherwise about it.
      this.engine.credentials.mustBeWelcome(node);
      const changed = this.ownHindrance(node);
      if (changed !== null && wish.max_jobs > 0) return { jobs: [], ...noWork(changed, this.engine.now()) };
    }
    if (answer.hindrance !== null)
      return { jobs: [], ...noWork(answer.hindrance, this.engine.now()), ...(elsewhere.length > 0 && { elsewhere }) };
    if (answer.grants.length > 0) {
      metrics.meshLeases.inc({ outcome: 'granted' }, answer.grants.length);
      metrics.meshWait.observe(Math.max(0, this.engine.now() - begun) / 1000);
    }
    const key = this.engine.keyring.signingKeys(this.engine.now())[0]!;
    return { jobs: answer.grants.map((grant) => jobOf(grant, node, key)), ...(elsewhere.length > 0 && { elsewhere }) };
  }

  private ownHindrance(node: Node): Hindrance | null {
    const now = this.engine.now();
    const { MESH_MIN_CLIENT_VERSION } = this.engine.config;
    if (node.state !== 'active') return { reason: 'draining', at: Infinity };
    if (
      MESH_MIN_CLIENT_VERSION !== undefined &&
      !(node.clientVersion === null && RIGHTS[node.role].mayHideVersion) &&
      !isAtLeast(node.clientVersion, MESH_MIN_CLIENT_VERSION)
    )
      return { reason: 'client_too_old', at: Infinity };
    if (node.coolingUntilMs !== null && node.coolingUntilMs > now)
      return { reason: 'cooling_off', at: node.coolingUntilMs };
    if (node.active >= node.quota) return { reason: 'quota', at: now + 1000 };
    return null;
  }

  /** The sites that a wish is about: what it names, what the node says it can, and what it is entitled to. */
  private sitesFor(node: Node, wanted: readonly string[] | null) {
    const { board } = this.engine.scheduler;
    const elsewhere: { site_id: string; owner: string; url: string }[] = [];
    const wishes = wanted !== null && wanted.length > 0 ? wanted : (node.able ?? node.entitled);
    if (wishes === null) return { sites: null, elsewhere, hindrance: null };
    const known = new Set<Site>();
    for (const name of wishes) {
      const site = board.named(name);
      if (site === undefined) continue;
      known.add(site);
      const { owner, ownerUrl, siteId } = site.row;
      if (owner !== null) elsewhere.push({ site_id: siteId, owner, url: ownerUrl ?? '' });
    }
    const entitled = [...known].filter((site) => isAmong(site, node.entitled));
    const sites = entitled.filter((site) => isAmong(site, node.able));
    const reason =
      known.size === 0
        ? 'unknown_site'
        : entitled.length === 0
          ? 'not_entitled'
          : sites.length === 0
            ? 'no_capability'
            : null;
    return { sites, elsewhere, hindrance: reason === null ? null : ({ reason, at: Infinity } as const) };
  }

  private async claimOf(
    node: Node,
    job: number,
    token: string | null,
    success: boolean,
  ): Promise<LeaseClaim | 'repeated'> {
    const { scheduler } = this.engine;
    if (token !== null) {
      const claim = this.read(token, node);
      if (claim === undefined || claim.job !== job) throw this.forged(node, job);
      return claim;
    }
    const here = scheduler.leasesOf(node.id).find((slot) => slot.job === job);
    if (here !== undefined) return { slot: here.id, epoch: here.epoch, job };
    const { known, held } = await this.engine.store.holderOf(job);
    if (!known) throw new AppError('not_found', 'Job not found');
    if (held?.node === node.id) return { slot: held.slot, epoch: held.epoch, job };
    const now = await this.engine.store.circumstances({ slot: 0, job, cursor: null });
    const isSame = held === null && now.finishedBy === node.id && now.outcome === (success ? 'done' : 'failed');
    if (isSame) return 'repeated';
    if (now.finishedBy === node.id && now.outcome === 'cancelled') {
      await this.confirm(node, job, 'finish');
      this.noteRefusal(node, 'finish', 'job_cancelled', job, null);
      throw cancelled(job);
    }
    this.noteRefusal(node, 'finish', 'lease_lost', job, null);
    throw refused('lease_lost', `${node.name} does not hold the lease on job ${job}. Nothing was changed.`);
  }

  private async report(node: Node, claim: LeaseClaim, finish: Finish) {
    const { success, new_cursor_value, cursor_name, cursor_version } = finish;
    const seen = seenReleases(finish.observations ?? []);
    const cursor =
      success && new_cursor_value !== null && new_cursor_value !== ''
        ? { name: cursor_name, value: new_cursor_value, version: cursor_version }
        : null;
    const site = this.engine.scheduler.board.slots.get(claim.slot)?.site;
    const outcome = success ? 'done' : 'failed';
    const settled = await this.engine.scheduler.settle({
      ...this.reportOf(node, claim, outcome),
      ...receptionIn(finish.stats, node, !success),
      jobRetryMs: pauseOf(finish.retry_after_s, node.role),
      isFinal: !finish.retryable && RIGHTS[node.role].mayGiveUp,
      error: success || finish.error_message === null ? null : excerpt(finish.error_message, MOST_ERROR),
      stats: textOf(finish.stats),
      cursor,
      observed: this.observed(node, site ?? null, seen.taken),
    });
    if (settled === null) {
      const refusal = await this.refusal(node, claim, 'finish', cursor, outcome);
      if (refusal === undefined) return { state: undefined, cursor_version: null };
      throw refusal;
    }
    this.engine.nodes.judge(node.id, outcome, this.engine.now());
    metrics.meshLeases.inc({ outcome });
    if (settled.jobState === 'dead')
      this.engine.audit.note({
        actor: node.name,
        act: 'job.died',
        subject: `job ${claim.job}`,
        site: site ?? null,
        epoch: claim.epoch,
      });
    return {
      state: settled.jobState === 'queued' ? 'pending' : settled.jobState,
      cursor_version: settled.cursorVersion,
      ...(seen.refused.length > 0 && { observations_refused: seen.refused }),
    };
  }

  private observed(node: Node, site: number | null, observations: SeenReleases['taken']): string | null {
    if (site === null || observations.length === 0) return null;
    const named = this.engine.scheduler.board.sites.get(site);
    if (named === undefined) return null;
    const now = new Date(this.engine.now()).toISOString();
    const items = observations.map(({ title, release_key, seen_at, size_bucket, count }) => ({
      title: title ?? null,
      release_key: release_key ?? null,
      seen_at: seen_at ?? now,
      size_bucket: size_bucket ?? null,
      count,
    }));
    return JSON.stringify({ contributor: witnessOf(node), node: node.name, site: named.row.siteId, items });
  }

  private reportOf(worker: Node, { slot, epoch, job }: LeaseClaim, outcome: Report['outcome']): Report {
    const quiet = { reception: 'welcome', retryAfterMs: null, jobRetryMs: null, isFinal: false } as const;
    return { slot, epoch, job, worker, outcome, ...quiet, error: null, stats: null, cursor: null, observed: null };
  }

  private async held(held: HeldLease): Promise<Held> {
    const node = await this.engine.credentials.node(held, held.node_id);
    const claim = this.read(held.lease_token, node);
    if (claim === undefined || claim.job !== held.job_id) throw this.forged(node, held.job_id);
    return { node, claim };
  }

  private read(token: string, node: Node): LeaseClaim | undefined {
    return readLeaseToken(token, node.id, this.engine.keyring.signingKeys(this.engine.now()));
  }

  private forged(node: Node, job: number): AppError {
    this.noteRefusal(node, 'forged token', 'forged_token', job, null);
    return refused('forged_token', `This token is not of a lease of ${node.name} on job ${job}. Nothing was changed.`);
  }

  /** Why a report was refused; undefined when it was made before with the same outcome. */
  private async refusal(node: Node, claim: LeaseClaim, act: string, cursor?: CursorMove | null): Promise<AppError>;
  private async refusal(
    node: Node,
    claim: LeaseClaim,
    act: string,
    cursor: CursorMove | null,
    outcome: 'done' | 'failed',
  ): Promise<AppError | undefined>;
  private async refusal(
    node: Node,
    claim: LeaseClaim,
    act: string,
    cursor: CursorMove | null = null,
    outcome?: 'done' | 'failed',
  ): Promise<AppError | undefined> {
    const { slot, job, epoch } = claim;
    const now = await this.engine.store.circumstances({ slot, job, cursor: cursor?.name ?? null });
    if (outcome !== undefined && now.finishedEpoch === epoch && now.finishedBy === node.id && now.outcome === outcome)
      return undefined;
    const refusal = refusalOf({ job, epoch, node: node.id, cursor }, now);
    const { reason } = refusal.details as { reason: string };
    if (reason === 'job_cancelled') await this.confirm(node, job, act);
    this.noteRefusal(node, act, reason, job, epoch);
    return refusal;
  }

  /** The node of a cancelled lease hears of it just now, and has stopped already where its report is the last one. */
  private async confirm(node: Node, job: number, act: string): Promise<void> {
    const hasStopped = act === 'finish' || act === 'release';
    const restMs = hasStopped ? 0 : this.engine.times.quarantineMs;
    const freed = await this.engine.store.confirm({ job, node: node.id, restMs });
    if (freed !== null) await this.engine.slotsChanged([freed.slot]);
  }

  private noteRefusal(node: Node, act: string, reason: string, job: number, epoch: number | null): void {
    metrics.meshLeases.inc({ outcome: 'refused' });
    this.engine.audit.note({
      actor: node.name,
      act: 'report.refused',
      subject: `job ${job}`,
      epoch,
      details: { act, reason },
    });
  }
}

const textOf = (stats: Stats): string | null => (stats == null ? null : JSON.stringify(stats));

function receptionIn(stats: Stats, { role }: Node, failed: boolean): Pick<Report, 'reception' | 'retryAfterMs'> {
  const retryAfterMs = pauseOf(stats?.retry_after_s, role);
  const reception = receptionOf({ status: stats?.status ?? null, asksForPause: retryAfterMs !== null, failed });
  return { reception, retryAfterMs };
}

/** The pause that a worker asks for, as far as it may. */
const pauseOf = (seconds: number | null | undefined, role: Role): number | null =>
  seconds == null ? null : Math.min(seconds * 1000, RIGHTS[role].longestPauseMs);

function jobOf(grant: Grant, node: Node, key: Buffer): LeaseAnswer['jobs'][number] {
  return {
    id: grant.job,
    site_id: grant.site.row.siteId,
    payload: grant.payload,
    kind: grant.kind,
    lease_token: writeLeaseToken(grant, node.id, key),
    lease_expires_at: new Date(grant.expiresAt),
    lease_ttl_s: grant.ttlMs / 1000,
    attempt: grant.attempt,
    cursor: grant.cursorValue,
    cursor_version: grant.cursorVersion,
    budget: { max_pages: grant.cost, min_interval_ms: Math.ceil(grant.site.row.minIntervalMs / grant.site.row.pace) },
  };
}
