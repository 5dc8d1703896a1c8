import type { EntityManager } from 'typeorm';

/**
 * Takes the branches that people made from those of them who are nothing to their project any more: whoever is taken off
 * a project keeps no way in through a branch of theirs.
 */
export async function disownBranches(
  manager: EntityManager,
  { project_id, team_id, people }: { project_id?: string; team_id?: string; people: readonly string[] },
): Promise<void> {
  await manager.query(
    `update branches b set creator_id = null from projects p
     where p.id = b.project_id and (p.id = $1 or p.team_id = $2) and b.creator_id = any($3)
       and not (p.team_id is null and p.owner_id = b.creator_id)
       and not exists (select from members m where m.project_id = p.id and m.user_id = b.creator_id)
       and not exists (select from team_members t where t.team_id = p.team_id and t.user_id = b.creator_id)`,
    [project_id ?? null, team_id ?? null, people],
  );
}
