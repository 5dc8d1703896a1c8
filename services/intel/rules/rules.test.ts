import pg from 'pg';
import type { Caller } from '#libs/contracts/caller';
import { getLatestRules } from '#libs/contracts/intel';
import { saveIntelSite } from '#libs/contracts/intel-releases';
import * as contract from '#libs/contracts/intel-rules';
import { rulesStatement, type Root, type Signed } from '#libs/snapshot/documents';
import { nextRoot } from '#libs/snapshot/next-root';
import { generateKey, isSignedBy, sign } from '#libs/snapshot/signing';
import { runServices, type RunningServices } from '#libs/testing/running';
import { administrator, keeper, ownFolder } from '#libs/testing/seeds/catalogue';
import { intel } from '../service.js';

let running: RunningServices;
let publisher: Caller;
let contributor: Caller;
const admin = administrator();
beforeAll(async () => {
  running = await runServices([intel], ownFolder());
  [publisher, contributor] = [await keeper(running.broker, 'publisher'), await keeper(running.broker, 'contributor')];
});
afterAll(() => running.close());
const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);

const PAGE = `<html><head><title>Site :: Browse</title></head><body><table id="list">
<tr><th>Name</th></tr>
<tr class="row"><td><a href="details.php?id=77&hit=1">A Film <b>2020</b></a></td><td>1.5 GiB</td><td>1,234</td></tr>
</table></body></html>`;
const record = (site: string, row = 'tr.row') => ({
  site,
  engine: 'nexusphp',
  verify: { any: [{ title_contains: 'Site ::' }] },
  parse: {
    list: {
      row,
      fields: {
        title_raw: { selector: 'a', optional: false },
        key: { selector: 'a', attr: 'href', filters: [{ name: 'query', param: 'id' }], transform: 'int' },
        size_bytes: { selector: 'td:nth-child(2)', transform: 'size' },
        seeders: { selector: 'td:nth-child(3)', transform: 'int' },
      },
    },
  },
});
const fixture = {
  name: 'browse',
  page: 'list',
  html: PAGE,
  expect: [{ title_raw: 'A Film 2020', key: 77, size_bytes: 1610612736, seeders: 1234 }],
};

async function passed(site: string, row?: string, caller = contributor) {
  const { id } = await call(contract.createRuleDraft, { record: record(site, row), fixtures: [fixture] }, caller);
  expect((await call(contract.validateRuleDraft, { draft_id: id }, caller)).report).toEqual({
    ok: true,
    problems: [],
    pages: ['list'],
  });
  return id;
}
const latest = async (caller?: Caller) =>
  JSON.parse((await call(getLatestRules, {}, caller)).body!) as {
    version: number;
    rules: { site: string; version: number; parse: { list: { row: string } } }[];
  };

test('rules that read their recorded page are published, signed, and found by site', async () => {
  const id = await passed('alpha');
  await expect(call(contract.publishRules, { drafts: [id] }, contributor)).rejects.toMatchObject({
    code: 'unauthorized',
  });
  const made = await call(contract.publishRules, { drafts: [id] }, publisher);
  expect(made).toMatchObject({ version: 1, state: 'live', entries: { alpha: 1 } });
  const { root } = await call(contract.getTrustKeys, {});
  const { body, checksum } = await call(contract.getRulePackage, { version: 1 });
  const statement = rulesStatement({ version: 1, sha256: checksum, bytes: Buffer.byteLength(body) });
  expect(await call(contract.getRuleSignatures, { version: 1 })).toEqual({
    signed: statement,
    signatures: made.signatures,
  });
  expect(await isSignedBy(root.signed, 'rules', statement, made.signatures)).toBe(true);
  expect(await latest()).toMatchObject({ version: 1, rules: [{ site: 'alpha', version: 1 }] });
  expect(await call(contract.getSiteRules, { site_id: 'alpha' })).toMatchObject({ version: 1, versions: [1] });
  await expect(call(contract.publishRules, { drafts: [id] }, publisher)).rejects.toMatchObject({ code: 'conflict' });
});

