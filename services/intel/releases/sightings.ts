import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Observation } from '#libs/contracts/intel-releases';
import { pageFor } from '../access/retractions.js';
import { Secrets } from '../access/secrets.js';
import { Titles } from '../titles/titles.js';
import { Sites } from './sites.js';

/** Who reports, as a word that is theirs alone, and how far they are believed. */
export interface Witness {
  name: string;
  trust: number;
  /** Who says so of several who are one witness; it can be taken back of one of them alone. */
  teller?: string;
}

export interface Report {
  accepted: number;
  unresolved: number;
  refused: { at: number; reason: string }[];
}

const BUCKETS = ['tiny', 'small', 'medium', 'large', 'huge'];
/** Of more of them than this one more is not told apart. */
const MOST_TELLERS = 32;
const OLDEST_MS = 365 * 86_400_000;

/** What was seen where: kept as one row for each witness of a work on a site, and as the sum of these. */
@Injectable()
export class Sightings {
  constructor(
    private readonly database: DataSource,
    private readonly secrets: Secrets,
    private readonly sites: Sites,
    private readonly titles: Titles,
  ) {}

  /** Takes in what somebody saw; the same again changes nothing, and neither does what was seen before it was taken away. */
  async takeIn(
    manager: EntityManager,
    { name, trust, teller }: Witness,
    observations: readonly Observation[],
    now: Date,
  ): Promise<Report> {
    const report: Report = { accepted: 0, unresolved: 0, refused: [] };
    const sites = await this.sites.idsOf(
      manager,
      observations.map(({ site }) => site),
    );
    const works = await this.worksOf(manager, observations);
    const secret = await this.secrets.bytes('witness');
    const rows = new Map<
      string,
      {
        work_id: number;
        site: string;
        witness: string;
        trust: number;
        size_bucket: number | null;
        seen: number;
        seen_at: string;
        teller: string | null;
      }
    >();
    for (const [at, one] of observations.entries()) {
      const site = sites.get(one.site);
      const seen = Math.min(one.seen_at === undefined ? now.getTime() : Date.parse(one.seen_at), now.getTime());
      if (site === undefined)
        report.refused.push({ at, reason: `site: ${JSON.stringify(one.site)} is no site's id or name` });
      else if (one.title == null && one.release_key == null)
        report.refused.push({ at, reason: 'title: a title or a release_key is needed' });
      else if (now.getTime() - seen > OLDEST_MS) report.refused.push({ at, reason: 'seen_at: more than a year ago' });
      else if (works[at] === undefined) report.unresolved++;
      else {
        report.accepted++;
        const work_id = works[at];
        const size_bucket = one.size_bucket == null ? null : BUCKETS.indexOf(one.size_bucket);
        const key = `${work_id} ${site}`;
        const before = rows.get(key);
        const last = Math.max(seen, before === undefined ? 0 : Date.parse(before.seen_at));
        const witness = witnessHash(secret, name, { site, work_id });
        rows.set(key, {
          work_id,
          site,
          witness,
          trust,
          size_bucket,
          seen: Math.max(one.count, before?.seen ?? 0),
          seen_at: new Date(last).toISOString(),
          teller: teller === undefined ? null : witnessHash(secret, teller, { site, work_id }),
        });
      }
    }
    if (rows.size > 0) await write(manager, [...rows.values()]);
    return report;
  }

