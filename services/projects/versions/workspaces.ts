import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type { getWorkspace, saveWorkspace } from '#libs/contracts/projects';
import { AppError } from '#libs/errors/app-error';
import { committable, noiseOf } from '#libs/timeline/document';
import { Access } from '../access/access.js';
import { namesTag } from '../domain/entity-tags.js';
import { lockBranch } from './commits.js';
import { isTreeOf } from '../objects/documents.js';
import { documentOf, keptWorkspace, writeWorkspace } from './kept-workspaces.js';
import { snapshotOf, treeOfCommit, type Document } from './objects.js';
import type { BranchEntity } from './version.entities.js';

/**
 * The saved state of a branch, which only the project's people and the branch's creator see. Passers-by of a public
 * project see what is committed: uncommitted work is never exposed.
 */
@Injectable()
export class Workspaces {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  async read(caller: Caller, wish: InputOf<typeof getWorkspace>): Promise<OutputOf<typeof getWorkspace>> {
    return this.database.transaction('REPEATABLE READ', async (manager) => {
      const { branch, allows } = await this.toBranch(
        manager,
        caller,
        wish.project_id,
        wish.branch_name,
        'readCommitted',
      );
      const maySee = allows('readWorkspace');
      const etag = maySee ? await workspaceTag(manager, branch.id) : committedTag(branch);
      const isKnown = wish.if_none_match !== undefined && namesTag(wish.if_none_match, etag);
      return { document: isKnown ? null : await visibleDocument(manager, branch, maySee), etag };
    });
  }

  /**
   * Keeps a document as the branch's workspace, exactly as it came; the one before stays among the revisions. With
   * `if_match` only when that names the workspace there is: else nothing is saved.
   */
  async save(caller: Caller, wish: InputOf<typeof saveWorkspace>): Promise<OutputOf<typeof saveWorkspace>> {
    return this.database.transaction(async (manager) => {
      const { branch } = await this.toBranch(manager, caller, wish.project_id, wish.branch_name, 'saveWorkspace');
      const locked = await lockBranch(manager, branch.id);
      await requireTag(manager, locked, wish.if_match);
      return { document: null, etag: await saveOn(manager, caller, locked, wish.document) };
    });
  }

  /** Whether there is such a project is not told apart here from whether one may: clients send people on to the project's page. */
  private async toBranch(...asked: Parameters<Access['toBranch']>): ReturnType<Access['toBranch']> {
    const seen = await this.access.lookForBranch(...asked);
    if (seen.found === 'nothing') throw new AppError('unauthorized', 'Not enough permissions');
    return this.access.toBranch(...asked);
  }
}

/** Saves a document on a locked branch in the name of a caller; gives the tag of what is saved now. */
export async function saveOn(
  manager: EntityManager,
  caller: Caller,
  branch: BranchEntity,
  document: Document,
): Promise<string> {
  const committed = branch.head_commit_id === null ? undefined : await treeOfCommit(manager, branch.head_commit_id);
  await writeWorkspace(
    manager,
    branch.id,
    { document },
    {
      saved_by: caller.user_id,
      uncommitted: !(await isTreeOf(manager, committed, committable(document))),
    },
  );
  return workspaceTag(manager, branch.id);
}

/** Refuses, with the tag there is, when the workspace of a locked branch is not one of those that `if_match` names. */
export async function requireTag(
  manager: EntityManager,
  branch: BranchEntity,
  if_match: string | undefined,
): Promise<void> {
  if (if_match === undefined) return;
  const etag = await workspaceTag(manager, branch.id);
  if (namesTag(if_match, etag)) return;
  throw new AppError(
    'conflict',
    `The workspace of ${branch.name} was saved by somebody else since you read it. Read it again, and save on top of it.`,
    { reason: 'precondition_failed', etag },
  );
}

/** Names one state of a workspace: no two states of a branch, nor of two branches, have the same. */
async function workspaceTag(manager: EntityManager, branchId: string): Promise<string> {
  const [row] = await manager.query<{ revision: number }[]>('select revision from workspaces where branch_id = $1', [
    branchId,
  ]);
  return `"${branchId}.${row?.revision ?? 0}"`;
}

const committedTag = ({ id, head_commit_id }: BranchEntity): string => `"${id}.${head_commit_id ?? 'empty'}"`;

/** The workspace for those who may see it, else the head's snapshot; `{}` when there is neither. */
export async function visibleDocument(
  manager: EntityManager,
  branch: BranchEntity,
  maySeeWorkspace: boolean,
): Promise<Document> {
  if (maySeeWorkspace) {
    const kept = await keptWorkspace(manager, branch.id);
    return kept ? documentOf(manager, kept) : {};
  }
  return branch.head_commit_id === null ? {} : snapshotOf(manager, branch.head_commit_id);
}

/** Lets the workspace of a new branch follow its first commit; nothing in that means none. */
export async function startWorkspace(
  manager: EntityManager,
  branchId: string,
  commit_id: string | null,
  saved_by: string | null,
): Promise<void> {
  const snapshot = commit_id === null ? {} : await snapshotOf(manager, commit_id);
  if (commit_id === null || Object.keys(snapshot).length === 0) return;
  const content = { commit_id, noise: noiseOf(snapshot) };
  await writeWorkspace(manager, branchId, content, { saved_by, uncommitted: false });
}

/** Gives a new branch the workspace of the one whose head it has: as saved, for those who may see that, else as committed. */
export async function startLike(
  manager: EntityManager,
  branchId: string,
  original: BranchEntity,
  { saved_by, maySeeWorkspace }: { saved_by: string | null; maySeeWorkspace: boolean },
): Promise<void> {
  if (!maySeeWorkspace) return startWorkspace(manager, branchId, original.head_commit_id, saved_by);
  await manager.query(
    `insert into workspaces (branch_id, document, commit_id, noise, uncommitted, saved_by, asset_ids, asset_ids_of)
     select $2, w.document, w.commit_id, w.noise, w.uncommitted or b.head_commit_id is distinct from $3, $4, w.asset_ids, 1
     from workspaces w join branches b on b.id = w.branch_id where b.id = $1 and w.document::text is distinct from '{}'`,
    [original.id, branchId, original.head_commit_id, saved_by],
  );
}
