import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { OutputOf } from '#libs/contracts/contract';
import { mediaNamed } from '#libs/contracts/projects-media';
import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';
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

  /** Notes what a project names as a whole: its media are open while it is, as far as they are committed. A fork uses what its origin uses. */
  async noteProject(projectId: string): Promise<void> {
    await this.note(projectId, null);
  }

  /**
   * Lets go of what a deleted project used. Assets of it that others still name go over to one of those; the rest is put
   * aside.
   */
  async letGo(projectId: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      await manager.query('delete from asset_uses where project_id = $1', [projectId]);
      await manager.query('delete from carried_links where project_id = $1', [projectId]);
      await manager.query(
        `update assets a set project_id = (select project_id from asset_uses u where u.asset_id = a.id order by 1 limit 1)
         where project_id = $1 and deleted_at is null and exists (select from asset_uses u where u.asset_id = a.id)`,
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

  private async note(projectId: string, commitId: string | null): Promise<void> {
    const asked = await this.ask(projectId, commitId);
    if (!asked) return;
    const named = { ...asked, asset_ids: [...asked.asset_ids, ...(await this.carried(projectId, asked.asset_ids))] };
    const changed = await this.database.transaction(async (manager) => {
      await noteUses(manager, projectId, named);
      if (named.is_public) return this.open(manager, projectId, named.asset_ids);
      return commitId === null ? this.close(manager, projectId) : 0;
    });
    if (changed > 0) await this.showing.carryOut();
  }

  private async open(manager: EntityManager, projectId: string, assetIds: string[]): Promise<number> {
    const own = await manager.query<{ id: string }[]>(
      `select id from assets where project_id = $1 and id = any($2::uuid[]) and state <> 'failed'`,
      [projectId, assetIds],
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
    );
  }

  /** The assets of a project that stand for links from elsewhere. */
  private async carried(projectId: string, named: string[]): Promise<string[]> {
    const rows = await this.database.query<{ id: string }[]>(
      `select distinct a.id from carried_links c join assets a on a.project_id = c.project_id and a.blob_sha256 = c.sha256
       where c.project_id = $1 and c.origin_asset_id = any($2::uuid[]) and a.deleted_at is null`,
      [projectId, named],
    );
    return rows.map(({ id }) => id);
  }

  private async ask(projectId: string, commitId: string | null): Promise<OutputOf<typeof mediaNamed> | undefined> {
    try {
      return await this.broker.call(mediaNamed, { project_id: projectId, commit_id: commitId });
    } catch (error) {
      // It was deleted since; that is told by an event of its own.
      if (error instanceof AppError && error.code === 'not_found') return undefined;
      throw error;
    }
  }
}

async function noteUses(
  manager: EntityManager,
  projectId: string,
  { parent_project_id, asset_ids }: OutputOf<typeof mediaNamed>,
): Promise<void> {
  await manager.query(
    `insert into asset_uses (asset_id, project_id)
     select asset_id, $1 from (select unnest($2::uuid[]) as asset_id union select asset_id from asset_uses where project_id = $3) named
     on conflict do nothing`,
    [projectId, asset_ids, parent_project_id],
  );
}
