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
import { opinionFactor } from '#libs/recommend/opinion';
import { Releases } from '../releases/releases.js';
import { MANY_SITES } from '../releases/visible-sites.query.js';
import { liveWork } from '../works/work-views.query.js';
import { Feedback } from './feedback.js';

type Row = KnownWork & { id: number };
/** Fewer voices than these move nothing. */
const MANY_VOICES = 3;
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
    private readonly opinions: Feedback,
  ) {}

  async sites(user_id: string | null, key: string, limit: number) {
    const work = await this.work(key);
    const series = await this.series(work);
    const all = await this.releases.sitesOf(this.database.manager, [work.id, ...series.map(({ id }) => id)], user_id);
    const ofWork = all.filter(({ root }) => root === work.id);
    const factor = await this.factors([work.id], ofWork.map(({ site }) => site)); // prettier-ignore
    const own = ofWork.map((one) => known({ ...one, score: Math.min(100, one.score * factor(work.id, one.site)) }));
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
    const series = await this.series(work);
    const items = similarWorks(work, series, neighbours, series.length + neighbours.length) as Recommendation[];
    return this.weighed(items, [...series, ...neighbours.map((one) => one.work)], { subject: 'similar', limit });
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
    const items = trendingWorks(entries, { now: new Date(), limit: rows.length }) as Recommendation[];
    return this.weighed(items, rows, { subject: 'trending', limit });
  }

  /**
   * Takes somebody's word on a recommended work, or on a site for a work. Of a site that they are not told of nothing is kept, and
   * nothing says so.
   */
  async feedback(
    user_id: string,
    key: string,
    { subject, verdict }: { subject: string; verdict: string },
  ): Promise<{ ok: true }> {
    if (subject === 'resolve')
      throw new AppError(
        'invalid',
        'subject: what a title means is not voted on. Propose the name: POST /v1/alias/submissions.',
      );
    const { id } = await this.work(key);
    const isKnown =
      subject === 'similar' ||
      subject === 'trending' ||
      (await this.releases.sitesOf(this.database.manager, [id], user_id)).some(({ site }) => site === subject);
    if (isKnown) await this.opinions.take(user_id, id, { subject, isGood: verdict !== 'wrong' });
    return { ok: true };
  }

  /** By how much people move the score of a subject for a work; of those without enough voices, by nothing. */
  private async factors(
    workIds: readonly number[],
    subjects: readonly string[],
  ): Promise<(id: number, subject: string) => number> {
    const { atLeast } = this.releases.audience(null);
    const opinions = await this.opinions.of(workIds, subjects);
    return (id, subject) =>
      opinionFactor(opinions.get(`${id} ${subject}`) ?? { good: 0, bad: 0 }, Math.max(MANY_VOICES, atLeast));
  }

  private async weighed(
    items: readonly Recommendation[],
    works: readonly Row[],
    { subject, limit }: { subject: string; limit: number },
  ): Promise<{ items: Recommendation[] }> {
    const ids = new Map(works.map(({ release_key, id }) => [release_key, id]));
    const factor = await this.factors([...ids.values()], [subject]);
    const weighed = items.map((item) => ({
      ...item,
      score: Math.round(item.score * factor(ids.get(item.release_key)!, subject) * 1000) / 1000,
    }));
    // Of the same score, those stay before others that were.
    return { items: weighed.sort((a, b) => b.score - a.score).slice(0, limit) };
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
