import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { LOG } from '#libs/bootstrap/tokens';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import type { beginSync, listSyncs, Sync, SyncReport } from '#libs/contracts/projects-remotes';
import { AppError, type ErrorCode } from '#libs/errors/app-error';
import type { Log } from '#libs/observability/logger';
import { signedIn } from '../accounts/accounts.js';
import { ClaimLoop } from '../bundles/claim-loop.js';
import { isUuid } from '../domain/uuid.js';
import type { SyncEntity, SyncState } from './remote.entities.js';
import { Remotes } from './remotes.js';

type Wish = InputOf<typeof beginSync>;

/** Tries at what cannot be reached, and how often one may break off without a word before it is given up. */
const ATTEMPTS = 4;
const BREAKS = 8;
const OPEN_AT_ONCE = 20;
const WAITED_FOR_MS = 280_000;
const LOOK_AGAIN_MS = 100;
const TIDY_EVERY_MS = 3_600_000;

/** How a piece of work tells how far it is, and leaves behind what the next attempt needs should this one die. */
export interface SyncSteps {
  readonly id: string;
  readonly state: Readonly<SyncState>;
  /** What is out of reach now is not tried again. */
  readonly isLast: boolean;
  remember(state: Partial<SyncState>): Promise<void>;
  at(stage: NonNullable<Sync['stage']>, done?: number, total?: number): Promise<void>;
  /** Says what became of it, in the transaction in which that comes about. */
  settle(manager: EntityManager, report: SyncReport): Promise<void>;
}

/**
 * Clones, pulls and pushes as rows that are worked on: they outlive the request that began them, and a process that dies
 * over one; what had arrived by then is not sent again. What cannot be reached is tried a few times.
 */
@Injectable()
export class Syncs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: ClaimLoop<SyncEntity>;
  private lastTidy = 0;

  constructor(
    private readonly database: DataSource,
    private readonly remotes: Remotes,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.loop = new ClaimLoop({
      database,
      log,
      table: 'syncs',
      attempt: (row) => this.attempt(row),
      tidy: () => this.tidy(),
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }

  async begin(caller: Caller, { kind, project_id: into, ...wish }: Wish): Promise<Sync> {
    const project_id = kind === 'clone' ? null : await this.remotes.admit(caller, kind, into!);
    const [row] = await this.database.query<SyncEntity[]>(
      `insert into syncs (kind, owner_id, project_id, wish) select $1, $2, $3, $4
       where (select count(*) from syncs where owner_id = $2 and status = 'queued') < $5 returning *`,
      [kind, signedIn(caller), project_id, JSON.stringify(wish), OPEN_AT_ONCE],
    );
    if (!row)
      throw new AppError('unavailable', 'Too many of your syncs are under way; wait for some to finish.', {
        reason: 'too_many_requests',
        retry_after_s: 10,
      });
    this.loop.wake();
    return view(row);
  }

  async get(caller: Caller, id: string): Promise<Sync> {
    const [row] = isUuid(id)
      ? await this.database.query<SyncEntity[]>('select * from syncs where id = $1 and owner_id = $2', [
          id,
          signedIn(caller),
        ])
      : [];
    if (!row) throw new AppError('not_found', 'Sync not found');
    return view(row);
  }

  async list(caller: Caller, { skip, limit }: InputOf<typeof listSyncs>): Promise<Sync[]> {
    const rows = await this.database.query<SyncEntity[]>(
      'select * from syncs where owner_id = $1 order by seq desc offset $2 limit $3',
      [signedIn(caller), skip, limit],
    );
    return rows.map(view);
  }

  /** Begins one and waits for the end of it, as long as anybody waits; after that it still goes on. */
  async run(caller: Caller, wish: Wish): Promise<SyncReport> {
    const { id } = await this.begin(caller, wish);
    for (const until = Date.now() + WAITED_FOR_MS; Date.now() < until;) {
      const { status, report, error } = await this.get(caller, id);
      if (status === 'done') return report!;
      if (error) throw new AppError(error.code as ErrorCode, error.message, error.details);
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    throw new AppError('unavailable', `It goes on: look at /cloud/syncs/${id} for what becomes of it.`, {
      sync_id: id,
    });
  }

  private async attempt(row: SyncEntity): Promise<void> {
    const caller: Caller = { user_id: row.owner_id, role: 'user', session_id: null };
    const steps = this.stepsOf(row);
    try {
      if (row.attempts > BREAKS) throw new AppError('unavailable', 'It broke off too often.');
      const { kind, project_id } = row;
      const wish = row.wish as Pick<Wish, 'cloud_project_id' | 'name' | 'branches'>;
      if (kind === 'clone') {
        await this.remotes.clone(caller, { ...wish, cloud_project_id: wish.cloud_project_id! }, steps);
        return;
      }
      if (project_id === null) throw new AppError('not_found', 'Project not found');
      if (kind === 'pull') await this.remotes.pull(caller, project_id, steps);
      else await this.remotes.push(caller, { ...wish, project_id }, steps);
    } catch (thrown) {
      await this.giveUp(row, thrown);
    }
  }

  private stepsOf({ id, state, attempts }: SyncEntity): SyncSteps {
    const known: SyncState = { ...state };
    return {
      id,
      state: known,
      isLast: attempts >= ATTEMPTS,
      remember: async (more) => {
        Object.assign(known, more);
        await this.database.query('update syncs set state = $2 where id = $1', [id, JSON.stringify(known)]);
      },
      at: async (stage, done = 0, total) => {
        await this.database.query('update syncs set stage = $2, done = $3, total = $4 where id = $1', [
          id,
          stage,
          done,
          total ?? null,
        ]);
      },
      settle: async (manager, report) => {
        await manager.query(
          `update syncs set status = 'done', report = $2, project_id = $3, finished_at = now() where id = $1`,
          [id, JSON.stringify(report), report.remote.project_id],
        );
      },
    };
  }

  private async giveUp(row: SyncEntity, thrown: unknown): Promise<void> {
    const { code, message, details } = AppError.from(thrown);
    if (code === 'internal') this.log.error({ err: thrown, sync_id: row.id }, 'a sync could not be worked on');
    if (code === 'unavailable' && row.attempts < ATTEMPTS) {
      await this.database.query(
        `update syncs set claimed_until = now() + $2 * interval '1 second' where id = $1 and status = 'queued'`,
        [row.id, row.attempts],
      );
      return;
    }
    const status = code === 'internal' || code === 'unavailable' ? 'failed' : 'refused';
    await this.remotes
      .forget(row.id)
      .catch((error: unknown) => this.log.warn({ err: error }, 'parts of media stay behind'));
    await this.database.query(
      `update syncs set status = $2, error = $3, report = $4, finished_at = now() where id = $1 and status = 'queued'`,
      [row.id, status, message, JSON.stringify({ code, details: details ?? {} })],
    );
  }

  private async tidy(): Promise<void> {
    if (Date.now() - this.lastTidy < TIDY_EVERY_MS) return;
    this.lastTidy = Date.now();
    await this.database.query(`delete from syncs where finished_at < now() - interval '30 days'`);
  }
}

function view({ report, error, done, total, ...row }: SyncEntity): Sync {
  const about = {
    ...row,
    stage: row.stage as Sync['stage'],
    done: Number(done),
    total: total === null ? null : Number(total),
  };
  if (error === null) return { ...about, report: report as SyncReport | null, error: null };
  const { code, details } = report as { code: string; details: Record<string, unknown> };
  return { ...about, report: null, error: { code, message: error, details } };
}
