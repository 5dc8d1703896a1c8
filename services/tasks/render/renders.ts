import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import { isUuid } from '#libs/contracts/fields';
import { admitToProject } from '#libs/contracts/projects-media';
import type { createRender, Render } from '#libs/contracts/tasks-render';
import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';
import type { Language } from '#libs/timeline/diff/change-words';
import { frameRate } from '#libs/timeline/interchange/frame-rate';
import { describeLosses } from '#libs/timeline/interchange/losses/describe-losses';
import { enqueue } from '../engine/enqueue.js';
import type { TaskRow } from '../engine/task-row.js';
import type { Within } from '../engine/within.js';

/** What tells one render of a commit from another. */
export interface RenderWish {
  project_id: string;
  branch_name: string | null;
  commit_id: string;
  format: 'mp4' | 'webm';
  width: number | null;
  height: number | null;
  rate: string | null;
}

/** Films of commits: asked for, made once, listed. */
@Injectable()
export class Renders {
  constructor(
    private readonly database: DataSource,
    private readonly broker: Broker,
  ) {}

  /** Renders the head of a branch, for those who may add media to the project. */
  async create(
    caller: Caller,
    wish: InputOf<typeof createRender>,
    within: Within = (work) => this.database.transaction(work),
  ): Promise<Render> {
    const { project_id, branch_name } = wish;
    const project = await this.broker.call(admitToProject, { project_id, branch_name, action: 'addMedia' }, caller);
    if (!project.allowed) throw new AppError('unauthorized', 'Not enough permissions');
    if (project.head_commit_id === null) throw new AppError('invalid', 'Branch has no commits to export');
    const rate = wish.rate?.trim() || null;
    if (rate !== null && !isRate(rate)) throw new AppError('invalid', 'rate is not a frame rate, as 25 or 29.97.');
    const row = await within((manager) =>
      renderOnce(manager, caller.user_id!, {
        project_id: project.project_id,
        branch_name,
        commit_id: project.head_commit_id!,
        format: wish.format,
        width: wish.width ?? null,
        height: wish.height ?? null,
        rate,
      }),
    );
    return row;
  }

  async get(caller: Caller, id: string, language: Language = 'en'): Promise<Render> {
    const [row] = isUuid(id) ? await this.database.query<Render[]>('select * from renders where id = $1', [id]) : [];
    const seesMedia = row && (await this.sees(caller, row.project_id));
    if (!row || seesMedia === undefined) throw new AppError('not_found', 'Render not found');
    return shown(row, seesMedia, language);
  }

  /** Newest first; passers-by of a public project see those that are published. */
  async list(
    caller: Caller,
    { project_id, commit_id, language = 'en' }: { project_id: string; commit_id?: string; language?: Language },
  ): Promise<Render[]> {
    const seesMedia = await this.sees(caller, project_id);
    if (seesMedia === undefined) throw new AppError('not_found', 'Project not found');
    const rows = await this.database.query<Render[]>(
      `select * from renders where project_id = $1 and ($2::text is null or commit_id = $2) and ($3 or is_published)
       order by seq desc limit 200`,
      [project_id, commit_id ?? null, seesMedia],
    );
    return rows.map((row) => shown(row, seesMedia, language));
  }

  /** Whether the caller may see the project's media; undefined when they may not even know of the project. */
  private async sees(caller: Caller, project_id: string): Promise<boolean | undefined> {
    try {
      return (await this.broker.call(admitToProject, { project_id, action: 'readMedia' }, caller)).allowed;
    } catch (thrown) {
      if (AppError.from(thrown).code === 'not_found') return undefined;
      throw thrown;
    }
  }
}

/** The render of this commit in this way, made now or before, by whoever asks first. */
export async function renderOnce(manager: EntityManager, user_id: string, wish: RenderWish): Promise<Render> {
  const values = [wish.project_id, wish.commit_id, wish.format, wish.width, wish.height, wish.rate];
  await manager.query('select pg_advisory_xact_lock(714004, hashtext($1))', [JSON.stringify(values)]);
  const [known] = await manager.query<Render[]>(
    `select * from renders where project_id = $1 and commit_id = $2 and format = $3 and width is not distinct from $4
       and height is not distinct from $5 and rate is not distinct from $6 and status <> 'failed'`,
    values,
  );
  if (known) return known;
  const { project_id, branch_name } = wish;
  const task_id = await enqueue(manager, { kind: 'render', user_id, project_id, input: { ...wish } });
  const [row] = await manager.query<Render[]>(
    `insert into renders (project_id, commit_id, format, width, height, rate, branch_name, user_id, task_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning *`,
    [...values, branch_name, user_id, task_id],
  );
  return row!;
}

/** What a render's row says once its task is over, or begins anew. */
export async function renderFollows(manager: EntityManager, task: TaskRow): Promise<void> {
  if (task.state === 'succeeded') {
    const { asset_id, video_url, duration_seconds, size, losses, loss_report } = task.result as Record<string, unknown>;
    await manager.query(
      `update renders set status = 'succeeded', asset_id = $2, url = $3, duration_seconds = $4, size = $5, losses = $6,
         loss_report = $7, error = null where task_id = $1`,
      [task.id, asset_id, video_url, duration_seconds, size, losses, JSON.stringify(loss_report ?? [])],
    );
  } else {
    const status = task.state === 'queued' ? 'pending' : 'failed';
    const error = task.state === 'cancelled' ? 'The render was cancelled.' : task.error;
    await manager.query('update renders set status = $2, error = $3 where task_id = $1', [
      task.id,
      status,
      status === 'failed' ? error : null,
    ]);
  }
}

function shown(row: Render, seesMedia: boolean, language: Language): Render {
  const isToldAnew = language !== 'en' && row.loss_report.length > 0;
  const told = isToldAnew ? { ...row, losses: describeLosses(row.loss_report, { language }) } : row;
  return seesMedia || row.is_published ? told : { ...told, url: null, asset_id: null };
}

function isRate(text: string): boolean {
  const rate = frameRate(text);
  return rate !== undefined && rate.n >= rate.d && rate.n <= 120n * rate.d;
}
