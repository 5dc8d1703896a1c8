import type { Pool } from 'pg';
import type { Log } from '#libs/observability/logger';

/** Something that somebody did, or tried. */
export interface Act {
  readonly actor: string;
  readonly act: string;
  readonly subject?: string | null;
  readonly site?: number | null;
  readonly epoch?: number | null;
  readonly details?: Readonly<Record<string, unknown>>;
}

type Execute = (sql: string, values: unknown[]) => Promise<unknown>;

const MOST_WAITING = 5000;
const FLUSH_MS = 100;

const INSERT = `insert into audit (actor, act, subject, site, epoch, details)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::json[])`;

/**
 * The book of acts. What administrators do is written with the change itself; what nodes try is written behind, since a
 * hostile node must not be able to make us write at every call, and beyond a limit it is only counted.
 */
export class Audit {
  private waiting: Act[] = [];
  private lost = 0;
  private isWritten = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly log: Log,
    private readonly told: () => void,
  ) {}

  /** Writes an act in the transaction of what it is about. */
  async write(execute: Execute, act: Act): Promise<void> {
    await insert(execute, [act]);
    this.isWritten = true;
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  /** Writes an act soon. */
  note(act: Act): void {
    if (this.waiting.length >= MOST_WAITING) this.lost++;
    else this.waiting.push(act);
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const acts = this.waiting;
    this.waiting = [];
    if (this.lost > 0) acts.push({ actor: 'mesh', act: 'audit.overflow', details: { lost: this.lost } });
    this.lost = 0;
    if (this.isWritten) this.told();
    this.isWritten = false;
    if (acts.length === 0) return;
    try {
      await insert((sql, values) => this.pool.query(sql, values), acts);
      this.told();
    } catch (error) {
      this.log.error({ err: error, acts: acts.length }, 'acts could not be written to the audit');
    }
  }
}

async function insert(execute: Execute, acts: readonly Act[]): Promise<void> {
  await execute(INSERT, [
    acts.map(({ actor }) => actor),
    acts.map(({ act }) => act),
    acts.map(({ subject }) => subject ?? null),
    acts.map(({ site }) => site ?? null),
    acts.map(({ epoch }) => epoch ?? null),
    acts.map(({ details }) => (details === undefined ? null : JSON.stringify(details))),
  ]);
}
