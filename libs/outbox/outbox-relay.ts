import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { ANONYMOUS } from '#libs/contracts/caller';
import type { ServiceName } from '#libs/contracts/contract';
import { Listener } from '#libs/database/listener';
import { AppError } from '#libs/errors/app-error';
import type { Carrier } from '#libs/messaging/message';
import type { Log } from '#libs/observability/logger';
import { metrics } from '#libs/observability/metrics';
import { continueFrom, type Origin } from '#libs/observability/origin';

interface OutboxRow extends Origin {
  id: number;
  message_id: string;
  event: string;
  payload: unknown;
  request_id: string;
  created_at: Date;
}

const AT_ONCE = 50;
const LOOK_EVERY_MS = 1000;
const FORGET_AFTER_MS = 10;
const KEEP_INBOX_DAYS = 14;

/**
 * Tells what the outbox holds: claims rows so that several replicas share them, publishes, and deletes a row only
 * after the broker has confirmed it. A claim lasts as long as its teller lives; `claimSeconds` after its death at the
 * latest the row is claimed again.
 */
export class OutboxRelay {
  private readonly underway = new Set<Promise<void>>();
  private readonly claimed = new Set<number>();
  private readonly told = new Set<number>();
  private readonly listener: Listener;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private forgetting: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private lastRenewal = 0;
  private lastSweep = 0;

  constructor(
    private readonly service: ServiceName,
    private readonly database: DataSource,
    private readonly carrier: Carrier,
    private readonly log: Log,
    private readonly claimSeconds = 30,
    private readonly lookEveryMs = LOOK_EVERY_MS,
  ) {
    const look = () => this.look();
    this.listener = new Listener(database, `${service}-outbox`, { [`outbox_${service}`]: look }, look);
  }

  /** Wakes within milliseconds of a commit; while it cannot listen, the timer still looks every second. */
  start(): void {
    this.listener.start();
    this.timer = setInterval(() => this.look(), this.lookEveryMs);
    this.look();
  }

  /** Claims nothing more, and waits for what is under way, at most 5 s. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.listener.stop();
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, 5000);
    });
    await Promise.race([this.settled(), patience]);
    clearTimeout(timer);
  }

  private async settled(): Promise<void> {
    await this.looking;
    await Promise.allSettled(this.underway);
  }

  private look(): void {
    if (this.looking) {
      this.again = true;
      return;
    }
    this.looking = this.work()
      .catch((error: unknown) => {
        if (!this.stopped) this.log.warn({ err: error }, 'the outbox cannot be read right now');
      })
      .finally(() => {
        this.looking = undefined;
        if (this.again && !this.stopped) this.look();
      });
  }

  private async work(): Promise<void> {
    this.again = false;
    if (!this.forgetting) await this.forget([...this.told]);
    await this.renew();
    const free = AT_ONCE - this.underway.size;
    if (this.stopped || free <= 0) return;
    const rows = await this.claim(free);
    for (const row of rows) this.track(row);
    if (rows.length === free) this.again = true;
    await this.sweep();
  }

  /** What takes long to tell, as when a listener in this process waits for its database, stays ours. */
  private async renew(): Promise<void> {
    if (this.claimed.size === 0 || Date.now() - this.lastRenewal < (this.claimSeconds * 1000) / 3) return;
    this.lastRenewal = Date.now();
    await this.database.query(
      'update outbox set claimed_until = now() + make_interval(secs => $1) where id = any($2)',
      [this.claimSeconds, [...this.claimed]],
    );
  }

  private async claim(limit: number): Promise<OutboxRow[]> {
    const [rows] = await this.database.query<[OutboxRow[], number]>(
      `with free as materialized (
         select id from outbox where failed_at is null and claimed_until < now()
         order by claimed_until, id limit $2 for update skip locked)
       update outbox set claimed_until = now() + make_interval(secs => $1) from free where outbox.id = free.id
       returning outbox.id, message_id, event, payload, request_id, trace_parent, created_at`,
      [this.claimSeconds, limit],
    );
    return rows.sort((a, b) => a.id - b.id);
  }

  private track(row: OutboxRow): void {
    this.claimed.add(row.id);
    const telling = this.tell(row)
      .catch((error: unknown) => this.log.warn({ err: error }, 'an event will be told again'))
      .finally(() => {
        this.underway.delete(telling);
        if (this.underway.size === AT_ONCE / 2) this.look();
      });
    this.underway.add(telling);
  }

  private async tell(row: OutboxRow): Promise<void> {
    const headers = { message_id: row.message_id, request_id: row.request_id, caller: ANONYMOUS };
    try {
      const message = { name: row.event, body: JSON.stringify(row.payload), headers };
      await continueFrom(row, `tell ${row.event}`, () => this.carrier.publish(message));
    } catch (thrown) {
      this.claimed.delete(row.id);
      return this.settleFailure(row, AppError.from(thrown));
    }
    this.told.add(row.id);
    await this.forgetSoon();
    metrics.outboxLag.observe({ service: this.service }, (Date.now() - row.created_at.getTime()) / 1000);
  }

  /** What is told at about the same time, as by one commit, is deleted by one statement. */
  private forgetSoon(): Promise<void> {
    return (this.forgetting ??= sleep(FORGET_AFTER_MS).then(() => {
      this.forgetting = undefined;
      return this.forget([...this.told]);
    }));
  }

  /** Deletes what was told; should the database be away just then, it is deleted later, and still not told again. */
  private async forget(ids: number[]): Promise<void> {
    if (ids.length === 0) return;
    await this.database.query('delete from outbox where id = any($1)', [ids]);
    for (const id of ids) for (const known of [this.told, this.claimed]) known.delete(id);
  }

  /** Nobody there: told again soon. Heard and refused for good (possible only in one process): kept as a dead letter. */
  private async settleFailure(row: OutboxRow, error: AppError): Promise<void> {
    if (error.code === 'unavailable')
      await this.database.query(`update outbox set claimed_until = now() + interval '1 second' where id = $1`, [
        row.id,
      ]);
    else
      await this.database.query('update outbox set failed_at = now(), error = $2 where id = $1', [
        row.id,
        error.message,
      ]);
  }

  private async sweep(): Promise<void> {
    if (Date.now() - this.lastSweep < 60_000) return;
    this.lastSweep = Date.now();
    const [count] = await this.database.query<{ rows: number }[]>('select count(*) as rows from outbox');
    metrics.outboxRows.set({ service: this.service }, count?.rows ?? 0);
    await this.database.query('delete from inbox where heard_at < now() - make_interval(days => $1)', [
      KEEP_INBOX_DAYS,
    ]);
  }
}
