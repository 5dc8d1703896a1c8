import { hasAll, type Able } from '../domain/capabilities.js';
import { quietUntil } from '../domain/pacing.js';
import { TimeHeap, type Heaped } from '../domain/time-heap.js';
import { WINDOW, type Granted, type JobWindow, type SiteRow, type SlotRow, type WindowJob } from './lease-store.js';

/** A worker as the board sees it. */
export interface Worker extends Able {
  readonly id: number;
  readonly name: string;
  /** How many times its usual time a lease of this worker may last. */
  readonly mostTtls: number;
  active: number;
}

export interface Slot {
  readonly id: number;
  readonly group: Group;
  readonly stream: number;
  epoch: number;
  eligibleAt: number;
  expiresAt: number | null;
  leasedAt: number | null;
  site: number | null;
  job: number | null;
  node: number | null;
  pressure: number;
  pressedAt: number | null;
  /** Somebody is just asking the database for it. */
  isProposed: boolean;
  /** An answer was lost: what we know of it may be wrong. */
  isStale: boolean;
}

export interface Group {
  readonly id: number;
  readonly slots: Slot[];
  readonly sites: Set<Site>;
}

export interface Site extends Heaped {
  row: SiteRow;
  group: Group;
  heap: TimeHeap<Site> | null;
  window: WindowJob[];
  /** Whether the window holds every due job there is. */
  isComplete: boolean;
  /** How many jobs to look at ahead: four times as many each time those that were told are used up. */
  ahead: number;
  nextAt: number;
  /** How urgent its next job is, as far as is known. */
  priority: number;
  /** How often it was said that there may be more; an answer to an older question is not the last word. */
  notes: number;
}

/** Why a site has no work to give right now, and when it may have some (Infinity: when somebody acts). */
export interface Hindrance {
  readonly reason: NoWork;
  readonly at: number;
}

export const NO_WORK = [
  'no_jobs',
  'not_due',
  'leased',
  'resting',
  'blocked',
  'quiet_hours',
  'paused',
  'owned_elsewhere',
  'unknown_site',
  'not_entitled',
  'no_capability',
  'quota',
  'cooling_off',
  'draining',
  'client_too_old',
  'contended',
] as const;
export type NoWork = (typeof NO_WORK)[number];

const A_PRIORITY_IS_WORTH_MS = 1000;

/** Whether a site goes by one of these names; null stands for all there are. */
export const isAmong = ({ row }: Site, names: ReadonlySet<string> | null): boolean =>
  names === null || names.has(row.siteId) || row.aliases.some((alias) => names.has(alias));

/**
 * What the scheduler remembers of sites, streams and waiting jobs, and which site comes next. It only proposes: all of it
 * may be out of date, and the database decides. Ready sites are kept apart by what they require of a node, so that the
 * next one for a node is found without looking at those it cannot crawl.
 */
export class Board {
  readonly sites = new Map<number, Site>();
  readonly slots = new Map<number, Slot>();
  private readonly names = new Map<string, Site>();
  private readonly groups = new Map<number, Group>();
  private readonly future = new TimeHeap<Site>();
  private readonly ready = new Map<string, TimeHeap<Site>>();
  private fresh: Site[] = [];

  constructor(private readonly now: () => number) {}

  /** The site of a name or an alias. */
  named(name: string): Site | undefined {
    return this.names.get(name);
  }

  /** Takes over a site as the database has it; what is known of its jobs stays. */
  learnSite(row: SiteRow): Site {
    const group = this.group(row.group);
    let site = this.sites.get(row.id);
    if (site === undefined) {
      site = {
        row,
        group,
        heap: null,
        key: 0,
        place: -1,
        window: [],
        isComplete: true,
        ahead: 1,
        nextAt: Infinity,
        priority: 0,
        notes: 0,
      };
      this.sites.set(row.id, site);
    } else {
      for (const name of [site.row.siteId, ...site.row.aliases]) this.names.delete(name);
      site.group.sites.delete(site);
      this.out(site);
      site.row = row;
      site.group = group;
    }
    group.sites.add(site);
    for (const name of [row.siteId, ...row.aliases]) this.names.set(name, site);
    this.place(site);
    return site;
  }

  /** Takes over a stream as the database has it. */
  learnSlot(row: SlotRow): Slot {
    const group = this.group(row.group);
    const known = this.slots.get(row.id);
    if (known === undefined) {
      const slot: Slot = { ...row, group, isProposed: false, isStale: false };
      this.slots.set(slot.id, slot);
      group.slots.push(slot);
      group.slots.sort((a, b) => a.id - b.id);
    } else if (row.epoch >= known.epoch) {
      const { epoch, eligibleAt, expiresAt, leasedAt, site, job, node, pressure, pressedAt } = row;
      Object.assign(known, {
        epoch,
        eligibleAt,
        expiresAt,
        leasedAt,
        site,
        job,
        node,
        pressure,
        pressedAt,
        isStale: false,
      });
    }
    this.placeAll(group);
    return this.slots.get(row.id)!;
  }