  /** Takes away what one witness, or with `everybody` anyone, has seen up to now. */
  async remove(
    pairs: readonly { site: string; release_key: string }[],
    { name, everybody, now }: { name: string; everybody: boolean; now: Date },
  ): Promise<number> {
    const secret = await this.secrets.bytes('witness');
    return this.database.transaction(async (manager) => {
      const sites = await this.sites.idsOf(
        manager,
        pairs.map(({ site }) => site),
      );
      const works = await this.worksOf(manager, pairs);
      const rows = pairs.flatMap(({ site }, at) => {
        const [id, work_id] = [sites.get(site), works[at]];
        if (id === undefined || work_id === undefined) return [];
        const witness = witnessHash(secret, name, { site: id, work_id });
        return [{ work_id, site: id, witness, trust: 0, size_bucket: null, seen: 0, seen_at: now.toISOString() }];
      });
      await lockPairs(manager, rows);
      const removed = await manager.query<[unknown[], number]>(
        `delete from sightings s using json_to_recordset($1) as g(work_id bigint, site text, witness text)
         where s.work_id = g.work_id and s.site = g.site and ($2 or s.witness = decode(g.witness, 'hex'))`,
        [JSON.stringify(rows), everybody],
      );
      if (everybody)
        await manager.query(
          `update work_sites w set gone_before = $2 from json_to_recordset($1) as g(work_id bigint, site text)
           where w.work_id = g.work_id and w.site = g.site`,
          [JSON.stringify(rows), now],
        );
      await sumUp(manager, rows);
      return removed[1];
    });
  }

  /**
   * Takes back what those have reported whom nobody believes any more, and counts anew. Who saw what is not kept: every pair is
   * asked whether it has the witness that this one would be there, or one that nobody told of but them.
   */
  async takeBack(names: readonly string[], signal: AbortSignal): Promise<number> {
    const secret = await this.secrets.bytes('witness');
    let [taken, work, site] = [0, '0', ''];
    for (;;) {
      signal.throwIfAborted();
      const pairs = await this.database.query<{ work_id: string; site: string }[]>(
        `select work_id::text, site from work_sites where (work_id, site) > ($1::bigint, $2) order by work_sites.work_id, site limit $3`,
        [work, site, pageFor(names)],
      );
      const last = pairs.at(-1);
      if (!last) return taken;
      [work, site] = [last.work_id, last.site];
      const rows = pairs.flatMap((pair) =>
        names.map((name) => ({ ...pair, witness: witnessHash(secret, name, pair) })),
      );
      taken += await this.database.transaction((manager) => takeAway(manager, rows));
    }
  }

  /** Forgets what nobody has seen for a year; returns how many witnesses went. */
  async forgetOld(now: Date): Promise<number> {
    return this.database.transaction(async (manager) => {
      const [gone] = await manager.query<[{ work_id: number; site: string }[], number]>(
        `delete from sightings where last_seen < $1 returning work_id, site`,
        [new Date(now.getTime() - OLDEST_MS)],
      );
      await lockPairs(manager, gone);
      await sumUp(manager, gone);
      return gone.length;
    });
  }

  /** The row of the work each item means: by its key, else by its title where that is sure. */
  private async worksOf(
    manager: EntityManager,
    items: readonly { release_key?: string | null; title?: string | null }[],
  ): Promise<(number | undefined)[]> {
    const keys = items.map(
      ({ release_key, title }) => release_key ?? (title == null ? undefined : this.titles.surely(title)?.release_key),
    );
    const rows = await manager.query<{ release_key: string; id: number }[]>(
      `select release_key, id from works where release_key = any($1) and retired is distinct from 'split'`,
      [[...new Set(keys.filter((key) => key !== undefined))]],
    );
    const byKey = new Map(rows.map(({ release_key, id }) => [release_key, id]));
    return keys.map((key) => (key === undefined ? undefined : byKey.get(key)));
  }
}

/** A witness of one pair: nobody can tell from it who it is, nor that two are the same. */
const witnessHash = (
  secret: Buffer,
  name: string,
  { site, work_id }: { site: string; work_id: string | number },
): string => createHmac('sha256', secret).update(`${name}\0${site}\0${work_id}`).digest('hex').slice(0, 32);

