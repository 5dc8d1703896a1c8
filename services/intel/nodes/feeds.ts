import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG } from '#libs/bootstrap/tokens';
import type { Feed } from '#libs/contracts/intel-nodes';
import { sign } from '#libs/snapshot/signing';
import type { IntelConfig } from '../config.js';
import { Keys } from '../rules/keys.js';
import { publicPart, type FeedRow } from '../works/feed-row.js';
import type { ChangeEntity } from '../works/work.entities.js';

/** As many names and ids of a work as others take from us; the weightiest come first. */
const MOST_NAMES = 1000;
const MOST_IDS = 20;
const inMeasure = (ids: FeedRow['ids']): FeedRow['ids'] =>
  Object.fromEntries(Object.entries(ids).map(([provider, values]) => [provider, values.slice(0, MOST_IDS)]));

/** What has changed here, for whoever follows. */
@Injectable()
export class Feeds {
  constructor(
    private readonly database: DataSource,
    private readonly keys: Keys,
    @Inject(CONFIG) private readonly config: IntelConfig,
  ) {}

  async changes(since: number, kind: string | undefined, limit: number) {
    const rows = await this.database.query<ChangeEntity[]>(
      'select * from changes where seq > $1 and ($2::text is null or kind = $2) order by seq limit $3',
      [since, kind ?? null, limit + 1],
    );
    const page = rows.slice(0, limit);
    const items = page.map(({ body, ...rest }) => ({
      ...rest,
      body: rest.kind === 'work' ? publicPart(body as FeedRow) : body,
    }));
    return { items, next: page.at(-1)?.seq ?? since, more: rows.length > limit };
  }

  /** The same for other centres, signed: works with names that were first said here, and keys that lead elsewhere now. */
  async feed(since: number, limit: number): Promise<Feed> {
    const { items, next, more } = await this.changes(since, undefined, limit);
    const newest = new Map(items.filter(({ kind }) => kind === 'work').map(({ key, body }) => [key, body as FeedRow]));
    const works = [...newest.values()].flatMap((row) => {
      const aliases = row.aliases.filter(({ source }) => !source.startsWith('node:'));
      const { merged_keys: _merged, parts: _parts, ...work } = row;
      return aliases.length === 0 ? [] : [{ ...work, ids: inMeasure(work.ids), aliases: aliases.slice(0, MOST_NAMES) }];
    });
    const redirects = items
      .filter(({ kind }) => kind === 'redirect')
      .map(({ key, body }) => ({ from: key, into: (body as { into: string }).into }));
    const document = { type: 'feed' as const, from: since, to: next, more, works, redirects };
    return sign(document, [await this.keys.feedKey()]);
  }

  async identity(): Promise<{ key: string; public_key: string; url: string }> {
    const { id, public_key } = await this.keys.feedKey();
    return { key: id, public_key, url: this.config.PUBLIC_URL };
  }
}
