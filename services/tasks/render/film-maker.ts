import { createWriteStream } from 'node:fs';
import { open, rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '#libs/errors/app-error';
import { ownFile, userFile } from '#libs/media/ffmpeg-input';
import type { MediaFacts } from '#libs/media/probe';
import { toneMap } from '#libs/media/tone-map';
import {
  isLess,
  minus,
  nearest,
  over,
  fraction,
  times,
  toMillionths,
  ZERO,
  type Fraction,
} from '#libs/timeline/interchange/fraction';
import type { Piece, RenderPlan, Sound } from '../domain/render/render-plan.js';
import type { Programs } from '../media/programs.js';

export type RenderFormat = 'mp4' | 'webm';

export interface FilmSettings {
  format: RenderFormat;
  width: number;
  height: number;
}

/** A media file that has been brought here. */
export interface LocalMedia {
  path: string;
  facts: MediaFacts;
}

export interface FilmWork {
  directory: string;
  signal: AbortSignal;
  progress(done: number, note: string): void;
}

const SAMPLES = 48_000;
/** Two channels of two bytes. */
const FRAME_BYTES = 4;
const TIME_LIMIT_MS = 4 * 3600_000;

const PICTURE = {
  mp4: ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-profile:v', 'high', '-pix_fmt', 'yuv420p'],
  webm: [
    ...['-c:v', 'libvpx-vp9', '-deadline', 'good', '-cpu-used', '5', '-row-mt', '1', '-crf', '32', '-b:v', '0'],
    ...['-pix_fmt', 'yuv420p'],
  ],
} as const;
const SOUND = {
  mp4: ['-c:a', 'aac', '-b:a', '192k'],
  webm: ['-c:a', 'libopus', '-b:a', '128k'],
} as const;

/**
 * Makes a film of a plan. Every piece is encoded by itself with the same settings and exactly its frames, the sound is
 * mixed sample by sample, and both are joined without encoding anything twice: memory does not grow with the film.
 */
export class FilmMaker {
  constructor(private readonly programs: Programs) {}

  async make(
    plan: RenderPlan,
    media: ReadonlyMap<string, LocalMedia>,
    settings: FilmSettings,
    work: FilmWork,
  ): Promise<{ path: string; seconds: number }> {
    const seconds = toMillionths(over(fraction(BigInt(plan.frames)), plan.rate));
    const list = await this.pictures(plan, media, settings, work);
    const lanes = await this.lanes(plan, media, work);
    const path = join(work.directory, `film.${settings.format}`);
    const mixed = mixOf(lanes.length);
    await this.programs.run(
      [
        ...['-f', 'concat', '-safe', '0', ...ownFile(list)],
        ...(lanes.length === 0 ? ['-f', 'lavfi', '-i', `anullsrc=r=${SAMPLES}:cl=stereo:d=${seconds}`] : []),
        ...lanes.flatMap((lane) => ['-f', 's16le', '-ar', String(SAMPLES), '-ac', '2', ...ownFile(lane)]),
        ...(mixed === undefined
          ? ['-map', '0:v', '-map', '1:a']
          : ['-filter_complex', mixed, '-map', '0:v', '-map', '[a]']),
        ...['-c:v', 'copy', ...SOUND[settings.format], '-t', String(seconds)],
        ...(settings.format === 'mp4' ? ['-movflags', '+faststart'] : []),
        path,
      ],
      {
        signal: work.signal,
        timeLimitMs: TIME_LIMIT_MS,
        durationSeconds: seconds,
        onProgress: ({ share }) => work.progress(0.92 + 0.07 * (share ?? 0), 'picture and sound are joined'),
      },
    );
    return { path, seconds };
  }

  private async pictures(
    plan: RenderPlan,
    media: ReadonlyMap<string, LocalMedia>,
    settings: FilmSettings,
    work: FilmWork,
  ): Promise<string> {
    const done = plan.pieces.map(() => 0);
    const tell = () => {
      const frames = done.reduce((sum, count) => sum + count, 0);
      work.progress(0.1 + 0.75 * (frames / plan.frames), `${Math.floor(frames)} of ${plan.frames} frames`);
    };
    const hands = Math.max(1, Math.min(4, Math.ceil(cpus().length / 2)));
    await inParallel(plan.pieces, hands, async (piece, at) => {
      await this.piece(plan, piece, at, { media, settings, work }, (share) => {
        done[at] = piece.frames * share;
        tell();
      });
      done[at] = piece.frames;
      tell();
    });
    const list = join(work.directory, 'pieces.ffconcat');
    // Told, because a file's own idea of its length is rounded to a thousandth, which would add up over many cuts.
    const lines = plan.pieces.flatMap(({ frames }, at) => [
      `file ${pieceName(at)}`,
      `duration ${toMillionths(over(fraction(BigInt(frames)), plan.rate))}`,
    ]);
    await writeFile(list, ['ffconcat version 1.0', ...lines, ''].join('\n'));
    return list;
  }

  private async piece(
    { rate }: RenderPlan,
    { frames, shown }: Piece,
    at: number,
    { media, settings, work }: { media: ReadonlyMap<string, LocalMedia>; settings: FilmSettings; work: FilmWork },
    tell: (share: number) => void,
  ): Promise<void> {
    const { width, height } = settings;
    const fps = `${rate.n}/${rate.d}`;
    const seconds = toMillionths(over(fraction(BigInt(frames)), rate));
    const file = shown && media.get(shown.url);
    const isStill = file?.facts.kind === 'image';
    const tones = file ? toneMap(file.facts, await this.programs.find()) : '';
    const fit = `scale=${width}:${height}:force_original_aspect_ratio=decrease:force_divisible_by=2${tones},pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2,setsar=1,format=yuv420p`;
    const input = !file
      ? ['-f', 'lavfi', '-i', `color=c=black:s=${width}x${height}:r=${fps},format=yuv420p`]
      : isStill
        ? userFile(file.path)
        : ['-ss', String(toMillionths(within(shown.from, file.facts, rate))), ...userFile(file.path)];
    const filters = !file
      ? 'setsar=1'
      : isStill
        ? `${fit},loop=loop=-1:size=1:start=0,setpts=N*${rate.d}/${rate.n}/TB,fps=${fps}`
        : `fps=${fps}:start_time=0,${fit},tpad=stop_mode=clone:stop_duration=${Math.ceil(seconds) + 1}`;
    await this.programs
      .run(
        [
          ...input,
          ...['-map', '0:v:0', '-an', '-sn', '-dn', '-vf', filters, '-frames:v', String(frames), '-r', fps],
          ...PICTURE[settings.format],
          ...['-video_track_timescale', String(timescaleOf(rate)), '-f', 'mp4', join(work.directory, pieceName(at))],
        ],
        {
          signal: work.signal,
          timeLimitMs: TIME_LIMIT_MS,
          durationSeconds: seconds,
          onProgress: ({ share }) => tell(share ?? 0),
        },
      )
      .catch((thrown: unknown) => {
        work.signal.throwIfAborted();
        const error = AppError.from(thrown);
        if (!shown || error.code !== 'invalid') throw thrown;
        throw new AppError('invalid', `The shot "${shown.name}" cannot be rendered: ${error.message}`, error.details);
      });
  }

  /** One file of sound for each lane, as long as its last sound; silence where nothing is heard. */
  private async lanes(plan: RenderPlan, media: ReadonlyMap<string, LocalMedia>, work: FilmWork): Promise<string[]> {
    const audible = plan.sounds.filter(({ url }) => hasSound(media.get(url)?.facts));
    const length = samplesAt(over(fraction(BigInt(plan.frames)), plan.rate));
    const byLane = Map.groupBy(audible, ({ lane }) => lane);
    const paths: string[] = [];
    let heard = 0;
    for (const [lane, sounds] of byLane) {
      const path = join(work.directory, `lane${lane}.pcm`);
      const out = createWriteStream(path).setMaxListeners(0);
      let at = 0;
      for (const sound of sounds) {
        const start = samplesAt(sound.start);
        at += await write(out, silence(start - at));
        const pcm = await this.pcm(sound, media.get(sound.url)!, `${lane}-${heard}`, work);
        const wanted = Math.min(samplesAt(sound.duration), length - at);
        at += await write(out, fileFrames(pcm, wanted));
        await rm(pcm, { force: true });
        work.progress(0.85 + (0.07 * ++heard) / audible.length, 'the sound is mixed');
      }
      await write(out, silence(length - at));
      await new Promise<void>((resolve, reject) =>
        out.end((error?: Error | null) => (error ? reject(error) : resolve())),
      );
      paths.push(path);
    }
    return paths;
  }

  private async pcm(
    sound: Sound,
    { path }: LocalMedia,
    name: string,
    { directory, signal }: FilmWork,
  ): Promise<string> {
    const out = join(directory, `sound${name}.pcm`);
    await this.programs.run(
      [
        ...['-ss', String(toMillionths(sound.from)), ...userFile(path), '-map', '0:a:0', '-vn', '-sn', '-dn'],
        ...['-t', String(toMillionths(sound.duration)), '-ac', '2', '-ar', String(SAMPLES), '-f', 's16le', out],
      ],
      { signal, timeLimitMs: TIME_LIMIT_MS },
    );
    return out;
  }
}

const pieceName = (at: number): string => `piece${String(at).padStart(5, '0')}.mp4`;
const samplesAt = (seconds: Fraction): number => Number(nearest(times(seconds, fraction(BigInt(SAMPLES)))));
const hasSound = (facts?: MediaFacts): boolean => facts?.streams.some(({ kind }) => kind === 'audio') ?? false;

/** A piece that would begin after the end of its file shows the last frame there is. */
function within(from: Fraction, facts: MediaFacts, rate: Fraction): Fraction {
  if (facts.duration_seconds === null) return from;
  const last = minus(fraction(BigInt(Math.floor(facts.duration_seconds * 1e6)), 1_000_000n), over(fraction(2n), rate));
  const latest = isLess(last, ZERO) ? ZERO : last;
  return isLess(latest, from) ? latest : from;
}

/** Ticks in which every frame is a whole number. */
const timescaleOf = ({ n }: Fraction): bigint => (n < 1000n ? n * 1000n : n);

/** ffmpeg makes each of several inputs quieter; that is undone, and what would be too loud is held back. */
function mixOf(lanes: number): string | undefined {
  if (lanes < 2) return undefined;
  const inputs = Array.from({ length: lanes }, (_, at) => `[${at + 1}:a]`).join('');
  return `${inputs}amix=inputs=${lanes}:duration=longest:dropout_transition=0,volume=${lanes},alimiter=limit=0.97:level=false[a]`;
}

function* silence(frames: number): Generator<Buffer> {
  const zeros = Buffer.alloc(SAMPLES * FRAME_BYTES);
  for (let left = frames; left > 0; left -= SAMPLES) yield zeros.subarray(0, Math.min(left, SAMPLES) * FRAME_BYTES);
}

/** Exactly so many frames of sound: what the file has of them, then silence. */
async function* fileFrames(path: string, frames: number): AsyncGenerator<Buffer> {
  let left = Math.max(0, frames) * FRAME_BYTES;
  const file = await open(path);
  try {
    for (const buffer = Buffer.alloc(1 << 18); left > 0;) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, left), null);
      if (bytesRead === 0) break;
      left -= bytesRead;
      yield Buffer.from(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
  yield* silence(Math.ceil(left / FRAME_BYTES));
}

/** Writes all of it, waiting where the disk is slower; tells how many frames of sound that were. */
async function write(out: NodeJS.WritableStream, chunks: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  const counted = async function* () {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  await pipeline(counted, out, { end: false });
  return bytes / FRAME_BYTES;
}

async function inParallel<T>(things: readonly T[], hands: number, work: (thing: T, at: number) => Promise<void>) {
  let next = 0;
  const hand = async () => {
    for (let at = next++; at < things.length; at = next++)
      await work(things[at]!, at).catch((thrown: unknown) => {
        next = things.length;
        throw thrown;
      });
  };
  const ended = await Promise.allSettled(Array.from({ length: hands }, hand));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}
