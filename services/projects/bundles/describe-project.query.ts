import type { EntityManager } from 'typeorm';
import type { BundledConversation } from '#libs/contracts/projects-bundled-reviews';
import type { BundleManifest } from '#libs/contracts/projects-bundles';
import { AppError } from '#libs/errors/app-error';
import { conversationsOf, requestsOf } from './bundled-requests.query.js';

export interface Description extends Pick<BundleManifest, 'project' | 'refs' | 'tags' | 'merge_requests'> {
  conversations: BundledConversation[];
}

/** What a bundle says of a project beside its commits; with only some branches, what has to do with these. */
export async function describeProject(
  manager: EntityManager,
  projectId: string,
  { branches, withRequests }: { branches: readonly string[] | null; withRequests: boolean },
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
  return {
    project: project!,
    refs,
    tags: tags.map((tag) => ({ ...tag, created_at: new Date(tag.created_at).toISOString() })),
    merge_requests: withRequests ? await requestsOf(manager, projectId, branches) : [],
    conversations: withRequests ? await conversationsOf(manager, projectId, branches) : [],
  };
}

/** The commits that a description is about, beside those that refs lead to: what was offered, and what was spoken of. */
export const commitsSpokenOf = ({ merge_requests, conversations }: Description): string[] => [
  ...merge_requests.flatMap(({ offers, merge_commit_id }) => [
    ...offers,
    ...(merge_commit_id ? [merge_commit_id] : []),
  ]),
  ...conversations.flatMap(({ threads }) => threads.flatMap(({ anchor }) => anchor?.commit_id ?? [])),
];
