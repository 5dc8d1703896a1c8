import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { requestContext } from '#libs/observability/request-context';

/** Somebody's act on a project, a team, or both, or on an account. `subject` says on what; it is kept for ever, so no secret belongs in it. */
export interface Act {
  actor_id: string | null;
  action: string;
  project_id?: string;
  team_id?: string;
  user_id?: string;
  subject: Record<string, unknown>;
}

/** Writes an act into the log, in the transaction of the act itself. */
export async function audit(
  manager: EntityManager,
  { actor_id, action, project_id, team_id, user_id, subject }: Act,
): Promise<void> {
  await manager.query(
    `insert into audit_entries (project_id, team_id, user_id, actor_id, action, subject, request_id) values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      project_id ?? null,
      team_id ?? null,
      user_id ?? null,
      actor_id,
      action,
      JSON.stringify(subject),
      requestContext.current()?.request_id ?? randomUUID(),
    ],
  );
}
