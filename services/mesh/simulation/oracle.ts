import type { Settlement } from '../leases/lease-store.js';
import type { ModelCursor, ModelDatabase, ModelSlot, Watch } from './model-database.js';

interface Lease {
  readonly slot: number;
  readonly epoch: number;
  readonly group: number;
  readonly site: number;
  readonly job: number;
  readonly node: number;
  readonly begun: number;
  expires: number;
  ended: number | null;
  isRevoked: boolean;
}

/**
 * Watches every write and keeps its own book of leases, from which it tells when a promise was broken: never two leases
 * where one is allowed, no change by anyone whose lease does not hold, no acknowledged result lost, no cursor moved by a
 * stale holder or backwards, no site visited sooner or more often than politeness allows.
 */
export class Oracle implements Watch {
  readonly violations: string[] = [];
  grants = 0;
  settlements = 0;
  private readonly live = new Map<number, Lease>();
  private readonly epochs = new Map<number, number>();
  private readonly done = new Map<number, number>();
  private readonly rests = new Map<number, number>();
  private readonly visits = new Map<number, number[]>();
  private readonly cursors = new Map<string, { version: number; value: string | null }>();
  private readonly crawling = new Map<number, Set<number>>();

  constructor(
    private readonly database: () => ModelDatabase,
    private readonly times: { ttlMs: number; quarantineMs: number; perHour: number; minIntervalMs: number },
  ) {}

  granted(slot: ModelSlot, now: number): void {
    this.grants++;
    const { groups, sites, jobs } = this.database();
    const site = sites.get(slot.site!)!;
    const job = jobs.get(slot.job!)!;
    const before = this.live.get(slot.id);
    const others = [...this.live.values()].filter(
      (lease) => lease.ended === null && lease.slot !== slot.id && lease.expires > now,
    );
    if (before !== undefined && before.ended === null)
      this.say(now, `stream ${slot.id} was granted over the lease ${before.epoch}, which had not ended`);
    if ((this.epochs.get(slot.id) ?? 0) >= slot.epoch)
      this.say(now, `stream ${slot.id} was granted with the epoch ${slot.epoch} again`);
    if (others.some((lease) => lease.job === slot.job)) this.say(now, `job ${slot.job} is leased twice`);
    const onSite = others.filter((lease) => lease.site === slot.site).length;
    if (onSite >= site.maxWorkers) this.say(now, `site ${slot.site} has ${onSite + 1} leases`);
    if (others.filter((lease) => lease.group === slot.group).length >= groups.get(slot.group)!.streams)
      this.say(now, `group ${slot.group} has too many leases`);
    if (this.done.has(slot.job!)) this.say(now, `job ${slot.job} was leased after it was done`);
    if (job.state !== 'queued') this.say(now, `job ${slot.job} was leased while ${job.state}`);
    if (job.notBefore > now) this.say(now, `job ${slot.job} was leased before its time`);
    if (site.state !== 'open') this.say(now, `site ${slot.site} was leased while paused`);
    if (site.owner !== null) this.say(now, `site ${slot.site} was leased here while ${site.owner} owns it`);
    if (site.blockedUntil !== null && site.blockedUntil > now)
      this.say(now, `site ${slot.site} was leased while blocked`);
    if ((this.rests.get(slot.id) ?? 0) > now + 0.001)
      this.say(now, `stream ${slot.id} was leased before its rest was over`);
    this.visit(slot, now);
    this.epochs.set(slot.id, slot.epoch);
    this.live.set(slot.id, {
      slot: slot.id,
      epoch: slot.epoch,
      group: slot.group,
      site: slot.site!,
      job: slot.job!,
      node: slot.node!,
      begun: now,
      expires: now + this.times.ttlMs,
      ended: null,
      isRevoked: false,
    });
    // After its end a lease is in quarantine, so that who is slow to notice does not crawl beside the next.
    if (before?.ended === null && before.expires + this.times.quarantineMs > now)
      this.say(now, `stream ${slot.id} had no quarantine`);
  }

  renewed(slot: ModelSlot, by: number, epoch: number, now: number): void {
    const lease = this.live.get(slot.id);
    if (!this.isHeld(lease, by, epoch, now))
      return this.say(now, `stream ${slot.id} was renewed by ${by}, who does not hold it`);
    lease.expires = now + this.times.ttlMs;
  }

