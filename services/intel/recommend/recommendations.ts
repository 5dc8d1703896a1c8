import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Recommendation } from '#libs/contracts/intel-releases';
import { AppError } from '#libs/errors/app-error';
import {
  recommendedSites,
  similarWorks,
  trendingWorks,
  type KnownSite,
  type KnownWork,
} from '#libs/recommend/recommend';
import { Releases } from '../releases/releases.js';
import { MANY_SITES } from '../releases/visible-sites.query.js';
import { liveWork } from '../works/work-views.query.js';

type Row = KnownWork & { id: number };
const FIELDS = 'w.id, w.release_key, w.title, w.type, w.year, w.season, w.root_key, w.popularity';

/**
 * What is worth a look, with the reason. Sites are named only of those that somebody is on; works are recommended by what is known
 * to everybody, the same to all: a list made of one site's works would be a page of its catalogue.
 */
@Injectable()
export class Recommendations {
  constructor(
    private readonly database: DataSource,
    private readonly releases: Releases,
  ) {}

  async sites(user_id: string | null, key: string, limit: number) {
    const work = await this.work(key);
    const series = await this.series(work);
    const all = await this.releases.sitesOf(this.database.manager, [work.id, ...series.map(({ id }) => id)], user_id);
    const own = all.filter(({ root }) => root === work.id).map(known);
    const others = all.filter(({ root }) => root !== work.id).map(known);
    return { release_key: key, sites: recommendedSites(own, others, { now: new Date(), limit }) };
  }

  async similar(key: string, limit: number): Promise<{ items: Recommendation[] }> {
    const work = await this.work(key);
    const own = await this.releases.countedSites(this.database.manager, [work.id]);
    const neighbours = await this.neighbours(
      work,
      own.map(({ site }) => site),
    );
    return { items: similarWorks(work, await this.series(work), neighbours, limit) as Recommendation[] };
  }

  async trending(limit: number): Promise<{ items: Recommendation[] }> {
    const { atLeast, unregistered } = this.releases.audience(null);
    const rows = await this.database.query<Row[]>(
      `select ${FIELDS} from works w where w.retired is null and w.id in (
         select ws.work_id from work_sites ws left join sites s on s.id = ws.site
         where ws.last_seen > now() - interval '7 days' and ws.witnesses >= $1
         group by ws.work_id having bool_or(coalesce(s.visibility, $2) = 'open') or count(*) >= $3
         order by sum(ws.witnesses) desc limit 1000)`,
      [atLeast, unregistered, MANY_SITES],
    );
    const sites = await this.releases.countedSites(
      this.database.manager,
      rows.map(({ id }) => id),
    );
    const byWork = Map.groupBy(sites, ({ root }) => root);
    const entries = rows.map((work) => ({ work, sites: (byWork.get(work.id) ?? []).map(known) }));
    return { items: trendingWorks(entries, { now: new Date(), limit }) as Recommendation[] };
  }

  /** Adds one to a count of the day; who it was is not kept. */
  async feedback(key: string, subject: string, verdict: string): Promise<{ ok: true }> {
    const { id } = await this.work(key);
    await this.database.query(
      `insert into feedback as f (work_id, subject, verdict, day) values ($1, $2, $3, (now() at time zone 'utc')::date)
       on conflict (work_id, subject, verdict, day) do update set votes = f.votes + 1`,
      [id, subject, verdict],
    );
    return { ok: true };
  }

  private async work(key: string): Promise<Row> {
    const live = await liveWork(this.database.manager, key);
    const rows =
      live &&
      (await this.database.query<Row[]>(`select ${FIELDS} from works w where w.id = $1 and w.retired is null`, [
        live.id,
      ]));
    if (!rows?.[0]) throw new AppError('not_found', `There is no work ${key}.`);
    return rows[0];
  }

  private series({ id, root_key }: Row): Promise<Row[]> {
    if (root_key === null) return Promise.resolve([]);
    return this.database.query(
      `select ${FIELDS} from works w where w.root_key = $1 and w.id <> $2 and w.retired is null order by w.id limit 100`,
      [root_key, id],
    );
  }

  private async neighbours(work: Row, sites: readonly string[]): Promise<{ work: Row; shared: number; of: number }[]> {
    if (sites.length === 0) return [];
    const { atLeast, unregistered } = this.releases.audience(null);
    const rows = await this.database.query<(Row & { shared: number })[]>(
      `select ${FIELDS}, n.shared::int from (
         select ws.work_id, count(*) as shared from work_sites ws left join sites s on s.id = ws.site
         where ws.site = any($1) and ws.witnesses >= $2 and ws.work_id <> $3
         group by ws.work_id having bool_or(coalesce(s.visibility, $4) = 'open') or count(*) >= $5
         order by count(*) desc, ws.work_id limit 200) n
       join works w on w.id = n.work_id where w.retired is null`,
      [sites, atLeast, work.id, unregistered, MANY_SITES],
    );
    return rows.map(({ shared, ...row }) => ({ work: row, shared, of: sites.length }));
  }
}

const known = ({ site, score, last_seen }: { site: string; score: number; last_seen: Date }): KnownSite => ({
  site,
  score,
  last_seen: last_seen.toISOString(),
});
