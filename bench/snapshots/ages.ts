import { placed, readMap, undoOf, type BareMap } from '#libs/snapshot/bare-map';
import { brotli } from '#libs/snapshot/build/gzip';
import { GrowingDelta } from '#libs/snapshot/build/growing-delta';
import { syncSnapshot } from '#libs/snapshot/sync-snapshot';
import { MemoryDisk, MemoryHost, Publisher, StandingClock, unpack } from '#libs/testing/snapshot-world';
import { titleMaker } from './made-up-works.js';

const HOUR_MS = 3_600_000;
const DAYS = 10;
/** A map of so many names stands for one of a million: what deltas may cost an hour is made smaller with it. */
const WORKS = 400;
const NAMES = 5;
const SCALE = 1_000_000 / (WORKS * NAMES);
const LIMITS = { most: 300_000 / SCALE, fine: 30_000 / SCALE };
const LAID = 12_000_000 / SCALE;

/**
 * Ten days of hours in each of which one name in 400 changes, published and laid as the service does it; then twice on the last day
 * clients of all ages sync: how many deltas they take, what they ask for in vain, and their bytes beside one direct delta packed as tightly as can be.
 */
export async function benchAges(): Promise<void> {
  const [clock, host] = [new StandingClock(), new MemoryHost()];
  const publisher = await Publisher.start(host, clock, LIMITS);
  const title = titleMaker();
  let next = 0;
  const works = Array.from({ length: WORKS }, (_, n) => ({
    titles: Array.from({ length: NAMES }, title),
    year: 1980 + (n % 45),
    release_key: `work-${n}-2000-anime`,
  }));
  const content = () =>
    Object.fromEntries(
      works.flatMap(({ titles, year, release_key }) => {
        const entry = { title: titles[0], year, type: 'anime', release_key, aliases: titles.slice(1) };
        return titles.map((name) => [name.toLowerCase(), entry]);
      }),
    );
  const versions: { map: BareMap; disk: MemoryDisk }[] = [];
  const follower = new MemoryDisk();
  const tally = new Map<string, Age>();
  for (let hour = 0; hour <= DAYS * 24; hour++) {
    const work = works[(next += 7919) % WORKS]!;
    if (hour > 0) work.titles[1 + (hour % (NAMES - 1))] = title();
    const entries = content();
    await publisher.publish({ alias: entries });
    await syncSnapshot({ source: host, disk: follower, clock, unpack }, { anchor: publisher.root, kinds: ['alias'] });
    versions.push({ map: readMap(JSON.stringify(entries)), disk: follower.copy() });
    if (hour >= (DAYS - 1) * 24 && hour % 12 === 5)
      for (let back = 1; back <= hour; back += back < 50 ? 2 : 9) {
        const old = versions[hour - back]!;
        host.asked.length = 0;
        const report = await syncSnapshot(
          { source: host, disk: old.disk.copy(), clock, unpack },
          { anchor: publisher.root, kinds: ['alias'] },
        );
        const age = ageOf(tally, back);
        age.clients++;
        const asked = host.asked.filter((path) => path.startsWith('delta/'));
        age.vain += host.asked.filter((path) => !host.files.has(path)).length;
        if (report.came.alias === 'full') age.whole++;
        else if (asked.length === 1) age.one++;
        else age.two++;
        if (report.came.alias === 'delta' && (back < 3 || back % 3 === 0)) {
          const newest = versions.at(-1)!.map;
          const direct = new GrowingDelta(placed(newest), 2);
          direct.back(undoOf(old.map, newest));
          age.direct += (await brotli(direct.text(1))).length;
          age.ours += asked.reduce((sum, path) => sum + host.files.get(path)!.length, 0);
        }
      }
    await publisher.lay('alias', LAID);
    clock.move(HOUR_MS);
  }
  const manifest = publisher.manifest!.files[0]!;
  console.log(`hours behind     clients  one delta  two  whole  in vain  bytes beside one direct delta`);
  for (const [name, { clients, one, two, whole, vain, ours, direct }] of tally)
    console.log(
      `${name.padEnd(16)} ${[clients, one, two, whole, vain].map((n) => String(n).padStart(7)).join(' ')}  ${(ours / direct).toFixed(2)} x`,
    );
  console.log(`whole ${manifest.gz_bytes} B, told of deltas ${JSON.stringify([manifest.deltas, manifest.ways])}`);
}

interface Age {
  clients: number;
  one: number;
  two: number;
  whole: number;
  vain: number;
  ours: number;
  direct: number;
}

function ageOf(tally: Map<string, Age>, back: number): Age {
  const name =
    back === 1
      ? '1'
      : back <= 6
        ? '2 to 6'
        : back <= 24
          ? '7 to 24'
          : back <= 48
            ? '25 to 48'
            : back <= 96
              ? '49 to 96'
              : back <= 168
                ? '97 to 168'
                : 'more';
  const age = tally.get(name) ?? { clients: 0, one: 0, two: 0, whole: 0, vain: 0, ours: 0, direct: 0 };
  tally.set(name, age);
  return age;
}
