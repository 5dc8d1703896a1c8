import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { Fork } from '#libs/contracts/projects-forks';

/** The forks of a project that are public or that the caller is one of the people of, newest first, and how many that are. */
export async function listForksOf(
  manager: EntityManager,
  caller: Caller,
  projectId: string,
  { skip, limit }: { skip: number; limit: number },
): Promise<{ items: Fork[]; total: number }> {
  const seen = `from projects p where p.parent_project_id = $1 and (p.is_public or (p.owner_id = $2 and p.team_id is null)
       or exists (select from members m where m.project_id = p.id and m.user_id = $2)
       or exists (select from team_members t where t.team_id = p.team_id and t.user_id = $2))`;
  const [count] = await manager.query<{ total: number }[]>(`select count(*)::int as total ${seen}`, [
    projectId,
    caller.user_id,
  ]);
  const items = await manager.query<Fork[]>(
    `select p.id, p.name, p.owner_id, (select full_name from users where id = p.owner_id) as owner_name, p.is_public,
       p.created_at ${seen} order by p.seq desc offset $3 limit $4`,
    [projectId, caller.user_id, skip, limit],
  );
  return { items, total: count!.total };
}
