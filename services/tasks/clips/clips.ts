import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import { isUuid } from '#libs/contracts/fields';
import { listVnAssets, type VNAsset } from '#libs/contracts/media';
import { admitToProject } from '#libs/contracts/projects-media';
import type { Clip, clipsThere, comicToVideo, listClips } from '#libs/contracts/tasks-clips';
import { AppError } from '#libs/errors/app-error';
import { linksNamedIn } from '#libs/media/asset-link';
import { Broker } from '#libs/messaging/broker';
import { enqueue } from '../engine/enqueue.js';
import { onceForKey } from '../engine/idempotency.js';
import type { TaskRow } from '../engine/task-row.js';

const MOST_SCREENSHOTS = 20;

type ClipThere = OutputOf<typeof clipsThere>['items'][number];

interface ClipRow extends Clip {
  user_id: string;
}

/** Clips: pieces of film that belong to a branch, made from screenshots, and carried along when branches are merged. */
@Injectable()
export class Clips {
  constructor(
    private readonly database: DataSource,
    private readonly broker: Broker,
  ) {}

  /** Of several screenshots all are shown, each for a while, in their order; the first twenty count. */
  async fromComic(caller: Caller, wish: InputOf<typeof comicToVideo>): Promise<Clip> {
    const user_id = caller.user_id!;
    const { project_id, branch_name, screenshot_asset_ids, idempotency_key, ...words } = wish;
    const project = await this.broker.call(admitToProject, { project_id, branch_name, action: 'addMedia' }, caller);
    if (!project.allowed) throw new AppError('unauthorized', 'Not enough permissions');
    if (screenshot_asset_ids.length === 0) throw new AppError('invalid', 'screenshot_asset_ids is required');
    const screenshots = await this.screenshots(
      caller,
      project.project_id,
      screenshot_asset_ids.slice(0, MOST_SCREENSHOTS),
    );
    const urls = screenshots.map(({ storage_url }) => storage_url);
    const prompt = words.prompt?.trim() || 'comic-to-video';
    const artifacts = { screenshot_asset_ids: screenshots.map(({ id }) => id), screenshot_urls: urls, prompt };
    return this.database.transaction((manager) =>
      onceForKey(
        manager,
        { user_id, operation: 'clip.comic', key: idempotency_key, input: { ...artifacts, project_id } },
        async () => {
          const task_id = await enqueue(manager, {
            kind: 'clip.comic',
            user_id,
            project_id: project.project_id,
            input: { screenshot_urls: urls, prompt, title: words.title ?? null },
          });
          const [row] = await manager.query<Clip[]>(
            `insert into clips (project_id, branch_id, branch_name, user_id, title, summary, input_artifacts, assets_ref, task_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning *`,
            [
              project.project_id,
              project.branch_id,
              branch_name ?? null,
              user_id,
              words.title ?? null,
              words.summary ?? null,
              JSON.stringify(artifacts),
              JSON.stringify({ screenshots: urls }),
              task_id,
            ],
          );
          return row!;
        },
      ),
    );
  }

  /** Newest first. Of a project its people see all and others their own; without a project one sees one's own. */
  async list(caller: Caller, { project_id, branch_name, skip, limit }: InputOf<typeof listClips>): Promise<Clip[]> {
    const project =
      project_id === undefined
        ? undefined
        : await this.broker.call(admitToProject, { project_id, branch_name, action: 'readMedia' }, caller);
    return this.database.query<Clip[]>(
      `select * from clips where ($1::uuid is null or project_id = $1) and ($2::uuid is null or branch_id = $2)
         and ($3 or user_id = $4)
       order by seq desc offset $5 limit $6`,
      [
        project?.project_id ?? null,
        branch_name === undefined ? null : (project?.branch_id ?? null),
        project?.allowed ?? false,
        caller.user_id,
        skip,
        limit,
      ],
    );
  }

  /** For everybody where the project is public, else for its people and for who made it. */
  async get(caller: Caller, id: string): Promise<Clip> {
    const [row] = isUuid(id) ? await this.database.query<ClipRow[]>('select * from clips where id = $1', [id]) : [];
    if (row && (row.user_id === caller.user_id || (await this.mayRead(caller, row.project_id)))) return row;
    throw new AppError('not_found', 'Clip not found');
  }

