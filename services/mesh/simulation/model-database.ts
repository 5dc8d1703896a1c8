import { complaintAbout, type Ordering } from '../domain/cursor-order.js';
import type {
  Cancelled,
  Circumstances,
  ClaimWish,
  Granted,
  JobState,
  JobWindow,
  Lapsed,
  LeaseStore,
  Renewal,
  Renewed,
  Settled,
  Settlement,
  SiteRow,
  SlotRow,
} from '../leases/lease-store.js';
import { WINDOW, type WindowJob } from '../leases/lease-store.js';
import type { Guard } from './guards.js';

export interface ModelGroup {
  readonly id: number;
  streams: number;
  minIntervalMs: number;
  hourEmitMs: number;
  hourToleranceMs: number;
}
export interface ModelSlot {
  readonly id: number;
  readonly group: number;
  readonly stream: number;
  epoch: number;
  eligibleAt: number;
  expiresAt: number | null;
  leasedAt: number | null;
  site: number | null;
  job: number | null;
  node: number | null;
  cursorVersion: number | null;
  pressure: number;
  pressedAt: number | null;
  hourPaid: number;
}
/** What a slot says when nobody has it. */
export const FREE_SLOT = {
  expiresAt: null,
  leasedAt: null,
  site: null,
  job: null,
  node: null,
  cursorVersion: null,
  pressedAt: null,
} as const;

export interface ModelJob {
  readonly id: number;
  readonly site: number;
  state: JobState;
  priority: number;
  notBefore: number;
  deadline: number | null;
  cost: number;
  attempts: number;
  maxAttempts: number;
  everyMs: number | null;
  outcome: string | null;
  finishedEpoch: number | null;
  finishedBy: number | null;
}
export interface ModelCursor {
  value: string | null;
  version: number;
  ordering: Ordering;
}

/** What a statement did, for those who watch whether the promises hold. */
export interface Watch {
  granted(slot: ModelSlot, now: number): void;
  renewed(slot: ModelSlot, by: number, epoch: number, now: number): void;
  settled(slot: ModelSlot, settlement: Settlement, moved: ModelCursor | null, now: number): void;
  lapsed(slot: ModelSlot, now: number): void;
  revoked(slot: ModelSlot): void;
}
const NOBODY: Watch = {
  granted: () => {},
  renewed: () => {},
  settled: () => {},
  lapsed: () => {},
  revoked: () => {},
};

/**
 * The statements of the mesh as plain code on plain objects, one at a time: what PostgreSQL does, at a time that is given.
 * The conformance test holds the two against each other; guards can be left out, to see who notices.
 */
export class ModelDatabase {
  readonly groups = new Map<number, ModelGroup>();
  readonly sites = new Map<number, SiteRow>();
  readonly slots = new Map<number, ModelSlot>();
  readonly jobs = new Map<number, ModelJob>();
  readonly cursors = new Map<string, ModelCursor>();

  constructor(
    private readonly without: ReadonlySet<Guard> = new Set(),
    private readonly watch: Watch = NOBODY,
  ) {}

  claim(wishes: readonly ClaimWish[], now: number): (Granted | null)[] {
    const held = new Map([...this.slots].map(([id, slot]) => [id, { ...slot }]));
    return wishes.map((wish) => this.claimOne(wish, held, now));
  }

