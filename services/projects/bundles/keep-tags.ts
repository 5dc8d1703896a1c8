import type { EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { BundleManifest, TagOutcome } from '#libs/contracts/projects-bundles';
import { tagCreated } from '#libs/contracts/projects-events';
import { announce } from '../audit/announce.js';

/**
 * Makes the tags of a bundle in a project, with what their releases tell. A tag never moves: one of another commit stays as
 * it is, and is told of. Those that were there already are left out of the answer.
 */
export async function keepTags(
  manager: EntityManager,
  caller: Caller,
  { project_id, tags, isAllowed }: { project_id: string; tags: BundleManifest['tags']; isAllowed: boolean },
): Promise<TagOutcome[]> {
  const outcomes: TagOutcome[] = [];
  for (const { name, target, message, created_at, release } of tags) {
    const made = isAllowed
      ? await manager.query<{ id: string }[]>(
          `insert into tags (project_id, name, commit_id, message, created_at) values ($1, $2, $3, $4, $5)
           on conflict (project_id, name) do nothing returning id`,
          [project_id, name, target, message, created_at],
        )
      : [];
    const [tag] = made;
    if (!tag) {
      const [there] = await manager.query<{ commit_id: string }[]>(
        'select commit_id from tags where project_id = $1 and name = $2',
        [project_id, name],
      );
      if (there?.commit_id === target) continue;
      outcomes.push({ tag_name: name, outcome: there ? 'differs' : 'not_allowed', to: target });
      continue;
    }
    if (release)
      await manager.query('insert into releases (tag_id, title, notes, is_prerelease) values ($1, $2, $3, $4)', [
        tag.id,
        release.title,
        release.notes,
        release.is_prerelease,
      ]);
    const about = { project_id, actor_id: caller.user_id, tag_id: tag.id, tag_name: name, commit_id: target };
    await announce(manager, tagCreated, { ...about, is_release: release !== null });
    outcomes.push({ tag_name: name, outcome: 'created', to: target });
  }
  return outcomes;
}
