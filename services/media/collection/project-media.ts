import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { OutputOf } from '#libs/contracts/contract';
import type { mergeRequestMerged } from '#libs/contracts/projects-events';
import { mediaNamed } from '#libs/contracts/projects-media';
import { clipsThere } from '#libs/contracts/tasks-clips';
import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';
import { OPEN } from '../assets/asset-view.js';
import { Showing } from '../assets/showing.js';

/**
 * Our own copy of which projects use which assets, kept from what the projects service tells. Events come in any order and
 * more than once, so each only makes us ask how things stand now.
 */
@Injectable()
export class ProjectMedia {
  constructor(
    private readonly database: DataSource,
    private readonly broker: Broker,
    private readonly showing: Showing,
  ) {}

  /** Notes what a commit names; in a project open to the world that much of its media is open too. */
  async noteCommit(projectId: string, commitId: string): Promise<void> {
    await this.note(projectId, commitId);
  }

  /** Notes what the clips show that a merge brought into a project: looked up where they came from, and where that is gone by now, in their copies. */
  async noteClips({ project_id, source_project_id, source_branch_id, clip_ids, merged_clips }: Merged): Promise<void> {
    if (clip_ids.length === 0) return;
    const wish = { clip_ids, project_id: source_project_id ?? project_id, branch_id: source_branch_id };
    const { items: sources } = await this.broker.call(clipsThere, wish);
    const there = new Set(sources.map(({ id }) => id));
    const left = merged_clips.filter(({ from }) => !there.has(from)).map(({ to }) => to);
    const copies = left.length > 0 ? { clip_ids: left, project_id, branch_id: null } : undefined;
    const items = copies ? [...sources, ...(await this.broker.call(clipsThere, copies)).items] : sources;
    await this.database.transaction(async (manager) => {
      const meant = await meantBy(
        manager,
        project_id,
        items.flatMap(({ links }) => links),
      );
      await noteUses(manager, project_id, meant);
    });
  }

  /** Notes what a project names as a whole: its media are open while it is, as far as they are committed. */
  async noteProject(projectId: string): Promise<void> {
    await this.note(projectId, null);
  }

  /** The same for one that was just made: a fork uses, by its history, what its origin used by then, and nothing newer. */
  async noteNew(projectId: string): Promise<void> {
    const asked = await this.note(projectId, null);
    if (!asked?.parent_project_id) return;
    await this.database.query(
      `insert into asset_uses (asset_id, project_id, by_link)
       select u.asset_id, $1, u.by_link from asset_uses u join assets a on a.id = u.asset_id
       where u.project_id = $2 and a.created_at <= $3 on conflict do nothing`,
      [projectId, asked.parent_project_id, asked.created_at],
    );
  }

  /**
   * Lets go of what a deleted project used. Assets of it that others still name by their links go over to one of those; the
   * rest is put aside.
   */
  async letGo(projectId: string): Promise<void> {
    await this.lookAgain(projectId);
    await this.database.transaction(async (manager) => {
      await manager.query('delete from asset_uses where project_id = $1', [projectId]);
      await manager.query('delete from carried_links where project_id = $1', [projectId]);
      await manager.query(
        `update assets a set project_id =
           (select project_id from asset_uses u where u.asset_id = a.id and by_link order by 1 limit 1)
         where project_id = $1 and deleted_at is null
           and exists (select from asset_uses u where u.asset_id = a.id and by_link)`,
        [projectId],
      );
      const left = await manager.query<{ id: string }[]>(
        'select id from assets where project_id = $1 and deleted_at is null',
        [projectId],
      );
      const ids = left.map(({ id }) => id);
      await this.showing.change(manager, ids, false);
      await manager.query('update assets set deleted_at = now() where id = any($1)', [ids]);
    });
    await this.showing.carryOut();
  }

