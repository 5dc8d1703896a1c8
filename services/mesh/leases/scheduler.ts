import { hasAll } from '../domain/capabilities.js';
import { restAfter, type Reception } from '../domain/pacing.js';
import { Batches } from '#libs/database/batches';
import { Board, type Group, type Hindrance, type NoWork, type Site, type Slot, type Worker } from './board.js';
import type {
  ClaimWish,
  CursorMove,
  Granted,
  JobWindow,
  Lapsed,
  LeaseStore,
  Renewal,
  Renewed,
  Settled,
  Settlement,
  SiteRow,
  SlotRow,
} from './lease-store.js';
import { DatabaseClock, type Seams } from './seams.js';
import { WaitingRoom, type Waiter } from './waiting-room.js';

export interface Times {
  readonly ttlMs: number;
  readonly quarantineMs: number;
}

/** What a worker wants: how many jobs, of which sites, and until when it will wait for the first. */
export interface Wish {
  readonly worker: Worker;
  readonly sites: readonly Site[] | null;
  readonly most: number;
  readonly waitMs: number;
  /** Resolves when nobody is there any more to hear the answer. */
  readonly gone?: Promise<unknown>;
}

export interface Grant extends Granted {
  readonly site: Site;
  readonly ttlMs: number;
}

export type Answer = { readonly grants: readonly Grant[]; readonly hindrance: Hindrance | null };

/** How a lease ends, or how far it has come. */
export interface Report {
  readonly slot: number;
  readonly epoch: number;
  readonly job: number;
  readonly worker: Worker;
  readonly outcome: Settlement['outcome'];
  readonly reception: Reception;
  readonly retryAfterMs: number | null;
  readonly jobRetryMs: number | null;
  readonly isFinal: boolean;
  readonly error: string | null;
  readonly stats: string | null;
  readonly cursor: CursorMove | null;
  readonly observed: string | null;
}

/** How long a site that another replica looks after waits for that one before we offer it. */
const OTHERS_FIRST_MS = 20;

/** What the scheduler tells of, so that others can act on it. */
export interface Tellings {
  /** `used` is how much of the time since the last lease of the stream it had to wait for. */
  granted(used: number | null): void;
  lapsed(lapse: Lapsed, heldMs: number | null): void;
  contended(): void;
  freed(slot: Slot, settled: Settled, heldMs: number | null): void;
}

/**
 * Memory proposes, the database disposes: the board says who could have what, a conditional statement decides. Whatever
 * is refused is looked up again; nothing here is ever believed over a row.
 */
export class Scheduler {
  readonly clock: DatabaseClock;
  readonly board: Board;
  readonly room = new WaitingRoom();
  private readonly claims: Batches<ClaimWish, Granted>;
  private readonly settlements: Batches<Settlement, Settled>;
  private readonly renewals: Batches<Renewal, Renewed>;
  private readonly lapses: Batches<{ slot: number; epoch: number }, Lapsed>;
  private readonly windows: Batches<number, JobWindow>;
  private readonly rows: Batches<number, SlotRow>;
  private readonly proposed = new Set<number>();
  private questions = 0;
  /** Of each site the last question that was answered. */
  private readonly answered = new Map<number, number>();
  private readonly workers = new Map<number, Worker>();
  private timer: (() => void) | undefined;
  private timerAt = Infinity;
  private isClosed = false;

