import pg from 'pg';
import type { DataSource } from 'typeorm';
import { ANONYMOUS } from '#libs/contracts/caller';
import type { ServiceName } from '#libs/contracts/contract';
import { AppError } from '#libs/errors/app-error';
import type { Carrier } from '#libs/messaging/message';
import type { Log } from '#libs/observability/logger';
import { metrics } from '#libs/observability/metrics';

interface OutboxRow {
  id: number;
  message_id: string;
  event: string;
  payload: unknown;
  request_id: string;
  created_at: Date;
}

const AT_ONCE = 50;
const CLAIM_SECONDS = 30;
const LOOK_EVERY_MS = 1000;
const KEEP_INBOX_DAYS = 14;

/**
 * Tells what the outbox holds: claims rows so that several replicas share them, publishes, and deletes a row only
 * after the broker has confirmed it. A row whose teller died is claimed again after 30 s.
 */
export class OutboxRelay {
  private readonly underway = new Set<Promise<void>>();
  private listener: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private looking = false;
  private again = false;
  private stopped = false;
  private lastSweep = 0;

  constructor(
    private readonly service: ServiceName,
    private readonly database: DataSource,
    private readonly carrier: Carrier,
    private readonly log: Log,
  ) {}

  start(): void {
    void this.listen();
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.look();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.listener?.end().catch(() => {});
    await Promise.race([
      Promise.allSettled(this.underway),
      new Promise((resolve) => setTimeout(resolve, 5000).unref()),
    ]);
  }

  private look(): void {
    if (this.looking) {
      this.again = true;
      return;
    }
    this.looking = true;
    void this.claimAll()
      .catch((error: unknown) => {
        if (!this.stopped) this.log.warn({ err: error }, 'the outbox cannot be read right now');
      })
      .finally(() => (this.looking = false));
  }

  private async claimAll(): Promise<void> {
    do {
      this.again = false;
      const free = AT_ONCE - this.underway.size;
      if (this.stopped || free <= 0) return;
      const rows = await this.claim(free);
      for (const row of rows) this.track(this.tell(row));
      if (rows.length === free) this.again = true;
    } while (this.again);
    await this.sweep();
  }

  private async claim(limit: number): Promise<OutboxRow[]> {
    const [rows] = await this.database.query<[OutboxRow[], number]>(
      `update outbox set claimed_until = now() + make_interval(secs => $1) where id in (
         select id from outbox where failed_at is null and claimed_until < now()
         order by id limit $2 for update skip locked)
       returning id, message_id, event, payload, request_id, created_at`,
      [CLAIM_SECONDS, limit],
    );
    return rows.sort((a, b) => a.id - b.id);
  }

  private track(telling: Promise<void>): void {
    this.underway.add(telling);
    void telling
      .catch((error: unknown) => this.log.warn({ err: error }, 'an event will be told again'))
      .finally(() => {
        this.underway.delete(telling);
        if (this.underway.size === AT_ONCE - 1) this.look();
      });
  }

  private async tell(row: OutboxRow): Promise<void> {
    const headers = { message_id: row.message_id, request_id: row.request_id, caller: ANONYMOUS };
    try {
      await this.carrier.publish({ name: row.event, body: JSON.stringify(row.payload), headers });
    } catch (thrown) {
      return this.settleFailure(row, AppError.from(thrown));
    }
    await this.database.query('delete from outbox where id = $1', [row.id]);
    metrics.outboxLag.observe({ service: this.service }, (Date.now() - row.created_at.getTime()) / 1000);
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

  /** Wakes the relay within milliseconds of a commit; while it cannot listen, the timer still looks every second. */
  private async listen(): Promise<void> {
    while (!this.stopped) {
      const { url, extra } = this.database.options as { url: string; extra: { options: string } };
      const client = new pg.Client({
        connectionString: url,
        options: extra.options,
        application_name: `evidverse-${this.service}-outbox`,
      });
      const ended = new Promise<void>((resolve) => {
        client.on('error', () => resolve());
        client.on('end', () => resolve());
      });
      try {
        await client.connect();
        client.on('notification', () => this.look());
        await client.query(`listen outbox_${this.service}`);
        this.listener = client;
        this.look();
        await ended;
      } catch {
        await client.end().catch(() => {});
      }
      if (!this.stopped) await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
