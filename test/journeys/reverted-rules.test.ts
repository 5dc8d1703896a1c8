import { importWorks } from '#libs/contracts/intel-works';
import type { Caller } from '#libs/contracts/caller';
import {
  createRuleDraft,
  getTrustKeys,
  publishRules,
  rollbackRules,
  validateRuleDraft,
} from '#libs/contracts/intel-rules';
import type { Root, Signed } from '#libs/snapshot/documents';
import { openSnapshot } from '#libs/snapshot/open-snapshot';
import { syncSnapshot } from '#libs/snapshot/sync-snapshot';
import { eventually } from '#libs/testing/child-process';
import { runServices, type RunningServices } from '#libs/testing/running';
import { keeper, ownFolder, WORKS } from '#libs/testing/seeds/catalogue';
import { MemoryDisk, StandingClock, unpack } from '#libs/testing/snapshot-world';
import { startGateway, type RunningGateway } from '../../services/gateway/start-gateway.js';
import { intel } from '../../services/intel/service.js';

let running: RunningServices;
let gateway: RunningGateway;
let publisher: Caller;
let anchor: Signed<Root>;
const disk = new MemoryDisk();
beforeAll(async () => {
  running = await runServices([intel], { ...ownFolder(), INTEL_SNAPSHOT_MINUTES: '1440' });
  gateway = await startGateway({ ...running.environment, PORT: '0' });
  publisher = await keeper(running.broker, 'publisher');
  anchor = (await call(getTrustKeys, {})).root as unknown as Signed<Root>;
  await call(importWorks, { source: 'test', works: WORKS }, publisher);
});
afterAll(async () => {
  await gateway.close();
  await running.close();
});
const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);

let fetched: { path: string; bytes: number }[] = [];
const source = {
  open: async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${gateway.port}/snap/${path}`);
    if (answer.status === 404) return undefined;
    const bytes = new Uint8Array(await answer.arrayBuffer());
    fetched.push({ path, bytes: Number(answer.headers.get('content-length') ?? bytes.byteLength) });
    return new Blob([bytes]).stream() as unknown as AsyncIterable<Uint8Array>;
  },
};
async function sync() {
  fetched = [];
  return syncSnapshot({ source, disk, clock: new StandingClock(Date.now()), unpack }, { anchor, kinds: ['rules'] });
}
const read = async () => {
  const files = await openSnapshot(disk, ['rules'], new Date());
  return JSON.parse(new TextDecoder().decode(files!.get('rules')!.bytes)) as {
    version: number;
    rules: { site: string; parse: { list: { row: string } } }[];
  };
};
const rowOf = async (site: string) => (await read()).rules.find((one) => one.site === site)?.parse.list.row;

async function drafted(site: string, row: string): Promise<string> {
  const html = '<table><tr class="row"><td>A</td><td>1 GB</td></tr></table>';
  const fields = { title_raw: { selector: 'td' }, size_bytes: { selector: 'td:nth-child(2)', transform: 'size' } };
  const record = { site, engine: 'nexusphp', name: `The site ${site}`, parse: { list: { row, fields } } };
  const fixtures = [{ name: 'one', page: 'list', html, expect: [{ title_raw: 'A' }] }];
  const { id } = await call(createRuleDraft, { record, fixtures }, publisher);
  await call(validateRuleDraft, { draft_id: id }, publisher);
  return id;
}

test('bad rules that are taken back are gone from clients at the next look, a day before the next snapshot is due', async () => {
  const sites = Array.from({ length: 20 }, (_, at) => `site${at}`);
  const drafts = [];
  for (const site of sites) drafts.push(await drafted(site, 'tr.row'));
  const good = await call(publishRules, { drafts }, publisher);
  const seen = async (row: string) => {
    await sync();
    return (await rowOf('site7')) === row;
  };
  await eventually(() => seen('tr.row'));
  await call(publishRules, { drafts: [await drafted('site7', 'tr')] }, publisher);
  await eventually(() => seen('tr'));
  const bad = (await read()).version;
  // One site has changed, and not much more than that is sent: the others are not fetched again.
  const delta = fetched.find(({ path }) => path.startsWith('delta/rules/'));
  expect(delta?.bytes).toBeLessThanOrEqual(600);
  expect(fetched.some(({ path }) => path.startsWith('o/'))).toBe(false);
  await call(rollbackRules, { to: good.version }, publisher);
  await eventually(() => seen('tr.row'));
  expect((await read()).version).toBeGreaterThan(bad);
  expect(fetched.find(({ path }) => path.startsWith('delta/rules/'))?.bytes).toBeLessThanOrEqual(600);
}, 90_000);
