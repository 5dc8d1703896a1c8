import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AppError } from '#libs/errors/app-error';
import { OBJECT_STORE, type ObjectStore } from '#libs/storage/object-store';
import { claimBlob } from '../assets/asset-rows.js';
import { sniff } from '../domain/content-type.js';
import { blobKey } from '../domain/object-names.js';
import { Jobs } from '../jobs/jobs.js';
import type { BlobEntity, UploadEntity } from '../media.entities.js';
import { buryQuarantine } from './finish-upload.js';

interface ReadBytes {
  sha256: string;
  size: number;
  head: Buffer;
}

/**
 * Reads what was uploaded and makes it a blob. What lies in quarantine can still be overwritten by whoever has the link,
 * so new content is first copied to where no link leads, and the copy is what is hashed.
 */
@Injectable()
export class VerifyUpload {
  constructor(
    private readonly database: DataSource,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
    private readonly jobs: Jobs,
  ) {}

  /** Verifies one upload; one that is not waiting for it is left as it is. Bytes that cannot be kept make it `failed`. */
  async run(uploadId: string, signal: AbortSignal): Promise<void> {
    const [upload] = await this.database.query<UploadEntity[]>(
      `select * from uploads where id = $1 and state = 'verifying'`,
      [uploadId],
    );
    if (!upload) return;
    try {
      await this.verify(upload, signal);
    } catch (error) {
      if (!(error instanceof AppError) || (error.code !== 'invalid' && error.code !== 'not_found')) throw error;
      await this.fail(upload, error.message);
    }
  }

  private async verify(upload: UploadEntity, signal: AbortSignal): Promise<void> {
    const sha256 = upload.sha256 ?? (await this.hashOf(upload, signal));
    if (sha256 === undefined) return;
    const key = await this.promote(upload, sha256);
    const copy = await this.read(key, signal);
    requireSame(sha256, copy.sha256);
    await this.finish(upload, copy, key);
  }

  /**
   * What was sent without a hash is hashed first, and nothing is copied when it is there already: then the upload is over.
   * Who names a hash gets no such short way: from the time it takes he could tell what others have.
   */
  private async hashOf(upload: UploadEntity, signal: AbortSignal): Promise<string | undefined> {
    const sent = await this.read(upload.quarantine_key, signal);
    const [known] = await this.database.query<BlobEntity[]>('select * from blobs where sha256 = $1', [sent.sha256]);
    return known && (await this.finish(upload, sent, undefined)) ? undefined : sent.sha256;
  }

  /** Copies to a key of its own, which is written down first so that no copy is ever lost sight of. */
  private async promote({ id, quarantine_key }: UploadEntity, sha256: string): Promise<string> {
    const key = blobKey(sha256, randomBytes(6).toString('hex'));
    await this.database.transaction(async (manager) => {
      await manager.query(
        `insert into dead_objects (key) select promoted_key from uploads where id = $1 and promoted_key is not null
         on conflict do nothing`,
        [id],
      );
      await manager.query('update uploads set promoted_key = $2 where id = $1', [id, key]);
    });
    await this.store.copy(quarantine_key, key);
    return key;
  }

  private async read(key: string, signal: AbortSignal): Promise<ReadBytes> {
    const { body } = await this.store.get(key);
    const hash = createHash('sha256');
    let head = Buffer.alloc(0);
    let size = 0;
    const stop = () => void body.destroy(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        hash.update(chunk);
        size += chunk.length;
        if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
    return { sha256: hash.digest('hex'), size, head };
  }

  /** Gives the upload's assets their blob: the one under `key`, or without one the one that is there; false when it is not. */
  private async finish(upload: UploadEntity, { sha256, size, head }: ReadBytes, key: string | undefined) {
    const type = sniff(head);
    if ('refused' in type) throw new AppError('invalid', type.refused);
    const job = await this.database.transaction(async (manager) => {
      const blob =
        key === undefined ? await claimBlob(manager, sha256) : await keepBlob(manager, { sha256, size, key, ...type });
      if (!blob) return undefined;
      const [, done] = await manager.query<[unknown, number]>(
        `update uploads set state = 'done', sha256 = $2, size = $3, promoted_key = null where id = $1 and state = 'verifying'`,
        [upload.id, sha256, size],
      );
      const isOurs = done > 0 && blob.key === key;
      if (key !== undefined && !isOurs) await bury(manager, key);
      if (done === 0) return null;
      await manager.query(
        `update assets set state = 'ready', blob_sha256 = $2, size = $3, content_type = $4, problem = null
         where upload_id = $1 and state = 'processing'`,
        [upload.id, sha256, size, blob.content_type],
      );
      await buryQuarantine(manager, upload.quarantine_key);
      return /^(video|audio|image)\//.test(blob.content_type) ? this.jobs.ask(manager, 'derive', sha256) : null;
    });
    if (job) await this.jobs.wake(job);
    return job !== undefined;
  }

  private async fail(upload: UploadEntity, problem: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      const [, failed] = await manager.query<[unknown, number]>(
        `update uploads set state = 'failed', problem = $2 where id = $1 and state = 'verifying'`,
        [upload.id, problem],
      );
      if (failed === 0) return;
      await manager.query(
        `update assets set state = 'failed', problem = $2 where upload_id = $1 and state = 'processing'`,
        [upload.id, problem],
      );
      await buryQuarantine(manager, upload.quarantine_key);
      await manager.query(
        `insert into dead_objects (key) select promoted_key from uploads where id = $1 and promoted_key is not null
         on conflict do nothing`,
        [upload.id],
      );
    });
  }
}

const HEAD_BYTES = 4096;

/** Writes the blob, or claims the one that somebody else has written in the meantime. */
async function keepBlob(
  manager: EntityManager,
  blob: { sha256: string; size: number; key: string; content_type: string },
): Promise<BlobEntity> {
  const [row] = await manager.query<BlobEntity[]>(
    `insert into blobs (sha256, size, key, content_type) values ($1, $2, $3, $4)
     on conflict (sha256) do update set unused_since = null returning *`,
    [blob.sha256, blob.size, blob.key, blob.content_type],
  );
  return row!;
}

async function bury(manager: EntityManager, key: string): Promise<void> {
  await manager.query('insert into dead_objects (key) values ($1) on conflict do nothing', [key]);
}

function requireSame(expected: string, actual: string): void {
  if (expected !== actual)
    throw new AppError(
      'invalid',
      `The bytes that arrived have the SHA-256 ${actual}, not ${expected}. Upload the file again.`,
    );
}