  constructor(
    private readonly store: LeaseStore,
    private readonly seams: Seams,
    private readonly times: Times,
    private readonly tellings: Tellings,
    private readonly isOurs: (site: number) => boolean = () => true,
  ) {
    this.clock = new DatabaseClock(seams);
    this.board = new Board(() => this.clock.now());
    const onTime = (now: number) => this.clock.learn(now);
    this.claims = new Batches({
      run: (wishes) => store.claim(wishes),
      keysOf: ({ slot, siblings }) => (siblings.length > 1 ? siblings : [slot]),
      onTime,
    });
    this.settlements = new Batches({
      run: (all) => store.settle(all),
      keysOf: ({ slot, site, cursor }) => (cursor === null ? [slot] : [slot, keyOf(site, cursor)]),
      onTime,
    });
    this.renewals = new Batches({ run: (all) => store.renew(all), keysOf: ({ slot }) => [slot], onTime });
    this.lapses = new Batches({ run: (all) => store.lapse(all), keysOf: ({ slot }) => [slot], onTime });
    this.windows = new Batches({
      run: async (sites) => {
        const { now, windows } = await store.windows(sites);
        const found = new Map(windows.map((window) => [window.site, window]));
        return { now, answers: sites.map((site) => found.get(site) ?? null) };
      },
      keysOf: (site) => [site],
      onTime,
    });
    this.rows = new Batches({
      run: async (ids) => {
        const { now, rows } = await store.slots(ids);
        const found = new Map(rows.map((row) => [row.id, row]));
        return { now, answers: ids.map((id) => found.get(id) ?? null) };
      },
      keysOf: (id) => [id],
      onTime,
    });
  }

  /** Learns everything from the database; all that a crash could have lost is there. */
  async load(): Promise<void> {
    const { now, rows } = await this.store.slots(null);
    this.clock.learn(now);
    for (const site of await this.sites({ kind: 'all' })) this.board.learnSite(site);
    for (const row of rows) this.learn(row);
    for (const { site, due } of await this.store.backlog(null)) this.noteJobs(site, due);
    this.turn();
  }

  /** Learns sites anew, after somebody has changed them or their jobs. */
  async reload(sites: readonly number[]): Promise<void> {
    const rows = await this.sites({ kind: 'some', ids: sites });
    const groups = new Set(rows.map((row) => this.board.learnSite(row).group));
    for (const { site, due } of await this.store.backlog(sites)) this.noteJobs(site, due);
    await this.reloadGroups([...groups]);
    this.turn();
  }

  /** The streams of groups, with those that are new or gone. */
  private async reloadGroups(groups: readonly Group[]): Promise<void> {
    const known = new Set(groups.map(({ id }) => id));
    const { now, rows } = await this.store.slots(null);
    this.clock.learn(now);
    const kept = new Set(rows.map(({ id }) => id));
    for (const group of groups) this.board.forgetSlots(group, kept);
    for (const row of rows) if (known.has(row.group)) this.learn(row);
  }

  /** There may be new jobs for a site, from `at` on. */
  noteJobs(site: number, at: number | null): void {
    const known = this.board.sites.get(site);
    if (known !== undefined) this.board.noteJobs(known, at);
  }

  /** Somebody else has moved this stream. */
  async recheck(slots: readonly number[]): Promise<void> {
    await Promise.all(slots.map((slot) => this.refresh(slot)));
    this.turn();
  }

  employ(worker: Worker): void {
    worker.active = 0;
    for (const { node, expiresAt } of this.board.slots.values())
      if (node === worker.id && (expiresAt ?? 0) > this.clock.now()) worker.active++;
    this.workers.set(worker.id, worker);
  }

  /** Work for a worker: at once if there is any, else as soon as there is, as long as it waits. */
  async lease(wish: Wish): Promise<Answer> {
    const grants = await this.take(wish, wish.most);
    if (grants.length > 0 || wish.most === 0) return { grants, hindrance: null };
    if (wish.waitMs > 0 && !this.isClosed) {
      const grant = await this.wait(wish);
      if (grant !== undefined) return { grants: [grant, ...(await this.take(wish, wish.most - 1))], hindrance: null };
    }
    return { grants, hindrance: this.hindranceFor(wish) };
  }

