import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG, LOG } from '#libs/bootstrap/tokens';
import { mediaLinksChanged } from '#libs/contracts/media-events';
import type { Log } from '#libs/observability/logger';
import { tellAfterwards } from '#libs/outbox/outbox';
import { OBJECT_STORE, type ObjectStore } from '#libs/storage/object-store';
import { bury, DeadObjects } from '../collection/dead-objects.js';
import type { MediaConfig } from '../config.js';
import { publicKey } from '../domain/object-names.js';
import type { AssetEntity } from '../media.entities.js';
import { newLinkKey } from './asset-rows.js';
import { OPEN } from './asset-view.js';

/**
 * Opens assets to the world and closes them. Every change begins a new epoch: the names of the one before are never used
 * again, and closing changes the link that documents carry too, since whoever saw them could have kept it. Links that were
 * closed with their project lead somewhere again while it is open: its commits carry them for ever.
 */
@Injectable()
export class Showing {
  constructor(
    private readonly database: DataSource,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    @Inject(CONFIG) private readonly config: MediaConfig,
    @Inject(LOG) private readonly log: Log,
    private readonly dead: DeadObjects,
  ) {}

  /** Changes those that are otherwise now, and gives how many. What follows in the store is done by `carryOut`. */
  async change(
    manager: EntityManager,
    assetIds: readonly string[],
    isPublic: boolean,
    { withProject = false }: { withProject?: boolean } = {},
  ): Promise<number> {
    const assets = await manager.query<AssetEntity[]>(
      `select * from assets where id = any($1) and is_public <> $2 and deleted_at is null order by id for update`,
      [assetIds, isPublic],
    );
    const closed = new Map<string, { from: string; to: string }[]>();
    for (const asset of assets) {
      const link_key = isPublic ? asset.link_key : newLinkKey();
      const closing = withProject ? [...new Set([...asset.former_keys, asset.link_key, OPEN])] : [];
      const former_keys = isPublic ? asset.former_keys : closing;
      await manager.query(
        'update assets set is_public = $2, epoch = epoch + 1, link_key = $3, former_keys = $4 where id = $1',
        [asset.id, isPublic, link_key, former_keys],
      );
      if (isPublic) continue;
      await bury(manager, [publicKey(asset)]);
      if (asset.project_id === null) continue;
      const links = [asset.link_key, OPEN].map((key) => ({
        from: `${asset.id}/${key}`,
        to: `${asset.id}/${link_key}`,
      }));
      closed.set(asset.project_id, [...(closed.get(asset.project_id) ?? []), ...links]);
    }
    for (const [project_id, links] of closed) await tellAfterwards(manager, mediaLinksChanged, { project_id, links });
    return assets.length;
  }

  /** Puts copies of what is open where the CDN shows them, and takes away those of what is closed. Never fails: it is tried again. */
  async carryOut(): Promise<void> {
    try {
      if (this.config.MEDIA_CDN_URL !== undefined) await this.copyOpen();
      await this.dead.sweep();
    } catch (error) {
      this.log.warn({ err: error }, 'what is open to the world could not all be put right; it is tried again');
    }
  }

  private async copyOpen(): Promise<void> {
    const open = await this.database.query<(AssetEntity & { blob_key: string })[]>(
      `select a.*, b.key as blob_key from assets a join blobs b on b.sha256 = a.blob_sha256
       where a.is_public and a.deleted_at is null and a.shown_epoch is distinct from a.epoch limit 100`,
    );
    for (const asset of open) {
      await this.store.copy(asset.blob_key, publicKey(asset));
      await this.database.transaction(async (manager) => {
        const [, still] = await manager.query<[unknown, number]>(
          'update assets set shown_epoch = epoch where id = $1 and epoch = $2 and is_public and deleted_at is null',
          [asset.id, asset.epoch],
        );
        if (still === 0) await bury(manager, [publicKey(asset)]);
      });
    }
  }
}
