import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Listener } from '#libs/database/listener';
import type { TaskNews as News } from './settle.js';

const WAIT_MS = 25_000;
const KEEP_MS = 30_000;
const KEEP_MOST = 10_000;

/** The newest that was told of tasks, and those who wait to hear more. Rows know it too, a few seconds later. */
@Injectable()
export class TaskNews implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly newest = new Map<string, { news: News; at: number }>();
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly listener: Listener;
  private isClosing = false;

  constructor(database: DataSource) {
    this.listener = new Listener(
      database,
      'tasks-news',
      { tasks_news: (payload) => this.hear(JSON.parse(payload) as News) },
      () => this.wakeAll(),
    );
  }

  onApplicationBootstrap(): void {
    this.listener.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    this.wakeAll();
    await this.listener.stop();
  }

  /** The newest that was heard of a task, if anything was of late. */
  of(id: string): News | undefined {
    return this.newest.get(id)?.news;
  }

  /** Resolves when something is heard of the task, when hearing was interrupted, or after 25 seconds. */
  next(id: string): Promise<void> {
    if (this.isClosing) return Promise.resolve();
    const waiters = this.waiting.get(id) ?? new Set();
    this.waiting.set(id, waiters);
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        waiters.delete(done);
        if (waiters.size === 0) this.waiting.delete(id);
        resolve();
      };
      const timer = setTimeout(done, WAIT_MS);
      waiters.add(done);
    });
  }

  private hear(news: News): void {
    const known = this.newest.get(news.id)?.news;
    if (known && !isNewer(news, known)) return;
    this.newest.delete(news.id);
    this.newest.set(news.id, { news, at: Date.now() });
    this.forgetOld();
    for (const wake of this.waiting.get(news.id) ?? []) wake();
  }

  private forgetOld(): void {
    for (const [id, { at }] of this.newest) {
      if (this.newest.size <= KEEP_MOST && Date.now() - at < KEEP_MS) return;
      this.newest.delete(id);
    }
  }

  private wakeAll(): void {
    for (const waiters of [...this.waiting.values()]) for (const wake of [...waiters]) wake();
  }
}

type Told = Pick<News, 'attempt_epoch' | 'news'>;

/** The id that an event of a task has on the wire: `<epoch>-<number>`, growing. */
export const eventId = ({ attempt_epoch, news }: Told): string => `${attempt_epoch}-${news}`;

export function isNewer(one: Told, other: Told): boolean {
  return (
    one.attempt_epoch > other.attempt_epoch || (one.attempt_epoch === other.attempt_epoch && one.news > other.news)
  );
}

/** What a reader has seen, by the id of its last event; nothing for an id that none has. */
export function told(id: string | null): Told | undefined {
  const [, epoch, news] = /^(\d{1,9})-(\d{1,9})$/.exec(id ?? '') ?? [];
  return epoch === undefined ? undefined : { attempt_epoch: Number(epoch), news: Number(news) };
}