test('rules that read anything else are told row and field, and cannot be published', async () => {
  const { id } = await call(
    contract.createRuleDraft,
    { record: record('beta'), fixtures: [{ ...fixture, expect: [{ seeders: 5 }] }] },
    contributor,
  );
  await expect(call(contract.publishRules, { drafts: [id] }, publisher)).rejects.toMatchObject({
    message: expect.stringContaining('Validate'),
  });
  const { report } = await call(contract.validateRuleDraft, { draft_id: id }, contributor);
  expect(report).toMatchObject({
    ok: false,
    problems: [{ fixture: 'browse', message: 'row 1, seeders: 5 expected, 1234 read' }],
  });
  await expect(call(contract.publishRules, { drafts: [id] }, publisher)).rejects.toMatchObject({ code: 'conflict' });
  await call(contract.saveRuleDraft, { draft_id: id, record: record('beta'), fixtures: [] }, contributor);
  expect(
    (await call(contract.validateRuleDraft, { draft_id: id }, contributor)).report!.problems[0]!.message,
  ).toContain('no recorded page');
});

test('rules ask a site where a publisher has said that it is, and nobody else', async () => {
  const asking = { ...record('north'), domains: ['north.example'], search: { url: 'https://north.example/find' } };
  const elsewhere = { ...asking, search: { url: 'https://evil.example/find' } };
  await expect(call(contract.createRuleDraft, { record: elsewhere }, contributor)).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('record.search.url: evil.example'),
  });
  const { id } = await call(contract.createRuleDraft, { record: asking, fixtures: [fixture] }, contributor);
  await call(contract.validateRuleDraft, { draft_id: id }, contributor);
  const publish = () => call(contract.publishRules, { drafts: [id] }, publisher);
  await expect(publish()).rejects.toMatchObject({ code: 'conflict', details: { domains: ['north.example'] } });
  await call(saveIntelSite, { site_id: 'south', domains: ['north.example'] }, publisher);
  await expect(publish()).rejects.toMatchObject({ code: 'conflict' });
  await call(saveIntelSite, { site_id: 'south', domains: [] }, publisher);
  await call(saveIntelSite, { site_id: 'north', domains: ['north.example'] }, publisher);
  const made = await publish();
  expect(made.entries.north).toBe(1);
  await call(contract.publishRules, { drafts: [], remove: ['north'] }, publisher);
  await call(saveIntelSite, { site_id: 'north', domains: [] }, publisher);
  await expect(call(contract.rollbackRules, { to: made.version, sites: ['north'] }, publisher)).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('rules that ask and read nothing, or are tried on pages that show nothing, are not published', async () => {
  const tried = async (wanted: object, fixtures: object[]) => {
    const { id } = await call(contract.createRuleDraft, { record: wanted as never, fixtures: fixtures as never }, contributor);
    return (await call(contract.validateRuleDraft, { draft_id: id }, contributor)).report!;
  };
  const silent = { site: 'silent', engine: 'nexusphp', search: { url: '/find' } };
  expect(await tried(silent, [])).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining('nothing reads') }] });
  const empty = { name: 'empty', page: 'list', html: '<title>Site ::</title>', expect: [] };
  expect(await tried(record('hollow'), [empty])).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining('no recorded page') }] });
  expect(await tried({ site: 'profile', engine: 'nexusphp', hr: { enabled: true } }, [])).toMatchObject({ ok: true });
}); // prettier-ignore

test.each([
  ['an unknown field', { ...record('x'), shell: 'rm' }, 'record'],
  ['a cookie', { ...record('x'), search: { url: '/', headers: { Cookie: 'a=b' } } }, 'record.search.headers.Cookie'],
  ['a site that is no id', record('Not A Site'), 'record.site'],
  [
    'an unknown filter',
    { ...record('x'), parse: { detail: { fields: { a: { filters: [{ name: 'eval', code: '1' }] } } } } },
    'record.parse.detail.fields.a.filters.0.name',
  ],
])('%s is refused, with its place', async (_name, bad, field) => {
  const refusal = call(contract.createRuleDraft, { record: bad as unknown as Record<string, never> }, contributor);
  await expect(refusal).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining(`${field}:`) });
});

