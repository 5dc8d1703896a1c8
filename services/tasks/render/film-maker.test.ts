import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fraction, type Fraction } from '#libs/timeline/interchange/fraction';
import type { TasksConfig } from '../config.js';
import type { Piece, RenderPlan, Sound } from '../domain/render/render-plan.js';
import { Programs } from '../media/programs.js';
import { FilmMaker, type FilmSettings, type LocalMedia } from './film-maker.js';

const programs = new Programs({} as TasksConfig);
const folder = mkdtempSync(join(tmpdir(), 'film-maker-'));
const media = new Map<string, LocalMedia>();
let ffmpeg: string;
let ffprobe: string;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  ({ ffmpeg, ffprobe } = await programs.find());
  // Red for two seconds, then green; a low tone all the time. 30 frames a second.
  await brought('signal.mp4', [
    ...['-f', 'lavfi', '-i', 'color=c=red:s=320x180:r=30:d=2', '-f', 'lavfi', '-i', 'color=c=green:s=320x180:r=30:d=2'],
    ...['-f', 'lavfi', '-i', 'sine=f=440:d=4', '-filter_complex', '[0][1]concat[v]', '-map', '[v]', '-map', '2:a'],
  ]);
  await brought('blue.mp4', ['-f', 'lavfi', '-i', 'color=c=blue:s=200x300:r=24:d=3', '-an']);
  await brought('white.png', ['-f', 'lavfi', '-i', 'color=c=white:s=64x36', '-frames:v', '1']);
  await brought('song.wav', ['-f', 'lavfi', '-i', 'sine=f=1000:d=3']);
});

async function brought(name: string, args: string[]): Promise<void> {
  const path = join(folder, name);
  execFileSync(ffmpeg, ['-v', 'error', '-y', ...args, path]);
  media.set(name, { path, facts: await programs.probe(path) });
}

const at = (number: number): Fraction => fraction(BigInt(Math.round(number * 1000)), 1000n);
const piece = (frames: number, url?: string, from = 0): Piece => ({
  frames,
  shown: url === undefined ? null : { url, name: url, type: 'video', from: at(from) },
});
const sound = (url: string, lane: number, start: number, duration: number, from = 0): Sound => ({
  url,
  lane,
  start: at(start),
  duration: at(duration),
  from: at(from),
});

async function make(plan: Partial<RenderPlan>, settings: Partial<FilmSettings> = {}) {
  const directory = mkdtempSync(join(folder, 'work-'));
  const told: number[] = [];
  const whole = {
    rate: fraction(25n),
    frames: plan.pieces!.reduce((sum, { frames }) => sum + frames, 0),
    sounds: [],
    urls: [],
    losses: [],
    ...plan,
  } as unknown as RenderPlan;
  const work = { directory, signal: new AbortController().signal, progress: (done: number) => void told.push(done) };
  const made = await new FilmMaker(programs).make(
    whole,
    media,
    { format: 'mp4', width: 320, height: 180, ...settings },
    work,
  );
  return { ...made, told, facts: await programs.probe(made.path) };
}

/** The colour in the middle of the frame at a time, by its strongest part. */
function colour(path: string, seconds: number): string {
  const args = [
    '-v',
    'error',
    '-ss',
    String(seconds),
    '-i',
    path,
    '-frames:v',
    '1',
    '-vf',
    'crop=8:8,scale=1:1,format=rgb24',
  ];
  const [r = 0, g = 0, b = 0] = execFileSync(ffmpeg, [...args, '-f', 'rawvideo', '-']);
  if (Math.max(r, g, b) < 40) return 'black';
  if (Math.min(r, g, b) > 200) return 'white';
  return r > g && r > b ? 'red' : g > b ? 'green' : 'blue';
}

/** How loud it is in a stretch of time, in decibels below full scale. */
function loudness(path: string, from: number, seconds: number): number {
  const command = `"${ffmpeg}" -ss ${from} -t ${seconds} -i "${path}" -af volumedetect -f null - 2>&1`;
  return Number(/mean_volume: (-?[\d.]+)/.exec(execFileSync('sh', ['-c', command]).toString())![1]);
}

function frameTimes(path: string): number[] {
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v',
    '-show_entries',
    'frame=pts_time,best_effort_timestamp_time',
    '-of',
    'json',
    path,
  ];
  const { frames } = JSON.parse(execFileSync(ffprobe, args).toString()) as { frames: Record<string, string>[] };
  return frames.map((frame) => Number(frame.pts_time ?? frame.best_effort_timestamp_time));
}

