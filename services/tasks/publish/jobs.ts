import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import { isUuid } from '#libs/contracts/fields';
import { getHead } from '#libs/contracts/projects';
import { admitToProject } from '#libs/contracts/projects-media';
import type { LogPage } from '#libs/contracts/tasks-log';
import type { createPubJob, listPubJobs, PubJob, settlePubJob } from '#libs/contracts/tasks-publish';
import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';
import { Outbound } from '#libs/outbound/outbound';
import { videoUrlsIn } from '../domain/render/render-plan.js';
import { onceForKey } from '../engine/idempotency.js';
import { Tasks } from '../engine/tasks.js';
import type { Within } from '../engine/within.js';
import { renderOnce } from '../render/renders.js';
import { Accounts } from './accounts.js';
import { openCall, settleCall } from './calls.js';
import { logJob, logPage } from '../jobs/job-log.js';
import { startPublishing } from './start-publishing.js';

type Wish = InputOf<typeof createPubJob>;

/** What a job publishes: an address, several parts, or the film that is rendered of a commit. */
interface Source {
  project_id: string | null;
  branch_name: string | null;
  video_url: string;
  parts: string[] | null;
  commit_id: string | null;
}

/** Jobs that publish: asked for, followed, tried again, called off. */
@Injectable()
export class PubJobs {
  constructor(
    private readonly database: DataSource,
    private readonly broker: Broker,
    private readonly outbound: Outbound,
    private readonly accounts: Accounts,
    private readonly tasks: Tasks,
  ) {}

  async create(
    caller: Caller,
    wish: Wish,
    within: Within = (work) => this.database.transaction(work),
  ): Promise<PubJob> {
    const user_id = caller.user_id!;
    const account = await this.accounts.own(caller, wish.account_id);
    const source = await this.source(caller, wish);
    if (wish.cover_url) this.checkAddress(wish.cover_url);
    const { idempotency_key: key, ...input } = wish;
    return within((manager) =>
      onceForKey(manager, { user_id, operation: 'publish', key, input }, async () => {
        const { project_id, commit_id } = source;
        const render =
          project_id === null || commit_id === null
            ? undefined
            : await renderOnce(manager, user_id, {
                ...{ project_id, commit_id, branch_name: source.branch_name },
                ...{ format: 'mp4', width: null, height: null, rate: null },
              });
        const [job] = await manager.query<PubJob[]>(
          `insert into pub_jobs (user_id, account_id, platform, project_id, branch_name, commit_id, render_id, video_url,
             title, description, tags, bilibili_tid, cover_url, scheduled_publish_at, multi_part, input_artifacts)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) returning *`,
          [
            ...[user_id, account.id, account.platform, project_id, source.branch_name, commit_id],
            ...[render?.id ?? null, render?.url ?? source.video_url],
            ...[wish.title ?? null, wish.description ?? null, wish.tags ?? null, wish.bilibili_tid ?? null],
            ...[wish.cover_url ?? null, wish.scheduled_publish_at ?? null, wish.multi_part ?? false],
            source.parts === null ? null : JSON.stringify(source.parts),
          ],
        );
        if (render && render.status === 'pending')
          await logJob(manager, 'pub_jobs', job!.id, {
            event: 'export_start',
            message: 'The film is rendered first.',
            data: { render_id: render.id, multi_part: wish.multi_part ?? false },
          });
        else await startPublishing(manager, job!.id);
        const { logs: _none, ...row } = await this.row(manager, user_id, job!.id);
        return { ...row, logs: null };
      }),
    );
  }

  async get(caller: Caller, id: string): Promise<PubJob> {
    return this.row(this.database.manager, caller.user_id!, id);
  }

  /** Newest first. */
  async list(caller: Caller, { project_id, status, after, limit }: InputOf<typeof listPubJobs>) {
    if (after !== undefined && !/^\d{1,15}$/.test(after)) throw new AppError('invalid', 'after is not a cursor.');
    const rows = await this.database.query<(PubJob & { seq: number })[]>(
      `select * from pub_jobs where user_id = $1 and ($2::text is null or project_id::text = $2)
         and ($3::text is null or status = $3) and ($4::bigint is null or seq < $4)
       order by seq desc limit $5`,
      [caller.user_id, project_id ?? null, status ?? null, after ?? null, limit + 1],
    );
    const items = rows.slice(0, limit);
    return { items, next: rows.length > limit ? String(items.at(-1)!.seq) : null };
  }

  async logs(caller: Caller, id: string, window: { offset: number; limit: number }): Promise<LogPage> {
    return logPage((await this.get(caller, id)).logs, window);
  }

