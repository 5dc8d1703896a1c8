import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG } from '#libs/bootstrap/tokens';
import { FeedWork, type Feed } from '#libs/contracts/intel-nodes';
import { sign } from '#libs/snapshot/signing';
import type { IntelConfig } from '../config.js';
import { Keys } from '../rules/keys.js';
import { publicPart, type FeedRow } from '../works/feed-row.js';
import type { ChangeEntity } from '../works/work.entities.js';

/** As many names and ids of a work as others take from us; the weightiest come first. */
const MOST_NAMES = 1000;
const MOST_IDS = 20;
const MOST_PROVIDERS = 50;
const MOST_KEYS = 1000;
const MOST_PARTS = 100;
const inMeasure = (ids: FeedRow['ids']): FeedRow['ids'] =>
  Object.fromEntries(
    Object.entries(ids)
      .slice(0, MOST_PROVIDERS)
      .map(([provider, values]) => [provider, values.slice(0, MOST_IDS)]),
  );

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

  /**
   * The same for other centres, signed: each key as it was last said to be, a work with the names that were first said here, or a
   * key that leads elsewhere now. A work that has lost the last of these names is told of without any.
   */
  async feed(since: number, limit: number): Promise<Feed> {
    const { items, next, more } = await this.changes(since, undefined, limit);
    const newest = new Map(items.filter(({ kind }) => kind !== 'rules').map((item) => [item.key, item]));
    const rows = [...newest.values()].flatMap(({ kind, body }) => (kind === 'work' ? [body as FeedRow] : []));
    const ours = await this.everNamedHere(rows.map(({ release_key }) => release_key));
    const works = rows.flatMap((row) => {
      const aliases = row.aliases.filter(({ source }) => !source.startsWith('node:'));
      const { merged_keys, parts, ...work } = row;
      if (aliases.length === 0 && !ours.has(row.release_key)) return [];
      // What nobody could take would stop all who follow: of such a work nothing is told.
      const told = FeedWork.safeParse({
        ...work,
        ids: inMeasure(work.ids),
        aliases: aliases.slice(0, MOST_NAMES),
        merged_keys: merged_keys.slice(0, MOST_KEYS),
        parts: parts.slice(0, MOST_PARTS),
      });
      return told.data ?? [];
    });
    const redirects = [...newest.values()].flatMap(({ kind, key, body }) =>
      kind === 'redirect' ? [{ from: key, into: (body as { into: string }).into }] : [],
    );
    const [{ head, began_at }] = await this.database.query<[{ head: number; began_at: Date | null }]>(
      `select coalesce((select max(seq) from changes), 0) as head, (select at from changes where seq = $1) as began_at`,
      [since],
    );
    const ended_at = items.at(-1)?.at ?? began_at;
    const times = {
      ...(began_at && { from_at: began_at.toISOString() }),
      ...(ended_at && { to_at: ended_at.toISOString() }),
    };
    const keys = await this.keys.feedKeys();
    const key = keys[0].public_key;
    return sign({ type: 'feed' as const, from: since, to: next, more, head, ...times, key, works, redirects }, keys);
  }

  /** Which of these works have or had a name that did not come from another centre. */
  private async everNamedHere(keys: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ release_key: string }[]>(
      `with recursive family as (
         select id, release_key from works where release_key = any($1)
         union all
         select w.id, f.release_key from family f cross join lateral (select id from works where merged_into = f.id offset 0) w
       ) select distinct release_key from family f
       where exists (select from aliases a where a.work_id = f.id and a.source not like 'node:%')`,
      [keys],
    );
    return new Set(rows.map(({ release_key }) => release_key));
  }

  async identity(): Promise<{ key: string; public_key: string; url: string }> {
    const [{ id, public_key }] = await this.keys.feedKeys();
    return { key: id, public_key, url: this.config.PUBLIC_URL };
  }
}