test('every piece is where the plan says, cut from where it says, with black and silence between', async () => {
  const { path, facts, seconds, told } = await make({
    pieces: [piece(25, 'signal.mp4', 1.5), piece(25), piece(25, 'white.png'), piece(50, 'blue.mp4', 0.5)],
    sounds: [sound('signal.mp4', 0, 0, 1, 1.5), sound('song.wav', 1, 2, 3)],
  });
  expect([0.2, 0.8, 1.5, 2.5, 3.5, 4.9].map((second) => colour(path, second))).toEqual([
    'red',
    'green',
    'black',
    'white',
    'blue',
    'blue',
  ]);
  expect(seconds).toBe(5);
  expect(facts).toMatchObject({ width: 320, height: 180, frame_rate: { num: 25, den: 1 }, variable_frame_rate: false });
  expect(frameTimes(path)).toHaveLength(125);
  expect(loudness(path, 0.1, 0.8)).toBeGreaterThan(-30);
  expect(loudness(path, 1.1, 0.8)).toBeLessThan(-70);
  expect(loudness(path, 2.1, 2.8)).toBeGreaterThan(-30);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
});

test('media of other rates and shapes become one even film, to the frame, over many cuts', async () => {
  const pieces = Array.from({ length: 12 }, (_, index) =>
    piece(10 + index, index % 2 ? 'blue.mp4' : 'signal.mp4', index / 10),
  );
  const rate = fraction(30000n, 1001n);
  const { path, facts } = await make({ rate, pieces });
  expect(facts).toMatchObject({ frame_rate: { num: 30000, den: 1001 }, variable_frame_rate: false });
  const times = frameTimes(path);
  expect(times).toHaveLength(pieces.reduce((sum, { frames }) => sum + frames, 0));
  times.forEach((time, index) => expect(Math.abs(time - (index * 1001) / 30000)).toBeLessThan(0.0011));
});

test('a film whose frames come at uneven steps is cut where it says, at even steps', async () => {
  const uneven = ['-vf', "select='not(eq(mod(n,7),2))*not(eq(mod(n,5),3))'", '-vsync', 'vfr', '-an'];
  await brought('uneven.mp4', ['-i', media.get('signal.mp4')!.path, ...uneven]);
  expect(media.get('uneven.mp4')!.facts.variable_frame_rate).toBe(true);
  const { path, facts } = await make({ pieces: [piece(50, 'uneven.mp4', 1), piece(25, 'uneven.mp4', 2.5)] });
  expect(facts).toMatchObject({ frame_rate: { num: 25, den: 1 }, variable_frame_rate: false });
  frameTimes(path).forEach((time, index) => expect(time).toBeCloseTo(index / 25, 3));
  expect(frameTimes(path)).toHaveLength(75);
  expect([0.9, 1.1, 2.5].map((second) => colour(path, second))).toEqual(['red', 'green', 'green']);
});

test('an HDR shot has the colours of ordinary screens in the film', async () => {
  const colours = 'colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:log-level=none';
  const encode = ['-c:v', 'libx265', '-x265-params', colours, '-pix_fmt', 'yuv420p10le'];
  await brought('hdr.mp4', ['-f', 'lavfi', '-i', 'color=c=0xb0b0b0:s=320x180:r=25:d=1', ...encode]);
  expect(media.get('hdr.mp4')!.facts.hdr).toBe('pq');
  const { path, facts } = await make({ pieces: [piece(5, 'hdr.mp4')] });
  expect(facts.hdr).toBeNull();
  expect(colour(path, 0.1)).toBe('white');
});

test('a shot longer than its file holds the last frame', async () => {
  const { path } = await make({ pieces: [piece(125, 'signal.mp4', 3)] });
  expect(frameTimes(path)).toHaveLength(125);
  expect(colour(path, 4.5)).toBe('green');
  const beyond = await make({ pieces: [piece(10, 'signal.mp4', 60)] });
  expect(colour(beyond.path, 0)).toBe('green');
});

test('a film is made as WebM too', async () => {
  const { facts, path } = await make(
    { pieces: [piece(13, 'blue.mp4'), piece(12, 'white.png')], sounds: [sound('song.wav', 0, 0, 1)] },
    { format: 'webm', width: 160, height: 90 },
  );
  expect(facts.streams.map(({ codec }) => codec)).toEqual(['vp9', 'opus']);
  expect(frameTimes(path)).toHaveLength(25);
});

test('what cannot be rendered is told by the name of its shot', async () => {
  media.set('broken.mp4', { path: join(folder, 'song.wav'), facts: media.get('blue.mp4')!.facts });
  await expect(make({ pieces: [piece(5, 'broken.mp4')] })).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('The shot "broken.mp4" cannot be rendered') as string,
  });
});
