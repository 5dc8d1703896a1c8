import type { EntityManager } from 'typeorm';
import type { BundledDecision } from '#libs/contracts/projects-bundled-reviews';
import { toldOf, type Source } from './later-states.js';

/** A decision about a conflict, the request here that it belongs to, and who made it as far as they are known here. */
export type KeptDecision = BundledDecision & {
  of: string;
  author: string | null;
  foreign: string | null;
  name: string | null;
};

/**
 * Takes in what was decided elsewhere about the conflicts of requests. A decision that somebody made or changed here stays;
 * one that came in gives way to a later one of the same project. Gives how many are new or other.
 */
export async function keepDecisions(
  manager: EntityManager,
  source: Source,
  decisions: readonly KeptDecision[],
): Promise<number> {
  if (decisions.length === 0) return 0;
  const rows = decisions.map(({ value, ...decision }) => ({
    ...decision,
    value: value === undefined ? null : JSON.stringify(value),
    told: toldOf(source, { decided_at: decision.decided_at }),
  }));
  const kept = await manager.query<unknown[]>(
    `insert into merge_resolutions as h (merge_request_id, conflict_id, take, value, decided_by, foreign_author,
       foreign_author_name, decided_at, told)
     select r."of", r.conflict_id, r.take, r.value::json, r.author, r."foreign",
       r.name, r.decided_at, r.told
     from json_to_recordset($1) as r ("of" uuid, conflict_id text, take text, value text, author uuid, "foreign" uuid,
       name text, decided_at timestamptz, told json)
     order by r."of", r.conflict_id
     on conflict (merge_request_id, conflict_id) do update set take = excluded.take, value = excluded.value,
       decided_by = excluded.decided_by, foreign_author = excluded.foreign_author,
       foreign_author_name = excluded.foreign_author_name, decided_at = excluded.decided_at, told = excluded.told
     where h.told->>'project_id' = $2 and (h.told->>'made_at')::timestamptz < $3
       and h.decided_at = (h.told->'state'->>'decided_at')::timestamptz and h.decided_at < excluded.decided_at
     returning h.conflict_id`,
    [JSON.stringify(rows), source.project_id, source.made_at],
  );
  return kept.length;
}
