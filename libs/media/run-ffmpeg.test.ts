import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownFile, userFile } from './ffmpeg-input.js';
import { findMediaPrograms, type MediaPrograms } from './media-programs.js';
import { probe } from './probe.js';
import { runFfmpeg, type FfmpegProgress } from './run-ffmpeg.js';
import { runProgram } from './run-program.js';

let folder: string;
let programs: MediaPrograms;
const at = (name: string) => join(folder, name);
const TEST_PICTURE = (rate: string, seconds: number) => [
  ...['-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=${rate}:duration=${seconds}`],
];
const SOUND = (seconds: number) => ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ffmpeg-'));
  programs = await findMediaPrograms();
  const sources = [...TEST_PICTURE('24000/1001', 2), ...SOUND(2)];
  await runFfmpeg(programs, [...sources, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-f', 'mp4', at('film')]);
});
afterAll(() => rm(folder, { recursive: true }));

test('a film is known by its rate as a fraction, its size and its streams', async () => {
  const facts = await probe(programs, at('film'));
  expect(facts).toMatchObject({
    kind: 'video',
    width: 320,
    height: 180,
    frame_rate: { num: 24000, den: 1001 },
    variable_frame_rate: false,
    hdr: null,
  });
  expect(facts.duration_seconds).toBeCloseTo(2, 0);
  expect(facts.streams.map(({ kind, codec }) => [kind, codec])).toEqual([
    ['video', 'h264'],
    ['audio', 'aac'],
  ]);
});

test('a film that is to be turned is as wide as it is shown', async () => {
  await runFfmpeg(programs, [
    ...ownFile(at('film')),
    '-c',
    'copy',
    '-metadata:s:v',
    'rotate=90',
    '-f',
    'mp4',
    at('upright'),
  ]);
  const { width, height, streams } = await probe(programs, at('upright'));
  expect([width, height, streams[0]!.rotation]).toEqual([180, 320, 270]);
});

test('frames at uneven steps are noticed, and ticks of a coarse container are not taken for them', async () => {
  const drop = ['-vf', "select='not(eq(mod(n,5),3))'", '-vsync', 'vfr', '-an'];
  await runFfmpeg(programs, [...ownFile(at('film')), ...drop, '-f', 'mp4', at('uneven')]);
  await runFfmpeg(programs, [...ownFile(at('film')), '-c', 'copy', '-f', 'matroska', at('coarse')]);
  expect((await probe(programs, at('uneven'))).variable_frame_rate).toBe(true);
  expect((await probe(programs, at('coarse'))).variable_frame_rate).toBe(false);
});

test('HDR is known by its transfer curve', async () => {
  const colours = ['-color_trc', 'smpte2084', '-color_primaries', 'bt2020', '-colorspace', 'bt2020nc'];
  await runFfmpeg(programs, [...ownFile(at('film')), '-an', '-c:v', 'libx264', ...colours, '-f', 'mp4', at('hdr')]);
  expect((await probe(programs, at('hdr'))).hdr).toBe('pq');
});

test('a picture and a sound are what they are', async () => {
  await runFfmpeg(programs, [...ownFile(at('film')), '-frames:v', '1', '-f', 'image2', '-c:v', 'png', at('picture')]);
  await runFfmpeg(programs, [...ownFile(at('film')), '-vn', '-f', 'wav', at('sound')]);
  expect(await probe(programs, at('picture'))).toMatchObject({ kind: 'image', duration_seconds: null, width: 320 });
  expect(await probe(programs, at('sound'))).toMatchObject({ kind: 'audio', width: null, frame_rate: null });
});

test('text, playlists and lists of files are refused, and nothing that they name is opened', async () => {
  const film = at('film');
  const lists = {
    text: 'hello',
    playlist: `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${film}\n#EXT-X-ENDLIST\n`,
    concat: `ffconcat version 1.0\nfile '${film}'\n`,
    dash: `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period/></MPD>`,
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file://${film}"/></svg>`,
  };
  for (const [name, text] of Object.entries(lists)) {
    await writeFile(at(name), text);
    await expect(probe(programs, at(name))).rejects.toMatchObject({
      code: 'invalid',
      details: { reason: 'not_media' },
    });
    const read = runFfmpeg(programs, [...userFile(at(name)), '-f', 'mp4', at('never')]);
    await expect(read).rejects.toMatchObject({ code: 'invalid' });
  }
});

test('progress never falls and ends at the whole', async () => {
  const told: FfmpegProgress[] = [];
  const wish = { durationSeconds: 2, onProgress: (progress: FfmpegProgress) => void told.push(progress) };
  await runFfmpeg(programs, [...userFile(at('film')), '-f', 'matroska', at('again')], wish);
  const shares = told.map(({ share }) => share!);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(told.at(-1)).toMatchObject({ share: 1, frame: 48 });
});

test('who cancels gets their own reason back, and no process of the group stays', async () => {
  const endless = [...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25'], '-f', 'matroska', at('endless')];
  const cancel = new AbortController();
  const onProgress = () => cancel.abort(new Error('changed my mind'));
  await expect(runFfmpeg(programs, endless, { signal: cancel.signal, onProgress })).rejects.toThrow('changed my mind');
  expect(await commandLinesWith(at('endless'))).toEqual([]);
});

test('a program that does not listen to the request to end is killed with all it started', async () => {
  const stubborn = `trap '' TERM; sh -c 'trap "" TERM; echo up >&3; exec tail -f ${folder}/film' & wait; wait`;
  const cancel = new AbortController();
  const running = runProgram('/bin/sh', ['-c', stubborn], {
    signal: cancel.signal,
    onLine: () => cancel.abort(new Error('enough')),
  });
  await expect(running).rejects.toThrow('enough');
  expect(await commandLinesWith(`tail -f ${folder}/film`)).toEqual([]);
});

test('what takes too long, writes too much or fails is said with its last words', async () => {
  const sh = (script: string, options = {}) => runProgram('/bin/sh', ['-c', script], options);
  await expect(sh('sleep 60', { timeLimitMs: 50 })).rejects.toMatchObject({ details: { reason: 'time_limit' } });
  await expect(sh('cat /dev/zero', { maxOutputBytes: 1000 })).rejects.toMatchObject({
    code: 'invalid',
    details: { reason: 'too_large' },
  });
  await expect(sh('echo first >&2; echo last words >&2; exit 3')).rejects.toMatchObject({
    code: 'invalid',
    message: 'sh could not do it (exit 3). last words',
    details: { exit_code: 3, complaints: 'first\nlast words' },
  });
  await expect(runProgram(at('nothing'), [])).rejects.toMatchObject({ code: 'unavailable' });
  await expect(stat(at('never'))).rejects.toThrow(/ENOENT/);
});

/** The command lines of living processes that hold the words, our own aside. */
async function commandLinesWith(words: string): Promise<string[]> {
  const lines: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== String(process.pid))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.replaceAll('\0', ' ').includes(words)) lines.push(line);
  }
  return lines;
}
