import type { DataSource, EntityManager } from 'typeorm';
import { hasControls } from '#libs/contracts/controls';
import type { Feed, FeedWork } from '#libs/contracts/intel-nodes';
import { isRevealingTitle } from '#libs/contracts/revealing';
import { takeTurn } from '../changes/changes.js';
import { nameKey } from '../works/name-keys.js';
import { takeInWorks, tellOf } from '../works/take-in-works.js';
import { unsay } from '../works/tellers.js';
import { brought, fitted, knownOf } from './make-room.js';
import { limitMet, roomOf } from './measure.js';
import type { NodeEntity } from './node.entity.js';
import { bury, nameParts, redirectAll, revive } from './retire-works.js';

/** How much the names of a node weigh beside our own. */
const WEIGHT = { official: 1, trusted: 0.8, community: 0.5 } as const;

/**
 * Takes a stretch of a node's feed in, with the place it ended at, and counts what it brought; returns the node as it is then, or
 * nothing if it has come from there by now or is followed no more. Official over community: what is said here is added to, never
 * replaced, a name that leads to a work of ours is not given to another, and a node merges and splits only works it brought itself. It
 * may take back what it has said or done, and nothing else. What is new and finds no room is left out, and remembered by its place.
 */
export async function takeInFeed(
  database: DataSource,
  { id, tier, source, cursor, cursor_at }: NodeEntity & { source: string },
  feed: Feed['signed'],
): Promise<NodeEntity | undefined> {
  return database.transaction(async (manager) => {
    await takeTurn(manager);
    const [[node]] = await manager.query<[NodeEntity[], number]>(
      'update nodes set cursor = $3, cursor_at = $4 where id = $1 and cursor = $2 returning *',
      [id, cursor, feed.to, feed.to_at ?? null],
    );
    if (!node) return undefined;
    const before = await knownOf(manager, feed);
    const last = await lastChange(manager);
    const { stretch, unsaid, full } = fitted(
      feed,
      before,
      roomOf(node),
      await namesTaken(manager, source, feed.works),
      (of) => tier !== 'community' || of === undefined || of === source,
    );
    await takeIn(manager, { tier, source }, stretch, unsaid);
    const { works, names } = brought(before, await knownOf(manager, stretch));
    const left = full === undefined ? null : { cursor, cursor_at };
    const [[after]] = await manager.query<[NodeEntity[], number]>(
      `update nodes set works = works + $2, works_today = works_today + $2, names = names + $3, names_today = names_today + $3,
         changes_today = changes_today + (select count(*) from changes where seq > $4),
         left_out_at = case when left_out_from is null then $6 else left_out_at end, left_out_from = coalesce(left_out_from, $5)
       where id = $1 returning *`,
      [id, works, names, last, left?.cursor ?? null, left?.cursor_at ?? null],
    );
    return { ...after!, limit_met: await writeLimit(manager, after!, full) };
  });
}

/** Whether a name is none that would be taken in here. */
const isUnfit = (name: string): boolean => isRevealingTitle(name) || hasControls(name);

async function takeIn(
  manager: EntityManager,
  { tier, source }: { tier: NodeEntity['tier']; source: string },
  { works, redirects }: Pick<Feed['signed'], 'works' | 'redirects'>,
  unsaid: ReadonlySet<string>,
): Promise<void> {
  const revived = await revive(manager, source, works);
  const lines = works.map(({ aliases, popularity, merged_keys: _keys, parts: _parts, ...work }) => ({
    ...work,
    original_title: work.original_title === null || isUnfit(work.original_title) ? null : work.original_title,
    // Which of two works is the better known is not for everybody to say.
    popularity: tier === 'community' ? 0 : popularity,
    aliases: aliases
      .filter(({ name }) => !unsaid.has(`${work.release_key} ${name}`))
      .map(({ weight, source: _source, ...name }) => ({ ...name, weight: Math.min(weight, 1) * WEIGHT[tier] })),
    source_ref: work.release_key,
  }));
  const named = lines.filter(
    ({ title, release_key, aliases }) => aliases.length > 0 && !unsaid.has(`${release_key} ${title}`),
  );
  if (named.length > 0) await takeInWorks(manager, source, named, { fills: tier !== 'community' });
  const buried = await bury(manager, source, works);
  await redirectAll(manager, source, redirects);
  await nameParts(manager, source, works);
  const said = works.map(({ release_key, title, merged_keys, aliases }) => ({
    keys: [release_key, ...merged_keys],
    names: aliases.length === 0 ? [] : [title, ...aliases.map(({ name }) => name)].map((name) => name.trim()).filter((name) => !unsaid.has(`${release_key} ${name}`)), // prettier-ignore
  }));
  const silenced = await withdraw(manager, source, said);
  const parted = await partIds(manager, source, works);
  await tellOf(manager, [...new Set([...revived, ...buried, ...silenced, ...parted])]);
}

