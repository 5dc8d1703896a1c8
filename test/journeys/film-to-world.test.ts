import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findMediaPrograms } from '#libs/media/media-programs';
import { probe } from '#libs/media/probe';
import { eventually } from '#libs/testing/child-process';
import { runPlatform, type RunningPlatform } from './running-platform.js';

/** The whole platform over HTTP, as a browser and then a passer-by would meet it. */
let platform: RunningPlatform;
let folder: string;
let token = '';
beforeAll(async () => {
  platform = await runPlatform({ LOG_LEVEL: 'fatal' });
  folder = platform.folder;
});
afterAll(() => platform?.close());

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

async function uploaded(project_id: string, path: string, type: string): Promise<Json> {
  const { url, object_name } = await api('POST', `/files/presigned-url?filename=${basename(path)}`);
  expect((await fetch(url!, { method: 'PUT', body: readFileSync(path) })).ok).toBe(true);
  return api('POST', '/vn/assets', { project_id, type, object_name });
}

interface Told {
  id: string;
  event: string;
  data: { status: string };
}

/** Reads a task's events from after `last_id`, to their end or until `enough`. */
async function eventsOf(task_id: string, last_id: string | null, enough = Infinity): Promise<Told[]> {
  const leave = new AbortController();
  const answer = await fetch(`${platform.url}/api/v1/tasks/${task_id}/events`, {
    headers: { authorization: `Bearer ${token}`, ...(last_id !== null && { 'last-event-id': last_id }) },
    signal: leave.signal,
  });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const told: Told[] = [];
  let text = '';
  const words = new TextDecoder();
  for await (const chunk of answer.body!) {
    text += words.decode(chunk as Uint8Array, { stream: true });
    const whole = text.split('\n\n');
    text = whole.pop()!;
    for (const one of whole) {
      const found = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(one);
      if (found) told.push({ id: found[1]!, event: found[2]!, data: JSON.parse(found[3]!) as Told['data'] });
    }
    if (told.length >= enough) break;
  }
  leave.abort();
  return told;
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
  const asset = await uploaded(project_id!, clip, 'OTHER');

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
  });
  expect(done).toMatchObject({ status: 'succeeded', error: null });

  token = '';
  const [render] = await api<Json[]>('GET', `/projects/${project_id}/renders`);
  expect(render).toMatchObject({ is_published: true, duration_seconds: 2 });
  const played = await fetch(render!.url!, { headers: { range: 'bytes=0-99' } });
  expect(played.status).toBe(206);
  expect(Buffer.from(await played.arrayBuffer()).toString('latin1', 4, 8)).toBe('ftyp');
});

test('screenshots become a film, and a reader who loses the line hears on from where it was lost', async () => {
  await api('POST', '/auth/register', { email: 'bo@example.org', password: 'secret words' });
  const form = new URLSearchParams({ username: 'bo@example.org', password: 'secret words' });
  const signedIn = await fetch(`${platform.url}/api/v1/auth/login`, { method: 'POST', body: form });
  token = ((await signedIn.json()) as { access_token: string }).access_token;
  const { id: project_id } = await api('POST', '/projects', { name: 'Pictures' });
  const programs = await findMediaPrograms();
  const { ffmpeg } = programs;
  const screenshot_asset_ids: string[] = [];
  for (const colour of ['red', 'blue']) {
    const picture = join(folder, `${colour}.png`);
    execFileSync(ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', `color=${colour}:s=320x180`, '-frames:v', '1', picture]);
    screenshot_asset_ids.push((await uploaded(project_id!, picture, 'SCREENSHOT')).id!);
  }
  const asked = await api('POST', '/vn/comic-to-video', { project_id, title: 'Two colours', screenshot_asset_ids });
  const task_id = asked.task_id!;

  const [first] = await eventsOf(task_id, null, 1);
  expect(first!.event).toBe('progress');
  const rest = await eventsOf(task_id, first!.id);
  expect(rest.map(({ id }) => id)).not.toContain(first!.id);
  expect(rest.at(-1)).toMatchObject({ event: 'done', data: { status: 'SUCCESS' } });
  expect(rest.slice(0, -1).every(({ event }) => event === 'progress')).toBe(true);
  expect(await eventsOf(task_id, rest.at(-1)!.id)).toEqual([]);

  const clip = await api<{ status: string; assets_ref: { video_url: string } }>('GET', `/clips/${asked.id}`);
  expect(clip.status).toBe('succeeded');
  const film = join(folder, 'comic.mp4');
  const played = await fetch(new URL(clip.assets_ref.video_url, platform.url), {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(played.status).toBe(200);
  writeFileSync(film, Buffer.from(await played.arrayBuffer()));
  const facts = await probe(programs, film);
  expect(facts.duration_seconds).toBeGreaterThan(2);
  const colourAt = (seconds: number) =>
    [
      ...execFileSync(ffmpeg, [
        '-v',
        'error',
        '-ss',
        String(seconds),
        '-i',
        film,
        '-frames:v',
        '1',
        '-vf',
        'crop=iw/3:ih/3,scale=1:1',
        '-f',
        'rawvideo',
        '-pix_fmt',
        'rgb24',
        '-',
      ]),
    ] as [number, number, number];
  const [redAtFirst, , blueAtFirst] = colourAt(0.5);
  const [redAtLast, , blueAtLast] = colourAt(facts.duration_seconds! - 0.5);
  expect(redAtFirst).toBeGreaterThan(blueAtFirst);
  expect(blueAtLast).toBeGreaterThan(redAtLast);
});
