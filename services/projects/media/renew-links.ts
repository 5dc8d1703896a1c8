import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import { ANONYMOUS } from '#libs/contracts/caller';
import type { mediaLinksChanged } from '#libs/contracts/media-events';
import { parseExact } from '#libs/timeline/exact-json';
import { lockBranch } from '../versions/commits.js';
import { documentOf, keptWorkspace } from '../versions/kept-workspaces.js';
import type { Document } from '../versions/objects.js';
import { saveOn } from '../versions/workspaces.js';

type Changed = z.output<typeof mediaLinksChanged.payload>;

/** Puts the new links to media in the place of those that were closed, so that a project's own people still see its pictures. */
@Injectable()
export class RenewLinks {
  constructor(private readonly database: DataSource) {}

  /** Saves each workspace of the project that has such links once more with the new ones. Commits stay as they are. */
  async run({ project_id, links }: Changed): Promise<void> {
    const concerned = await this.database.query<{ id: string }[]>(
      `select b.id from branches b join workspaces w on w.branch_id = b.id
       where b.project_id = $1 and (w.commit_id is not null or w.asset_ids && $2::text[]) order by b.id`,
      [project_id, links.map(({ from }) => from.split('/', 1)[0])],
    );
    for (const { id } of concerned) await this.database.transaction((manager) => this.renew(manager, id, links));
  }

  private async renew(manager: EntityManager, branchId: string, links: Changed['links']): Promise<void> {
    const branch = await lockBranch(manager, branchId);
    const kept = await keptWorkspace(manager, branchId);
    if (!kept) return;
    const text = JSON.stringify(await documentOf(manager, kept));
    const renewed = links.reduce((text, { from, to }) => text.replaceAll(inText(from), inText(to)), text);
    if (renewed === text) return;
    await saveOn(manager, { ...ANONYMOUS, user_id: kept.saved_by }, branch, parseExact(renewed) as Document);
  }
}

const inText = (link: string): string => `/media/${link}/`;
