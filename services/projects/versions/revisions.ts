import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type * as contract from '#libs/contracts/projects-history';
import { AppError } from '#libs/errors/app-error';
import { withNoiseOf } from '#libs/timeline/document';
import { Access } from '../access/access.js';
import { lockBranch } from './commits.js';
import { documentAt } from './kept-workspaces.js';
import { snapshotOf, type Document } from './objects.js';
import { requireRef } from './resolve-ref.js';
import { requireTag, saveOn, visibleDocument } from './workspaces.js';

type Revision = OutputOf<typeof contract.listRevisions>[number];

/** What the workspace of a branch was: the newest saves, to look at and to go back to. */
@Injectable()
export class Revisions {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  /** The saves that are kept, newest first; the first is the workspace as it is. */
  async list(caller: Caller, wish: InputOf<typeof contract.listRevisions>): Promise<Revision[]> {
    const manager = this.database.manager;
    const { branch } = await this.access.toBranch(manager, caller, wish.project_id, wish.branch_name, 'readWorkspace');
    return manager.query<Revision[]>(
      `select r.revision, r.is_current, r.saved_by, u.full_name as saved_by_name, r.saved_at
       from (select revision, true as is_current, saved_by, saved_at from workspaces where branch_id = $1
         union all select revision, false, saved_by, saved_at from workspace_revisions where branch_id = $1) r
       left join users u on u.id = r.saved_by order by r.revision desc limit $2`,
      [branch.id, wish.limit],
    );
  }

  async get(
    caller: Caller,
    wish: InputOf<typeof contract.getRevision>,
  ): Promise<OutputOf<typeof contract.getRevision>> {
    const { revision } = wish;
    const found = (await this.list(caller, { ...wish, limit: 200 })).find((one) => one.revision === revision);
    if (!found) throw noRevision(revision, wish.branch_name);
    const manager = this.database.manager;
    const { branch } = await this.access.toBranch(manager, caller, wish.project_id, wish.branch_name, 'readWorkspace');
    return { ...found, document: await requireDocument(manager, branch, revision) };
  }

  /** Puts a commit's snapshot, or an earlier save, into the workspace, as one more save that can be undone like any. */
  async restore(
    caller: Caller,
    wish: InputOf<typeof contract.restoreWorkspace>,
  ): Promise<OutputOf<typeof contract.restoreWorkspace>> {
    if ((wish.commit == null) === (wish.revision == null))
      throw new AppError('invalid', 'Name what to restore: a commit or a revision, and not both.');
    return this.database.transaction(async (manager) => {
      const { project_id, branch_name } = wish;
      const admission = await this.access.toBranch(manager, caller, project_id, branch_name, 'saveWorkspace');
      const branch = await lockBranch(manager, admission.branch.id);
      await requireTag(manager, branch, wish.if_match);
      const now = await visibleDocument(manager, branch, true);
      const document =
        wish.commit == null
          ? await requireDocument(manager, branch, wish.revision!)
          : withNoiseOf(await snapshotOf(manager, await requireRef(manager, caller, admission, wish.commit)), now);
      return { document, etag: await saveOn(manager, caller, branch, document) };
    });
  }
}

async function requireDocument(
  manager: EntityManager,
  branch: { id: string; name: string },
  revision: number,
): Promise<Document> {
  const document = await documentAt(manager, branch.id, revision);
  if (!document) throw noRevision(revision, branch.name);
  return document;
}

const noRevision = (revision: number, branch: string) =>
  new AppError(
    'not_found',
    `There is no revision ${revision} of the workspace of ${branch}; the newest hundred are kept.`,
  );