  private claimOne(wish: ClaimWish, held: ReadonlyMap<number, ModelSlot>, now: number): Granted | null {
    const slot = this.slots.get(wish.slot);
    const site = this.sites.get(wish.site);
    const job = this.choice(wish, now);
    const before = held.get(wish.slot);
    if (slot === undefined || site === undefined || job === undefined || before === undefined) return null;
    const group = this.groups.get(slot.group)!;
    const others = wish.siblings.map((id) => held.get(id)).filter((one) => one !== undefined);
    const isAlone = wish.siblings.length === 1;
    const holds =
      this.hold('claim: epoch', before.epoch === wish.epoch) &&
      this.hold('claim: free', before.job === null) &&
      this.hold('claim: eligible', before.eligibleAt <= now) &&
      site.group === slot.group &&
      this.hold('claim: site open', site.state === 'open') &&
      this.hold('claim: not blocked', site.blockedUntil === null || site.blockedUntil <= now) &&
      this.hold('claim: owned here', site.owner === null) &&
      group.streams <= wish.siblings.length &&
      slot.stream < group.streams &&
      (isAlone ||
        this.hold(
          'claim: one lease a job',
          others.every((one) => one.job !== job.id),
        )) &&
      (isAlone ||
        this.hold(
          'claim: workers per site',
          others.filter((one) => one.site === wish.site && one.job !== null).length < site.maxWorkers,
        ));
    if (!holds) return null;
    const cursor = this.cursors.get(`${wish.site} main`);
    if (!this.without.has('claim: epoch goes up')) slot.epoch++;
    slot.site = wish.site;
    slot.job = job.id;
    slot.node = wish.node;
    slot.cursorVersion = cursor?.version ?? 0;
    slot.leasedAt = now;
    slot.expiresAt = now + wish.ttlMs;
    slot.eligibleAt = now + wish.ttlMs + (this.without.has('claim: quarantine') ? 0 : wish.quarantineMs);
    const paid = this.without.has('claim: budget paid') ? 0 : job.cost;
    if (group.hourEmitMs > 0) slot.hourPaid = Math.max(slot.hourPaid, now) + paid * group.hourEmitMs;
    this.watch.granted(slot, now);
    const isChoice = wish.job === null;
    const left = this.due(wish.site, now).filter(({ id }) => id !== job.id);
    return {
      slot: slot.id,
      job: job.id,
      epoch: slot.epoch,
      attempt: job.attempts + 1,
      kind: 'full',
      payload: {},
      cost: job.cost,
      cursorValue: cursor?.value ?? null,
      cursorVersion: slot.cursorVersion,
      expiresAt: slot.expiresAt,
      eligibleAt: slot.eligibleAt,
      rest: isChoice ? windowOf(left, wish.ahead) : null,
      nextAt: isChoice ? this.nextDue(wish.site, now) : null,
    };
  }

  /** The job that a wish names, if it can be had, or the best one. */
  private choice({ site, job: named, siblings }: ClaimWish, now: number): ModelJob | undefined {
    if (named === null) return siblings.length === 1 ? this.due(site, now)[0] : undefined;
    const job = this.jobs.get(named);
    const holds =
      job !== undefined &&
      job.site === site &&
      this.hold('claim: job queued', job.state === 'queued') &&
      this.hold('claim: job due', job.notBefore <= now) &&
      (job.deadline === null || job.deadline > now);
    return holds ? job : undefined;
  }

  private due(site: number, now: number): ModelJob[] {
    return [...this.jobs.values()]
      .filter(
        (job) =>
          job.site === site &&
          job.state === 'queued' &&
          job.notBefore <= now &&
          (job.deadline === null || job.deadline > now),
      )
      .sort(byUrgency);
  }

  private nextDue(site: number, now: number): number | null {
    const later = [...this.jobs.values()].filter(
      (job) => job.site === site && job.state === 'queued' && job.notBefore > now,
    );
    return later.length > 0 ? Math.min(...later.map(({ notBefore }) => notBefore)) : null;
  }

  settle(settlements: readonly Settlement[], now: number): (Settled | null)[] {
    return settlements.map((one) => this.settleOne(one, now));
  }

  private settleOne(act: Settlement, now: number): Settled | null {
    const slot = this.slots.get(act.slot);
    if (slot === undefined) return null;
    const holds =
      this.hold('settle: epoch', slot.epoch === act.epoch) &&
      this.hold('settle: node', slot.node === act.node) &&
      this.hold('settle: job', slot.job === act.job) &&
      this.hold('settle: not expired', (slot.expiresAt ?? 0) > now);
    if (!holds || slot.expiresAt === null) return null;
    const moved = act.cursor === null ? null : this.move(slot, act.cursor);
    if (act.cursor !== null && moved === null && !this.without.has('settle: all or nothing')) return null;
    this.watch.settled(slot, act, moved, now);
    const group = this.groups.get(slot.group)!;
    const job = this.jobs.get(act.job);
    const site = slot.site!;
    if (act.outcome === 'progress') {
      if (this.hold('settle: not spent', isYoung(slot, act, now))) this.extend(slot, act, now);
    } else {
      slot.site = slot.job = slot.node = slot.expiresAt = null;
      const least = this.without.has('settle: rest') || act.outcome === 'released' ? 0 : group.minIntervalMs;
      const rest = Math.max(act.restMs, least);
      slot.eligibleAt = Math.max(now + rest, slot.hourPaid - group.hourToleranceMs);
    }
    if (act.cursor?.name === 'main' && moved !== null) slot.cursorVersion = moved.version;
    if (act.isPressed) slot.pressedAt = now;
    slot.pressure = act.pressure;
    const closes = act.outcome !== 'progress' && job?.state === 'queued';
    if (closes) this.close(job, act, now);
    return {
      site,
      eligibleAt: slot.eligibleAt,
      expiresAt: slot.expiresAt,
      jobState: closes ? job.state : 'cancelled',
      attempts: closes ? job.attempts : 0,
      nextAt: closes && job.state === 'queued' ? job.notBefore : null,
      cursorVersion: moved?.version ?? null,
    };
  }

