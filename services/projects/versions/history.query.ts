import type { EntityManager } from 'typeorm';
import { AppError } from '#libs/errors/app-error';
import type { FiguresCommit } from '../domain/branch-figures.js';

export interface HistoryCommit extends FiguresCommit {
  message: string;
  created_at: Date;
}

/** All commits of a project without their snapshots, oldest first. */
export async function history(manager: EntityManager, projectId: string): Promise<Map<string, HistoryCommit>> {
  const rows = await manager.query<HistoryCommit[]>(
    `select c.id, c.message, c.author_id, c.generation, c.asset_count, c.created_at,
       coalesce(array_agg(p.parent_id order by p.ord) filter (where p.parent_id is not null), '{}') as parents
     from project_commits pc join commits c on c.id = pc.commit_id
     left join commit_parents p on p.commit_id = c.id
     where pc.project_id = $1
     group by c.id order by c.created_at, c.generation, c.id`,
    [projectId],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** What the authors of commits are called; who is nobody any more has no name. */
export async function authorNames(
  manager: EntityManager,
  commits: Iterable<HistoryCommit>,
): Promise<Map<string, string | null>> {
  const authors = new Set([...commits].map(({ author_id }) => author_id));
  const rows = await manager.query<{ id: string; full_name: string | null }[]>(
    'select id, full_name from users where id = any($1)',
    [[...authors]],
  );
  return new Map(rows.map(({ id, full_name }) => [id, full_name]));
}

/** Refuses a hash that is not a commit of this very project, whether it exists elsewhere or not. */
export async function requireCommit(
  manager: EntityManager,
  projectId: string,
  hash: string,
  words: string,
): Promise<string> {
  const [row] = await manager.query<{ commit_id: string }[]>(
    'select commit_id from project_commits where project_id = $1 and commit_id = $2',
    [projectId, hash.trim().toLowerCase()],
  );
  if (!row) throw new AppError('not_found', words);
  return row.commit_id;
}

/** Lets a project share commits with everything that came before them. */
export async function shareAncestry(
  manager: EntityManager,
  commitIds: readonly (string | null)[],
  to: string,
): Promise<void> {
  await manager.query(
    `with recursive reached (id) as (
       select id from unnest($1::text[]) as t (id) where id is not null
       union select p.parent_id from reached r join commit_parents p on p.commit_id = r.id)
     insert into project_commits (project_id, commit_id) select $2::uuid, id from reached`,
    [commitIds, to],
  );
}
