import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { OBJECT_STORE, type ObjectStore } from '#libs/storage/object-store';

const BATCH = 500;

/** Notes which objects are to be removed, in the transaction that lets go of them. A key with a slash at its end means all below it. */
export async function bury(manager: EntityManager, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await manager.query('insert into dead_objects (key) select unnest($1::text[]) on conflict do nothing', [keys]);
}

/** Removes from the store what nothing names any more. What the store does not remove now is tried again later. */
@Injectable()
export class DeadObjects {
  constructor(
    private readonly database: DataSource,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /** Removes all that may go by `now`, and gives how many notes it worked off. */
  async sweep(now = new Date()): Promise<number> {
    for (let worked = 0; ;) {
      const due = await this.database.query<{ key: string }[]>(
        'select key from dead_objects where not_before <= $1 order by not_before limit $2',
        [now, BATCH],
      );
      if (due.length === 0) return worked;
      const keys = due.map(({ key }) => key);
      for (const prefix of keys.filter((key) => key.endsWith('/'))) await this.empty(prefix);
      await this.store.delete(keys.filter((key) => !key.endsWith('/')));
      await this.database.query('delete from dead_objects where key = any($1) and not_before <= $2', [keys, now]);
      worked += keys.length;
    }
  }

  private async empty(prefix: string): Promise<void> {
    let page: string[] = [];
    for await (const { key } of this.store.list({ prefix })) {
      page.push(key);
      if (page.length < BATCH) continue;
      await this.store.delete(page);
      page = [];
    }
    await this.store.delete(page);
  }
}
