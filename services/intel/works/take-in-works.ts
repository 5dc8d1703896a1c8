import type { EntityManager } from 'typeorm';
import type { NameDraft, WorkLine } from '#libs/contracts/intel-works';
import { recordChanges, takeTurn } from '../changes/changes.js';
import { NAME_KEY_VERSION, nameKey } from './name-keys.js';
import { releaseKeys } from './release-key.js';
import { scriptOf } from './script-of.js';
import { alsoTold } from './tellers.js';
import { workViews } from './work-views.query.js';
import { feedRow } from './feed-row.js';

export interface TakenIn {
  added: number;
  changed: number;
  unchanged: number;
  /** The id of the work of each line. */
  ids: number[];
}

interface Known {
  id: number;
  release_key: string;
  source_ref: string | null;
}

/**
 * Takes works in as a source tells them: the same lines again change nothing. A line finds its work by key or by the name
 * its source has for it, else makes one. What another source, or a person, has said of a work is added to, never replaced;
 * without `fills` only by names.
 */
export async function takeInWorks(
  manager: EntityManager,
  source: string,
  said: readonly WorkLine[],
  { fills = true }: { fills?: boolean } = {},
): Promise<TakenIn> {
  await takeTurn(manager);
  const lines = said.map(trimmed);
  const refs = lines.map(({ source_ref }) => (source_ref === undefined ? null : `${source}:${source_ref}`));
  const known = await find(manager, lines, refs);
  const ids: number[] = [];
  const added = new Set<number>();
  for (const [at, line] of lines.entries()) {
    const ref = refs[at] ?? null;
    const there =
      (line.release_key === undefined ? undefined : known.byKey.get(line.release_key)) ??
      (ref === null ? undefined : known.byRef.get(ref));
    const id = there?.id ?? (await add(manager, source, line, ref));
    if (!there) {
      added.add(id);
      if (ref !== null) known.byRef.set(ref, { id, release_key: '', source_ref: ref });
    }
    ids.push(id);
  }
  const changed = new Set<number>([
    ...(await madeAnew(manager, source, ids)),
    ...(await update(manager, { source, fills }, lines, ids)),
    ...(await addIds(manager, { source, fills }, lines, ids)),
    ...(await addNames(manager, source, lines, ids)),
    ...added,
  ]);
  await tellOf(manager, [...changed]);
  return {
    added: added.size,
    changed: changed.size - added.size,
    unchanged: new Set(ids).size - changed.size,
    ids,
  };
}

/** Names are taken in without the white space at their ends, which sources leave there. */
const trimmed = (line: WorkLine): WorkLine => ({
  ...line,
  title: line.title.trim(),
  original_title: line.original_title?.trim(),
});

/** Writes the present state of works into the feed. */
export async function tellOf(manager: EntityManager, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  const live = await manager.query<{ id: number }[]>(
    `with recursive chain as (
       select id, merged_into from works where id = any($1)
       union select w.id, w.merged_into from works w join chain c on w.id = c.merged_into
     ) select id from chain where merged_into is null order by id`,
    [ids],
  );
  const views = await workViews(
    manager,
    live.map(({ id }) => id),
  );
  await recordChanges(
    manager,
    views.map((view) => ({ kind: 'work', key: view.release_key, body: feedRow(view) })),
  );
}

async function find(manager: EntityManager, lines: readonly WorkLine[], refs: readonly (string | null)[]) {
  const rows = await manager.query<Known[]>(
    'select id, release_key, source_ref from works where release_key = any($1) or source_ref = any($2)',
    [lines.flatMap(({ release_key }) => release_key ?? []), refs.filter((ref) => ref !== null)],
  );
  return {
    byKey: new Map(rows.map((row) => [row.release_key, row])),
    byRef: new Map(rows.map((row) => [row.source_ref, row])),
  };
}

async function add(manager: EntityManager, source: string, line: WorkLine, ref: string | null): Promise<number> {
  for (const key of line.release_key === undefined ? releaseKeys(line) : [line.release_key]) {
    const rows = await manager.query<{ id: number }[]>(
      `insert into works (release_key, title, original_title, year, type, season, root_key, popularity, source, source_ref)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (release_key) do nothing returning id`,
      [key, line.title, line.original_title ?? null, line.year ?? null, line.type, line.season ?? null,
        line.root_key ?? null, line.popularity, source, ref], // prettier-ignore
    );
    if (rows[0]) return rows[0].id;
  }
  const [row] = await manager.query<{ id: number }[]>('select id from works where release_key = $1', [
    line.release_key,
  ]);
  return row!.id;
}

/**
 * The source that made a work may change what it said; any other only fills in what is missing. A work that another centre
 * made is made anew by the first source of ours that tells of it.
 */
