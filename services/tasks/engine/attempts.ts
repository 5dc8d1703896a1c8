import type { DataSource } from 'typeorm';
import { Batches } from '#libs/database/batches';
import { KIND_LIMITS } from './kinds.js';
import type { TaskRow } from './task-row.js';

/** A wake-up: which attempt at which task. */
export interface Wake {
  readonly task_id: string;
  readonly epoch: number;
}

/** The end of an attempt that nothing follows and that is surely not tried again. */
export interface PlainEnd {
  readonly id: string;
  readonly epoch: number;
  readonly state: 'succeeded' | 'cancelled';
  readonly result: unknown;
  /** The last news that was told of it, and how far it was said to be. */
  readonly news: number;
  readonly progress: number;
}

/**
 * Begins and ends attempts for one worker. What is asked while a statement is under way travels together in the next, so
 * that a busy worker needs few statements and one that has little to do waits for nobody.
 */
export class Attempts {
  private readonly claims: Batches<Wake, TaskRow>;
  private readonly ends: Batches<PlainEnd, boolean>;

  constructor(
    private readonly database: DataSource,
    private readonly worker: { id: string; userLimit: number },
  ) {
    this.claims = new Batches({ run: (wakes) => this.claimAll(wakes), keysOf: ({ task_id }) => [task_id], most: 64 });
    this.ends = new Batches({ run: (ends) => this.endAll(ends), keysOf: ({ id }) => [id], most: 64 });
  }

  /** The task, now running here; null where the wake-up is late or the task has to wait for a place. */
  claim(wake: Wake): Promise<TaskRow | null> {
    return this.claims.ask(wake);
  }

  /** Whether the attempt was still this worker's to end. */
  async end(end: PlainEnd): Promise<boolean> {
    return (await this.ends.ask(end)) ?? false;
  }

  private async claimAll(wakes: readonly Wake[]): Promise<{ answers: (TaskRow | null)[] }> {
    const rows = await this.database.query<TaskRow[]>('select * from claim_tasks($1, $2, $3, $4, $5)', [
      wakes.map(({ task_id }) => task_id),
      wakes.map(({ epoch }) => epoch),
      this.worker.id,
      this.worker.userLimit,
      KIND_LIMITS,
    ]);
    const claimed = new Map(rows.map((row) => [row.id, row]));
    return { answers: wakes.map(({ task_id }) => claimed.get(task_id) ?? null) };
  }

  private async endAll(ends: readonly PlainEnd[]): Promise<{ answers: boolean[] }> {
    const rows = await this.database.query<{ id: string }[]>(
      'select finish_tasks($1, $2, $3, $4, $5, $6, $7, $8, $9) as id',
      [
        ends.map(({ id }) => id),
        ends.map(({ epoch }) => epoch),
        ends.map(({ state }) => state),
        ends.map(({ state, result }) => (state === 'succeeded' ? JSON.stringify(result ?? null) : null)),
        ends.map(({ news }) => news),
        ends.map(({ progress }) => progress),
        this.worker.id,
        this.worker.userLimit,
        KIND_LIMITS,
      ],
    );
    const mine = new Set(rows.map(({ id }) => id));
    return { answers: ends.map(({ id }) => mine.has(id)) };
  }
}
