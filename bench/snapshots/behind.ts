import { MemoryDisk, MemoryHost, Publisher, StandingClock, unpack } from '#libs/testing/snapshot-world';
import type { BareMap } from '#libs/snapshot/bare-map';
import type { Kind } from '#libs/snapshot/documents';
import { syncSnapshot, type SyncReport } from '#libs/snapshot/sync-snapshot';

const HOUR_MS = 3_600_000;

/** What an update to the newest of so many versions costs a client that stands at each of those before: the reports of the real loader. */
export async function updatesTo(kind: Kind, versions: readonly BareMap[]): Promise<SyncReport[]> {
  const clock = new StandingClock();
  const host = new MemoryHost();
  const publisher = await Publisher.start(host, clock);
  const disks: MemoryDisk[] = [];
  const disk = new MemoryDisk();
  const sync = (where: MemoryDisk) =>
    syncSnapshot({ source: host, disk: where, clock, unpack }, { anchor: publisher.root, kinds: [kind] });
  for (const version of versions) {
    await publisher.publish({ [kind]: Object.fromEntries([...version].map(([key, text]) => [key, JSON.parse(text)])) });
    await sync(disk);
    disks.push(disk.copy());
    clock.move(HOUR_MS);
  }
  const reports: SyncReport[] = [];
  for (const behind of disks.slice(0, -1)) reports.push(await sync(behind));
  return reports;
}