  /** Streams that the database no longer has. */
  forgetSlots(group: Group, kept: ReadonlySet<number>): void {
    for (const slot of [...group.slots])
      if (!kept.has(slot.id)) {
        group.slots.splice(group.slots.indexOf(slot), 1);
        this.slots.delete(slot.id);
      }
  }

  learnWindow(
    { site: id, jobs, isComplete, nextAt }: JobWindow,
    isTaken: (job: number) => boolean,
    notes: number,
  ): void {
    const site = this.sites.get(id);
    if (site === undefined) return;
    const held = new Set(site.group.slots.map(({ job }) => job));
    site.window = jobs.filter((job) => !held.has(job.id) && !isTaken(job.id));
    const isLast = site.notes === notes;
    site.isComplete = isLast && (isComplete || site.window.length === 0);
    site.nextAt = Math.min(nextAt ?? Infinity, isLast ? Infinity : site.nextAt);
    site.priority = site.window[0]?.priority ?? 0;
  }

  /** A job of the site has gone; where the database chose it, it told which are left. */
  learnRest(site: Site, { rest, nextAt }: Pick<Granted, 'rest' | 'nextAt'>, notes: number): void {
    if (rest !== null) {
      const isLast = site.notes === notes;
      site.window = isLast ? [...rest] : [];
      site.isComplete = isLast && rest.length < site.ahead;
      site.ahead = Math.min(WINDOW, 4 * site.ahead);
      site.nextAt = Math.min(nextAt ?? Infinity, isLast ? Infinity : site.nextAt);
    }
    site.priority = site.window[0]?.priority ?? 0;
  }

  /** There may be jobs that the window does not show: from `at` on, or at once. */
  noteJobs(site: Site, at: number | null = null): void {
    site.notes++;
    if (at === null || at <= this.now()) {
      site.isComplete = false;
      site.window = [];
    } else site.nextAt = Math.min(site.nextAt, at);
    this.place(site);
  }

  /** Puts a site where it belongs after anything about it, its group or its jobs has changed. */
  place(site: Site): void {
    const now = this.now();
    if (site.nextAt <= now) {
      // It may be more urgent than those in the window.
      site.nextAt = Infinity;
      site.isComplete = false;
      site.window = [];
    }
    const { at } = this.hindrance(site, now);
    if (at === Infinity) this.out(site);
    else if (at > now) this.into(this.future, site, at);
    else {
      const heap = this.readyHeap(site);
      const isNew = site.heap !== heap;
      this.into(heap, site, this.eligibleAt(site) - site.priority * A_PRIORITY_IS_WORTH_MS);
      if (isNew) this.fresh.push(site);
    }
  }

  /** A stream of the group is being asked for: where it is the only one, nobody else need look at its sites meanwhile. */
  withdraw(group: Group): void {
    if (group.slots.length > 1) this.placeAll(group);
    else for (const site of group.sites) this.out(site);
  }

  placeAll(group: Group): void {
    for (const site of group.sites) this.place(site);
  }

  /** Moves the sites whose time has come; gives when the next one comes. */
  advance(): number {
    const now = this.now();
    for (let next = this.future.peek(); next !== undefined && next.key <= now; next = this.future.peek()) {
      this.out(next);
      this.place(next);
      if (next.heap === this.future && next.key <= now) break;
    }
    return this.future.peek()?.key ?? Infinity;
  }

  /** The sites that have become ready since the last time one asked. */
  takeFresh(): Site[] {
    const { fresh } = this;
    if (fresh.length === 0) return fresh;
    this.fresh = [];
    return fresh.filter((site) => site.heap !== null && site.heap !== this.future);
  }

  /** The next ready site for a worker, with a free stream of it; the site leaves the ready ones until it is placed again. */
  next(worker: Able, among: readonly Site[] | null): { site: Site; slot: Slot } | undefined {
    for (;;) {
      const site = among === null ? this.firstFor(worker) : this.firstOf(worker, among);
      if (site === undefined) return undefined;
      const now = this.now();
      const slot = this.freeSlot(site, now);
      if (slot !== undefined && this.hindrance(site, now).at <= now) return { site, slot };
      this.place(site);
      if (site.heap !== null && site.heap !== this.future) this.out(site);
    }
  }