async function update(
  manager: EntityManager,
  { source, fills }: { source: string; fills: boolean },
  lines: readonly WorkLine[],
  ids: readonly number[],
) {
  const rows = lines.map((line, at) => ({
    id: ids[at],
    title: line.title,
    original_title: line.original_title ?? null,
    year: line.year ?? null,
    season: line.season ?? null,
    root_key: line.root_key ?? null,
    popularity: line.popularity,
  }));
  const [updated] = await manager.query<[{ id: number }[], number]>(
    `update works w set title = n.title, original_title = n.original_title, year = n.year, season = n.season,
       root_key = n.root_key, popularity = n.popularity, source = n.source, updated_at = now()
     from (
       select distinct on (w.id) w.id,
         case when own then g.title else w.title end as title,
         case when own then coalesce(g.original_title, w.original_title) else coalesce(w.original_title, g.original_title) end as original_title,
         case when own then coalesce(g.year, w.year) else coalesce(w.year, g.year) end as year,
         case when own then coalesce(g.season, w.season) else coalesce(w.season, g.season) end as season,
         case when own then coalesce(g.root_key, w.root_key) else coalesce(w.root_key, g.root_key) end as root_key,
         case when own then g.popularity else greatest(w.popularity, g.popularity) end as popularity,
         case when own then $2 else w.source end as source
       from json_to_recordset($1) as g(id bigint, title text, original_title text, year int, season int, root_key text, popularity real)
       join works w on w.id = g.id cross join lateral (
         select w.source = $2 or (w.source like 'node:%' and $2 not like 'node:%') as own) as mine where own or $3
       order by w.id
     ) as n
     where w.id = n.id and (w.title, w.original_title, w.year, w.season, w.root_key, w.popularity, w.source)
       is distinct from (n.title, n.original_title, n.year, n.season, n.root_key, n.popularity, n.source)
     returning w.id`,
    [JSON.stringify(rows), source, fills],
  );
  return updated.map(({ id }) => id);
}

/** A work that only another centre calls split, or part of another, is one of its own again once a source of ours tells of it. */
async function madeAnew(manager: EntityManager, source: string, ids: readonly number[]): Promise<number[]> {
  if (source.startsWith('node:')) return [];
  const [rows] = await manager.query<[{ id: number; was: number | null }[], number]>(
    `update works w set retired = null, retired_by = null, merged_into = null, updated_at = now()
     from works old where old.id = w.id and w.id = any($1) and w.retired_by like 'node:%'
     returning w.id, old.merged_into as was`,
    [ids],
  );
  const made = rows.map(({ id }) => id);
  if (made.length > 0) await manager.query('update works set split_from = null where split_from = any($1)', [made]);
  return rows.flatMap(({ id, was }) => (was === null ? [id] : [id, was]));
}

async function addIds(
  manager: EntityManager,
  { source, fills }: { source: string; fills: boolean },
  lines: readonly WorkLine[],
  ids: readonly number[],
): Promise<number[]> {
  const rows = lines.flatMap((line, at) =>
    Object.entries(line.ids).flatMap(([provider, values]) =>
      [values].flat().map((value) => ({ work_id: ids[at], provider, value })),
    ),
  );
  const added = await manager.query<{ work_id: number }[]>(
    `insert into work_ids (work_id, provider, value)
     select distinct work_id, provider, value from json_to_recordset($1) as g(work_id bigint, provider text, value text)
     join works w on w.id = g.work_id where w.source = $2 or $3
     on conflict (work_id, provider, value) do update set withdrawn_at = null
       where work_ids.withdrawn_at is not null and not work_ids.taken_by_hand
     returning work_id`,
    [JSON.stringify(rows), source, fills],
  );
  return added.map(({ work_id }) => work_id);
}

/**
 * Adds names; one that is there and not withdrawn is left as it was first said, with the greater weight. What only another
 * centre had said is ours once a source of ours says it, and stays when that centre goes; what a centre has withdrawn it, or another
 * one, may say again.
 */
async function addNames(manager: EntityManager, source: string, lines: readonly WorkLine[], ids: readonly number[]) {
  const seen = new Set<string>();
  const rows = lines.flatMap((line, at) =>
    [mainName(line), ...line.aliases].flatMap((alias) => {
      const name = alias.name.trim();
      if (name === '' || seen.has(`${ids[at]} ${name}`)) return [];
      seen.add(`${ids[at]} ${name}`);
      const { language = null, kind, licence = null, weight } = alias;
      return [{ work_id: ids[at], name, key: nameKey(name), language, script: scriptOf(name), kind, licence, weight }];
    }),
  );
  const added = await manager.query<{ work_id: number }[]>(
    `insert into aliases as a (work_id, name, name_key, key_version, language, script, kind, source, licence, weight)
     select g.work_id, g.name, g.key, $3, g.language, g.script,
       case when g.kind = 'main' and w.source <> $2 then 'official' else g.kind end, $2, g.licence, g.weight
     from json_to_recordset($1) as g(work_id bigint, name text, key text, language text, script text, kind text, licence text, weight real)
     join works w on w.id = g.work_id
     on conflict (work_id, name) do update set last_seen = now(),
       weight = case when a.source like 'node:%' and a.withdrawn_at is not null then excluded.weight
         else greatest(a.weight, excluded.weight) end,
       (source, kind, licence, withdrawn_at) = (select
         case when anew then excluded.source else a.source end, case when anew then excluded.kind else a.kind end,
         case when anew then excluded.licence else a.licence end, case when anew then null else a.withdrawn_at end
         from (select a.source like 'node:%' and (excluded.source not like 'node:%' or a.withdrawn_at is not null) as anew) as takes_over)
       where (excluded.weight > a.weight and a.withdrawn_at is null)
         or (a.source like 'node:%' and (excluded.source not like 'node:%' or a.withdrawn_at is not null))
     returning work_id`,
    [JSON.stringify(rows), source, NAME_KEY_VERSION],
  );
  await alsoTold(manager, source, rows);
  return added.map(({ work_id }) => work_id);
}

/** A title is a name too; what its aliases say of it counts. */
function mainName({ title, aliases }: WorkLine): NameDraft {
  const said = aliases.find(({ name }) => name.trim() === title.trim());
  return {
    ...(said ?? { language: null, licence: aliases[0]?.licence ?? null, weight: 1 }),
    name: title,
    kind: 'main',
  };
}