  settled(slot: ModelSlot, act: Settlement, moved: ModelCursor | null, now: number): void {
    this.settlements++;
    const lease = this.live.get(slot.id);
    const isHeld = this.isHeld(lease, act.node, act.epoch, now) && lease.job === act.job;
    if (!isHeld) return this.say(now, `job ${act.job} was ${act.outcome} by ${act.node}, who does not hold its lease`);
    if (act.cursor !== null) this.move(slot, act.cursor, moved, now);
    if (act.outcome === 'progress') {
      if (lease.begun > now - act.mostMs) lease.expires = now + this.times.ttlMs;
    } else {
      lease.ended = now;
      if (act.outcome !== 'released') this.rests.set(slot.id, now + this.times.minIntervalMs);
      const job = this.database().jobs.get(act.job);
      const counts = act.outcome === 'done' && job?.state === 'queued' && job.everyMs === null;
      if (counts) this.done.set(act.job, act.epoch);
    }
  }

  lapsed(slot: ModelSlot, now: number): void {
    const lease = this.live.get(slot.id);
    if (lease === undefined || lease.ended !== null) return this.say(now, `stream ${slot.id} lapsed without a lease`);
    if (lease.expires + this.times.quarantineMs > now + 0.001)
      this.say(now, `stream ${slot.id} lapsed before its time and quarantine`);
    lease.ended = now;
  }

  /** An operator has ended a lease; nobody holds it from now on, and its quarantine is what it was. */
  revoked(slot: ModelSlot): void {
    const lease = this.live.get(slot.id);
    if (lease !== undefined) lease.isRevoked = true;
  }

  /** A node was told that its finish counts. */
  acknowledged(job: number, now: number): void {
    const state = this.database().jobs.get(job)?.state;
    if (state !== 'done') this.say(now, `the finish of job ${job} was acknowledged, and it is ${state}`);
  }

  /** An honest node begins or ends to crawl. */
  crawls(node: number, site: number, begins: boolean, now: number): void {
    const nodes = this.crawling.get(site) ?? new Set();
    this.crawling.set(site, nodes);
    if (!begins) return void nodes.delete(node);
    nodes.add(node);
    if (nodes.size > this.database().sites.get(site)!.maxWorkers)
      this.say(now, `site ${site} is crawled by ${nodes.size} nodes at once`);
  }

  /** At the end, after all faults are over: nothing that was acknowledged is undone, and nothing is stuck. */
  atEnd(now: number): void {
    const { jobs } = this.database();
    for (const job of this.done.keys())
      if (jobs.get(job)?.state !== 'done') this.say(now, `job ${job} was done, and is ${jobs.get(job)?.state}`);
    for (const job of jobs.values())
      if (job.state === 'queued' && job.everyMs === null) this.say(now, `job ${job.id} never became runnable again`);
  }

  private move(
    slot: ModelSlot,
    cursor: NonNullable<Settlement['cursor']>,
    moved: ModelCursor | null,
    now: number,
  ): void {
    if (moved === null) return this.say(now, `a finish was taken without its cursor`);
    const key = `${slot.site} ${cursor.name}`;
    const before = this.cursors.get(key) ?? { version: 0, value: null };
    const expected = cursor.version ?? slot.cursorVersion ?? 0;
    if (before.version !== expected)
      this.say(now, `the cursor of ${key} moved from ${before.version} by one who knew ${expected}`);
    if (moved.version !== before.version + 1)
      this.say(now, `the cursor of ${key} went from version ${before.version} to ${moved.version}`);
    if (before.value !== null && Number(cursor.value) < Number(before.value))
      this.say(now, `the cursor of ${key} went backwards`);
    this.cursors.set(key, { version: moved.version, value: cursor.value });
  }

  private visit(slot: ModelSlot, now: number): void {
    const { hourEmitMs } = this.database().groups.get(slot.group)!;
    if (hourEmitMs === 0) return;
    const visits = (this.visits.get(slot.group) ?? []).filter((at) => at > now - 3_600_000);
    visits.push(now);
    this.visits.set(slot.group, visits);
    if (visits.length > this.times.perHour)
      this.say(now, `group ${slot.group} was visited ${visits.length} times in an hour`);
  }

  private isHeld(lease: Lease | undefined, node: number, epoch: number, now: number): lease is Lease {
    return (
      lease !== undefined &&
      lease.ended === null &&
      !lease.isRevoked &&
      lease.node === node &&
      lease.epoch === epoch &&
      lease.expires > now
    );
  }

  private say(now: number, what: string): void {
    if (this.violations.length < 20) this.violations.push(`${Math.round(now)}: ${what}`);
  }
}