  /** Carries out what a worker reports; null when its lease does not hold. */
  async settle(report: Report): Promise<Settled | null> {
    const slot = this.board.slots.get(report.slot) ?? (await this.refresh(report.slot));
    if (slot === undefined) return null;
    if (slot.epoch < report.epoch) await this.refresh(slot.id);
    const site = slot.site === null ? undefined : this.board.sites.get(slot.site);
    const now = this.clock.now();
    const { restMs, level } = restAfter({
      minIntervalMs: site?.row.minIntervalMs ?? 0,
      pace: site?.row.pace ?? 1,
      reception: report.reception,
      retryAfterMs: report.retryAfterMs,
      pressure: { level: slot.pressure, sinceMs: slot.pressedAt },
      nowMs: now,
      random: this.seams.random(),
    });
    const settled = await this.settlements.ask({
      ...this.times,
      mostMs: this.mostMs(report.worker),
      slot: report.slot,
      isAlone: slot.group.slots.length === 1,
      site: site?.row.id ?? 0,
      epoch: report.epoch,
      node: report.worker.id,
      job: report.job,
      outcome: report.outcome,
      restMs: report.outcome === 'released' && report.reception === 'welcome' ? Math.min(restMs, 1000) : restMs,
      pressure: level,
      isPressed: report.reception !== 'welcome',
      retryMs: report.jobRetryMs,
      jitter: Math.round(900 + 200 * this.seams.random()) / 1000,
      isFinal: report.isFinal,
      error: report.error,
      stats: report.stats,
      cursor: report.cursor,
      observed: report.observed,
    });
    if (settled === null) {
      await this.refresh(slot.id);
      return null;
    }
    if (slot.epoch === report.epoch) this.onSettled(slot, report, settled, level);
    if (settled.jobState === 'queued' && report.outcome !== 'progress') this.noteJobs(settled.site, settled.nextAt);
    this.turn();
    return settled;
  }

  async renew(slot: number, epoch: number, worker: Worker): Promise<Renewed | null> {
    const renewed = await this.renewals.ask({
      ...this.times,
      mostMs: this.mostMs(worker),
      slot,
      epoch,
      node: worker.id,
    });
    const known = this.board.slots.get(slot);
    if (renewed !== null && known?.epoch === epoch) {
      known.expiresAt = renewed.expiresAt;
      known.eligibleAt = renewed.eligibleAt;
      this.board.placeAll(known.group);
    }
    return renewed;
  }

  private mostMs({ mostTtls }: Worker): number {
    return mostTtls * this.times.ttlMs;
  }

  /** The leases that a worker holds, as far as is known here. */
  leasesOf(worker: number): Slot[] {
    return [...this.board.slots.values()].filter(({ node, job }) => node === worker && job !== null);
  }

  /** Gives what has become ready to those who wait, and sets the clock for what comes next. */
  turn(): void {
    if (this.isClosed) return;
    const next = this.board.advance();
    for (const site of this.board.takeFresh())
      if (this.isOurs(site.row.id)) this.offer(site);
      else if (this.room.size > 0) this.seams.after(OTHERS_FIRST_MS, () => this.offer(site));
    if (next === this.timerAt) return;
    this.timer?.();
    this.timerAt = next;
    this.timer =
      next === Infinity
        ? undefined
        : this.seams.after(Math.max(0, next - this.clock.now()) + 0.5, () => {
            this.timerAt = Infinity;
            this.timer = undefined;
            this.turn();
          });
  }

  /** Those who wait are sent away; nothing more is given. */
  close(): void {
    this.isClosed = true;
    this.timer?.();
    for (const waiter of this.room.all()) this.dismiss.get(waiter)?.();
  }

  /** A worker that waits is sent away with what it has, to be looked at anew. */
  dismissAll(worker: number): void {
    for (const waiter of this.room.of(worker)) this.dismiss.get(waiter)?.();
  }

  private readonly dismiss = new WeakMap<Waiter, () => void>();

