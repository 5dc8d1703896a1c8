import type { Answers, LeaseStore } from '../leases/lease-store.js';
import type { ModelDatabase } from './model-database.js';
import type { VirtualTime } from './virtual-time.js';

/** How bad the way to the database is: how often a question or an answer is lost, and how long each takes at most. */
export interface Weather {
  lossy: number;
  slowMs: number;
}

/**
 * The database over a bad wire: questions arrive late or never, answers are lost after the work was done. When its owner
 * has died, nothing is heard any more.
 */
export class SimulatedStore implements LeaseStore {
  isDead = false;

  constructor(
    private readonly database: ModelDatabase,
    private readonly time: VirtualTime,
    private readonly random: () => number,
    private readonly weather: Weather,
  ) {}

  claim: LeaseStore['claim'] = (wishes) => this.batch(() => this.database.claim(wishes, this.time.now));
  settle: LeaseStore['settle'] = (acts) => this.batch(() => this.database.settle(acts, this.time.now));
  renew: LeaseStore['renew'] = (acts) => this.batch(() => this.database.renew(acts, this.time.now));
  lapse: LeaseStore['lapse'] = (slots) => this.batch(() => this.database.lapse(slots, this.time.now));
  confirm: LeaseStore['confirm'] = (act) => this.ask(() => this.database.confirm(act, this.time.now));
  slots: LeaseStore['slots'] = (ids) => this.ask(() => ({ now: this.time.now, rows: this.database.slotRows(ids) }));
  sites: LeaseStore['sites'] = (wish) => this.ask(() => this.database.siteRows(wish.kind === 'all' ? null : wish.ids));
  backlog: LeaseStore['backlog'] = (sites) => this.ask(() => this.database.backlog(sites));
  windows: LeaseStore['windows'] = (sites) =>
    this.ask(() => ({ now: this.time.now, windows: this.database.windows(sites, this.time.now) }));
  circumstances: LeaseStore['circumstances'] = (points) =>
    this.ask(() => this.database.circumstances(points, this.time.now));
  holderOf: LeaseStore['holderOf'] = (job) => this.ask(() => this.database.holderOf(job));

  private batch<Answer>(work: () => (Answer | null)[]): Promise<Answers<Answer>> {
    return this.ask(() => ({ now: this.time.now, answers: work() }));
  }

  private async ask<Answer>(work: () => Answer): Promise<Answer> {
    await this.way();
    const answer = work();
    await this.way();
    return answer;
  }

  private async way(): Promise<void> {
    const isSlow = this.random() < this.weather.lossy;
    await this.time.sleep(this.random() * (isSlow ? this.weather.slowMs : 3));
    if (this.isDead) await new Promise(() => {});
    if (this.random() < this.weather.lossy) throw Object.assign(new Error('Connection terminated'), { code: '08006' });
  }
}
