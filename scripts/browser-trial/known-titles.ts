import { connect, type Api } from '#libs/client/api/api';
import { senderFor } from '#libs/client/api/api';
import { sessionCredentials, signIn, tokensInMemory } from '#libs/client/api/session';
import { WORKS } from '#libs/testing/seeds/catalogue';

export const ADMIN = { ADMIN_EMAIL: 'op@example.org', ADMIN_PASSWORD: 'correct horse battery' };

/** The administrator of a platform that was started with `ADMIN`. */
export async function administratorOf(server: string): Promise<Api> {
  const sender = senderFor({ server });
  const tokens = tokensInMemory(await signIn(sender, ADMIN.ADMIN_EMAIL, ADMIN.ADMIN_PASSWORD));
  return connect({ ...sender, credentials: sessionCredentials(sender, tokens) });
}

/** Teaches a platform a few works that are asked for, as many more as are wanted, where one was seen, and how a site is read. */
export async function teachTitles(admin: Api, more: number, say: (line: string) => void): Promise<void> {
  await importWorks(admin, WORKS);
  for (let from = 0; from < more; from += AT_ONCE) {
    await importWorks(admin, plainWorks(from, Math.min(AT_ONCE, more - from)));
    if (from > 0 && from % TOLD === 0) say(`     ${from} works taken in`);
  }
  const observations = ['hdsky', 'ttg'].map((site) => ({ site, release_key: 'iron-man-2008-movie' }));
  await admin.post('/v1/releases', { body: { observations } });
  const html = '<table><tr class="row"><td>A</td></tr></table>';
  const list = { row: 'tr.row', fields: { title_raw: { selector: 'td' } } };
  const fixtures = [{ name: 'one', page: 'list', html, expect: [{ title_raw: 'A' }] }];
  const record = { site: 'hdsky', engine: 'nexusphp', parse: { list } };
  const { id } = await admin.post('/v1/rules/drafts', { body: { record, fixtures } as never });
  await admin.post('/v1/rules/drafts/{draft_id}/validate', { path: { draft_id: id } });
  await admin.post('/v1/rules/publish', { body: { drafts: [id] } as never });
  await publish(admin);
}

const AT_ONCE = 500;
const TOLD = 5000;

/** Adds one more work, and publishes the next snapshot. */
export async function teachOne(admin: Api, title: string): Promise<void> {
  await importWorks(admin, [{ title, type: 'movie', year: 2026, source_ref: title }]);
  await publish(admin);
}

const publish = (admin: Api) => admin.post('/v1/admin/snapshots/build', { timeout_ms: 120_000 });

const importWorks = (admin: Api, works: readonly object[]) =>
  admin.post('/v1/works/import', { body: { source: 'trial', works } as never, timeout_ms: 60_000 });

const plainWorks = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => ({
    title: `Ledger of Harbour ${(from + at).toString(36)}`,
    type: 'movie',
    year: 1950 + ((from + at) % 70),
    source_ref: `plain-${from + at}`,
    aliases: [{ name: `港口账本 ${from + at}`, language: 'zh-Hans', licence: 'CC0-1.0' }],
  }));
