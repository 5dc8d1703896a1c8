import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#libs/database/free-port';
import { findMediaPrograms } from '#libs/media/media-programs';
import { eventually } from '#libs/testing/child-process';
import { testDatabase, type TestDatabase } from '#libs/testing/database';
import { startPlatform, type Platform } from '../../services/local/start-platform.js';

/** The whole platform over HTTP, as a browser and then a passer-by would meet it. */
const folder = mkdtempSync(join(tmpdir(), 'film-to-world-'));
let database: TestDatabase;
let platform: Platform;
let token = '';
beforeAll(async () => {
  database = await testDatabase();
  platform = await startPlatform({
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    PORT: String(await freePort()),
    LOG_LEVEL: 'fatal',
    LOG_FORMAT: 'json',
    RABBITMQ_URL: 'in-process:film-to-world',
  });
}, 60_000);
afterAll(async () => {
  await platform?.close();
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

type Json = Record<string, never> & Record<string, string>;
async function api<T = Json>(method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${platform.url}/api/v1${path}`, {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token !== '' && { authorization: `Bearer ${token}` }),
    },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

test('an uploaded clip is cut, rendered, published, and played by somebody who never signed in', async () => {
  await api('POST', '/auth/register', { email: 'ada@example.org', password: 'secret words' });
  const form = new URLSearchParams({ username: 'ada@example.org', password: 'secret words' });
  const signedIn = await fetch(`${platform.url}/api/v1/auth/login`, { method: 'POST', body: form });
  token = ((await signedIn.json()) as { access_token: string }).access_token;
  const { id: project_id } = await api('POST', '/projects', { name: 'To the world' });

  const clip = join(folder, 'clip.mp4');
  const { ffmpeg } = await findMediaPrograms();
  execFileSync(ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=s=320x180:r=25:d=4', '-pix_fmt', 'yuv420p', clip]);
  const { url, object_name } = await api('POST', '/files/presigned-url?filename=clip.mp4');
  expect((await fetch(url!, { method: 'PUT', body: readFileSync(clip) })).ok).toBe(true);
  const asset = await api('POST', '/vn/assets', { project_id, type: 'OTHER', object_name });

  const shot = { id: 's1', start: 0, end: 2, effectId: 's1' };
  const document = {
    editorData: [{ id: '0', actions: [shot] }],
    effects: { s1: { id: 's1', name: 'The clip' } },
    editorState: {
      scenes: {},
      beats: {},
      characters: {},
      sceneOrder: [],
      assets: { a1: { id: 'a1', type: 'video', url: asset.storage_url, source: 'upload' } },
      clips: { c1: { id: 'c1', assetId: 'a1', startOffset: 1 } },
      timelineItems: { s1: { id: 's1', clipId: 'c1', trackId: '0', startTime: 0, duration: 2 } },
    },
  };
  await api('POST', '/commits', { project_id, message: 'The cut', video_assets: document });
  const account = await api('POST', '/publish/accounts', { platform: 'site', credential_json: '{}' });
  const job = await api('POST', '/publish/jobs', { account_id: account.id, project_id });
  const done = await eventually(async () => {
    const seen = await api<{ status: string; error: string | null }>('GET', `/publish/jobs/${job.id}`);
    return ['succeeded', 'failed'].includes(seen.status) && seen;
  }, 60_000);
  expect(done).toMatchObject({ status: 'succeeded', error: null });

  token = '';
  const [render] = await api<Json[]>('GET', `/projects/${project_id}/renders`);
  expect(render).toMatchObject({ is_published: true, duration_seconds: 2 });
  const played = await fetch(render!.url!, { headers: { range: 'bytes=0-99' } });
  expect(played.status).toBe(206);
  expect(Buffer.from(await played.arrayBuffer()).toString('latin1', 4, 8)).toBe('ftyp');
}, 120_000);