  /** Of these those on a branch, or anywhere in a project, with the media that they show. */
  async there({ clip_ids, project_id, branch_id }: InputOf<typeof clipsThere>): Promise<ClipThere[]> {
    const rows = await this.database.query<{ id: string; shown: string }[]>(
      `select id, concat(assets_ref, result) as shown from clips
       where id = any($1) and project_id = $2 and ($3::uuid is null or branch_id = $3) order by seq`,
      [clip_ids.filter(isUuid), project_id, branch_id],
    );
    return rows.map(({ id, shown }) => ({ id, links: linksNamedIn(shown) }));
  }

  private async mayRead(caller: Caller, project_id: string): Promise<boolean> {
    const asked = this.broker.call(admitToProject, { project_id, action: 'readMedia' }, caller);
    return asked.then(
      ({ allowed, is_public }) => allowed || is_public,
      (thrown: unknown) => {
        if (AppError.from(thrown).code === 'not_found') return false;
        throw thrown;
      },
    );
  }

  private async screenshots(caller: Caller, project_id: string, ids: readonly string[]): Promise<VNAsset[]> {
    const known = new Map<string, VNAsset>();
    for (let skip = 0; ids.some((id) => !known.has(id)); skip += 200) {
      const page = await this.broker.call(listVnAssets, { project_id, skip, limit: 200 }, caller);
      for (const asset of page) known.set(asset.id, asset);
      if (page.length < 200) break;
    }
    return ids.map((id) => {
      const asset = known.get(id);
      if (!asset) throw new AppError('not_found', `VNAsset not found: ${id}`);
      if (asset.type !== 'SCREENSHOT') throw new AppError('invalid', `VNAsset is not SCREENSHOT: ${id}`);
      return asset;
    });
  }
}

/** What a clip says once its task is over, or begins anew. */
export async function clipFollows(manager: EntityManager, task: TaskRow): Promise<void> {
  const status = task.state === 'succeeded' ? 'succeeded' : task.state === 'queued' ? 'pending' : 'failed';
  const error = task.state === 'cancelled' ? 'The clip was cancelled.' : task.error;
  const { video_url } = (task.result ?? {}) as { video_url?: string };
  await manager.query(
    `update clips set status = $2, error = $3, result = $4,
       assets_ref = case when $5::text is null then assets_ref else coalesce(assets_ref, '{}') || jsonb_build_object('video_url', $5::text) end
     where task_id = $1`,
    [task.id, status, status === 'failed' ? error : null, JSON.stringify(task.result ?? null), video_url ?? null],
  );
}

/** The clips that a merge carried along, again on the branch it went to, under the ids that the merge gave them. */
export async function copyMergedClips(manager: EntityManager, merged: MergedClips): Promise<void> {
  const pairs = merged.merged_clips.filter(({ from, to }) => isUuid(from) && isUuid(to));
  await manager.query(
    `insert into clips (id, project_id, branch_id, branch_name, user_id, title, summary, assets_ref, task_id, status, result, error, input_artifacts)
     select pair.made, $1, $2, $7, c.user_id, c.title, c.summary, c.assets_ref, c.task_id, c.status, c.result, c.error,
       jsonb_build_object('merged_from_clip_id', c.id, 'merged_from_mr_id', $3::text, 'original', c.input_artifacts)
     from unnest($4::uuid[], $5::uuid[]) as pair (original, made) join clips c on c.id = pair.original
     where c.project_id = $6 and ($8::uuid is null or c.branch_id = $8)
     order by c.seq on conflict do nothing`,
    [
      merged.project_id,
      merged.target_branch_id,
      merged.merge_request_id,
      pairs.map(({ from }) => from),
      pairs.map(({ to }) => to),
      merged.source_project_id ?? merged.project_id,
      merged.target_branch_name ?? null,
      merged.source_branch_id,
    ],
  );
}

interface MergedClips {
  project_id: string;
  source_project_id: string | null;
  merge_request_id: string;
  source_branch_id: string | null;
  target_branch_id: string | null;
  target_branch_name?: string | undefined;
  merged_clips: readonly { from: string; to: string }[];
}