test('a bad selector or pattern is refused with its place and the reason, and is no fault of the service', async () => {
  const patterns = {
    ...record('gamma'),
    parse: { list: { row: 'tr.row', fields: { a: { filters: [{ name: 'regex', pattern: '(?<=a)b' }] } } } },
  };
  for (const [bad, field] of [
    [record('gamma', 'tr[['), 'record.parse.list.row'],
    [patterns, 'record.parse.list.fields.a.filters.0.pattern'],
  ] as const)
    await expect(call(contract.createRuleDraft, { record: bad, fixtures: [fixture] }, contributor)).rejects.toMatchObject({ code: 'invalid', details: { fields: [{ field }] } }); // prettier-ignore
});

test('a pattern that looks at every character in a thousand ways is a problem of the draft, and holds nobody up', async () => {
  const heavy = {
    ...record('delta'),
    parse: {
      list: {
        row: 'tr.row',
        fields: { a: { selector: 'a', filters: [{ name: 'regex', pattern: '((?:a?){400}(?:a){400})$' }] } },
      },
    },
  };
  const html = `<html><head><title>Site :: Browse</title></head><body><table>${`<tr class="row"><td><a>${'a'.repeat(20_000)}</a></td></tr>`.repeat(50)}</table></body></html>`;
  const fixtures = Array.from({ length: 3 }, (_, at) => ({ ...fixture, name: `${at}`, html }));
  const { id } = await call(contract.createRuleDraft, { record: heavy, fixtures }, contributor);
  const trial = call(contract.validateRuleDraft, { draft_id: id }, contributor);
  expect(await Promise.race([trial, latest().then(() => 'others were answered')])).toBe('others were answered');
  expect((await trial).report!.problems[0]!.message).toContain('steps');
});

