import fc from 'fast-check';
import type { Caller } from '#libs/contracts/caller';
import * as contract from '#libs/contracts/intel-works';
import { runServices, type RunningServices } from '#libs/testing/running';
import { keeper, ownFolder } from '#libs/testing/seeds/catalogue';
import { intel } from '../service.js';

/** How many events the history has; 10,000 take some minutes. */
const EVENTS = Number(process.env.WORKS_EVENTS ?? 150);
const BEGINNING = 10;
const SEED = Number(process.env.WORKS_SEED ?? 7);

let running: RunningServices;
let publisher: Caller;
beforeAll(async () => {
  running = await runServices([intel], ownFolder());
  publisher = await keeper(running.broker, 'publisher');
});
afterAll(() => running.close());

/** What the history says of a key: which key it was merged into, and into which parts it was split. */
interface Known {
  into: string | null;
  parts: string[] | null;
}

class History {
  readonly works = new Map<string, Known>();
  private made = 0;

  live = (key: string): string => {
    const { into } = this.works.get(key)!;
    return into === null ? key : this.live(into);
  };
  isTombstone = (key: string) => this.works.get(key)!.parts !== null;
  family = (key: string) => [...this.works.keys()].filter((one) => this.live(one) === key).sort();
  begin(): string {
    const key = `fuzz-${this.made++}-1950-movie`;
    this.works.set(key, { into: null, parts: null });
    return key;
  }
  keys = () => [...this.works.keys()];
}

type Step = { do: () => Promise<void>; undo: () => Promise<void>; keys: string[] };

test(
  'however works are merged, parted, split and made whole, each key leads where the history says, and each step can be taken back',
  async () => {
    const history = new History();
    const { broker } = running;
    const get = (release_key: string) => broker.call(contract.getWork, { release_key });
    const titleOf = (key: string) => `Fuzz ${key.split('-')[1]}`;
    const drafts = (keys: readonly string[]) =>
      keys.map((key) => ({ title: titleOf(key), type: 'movie' as const, year: 1950, ids: { imdb: `tt${key.split('-')[1]}` } })); // prettier-ignore
    for (let n = 0; n < BEGINNING; n++)
      await broker.call(contract.createWork, drafts([history.begin()])[0]!, publisher);
    /** The names that belong to a key's own work; those of a part that was taken back are withdrawn. */
    const silent = new Set<string>();

    const merge = (key: string, other: string): Step => {
      const [from, to] = [history.live(key), history.live(other)];
      return {
        keys: [from, to],
        do: async () => {
          await broker.call(contract.mergeWorks, { release_key: key, into: other }, publisher);
          history.works.get(from)!.into = to;
        },
        undo: () => unmerge(from).do(),
      };
    };
    const unmerge = (key: string): Step => {
      const to = history.works.get(key)!.into!;
      return {
        keys: [key, history.live(to)],
        do: async () => {
          await broker.call(contract.unmergeWork, { release_key: key }, publisher);
          history.works.get(key)!.into = null;
          silent.delete(key);
        },
        undo: async () => {
          if (!history.isTombstone(history.live(to))) await merge(key, to).do();
        },
      };
    };
    const split = (key: string): Step => ({
      keys: [key],
      do: async () => {
        const parts = await broker.call(
          contract.splitWork,
          { release_key: key, parts: [0, 1].map(() => drafts([history.begin()])[0]!) },
          publisher,
        );
        history.works.get(key)!.parts = parts.map(({ release_key }) => release_key);
      },
      undo: () => unsplit(key).do(),
    });
    const unsplit = (key: string): Step => ({
      keys: [key],
      do: async () => {
        await broker.call(contract.unsplitWork, { release_key: key }, publisher);
        const known = history.works.get(key)!;
        for (const part of known.parts!) {
          history.works.get(part)!.into = key;
          silent.add(part);
        }
        known.parts = null;
      },
      undo: async () => undefined,
    });
    /** Which steps are possible; merges of parts that were taken back stay as they are. */
    const stepOf = (kind: number, a: number, b: number): Step | undefined => {
      const keys = history.keys();
      const [one, other] = [keys[a % keys.length]!, keys[b % keys.length]!];
      const [from, to] = [history.live(one), history.live(other)];
      if (kind < 4 && from !== to && !history.isTombstone(from) && !history.isTombstone(to)) return merge(one, other);
      if (kind < 7 && history.works.get(one)!.into !== null) return unmerge(one);
      if (kind === 7 && !history.isTombstone(from) && history.works.size < 60) return split(from);
      const parts = history.works.get(one)!.parts;
      const rests = (part: string) =>
        history.works.get(part)!.into !== null ||
        history.isTombstone(part) ||
        history.keys().some((key) => history.works.get(key)!.into === part);
      if (parts && !parts.some(rests)) return unsplit(one);
      return undefined;
    };
    const names = (key: string) =>
      history
        .family(key)
        .filter((one) => !silent.has(one))
        .map(titleOf)
        .sort();
    const check = async (key: string) => {
      const work = await get(key);
      const live = history.live(key);
      expect(work.release_key).toBe(live);
      const { parts } = history.works.get(live)!;
      expect(work.parts).toEqual(parts ?? []);
      expect(work.aliases.map(({ name }) => name).sort()).toEqual(parts ? [] : names(live));
      const ids = [...(work.ids.imdb ?? [])].map((id) => `Fuzz ${id.slice(2)}`).sort();
      expect(ids).toEqual(names(live));
      expect([...work.merged_keys].sort()).toEqual(history.family(live).filter((one) => one !== live));
    };

    let done = 0;
    for (const [kind, a, b, back] of fc.sample(fc.tuple(fc.nat(9), fc.nat(9999), fc.nat(9999), fc.nat(3)), {
      numRuns: EVENTS * 6,
      seed: SEED,
    })) {
      if (done >= EVENTS) break;
      const step = stepOf(kind, a, b);
      if (!step) continue;
      await step.do();
      done++;
      for (const key of step.keys) await check(key);
      if (back > 0) continue;
      await step.undo();
      done++;
      for (const key of step.keys) await check(key);
    }
    expect(done).toBeGreaterThanOrEqual(EVENTS);
    for (const key of history.keys()) await check(key);
  },
  Math.max(60_000, EVENTS * 200),
);

