import { publishRules, rollbackRules, rotateKey } from '#libs/contracts/intel-rules';
import { openSnapshot } from '#libs/snapshot/open-snapshot';
import { readState } from '#libs/snapshot/snapshot-state';
import { eventually } from '#libs/testing/child-process';
import { administrator } from '#libs/testing/seeds/catalogue';
import { startSnapshotCentre, type SnapshotCentre } from './snapshot-centre.js';

let centre: SnapshotCentre;
beforeAll(async () => {
  centre = await startSnapshotCentre({ INTEL_SNAPSHOT_MINUTES: '1440' });
});
afterAll(() => centre.close());

const read = async () => {
  const files = await openSnapshot(centre.disk, ['rules'], new Date());
  return JSON.parse(new TextDecoder().decode(files!.get('rules')!.bytes)) as {
    version: number;
    rules: { site: string; parse: { list: { row: string } } }[];
  };
};
const rowOf = async (site: string) => (await read()).rules.find((one) => one.site === site)?.parse.list.row;

function drafted(site: string, row: string): Promise<string> {
  const html = '<table><tr class="row"><td>A</td><td>1 GB</td></tr></table>';
  const fields = { title_raw: { selector: 'td' }, size_bytes: { selector: 'td:nth-child(2)', transform: 'size' } };
  const record = { site, engine: 'nexusphp', name: `The site ${site}`, parse: { list: { row, fields } } };
  return centre.drafted(record, { name: 'one', page: 'list', html, expect: [{ title_raw: 'A' }] });
}

test('bad rules that are taken back are gone from clients at the next look, a day before the next snapshot is due', async () => {
  const { call, publisher, fetched } = centre;
  const sites = Array.from({ length: 20 }, (_, at) => `site${at}`);
  const drafts = [];
  for (const site of sites) drafts.push(await drafted(site, 'tr.row'));
  const good = await call(publishRules, { drafts }, publisher);
  const seen = async (row: string) => {
    await centre.sync(['rules']);
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
});

test('a key that was given up counts for clients no more at the next look', async () => {
  const { call } = centre;
  const read = async () => (await readState(centre.disk))!.root.signed;
  await centre.sync(['rules']);
  const before = (await read()).roles.pointer.keys;
  const { root } = await call(rotateKey, { role: 'pointer' }, administrator());
  await eventually(async () => {
    await centre.sync(['rules']);
    return (await read()).version === root.version;
  });
  expect((await read()).roles.pointer.keys).not.toEqual(before);
});
