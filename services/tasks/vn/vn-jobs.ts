import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import { isUuid } from '#libs/contracts/fields';
import { locateAsset } from '#libs/contracts/media-assets';
import { createCommit, getWorkspace, saveWorkspace } from '#libs/contracts/projects';
import { admitToProject } from '#libs/contracts/projects-media';
import type { LogPage } from '#libs/contracts/tasks-log';
import type { createParseJob, importParseJob, VNEvent, VNParseJob } from '#libs/contracts/tasks-vn';
import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';
import { committable } from '#libs/timeline/document';
import { filmOfEvents, withFilm } from '../domain/vn/film-of-events.js';
import { enqueue } from '../engine/enqueue.js';
import { onceForKey } from '../engine/idempotency.js';
import type { Within } from '../engine/within.js';
import { logJob, logPage } from '../jobs/job-log.js';

type Row = VNParseJob & { result: { events?: VNEvent[] } | null };

/** Scripts that are read in the background, and what they tell written into a film. */
@Injectable()
export class VnJobs {
  constructor(
    private readonly database: DataSource,
    private readonly broker: Broker,
  ) {}

  async create(
    caller: Caller,
    wish: InputOf<typeof createParseJob>,
    within: Within = (work) => this.database.transaction(work),
  ): Promise<VNParseJob> {
    const user_id = caller.user_id!;
    const { project_id, branch_name, idempotency_key: key, ...rest } = wish;
    const project = await this.broker.call(admitToProject, { project_id, branch_name, action: 'addMedia' }, caller);
    if (!project.allowed) throw new AppError('unauthorized', 'Not enough permissions');
    const asset_ids = rest.asset_ids ?? [];
    const script_text = rest.script_text?.trim() ? rest.script_text : null;
    if (script_text === null && asset_ids.length === 0)
      throw new AppError('invalid', 'script_text or asset_ids is required');
    for (const id of asset_ids) await this.mustRead(caller, id);
    const input = { project_id, branch_name: branch_name ?? null, ...rest };
    return within((manager) =>
      onceForKey(manager, { user_id, operation: 'vn.parse', key, input }, async () => {
        const [job] = await manager.query<Row[]>(
          `insert into vn_jobs (project_id, branch_name, user_id, engine, script_text, asset_ids)
           values ($1, $2, $3, $4, $5, $6) returning *`,
          [project.project_id, branch_name ?? null, user_id, rest.engine ?? null, script_text, asset_ids],
        );
        const task_id = await enqueue(manager, {
          kind: 'vn.parse',
          user_id,
          project_id: project.project_id,
          input: { job_id: job!.id },
        });
        await manager.query('update vn_jobs set task_id = $2 where id = $1', [job!.id, task_id]);
        return { ...job!, task_id };
      }),
    );
  }

  get(caller: Caller, id: string): Promise<Row> {
    return this.own(caller, id);
  }

  async logs(caller: Caller, id: string, window: { offset: number; limit: number }): Promise<LogPage> {
    return logPage((await this.own(caller, id)).logs, window);
  }

  /** Adds the scenes to the workspace over the very state that was read, and commits; done again it replaces them. */
  async import(caller: Caller, wish: InputOf<typeof importParseJob>): Promise<OutputOf<typeof importParseJob>> {
    const job = await this.own(caller, wish.job_id);
    if (job.status !== 'succeeded') throw new AppError('invalid', 'The scripts of this job have not been read.');
    const film = filmOfEvents(job.result?.events ?? []);
    if (film.scenes.length === 0) throw new AppError('invalid', 'Nothing is said in these scripts.');
    const { project_id } = job;
    const branch_name = wish.branch_name ?? job.branch_name ?? 'main';
    const prefix = `vn${job.id.replaceAll('-', '').slice(0, 12)}`;
    const before = await this.broker.call(getWorkspace, { project_id, branch_name }, caller);
    const document = withFilm(before.document ?? {}, film, { prefix, replace: wish.replace });
    await this.broker.call(saveWorkspace, { project_id, branch_name, document, if_match: before.etag }, caller);
    const message = wish.message ?? `Import of a visual novel: ${film.scenes.length} scenes`;
    const video_assets = committable(document);
    const commit = await this.broker.call(createCommit, { project_id, branch_name, message, video_assets }, caller);
    await logJob(this.database.manager, 'vn_jobs', job.id, {
      event: 'imported',
      message: `The scenes are in ${branch_name}.`,
      data: { commit_id: commit.id, branch_name },
    });
    const beats = film.scenes.reduce((sum, scene) => sum + scene.beats.length, 0);
    const { scenes, characters } = film;
    return { commit_id: commit.id, branch_name, scenes: scenes.length, beats, characters: characters.length };
  }

  private async own(caller: Caller, id: string): Promise<Row> {
    const [job] = isUuid(id)
      ? await this.database.query<Row[]>('select * from vn_jobs where id = $1 and user_id = $2', [id, caller.user_id])
      : [];
    if (job) return job;
    throw new AppError('not_found', 'VNParseJob not found');
  }

  private async mustRead(caller: Caller, asset_id: string): Promise<void> {
    await this.broker.call(locateAsset, { asset_id }, caller).catch((thrown: unknown) => {
      const isHidden = ['not_found', 'unauthorized'].includes(AppError.from(thrown).code);
      throw isHidden ? new AppError('not_found', `VNAsset not found: ${asset_id}`) : thrown;
    });
  }
}
