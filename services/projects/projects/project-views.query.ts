import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { FeedItem, Project } from '#libs/contracts/projects';
import { maskEmail } from '../domain/nickname.js';

interface Row extends Project {
  owner_name: string | null;
  owner_email: string;
}

/**
 * Projects as a caller sees them, in one statement whatever their number. `$1` is the caller; `where` may use `p` and
 * parameters from `$2`. The legacy `workspace_data` is for the project's people only.
 */
export async function projectViews(
  manager: EntityManager,
  caller: Caller,
  { where, order, values }: { where: string; order: string; values: unknown[] },
): Promise<FeedItem[]> {
  const rows = await manager.query<Row[]>(
    `select p.id, p.name, p.description, p.tags, p.is_public, p.owner_id, p.team_id, p.parent_project_id, p.created_at, p.likes_count,
       case when (p.owner_id = $1 and p.team_id is null) or m.user_id is not null or t.user_id is not null
         then p.workspace_data end as workspace_data,
       l.user_id is not null as is_liked, u.full_name as owner_name, u.email as owner_email
     from projects p
     join users u on u.id = p.owner_id
     left join members m on m.project_id = p.id and m.user_id = $1
     left join team_members t on t.team_id = p.team_id and t.user_id = $1
     left join likes l on l.project_id = p.id and l.user_id = $1
     where ${where} ${order}`,
    [caller.user_id, ...values],
  );
  return rows.map(({ owner_name, owner_email, ...project }) => {
    const email = project.owner_id === caller.user_id ? owner_email : maskEmail(owner_email);
    return { ...project, owner: { id: project.owner_id, email, full_name: owner_name } };
  });
}

/** One project as a caller sees it; the caller must have been admitted to it. */
export async function projectView(manager: EntityManager, caller: Caller, id: string): Promise<FeedItem> {
  const [view] = await projectViews(manager, caller, { where: 'p.id = $2', order: '', values: [id] });
  return view!;
}