  /** Once more from the beginning; what is published already, or may be, is not. */
  async retry(caller: Caller, id: string): Promise<PubJob> {
    return this.database.transaction(async (manager) => {
      const job = await this.row(manager, caller.user_id!, id, 'for update');
      if (job.status === 'unknown')
        throw new AppError('invalid', 'It is not known whether this was published. Say first what came of it.');
      if (job.status !== 'failed' && job.status !== 'cancelled')
        throw new AppError('invalid', 'Only failed jobs can be retried');
      await manager.query(
        `update pub_jobs set status = 'pending', error = null, result = null, task_id = null where id = $1`,
        [id],
      );
      await this.restart(manager, caller.user_id!, id);
      return this.row(manager, caller.user_id!, id);
    });
  }

  async cancel(caller: Caller, id: string): Promise<PubJob> {
    const job = await this.row(this.database.manager, caller.user_id!, id);
    if (job.task_id !== null) await this.tasks.cancel(caller, job.task_id);
    else
      await this.database.query(
        `update pub_jobs set status = 'cancelled' where id = $1 and status = 'pending' and task_id is null`,
        [id],
      );
    return this.row(this.database.manager, caller.user_id!, id);
  }

  /** A person has looked at the platform. */
  async settle(caller: Caller, { job_id, outcome }: InputOf<typeof settlePubJob>): Promise<PubJob> {
    return this.database.transaction(async (manager) => {
      const job = await this.row(manager, caller.user_id!, job_id, 'for update');
      const call = await openCall(manager, job.id);
      if (job.status !== 'unknown' || call?.state !== 'reserved')
        throw new AppError('invalid', 'What came of this job is known.');
      const isOut = outcome === 'published';
      await settleCall(manager, call.id, isOut ? 'confirmed' : 'refused', { settled_by: caller.user_id });
      await manager.query('update pub_jobs set status = $2, error = $3, result = $4 where id = $1', [
        job.id,
        isOut ? 'succeeded' : 'failed',
        isOut ? null : 'It was not published, as somebody found on the platform.',
        isOut ? JSON.stringify({ status: 'succeeded', call_id: call.id }) : null,
      ]);
      await logJob(manager, 'pub_jobs', job.id, {
        event: 'settled',
        message: `Somebody looked: ${outcome.replace('_', ' ')}.`,
      });
      return this.row(manager, caller.user_id!, job_id);
    });
  }

  /** A render that failed is asked for again; a job whose film is there starts at once. */
  private async restart(manager: EntityManager, user_id: string, id: string): Promise<void> {
    const [job] = await manager.query<{ project_id: string; commit_id: string | null; branch_name: string | null }[]>(
      'select project_id, commit_id, branch_name from pub_jobs where id = $1',
      [id],
    );
    if (job!.commit_id !== null) {
      const { project_id, commit_id, branch_name } = job!;
      const render = await renderOnce(manager, user_id, {
        ...{ project_id, commit_id: commit_id!, branch_name },
        ...{ format: 'mp4', width: null, height: null, rate: null },
      });
      await manager.query('update pub_jobs set render_id = $2, video_url = $3 where id = $1', [
        id,
        render.id,
        render.url ?? '',
      ]);
      if (render.status === 'pending') return;
    }
    await startPublishing(manager, id);
  }

  private async source(caller: Caller, wish: Wish): Promise<Source> {
    const none = { project_id: null, branch_name: null, parts: null, commit_id: null };
    const video_url = wish.video_url?.trim() ?? '';
    if (video_url !== '') this.checkAddress(video_url);
    if (!wish.project_id) {
      if (video_url === '') throw new AppError('invalid', 'video_url is required when project_id is not provided');
      return { ...none, video_url };
    }
    const branch_name = wish.branch_name ?? 'main';
    const asked = { project_id: wish.project_id, branch_name, action: 'changeProject' as const };
    const project = await this.broker.call(admitToProject, asked, caller);
    if (!project.allowed) throw new AppError('unauthorized', 'Not enough permissions');
    const known = { project_id: project.project_id, branch_name, parts: null, commit_id: null };
    if (video_url !== '') return { ...known, video_url };
    if (project.head_commit_id === null) throw new AppError('invalid', 'Branch has no commits to export');
    const { video_assets } = await this.broker.call(getHead, { project_id: project.project_id, branch_name }, caller);
    const urls = videoUrlsIn(video_assets);
    if (urls.length === 0) throw new AppError('invalid', 'No exportable video URL found in HEAD commit');
    if (wish.multi_part === true && urls.length > 1) return { ...known, video_url: urls[0]!, parts: urls };
    return { ...known, video_url: '', commit_id: project.head_commit_id };
  }

  private checkAddress(address: string): void {
    if (!address.startsWith('/')) this.outbound.check(address);
  }

  private async row(manager: EntityManager, user_id: string, id: string, lock = ''): Promise<PubJob> {
    const [row] = isUuid(id)
      ? await manager.query<PubJob[]>(`select * from pub_jobs where id = $1 and user_id = $2 ${lock}`, [id, user_id])
      : [];
    if (row) return row;
    throw new AppError('not_found', 'Publish job not found');
  }
}
