import fc from 'fast-check';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import * as contract from '#libs/contracts/intel-works';
import { connectionOptions } from '#libs/database/connection-options';
import { runServices, type RunningServices } from '#libs/testing/running';
import { keeper, ownFolder } from '#libs/testing/seeds/catalogue';
import { intel } from '../service.js';
import { changedContents } from './changed-contents.js';
import { publicContents } from './public-contents.js';

let running: RunningServices;
let database: DataSource;
let publisher: Caller;
beforeAll(async () => {
  running = await runServices([intel], { ...ownFolder(), INTEL_SNAPSHOT_MINUTES: '0' });
  publisher = await keeper(running.broker, 'publisher');
  database = new DataSource(
    connectionOptions('intel', { DATABASE_URL: running.databaseUrl, DATABASE_POOL_SIZE: 1 }, []),
  );
  await database.initialize();
});
afterAll(async () => {
  await database.destroy();
  await running.close();
});

const audience = { atLeast: 1, unregistered: 'open' } as never;
const now = new Date('2026-03-04T05:06:07Z');
/** Names that several works want, some of them the same name only for simple readers. */
const NAMES = [
  'Iron Man',
  'ironman',
  'IRON  MAN',
  'ΟΔΟΣ',
  'οδος',
  '! !',
  '!!',
  '& !',
  '钢铁侠',
  '鋼鐵俠',
  'Ｉｒｏｎ',
  'iron',
  'Iron-Man!',
  '【鋼鐵】俠',
];
const KEYS = Array.from({ length: 7 }, (_, n) => `hist-${n}-2001-movie`);

const work = fc.record({
  title: fc.constantFrom(...NAMES),
  popularity: fc.constantFrom(0, 0, 5, 9),
  aliases: fc.array(
    fc.record({ name: fc.constantFrom(...NAMES), licence: fc.constantFrom('CC0-1.0', 'CC-BY-NC-4.0', null) }),
    { maxLength: 3 },
  ),
});
const key = fc.constantFrom(...KEYS);
const event = fc.oneof(
  fc.record({ what: fc.constant('save' as const), key, work }),
  fc.record({ what: fc.constant('hear' as const), key, work }),
  fc.record({ what: fc.constantFrom('merge' as const, 'split' as const), key, other: key }),
  fc.record({ what: fc.constantFrom('unmerge' as const, 'unsplit' as const), key }),
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

/** What the history asks for may be impossible by then: that too has to change nothing. */
async function happen(one: Event): Promise<void> {
  const { broker } = running;
  const draft = (of: { title: string; popularity: number; aliases: object[] }) => ({
    ...of,
    type: 'movie',
    year: 2001,
  });
  const asked = {
    save: () => broker.call(contract.saveWork, { release_key: one.key, ...draft((one as never as { work: never }).work) } as never, publisher),
    hear: () => broker.call(contract.importWorks, { source: 'heard', works: [{ release_key: one.key, ...draft((one as never as { work: never }).work) }] } as never, publisher),
    merge: () => broker.call(contract.mergeWorks, { release_key: one.key, into: (one as never as { other: string }).other }, publisher),
    split: () => broker.call(contract.splitWork, { release_key: one.key, parts: [0, 1].map((n) => ({ ...draft({ title: `${NAMES[n]!} part`, popularity: 0, aliases: [] }), release_key: `${one.key.slice(0, 6)}-part${n}-2001-movie` })) } as never, publisher),
    unmerge: () => broker.call(contract.unmergeWork, { release_key: one.key }, publisher),
    unsplit: () => broker.call(contract.unsplitWork, { release_key: one.key }, publisher),
  }; // prettier-ignore
  await asked[one.what]().catch((error: { code?: string }) => {
    if (!['conflict', 'not_found', 'invalid'].includes(error.code ?? '')) throw error;
  });
}

const read = () => publicContents(database.manager, audience, { since: 0, now });

test('what has changed since, laid over what was public then, is what is public now, after any history', async () => {
  let before = await read();
  let most = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 6 }), async (events) => {
      for (const one of events) await happen(one);
      const changed = await changedContents(database.manager, audience, { since: before.seq, now });
      const after = await read();
      for (const kind of ['alias', 'catalogue', 'recent'] as const) {
        const laid = new Map<string, string | undefined>(before[kind]);
        for (const [name, text] of changed![kind]) {
          if (text === undefined) laid.delete(name);
          else laid.set(name, text);
        }
        expect([kind, laid]).toEqual([kind, after[kind]]);
      }
      for (const [name, known] of changed!.popularity) expect(known).toBe(after.popularity.get(name) ?? 0);
      expect(changed).toMatchObject({ works: after.works, seq: after.seq, credits: after.credits });
      before = after;
      most = Math.max(most, after.alias.size);
    }),
    { numRuns: 60, endOnFailure: true },
  );
  expect(most).toBeGreaterThan(3);
});