/** Takes witnesses away, and tellers out of what others told too; what nobody else told of goes with them. */
async function takeAway(
  manager: EntityManager,
  rows: readonly { work_id: string; site: string; witness: string }[],
): Promise<number> {
  const given = `(select work_id, site, array_agg(decode(witness, 'hex')) as gone
    from json_to_recordset($1) as g(work_id bigint, site text, witness text) group by work_id, site) g`;
  const same = 's.work_id = g.work_id and s.site = g.site';
  const found = await manager.query<{ work_id: number; site: string }[]>(
    `select distinct s.work_id, s.site from sightings s join ${given} on ${same} and (s.witness = any(g.gone) or s.tellers && g.gone)`,
    [JSON.stringify(rows)],
  );
  if (found.length === 0) return 0;
  await lockPairs(manager, found);
  const [, count] = await manager.query<[unknown[], number]>(
    `delete from sightings s using ${given} where ${same} and (s.witness = any(g.gone) or (s.tellers <> '{}' and s.tellers <@ g.gone))`,
    [JSON.stringify(rows)],
  );
  await manager.query(
    `update sightings s set tellers = array(select one from unnest(s.tellers) one where one <> all(g.gone))
     from ${given} where ${same} and s.tellers && g.gone`,
    [JSON.stringify(rows)],
  );
  await sumUp(manager, found);
  return count;
}

/** Locks the sums in one order, so that two who add to the same one count each other, and nobody waits in a circle. */
async function lockPairs(manager: EntityManager, rows: readonly { work_id: number; site: string }[]): Promise<void> {
  await manager.query(
    `insert into work_sites (work_id, site, witnesses, trust, last_seen)
     select distinct work_id, site, 0, 0::real, '-infinity'::timestamptz from json_to_recordset($1) as g(work_id bigint, site text)
     order by work_id, site
     on conflict (work_id, site) do update set witnesses = work_sites.witnesses`,
    [JSON.stringify(rows)],
  );
}

/**
 * Writes sightings, of which only the day is kept: the moment would be the same in all rows of a report, and tell in the logs of a
 * server, or of the network, whose they are.
 */
async function write(manager: EntityManager, rows: readonly { work_id: number; site: string }[]): Promise<void> {
  await lockPairs(manager, rows);
  await manager.query(
    `insert into sightings as s (work_id, site, witness, trust, size_bucket, seen, last_seen, tellers)
     select g.work_id, g.site, decode(g.witness, 'hex'), g.trust, g.size_bucket, g.seen, date_trunc('day', g.seen_at, 'UTC'),
       case when g.teller is null then '{}' else array[decode(g.teller, 'hex')] end
     from json_to_recordset($1)
       as g(work_id bigint, site text, witness text, trust real, size_bucket smallint, seen int, seen_at timestamptz, teller text)
     join work_sites w on w.work_id = g.work_id and w.site = g.site
     where w.gone_before is null or g.seen_at > w.gone_before
     on conflict (work_id, site, witness) do update
       set last_seen = greatest(s.last_seen, excluded.last_seen), seen = greatest(s.seen, excluded.seen),
         tellers = case when excluded.tellers <@ s.tellers or cardinality(s.tellers) >= ${MOST_TELLERS} then s.tellers else s.tellers || excluded.tellers end,
         trust = excluded.trust, size_bucket = coalesce(excluded.size_bucket, s.size_bucket)`,
    [JSON.stringify(rows)],
  );
  await sumUp(manager, rows);
}

/** Counts the witnesses of locked pairs anew; a pair without any stays only where it must keep out what is older. */
async function sumUp(manager: EntityManager, rows: readonly { work_id: number; site: string }[]): Promise<void> {
  const pairs = JSON.stringify(rows.map(({ work_id, site }) => ({ work_id, site })));
  await manager.query(
    `update work_sites w set witnesses = n.witnesses, trust = n.trust, last_seen = n.last_seen
     from (select p.work_id, p.site, count(s.witness)::int as witnesses, coalesce(avg(s.trust), 0)::real as trust,
             coalesce(max(s.last_seen), '-infinity') as last_seen
           from (select distinct work_id, site from json_to_recordset($1) as g(work_id bigint, site text)) p
           left join sightings s on s.work_id = p.work_id and s.site = p.site group by p.work_id, p.site) n
     where w.work_id = n.work_id and w.site = n.site`,
    [pairs],
  );
  await manager.query(
    `delete from work_sites w using json_to_recordset($1) as g(work_id bigint, site text)
     where w.work_id = g.work_id and w.site = g.site and w.witnesses = 0 and w.gone_before is null`,
    [pairs],
  );
}
