import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { compareRefs, getCommit, listCommits } from '#libs/contracts/projects';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import { AppError } from '#libs/errors/app-error';
import { describeChanges } from '#libs/timeline/diff/describe-changes';
import { diffDocuments } from '#libs/timeline/diff/diff-documents';
import { committable } from '#libs/timeline/document';
import { Access } from '../access/access.js';
import { ancestors, mergeBases } from '../domain/commit-graph.js';
import { newestFirst } from '../domain/newest-first.js';
import { authorNames, type HistoryCommit } from './history.query.js';
import { snapshotOf, type Document } from './objects.js';
import { resolveRef } from './resolve-ref.js';
import { visibleHistory, type VisibleHistory } from './visible-history.js';

/** History to read: what led to a ref, one commit, and what one ref has that another has not. */
@Injectable()
export class Log {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  /** The commits a ref can reach, newest first, a page at a time: `after` is the last one of the page before. */
  async list(caller: Caller, wish: InputOf<typeof listCommits>): Promise<OutputOf<typeof listCommits>> {
    return this.reading(caller, wish.project_id, async (manager, seen, refOf) => {
      const head = await refOf(wish.ref);
      const all = newestFirst(seen.commits, ancestors(seen.commits, head));
      const wanted = wish.author_id === undefined ? all : all.filter(({ author_id }) => author_id === wish.author_id);
      const from = wish.after === undefined ? 0 : wanted.findIndex(({ id }) => id === wish.after) + 1;
      if (wish.after !== undefined && from === 0)
        throw new AppError('invalid', `There is no commit ${wish.after} in this list; begin again without "after".`);
      const page = wanted.slice(from, from + wish.limit);
      const more = from + wish.limit < wanted.length;
      return { items: await this.withAuthors(manager, page), next: more ? page.at(-1)!.id : null };
    });
  }

  async get(caller: Caller, wish: InputOf<typeof getCommit>): Promise<OutputOf<typeof getCommit>> {
    return this.reading(caller, wish.project_id, async (manager, seen, refOf) => {
      const id = await refOf(wish.commit);
      if (id === null) throw new AppError('not_found', `${wish.commit} has no commit yet.`);
      const [entry] = await this.withAuthors(manager, [seen.commits.get(id)!]);
      return { ...entry!, video_assets: await snapshotOf(manager, id) };
    });
  }

  async compare(caller: Caller, wish: InputOf<typeof compareRefs>): Promise<OutputOf<typeof compareRefs>> {
    return this.reading(caller, wish.project_id, async (manager, seen, refOf) => {
      const [base, head] = [await refOf(wish.base), await refOf(wish.head)];
      const [ofBase, ofHead] = [ancestors(seen.commits, base), ancestors(seen.commits, head)];
      const bases = base === null || head === null ? [] : mergeBases(seen.commits, base, head);
      const before = await documentAt(manager, bases[0] ?? null);
      const changes = diffDocuments(before, await documentAt(manager, head));
      return {
        base,
        head,
        merge_bases: bases,
        ahead: [...ofHead].filter((id) => !ofBase.has(id)).length,
        behind: [...ofBase].filter((id) => !ofHead.has(id)).length,
        changes: changes as unknown as Record<string, unknown>[],
        words: describeChanges(changes, { language: wish.language }),
      };
    });
  }

  /** Admits the caller and gives one consistent view of the history that they may see. */
  private reading<T>(
    caller: Caller,
    project: string,
    work: (manager: EntityManager, seen: VisibleHistory, refOf: (ref: string) => Promise<string | null>) => Promise<T>,
  ): Promise<T> {
    return this.database.transaction('REPEATABLE READ', async (manager) => {
      const admission = await this.access.toHistory(manager, caller, project);
      const seen = await visibleHistory(manager, caller, admission);
      return work(manager, seen, (ref) => resolveRef(manager, caller, admission, ref));
    });
  }

  private async withAuthors(manager: EntityManager, commits: readonly HistoryCommit[]) {
    const names = await authorNames(manager, commits);
    return commits.map(({ id, message, parents, author_id, created_at }) => ({
      id,
      message,
      parents: [...parents],
      author_id,
      author_name: author_id === null ? null : (names.get(author_id) ?? null),
      created_at,
    }));
  }
}

async function documentAt(manager: EntityManager, commit: string | null): Promise<Document> {
  return commit === null ? {} : committable(await snapshotOf(manager, commit));
}
