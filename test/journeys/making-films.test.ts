import 'reflect-metadata';
import { createHmac } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { Caller } from '#libs/contracts/caller';
import { getAsset, locateAsset } from '#libs/contracts/media-assets';
import * as projectsContract from '#libs/contracts/projects';
import { getClip, listClips } from '#libs/contracts/tasks-clips';
import * as generation from '#libs/contracts/tasks-generation';
import * as publishing from '#libs/contracts/tasks-publish';
import { createRender, getRender, listRenders } from '#libs/contracts/tasks-render';
import * as vn from '#libs/contracts/tasks-vn';
import { cancelTask, getTask, type Task } from '#libs/contracts/tasks';
import type { Operation } from '#libs/contracts/contract';
import { findMediaPrograms } from '#libs/media/media-programs';
import { probe } from '#libs/media/probe';
import { openStore } from '#libs/storage/storage-config';
import { eventually } from '#libs/testing/child-process';
import { openDataSource } from '#libs/testing/data-source';
import { runServices, type RunningServices } from '#libs/testing/running';
import { person } from '#libs/testing/seeds/people';
import { documentOfShots } from '#libs/timeline/interchange/document-of-shots';
import { fraction } from '#libs/timeline/interchange/fraction';
import { media } from '../../services/media/service.js';
import { projects } from '../../services/projects/service.js';
import { tasks, tasksWorker } from '../../services/tasks/service.js';

/** Everything that is made of a film, with real files, by the services that make it. */
const folder = mkdtempSync(join(tmpdir(), 'making-'));
const uploads = join(folder, 'uploads.log');
let running: RunningServices;
let database: DataSource;
let ada: Caller & { user_id: string };
let eve: Caller & { user_id: string };
let project_id: string;
let hook: { url: string; asked: { headers: IncomingHttpHeaders; body: string }[]; answers: number[] };
const closing: (() => void)[] = [];

const call = <I extends z.ZodType, O extends z.ZodType>(
  operation: Operation<I, O>,
  input: z.input<I>,
  caller: Caller = ada,
) => running.broker.call(operation, input, caller);

beforeAll(async () => {
  hook = await webhook();
  // Stands for an uploading program: writes its arguments down, and does what the title says.
  const uploader = join(folder, 'uploader.sh');
  writeFileSync(
    uploader,
    `#!/bin/sh\nfor a in "$@"; do printf '%s\\n' "$a" >> '${uploads}'; done\ncase "$*" in *hang*) sleep 60;; *refuse*) echo "no: $(cat "$2")" >&2; exit 3;; esac\necho done\n`,
  );
  chmodSync(uploader, 0o755);
  running = await runServices([projects, media, tasks, tasksWorker], {
    DATA_DIR: folder,
    PUBLIC_URL: 'http://localhost:8000',
    OUTBOUND_ALLOWED_HOSTS: '127.0.0.1',
    BILIUP_BIN: uploader,
    S3_ENDPOINT_URL: undefined,
  });
  database = await openDataSource('tasks', running.databaseUrl);
  ada = await person(running.broker, 'Ada');
  eve = await person(running.broker, 'Eve');
  project_id = (await call(projectsContract.createProject, { name: 'The Storm' })).id;
});

afterAll(async () => {
  await database?.destroy();
  await running?.close();
  closing.forEach((close) => close());
  rmSync(folder, { recursive: true, force: true });
});