  isReady(site: Site): boolean {
    return site.heap !== null && site.heap !== this.future;
  }

  /** The soonest site that is not ready yet. */
  soonest(): Site | undefined {
    return this.future.peek();
  }

  figures(): { ready: number; future: number; leased: number } {
    let leased = 0;
    for (const { job } of this.slots.values()) if (job !== null) leased++;
    return {
      ready: [...this.ready.values()].reduce((sum, { size }) => sum + size, 0),
      future: this.future.size,
      leased,
    };
  }

  /** What keeps a site from giving work at a moment; a moment not later than `now` means that nothing does. */
  hindrance(site: Site, now: number): Hindrance {
    const { row, group } = site;
    if (row.owner !== null) return { reason: 'owned_elsewhere', at: Infinity };
    if (row.state === 'paused') return { reason: 'paused', at: Infinity };
    let own = 0;
    let free = Infinity;
    let ownEnd = Infinity;
    let isResting = false;
    for (const slot of group.slots) {
      if (slot.isProposed || slot.stream >= row.streams) continue;
      if (slot.job !== null && slot.site === row.id && slot.eligibleAt > now) {
        own++;
        ownEnd = Math.min(ownEnd, slot.eligibleAt);
      }
      if (slot.eligibleAt < free) {
        free = slot.eligibleAt;
        isResting = slot.job === null;
      }
    }
    let reason: NoWork = isResting ? 'resting' : 'leased';
    let at = own >= row.maxWorkers ? Math.max(free, ownEnd) : free;
    if (row.blockedUntil !== null && row.blockedUntil > at) [reason, at] = ['blocked', row.blockedUntil];
    if (row.quietHours.length > 0) {
      const until = quietUntil(row.quietHours, Math.max(now, at === Infinity ? now : at));
      if (until !== null && until > at) [reason, at] = ['quiet_hours', until];
    }
    if (site.window.length === 0 && site.isComplete) {
      let due = site.nextAt;
      for (const slot of group.slots)
        if (!slot.isProposed && slot.job !== null && slot.site === row.id) due = Math.min(due, slot.eligibleAt);
      if (due === Infinity) return { reason: 'no_jobs', at: Infinity };
      if (due > at) [reason, at] = ['not_due', due];
    }
    return { reason, at };
  }

  private eligibleAt({ group, row }: Site): number {
    let least = Infinity;
    for (const slot of group.slots)
      if (!slot.isProposed && slot.stream < row.streams && slot.eligibleAt < least) least = slot.eligibleAt;
    return least;
  }

  /** The stream that has been eligible for longest; one whose lease ran out comes first, as its job waits in it. */
  private freeSlot({ group, row }: Site, now: number): Slot | undefined {
    let best: Slot | undefined;
    for (const slot of group.slots) {
      const isFree = !slot.isProposed && slot.stream < row.streams && slot.eligibleAt <= now;
      if (isFree && (best === undefined || comesBefore(slot, best))) best = slot;
    }
    return best;
  }

  private firstFor(worker: Able): Site | undefined {
    let first: Site | undefined;
    for (const [words, heap] of this.ready) {
      const head = heap.peek();
      if (head === undefined || (first !== undefined && head.key >= first.key)) continue;
      if (words === '' || hasAll(worker.capabilities, head.row.requires)) first = head;
    }
    return first;
  }

  private firstOf(worker: Able, among: readonly Site[]): Site | undefined {
    let first: Site | undefined;
    for (const site of among)
      if (
        this.isReady(site) &&
        (first === undefined || site.key < first.key) &&
        hasAll(worker.capabilities, site.row.requires)
      )
        first = site;
    return first;
  }

  private group(id: number): Group {
    let group = this.groups.get(id);
    if (group === undefined) this.groups.set(id, (group = { id, slots: [], sites: new Set() }));
    return group;
  }

  private readyHeap({ row }: Site): TimeHeap<Site> {
    const words = row.requires.length === 0 ? '' : [...row.requires].sort().join('\n');
    let heap = this.ready.get(words);
    if (heap === undefined) this.ready.set(words, (heap = new TimeHeap()));
    return heap;
  }

  private into(heap: TimeHeap<Site>, site: Site, key: number): void {
    if (site.heap !== heap) this.out(site);
    site.heap = heap;
    heap.put(site, key);
  }

  private out(site: Site): void {
    site.heap?.remove(site);
    site.heap = null;
  }
}

const comesBefore = (one: Slot, other: Slot): boolean =>
  (one.job === null) === (other.job === null) ? one.eligibleAt < other.eligibleAt : one.job !== null;
