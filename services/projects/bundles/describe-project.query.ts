import type { EntityManager } from 'typeorm';
import type { BundleManifest } from '#libs/contracts/projects-bundles';
import { AppError } from '#libs/errors/app-error';

export type Description = Pick<BundleManifest, 'project' | 'refs' | 'tags' | 'merge_requests'>;

/** What a bundle says of a project beside its commits; with only some branches, what has to do with these. */
export async function describeProject(
  manager: EntityManager,
  projectId: string,
  branches: readonly string[] | null,
): Promise<Description> {
  const [project] = await manager.query<Description['project'][]>(
    'select id, name, description, tags from projects where id = $1',
    [projectId],
  );
  const refs = await manager.query<Description['refs']>(
    `select name, head_commit_id as target, description, tags from branches
     where project_id = $1 and ($2::text[] is null or name = any($2)) order by seq`,
    [projectId, branches],
  );
  const missing = branches?.find((name) => !refs.some((ref) => ref.name === name));
  if (missing !== undefined) throw new AppError('not_found', `There is no branch ${missing} in this project.`);
  const tags =
    branches !== null
      ? []
      : await manager.query<(Description['tags'][number] & { created_at: Date | string })[]>(
          `select t.name, t.commit_id as target, t.message, t.created_at, case when r.tag_id is not null then json_build_object(
             'title', r.title, 'notes', r.notes, 'is_prerelease', r.is_prerelease) end as release
           from tags t left join releases r on r.tag_id = t.id where t.project_id = $1 order by t.seq`,
          [projectId],
        );
  const requests = await manager.query<Description['merge_requests']>(
    `select s.name as source_branch_name, t.name as target_branch_name, m.title, m.description, m.status, m.merge_commit_id,
       m.creator_id as author_id, u.full_name as author_name, m.created_at, m.merged_at
     from merge_requests m join branches s on s.id = m.source_branch_id join branches t on t.id = m.target_branch_id
     left join users u on u.id = m.creator_id
     where m.project_id = $1 and s.project_id = $1 and t.project_id = $1
       and ($2::text[] is null or (s.name = any($2) and t.name = any($2))) order by m.seq`,
    [projectId, branches],
  );
  return {
    project: project!,
    refs,
    tags: tags.map((tag) => ({ ...tag, created_at: iso(tag.created_at) })),
    merge_requests: requests.map((request) => ({
      ...request,
      created_at: iso(request.created_at),
      merged_at: request.merged_at === null ? null : iso(request.merged_at),
    })),
  };
}

const iso = (moment: Date | string): string => new Date(moment).toISOString();
