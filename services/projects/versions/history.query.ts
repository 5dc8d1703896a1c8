import type { EntityManager } from 'typeorm';
import { AppError } from '#libs/errors/app-error';

/** The hashes of the parents of a commit `c`, in order. */
export const PARENTS = `array(select parent.id from commit_parents p join commits parent on parent.seq = p.parent_seq
    where p.commit_seq = c.seq order by p.ord)`;

export interface HistoryCommit {
  id: string;
  message: string;
  parents: string[];
  author_id: string | null;
  /** What the author is called who is nobody here: the commit came from another installation. */
  foreign_author_name: string | null;
  created_at: Date;
}

/** Commits without their snapshots, in the order in which they are asked for; those that do not exist are left out. */
export async function commitsById(manager: EntityManager, ids: readonly string[]): Promise<HistoryCommit[]> {
  const rows = await manager.query<HistoryCommit[]>(
    `select c.id, c.message, c.author_id, c.foreign_author_name, c.created_at,
       ${PARENTS} as parents
     from unnest($1::text[]) with ordinality as wanted (id, place) join commits c using (id) order by wanted.place`,
    [ids],
  );
  return rows;
}

/** What authors are called; who is nobody any more has no name. */
export async function authorNames(
  manager: EntityManager,
  authors: Iterable<string | null>,
): Promise<Map<string, string | null>> {
  const rows = await manager.query<{ id: string; full_name: string | null }[]>(
    'select id, full_name from users where id = any($1)',
    [[...new Set(authors)]],
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
  const [row] = await manager.query<{ id: string }[]>(
    `select c.id from commits c join project_commits pc on pc.commit_seq = c.seq
     where pc.project_id = $1 and c.id = $2`,
    [projectId, hash.trim().toLowerCase()],
  );
  if (!row) throw new AppError('not_found', words);
  return row.id;
}

/** Lets a project share commits with everything that came before them; what it has already is not looked through again. */
export async function shareAncestry(
  manager: EntityManager,
  commitIds: readonly (string | null)[],
  to: string,
): Promise<void> {
  await manager.query(
    `with recursive reached (seq) as (
       select c.seq from commits c where c.id = any($1)
         and not exists (select 1 from project_commits pc where pc.project_id = $2 and pc.commit_seq = c.seq)
       union select p.parent_seq from reached r join commit_parents p on p.commit_seq = r.seq
       where not exists (select 1 from project_commits pc where pc.project_id = $2 and pc.commit_seq = p.parent_seq))
     insert into project_commits (project_id, commit_seq) select $2::uuid, seq from reached on conflict do nothing`,
    [commitIds, to],
  );
}
