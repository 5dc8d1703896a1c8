import type { EntityManager } from 'typeorm';

/** How long ago a commit must have been made, and a branch must have left it, for it to be collected. */
export interface Grace {
  days: number;
}

/**
 * Commits that nothing needs any more, those first that come from others: older than the grace, in no history of a branch,
 * a tag, a merge request or anything else that refers to commits by a foreign key, nor of a place where a branch stood
 * within the grace. Whoever wants commits to stay gives its table such a key.
 */
export async function deadCommits(manager: EntityManager, { days }: Grace, most: number): Promise<string[]> {
  const holders = await manager.query<{ holder: string; field: string }[]>(
    `select c.conrelid::regclass::text as holder, quote_ident(a.attname) as field
     from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
     where c.contype = 'f' and c.confrelid = 'commits'::regclass
       and c.conrelid <> all('{commits, further_parents, project_commits, commit_bringers}'::regclass[])`,
  );
  const held = holders.map(({ holder, field }) => `select ${field} from ${holder}`);
  const rows = await manager.query<{ id: string }[]>(
    `with recursive roots (id) as (
       ${held.join(' union ')}
       union select encode(unnest(array[before, after]), 'hex') from ref_moves
         where created_at > now() - make_interval(days => $1)),
     live (seq) as (
       select c.seq from roots join commits c using (id)
       union select p.parent_seq from live l join commit_parents p on p.commit_seq = l.seq)
     select c.id from commits c
     where c.created_at < now() - make_interval(days => $1) and not exists (select 1 from live l where l.seq = c.seq)
     order by c.generation desc limit $2`,
    [days, most],
  );
  return rows.map(({ id }) => id);
}
