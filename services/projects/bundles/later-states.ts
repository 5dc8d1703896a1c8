import type { EntityManager } from 'typeorm';
import type { BundledConversation, BundledMergeRequest } from '#libs/contracts/projects-bundled-reviews';

/** Which project a bundle tells of, and when it was made. */
export interface Source {
  project_id: string;
  made_at: string;
}

/** A table of things that come in with bundles, and the column of what they are of. */
export interface Kind {
  table: string;
  of: string;
}

/** What is remembered of a thing that came in: who told of it, when, and how it was. */
export const toldOf = ({ project_id, made_at }: Source, state: object) => ({ project_id, made_at, state });

/** How a thing is that people change after it was made, by the columns it stands in. */
export const stateOf = {
  request: ({ title, description, is_draft, status, closed_at }: BundledMergeRequest) =>
    ({ title, description, is_draft, status, closed_at }) as const,
  review: ({ dismissed_at, dismissal_reason }: BundledConversation['reviews'][number]) =>
    ({ dismissed_at, dismissal_reason }) as const,
  thread: ({ resolved_at }: Pick<BundledConversation['threads'][number], 'resolved_at'>) => ({ resolved_at }) as const,
  comment: ({ body, edited_at, deleted_at }: BundledConversation['threads'][number]['comments'][number]) =>
    ({ body, edited_at, deleted_at }) as const,
};

const TYPES: Readonly<Record<string, string>> = { is_draft: 'boolean' };
const typeOf = (column: string): string => TYPES[column] ?? (column.endsWith('_at') ? 'timestamptz' : 'text');

/** A request opens again only where its target is and something is offered; one that was merged is another matter. */
const MAY_STAND = `r.status <> 'merged' and (r.status <> 'open' or (h.target_branch_id is not null
  and (h.source_branch_id is not null or (h.source_project_id is distinct from h.project_id
    and exists (select from merge_request_heads o where o.merge_request_id = h.id)))))`;

/**
 * Gives things that came in before the state they have in a later bundle of the same project. What anybody here has changed
 * since it was told is theirs and stays, whatever is told later; the same bundle again, or an earlier one, changes nothing.
 * Gives how many changed.
 */
export async function bringLater(
  manager: EntityManager,
  source: Source,
  { table, of }: Kind,
  things: readonly { id: string; of: string; state: object }[],
): Promise<number> {
  const [first] = things;
  if (!first) return 0;
  const columns = Object.keys(first.state);
  const all = (relation: (column: string) => string, by: string) => columns.map(relation).join(by);
  const rows = things.map(({ id, of: parent, state }) => ({ id, of: parent, ...state, told: toldOf(source, state) }));
  const [, changed] = await manager.query<[unknown[], number]>(
    `update ${table} h set ${all((column) => `${column} = r.${column}`, ', ')}, told = r.told
     from json_to_recordset($1) as r (id uuid, "of" uuid, told json, ${all((column) => `${column} ${typeOf(column)}`, ', ')})
     where h.${of} = r."of" and coalesce(h.origin_id, h.id) = r.id and h.told->>'project_id' = $2 and (h.told->>'made_at')::timestamptz < $3
       and ${all((column) => `h.${column} is not distinct from (h.told->'state'->>'${column}')::${typeOf(column)}`, ' and ')}
       and (${all((column) => `h.${column} is distinct from r.${column}`, ' or ')})
       ${table === 'merge_requests' ? `and ${MAY_STAND}` : ''}`,
    [JSON.stringify(rows), source.project_id, source.made_at],
  );
  return changed;
}
