import type { EntityManager } from 'typeorm';
import { assetsNamedIn } from '#libs/media/asset-link';
import { withNoiseOf } from '#libs/timeline/document';
import { longestDocument, refuseTooLong } from '../objects/documents.js';
import { pack, snapshotOf, unpack, type Document } from './objects.js';

const REVISIONS_KEPT = 100;

/** A document that was saved; or a commit's document that a workspace follows, with the noise of its own. */
export type Content =
  { document: Document; commit_id?: null; noise?: null } | { document?: null; commit_id: string; noise: Document };

export type KeptWorkspace = Content & { uncommitted: boolean; saved_by: string | null };

/** The document that a workspace is. */
export const documentOf = async (manager: EntityManager, content: Content): Promise<Document> =>
  content.document ?? withNoiseOf(await snapshotOf(manager, content.commit_id!), content.noise!);

/** What is kept as the workspace of a branch, if there is one. */
export async function keptWorkspace(manager: EntityManager, branchId: string): Promise<KeptWorkspace | undefined> {
  const [row] = await manager.query<KeptWorkspace[]>(
    'select document, commit_id, noise, uncommitted, saved_by from workspaces where branch_id = $1',
    [branchId],
  );
  return row;
}

/** Whether something is saved on a branch that is not committed. */
export async function hasOpenWork(manager: EntityManager, branchId: string | null): Promise<boolean> {
  const rows = await manager.query<unknown[]>('select 1 from workspaces where branch_id = $1 and uncommitted', [
    branchId,
  ]);
  return rows.length > 0;
}

/** What a workspace was at a revision that is kept still; undefined where none is. */
export async function documentAt(
  manager: EntityManager,
  branchId: string,
  revision: number,
): Promise<Document | undefined> {
  const [now] = await manager.query<Content[]>(
    'select document, commit_id, noise from workspaces where branch_id = $1 and revision = $2',
    [branchId, revision],
  );
  if (now) return documentOf(manager, now);
  const [was] = await manager.query<({ body: Buffer } | { body: null; commit_id: string; noise: Document })[]>(
    'select body, commit_id, noise from workspace_revisions where branch_id = $1 and revision = $2',
    [branchId, revision],
  );
  if (!was) return undefined;
  return was.body === null ? documentOf(manager, was) : unpack(was.body);
}

/** Writes a workspace and keeps the one it replaces among the newest revisions; the branch must be locked, or new. */
export async function writeWorkspace(
  manager: EntityManager,
  branchId: string,
  content: Content,
  { saved_by, uncommitted }: { saved_by: string | null; uncommitted: boolean },
): Promise<void> {
  const [saved] = await manager.query<{ text: string }[]>(
    'select document::text as text from workspaces where branch_id = $1 and document is not null',
    [branchId],
  );
  const { document = null, commit_id = null, noise = null } = content;
  const text = document && JSON.stringify(document);
  const ownNoise = noise && JSON.stringify(noise);
  refuseTooLong(text?.length ?? 0, longestDocument(manager));
  await manager.query(
    `with before as (select * from workspaces where branch_id = $1),
     kept as (
       insert into workspace_revisions (branch_id, revision, body, commit_id, noise, saved_by, saved_at)
       select branch_id, revision, $7::bytea, commit_id, noise, saved_by, saved_at from before),
     gone as (
       delete from workspace_revisions where branch_id = $1 and revision <= (select revision from before) - $8::int)
     insert into workspaces (branch_id, document, commit_id, noise, uncommitted, saved_by, asset_ids, asset_ids_of)
     values ($1, $2, $3, $4, $5, $6, $9, 1)
     on conflict (branch_id) do update set document = excluded.document, commit_id = excluded.commit_id,
       noise = excluded.noise, asset_ids = excluded.asset_ids, asset_ids_of = workspaces.revision + 1,
       uncommitted = excluded.uncommitted, saved_by = excluded.saved_by, saved_at = now(), revision = workspaces.revision + 1`,
    [
      branchId,
      text,
      commit_id,
      ownNoise,
      uncommitted,
      saved_by,
      saved ? await pack(saved.text) : null,
      REVISIONS_KEPT,
      assetsNamedIn(text ?? ownNoise ?? ''),
    ],
  );
}
