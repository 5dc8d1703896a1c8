import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { OBJECT_STORE, type ObjectStore } from '#libs/storage/object-store';
import { BLOBS, DERIVED, PUBLIC, QUARANTINE } from '../domain/object-names.js';
import { bury } from './dead-objects.js';

const PAGE = 500;
/** Nothing that is being made takes longer from its first byte to its row. */
const YOUNG_MS = 48 * 3600 * 1000;

/** Which keys of a page some row names. */
const NAMED: Readonly<Record<string, string>> = {
  [BLOBS]: `exists (select from blobs where key = k) or exists (select from uploads where promoted_key = k)`,
  [DERIVED]: `exists (select from renditions where prefix = substring(k from '^derived/[^/]+/[^/]+/[^/]+/[^/]+/'))`,
  [QUARANTINE]: `exists (select from uploads where quarantine_key = k and state in ('open', 'verifying'))`,
  [PUBLIC]: `exists (select from assets a where a.is_public and a.deleted_at is null
    and a.id::text = split_part(k, '/', 2) and split_part(split_part(k, '/', 3), '-', 1) = a.epoch::text)`,
};

/** Finds what lies in the store and no row knows of: the traces of processes that died between the two. */
@Injectable()
export class Orphans {
  constructor(
    private readonly database: DataSource,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /** Has all of it removed that is older than two days as of `now`, and gives how many objects and uploads in parts that was. */
  async find(now = new Date()): Promise<number> {
    const old = new Date(now.getTime() - YOUNG_MS);
    let found = await this.partsOfNobody(old);
    for (const prefix of Object.keys(NAMED)) {
      const page: string[] = [];
      for await (const { key, last_modified } of this.store.list({ prefix })) {
        if (last_modified > old) continue;
        page.push(key);
        if (page.length === PAGE) found += await this.buryNameless(prefix, page.splice(0));
      }
      found += await this.buryNameless(prefix, page);
    }
    return found;
  }

  private async buryNameless(prefix: string, keys: string[]): Promise<number> {
    if (keys.length === 0) return 0;
    const nameless = await this.database.query<{ k: string }[]>(
      `select k from unnest($1::text[]) as k where not (${NAMED[prefix]})
         and not exists (select from dead_objects where key = k)`,
      [keys],
    );
    await bury(
      this.database.manager,
      nameless.map(({ k }) => k),
    );
    return nameless.length;
  }

  private async partsOfNobody(old: Date): Promise<number> {
    let found = 0;
    for await (const { key, upload_id, initiated } of this.store.listUploads({ prefix: QUARANTINE })) {
      if (initiated > old) continue;
      const known = await this.database.query<unknown[]>(
        `select 1 from uploads where store_upload_id = $1 and state in ('open', 'verifying')`,
        [upload_id],
      );
      if (known.length > 0) continue;
      await this.store.abortUpload(key, upload_id);
      found++;
    }
    return found;
  }
}
