import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Asset } from '#libs/contracts/media-assets';
import type { Playback } from '#libs/contracts/media-play';
import type { Upload } from '#libs/contracts/media-uploads';
import { freePort } from '#libs/database/free-port';
import { findMediaPrograms } from '#libs/media/media-programs';
import { runFfmpeg } from '#libs/media/run-ffmpeg';
import { eventually } from '#libs/testing/child-process';
import { runPlatform, type RunningPlatform } from './running-platform.js';
import { readFile } from 'node:fs/promises';

/** A film goes in and is looked at over HTTP only, as by any client; what the addresses lead to is fetched like a browser would. */
let folder: string;
let platform: RunningPlatform;
let token: string;
beforeAll(async () => {
  const port = await freePort();
  platform = await runPlatform({ PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` });
  folder = platform.folder;
  const account = { email: 'ada@example.org', password: 'secret words' };
  await api('POST', '/auth/register', account);
  const form = new URLSearchParams({ username: account.email, password: account.password });
  const login = await fetch(`${platform.url}/api/v1/auth/login`, { method: 'POST', body: form });
  token = ((await login.json()) as { access_token: string }).access_token;
});
afterAll(() => platform?.close());

async function api<T>(method: string, path: string, body?: object, as = token): Promise<T> {
  const headers = { 'content-type': 'application/json', ...(as && { authorization: `Bearer ${as}` }) };
  const answer = await fetch(`${platform.url}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

test('a film is uploaded, played privately, opened to the world, and closed again', async () => {
  const path = join(folder, 'film');
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=240x136:rate=25:duration=3', '-pix_fmt', 'yuv420p'];
  await runFfmpeg(await findMediaPrograms(), [...picture, '-c:v', 'libx264', '-f', 'mp4', path]);
  const film = await readFile(path);
  const files = [{ filename: '海边 sea.mp4', size: film.length }];
  const [begun] = (await api<{ uploads: Upload[] }>('POST', '/media/uploads', { files })).uploads;
  expect((await fetch(begun!.url!, { method: 'PUT', body: film })).status).toBe(200);
  const { asset } = await api<Upload>('POST', `/media/uploads/${begun!.id}/complete`);
  const { id, url } = asset!;

  const redirect = await fetch(url, { redirect: 'manual' });
  expect(redirect.status).toBe(302);
  expect(redirect.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  expect(redirect.headers.get('cache-control')).toBe('private, max-age=600');
  const part = await fetch(url, { headers: { range: 'bytes=0-99' } });
  expect([part.status, part.headers.get('content-type')]).toEqual([206, 'video/mp4']);
  expect(Buffer.from(await part.arrayBuffer()).equals(film.subarray(0, 100))).toBe(true);

  const playback = await eventually(async () => {
    const seen = await api<Playback>('GET', `/media/assets/${id}/playback`);
    return seen.state === 'ready' && seen;
  });
  const master = await fetch(playback.hls_url!);
  expect(master.headers.get('content-type')).toMatch(/^application\/vnd\.apple\.mpegurl/);
  expect(master.headers.get('cache-control')).toBe('private, no-store');
  const [variant] = (await master.text()).match(/^\d+\.m3u8$/m)!;
  const pieces = (await (await fetch(new URL(variant, playback.hls_url!))).text()).match(/^http.*$/gm)!;
  expect((await fetch(pieces[0]!)).status).toBe(200);

  const anonymous = (what: string) => fetch(`${platform.url}/api/v1/media/assets/${id}${what}`);
  expect((await anonymous('')).status).toBe(404);
  expect((await anonymous('/playback')).status).toBe(404);
  const open = await api<Asset>('PATCH', `/media/assets/${id}`, { is_public: true });
  expect((await anonymous('')).status).toBe(200);
  expect((await fetch(open.public_url!)).status).toBe(200);
  await api('PATCH', `/media/assets/${id}`, { is_public: false });
  for (const old of [open.public_url!, url, playback.hls_url!]) expect((await fetch(old)).status).toBe(404);
  const usage = await api<{ logical_bytes: number; quota_bytes: null }>('GET', '/media/usage');
  expect(usage).toMatchObject({ logical_bytes: film.length, physical_bytes: film.length, quota_bytes: null });
});

describe('a file in a form', () => {
  const send = (form: FormData | Blob, headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
    fetch(`${platform.url}/api/v1/files/upload`, { method: 'POST', headers, body: form });
  const formOf = (bytes: Uint8Array<ArrayBuffer>, name = '海边.bin') => {
    const form = new FormData();
    form.append('file', new Blob([bytes]), name);
    return form;
  };
  const mine = async () => (await api<{ items: Asset[] }>('GET', '/media/assets')).items;

  test.each([
    ['of a few bytes', 12],
    ['of no bytes', 0],
    ['of several parts', 9 * 1024 * 1024 + 5],
  ])('%s goes to the object store, and is held to what holds for all', async (_what, size) => {
    const bytes = new Uint8Array(size).map((_, at) => (at * 31) % 251);
    const answer = await send(formOf(bytes));
    const { msg } = (await answer.json()) as { msg: string };
    expect([answer.status, msg]).toEqual([
      200,
      expect.stringMatching(/^File uploaded successfully to [0-9a-f-]{36}\/.*海边\.bin$/),
    ]);
    const asset = (await mine()).find(({ object_name }) => msg.endsWith(object_name))!;
    expect(asset).toMatchObject({ state: 'ready', size, sha256: createHash('sha256').update(bytes).digest('hex') });
    expect(Buffer.from(await (await fetch(asset.url!)).arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
  });

  test('that is not as announced, or from a stranger, is refused and leaves nothing', async () => {
    const before = await api<{ pending_bytes: number }>('GET', '/media/usage');
    const form = formOf(new Uint8Array(100_000));
    form.append('note', 'afterwards');
    const refused = await send(form);
    expect([refused.status, await refused.json()]).toEqual([
      400,
      expect.objectContaining({ detail: 'Send the file as the last field of the form.' }),
    ]);
    expect((await send(formOf(new Uint8Array(4)), {})).status).toBe(401);
    expect((await send(new Blob(['{}'], { type: 'application/json' }))).status).toBe(400);
    expect(await api('GET', '/media/usage')).toEqual(before);
  });
});