test('a trial goes to its share of people, then to all; a revert is a new and higher version with the old content', async () => {
  const before = (await latest()).version;
  const id = await passed('alpha', '#list tr.row');
  const trial = await call(contract.publishRules, { drafts: [id], canary_share: 0.3 }, publisher);
  expect(trial.state).toBe('canary');
  expect((await latest()).version).toBe(before);
  const people = Array.from({ length: 200 }, () => administrator());
  const versions = await Promise.all(people.map(async (one) => (await latest(one)).version));
  const onTrial = versions.filter((version) => version === trial.version).length;
  expect(onTrial).toBeGreaterThan(30);
  expect(onTrial).toBeLessThan(90);
  const asClient = async (client_id: string) =>
    (JSON.parse((await call(getLatestRules, { client_id })).body!) as { version: number }).version;
  const clients = Array.from({ length: 200 }, (_, at) => `random-${at}`);
  const first = await Promise.all(clients.map(asClient));
  const share = first.filter((version) => version === trial.version).length;
  expect(share).toBeGreaterThan(30);
  expect(share).toBeLessThan(90);
  expect(await Promise.all(clients.map(asClient))).toEqual(first);
  await call(contract.promoteRules, { version: trial.version }, publisher);
  expect((await latest()).rules.find(({ site }) => site === 'alpha')).toMatchObject({
    version: 2,
    parse: { list: { row: '#list tr.row' } },
  });
  const diff = await call(contract.diffRules, { from: before, to: trial.version });
  expect(diff.changed).toEqual([expect.objectContaining({ site: 'alpha', from: 1, to: 2 })]);
  const back = await call(contract.rollbackRules, { to: before }, publisher);
  expect(back.version).toBeGreaterThan(trial.version);
  expect((await latest()).rules.find(({ site }) => site === 'alpha')).toMatchObject({
    version: 3,
    parse: { list: { row: 'tr.row' } },
  });
  await expect(call(contract.promoteRules, { version: trial.version }, publisher)).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('of publishers at once each gets a number of their own', async () => {
  const ids = await Promise.all(['one', 'two', 'three', 'four'].map((site) => passed(site)));
  const made = await Promise.all(ids.map((id) => call(contract.publishRules, { drafts: [id] }, publisher)));
  expect(new Set(made.map(({ version }) => version)).size).toBe(4);
  expect((await latest()).rules.map(({ site }) => site)).toEqual(
    expect.arrayContaining(['one', 'two', 'three', 'four']),
  );
});

test('keys change by a root that the old one signs, and those of the root and the rules can be given away', async () => {
  expect(await call(contract.rotateKey, { role: 'rules' }, admin)).toMatchObject({
    published: true,
    root: { version: 2 },
  });
  await expect(call(contract.rotateKey, { role: 'rules' }, publisher)).rejects.toMatchObject({ code: 'unauthorized' });
  const { root } = await call(contract.getTrustKeys, {});
  const isSignedNow = async (version: number) => {
    const { signed, signatures } = await call(contract.getRuleSignatures, { version });
    return isSignedBy(root.signed, 'rules', signed, signatures);
  };
  const { version: live } = await latest();
  expect([await isSignedNow(live), await isSignedNow(1)]).toEqual([true, false]);
  const current = root.signed;
  const [rules, anna, ben] = await Promise.all([generateKey(), generateKey(), generateKey()]);
  const away = {
    ...current.roles,
    root: { keys: [anna.id, ben.id], threshold: 2 },
    rules: { keys: [rules.id], threshold: 1 },
  };
  const publish = async (document: Root, signers: Parameters<typeof sign>[1]) =>
    call(contract.publishRoot, (await sign(document, signers)) as never, admin);
  const handed = nextRoot(current, away, [rules, anna, ben]);
  for (const signers of [[anna], [anna, rules]])
    await expect(publish(handed, signers)).rejects.toMatchObject({ code: 'conflict' });
  const mislabelled = { ...handed, keys: { ...handed.keys, [anna.id]: ben.public_key } };
  await expect(publish(mislabelled, [anna, ben])).rejects.toMatchObject({ code: 'invalid' });
  const { keys } = await publish(handed, [anna, ben]);
  const held = keys.filter(({ retired_at, held_here }) => retired_at === null && held_here);
  expect(held.map(({ role }) => role).sort()).toEqual(['feed', 'manifest', 'pointer']);

  const rotated = await call(contract.rotateKey, { role: 'pointer' }, admin);
  expect(rotated).toMatchObject({ published: false, root: { version: 4 } });
  const turned = rotated.root;
  for (const signers of [[anna], [rules, ben]])
    await expect(publish(turned, signers)).rejects.toMatchObject({ code: 'conflict' });
  expect((await publish(turned, [ben, anna])).root as unknown as Signed<Root>).toMatchObject({
    signed: { version: 4 },
  });
});

test('nobody has more than 200 open drafts, however many they make at once', async () => {
  const writer = await keeper(running.broker, 'contributor');
  const database = new pg.Client({ connectionString: running.databaseUrl });
  await database.connect();
  await database.query(
    `insert into intel.rule_drafts (site, body, fixtures, created_by) select 'many', '{}', '[]', $1 from generate_series(1, 197)`,
    [writer.user_id],
  );
  // They come one after the other from the thread that checks them: here each is still being written when the next one counts.
  await database.query(`create function intel.linger() returns trigger language plpgsql as $$ begin perform pg_sleep(0.3); return new; end $$;
    create trigger linger before insert on intel.rule_drafts for each row execute function intel.linger()`);
  const asked = Array.from({ length: 8 }, () => call(contract.createRuleDraft, { record: record('many') }, writer));
  const refused = (await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected');
  await database.query('drop function intel.linger cascade');
  await database.end();
  expect(refused.map((one) => (one as { reason: unknown }).reason)).toEqual(
    Array(5).fill(expect.objectContaining({ code: 'conflict' })),
  );
});
