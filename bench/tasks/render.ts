import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '#libs/media/run-program';
import { fraction } from '#libs/timeline/interchange/fraction';
import type { RenderPlan } from '../../services/tasks/domain/render/render-plan.js';
import type { TasksConfig } from '../../services/tasks/config.js';
import { Programs } from '../../services/tasks/media/programs.js';
import { FilmMaker } from '../../services/tasks/render/film-maker.js';

const CUTS = 12;
const FRAMES = 50;

/** The same twelve cuts of one film, by a render of ours and by one ffmpeg that trims and joins, with the same encoder. */
export async function renderBeside(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-render-'));
  try {
    const programs = new Programs(process.env as unknown as TasksConfig);
    const { ffmpeg } = await programs.find();
    const source = join(folder, 'source.mp4');
    execFileSync(ffmpeg, [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=25:d=30', '-f', 'lavfi', '-i', 'sine=d=30'],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-c:a', 'aac', source],
    ]);
    const begins = Array.from({ length: CUTS }, (_, at) => (at * 7) % 26);
    const own = await timed(() => byUs(programs, source, begins, folder));
    const alone = await timed(() => byFfmpeg(ffmpeg, source, begins, join(folder, 'alone.mp4')));
    const seconds = (CUTS * FRAMES) / 25;
    const line = (who: string, took: number) =>
      `${who}: ${took.toFixed(1)} s for ${seconds} s of film (${(seconds / took).toFixed(1)}x real time)`;
    return [
      line('render', own),
      line('ffmpeg alone', alone),
      `render takes ${(own / alone).toFixed(2)}x the time of ffmpeg alone`,
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function byUs(programs: Programs, source: string, begins: number[], directory: string): Promise<void> {
  const rate = fraction(25n);
  const plan: RenderPlan = {
    rate,
    frames: CUTS * FRAMES,
    pieces: begins.map((from) => ({
      frames: FRAMES,
      shown: { url: source, name: 'cut', type: 'video', from: fraction(BigInt(from)) },
    })),
    sounds: begins.map((from, at) => ({
      url: source,
      lane: 0,
      start: fraction(BigInt(at * FRAMES), 25n),
      duration: fraction(BigInt(FRAMES), 25n),
      from: fraction(BigInt(from)),
    })),
    urls: [source],
    losses: [],
  };
  const media = new Map([[source, { path: source, facts: await programs.probe(source) }]]);
  const work = { directory, signal: new AbortController().signal, progress: () => {} };
  await new FilmMaker(programs).make(plan, media, { format: 'mp4', width: 1280, height: 720 }, work);
}

/** At the same low priority as a render's. */
async function byFfmpeg(ffmpeg: string, source: string, begins: number[], target: string): Promise<void> {
  const length = FRAMES / 25;
  const inputs = begins.flatMap((from) => ['-ss', String(from), '-t', String(length), '-i', source]);
  const joined = `${begins.map((_, at) => `[${at}:v][${at}:a]`).join('')}concat=n=${CUTS}:v=1:a=1[v][a]`;
  await runProgram(ffmpeg, [
    ...['-v', 'error', '-y', ...inputs, '-filter_complex', joined, '-map', '[v]', '-map', '[a]', '-c:v', 'libx264'],
    ...[
      '-preset',
      'veryfast',
      '-crf',
      '20',
      '-profile:v',
      'high',
      '-pix_fmt',
      'yuv420p',
      '-c:a',
      'aac',
      '-b:a',
      '192k',
    ],
    target,
  ]);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
