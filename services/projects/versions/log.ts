import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { compareRefs, getCommit, listCommits } from '#libs/contracts/projects';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import { AppError } from '#libs/errors/app-error';
import { describeChanges } from '#libs/timeline/describe-changes';
import { diffDocuments } from '#libs/timeline/diff-documents';
import { committable } from '#libs/timeline/document';
import { Access } from '../access/access.js';
import { ancestors, mergeBases } from '../domain/commit-graph.js';
import { newestFirst } from '../domain/newest-first.js';
import { history, type HistoryCommit } from './history.query.js';
import { snapshotOf, type Document } from './objects.js';

type Graph = Map<string, HistoryCommit>;

/** History to read: what led to a ref, one commit, and what one ref has that another has not. */
@Injectable()
export class Log {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  /** The commits a ref can reach, newest first, a page at a time: `after` is the last one of the page before. */
  async list(caller: Caller, wish: InputOf<typeof listCommits>): Promise<OutputOf<typeof listCommits>> {
    return this.reading(caller, wish.project_id, async (manager, projectId, graph) => {
      const head = await this.resolve(manager, projectId, graph, wish.ref);
      const all = newestFirst(graph, ancestors(graph, head));
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
    return this.reading(caller, wish.project_id, async (manager, projectId, graph) => {
      const id = await this.resolve(manager, projectId, graph, wish.commit);
      if (id === null) throw new AppError('not_found', `${wish.commit} has no commit yet.`);
      const [entry] = await this.withAuthors(manager, [graph.get(id)!]);
      return { ...entry!, video_assets: await snapshotOf(manager, id) };
    });
  }

  async compare(caller: Caller, wish: InputOf<typeof compareRefs>): Promise<OutputOf<typeof compareRefs>> {
    return this.reading(caller, wish.project_id, async (manager, projectId, graph) => {
      const base = await this.resolve(manager, projectId, graph, wish.base);
      const head = await this.resolve(manager, projectId, graph, wish.head);
      const [ofBase, ofHead] = [ancestors(graph, base), ancestors(graph, head)];
      const bases = base === null || head === null ? [] : mergeBases(graph, base, head);
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

  /** Admits the caller and gives one consistent view of the project's history. */
  private reading<T>(
    caller: Caller,
    project: string,
    work: (manager: EntityManager, projectId: string, graph: Graph) => Promise<T>,
  ): Promise<T> {
    return this.database.transaction('REPEATABLE READ', async (manager) => {
      const { project: admitted } = await this.access.toProject(manager, caller, project, 'readHistory');
      return work(manager, admitted.id, await history(manager, admitted.id));
    });
  }

  /** The commit a ref means: a branch's head (null when it has none), or a commit of this project by its hash or the beginning of it. */
  private async resolve(manager: EntityManager, projectId: string, graph: Graph, ref: string): Promise<string | null> {
    const name = ref.trim();
    const [branch] = await manager.query<{ head_commit_id: string | null }[]>(
      'select head_commit_id from branches where project_id = $1 and name = $2',
      [projectId, name],
    );
    if (branch) return branch.head_commit_id;
    const hash = name.toLowerCase();
    const matching = hash.length < 7 ? [] : [...graph.keys()].filter((id) => id.startsWith(hash));
    if (matching.length > 1)
      throw new AppError('invalid', `${name} begins more than one commit; give more of the hash.`);
    if (matching[0] === undefined)
      throw new AppError('not_found', `There is no branch or commit ${name} in this project.`);
    return matching[0];
  }

  private async withAuthors(manager: EntityManager, commits: readonly HistoryCommit[]) {
    const rows = await manager.query<{ id: string; full_name: string | null }[]>(
      'select id, full_name from users where id = any($1)',
      [[...new Set(commits.map(({ author_id }) => author_id))]],
    );
    const names = new Map(rows.map(({ id, full_name }) => [id, full_name]));
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