  private async take(wish: Wish, most: number): Promise<Grant[]> {
    const grants: Grant[] = [];
    for (let round = 0; round < 4 && grants.length < most; round++) {
      const proposals: Promise<Grant | undefined>[] = [];
      while (grants.length + proposals.length < most) {
        const found = this.board.next(wish.worker, wish.sites);
        if (found === undefined) break;
        proposals.push(this.propose(found.site, found.slot, wish.worker));
      }
      if (proposals.length === 0) break;
      if (most === 1) {
        const grant = await proposals[0];
        if (grant !== undefined) grants.push(grant);
        continue;
      }
      const outcomes = await Promise.allSettled(proposals);
      for (const outcome of outcomes)
        if (outcome.status === 'fulfilled' && outcome.value !== undefined) grants.push(outcome.value);
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed !== undefined && grants.length === 0) throw failed.reason;
    }
    return grants;
  }

  private wait(wish: Wish): Promise<Grant | undefined> {
    return new Promise((resolve, reject) => {
      let isOver = false;
      let isServed = false;
      let isLate = false;
      const end = (settle: () => void) => {
        if (isOver) return;
        isOver = true;
        callOff();
        this.room.leave(waiter);
        settle();
      };
      const waiter: Waiter = {
        worker: wish.worker,
        sites: wish.sites,
        since: this.clock.now(),
        serve: (site, slot) => {
          this.room.leave(waiter);
          isServed = true;
          this.propose(site, slot, wish.worker).then(
            (grant) => {
              isServed = false;
              if (grant !== undefined) {
                if (isOver) void this.handBack(grant, wish.worker);
                end(() => resolve(grant));
              } else if (isLate) end(() => resolve(undefined));
              else if (!isOver) {
                this.room.enter(waiter);
                // Not in the same breath: whatever is wrong, others have their turn first.
                this.seams.after(1, () => {
                  if (!isOver && this.room.has(waiter)) this.offerTo(waiter);
                });
              }
            },
            (error: unknown) => end(() => reject(error)),
          );
        },
      };
      // Time that is up while the database is being asked for it waits for that answer.
      const callOff = this.seams.after(wish.waitMs, () => {
        if (isServed) isLate = true;
        else end(() => resolve(undefined));
      });
      this.dismiss.set(waiter, () => end(() => resolve(undefined)));
      void wish.gone?.then(() => end(() => resolve(undefined)));
      this.room.enter(waiter);
      this.offerTo(waiter);
    });
  }

  /** A lease that reached nobody goes back unused. */
  private async handBack(grant: Grant, worker: Worker): Promise<void> {
    const { slot, epoch, job } = grant;
    const quiet = { reception: 'welcome', retryAfterMs: null, jobRetryMs: null, isFinal: false } as const;
    const nothing = { error: null, stats: null, cursor: null, observed: null };
    await this.settle({ slot, epoch, job, worker, outcome: 'released', ...quiet, ...nothing }).catch(() => {});
  }

  private offer(site: Site): void {
    while (this.board.isReady(site)) {
      const waiter = this.room.best(site, (one) => hasAll(one.worker.capabilities, site.row.requires));
      if (waiter === undefined) return;
      const found = this.board.next(waiter.worker, [site]);
      if (found === undefined) return;
      waiter.serve(found.site, this.hold(found.slot));
    }
  }

  private offerTo(waiter: Waiter): void {
    const found = this.board.next(waiter.worker, waiter.sites);
    if (found !== undefined) waiter.serve(found.site, this.hold(found.slot));
  }

  private hold(slot: Slot): Slot {
    slot.isProposed = true;
    return slot;
  }

  /** Asks the database for a lease, with one job after another while it is the job that was not to be had. */
  private async propose(site: Site, slot: Slot, worker: Worker): Promise<Grant | undefined> {
    this.hold(slot);
    this.board.withdraw(site.group);
    let job: number | null = null;
    let isGranted = false;
    try {
      if (slot.isStale) await this.refresh(slot.id);
      if (slot.job !== null && !(await this.lapse(slot))) return undefined;
      for (let round = 0; round < 6 && slot.eligibleAt <= this.clock.now(); round++) {
        const siblings = site.group.slots.map(({ id }) => id);
        const isShared = siblings.length > 1;
        job = isShared ? await this.nextJob(site) : this.jobAhead(site);
        if (isShared && job === null) return undefined;
        const { notes } = site;
        const granted = await this.claims.ask({
          ...this.times,
          slot: slot.id,
          epoch: slot.epoch,
          site: site.row.id,
          job,
          node: worker.id,
          siblings,
          ahead: site.ahead,
        });
        isGranted = granted !== null;
        if (granted !== null) {
          this.board.learnRest(site, granted, notes);
          return this.onGranted(site, slot, worker, granted);
        }
        this.tellings.contended();
        await this.relearn(site, slot);
        if (job !== null) this.proposed.delete(job);
        else if (!(await this.hasWork(site))) return undefined;
        job = null;
      }
      return undefined;
    } catch (error) {
      slot.isStale = true;
      throw error;
    } finally {
      slot.isProposed = false;
      if (job !== null) this.proposed.delete(job);
      if (job !== null && !isGranted) this.board.noteJobs(site);
      this.board.placeAll(site.group);
      this.turn();
    }
  }

  /** A wish was refused: something we believed is not so. */
  private async relearn(site: Site, slot: Slot): Promise<void> {
    // Each is believed as it comes: what waited for the other would be older than what came meanwhile.
    const learned = this.sites({ kind: 'some', ids: [site.row.id] }).then((rows) => {
      for (const row of rows) if (row.group === site.group.id) site.row = row;
    });
    await Promise.all([learned, this.refresh(slot.id)]);
    if (site.group.slots.length < site.row.streams) await this.reloadGroups([site.group]);
    site.isComplete = false;
    site.window = [];
  }

  /** Sites as they are now. What comes of one after the answer to a later question is older news, and left out. */
  private async sites(which: Parameters<LeaseStore['sites']>[0]): Promise<SiteRow[]> {
    const question = ++this.questions;
    const rows = await this.store.sites(which);
    return rows.filter(({ id }) => {
      if ((this.answered.get(id) ?? 0) > question) return false;
      this.answered.set(id, question);
      return true;
    });
  }

  /** Whether a site has due jobs, looked up. */
  private async hasWork(site: Site): Promise<boolean> {
    const { notes } = site;
    const window = await this.windows.ask(site.row.id);
    if (window !== null) this.board.learnWindow(window, (job) => this.proposed.has(job), notes);
    return site.window.length > 0;
  }

  private async nextJob(site: Site): Promise<number | null> {
    for (let round = 0; round < 2; round++) {
      const job = this.jobAhead(site);
      if (job !== null) return job;
      if (site.isComplete || !(await this.hasWork(site))) return null;
    }
    return null;
  }

  /** The best job of a site among those that are known; null when none is. */
  private jobAhead(site: Site): number | null {
    for (let job = site.window.shift(); job !== undefined; job = site.window.shift()) {
      const isLate = job.deadline !== null && job.deadline <= this.clock.now();
      if (isLate || this.proposed.has(job.id)) continue;
      this.proposed.add(job.id);
      return job.id;
    }
    return null;
  }

  private async lapse(slot: Slot): Promise<boolean> {
    const lapsed = await this.lapses.ask({ slot: slot.id, epoch: slot.epoch });
    if (lapsed === null) {
      await this.refresh(slot.id);
      return slot.job === null && slot.eligibleAt <= this.clock.now();
    }
    this.occupy(slot, null);
    Object.assign(slot, { job: null, node: null, site: null, expiresAt: null, eligibleAt: lapsed.eligibleAt });
    if (lapsed.jobState === 'queued') this.noteJobs(lapsed.site, lapsed.nextAt);
    this.tellings.lapsed(lapsed, this.heldMs(slot));
    return slot.eligibleAt <= this.clock.now();
  }

  private onGranted(site: Site, slot: Slot, worker: Worker, granted: Granted): Grant {
    const { job, epoch, eligibleAt, expiresAt } = granted;
    const leasedAt = this.clock.now();
    const sinceLast = slot.leasedAt === null ? 0 : leasedAt - slot.leasedAt;
    this.tellings.granted(sinceLast > 0 ? Math.min(1, (slot.eligibleAt - slot.leasedAt!) / sinceLast) : null);
    this.occupy(slot, worker.id);
    Object.assign(slot, { epoch, eligibleAt, expiresAt, leasedAt, site: site.row.id, job, node: worker.id });
    return { ...granted, site, ttlMs: this.times.ttlMs };
  }

  private onSettled(slot: Slot, report: Report, settled: Settled, pressure: number): void {
    slot.eligibleAt = settled.eligibleAt;
    slot.expiresAt = settled.expiresAt;
    slot.pressure = pressure;
    if (report.reception !== 'welcome') slot.pressedAt = this.clock.now();
    if (report.outcome !== 'progress') {
      this.occupy(slot, null);
      slot.site = slot.job = slot.node = null;
      this.tellings.freed(slot, settled, this.heldMs(slot));
    }
    this.board.placeAll(slot.group);
  }

  private heldMs({ leasedAt }: Slot): number | null {
    return leasedAt === null ? null : Math.max(0, this.clock.now() - leasedAt);
  }

  private async refresh(id: number): Promise<Slot | undefined> {
    const row = await this.rows.ask(id);
    return row === null ? undefined : this.learn(row);
  }

  private learn(row: SlotRow): Slot {
    const known = this.board.slots.get(row.id);
    // Somebody else has ended a lease that we believed in: what became of its job has to be looked up.
    const left = known !== undefined && known.job !== null && known.job !== row.job ? known.site : null;
    if (known !== undefined && row.epoch >= known.epoch) this.occupy(known, row.node);
    const slot = this.board.learnSlot(row);
    if (left !== null) this.noteJobs(left, null);
    if (known === undefined && row.node !== null) this.count(row.node, 1);
    return slot;
  }

  private occupy(slot: Slot, node: number | null): void {
    if (slot.node === node) return;
    if (slot.node !== null) this.count(slot.node, -1);
    if (node !== null) this.count(node, 1);
    slot.node = node;
  }

  private count(node: number, by: number): void {
    const worker = this.workers.get(node);
    if (worker !== undefined) worker.active = Math.max(0, worker.active + by);
  }

  private hindranceFor({ sites, worker }: Wish): Hindrance {
    const now = this.clock.now();
    if (sites === null) {
      const soonest = this.board.soonest();
      if (soonest !== undefined) return this.board.hindrance(soonest, now);
      const { ready } = this.board.figures();
      return ready > 0 ? { reason: 'no_capability', at: Infinity } : { reason: 'no_jobs', at: Infinity };
    }
    let best: Hindrance = { reason: sites.length === 0 ? 'unknown_site' : 'no_jobs', at: Infinity };
    for (const site of sites.slice(0, 100)) {
      const one = this.board.hindrance(site, now);
      const isAble = hasAll(worker.capabilities, site.row.requires);
      const told: Hindrance = isAble
        ? one.at <= now
          ? { reason: 'contended', at: now + 100 }
          : one
        : { reason: 'no_capability', at: Infinity };
      if (told.at < best.at || best.reason === 'no_jobs') best = told;
    }
    return best;
  }

  /** Why a site gives no work, by name of the reason. */
  reasonFor(site: Site): { reason: NoWork | null; at: number } {
    const now = this.clock.now();
    const { reason, at } = this.board.hindrance(site, now);
    const { blockedUntil } = site.row;
    // That there are no jobs either is told beside it.
    if (reason === 'no_jobs' && blockedUntil !== null && blockedUntil > now)
      return { reason: 'blocked', at: blockedUntil };
    return at <= now ? { reason: null, at: now } : { reason, at };
  }
}

/** The main cursor of a site is a number apart from those of streams; others are told by their names. */
const keyOf = (site: number, { name }: CursorMove): string | number =>
  name === 'main' ? -1 - site : `${site} ${name}`;
