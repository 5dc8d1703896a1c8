import type { DataSource } from 'typeorm';
import type { Log } from '#libs/observability/logger';

const LOOK_EVERY_MS = 1000;
const CLAIM = '60 seconds';
const RENEW_EVERY_MS = 20_000;

/** What a table of work has: `status`, `claimed_until`, `attempts` and `seq` beside. */
export interface Claimed {
  id: string;
  attempts: number;
}

export interface Claiming<Row extends Claimed> {
  database: DataSource;
  log: Log;
  table: 'transfers' | 'syncs';
  /** What of the queued may be worked on still. */
  where?: string;
  attempt(row: Row): Promise<void>;
  /** Done every now and then when there is nothing else. */
  tidy(): Promise<void>;
}

/**
 * Works on what is queued in a table, one at a time in each process. Who dies over one leaves it claimed for a minute; then
 * it is begun again, here or elsewhere.
 */
export class ClaimLoop<Row extends Claimed> {
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;
  private again = false;
  private stopped = false;

  constructor(private readonly of: Claiming<Row>) {}

  start(): void {
    this.timer = setInterval(() => this.wake(), LOOK_EVERY_MS);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.working;
  }

  /** Looks at once whether there is something to do. */
  wake(): void {
    this.again = true;
    if (this.working || this.stopped) return;
    this.working = this.work()
      .catch((error: unknown) => this.of.log.warn({ err: error }, `${this.of.table} cannot be worked on right now`))
      .finally(() => {
        this.working = undefined;
        if (this.again && !this.stopped) this.wake();
      });
  }

  private async work(): Promise<void> {
    this.again = false;
    const row = await this.claim();
    if (row) {
      this.again = true;
      await this.attempt(row);
    }
    await this.of.tidy();
  }

  private async claim(): Promise<Row | undefined> {
    const { database, table, where = 'true' } = this.of;
    const [rows] = await database.query<[Row[], number]>(
      `update ${table} set claimed_until = now() + $1::interval, attempts = attempts + 1 where id = (
         select id from ${table} where status = 'queued' and claimed_until < now() and ${where}
         order by claimed_until, seq limit 1 for update skip locked)
       returning *`,
      [CLAIM],
    );
    return rows[0];
  }

  private async attempt(row: Row): Promise<void> {
    const { database, table, log } = this.of;
    const renewing = setInterval(() => {
      void database
        .query(`update ${table} set claimed_until = now() + $2::interval where id = $1 and status = 'queued'`, [
          row.id,
          CLAIM,
        ])
        .catch((error: unknown) => log.warn({ err: error }, 'a claim could not be renewed'));
    }, RENEW_EVERY_MS);
    try {
      await this.of.attempt(row);
    } finally {
      clearInterval(renewing);
    }
  }
}
