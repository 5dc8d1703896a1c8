import { DataSource } from 'typeorm';
import { connectionOptions } from '#libs/database/connection-options';
import { buildTitleIndex } from '#libs/titles/build-title-index';
import type { WorkRow } from '#libs/titles/rows';
import { feedRow, publicPart } from '../works/feed-row.js';
import { allWorks } from '../works/work-views.query.js';
import { TitleRows } from './title-row.js';

export interface BuiltIndex {
  bytes: Uint8Array;
  /** Every change up to this number is in it. */
  seq: number;
  works: number;
}

/** Of what an index is made. */
export interface IndexWish {
  /** Only names that may leave the house. */
  publicOnly?: boolean;
  /** The moment, as another transaction has exported it; now, unless it is given. */
  moment?: string;
}

/** Builds the title index of all that is in the catalogue at one moment, on a connection of its own; says when it stands at that moment. */
export async function buildFromDatabase(
  url: string,
  { publicOnly = false, moment }: IndexWish = {},
  begun: () => void = () => undefined,
): Promise<BuiltIndex> {
  const database = new DataSource(connectionOptions('intel', { DATABASE_URL: url, DATABASE_POOL_SIZE: 1 }, []));
  await database.initialize();
  try {
    const { rows, seq } = await database.transaction('REPEATABLE READ', async (manager) => {
      if (moment !== undefined) await manager.query(`set transaction snapshot '${moment.replaceAll("'", '')}'`);
      const [{ seq }] = await manager.query<[{ seq: number }]>('select coalesce(max(seq), 0) as seq from changes');
      begun();
      const titleRows = new TitleRows();
      const rows: WorkRow[] = [];
      for await (const view of allWorks(manager)) {
        const row = titleRows.of(publicOnly ? publicPart(feedRow(view)) : feedRow(view));
        if (row) rows.push(row);
      }
      return { rows, seq };
    });
    return { bytes: buildTitleIndex(rows), seq, works: rows.length };
  } finally {
    await database.destroy();
  }
}
