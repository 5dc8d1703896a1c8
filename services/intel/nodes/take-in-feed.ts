import type { DataSource, EntityManager } from 'typeorm';
import type { Feed, FeedWork } from '#libs/contracts/intel-nodes';
import { isRevealingTitle } from '#libs/contracts/revealing';
import { takeTurn } from '../changes/changes.js';
import { nameKey } from '../works/name-keys.js';
import { takeInWorks, tellOf } from '../works/take-in-works.js';
import { unsay } from '../works/tellers.js';
import type { NodeEntity } from './node.entity.js';
import { bury, nameParts, redirectAll, revive } from './retire-works.js';

/** How much the names of a node weigh beside our own. */
const WEIGHT = { official: 1, trusted: 0.8, community: 0.5 } as const;

/**
 * Takes a stretch of a node's feed in, with the place it ended at. Official over community: what is said here is added to,
 * never replaced, a name that leads to a work of ours is not given to another, and a node merges and splits only works it brought
 * itself. It may take back what it has said or done, and nothing else.
 */
export async function takeInFeed(
  database: DataSource,
  { id, tier, source }: NodeEntity & { source: string },
  feed: Feed['signed'],
  cursor: number,
): Promise<void> {
  await database.transaction(async (manager) => {
    await takeTurn(manager);
    const [, moved] = await manager.query<[unknown[], number]>(
      'update nodes set cursor = $3, cursor_at = $4 where id = $1 and cursor = $2',
      [id, cursor, feed.to, feed.to_at ?? null],
    );
    if (moved === 0) return;
    const taken = await namesTaken(manager, source, feed.works);
    const revived = await revive(manager, source, feed.works);
    const lines = feed.works.map(({ aliases, ids, popularity, merged_keys: _keys, parts: _parts, ...work }) => ({
      ...work,
      // Which of two works is the better known is not for everybody to say.
      popularity: tier === 'community' ? 0 : popularity,
      title: work.title,
      ids,
      aliases: aliases
        .filter(({ name }) => !taken.has(`${work.release_key} ${name}`))
        .map(({ weight, source: _source, ...name }) => ({ ...name, weight: Math.min(weight, 1) * WEIGHT[tier] })),
      source_ref: work.release_key,
    }));
    const known = lines.filter(
      ({ title, release_key, aliases }) => aliases.length > 0 && !taken.has(`${release_key} ${title}`),
    );
    if (known.length > 0) await takeInWorks(manager, source, known, { fills: tier !== 'community' });
    const buried = await bury(manager, source, feed.works);
    await redirectAll(manager, source, feed.redirects);
    await nameParts(manager, source, feed.works);
    const said = feed.works.map(({ release_key, title, merged_keys, aliases }) => ({
      keys: [release_key, ...merged_keys],
      names: aliases.length === 0 ? [] : [title, ...aliases.map(({ name }) => name)].map((name) => name.trim()).filter((name) => !taken.has(`${release_key} ${name}`)), // prettier-ignore
    }));
    const silenced = await withdraw(manager, source, said);
    await tellOf(manager, [...new Set([...revived, ...buried, ...silenced])]);
  });
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
  const harmful = rows.filter(({ name }) => isRevealingTitle(name));
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
