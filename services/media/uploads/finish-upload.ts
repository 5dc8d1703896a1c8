import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AppError } from '#libs/errors/app-error';
import { OBJECT_STORE, type ObjectStore, type UploadedPart } from '#libs/storage/object-store';
import { insertAsset, type NewAsset } from '../assets/asset-rows.js';
import { partBytes } from '../domain/part-plan.js';
import { Jobs } from '../jobs/jobs.js';
import type { BlobEntity, UploadEntity } from '../media.entities.js';
import { Quota } from './quota.js';

const AT_ONCE_BYTES = 32 * 1024 * 1024;

/** The end of an upload's open time: its bytes are all there, or known already, or it is given up. */
@Injectable()
export class FinishUpload {
  constructor(
    private readonly database: DataSource,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    private readonly jobs: Jobs,
    private readonly quota: Quota,
  ) {}

  /**
   * Joins the parts, makes an asset that is `processing`, and has the bytes verified, at once when they are few. What is
   * missing is said and the upload stays open. Safe to do again.
   */
  async begin(upload: UploadEntity, asset: Partial<NewAsset> = {}): Promise<void> {
    const size = upload.part_count === 1 ? await this.whole(upload) : await this.joined(upload);
    const job = await this.database.transaction(async (manager) => {
      if (upload.size === null) await this.quota.requireRoom(manager, upload.owner_id, size);
      const [, begun] = await manager.query<[unknown, number]>(
        `update uploads set state = 'verifying', size = $2 where id = $1 and state = 'open'`,
        [upload.id, size],
      );
      if (begun === 0) return undefined;
      await insertAsset(manager, { ...assetOf(upload), size, ...asset });
      return this.jobs.ask(manager, 'verify', upload.id);
    });
    if (job === undefined) return;
    if (size <= AT_ONCE_BYTES) await this.jobs.run(job.id);
    else await this.jobs.wake(job);
  }

  /** Makes an asset of content that is there already and that the caller may read. Gives the upload as it is then. */
  async link(manager: EntityManager, upload: UploadEntity, blob: BlobEntity): Promise<UploadEntity> {
    const { sha256, content_type } = blob;
    await insertAsset(manager, { ...assetOf(upload), size: Number(blob.size), blob_sha256: sha256, content_type });
    const [rows] = await manager.query<[UploadEntity[], number]>(
      `update uploads set state = 'done' where id = $1 returning *`,
      [upload.id],
    );
    return rows[0]!;
  }

  /** Gives an open upload up. Its links may be used for a while yet, so its object is removed after they have run out. */
  async giveUp({ id, quarantine_key, store_upload_id }: UploadEntity): Promise<void> {
    const given = await this.database.transaction(async (manager) => {
      const [, changed] = await manager.query<[unknown, number]>(
        `update uploads set state = 'aborted' where id = $1 and state = 'open'`,
        [id],
      );
      if (changed > 0) await buryQuarantine(manager, quarantine_key);
      return changed > 0;
    });
    if (given && store_upload_id !== null) await this.store.abortUpload(quarantine_key, store_upload_id);
  }

  private async whole(upload: UploadEntity): Promise<number> {
    const head = await this.store.head(upload.quarantine_key);
    if (head === undefined)
      throw new AppError('invalid', 'No bytes have arrived yet. PUT the file, then say so again.');
    if (upload.size !== null && head.size !== Number(upload.size))
      throw new AppError(
        'invalid',
        `${head.size} bytes have arrived, but the file was said to have ${upload.size}. PUT it again.`,
      );
    this.quota.requireSize(head.size);
    return head.size;
  }

  private async joined({ quarantine_key: key, store_upload_id, ...upload }: UploadEntity): Promise<number> {
    const size = Number(upload.size);
    const parts = store_upload_id === null ? [] : await this.partsOf(key, store_upload_id);
    // Whoever joined the parts and died before they could say so has left the whole object.
    if (parts === 'over') {
      const head = await this.store.head(key);
      if (head?.size === size) return size;
      throw new AppError('not_found', 'The object store has lost this upload. Begin a new one.');
    }
    const plan = { part_size: upload.part_size!, part_count: upload.part_count };
    const whole = new Set(
      parts.filter((part) => part.size === partBytes(size, plan, part.part_number)).map((part) => part.part_number),
    );
    const missing = Array.from({ length: plan.part_count }, (_, index) => index + 1).filter((one) => !whole.has(one));
    if (missing.length > 0)
      throw new AppError('invalid', `${missing.length} of ${plan.part_count} parts are missing. Send them.`, {
        missing_parts: missing.slice(0, 1000),
      });
    await this.store.completeUpload(key, store_upload_id!, parts);
    return size;
  }

  private async partsOf(key: string, storeUploadId: string): Promise<UploadedPart[] | 'over'> {
    try {
      return await this.store.listParts(key, storeUploadId);
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return 'over';
      throw error;
    }
  }
}

/** Has what lies in quarantine removed, once the last link to PUT it has run out. */
export async function buryQuarantine(manager: EntityManager, key: string): Promise<void> {
  await manager.query(
    `insert into dead_objects (key, not_before) values ($1, now() + interval '61 minutes') on conflict do nothing`,
    [key],
  );
}

const assetOf = (upload: UploadEntity): NewAsset => ({
  owner_id: upload.owner_id,
  project_id: upload.project_id,
  commit_id: upload.commit_id,
  upload_id: upload.id,
  blob_sha256: null,
  name: upload.filename,
  object_name: upload.object_name,
  content_type: upload.content_type,
  size: Number(upload.size ?? 0),
  licence: upload.licence,
  provenance: upload.provenance,
});
