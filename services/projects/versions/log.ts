import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { compareRefs, getCommit, listCommits } from '#libs/contracts/projects';
import type { DocumentChange, listChanges } from '#libs/contracts/projects-changes';
import type { mergeBase } from '#libs/contracts/projects-graph';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import { AppError } from '#libs/errors/app-error';
import { describeChanges } from '#libs/timeline/diff/describe-changes';
import { changesOfTrees } from '#libs/timeline/objects/changes-of-trees';
import type { z } from 'zod';
import { Access } from '../access/access.js';
import { diffKept, readingWith } from '../objects/kept-difference.js';
import { graphReaching } from './commit-graphs.js';
import { logEntries, withAuthors } from './log-entries.query.js';
import { filteredPage } from './log-filter.js';
import { snapshotOf, treeOfCommit } from './objects.js';
import { resolveRef } from './resolve-ref.js';

/** So many are hardly less than a film. */
const MOST_CHANGES = 5000;

/** History to read: what led to a ref, one commit, and what one ref has that another has not. */
@Injectable()
export class Log {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  /** The commits a ref can reach, newest first, a page at a time: `after` is the last one of the page before. */
  async list(caller: Caller, wish: InputOf<typeof listCommits>): Promise<OutputOf<typeof listCommits>> {
    if (wish.entity !== undefined && wish.entity_id === undefined)
      throw new AppError('invalid', `Say which ${wish.entity} by entity_id: history is looked through for one thing.`);
    return this.reading(caller, wish.project_id, async (manager, refOf) => {
      const head = await refOf(wish.ref);
      const graph = await graphReaching(manager, wish.project_id, [head]);
      const all = head === null ? [] : graph.newestFirst([head]);
      const { commits, next } = await filteredPage(manager, graph.by(wish.author_id, all), wish);
      return { items: await withAuthors(manager, commits), next };
    });
  }

  async get(caller: Caller, wish: InputOf<typeof getCommit>): Promise<OutputOf<typeof getCommit>> {
    return this.reading(caller, wish.project_id, async (manager, refOf) => {
      const id = await refOf(wish.commit);
      if (id === null) throw new AppError('not_found', `${wish.commit} has no commit yet.`);
      const [entry] = await logEntries(manager, [id]);
      return { ...entry!, video_assets: await snapshotOf(manager, id) };
    });
  }

  async compare(caller: Caller, wish: InputOf<typeof compareRefs>): Promise<OutputOf<typeof compareRefs>> {
    return this.reading(caller, wish.project_id, async (manager, refOf) => {
      const heads = await this.headsOf(manager, caller, wish, refOf);
      const apart = await this.apart(manager, wish.project_id, heads);
      const treeAt = (commit: string | null | undefined) => (commit ? treeOfCommit(manager, commit) : null);
      const changes = await diffKept(manager, await treeAt(apart.merge_bases[0]), { tree: await treeAt(apart.head) });
      return {
        ...apart,
        changes: changes as unknown as Record<string, unknown>[],
        words: describeChanges(changes, { language: wish.language }),
      };
    });
  }

  async changes(caller: Caller, wish: InputOf<typeof listChanges>): Promise<OutputOf<typeof listChanges>> {
    return this.reading(caller, wish.project_id, async (manager, refOf) => {
      const commitAt = async (ref: string) => {
        const commit = await refOf(ref);
        if (commit === null) throw new AppError('not_found', `${ref} has no commit yet.`);
        return commit;
      };
      const [from, to] = [await commitAt(wish.from), await commitAt(wish.to)];
      const trees = { from: await treeOfCommit(manager, from), to: await treeOfCommit(manager, to) };
      const changes = await changesOfTrees(readingWith(manager), { ...trees, most: MOST_CHANGES });
      return { from, to, tree: trees.to, changes: (changes as z.output<typeof DocumentChange>[] | undefined) ?? null };
    });
  }

  async mergeBase(caller: Caller, wish: InputOf<typeof mergeBase>): Promise<OutputOf<typeof mergeBase>> {
    return this.reading(caller, wish.project_id, async (manager, refOf) =>
      this.apart(manager, wish.project_id, await this.headsOf(manager, caller, wish, refOf)),
    );
  }

  /** Two refs of one project, or the second one of another that the caller can read. */
  private async headsOf(
    manager: EntityManager,
    caller: Caller,
    wish: InputOf<typeof mergeBase>,
    refOf: (ref: string) => Promise<string | null>,
  ): Promise<[string | null, string | null]> {
    const base = await refOf(wish.base);
    if (wish.head_project_id === undefined) return [base, await refOf(wish.head)];
    const other = await this.access.toHistory(manager, caller, wish.head_project_id);
    return [base, await resolveRef(manager, caller, other, wish.head)];
  }

  private async apart(manager: EntityManager, projectId: string, [base, head]: [string | null, string | null]) {
    const graph = await graphReaching(manager, projectId, [base, head]);
    const merge_bases = base === null || head === null ? [] : graph.mergeBases(base, head);
    return { base, head, merge_bases, ...graph.aheadAndBehind(head, base) };
  }

  /** Admits the caller and gives one consistent view of the history that they may see. */
  private reading<T>(
    caller: Caller,
    project: string,
    work: (manager: EntityManager, refOf: (ref: string) => Promise<string | null>) => Promise<T>,
  ): Promise<T> {
    return this.database.transaction('REPEATABLE READ', async (manager) => {
      const admission = await this.access.toHistory(manager, caller, project);
      return work(manager, (ref) => resolveRef(manager, caller, admission, ref));
    });
  }
}
