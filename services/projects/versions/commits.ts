import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { OutputOf } from '#libs/contracts/contract';
import type { createCommit } from '#libs/contracts/projects';
import { commitCreated, type RefMove } from '#libs/contracts/projects-events';
import { AppError } from '#libs/errors/app-error';
import { telling } from '../audit/announce.js';
import { Access } from '../access/access.js';
import { commitId } from '../domain/commit-id.js';
import { lockToCommitOn, parentOf } from './commit-target.js';
import { MAKING_FROM, moveHead, onBranch } from './refs.js';
import { writeDocument, type KeptTree } from '../objects/documents.js';
import { rememberTree, treeOfCommit, type Document } from './objects.js';
import { rebased } from './rebased.js';
import type { BranchEntity } from './version.entities.js';

export interface CommitDraft {
  project_id: string;
  branch_name: string;
  message: string;
  video_assets: Document;
  parent_hash?: string | null;
  rebase?: boolean;
}

/** Commits: immutable, addressed by their content, and put on a branch only by compare-and-set. */
@Injectable()
export class Commits {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  /**
   * Commits a snapshot on a branch. Without `parent_hash` it goes on top of whatever the head is by then; with it, only
   * if that still is the head: otherwise `conflict`, with the head there is, or, with `rebase`, merged into that head.
   */
  async create(caller: Caller, draft: CommitDraft): Promise<OutputOf<typeof createCommit>> {
    return this.database.transaction(async (manager) => {
      const target = await lockToCommitOn(manager, this.access, caller, draft);
      const { project, branch: locked } = target;
      const parent = await parentOf(manager, caller, target, draft);
      const isRebase = parent !== locked.head_commit_id;
      const snapshot = isRebase
        ? await rebased(manager, locked, { parent, theirs: draft.video_assets })
        : draft.video_assets;
      const commit = await appendCommit(manager, locked, {
        author_id: caller.user_id,
        message: draft.message,
        snapshot,
        parents: locked.head_commit_id === null ? [] : [locked.head_commit_id],
      });
      await manager.query('update workspaces set uncommitted = false where branch_id = $1 and uncommitted', [
        locked.id,
      ]);
      return {
        id: commit.id,
        project_id: project.id,
        message: draft.message,
        parent_hash: locked.head_commit_id,
        video_assets: isRebase ? snapshot : null,
        created_at: commit.created_at,
      };
    });
  }
}

/** The branch as it is now, locked until the transaction ends, so that whoever comes next sees what we do. */
export async function lockBranch(manager: EntityManager, branchId: string): Promise<BranchEntity> {
  const [branch] = await lockBranches(manager, [branchId]);
  return branch!;
}

/** The same for several, given back in the order asked for and locked in the order of their ids, whoever asks. */
export async function lockBranches(manager: EntityManager, ids: readonly string[]): Promise<BranchEntity[]> {
  const locked = await manager.query<BranchEntity[]>(
    'select * from branches where id = any($1) order by id for no key update',
    [ids],
  );
  return ids.map((id) => {
    const branch = locked.find((candidate) => candidate.id === id);
    if (!branch) throw new AppError('not_found', 'Branch not found');
    return branch;
  });
}

interface CommitContent {
  author_id: string | null;
  message: string;
  parents: string[];
  /** What the reflog calls it; a plain commit unless told. */
  move?: RefMove;
}

/** Writes a commit and moves the branch from the head the caller saw to it; the branch must be locked by the caller. */
export async function appendCommit(
  manager: EntityManager,
  branch: BranchEntity,
  content: CommitContent & { snapshot: Document },
): Promise<{ id: string; created_at: string }> {
  const [parent] = content.parents;
  const like = parent === undefined ? null : await treeOfCommit(manager, parent);
  const tree = await writeDocument(manager, content.snapshot, { like });
  return appendKept(manager, branch, { ...content, tree, sections: Object.keys(content.snapshot).length });
}

/** The same for a document that is kept. */
export async function appendKept(
  manager: EntityManager,
  branch: BranchEntity,
  content: CommitContent & KeptTree,
): Promise<{ id: string; created_at: string }> {
  const { parents, message, tree, sections } = content;
  const created_at = new Date().toISOString();
  const id = commitId({ tree, parents, author: content.author_id, message, created_at });
  const actor_id = content.author_id;
  const told = { ...onBranch(branch), actor_id, commit_id: id, parents, message };
  await moveHead(
    manager,
    branch,
    { to: id, move: content.move ?? 'committed', actor_id },
    {
      also: [telling(commitCreated, told)],
      making: { sql: MAKING, parameters: [tree, actor_id, message, sections, created_at, parents] },
    },
  );
  rememberTree(manager, id, tree);
  return { id, created_at };
}

const at = (place: number) => `$${MAKING_FROM + place}`;

/** Makes the commit `$2` and lets the project `$6` have it, as parts of the statement that moves a head to it. */
const MAKING = `parents as (
    select c.seq, c.generation, t.ord - 1 as ord
    from unnest(${at(5)}::text[]) with ordinality as t (id, ord) join commits c using (id)),
  made as (
    insert into commits (id, tree_seq, author_id, message, asset_count, created_at, generation, parent_seq)
    select $2::text, (select seq from objects where sha256 = decode(${at(0)}, 'hex')), ${at(1)}::uuid, ${at(2)}::text, ${at(3)}::int,
      ${at(4)}::timestamptz, 1 + coalesce(max(generation), 0), max(seq) filter (where ord = 0)
    from parents on conflict (id) do update set id = excluded.id returning seq),
  further as (
    insert into further_parents (commit_seq, ord, parent_seq)
    select made.seq, ord, parents.seq from made, parents where ord > 0 on conflict do nothing),
  reached as (
    insert into project_commits (project_id, commit_seq) select $6::uuid, seq from made on conflict do nothing)`;
