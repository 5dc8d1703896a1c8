import { DataSource } from 'typeorm';
import { connectionOptions } from '#libs/database/connection-options';
import { cataloguePages } from '../works/catalogue-pages.query.js';
import { IndexMaker, type MadeIndex } from './index-maker.js';

export interface BuiltIndex extends MadeIndex {
  /** Every change up to this number is in it. */
  seq: number;
}

/** Builds the title index of all that is in the catalogue at one moment, on a connection of its own. */
export async function buildFromDatabase(url: string): Promise<BuiltIndex> {
  const database = new DataSource(connectionOptions('intel', { DATABASE_URL: url, DATABASE_POOL_SIZE: 1 }, []));
  await database.initialize();
  try {
    const { maker, seq } = await database.transaction('REPEATABLE READ', async (manager) => {
      const [{ seq }] = await manager.query<[{ seq: number }]>('select coalesce(max(seq), 0) as seq from changes');
      const maker = new IndexMaker();
      for await (const page of cataloguePages(manager)) maker.take(page);
      return { maker, seq };
    });
    return { ...maker.made(), seq };
  } finally {
    await database.destroy();
  }
}
