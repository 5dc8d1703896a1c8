import type { EntityManager } from 'typeorm';

type Target = { project_id: string; team_id?: undefined } | { team_id: string; project_id?: undefined };

/** Takes back what somebody invited to and nobody answered: who loses a role can no longer give it. */
export async function revokeInvitationsOf(
  manager: EntityManager,
  { project_id, team_id, invited_by }: Target & { invited_by: string },
): Promise<void> {
  await manager.query(
    `update invitations set outcome = 'revoked', answered_at = now()
     where outcome is null and invited_by = $1 and coalesce(project_id, team_id) = $2`,
    [invited_by, project_id ?? team_id],
  );
}