  private move(slot: ModelSlot, { name, value, version }: NonNullable<Settlement['cursor']>): ModelCursor | null {
    const key = `${slot.site} ${name}`;
    const expected = version ?? (name === 'main' ? (slot.cursorVersion ?? 0) : 0);
    const cursor = this.cursors.get(key);
    if (cursor === undefined) {
      if (expected !== 0) return null;
      const made: ModelCursor = { value, version: 1, ordering: 'opaque' };
      this.cursors.set(key, made);
      return made;
    }
    if (!this.hold('settle: cursor version', cursor.version === expected)) return null;
    if (complaintAbout(value, cursor.ordering) !== undefined) return null;
    if (cursor.ordering === 'integer') {
      const isForward = cursor.value === null || BigInt(value) >= BigInt(cursor.value);
      if (!this.hold('settle: cursor forward', isForward)) return null;
    } else if (cursor.ordering === 'time') {
      const isForward = cursor.value === null || Date.parse(value) >= Date.parse(cursor.value);
      if (!this.hold('settle: time forward', isForward)) return null;
    }
    cursor.value = value;
    cursor.version = expected + 1;
    return cursor;
  }

  private close(job: ModelJob, act: Settlement, now: number): void {
    const isOver =
      act.outcome === 'failed' &&
      (act.isFinal || job.attempts + 1 >= job.maxAttempts || (job.deadline !== null && job.deadline <= now));
    const every = job.everyMs;
    if (act.outcome !== 'released') {
      if (every !== null && (act.outcome === 'done' || isOver)) job.notBefore = now + every * act.jitter;
      else if (act.outcome === 'failed' && !isOver)
        job.notBefore =
          now + (act.retryMs ?? Math.min(3_600_000, 10_000 * 2 ** Math.min(job.attempts, 9)) * act.jitter);
      job.attempts = every !== null && (act.outcome === 'done' || isOver) ? 0 : job.attempts + 1;
      if (every === null) job.state = act.outcome === 'done' ? 'done' : isOver ? 'dead' : 'queued';
    }
    job.outcome = act.outcome;
    job.finishedEpoch = act.epoch;
    job.finishedBy = act.node;
  }

  renew(renewals: readonly Renewal[], now: number): (Renewed | null)[] {
    return renewals.map((act) => {
      const slot = this.slots.get(act.slot);
      const holds =
        slot !== undefined &&
        slot.job !== null &&
        this.hold('renew: epoch', slot.epoch === act.epoch) &&
        this.hold('renew: node', slot.node === act.node) &&
        this.hold('renew: not expired', (slot.expiresAt ?? 0) > now) &&
        this.hold('renew: not spent', isYoung(slot, act, now));
      if (!holds) return null;
      this.watch.renewed(slot, act.node, act.epoch, now);
      this.extend(slot, act, now);
      return { expiresAt: slot.expiresAt!, eligibleAt: slot.eligibleAt };
    });
  }

  lapse(asked: readonly { slot: number; epoch: number }[], now: number): (Lapsed | null)[] {
    return asked.map((act) => {
      const slot = this.slots.get(act.slot);
      const holds =
        slot !== undefined &&
        slot.job !== null &&
        this.hold('lapse: epoch', slot.epoch === act.epoch) &&
        this.hold('lapse: over', slot.eligibleAt <= now);
      if (!holds) return null;
      this.watch.lapsed(slot, now);
      const { job: jobId, node, site } = slot;
      const job = this.jobs.get(jobId!);
      const closes = job?.state === 'queued';
      if (closes) {
        const isOver = job.attempts + 1 >= job.maxAttempts || (job.deadline !== null && job.deadline <= now);
        if (!isOver) job.notBefore = now;
        else if (job.everyMs !== null) job.notBefore = now + job.everyMs;
        job.attempts = isOver && job.everyMs !== null ? 0 : job.attempts + 1;
        if (isOver && job.everyMs === null) job.state = 'dead';
        Object.assign(job, { outcome: 'expired', finishedEpoch: slot.epoch, finishedBy: node });
      }
      slot.site = slot.job = slot.node = slot.expiresAt = null;
      slot.eligibleAt = Math.max(now, slot.hourPaid - this.groups.get(slot.group)!.hourToleranceMs);
      return {
        job: jobId!,
        node,
        site: site!,
        jobState: closes ? job.state : 'cancelled',
        nextAt: closes && job.state === 'queued' ? job.notBefore : null,
        eligibleAt: slot.eligibleAt,
      };
    });
  }