  /** Asks those who use media of a project, and of whom it is not known whether by a link or only by an id, what they name now. */
  private async lookAgain(projectId: string): Promise<void> {
    const unknown = await this.database.query<{ project_id: string }[]>(
      `select distinct u.project_id from asset_uses u join assets a on a.id = u.asset_id
       where a.project_id = $1 and u.project_id <> $1 and u.by_link is null`,
      [projectId],
    );
    for (const { project_id } of unknown) {
      const asked = await this.ask(project_id, null);
      const manager = this.database.manager;
      if (asked) await noteUses(manager, project_id, await meantBy(manager, project_id, asked.links));
    }
  }

  private async note(projectId: string, commitId: string | null): Promise<Named | undefined> {
    const asked = await this.ask(projectId, commitId);
    if (!asked) return undefined;
    const changed = await this.database.transaction(async (manager) => {
      const meant = await meantBy(manager, projectId, asked.links);
      await noteUses(manager, projectId, meant);
      if (asked.is_public) return this.open(manager, projectId, meant);
      return commitId === null ? this.close(manager, projectId) : 0;
    });
    if (changed > 0) await this.showing.carryOut();
    return asked;
  }

  private open(manager: EntityManager, projectId: string, meant: readonly Meant[]): Promise<number> {
    const own = meant.filter(
      ({ holds, held, project_id, state }) => (holds || held) && project_id === projectId && state !== 'failed',
    );
    return this.showing.change(
      manager,
      own.map(({ id }) => id),
      true,
    );
  }

  private async close(manager: EntityManager, projectId: string): Promise<number> {
    const open = await manager.query<{ id: string }[]>('select id from assets where project_id = $1 and is_public', [
      projectId,
    ]);
    return this.showing.change(
      manager,
      open.map(({ id }) => id),
      false,
      { withProject: true },
    );
  }

  private async ask(projectId: string, commitId: string | null): Promise<Named | undefined> {
    try {
      return await this.broker.call(mediaNamed, { project_id: projectId, commit_id: commitId });
    } catch (error) {
      // It was deleted since; that is told by an event of its own.
      if (error instanceof AppError && error.code === 'not_found') return undefined;
      throw error;
    }
  }
}

type Named = OutputOf<typeof mediaNamed>;
type Merged = z.output<typeof mergeRequestMerged.payload>;

/** An asset that a document names; by a link that lets one in, or only by its id. */
interface Meant {
  id: string;
  project_id: string | null;
  state: string;
  holds: boolean;
  /** By a link that was closed with the project, and by nobody alone. */
  held: boolean;
}

/**
 * What links in a project's documents stand for: assets of ours, and those that came into the project for links from
 * elsewhere. Anybody can write an id; who has the key of a link was given it.
 */
function meantBy(manager: EntityManager, projectId: string, links: Named['links']): Promise<Meant[]> {
  return manager.query<Meant[]>(
    `with named (asset_id, key) as (select * from unnest($2::uuid[], $3::text[]))
     select a.id, a.project_id, a.state, bool_or(n.key = a.link_key or (n.key = $4 and a.is_public)) as holds,
       bool_or(n.key = any(a.former_keys)) as held
     from named n join assets a on a.id = n.asset_id group by a.id
     union all
     select distinct a.id, a.project_id, a.state, true, false
     from named n join carried_links c on c.project_id = $1 and c.origin_asset_id = n.asset_id and c.link_key = n.key
     join assets a on a.project_id = c.project_id and a.blob_sha256 = c.sha256 and a.deleted_at is null`,
    [projectId, links.map(({ asset_id }) => asset_id), links.map(({ key }) => key), OPEN],
  );
}

/** An asset stays for those who name it: for its own project by whatever link, for others by one that holds. */
async function noteUses(manager: EntityManager, projectId: string, meant: readonly Meant[]): Promise<void> {
  await manager.query(
    `insert into asset_uses (asset_id, project_id, by_link) select unnest($2::uuid[]), $1, true
     on conflict (asset_id, project_id) do update set by_link = true where asset_uses.by_link is distinct from true`,
    [projectId, meant.filter(({ holds, project_id }) => holds || project_id === projectId).map(({ id }) => id)],
  );
}
