import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { OutputOf } from '#libs/contracts/contract';
import type { getUpload } from '#libs/contracts/media-uploads';
import { AppError } from '#libs/errors/app-error';
import { OBJECT_STORE, type ObjectStore, type UploadedPart } from '#libs/storage/object-store';
import { assetRows, type AssetRow } from '../assets/asset-rows.js';
import { AssetView } from '../assets/asset-view.js';
import type { UploadEntity } from '../media.entities.js';

export type UploadAnswer = OutputOf<typeof getUpload>;
const LINK_SECONDS = 3600;

/** Shows uploads as the world sees them. */
@Injectable()
export class UploadView {
  constructor(
    private readonly database: DataSource,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    private readonly assets: AssetView,
  ) {}

  /** With the parts that the store has. */
  async one(upload: UploadEntity): Promise<UploadAnswer> {
    const [shown] = await this.many([upload]);
    const parts = upload.state === 'open' ? await this.storedParts(upload) : [];
    return { ...shown!, uploaded_parts: parts.map(({ part_number, size }) => ({ part_number, size })) };
  }

  /** Without asking the store, for uploads that have just begun. */
  async many(uploads: readonly UploadEntity[]): Promise<UploadAnswer[]> {
    const rows = await assetRows(this.database.manager, 'a.upload_id = any($1) order by a.seq desc', [
      uploads.map(({ id }) => id),
    ]);
    const byUpload = new Map(rows.map((row) => [row.upload_id, row]));
    return Promise.all(uploads.map((upload) => this.shown(upload, byUpload.get(upload.id))));
  }

  private async shown(upload: UploadEntity, asset: AssetRow | undefined): Promise<UploadAnswer> {
    const whole = upload.state === 'open' && upload.part_count === 1;
    return {
      id: upload.id,
      state: upload.state,
      filename: upload.filename,
      object_name: upload.object_name,
      size: upload.size === null ? null : Number(upload.size),
      sha256: upload.sha256,
      part_size: upload.part_size,
      part_count: upload.part_count,
      url: whole ? await this.store.presignPut(upload.quarantine_key, { expiresSeconds: LINK_SECONDS }) : null,
      uploaded_parts: [],
      asset: asset ? this.assets.asset(asset) : null,
      problem: upload.problem,
      expires_at: upload.expires_at,
    };
  }

  private async storedParts({ quarantine_key, store_upload_id }: UploadEntity): Promise<UploadedPart[]> {
    if (store_upload_id === null) return [];
    try {
      return await this.store.listParts(quarantine_key, store_upload_id);
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return [];
      throw error;
    }
  }
}
