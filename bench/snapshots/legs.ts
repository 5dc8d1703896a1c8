import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { placed, type Placed } from '#libs/snapshot/bare-map';
import { buildDeltas } from '#libs/snapshot/build/deltas';
import { GrowingDelta } from '#libs/snapshot/build/growing-delta';
import { laidDeltas } from '#libs/snapshot/build/laid-deltas';
import type { Undo } from '#libs/snapshot/build/steps';
import { waysThrough } from '#libs/snapshot/build/ways';
import { canonicalText } from '#libs/snapshot/canonical-text';
import { anchorsOf } from '#libs/snapshot/delta-bases';
import { wayTo } from '#libs/snapshot/sync-snapshot';
import { titleMaker } from './made-up-works.js';

const HOUR_MS = 3_600_000;
const [HOURS, FIRST] = [48, 42];
const NAMES = 5;
const CHANGED = 500;
const LAID = 3_000_000;
/** More than any delta has: the whole is never the better thing here. */
const SIZES = { bytes: Infinity, gzBytes: Infinity };

/**
 * Two days of hours of a map of so many names, in each of which one work in 500 gets another name: once each time other works, once half of them
 * of the same hundredth. What a client of each age takes on the last day, in deltas that are made, laid and chosen as the service and the
 * loader do it, without any scale: their bytes beside one direct delta packed as tightly as can be.
 */
export async function benchLegs(names: number): Promise<void> {
  console.log('other works each time');
  await legs(names, names / NAMES);
  console.log('half of them of the same hundredth');
  await legs(names, names / NAMES / 100);
}

/** Every second work that changes is one of the first so many. */
async function legs(names: number, first: number): Promise<void> {
  const title = titleMaker();
  const works = Array.from({ length: names / NAMES }, (_, n) => ({
    titles: Array.from({ length: NAMES }, title),
    year: 1980 + (n % 45),
    release_key: `work-${n}-2000-anime`,
  }));
  const map = new Map<string, string>();
  const tell = ({ titles, year, release_key }: (typeof works)[number], put = putIn(map)) => {
    const text = canonicalText({ title: titles[0], year, type: 'anime', release_key, aliases: titles.slice(1) });
    for (const name of titles) put(name.toLowerCase(), text);
  };
  for (const work of works) tell(work);
  const steps: Version[] = [{ version: 0, at: new Date(0), undo: null, since: null }];
  const lengths = new Map<string, number>();
  const tally = new Map<string, { two: number; ours: number; direct: number }>();
  let next = 0;
  for (let hour = 1; hour <= HOURS; hour++) {
    const undo = new Map<string, string | null>();
    const put = putIn(map, undo);
    for (let n = 0; n < works.length / CHANGED; n++) {
      const work = works[(next += 7919) % (n % 2 === 0 ? first : works.length)]!;
      const at = 1 + (next % (NAMES - 1));
      put(work.titles[at]!.toLowerCase(), undefined);
      work.titles[at] = title();
      tell(work, put);
    }
    const step: Version = { version: hour, at: new Date(hour * HOUR_MS), undo: [...undo], since: null };
    steps.push(step);
    if (hour < FIRST) continue;
    const [newest, now] = [placed(map), step.at];
    const { deltas, since } = await buildDeltas(newest, steps, { ...SIZES, now });
    step.since = since;
    const bases = deltas.map(({ from }) => from);
    for (const { from, to, br } of deltas) lengths.set(`${from}-${to}`, br.length);
    if (hour % 2 === 1) {
      const way = { version: hour, deltas: bases, ways: waysThrough(steps.slice(0, -1), bases) };
      for (let back = 1; back <= 36; back += back < 6 ? 1 : 3)
        await addTo(tally, { newest, steps, way, back, lengths });
    }
    for (const to of anchorsOf(steps, now)) {
      const laid = await laidDeltas(newest, steps, to, SIZES, LAID);
      for (const { from, br } of laid.deltas) lengths.set(`${from}-${to}`, br.length);
      steps[to]!.since = laid.deltas.at(-1)?.from ?? steps[to]!.since;
    }
  }
  console.log(`${map.size} names, ${steps.at(-1)!.undo!.length} of them an hour`);
  for (const [age, { two, ours, direct }] of tally)
    console.log(`${age.padEnd(10)} ${two} through another, ${direct} B direct, ${(ours / direct).toFixed(3)} x`);
}

interface Version {
  version: number;
  at: Date;
  undo: Undo | null;
  since: number | null;
}

interface Client {
  newest: Placed;
  steps: readonly Version[];
  way: { version: number; deltas: number[]; ways: [number, number][] };
  back: number;
  lengths: ReadonlyMap<string, number>;
}

async function addTo(tally: Map<string, { two: number; ours: number; direct: number }>, client: Client): Promise<void> {
  const { newest, steps, way, back, lengths } = client;
  const here = way.version - back;
  const taken = wayTo(way, here);
  const age = !taken ? 'whole' : back <= 6 ? '1 to 6' : back <= 24 ? '7 to 24' : '25 to 36';
  const one = tally.get(age) ?? { two: 0, ours: 0, direct: 0 };
  tally.set(age, one);
  if (!taken) return void one.two++;
  const delta = new GrowingDelta(newest, way.version);
  for (const { undo } of steps.slice(here + 1).reverse()) delta.back(undo!);
  one.direct += await tightest(delta.text(here));
  one.ours += taken.reduce((sum, to, at) => sum + lengths.get(`${taken[at - 1] ?? here}-${to}`)!, 0);
  one.two += taken.length - 1;
}

const tightest = async (text: Buffer): Promise<number> =>
  (await promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_LGWIN]: 24 } })).length;

/** Puts texts under keys, and remembers what was there. */
function putIn(map: Map<string, string>, undo?: Map<string, string | null>) {
  return (key: string, text: string | undefined) => {
    if (undo && !undo.has(key)) undo.set(key, map.get(key) ?? null);
    if (text === undefined) map.delete(key);
    else map.set(key, text);
  };
}
