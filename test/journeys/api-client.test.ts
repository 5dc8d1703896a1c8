import { createHash, randomBytes } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { connect, senderFor, type Api } from '#libs/client/api/api';
import { followTask } from '#libs/client/api/follow';
import { eachOf } from '#libs/client/api/pages';
import { tokensInMemory, sessionCredentials, signIn, type TokenStore } from '#libs/client/api/session';
import { uploadFile } from '#libs/client/api/upload';
import { freePort } from '#libs/database/free-port';
import { findMediaPrograms } from '#libs/media/media-programs';
import { runFfmpeg } from '#libs/media/run-ffmpeg';
import { runPlatform, type RunningPlatform } from './running-platform.js';

/** The client library against a whole platform, as a program of somebody else would use it. */
let platform: RunningPlatform;
let store: TokenStore;
let ada: Api;
/** What went over the line: method, address, and how many bytes. */
const sent: { method: string; url: string; size: number }[] = [];
const watchedFetch: typeof fetch = (input, init) => {
  const size = init?.body instanceof Blob ? init.body.size : 0;
  sent.push({ method: init?.method ?? 'GET', url: String(input), size });
  return fetch(input, init);
};

beforeAll(async () => {
  const port = await freePort();
  platform = await runPlatform({ PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` });
  const account = { email: 'ada@example.org', password: 'secret words' };
  await connect({ server: platform.url }).post('/api/v1/auth/register', { body: account });
  const sender = senderFor({ server: platform.url });
  store = tokensInMemory(await signIn(sender, account.email, account.password));
  ada = connect({ server: platform.url, fetch: watchedFetch, credentials: sessionCredentials(sender, store) });
});
afterAll(() => platform?.close());

test('a session whose access token is no longer good goes on with the next one', async () => {
  const before = (await store.read())!;
  await store.write({ ...before, access_token: 'no longer good' });
  expect(await ada.get('/api/v1/users/me')).toMatchObject({ email: 'ada@example.org' });
  expect((await store.read())!.refresh_token).not.toBe(before.refresh_token);
});

test('a project grows by commits, of which a stale one is refused with the head there is', async () => {
  const { id: project_id } = await ada.post('/api/v1/projects', { body: { name: 'Sea' } });
  const commit = (title: string, parent_hash: string | null) =>
    ada.post('/api/v1/commits', { body: { project_id, message: title, video_assets: { title }, parent_hash } });
  const first = await commit('one', null);
  const second = await commit('two', first.id);
  await expect(commit('three', first.id)).rejects.toMatchObject({
    status: 409,
    code: 'conflict',
    details: { head_commit_id: second.id },
  });
  const log: string[] = [];
  const path = { project_id };
  for await (const { message } of eachOf((after) =>
    ada.get('/api/v1/projects/{project_id}/commits', { path, query: { after, limit: 1 } }),
  ))
    log.push(message);
  expect(log).toEqual(['two', 'one']);
});

test('a workspace is saved over the state that was read, and over no other', async () => {
  const { id: project_id } = await ada.post('/api/v1/projects', { body: { name: 'Tags' } });
  const path = { project_id };
  const save = (etag: string, document: Record<string, unknown>) =>
    ada.ask('put', '/api/v1/projects/{project_id}/workspace', { path, header: { 'if-match': etag }, body: document });
  const read = await ada.ask('get', '/api/v1/projects/{project_id}/workspace', { path });
  const etag = read.headers.get('etag')!;
  expect((await save(etag, { a: 1 })).headers.get('etag')).not.toBe(etag);
  await expect(save(etag, { a: 2 })).rejects.toMatchObject({ status: 412, code: 'conflict' });
});

test('an upload that is broken off goes on where it was, and what is there already is not sent', async () => {
  const bytes = randomBytes(20 * 1024 * 1024);
  const file = new Blob([bytes]);
  const options = { filename: 'noise.bin', sha256: createHash('sha256').update(bytes).digest('hex') };
  const stop = new AbortController();
  let resume = '';
  const broken = uploadFile(ada, file, {
    ...options,
    signal: stop.signal,
    onBegin: (id) => void (resume = id),
    onProgress: (done) => done > 0 && stop.abort(new Error('the cat')),
  });
  await expect(broken).rejects.toThrow('the cat');
  sent.length = 0;
  const progress: number[] = [];
  const done = await uploadFile(ada, file, { ...options, resume, onProgress: (at) => progress.push(at) });
  expect(done).toMatchObject({ id: resume, state: 'done', asset: { size: bytes.length, sha256: options.sha256 } });
  const puts = sent.filter(({ method }) => method === 'PUT');
  expect(puts.length).toBeLessThan(3);
  expect(progress[0]).toBe(bytes.length - puts.reduce((sum, { size }) => sum + size, 0));
  expect(progress.at(-1)).toBe(bytes.length);

  sent.length = 0;
  expect(await uploadFile(ada, file, { ...options, filename: 'again.bin' })).toMatchObject({ state: 'done' });
  expect(sent.filter(({ method }) => method === 'PUT')).toEqual([]);
});

test('a file that is not what its hash says is refused, with the reason', async () => {
  const wrong = uploadFile(ada, new Blob(['hello']), { filename: 'a.txt', sha256: 'a'.repeat(64) });
  await expect(wrong).rejects.toMatchObject({ code: 'invalid', details: { state: 'failed' } });
});

test('a render is followed to its end, and a line that broke off is taken up again', async () => {
  const project = await ada.post('/api/v1/projects', { body: { name: 'Film' } });
  const video_assets = { clips: [{ video_url: await aClip() }] };
  await ada.post('/api/v1/commits', { body: { project_id: project.id, message: 'A clip', video_assets } });
  const path = { project_id: project.id };
  const { task_id } = await ada.post('/api/v1/projects/{project_id}/renders', {
    path,
    body: { width: 64, height: 64, rate: '5' },
  });
  let isCut = false;
  const unsteady = connect({
    ...ada.sender,
    credentials: ada.credentials,
    pause: () => Promise.resolve(),
    fetch: async (input, init) => {
      const answer = await fetch(input, init);
      if (isCut || !String(input).endsWith('/events')) return answer;
      isCut = true;
      return new Response(answer.body!.pipeThrough(cutAfter('data: ')), answer);
    },
  });
  const seen = [];
  for await (const task of followTask(unsteady, task_id)) seen.push(task);
  expect(seen.at(-1)).toMatchObject({ task_id, status: 'SUCCESS', progress: 1 });
  expect(isCut).toBe(true);
  const strangers = followTask(connect({ server: platform.url }), task_id).next();
  await expect(strangers).rejects.toMatchObject({ status: 401 });
});

/** The address of a clip that was uploaded. */
async function aClip(): Promise<string> {
  const path = join(platform.folder, 'clip.mp4');
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=64x64:rate=5:duration=2', '-pix_fmt', 'yuv420p'];
  await runFfmpeg(await findMediaPrograms(), [...picture, '-c:v', 'libx264', path]);
  const { asset } = await uploadFile(ada, await openAsBlob(path), { filename: 'clip.mp4' });
  return asset!.url;
}

/** A line that breaks once these words have come over it. */
function cutAfter(words: string): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(bytes, line) {
      const text = Buffer.from(bytes).toString();
      if (text.includes(words)) line.error(new TypeError('terminated'));
      else line.enqueue(bytes);
    },
  });
}