  /** Cancels a job that waits or is being done. */
  revoke(id: number, now: number): void {
    const job = this.jobs.get(id);
    if (job?.state !== 'queued') return;
    const { group } = this.sites.get(job.site)!;
    for (const slot of this.slots.values()) {
      if (slot.group !== group || (slot.job !== null && slot.job !== id)) continue;
      if (slot.node !== null) {
        Object.assign(job, { outcome: 'cancelled', finishedEpoch: slot.epoch, finishedBy: slot.node });
        this.watch.revoked(slot);
      }
      if (this.without.has('revoke: ends the lease')) continue;
      slot.epoch++;
      slot.node = null;
      slot.expiresAt = slot.job === null ? null : now;
    }
    job.state = 'cancelled';
  }

  /** The node of a cancelled lease has heard of it. */
  confirm({ job: id, node, restMs }: Cancelled, now: number): Awaited<ReturnType<LeaseStore['confirm']>> {
    const job = this.jobs.get(id);
    const slot = [...this.slots.values()].find((one) => one.job === id && one.node === null);
    if (slot === undefined || job?.outcome !== 'cancelled') return null;
    const isItsNode = this.hold('confirm: its node', job.finishedBy === node);
    if (!isItsNode || job.finishedEpoch !== slot.epoch - 1) return null;
    const { minIntervalMs, hourToleranceMs } = this.groups.get(slot.group)!;
    const rest = this.without.has('confirm: rest') ? restMs : Math.max(minIntervalMs, restMs);
    slot.site = slot.job = slot.expiresAt = null;
    slot.eligibleAt = Math.min(slot.eligibleAt, Math.max(now + rest, slot.hourPaid - hourToleranceMs));
    return { slot: slot.id, eligibleAt: slot.eligibleAt, now };
  }

  slotRows(ids: readonly number[] | null): SlotRow[] {
    return [...this.slots.values()].filter(({ id }) => ids === null || ids.includes(id)).map((slot) => ({ ...slot }));
  }

  siteRows(ids: readonly number[] | null): SiteRow[] {
    return [...this.sites.values()].filter(({ id }) => ids === null || ids.includes(id));
  }

  backlog(sites: readonly number[] | null): { site: number; due: number }[] {
    const due = new Map<number, number>();
    for (const { site, state, notBefore } of this.jobs.values())
      if (state === 'queued' && (sites === null || sites.includes(site)))
        due.set(site, Math.min(due.get(site) ?? Infinity, notBefore));
    return [...due].map(([site, at]) => ({ site, due: at }));
  }

  windows(sites: readonly number[], now: number): JobWindow[] {
    return sites.map((site) => {
      const jobs = windowOf(this.due(site, now));
      return { site, jobs, isComplete: jobs.length < WINDOW, nextAt: this.nextDue(site, now) };
    });
  }

  circumstances(
    { slot: id, job: jobId, cursor: name }: { slot: number; job: number; cursor: string | null },
    now: number,
  ): Circumstances {
    const slot = this.slots.get(id);
    const job = this.jobs.get(jobId);
    const cursor = this.cursors.get(`${slot?.site ?? job?.site} ${name}`);
    return {
      now,
      epoch: slot?.epoch ?? null,
      node: slot?.node ?? null,
      slotJob: slot?.job ?? null,
      expiresAt: slot?.expiresAt ?? null,
      jobState: job?.state ?? null,
      finishedEpoch: job?.finishedEpoch ?? null,
      outcome: job?.outcome ?? null,
      finishedBy: job?.finishedBy ?? null,
      cursorVersion: cursor?.version ?? null,
      cursorOrdering: cursor?.ordering ?? null,
    };
  }

  holderOf(job: number): { known: boolean; held: { slot: number; epoch: number; node: number } | null } {
    const slot = [...this.slots.values()].find((one) => one.job === job && one.node !== null);
    const held = slot === undefined ? null : { slot: slot.id, epoch: slot.epoch, node: slot.node! };
    return { known: this.jobs.has(job), held };
  }

  private extend(slot: ModelSlot, { ttlMs, quarantineMs }: Renewal | Settlement, now: number): void {
    slot.expiresAt = now + ttlMs;
    slot.eligibleAt = now + ttlMs + quarantineMs;
  }

  private hold(guard: Guard, condition: boolean): boolean {
    return condition || this.without.has(guard);
  }
}

/** Whether a lease has not lasted yet as long as it may. */
const isYoung = ({ leasedAt }: ModelSlot, { mostMs }: { mostMs: number }, now: number): boolean =>
  leasedAt !== null && leasedAt > now - mostMs;

const windowOf = (due: readonly ModelJob[], most = WINDOW): WindowJob[] =>
  due.slice(0, most).map(({ id, priority, deadline }) => ({ id, priority, deadline }));

const byUrgency = (one: ModelJob, other: ModelJob): number => other.priority - one.priority || one.id - other.id;
