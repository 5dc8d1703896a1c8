import type { EntityManager } from 'typeorm';
import { contentHash } from '#libs/timeline/canonical-json';
import type { ResolvedMerge } from '#libs/timeline/merge/merge-resolved';
import type { Resolution } from '#libs/timeline/merge/settle-conflict';

/** What was decided about the conflicts of a request, and by whom. */
export interface Decisions {
  resolutions: Map<string, Resolution>;
  decided: Map<string, { by: string | null; by_name: string | null; at: Date | null }>;
}

interface Row extends Resolution {
  conflict_id: string;
  has_value: boolean;
  decided_by: string | null;
  by_name: string | null;
  decided_at: Date;
}

export async function decisionsOf(manager: EntityManager, requestId: string): Promise<Decisions> {
  const rows = await manager.query<Row[]>(
    `select r.*, r.value is not null as has_value, coalesce(u.full_name, r.foreign_author_name) as by_name
     from merge_resolutions r left join users u on u.id = r.decided_by where r.merge_request_id = $1`,
    [requestId],
  );
  return {
    resolutions: new Map(
      rows.map(({ conflict_id, take, value, has_value }) => [conflict_id, { take, ...(has_value && { value }) }]),
    ),
    decided: new Map(
      rows.map(({ conflict_id, decided_by, by_name, decided_at }) => [
        conflict_id,
        { by: decided_by, by_name, at: decided_at },
      ]),
    ),
  };
}

/** Names what was decided, as far as it has a part in the merge; empty when nothing has. */
export function resolutionsHash(settled: ResolvedMerge['settled']): string {
  if (settled.length === 0) return '';
  const decided = settled.map(({ id, resolution }) => ({ id, take: resolution.take, value: resolution.value }));
  return contentHash(decided.sort((a, b) => (a.id < b.id ? -1 : 1)));
}
