import type { TaskNews } from './settle.js';

const TELL_EVERY_MS = 250;
const KEEP_EVERY_MS = 5000;

/** Tells the progress of one attempt at most four times a second, keeps it at most every five seconds, never backwards. */
export class ProgressMeter {
  private done = 0;
  private note: string | null = null;
  private count: number;
  private toldAt = 0;
  private keptAt = Date.now();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly task: TaskNews,
    private readonly tell: (news: TaskNews, keep: boolean) => void,
  ) {
    this.count = task.news;
  }

  /** The number of the last news that was told. */
  get news(): number {
    return this.count;
  }

  /** How far it was said to be. */
  get progress(): number {
    return this.done;
  }

  report(done: number, note?: string): void {
    const next = Math.max(this.done, Math.min(1, Number.isFinite(done) ? done : 0));
    const said = note ?? this.note;
    if (next === this.done && said === this.note) return;
    this.done = next;
    this.note = said;
    const wait = this.toldAt + TELL_EVERY_MS - Date.now();
    if (wait <= 0) this.tellNow();
    else this.timer ??= setTimeout(() => this.tellNow(), wait);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private tellNow(): void {
    this.stop();
    this.toldAt = Date.now();
    const keep = this.toldAt - this.keptAt >= KEEP_EVERY_MS;
    if (keep) this.keptAt = this.toldAt;
    this.count++;
    this.tell({ ...this.task, state: 'running', news: this.count, progress: this.done, note: this.note }, keep);
  }
}
