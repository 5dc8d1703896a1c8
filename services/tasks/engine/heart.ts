import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LOG } from '#libs/bootstrap/tokens';
import { Listener } from '#libs/database/listener';
import type { Log } from '#libs/observability/logger';

/** A worker that was not heard of for so long is taken for dead. */
export const LEASE_SECONDS = 15;
const BEAT_EVERY_MS = 1000;
/** Who cannot reach the database for so long lets go, before others take what it has. */
const LET_GO_AFTER_MS = (LEASE_SECONDS - 4) * 1000;

/** Why an attempt has to stop. */
export class StopReason extends Error {
  override readonly name = 'StopReason';
  constructor(readonly why: 'cancelled' | 'superseded') {
    super(why === 'cancelled' ? 'The task was cancelled.' : 'Another attempt has taken the place of this one.');
  }
}

interface InHand {
  id: string;
  worker_id: string;
  epoch: number;
  confirmedAt: number;
  abort: AbortController;
}

/** Says every second that this worker lives, and hears in the same breath which of its tasks were cancelled or lost. */
@Injectable()
export class Heart implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly inHand = new Map<string, InHand>();
  private readonly listener: Listener;
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> | undefined;

  constructor(
    private readonly database: DataSource,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.listener = new Listener(database, 'tasks-cancels', { tasks_cancel: (id) => this.cancel(id) });
  }

  onApplicationBootstrap(): void {
    this.listener.start();
    this.timer = setInterval(() => this.beat(), BEAT_EVERY_MS);
  }

  /** Only after the queue has let its jobs end: until then they live. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.listener.stop();
    await this.beating;
  }

  /** Keeps a claimed attempt alive until `release` is called; its signal aborts with a StopReason. */
  hold(id: string, epoch: number, worker_id: string): { signal: AbortSignal; release: () => void } {
    const abort = new AbortController();
    const key = `${worker_id} ${id} ${epoch}`;
    this.inHand.set(key, { id, worker_id, epoch, confirmedAt: Date.now(), abort });
    return { signal: abort.signal, release: () => this.inHand.delete(key) };
  }

  private cancel(id: string): void {
    for (const one of this.inHand.values()) if (one.id === id) one.abort.abort(new StopReason('cancelled'));
  }

  private beat(): void {
    this.letGo();
    if (this.inHand.size === 0 || this.beating) return;
    this.beating = this.sayAlive()
      .catch((error: unknown) => this.log.warn({ err: error }, 'the heartbeat of running tasks failed'))
      .finally(() => (this.beating = undefined));
  }

  private async sayAlive(): Promise<void> {
    const said = [...this.inHand.values()];
    const at = Date.now();
    const [rows] = await this.database.query<
      [{ id: string; attempt_epoch: number; cancel_requested: boolean }[], number]
    >(
      `with mine as materialized (
         select t.id from tasks t join unnest($1::uuid[], $2::integer[], $3::text[]) as held (id, epoch, worker)
           on t.id = held.id and t.attempt_epoch = held.epoch and t.worker_id = held.worker
         where t.state = 'running' order by t.id for no key update of t)
       update tasks t set heartbeat_at = now() from mine where t.id = mine.id
       returning t.id, t.attempt_epoch, t.cancel_requested`,
      [said.map(({ id }) => id), said.map(({ epoch }) => epoch), said.map(({ worker_id }) => worker_id)],
    );
    const known = new Map(rows.map((row) => [`${row.id} ${row.attempt_epoch}`, row]));
    for (const one of said) {
      const row = known.get(`${one.id} ${one.epoch}`);
      if (row?.cancel_requested) one.abort.abort(new StopReason('cancelled'));
      else if (row) one.confirmedAt = at;
      else one.abort.abort(new StopReason('superseded'));
    }
  }

  private letGo(): void {
    for (const { confirmedAt, abort } of this.inHand.values())
      if (Date.now() - confirmedAt > LET_GO_AFTER_MS) abort.abort(new StopReason('superseded'));
  }
}