async function lastChange(manager: EntityManager): Promise<number> {
  const [{ seq }] = await manager.query<[{ seq: number }]>('select coalesce(max(seq), 0) as seq from changes');
  return seq;
}

/** Writes down which measure of the node is full, if one is; what was written before stays until there is room. */
async function writeLimit(
  manager: EntityManager,
  node: NodeEntity,
  full: 'works' | 'names' | undefined,
): Promise<NodeEntity['limit_met']> {
  const hasToldEnough = roomOf(node).changes === 0;
  const limit = full ? limitMet(node, full) : hasToldEnough ? 'changes_a_day' : node.limit_met;
  await manager.query('update nodes set limit_met = $2 where id = $1', [node.id, limit]);
  return limit;
}

/** Names of the feed that nobody is to be told, and those by which readers find another work here already, by the word of somebody who is not a node. */
async function namesTaken(manager: EntityManager, source: string, works: readonly FeedWork[]): Promise<Set<string>> {
  const rows = works.flatMap(({ release_key, title, aliases }) =>
    [title, ...aliases.map(({ name }) => name)].map((name) => ({ release_key, name, key: nameKey(name) })),
  );
  const taken = await manager.query<{ release_key: string; name: string }[]>(
    `select distinct g.release_key, g.name from json_to_recordset($1) as g(release_key text, name text, key text)
     join aliases a on a.name_key = g.key and a.withdrawn_at is null and a.source not like 'node:%' and a.source <> $2
     join works w on w.id = a.work_id and w.retired is null and w.release_key <> g.release_key`,
    [JSON.stringify(rows), source],
  );
  const harmful = rows.filter(({ name }) => isUnfit(name));
  return new Set([...taken, ...harmful].map(({ release_key, name }) => `${release_key} ${name}`));
}

/** Names that the node has said of a work, or of one it has merged into that, and does not say any more. */
async function withdraw(
  manager: EntityManager,
  source: string,
  said: readonly { keys: string[]; names: string[] }[],
): Promise<number[]> {
  const rows = await manager.query<{ id: number }[]>(
    // Key by key and name by name: left free, the planner looks through all works for each row of the feed.
    `select a.id from json_to_recordset($1) as g(keys json, names json)
     cross join lateral json_array_elements_text(g.keys) as k(key)
     cross join lateral (select id from works where release_key = k.key offset 0) w
     cross join lateral (select id, name, source from aliases where work_id = w.id and withdrawn_at is null offset 0) a
     where (a.source = $2 or exists (select from alias_tellers t where t.alias_id = a.id and t.source = $2))
       and not exists (select from json_array_elements_text(g.names) n(name) where n.name = a.name)`,
    [JSON.stringify(said), source],
  );
  return unsay(manager, source, rows.map(({ id }) => id)); // prettier-ignore
}

/** Ids that a work of the node got by a merge which was taken back there: the node says them of another work of its own now, and not of this one. */
async function partIds(manager: EntityManager, source: string, works: readonly FeedWork[]): Promise<number[]> {
  const said = works.map(({ release_key, merged_keys, ids }) => ({
    keys: [release_key, ...merged_keys],
    ids: Object.entries(ids).flatMap(([provider, values]) => values.map((value) => `${provider} ${value}`)),
  }));
  const [rows] = await manager.query<[{ work_id: number }[], number]>(
    `update work_ids old set withdrawn_at = now()
     from json_to_recordset($1) as g(keys json, ids json)
     cross join lateral json_array_elements_text(g.keys) as k(key)
     cross join lateral (select id from works where release_key = k.key and source = $2 offset 0) w
     cross join lateral (select work_id, provider, value from work_ids where work_id = w.id and withdrawn_at is null offset 0) i
     where old.work_id = i.work_id and old.provider = i.provider and old.value = i.value
       and not exists (select from json_array_elements_text(g.ids) n(id) where n.id = i.provider || ' ' || i.value)
       and exists (
         select from work_ids o join works other on other.id = o.work_id
         where o.provider = i.provider and o.value = i.value and o.work_id <> i.work_id and o.withdrawn_at is null
           and other.source = $2 and other.retired is null
       )
     returning old.work_id`,
    [JSON.stringify(said), source],
  );
  return rows.map(({ work_id }) => work_id);
}
