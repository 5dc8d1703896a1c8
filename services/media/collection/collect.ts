import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG } from '#libs/bootstrap/tokens';
import { mediaSaved } from '#libs/contracts/projects-media';
import { Broker } from '#libs/messaging/broker';
import type { MediaConfig } from '../config.js';
import type { UploadEntity } from '../media.entities.js';
import { FinishUpload } from '../uploads/finish-upload.js';
import { bury, DeadObjects } from './dead-objects.js';

const DAY_MS = 24 * 3600 * 1000;
const UNUSED_KEPT_MS = DAY_MS;
const BATCH = 100;

/**
 * Lets go of what nobody needs any more, while everything goes on. An asset that was put aside goes when its grace is over
 * and no committed or saved document names it; a blob that no asset names is marked first and goes a day later, if then
 * still nobody does. Naming it again takes the mark off. Bytes are removed last, and only by notes written in the
 * transaction that let go of them.
 */
@Injectable()
export class Collect {
  private readonly deletedKeptMs: number;

  constructor(
    private readonly database: DataSource,
    private readonly broker: Broker,
    private readonly finishing: FinishUpload,
    private readonly dead: DeadObjects,
    @Inject(CONFIG) config: MediaConfig,
  ) {
    this.deletedKeptMs = config.MEDIA_KEEP_DELETED_DAYS * DAY_MS;
  }

  /** One round, as of `now`; gives how many notes of bytes to remove were worked off. Any number may run at once. */
  async run(now = new Date()): Promise<number> {
    await this.endUploads(now);
    await this.endAssets(new Date(now.getTime() - this.deletedKeptMs));
    await this.markBlobs(now);
    await this.endBlobs(new Date(now.getTime() - UNUSED_KEPT_MS));
    return this.dead.sweep(now);
  }

  /** Gives up uploads that nobody went on with, and forgets those that have long been over. */
  private async endUploads(now: Date): Promise<void> {
    const left = await this.database.query<UploadEntity[]>(
      `select * from uploads where state = 'open' and expires_at < $1 limit 1000`,
      [now],
    );
    for (const upload of left) await this.finishing.giveUp(upload);
    await this.endUnread();
    await this.database.query(
      `delete from uploads where state in ('done', 'failed', 'aborted') and expires_at < $1::timestamptz - interval '30 days'`,
      [now],
    );
    await this.database.query(
      `delete from jobs where kind = 'verify' and state in ('done', 'failed') and finished_at < $1::timestamptz - interval '30 days'`,
      [now],
    );
  }

  /** Uploads whose reading was given up are failures, and must not take room for ever. */
  private async endUnread(): Promise<void> {
    await this.database.query(
      `with given_up as (
         update uploads u set state = 'failed', problem = j.problem from jobs j
         where u.state = 'verifying' and j.kind = 'verify' and j.subject = u.id::text and j.state = 'failed'
         returning u.id, u.quarantine_key, u.problem),
       told as (
         update assets a set state = 'failed', problem = g.problem from given_up g
         where a.upload_id = g.id and a.state = 'processing')
       insert into dead_objects (key, not_before) select quarantine_key, now() + interval '61 minutes' from given_up
       on conflict do nothing`,
    );
  }

  private async endAssets(deletedBefore: Date): Promise<void> {
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const page = await this.database.query<{ id: string }[]>(
        `select id from assets a where deleted_at < $1 and id > $2
           and not exists (select from asset_uses u where u.asset_id = a.id)
         order by id limit $3`,
        [deletedBefore, after, BATCH],
      );
      if (page.length === 0) return;
      const ids = page.map(({ id }) => id);
      after = ids.at(-1)!;
      const { asset_ids: saved } = await this.broker.call(mediaSaved, { asset_ids: ids });
      await this.database.query(
        `delete from assets a where id = any($1) and deleted_at < $2
           and not exists (select from asset_uses u where u.asset_id = a.id)`,
        [ids.filter((id) => !saved.includes(id)), deletedBefore],
      );
    }
  }

  private async markBlobs(now: Date): Promise<void> {
    const named = 'exists (select from assets a where a.blob_sha256 = b.sha256)';
    await this.database.query(`update blobs b set unused_since = null where unused_since is not null and ${named}`);
    await this.database.query(`update blobs b set unused_since = $1 where unused_since is null and not ${named}`, [
      now,
    ]);
  }

  /** A blob and what was made of it go together. Whoever is about to name it holds its row: it is passed over, or they find it gone. */
  private async endBlobs(unusedBefore: Date): Promise<void> {
    for (;;) {
      const ended = await this.database.transaction(async (manager) => {
        const blobs = await manager.query<{ sha256: string; key: string }[]>(
          `select sha256, key from blobs b where unused_since < $1
             and not exists (select from assets a where a.blob_sha256 = b.sha256)
           order by unused_since limit $2 for update skip locked`,
          [unusedBefore, BATCH],
        );
        const hashes = blobs.map(({ sha256 }) => sha256);
        const renditions = await manager.query<{ prefix: string }[]>(
          'select prefix from renditions where blob_sha256 = any($1)',
          [hashes],
        );
        await bury(manager, [...blobs.map(({ key }) => key), ...renditions.map(({ prefix }) => prefix)]);
        await manager.query(`delete from jobs where kind = 'derive' and subject = any($1)`, [hashes]);
        await manager.query('delete from blobs where sha256 = any($1)', [hashes]);
        return blobs.length;
      });
      if (ended < BATCH) return;
    }
  }
}
