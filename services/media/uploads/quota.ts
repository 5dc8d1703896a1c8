import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG } from '#libs/bootstrap/tokens';
import type { OutputOf } from '#libs/contracts/contract';
import type { getUsage } from '#libs/contracts/media-assets';
import { AppError } from '#libs/errors/app-error';
import type { MediaConfig } from '../config.js';
import { LARGEST_UPLOAD } from '../domain/part-plan.js';

const GB = 1e9;

/**
 * What each person's media take. Everybody is charged what they name (logical bytes), though content that is named twice
 * is kept once (physical bytes).
 */
@Injectable()
export class Quota {
  readonly largestUpload: number;
  private readonly limit: number | null;

  constructor(
    @Inject(CONFIG) config: MediaConfig,
    private readonly database: DataSource,
  ) {
    this.largestUpload = Math.min(config.MEDIA_MAX_UPLOAD_GB * GB, LARGEST_UPLOAD);
    this.limit = config.MEDIA_QUOTA_GB === undefined ? null : config.MEDIA_QUOTA_GB * GB;
  }

  /** Refuses what is larger than any upload may be. */
  requireSize(bytes: number): void {
    if (bytes > this.largestUpload)
      throw new AppError('invalid', `A file may have ${this.largestUpload} bytes at most; this one has ${bytes}.`, {
        reason: 'too_large',
      });
  }

  /** Refuses bytes that their owner has no room for. Until the transaction ends nobody else takes the same room. */
  async requireRoom(manager: EntityManager, ownerId: string, bytes: number): Promise<void> {
    if (this.limit === null) return;
    await manager.query(`select pg_advisory_xact_lock(hashtextextended('media quota ' || $1, 0))`, [ownerId]);
    const { logical_bytes, pending_bytes } = await this.sums(manager, ownerId);
    if (logical_bytes + pending_bytes + bytes > this.limit)
      throw new AppError(
        'invalid',
        `There is no room for ${bytes} bytes more: ${logical_bytes} of ${this.limit} are taken, ${pending_bytes} by uploads under way. Delete something first.`,
        { reason: 'too_large', logical_bytes, pending_bytes, quota_bytes: this.limit },
      );
  }

  async usage(ownerId: string): Promise<OutputOf<typeof getUsage>> {
    return { ...(await this.sums(this.database.manager, ownerId)), quota_bytes: this.limit };
  }

  private async sums(manager: EntityManager, ownerId: string) {
    const [row] = await manager.query<Record<string, string>[]>(
      `select
         (select coalesce(sum(size), 0) from assets where owner_id = $1 and deleted_at is null and state = 'ready') as logical,
         (select coalesce(sum(size), 0) from blobs where sha256 in
           (select blob_sha256 from assets where owner_id = $1 and deleted_at is null)) as physical,
         (select coalesce(sum(size), 0) from uploads where owner_id = $1 and state in ('open', 'verifying')) as pending,
         (select count(*) from assets where owner_id = $1 and deleted_at is null) as count`,
      [ownerId],
    );
    return {
      logical_bytes: Number(row!.logical),
      physical_bytes: Number(row!.physical),
      pending_bytes: Number(row!.pending),
      asset_count: Number(row!.count),
    };
  }
}