test('a split is not taken back while something rests on its parts, and never twice', async () => {
  const { broker } = running;
  const draft = (title: string, imdb: string) => ({ title, type: 'movie' as const, year: 1971, ids: { imdb } });
  const whole = await broker.call(contract.createWork, draft('Whole', 'tt71'), publisher);
  const parts = [draft('Part', 'tt72'), draft('Other', 'tt73')];
  const [part, other] = ['part-1971-movie', 'other-1971-movie'];
  await broker.call(contract.splitWork, { release_key: whole.release_key, parts }, publisher);
  const unsplit = () => broker.call(contract.unsplitWork, { release_key: whole.release_key }, publisher);
  await broker.call(contract.mergeWorks, { release_key: part, into: other }, publisher);
  await expect(unsplit()).rejects.toMatchObject({ code: 'conflict', message: /part-1971-movie was merged/ });
  await broker.call(contract.unmergeWork, { release_key: part }, publisher);
  const { ids, aliases } = whole;
  expect(await unsplit()).toMatchObject({ title: 'Whole', ids, aliases, parts: [], merged_keys: [other, part] });
  expect((await broker.call(contract.getWork, { release_key: part })).release_key).toBe(whole.release_key);
  expect(await broker.call(contract.findWorks, { imdb_id: 'tt72' })).toEqual([]);
  await expect(unsplit()).rejects.toMatchObject({ code: 'conflict' });
  const again = await broker.call(contract.unmergeWork, { release_key: part }, publisher);
  expect(again.aliases.map(({ name }) => name)).toEqual(['Part']);
  expect(again.ids).toEqual({ imdb: ['tt72'] });
  expect(await broker.call(contract.findWorks, { imdb_id: 'tt72' })).toMatchObject([{ release_key: part }]);
  await expect(
    broker.call(contract.unsplitWork, { release_key: whole.release_key }, await keeper(broker, 'contributor')),
  ).rejects.toMatchObject({ code: 'unauthorized' });
});
