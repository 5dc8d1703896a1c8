import type { Caller } from '#libs/contracts/caller';
import { createRuleDraft, getTrustKeys, validateRuleDraft } from '#libs/contracts/intel-rules';
import { importWorks } from '#libs/contracts/intel-works';
import { KINDS, type Kind, type Root, type Signed } from '#libs/snapshot/documents';
import { syncSnapshot } from '#libs/snapshot/sync-snapshot';
import { runServices, type RunningServices } from '#libs/testing/running';
import { keeper, ownFolder, WORKS } from '#libs/testing/seeds/catalogue';
import { MemoryDisk, StandingClock, unpack } from '#libs/testing/snapshot-world';
import { startGateway } from '../../services/gateway/start-gateway.js';
import { intel } from '../../services/intel/service.js';

export interface SnapshotCentre extends RunningServices {
  /** Where its gateway answers. */
  url: string;
  publisher: Caller;
  call: RunningServices['broker']['call'];
  disk: MemoryDisk;
  /** What clients have fetched since they were last asked to sync. */
  fetched: { path: string; bytes: number }[];
  sync: (kinds?: readonly Kind[]) => ReturnType<typeof syncSnapshot>;
  /** A draft that has passed on one recorded page; its id. */
  drafted: (record: object, fixture: object) => Promise<string>;
}

/** A centre with three works and a publisher, and a client in memory that knows its first root. */
export async function startSnapshotCentre(settings: Record<string, string>): Promise<SnapshotCentre> {
  const running = await runServices([intel], { ...ownFolder(), ...settings });
  const gateway = await startGateway({ ...running.environment, PORT: '0' });
  const publisher = await keeper(running.broker, 'publisher');
  const call: SnapshotCentre['call'] = (...args) => running.broker.call(...args);
  const anchor = (await call(getTrustKeys, {})).root as Signed<Root>;
  await call(importWorks, { source: 'test', works: WORKS }, publisher);
  const disk = new MemoryDisk();
  const fetched: SnapshotCentre['fetched'] = [];
  const url = `http://127.0.0.1:${gateway.port}`;
  const source = {
    open: async (path: string) => {
      const answer = await fetch(`${url}/snap/${path}`);
      if (answer.status === 404) return undefined;
      const bytes = new Uint8Array(await answer.arrayBuffer());
      fetched.push({ path, bytes: Number(answer.headers.get('content-length') ?? bytes.byteLength) });
      return new Blob([bytes]).stream() as unknown as AsyncIterable<Uint8Array>;
    },
  };
  return {
    ...running,
    url,
    publisher,
    call,
    disk,
    fetched,
    sync: (kinds = KINDS) => {
      fetched.length = 0;
      return syncSnapshot({ source, disk, clock: new StandingClock(Date.now()), unpack }, { anchor, kinds });
    },
    drafted: async (record, fixture) => {
      const { id } = await call(createRuleDraft, { record: record as never, fixtures: [fixture as never] }, publisher);
      await call(validateRuleDraft, { draft_id: id }, publisher);
      return id;
    },
    close: async () => {
      await gateway.close();
      await running.close();
    },
  };
}
