import type { EntityManager } from 'typeorm';
import { siteScore } from '#libs/recommend/site-score';
import { canonicalText } from '#libs/snapshot/canonical-text';
import { aliasOf } from '../compat/alias-objects.query.js';
import type { Audience } from '../releases/visible-sites.query.js';
import { rowsAside } from '../titles/rows-aside.js';
import { feedRow, publicPart, type FeedRow } from '../works/feed-row.js';
import { allWorks, type WorkView } from '../works/work-views.query.js';

const WEEK_MS = 7 * 86_400_000;
const KIND_RANK = ['main', 'official', 'synonym', 'short', 'release', 'user'];

/** What may be given to everybody, as bare maps of canonical texts. */
export interface PublicContents {
  alias: Map<string, string>;
  index: Map<string, string>;
  /** What is known of each work besides its names, by its key; under a merged key, which one it leads to. */
  catalogue: Map<string, string>;
  /** Works that changed after `since`, as rows of a title index; null where one is gone. */
  recent: Map<string, string>;
  /** How well known the work of each alias is. */
  popularity: Map<string, number>;
  works: number;
  seq: number;
  /** Names by source and licence, for those who want credit. */
  credits: Map<string, number>;
}

/** Reads all of the catalogue at one moment; run it in a transaction that sees one. */
export async function publicContents(
  manager: EntityManager,
  audience: Audience,
  { since, now }: { since: number; now: Date },
): Promise<PublicContents> {
  const [{ seq }] = await manager.query<[{ seq: number }]>('select coalesce(max(seq), 0) as seq from changes');
  const touched = await manager.query<{ key: string }[]>(
    `select distinct key from changes where seq > $1 and kind in ('work', 'redirect')`,
    [since],
  );
  const recent = new Map<string, string>(touched.map(({ key }) => [key, 'null']));
  const changed: FeedRow[] = [];
  const claims = new Map<string, Claim>();
  const index = new Map<string, string>();
  const catalogue = new Map<string, string>();
  const popularity = new Map<string, number>();
  const credits = new Map<string, number>();
  const sites = await openSites(manager, audience, now);
  let works = 0;
  for await (const view of allWorks(manager)) {
    works++;
    const row = publicPart(feedRow(view));
    const shown = {
      ...view,
      aliases: view.aliases.filter(({ name }) => row.aliases.some((one) => one.name === name)),
    };
    for (const { source, licence } of shown.aliases) count(credits, `${source} · ${licence ?? 'contributed'}`);
    claim(claims, shown);
    if (row.aliases.length > 0) catalogue.set(view.release_key, canonicalText(entryOf(view)));
    for (const key of view.merged_keys) catalogue.set(key, canonicalText({ into: view.release_key }));
    const ofWork = sites.get(view.id);
    if (ofWork)
      for (const key of [view.release_key, ...view.merged_keys])
        index.set(key, canonicalText({ release_key: key, sites: ofWork }));
    if (recent.has(view.release_key)) changed.push(row);
  }
  const rows = await rowsAside(changed);
  changed.forEach(({ release_key }, at) => recent.set(release_key, canonicalText(rows[at] ?? null)));
  const alias = new Map<string, string>();
  for (const [key, { text, tied, known }] of claims)
    if (!tied) {
      alias.set(key, text);
      popularity.set(key, known);
    }
  return { alias, index, catalogue, recent, popularity, works, seq, credits };
}

/** A work without its names, in the fields that recommendations and answers need; what is not known is left out. */
function entryOf(work: WorkView) {
  const { title, type, year, season, root_key, popularity } = work;
  const known = {
    year,
    season,
    root_key,
    popularity: popularity === 0 ? null : popularity,
    tmdb_id: aliasOf(work).tmdb_id,
  };
  return { title, type, ...Object.fromEntries(Object.entries(known).filter(([, value]) => value != null)) };
}

interface Claim {
  text: string;
  root: string;
  /** Said by a source of ours, and not by another centre alone. */
  ours: number;
  known: number;
  rank: number;
  /** Two works of equal standing want the name: it leads to neither. */
  tied: boolean;
}

/** A name leads to the best-known work that has it by the word of ours, else of others; space-free forms stand beside it, so that simple readers find them at once. */
function claim(claims: Map<string, Claim>, work: WorkView): void {
  const text = canonicalText(aliasOf(work));
  const root = work.root_key ?? work.release_key;
  for (const { name, kind, source } of work.aliases) {
    const lower = name.trim().toLowerCase();
    for (const key of new Set([lower, lower.replaceAll(' ', '')])) {
      if (key === '') continue;
      const mine = {
        text,
        root,
        ours: source.startsWith('node:') ? 0 : 1,
        known: work.popularity,
        rank: KIND_RANK.indexOf(kind) + (work.season ?? 0) * 10,
        tied: false,
      };
      const other = claims.get(key);
      const better =
        other === undefined
          ? 1
          : mine.ours - other.ours ||
            mine.known - other.known ||
            (mine.root === other.root ? other.rank - mine.rank : 0);
      if (better > 0) claims.set(key, mine);
      else if (better === 0 && other !== undefined && other.root !== root) other.tied = true;
    }
  }
}

/** The open sites of each work. Scores are those of the beginning of the week, so that time alone changes nothing in between. */
async function openSites(manager: EntityManager, { atLeast, unregistered }: Audience, now: Date) {
  const week = new Date(Math.floor(now.getTime() / WEEK_MS) * WEEK_MS);
  const rows = await manager.query<{ root: number; site: string; witnesses: number; trust: number; last_seen: Date }[]>(
    `with recursive lead as (
       select id, id as root from works where retired is null
       union all
       select w.id, l.root from works w join lead l on w.merged_into = l.id
     )
     select l.root, ws.site, max(ws.witnesses) as witnesses, max(ws.trust) as trust, max(ws.last_seen) as last_seen
     from work_sites ws join lead l on l.id = ws.work_id left join sites s on s.id = ws.site
     where ws.witnesses >= $1 and coalesce(s.visibility, $2) = 'open'
     group by l.root, ws.site order by l.root, ws.site`,
    [atLeast, unregistered],
  );
  const byWork = new Map<number, { site: string; score: number; last_seen: string }[]>();
  for (const { root, site, last_seen, ...rest } of rows) {
    const one = { site, score: siteScore({ last_seen, ...rest }, week), last_seen: last_seen.toISOString() };
    byWork.set(root, [...(byWork.get(root) ?? []), one]);
  }
  for (const list of byWork.values()) list.sort((a, b) => b.score - a.score || (a.site < b.site ? -1 : 1));
  return byWork;
}

const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
