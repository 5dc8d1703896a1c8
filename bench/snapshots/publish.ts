import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { buildSnapshotNow, type SnapshotBuild } from '#libs/contracts/intel-snapshots';
import type { WorkRow } from '#libs/titles/rows';
import { connectionOptions } from '#libs/database/connection-options';
import { runServices } from '#libs/testing/running';
import { administrator, ownFolder } from '#libs/testing/seeds/catalogue';
import { intel } from '../../services/intel/service.js';
import { NAME_KEY_VERSION, nameKey } from '../../services/intel/works/name-keys.js';
import { tellOf } from '../../services/intel/works/take-in-works.js';
import { madeUpWorks, titleMaker } from './made-up-works.js';

const PAGE = 5000;
const CHANGED = 500;
const AT_ONCE = 250;

/**
 * What an hour costs the service itself, its database counted: the first publication of a catalogue in PostgreSQL, the same
 * again without news, and again after one work in 500 has got a name.
 */
export async function benchPublish(aliases: number): Promise<void> {
  const running = await runServices([intel], { ...ownFolder(), INTEL_SNAPSHOT_MINUTES: '0' });
  const database = await new DataSource(
    connectionOptions('intel', { DATABASE_URL: running.databaseUrl, DATABASE_POOL_SIZE: 1 }, []),
  ).initialize();
  try {
    const title = titleMaker();
    const keys = await fill(database, madeUpWorks(aliases, title));
    console.log(`${aliases} aliases of ${keys.length} works in PostgreSQL`);
    const build = async (name: string) => {
      const [began, spent] = [performance.now(), process.cpuUsage()];
      const { state, figures }: SnapshotBuild = await running.broker.call(buildSnapshotNow, {}, administrator());
      const { user, system } = process.cpuUsage(spent);
      console.log(
        `${name.padEnd(40)} ${(performance.now() - began).toFixed(0).padStart(7)} ms, ${((user + system) / 1000).toFixed(0)} ms of processors without the database, ${state} ${JSON.stringify(figures)}, ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MB`,
      );
    };
    await build('all of it');
    await build('nothing new');
    for (const round of [1, 2]) {
      await change(database, keys, title, round);
      await build('one work in 500 changed');
    }
  } finally {
    await database.destroy();
    await running.close();
  }
}

/** Puts the works in; their keys alone are kept, so that the memory is the service's. */
async function fill(database: DataSource, works: readonly WorkRow[]): Promise<string[]> {
  for (let at = 0; at < works.length; at += PAGE) await insert(database, works.slice(at, at + PAGE));
  await database.query('analyze');
  return works.map(({ release_key }) => release_key);
}

async function insert(database: DataSource, works: readonly WorkRow[]): Promise<void> {
  await database.query(
    `insert into works (release_key, title, year, type, source, source_ref)
     select release_key, title, year, type, 'bench', release_key
     from json_to_recordset($1) as g(release_key text, title text, year int, type text)`,
    [JSON.stringify(works.map(({ aliases, ...work }) => ({ ...work, title: aliases[0]!.title })))],
  );
  const names = works.flatMap(({ release_key, aliases }) =>
    aliases.map(({ title }, n) => ({ release_key, name: title, key: nameKey(title), kind: n ? 'official' : 'main' })),
  );
  await database.query(
    `insert into aliases (work_id, name, name_key, key_version, kind, source, licence)
     select w.id, g.name, g.key, $2, g.kind, 'bench', 'CC0-1.0'
     from json_to_recordset($1) as g(release_key text, name text, key text, kind text)
     join works w on w.release_key = g.release_key on conflict do nothing`,
    [JSON.stringify(names), NAME_KEY_VERSION],
  );
}

/** One more name for one work in 500, told as the service tells it. */
async function change(database: DataSource, all: readonly string[], title: () => string, round: number) {
  const keys = all.filter((_, n) => n % CHANGED === round);
  for (let at = 0; at < keys.length; at += AT_ONCE)
    await database.transaction(async (manager) => {
      const names = keys.slice(at, at + AT_ONCE).map((release_key) => {
        const name = title();
        return { release_key, name, key: nameKey(name) };
      });
      const told = await manager.query<{ work_id: number }[]>(
        `insert into aliases (work_id, name, name_key, key_version, kind, source, licence)
         select w.id, g.name, g.key, $2, 'official', 'bench', 'CC0-1.0'
         from json_to_recordset($1) as g(release_key text, name text, key text)
         join works w on w.release_key = g.release_key returning work_id`,
        [JSON.stringify(names), NAME_KEY_VERSION],
      );
      await tellOf(
        manager,
        told.map(({ work_id }) => work_id),
      );
    });
  await new Promise((resolve) => setTimeout(resolve, 3000));
}
