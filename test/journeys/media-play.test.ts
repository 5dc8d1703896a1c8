import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANONYMOUS, type Caller } from '#libs/contracts/caller';
import { getAsset, updateAsset } from '#libs/contracts/media-assets';
import { getPlayback, readPlaylist } from '#libs/contracts/media-play';
import { findMediaPrograms, type MediaPrograms } from '#libs/media/media-programs';
import { probe } from '#libs/media/probe';
import { runFfmpeg } from '#libs/media/run-ffmpeg';
import { eventually } from '#libs/testing/child-process';
import { STORE_KINDS, testStore, type TestStore } from '#libs/testing/object-stores';
import { runServices, type RunningServices } from '#libs/testing/running';
import { person } from '#libs/testing/seeds/people';
import { uploaded } from '#libs/testing/uploading';
import { media } from '../../services/media/service.js';
import { projects } from '../../services/projects/service.js';

let folder: string;
let programs: MediaPrograms;
let film: Buffer<ArrayBuffer>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'play-'));
  programs = await findMediaPrograms();
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x480:rate=30000/1001:duration=5'];
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=5'];
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-f', 'mp4', join(folder, 'film')];
  await runFfmpeg(programs, [...picture, ...sound, ...encode]);
  film = Buffer.from(await readFile(join(folder, 'film')));
});
afterAll(() => rm(folder, { recursive: true }));

const download = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer());
const factsOf = async (bytes: Buffer) => {
  const path = join(folder, `downloaded-${Math.random()}`);
  await writeFile(path, bytes);
  return probe(programs, path);
};
/** What stands between asset and playlist in the address of a film. */
const keyOf = (hlsUrl: string) => decodeURIComponent(hlsUrl.split('/').at(-3)!);

describe.each(STORE_KINDS)('in %s', (kind) => {
  let store: TestStore;
  let running: RunningServices;
  let ada: Caller;
  let bob: Caller;
  beforeAll(async () => {
    store = await testStore(kind);
    running = await runServices([projects, media], store.environment);
    [ada, bob] = await Promise.all([person(running.broker, 'Ada'), person(running.broker, 'Bob')]);
  });
  afterAll(async () => {
    await running.close();
    await store.close();
  });
  const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);
  const whenReady = (asset_id: string) =>
    eventually(async () => {
      const playback = await call(getPlayback, { asset_id }, ada);
      return playback.state !== 'processing' && playback;
    });

  test('a film that was uploaded can be looked at in every way, by its owner and by nobody else', async () => {
    const { id: asset_id } = await uploaded(running.broker, ada, film, { filename: 'sea.mp4' });
    const playback = await whenReady(asset_id);
    expect(playback).toMatchObject({
      state: 'ready',
      problem: null,
      facts: { kind: 'video', width: 320, height: 480, frame_rate: { num: 30000, den: 1001 } },
      sprite: { count: 5, columns: 10, rows: 1, frame_width: 160, frame_height: 240 },
    });
    expect(await factsOf(await download(playback.poster_url!))).toMatchObject({
      kind: 'image',
      width: 320,
      height: 480,
    });
    expect(await factsOf(await download(playback.sprite!.url))).toMatchObject({ width: 1600, height: 240 });
    const wave = JSON.parse((await download(playback.waveform!.url)).toString()) as { peaks: number[] };
    expect(wave.peaks.length).toBe(playback.waveform!.count);
    expect(Math.max(...wave.peaks)).toBeGreaterThan(10);

    const key = keyOf(playback.hls_url!);
    const master = (await call(readPlaylist, { asset_id, key, playlist: 'master.m3u8' })).text;
    expect(master.match(/^\d+\.m3u8$/gm)).toEqual(['480.m3u8', '240.m3u8']);
    let seconds = 0;
    const { text } = await call(readPlaylist, { asset_id, key, playlist: '240.m3u8' });
    for (const url of text.match(/^http.*$/gm)!) {
      const piece = await factsOf(await download(url));
      expect(piece).toMatchObject({ height: 240, streams: [{ codec: 'h264' }, { codec: 'aac' }] });
      seconds += piece.duration_seconds!;
      const unsigned = await fetch(url.split('?')[0]!);
      expect(unsigned.status).toBe(403);
      await unsigned.body?.cancel();
    }
    expect(seconds).toBeCloseTo(5, 0);

    for (const by of [bob, ANONYMOUS])
      await expect(call(getPlayback, { asset_id }, by)).rejects.toMatchObject({ code: 'not_found' });
    for (const wrong of ['public', 'zzzzzz.guessed', `${key}x`, ''])
      await expect(call(readPlaylist, { asset_id, key: wrong, playlist: 'master.m3u8' })).rejects.toMatchObject({
        code: 'not_found',
      });
    const other = await uploaded(running.broker, ada, film, { filename: 'copy.mp4' });
    await expect(call(readPlaylist, { asset_id: other.id, key, playlist: 'master.m3u8' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('a film that is opened plays for everybody, and no address of that time leads in after it was closed', async () => {
    const { id: asset_id } = await uploaded(running.broker, ada, film, { filename: 'sea.mp4' });
    await whenReady(asset_id);
    const show = (is_public: boolean) => call(updateAsset, { asset_id, is_public }, ada);
    const before = keyOf((await call(getPlayback, { asset_id }, ada)).hls_url!);
    await show(true);
    const { hls_url } = await call(getPlayback, { asset_id }, ANONYMOUS);
    const read = (key: string) => call(readPlaylist, { asset_id, key, playlist: 'master.m3u8' });
    await expect(read(keyOf(hls_url!))).resolves.toMatchObject({ is_public: true });
    await show(false);
    for (const key of [keyOf(hls_url!), before]) await expect(read(key)).rejects.toMatchObject({ code: 'not_found' });
    await expect(read(keyOf((await call(getPlayback, { asset_id }, ada)).hls_url!))).resolves.toBeDefined();
  });

  test('a file that only says it is a film is an asset, and why it cannot be played is told', async () => {
    const lie = Buffer.concat([Buffer.from('\0\0\0\x20ftypisom', 'latin1'), Buffer.alloc(5000, 7)]);
    const { id: asset_id } = await uploaded(running.broker, ada, lie, { filename: 'lie.mp4' });
    expect(await whenReady(asset_id)).toMatchObject({
      state: 'failed',
      hls_url: null,
      problem: expect.stringMatching(/not a film/),
    });
    expect(await call(getAsset, { asset_id }, ada)).toMatchObject({ state: 'ready', facts: null });
  });
});

test('without ffmpeg a film is an asset all the same, and what is missing is told until it is there', async () => {
  const store = await testStore('a folder');
  const running = await runServices([projects, media], { ...store.environment, FFMPEG_PATH: '/nowhere/ffmpeg' });
  try {
    const ada = await person(running.broker, 'Ada');
    const { id: asset_id, state } = await uploaded(running.broker, ada, film, { filename: 'sea.mp4' });
    expect(state).toBe('ready');
    const told = await eventually(async () => {
      const playback = await running.broker.call(getPlayback, { asset_id }, ada);
      return playback.problem !== null && playback;
    });
    expect(told).toMatchObject({
      state: 'processing',
      hls_url: null,
      problem: expect.stringMatching(/Correct FFMPEG_PATH/),
    });
    expect((await fetch(told.file_url)).status).toBe(200);
  } finally {
    await running.close();
    await store.close();
  }
});
