import type { Site, Slot, Worker } from './board.js';

/** A worker that waits for work, for some sites or for any. */
export interface Waiter {
  readonly worker: Worker;
  readonly sites: readonly Site[] | null;
  readonly since: number;
  /** Takes the work away with it, or says that it cannot. */
  readonly serve: (site: Site, slot: Slot) => void;
}

/** Those who wait: first those with the fewest leases, among them who has waited longest. */
export class WaitingRoom {
  private readonly anyone = new Set<Waiter>();
  private readonly bySite = new Map<number, Set<Waiter>>();
  private readonly byWorker = new Map<number, Set<Waiter>>();

  get size(): number {
    return this.count;
  }
  private count = 0;

  enter(waiter: Waiter): void {
    this.count++;
    for (const set of this.setsOf(waiter)) set.add(waiter);
  }

  leave(waiter: Waiter): void {
    if (this.byWorker.get(waiter.worker.id)?.has(waiter) !== true) return;
    this.count--;
    for (const set of this.setsOf(waiter)) set.delete(waiter);
    if (waiter.sites !== null)
      for (const { row } of waiter.sites) if (this.bySite.get(row.id)?.size === 0) this.bySite.delete(row.id);
    if (this.byWorker.get(waiter.worker.id)?.size === 0) this.byWorker.delete(waiter.worker.id);
  }

  has(waiter: Waiter): boolean {
    return this.byWorker.get(waiter.worker.id)?.has(waiter) === true;
  }

  of(worker: number): readonly Waiter[] {
    return [...(this.byWorker.get(worker) ?? [])];
  }

  all(): readonly Waiter[] {
    return [...this.byWorker.values()].flatMap((waiters) => [...waiters]);
  }

  /** Whom a site goes to, among those who may have it. */
  best(site: Site, mayHave: (waiter: Waiter) => boolean): Waiter | undefined {
    let best: Waiter | undefined;
    for (const waiters of [this.bySite.get(site.row.id), this.anyone])
      for (const waiter of waiters ?? []) {
        if (!mayHave(waiter)) continue;
        if (best === undefined || waiter.worker.active < best.worker.active) best = waiter;
        if (best.worker.active === 0) break;
      }
    return best;
  }

  private setsOf(waiter: Waiter): Set<Waiter>[] {
    const own = entry(this.byWorker, waiter.worker.id);
    return waiter.sites === null
      ? [own, this.anyone]
      : [own, ...waiter.sites.map(({ row }) => entry(this.bySite, row.id))];
  }
}

function entry(map: Map<number, Set<Waiter>>, key: number): Set<Waiter> {
  let set = map.get(key);
  if (set === undefined) map.set(key, (set = new Set()));
  return set;
}
