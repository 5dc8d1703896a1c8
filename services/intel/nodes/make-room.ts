import type { EntityManager } from 'typeorm';
import type { Feed, FeedWork } from '#libs/contracts/intel-nodes';
import type { Room } from './measure.js';

type Stretch = Pick<Feed['signed'], 'works' | 'redirects'>;

/** What of a stretch of a feed is here, withdrawn or not: works by their keys, with their sources, and names and ids of them. */
export interface Known {
  works: Map<string, string>;
  names: Set<string>;
  ids: Set<string>;
}

const nameOf = (key: string, name: string) => `${key} ${name.trim()}`;
const idOf = (key: string, provider: string, value: string) => `${key} ${provider} ${value}`;

/** Looks up what of a stretch is here. */
export async function knownOf(manager: EntityManager, { works, redirects }: Stretch): Promise<Known> {
  const keys = [...works.map(({ release_key }) => release_key), ...redirects.map(({ from }) => from)];
  const there = await manager.query<{ release_key: string; source: string }[]>(
    'select release_key, source from works where release_key = any($1)',
    [keys],
  );
  const names = works.flatMap((work) => namesOf(work).map((name) => ({ key: work.release_key, name: name.trim() })));
  // Row by row: left free, the planner looks through all names for a stretch.
  const namesHere = await manager.query<{ key: string; name: string }[]>(
    `select g.key, g.name from json_to_recordset($1) as g(key text, name text)
     cross join lateral (select id from works where release_key = g.key offset 0) w
     cross join lateral (select from aliases where work_id = w.id and name = g.name offset 0) a`,
    [JSON.stringify(names)],
  );
  const ids = works.flatMap(({ release_key: key, ids }) =>
    Object.entries(ids).flatMap(([provider, values]) => values.map((value) => ({ key, provider, value }))),
  );
  const idsHere = await manager.query<{ key: string; provider: string; value: string }[]>(
    `select g.key, g.provider, g.value from json_to_recordset($1) as g(key text, provider text, value text)
     cross join lateral (select id from works where release_key = g.key offset 0) w
     cross join lateral (select from work_ids where work_id = w.id and provider = g.provider and value = g.value offset 0) i`,
    [JSON.stringify(ids)],
  );
  return {
    works: new Map(there.map(({ release_key, source }) => [release_key, source])),
    names: new Set(namesHere.map(({ key, name }) => nameOf(key, name))),
    ids: new Set(idsHere.map(({ key, provider, value }) => idOf(key, provider, value))),
  };
}

/** How many works, and names with ids, are known now that were not. */
export const brought = (before: Known, after: Known) => ({
  works: after.works.size - before.works.size,
  names: after.names.size - before.names.size + after.ids.size - before.ids.size,
});

/** A stretch without what is new and finds no room, the names that are not to be said, and of what there was not enough room. */
export interface Fitted {
  stretch: Stretch;
  unsaid: Set<string>;
  full: 'works' | 'names' | undefined;
}

/**
 * Leaves out what is new and finds no room: the first ones come. What is here stays in, so that changes and what is taken back are
 * heard. `taken` are names that are not taken from this centre anyway, and need no room; `mayFill` says whether ids of a work are.
 */
export function fitted(
  { works, redirects }: Stretch,
  here: Known,
  room: Room,
  taken: ReadonlySet<string>,
  mayFill: (source: string | undefined) => boolean,
): Fitted {
  const left = { works: room.works, names: room.names };
  const unsaid = new Set(taken);
  let full: Fitted['full'];
  const takes = (of: 'works' | 'names'): boolean => {
    if (left[of] === 0) {
      full = full === 'works' ? full : of;
      return false;
    }
    left[of] -= 1;
    return true;
  };
  const isHeard = (key: string, name: string) => here.names.has(nameOf(key, name)) || takes('names');
  const keys = new Set(here.works.keys());
  const comes = (key: string) => {
    if (!keys.has(key) && takes('works')) keys.add(key);
    return keys.has(key);
  };
  const kept = works.flatMap((work) => {
    const { release_key: key, parts } = work;
    const said = namesOf(work).filter((name) => !taken.has(`${key} ${name}`));
    const isNamed = work.aliases.length > 0 && said.includes(work.title);
    const isNew = !keys.has(key);
    if (!isNamed && parts.length === 0) return work;
    if (isNew && isNamed && left.names === 0) return (takes('names'), []);
    if (!comes(key)) return [];
    if (!isNamed) return work;
    for (const name of said) if (!isHeard(key, name)) unsaid.add(`${key} ${name}`).add(nameOf(key, name));
    if (!mayFill(isNew ? undefined : here.works.get(key))) return work;
    const ids = Object.entries(work.ids).map(
      ([provider, values]) =>
        [provider, values.filter((value) => here.ids.has(idOf(key, provider, value)) || takes('names'))] as const,
    );
    return { ...work, ids: Object.fromEntries(ids) };
  });
  return { stretch: { works: kept, redirects: redirects.filter(({ from }) => comes(from)) }, unsaid, full };
}

const namesOf = ({ title, aliases }: FeedWork): string[] => [...new Set([title, ...aliases.map(({ name }) => name)])];
