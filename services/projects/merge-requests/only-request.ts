import type { EntityManager } from 'typeorm';
import { AppError } from '#libs/errors/app-error';

interface Pair {
  source_branch_id: string;
  target_branch_id: string;
}

/**
 * Refuses a second open request between the same two branches, as `conflict` that names the first. The source must be locked:
 * whoever opens a request locks it, so of two at once one sees the other. Those that are open from before, or came in a bundle, stay.
 */
export async function requireNoOtherRequest(
  manager: EntityManager,
  { source_branch_id, target_branch_id }: Pair,
): Promise<void> {
  const [open] = await manager.query<{ id: string; source_branch_name: string; target_branch_name: string }[]>(
    `select id, source_branch_name, target_branch_name from merge_requests
     where source_branch_id = $1 and target_branch_id = $2 and status = 'open' order by seq limit 1`,
    [source_branch_id, target_branch_id],
  );
  if (open === undefined) return;
  throw new AppError(
    'conflict',
    `There is an open merge request from ${open.source_branch_name} to ${open.target_branch_name} already: ${open.id}. Go on with that one, or close it first.`,
    { merge_request_id: open.id },
  );
}