async function webhook() {
  const asked: { headers: IncomingHttpHeaders; body: string }[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push({ headers: request.headers, body });
      response.writeHead(answers.shift() ?? 200).end('thank you');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => (server.closeAllConnections(), server.close()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked, answers };
}

const over = (task_id: string): Promise<Task> =>
  eventually(async () => {
    const task = await call(getTask, { task_id });
    return ['SUCCESS', 'FAILURE', 'REVOKED'].includes(task.status) && task;
  });

async function made<T = Record<string, string>>(accepted: Promise<{ task_id: string }>): Promise<T> {
  const task = await over((await accepted).task_id);
  expect(task).toMatchObject({ status: 'SUCCESS' });
  return task.result as T;
}

async function factsOf(asset_id: string) {
  const { key } = await call(locateAsset, { asset_id });
  const store = openStore({
    ...running.environment,
    DATA_DIR: folder,
    PUBLIC_URL: 'http://localhost:8000',
    S3_ENDPOINT_URL: undefined,
    S3_BUCKET_NAME: 'x',
    S3_REGION_NAME: 'x',
  } as never);
  const path = join(folder, `seen-${asset_id}`);
  const chunks: Buffer[] = [];
  for await (const chunk of (await store.get(key)).body) chunks.push(chunk as Buffer);
  writeFileSync(path, Buffer.concat(chunks));
  return probe(await findMediaPrograms(), path);
}

const size = { width: 320, height: 180 };

describe('generation', () => {
  it('makes a picture that knows how it came to be, and shows the character of an anchor', async () => {
    const first = await made(call(generation.generateCharacter, { prompt: 'Mara, a sailor', project_id, ...size }));
    expect(first).toMatchObject({ status: 'succeeded', image_url: expect.stringContaining('/media/') as string });
    const anchor = await call(projectsContract.createAnchor, {
      project_id,
      name: 'Mara',
      reference_image_url: first.image_url!,
    });
    const bound = await made<{ asset_id: string }>(
      call(generation.generateCharacter, { prompt: 'Mara at night', anchor_id: anchor.id, project_id, ...size }),
    );
    const asset = await call(getAsset, { asset_id: bound.asset_id });
    expect(asset.provenance).toMatchObject({
      provider: 'built-in',
      prompt: expect.stringContaining('Mara looks exactly as in the reference picture') as string,
      references: [first.image_url],
    });
    expect(asset).toMatchObject({ project_id, owner_id: ada.user_id });
    expect(await factsOf(bound.asset_id)).toMatchObject({ kind: 'image', ...size });
    const stranger = await running.broker.call(
      generation.generateCharacter,
      { prompt: 'x', anchor_id: anchor.id },
      eve,
    );
    await eventually(async () => (await call(getTask, { task_id: stranger.task_id }, eve)).status === 'FAILURE');
    expect(await call(getTask, { task_id: stranger.task_id }, eve)).toMatchObject({
      result: { error: 'Anchor not found' },
    });
  });

  it('makes a segment, and another that begins where the first one ends', async () => {
    const words = { narration: 'The lamp is lit.', visual_description: 'A lighthouse', ...size };
    const first = await made(call(generation.generateSegment, { ...words, project_id }));
    expect(first).toMatchObject({
      narration: 'The lamp is lit.',
      video_url: expect.stringContaining('.mp4') as string,
    });
    const next = await made(
      call(generation.generateSegment, { ...words, continue_from: first.video_url!, project_id }),
    );
    const begin = await call(getAsset, { asset_id: /media\/([0-9a-f-]{36})/.exec(next.image_url!)![1]! });
    expect(begin.provenance).toMatchObject({
      references: [first.video_url],
      model: expect.stringContaining('last frame') as string,
    });
  });

  it('fails in the words that clients know, and not as a success', async () => {
    const { task_id } = await call(generation.generateSegment, { narration: 'x', visual_description: ' ' });
    expect(await over(task_id)).toMatchObject({
      status: 'FAILURE',
      result: { error: 'visual_description is required' },
    });
    const notMine = call(generation.generateCharacter, { prompt: 'x', project_id }, eve);
    await expect(notMine).rejects.toMatchObject({ code: 'not_found' });
    const inside = await call(generation.generateSegment, {
      narration: 'x',
      visual_description: 'x',
      image_url: 'http://169.254.169.254/x',
    });
    expect(await over(inside.task_id)).toMatchObject({
      status: 'FAILURE',
      result: { error: expect.stringContaining('refused') as string },
    });
    const file = await call(generation.generateSegment, {
      narration: 'x',
      visual_description: 'x',
      image_url: 'file:///etc/hostname',
    });
    expect(await over(file.task_id)).toMatchObject({ status: 'FAILURE' });
  });

  it('makes a clip of a topic: every scene, and all of them in one film', async () => {
    const { storyboard } = await call(generation.generateStoryboard, { topic: 'The sea. It is calm.' });
    expect(storyboard.map(({ narration }) => narration)).toEqual(['The sea.', 'It is calm.']);
    const clip = await made<{ clips: Record<string, string>[]; asset_id: string }>(
      call(generation.generateClip, { topic: 'The sea. It is calm.', continuous: true, project_id, ...size }),
    );
    expect(clip).toMatchObject({ status: 'succeeded', video_url: expect.any(String) as string });
    expect(clip.clips.map(({ scene_number }) => scene_number)).toEqual([1, 2]);
    const facts = await factsOf(clip.asset_id);
    expect(facts.duration_seconds).toBeGreaterThan(5);
  });

  it('asked for twice under one key makes one thing', async () => {
    const wish = { prompt: 'Once', idempotency_key: 'once-1', ...size };
    const [one, two] = await Promise.all([
      call(generation.generateCharacter, wish),
      call(generation.generateCharacter, wish),
    ]);
    expect(one.task_id).toBe(two.task_id);
    const other = call(generation.generateCharacter, { ...wish, prompt: 'Twice' });
    await expect(other).rejects.toMatchObject({ details: { reason: 'unprocessable' } });
  });
});

describe('rendering and publishing', () => {
  let film: { video_url: string };
  let commit_id: string;

  const committed = async () => {
    film = await made<{ video_url: string }>(
      call(generation.generateSegment, { narration: 'One. Two.', visual_description: 'A street', project_id, ...size }),
    );
    let number = 0;
    const row = { kind: 'video' as const, name: 'V1' };
    const shot = (start: bigint, length: bigint, from: bigint) => ({
      row,
      name: `s${start}`,
      start: fraction(start),
      duration: fraction(length),
      sourceStart: fraction(from),
      rate: fraction(25n),
      isOff: false,
      media: { type: 'video' as const, url: film.video_url },
      story: { scene: 'One' },
      ids: {},
    });
    const document = documentOfShots(
      { rows: [row], shots: [shot(0n, 2n, 0n), shot(3n, 1n, 1n)] },
      { newId: (prefix) => `${prefix}_${++number}` },
    );
    return (await call(projectsContract.createCommit, { project_id, message: 'A cut', video_assets: document })).id;
  };
  beforeAll(async () => (commit_id = await committed()));

  const jobUntil = (id: string, ...statuses: string[]) =>
    eventually(async () => {
      const job = await call(publishing.getPubJob, { job_id: id });
      return statuses.includes(job.status) && job;
    });
  const account = (platform: publishing.Platform, credential: object) =>
    call(publishing.createPubAccount, { platform, credential_json: JSON.stringify(credential) });
  const cookies = { SESSDATA: 'secret-session', bili_jct: 'secret-jct', DedeUserID: '1234567' };

  it('makes one film of a commit, however often it is asked for, and only for its people', async () => {
    const wish = { project_id, branch_name: 'main' };
    const [one, two] = await Promise.all([call(createRender, wish), call(createRender, wish)]);
    expect(one.id).toBe(two.id);
    await made(Promise.resolve(one));
    const render = await call(getRender, { render_id: one.id });
    expect(render).toMatchObject({
      status: 'succeeded',
      commit_id,
      duration_seconds: 4,
      url: expect.stringContaining('.mp4') as string,
    });
    expect(await factsOf(render.asset_id!)).toMatchObject({
      ...size,
      duration_seconds: 4,
      frame_rate: { num: 25, den: 1 },
    });
    expect(await call(getAsset, { asset_id: render.asset_id! })).toMatchObject({ commit_id, project_id });
    await expect(call(createRender, wish, eve)).rejects.toMatchObject({ code: 'not_found' });
    await expect(call(getRender, { render_id: one.id }, eve)).rejects.toMatchObject({ code: 'not_found' });
    const webm = await call(createRender, { ...wish, format: 'webm', height: 90 });
    expect(webm.id).not.toBe(one.id);
    await made(Promise.resolve(webm));
  });

  it('shows in a film nothing that only the one who asked for it may see, whoever named it', async () => {
    const other = (await call(projectsContract.createProject, { name: 'Shared' })).id;
    const commit = (url: string) =>
      call(projectsContract.createCommit, { project_id: other, message: 'Names it', video_assets: { urls: [url] } });
    await commit(film.video_url.replace(/(\/media\/[^/]+\/)[^/]+/, '$1guessed'));
    const refused = await over((await call(createRender, { project_id: other, branch_name: 'main' })).task_id!);
    expect(refused).toMatchObject({ status: 'FAILURE' });
    expect(JSON.stringify(refused)).toContain('not there any more');
    await commit(film.video_url);
    await made(call(createRender, { project_id: other, branch_name: 'main' }) as never);
  });

  it('publishes by a signed call, tries again under the same key while it is refused for now, and never shows a secret', async () => {
    const secret = 'a secret of a webhook';
    const own = await account('webhook', { url: hook.url, secret });
    expect(JSON.stringify(own)).not.toContain(secret);
    hook.answers.push(503);
    const job = await call(publishing.createPubJob, { account_id: own.id, project_id, title: 'The film' });
    expect(job).toMatchObject({ status: 'pending', attempts: 0, logs: null });
    const retrying = await jobUntil(job.id, 'retrying');
    expect(retrying.error).toContain('503');
    await database.query(
      `with soon as (update tasks set run_at = now(), attempt_epoch = attempt_epoch + 1 where id = $1 returning id, attempt_epoch)
       insert into wakeups (task_id, epoch) select id, attempt_epoch from soon`,
      [retrying.task_id],
    );
    const done = await jobUntil(job.id, 'succeeded');
    expect(done).toMatchObject({ attempts: 2, result: { status: 'succeeded', answer: 'thank you' }, error: null });
    expect(hook.asked).toHaveLength(2);
    const [first, second] = hook.asked;
    expect(first!.headers['idempotency-key']).toBe(second!.headers['idempotency-key']);
    const { 'x-evidverse-timestamp': at, 'x-evidverse-signature': signature } = second!.headers;
    expect(signature).toBe(
      `sha256=${createHmac('sha256', secret)
        .update(`${String(at)}.${second!.body}`)
        .digest('hex')}`,
    );
    expect(JSON.parse(second!.body)).toMatchObject({
      film: { commit_id, title: 'The film', video_url: done.video_url },
    });
    const { items, total } = await call(publishing.pubJobLogs, { job_id: job.id, limit: 2 });
    expect([items.length, total > 3]).toEqual([2, true]);
    await expect(call(publishing.retryPubJob, { job_id: job.id })).rejects.toMatchObject({
      message: 'Only failed jobs can be retried',
    });
    const [row] = await database.query<{ credential: string }[]>('select credential from pub_accounts where id = $1', [
      own.id,
    ]);
    expect(row!.credential).not.toContain(secret);
  });

  it('does not publish a second time when it is not known what came of the first', async () => {
    const own = await account('bilibili', { cookies });
    const job = await call(publishing.createPubJob, { account_id: own.id, video_url: film.video_url, title: 'hang' });
    await eventually(async () => existsSync(uploads) && readFileSync(uploads, 'utf8').includes('--title=hang'));
    await call(publishing.cancelPubJob, { job_id: job.id });
    const unknown = await jobUntil(job.id, 'unknown');
    await expect(call(publishing.retryPubJob, { job_id: unknown.id })).rejects.toMatchObject({ code: 'invalid' });
    await call(publishing.settlePubJob, { job_id: job.id, outcome: 'not_published' });
    expect(await call(publishing.getPubJob, { job_id: job.id })).toMatchObject({ status: 'failed' });
    expect(readFileSync(uploads, 'utf8').match(/--title=hang/g)).toHaveLength(1);
  });

  it('tells why a platform refused, without the cookies that were in its words, and tries again when asked', async () => {
    const own = await account('bilibili', cookies);
    const wish = { account_id: own.id, video_url: film.video_url, title: 'refuse; rm -rf "$HOME"', tags: ['a', 'b'] };
    const job = await call(publishing.createPubJob, wish);
    const failed = await jobUntil(job.id, 'failed');
    expect(failed.error).toContain('exit 3');
    expect(JSON.stringify(failed)).not.toContain('secret-session');
    const lines = readFileSync(uploads, 'utf8').split('\n');
    expect(lines).toContain('--title=refuse; rm -rf "$HOME"');
    expect(lines).toContain('--tag=a,b');
    await call(publishing.retryPubJob, { job_id: job.id });
    expect(await jobUntil(job.id, 'failed')).toMatchObject({ attempts: 2 });
  });

  it('knows accounts by their looks, keeps them apart, and publishes with none that is disabled', async () => {
    const lame = await account('bilibili', { SESSDATA: 'x' });
    expect(await call(publishing.validatePubAccount, { account_id: lame.id })).toMatchObject({
      status: 'expired',
      last_error: 'Missing bilibili cookie fields: bili_jct, DedeUserID',
    });
    const own = await account('bilibili', cookies);
    await call(publishing.disablePubAccount, { account_id: own.id });
    expect(await call(publishing.validatePubAccount, { account_id: own.id })).toMatchObject({ status: 'disabled' });
    const job = await call(publishing.createPubJob, { account_id: own.id, video_url: film.video_url });
    expect(await jobUntil(job.id, 'failed')).toMatchObject({ error: expect.stringContaining('disabled') as string });
    await expect(call(publishing.validatePubAccount, { account_id: own.id }, eve)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await call(publishing.deletePubAccount, { account_id: own.id })).toEqual({ ok: true });
    expect(await call(publishing.getPubJob, { job_id: job.id })).toMatchObject({ account_id: own.id });
    await expect(
      call(publishing.createPubAccount, { platform: 'bilibili', credential_json: '{' }),
    ).rejects.toMatchObject({ message: 'Invalid credential_json' });
    for (const url of ['http://10.0.0.1/', 'file:///etc/passwd'])
      await expect(account('webhook', { url, secret: 'x'.repeat(20) })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('refuses what cannot be published before it is tried', async () => {
    const own = await account('bilibili', cookies);
    const wish = (more: object) => call(publishing.createPubJob, { account_id: own.id, ...more });
    await expect(wish({})).rejects.toMatchObject({ message: 'video_url is required when project_id is not provided' });
    await expect(wish({ video_url: 'file:///etc/hostname' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(wish({ project_id: 'nowhere' })).rejects.toMatchObject({ message: 'Project not found' });
    const empty = (await call(projectsContract.createProject, { name: 'Empty' })).id;
    await expect(wish({ project_id: empty })).rejects.toMatchObject({ message: 'Branch has no commits to export' });
    await call(projectsContract.createCommit, { project_id: empty, message: 'x', video_assets: { version: 1 } });
    await expect(wish({ project_id: empty })).rejects.toMatchObject({
      message: 'No exportable video URL found in HEAD commit',
    });
  });

  it('opens the project on the own site, and everybody can see the film', async () => {
    const own = await account('site', {});
    const job = await call(publishing.createPubJob, { account_id: own.id, project_id });
    const done = await jobUntil(job.id, 'succeeded', 'failed');
    expect(done).toMatchObject({ status: 'succeeded', result: { video_url: expect.any(String) as string } });
    const anonymous: Caller = { user_id: null, role: null, session_id: null };
    const [render] = await call(listRenders, { project_id }, anonymous);
    expect(render).toMatchObject({ is_published: true, commit_id, url: expect.any(String) as string });
    expect(await call(getAsset, { asset_id: render!.asset_id! })).toMatchObject({ is_public: true });
  });

  it('stops a render when it is cancelled, and what waits for it says so', async () => {
    await call(projectsContract.createCommit, {
      project_id,
      message: 'Again',
      video_assets: { clips: [{ video_url: film.video_url }] },
    });
    const own = await account('webhook', { url: hook.url, secret: 'a secret of a webhook' });
    const job = await call(publishing.createPubJob, { account_id: own.id, project_id });
    const { items } = { items: await call(listRenders, { project_id }) };
    await call(cancelTask, { task_id: items[0]!.task_id });
    expect(await jobUntil(job.id, 'failed')).toMatchObject({
      error: expect.stringContaining('could not be rendered') as string,
    });
    await call(publishing.retryPubJob, { job_id: job.id });
    expect(await jobUntil(job.id, 'succeeded')).toMatchObject({ error: null });
  });
});

describe('visual novels', () => {
  const script =
    'label start:\n    e "Hi"\n    "It rains."\n    menu:\n        "Go":\n            jump end\nlabel end:\n    e "Bye"\n';

  it('are read in the background, told line by line, and become scenes and beats in a commit', async () => {
    const asked = await call(vn.createParseJob, { project_id, script_text: script });
    expect(asked).toMatchObject({ status: 'pending', attempts: 0, logs: [], engine: null });
    await over(asked.task_id!);
    const job = await call(vn.getParseJob, { job_id: asked.id });
    expect(job).toMatchObject({ status: 'succeeded', engine: 'RENPY', attempts: 1, error: null });
    expect(job.result).toMatchObject({ event_count: 7, files: [{ name: 'script_text', engine: 'RENPY' }] });
    const logs = await call(vn.parseJobLogs, { job_id: asked.id, offset: -5, limit: 9999 });
    expect(logs).toMatchObject({ offset: 0, limit: 500, total: 2 });
    const told = await call(vn.importParseJob, { job_id: asked.id });
    expect(told).toMatchObject({ branch_name: 'main', scenes: 2, characters: 1 });
    await call(vn.importParseJob, { job_id: asked.id });
    const { document } = await call(projectsContract.getWorkspace, { project_id });
    const { scenes, characters } = (document as { editorState: Record<string, object> }).editorState;
    expect(Object.values(scenes!).map(({ title }: { title?: string }) => title)).toEqual(['start', 'end']);
    expect(Object.keys(characters!)).toHaveLength(1);
    await expect(call(vn.getParseJob, { job_id: asked.id }, eve)).rejects.toMatchObject({
      message: 'VNParseJob not found',
    });
    await expect(call(vn.createParseJob, { project_id, script_text: ' ' })).rejects.toMatchObject({
      message: 'script_text or asset_ids is required',
    });
    const missing = '00000000-0000-4000-8000-000000000000';
    await expect(call(vn.createParseJob, { project_id, asset_ids: [missing] })).rejects.toMatchObject({
      message: `VNAsset not found: ${missing}`,
    });
  });

  it('of which nothing can be told fail, and say why', async () => {
    const asked = await call(vn.createParseJob, { project_id, script_text: 'just words' });
    await over(asked.task_id!);
    expect(await call(vn.getParseJob, { job_id: asked.id })).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('which engine') as string,
      result: { status: 'failed' },
    });
  });

  it('have clips of screenshots only', async () => {
    expect(await call(listClips, { project_id })).toEqual([]);
    await expect(call(getClip, { clip_id: project_id })).rejects.toMatchObject({ message: 'Clip not found' });
  });
});
