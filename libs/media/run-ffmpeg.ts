import { AppError } from '#libs/errors/app-error';
import type { MediaPrograms } from './media-programs.js';
import { runProgram, type Ran, type RunOptions } from './run-program.js';

/** How far ffmpeg is: seconds of the output written, and the share of the whole (0 to 1) where its length was told. */
export interface FfmpegProgress {
  readonly seconds: number;
  readonly frame: number;
  readonly speed: number | null;
  readonly bytes: number;
  readonly share: number | null;
}

export interface FfmpegOptions extends Omit<RunOptions, 'onLine'> {
  /** The length of the output in seconds, which makes a share of the progress. */
  durationSeconds?: number;
  /** Told about twice a second; the share never falls. */
  onProgress?: (progress: FfmpegProgress) => void;
}

/**
 * Runs ffmpeg with these arguments; what it reads is named by `userFile` or `ownFile` of `ffmpeg-input`. It overwrites
 * its output, asks nothing, and on cancelling its whole process group ends.
 */
export async function runFfmpeg(
  { ffmpeg }: MediaPrograms,
  args: readonly string[],
  options: FfmpegOptions = {},
): Promise<Ran> {
  const { onProgress, durationSeconds, ...rest } = options;
  const seconds = Math.ceil((options.timeLimitMs ?? 600_000) / 1000);
  const common = [
    '-hide_banner',
    '-nostdin',
    '-y',
    '-loglevel',
    'error',
    '-nostats',
    '-timelimit',
    String(seconds * 16),
  ];
  const watching = onProgress ? ['-progress', 'pipe:3'] : [];
  return runProgram(ffmpeg, [...common, ...watching, ...args], {
    ...rest,
    ...(onProgress && { onLine: progressReader(onProgress, durationSeconds) }),
  }).catch((error: unknown) => {
    throw fullDisk(error) ?? error;
  });
}

/** Reads the `name=value` lines of `-progress`, a block of which ends with `progress=…`. */
function progressReader(tell: (progress: FfmpegProgress) => void, duration: number | undefined) {
  let block: Record<string, string> = {};
  let highest = 0;
  return (line: string) => {
    const [name = '', value = ''] = line.split('=', 2).map((part) => part.trim());
    block[name] = value;
    if (name !== 'progress') return;
    const seconds = Math.max(0, Number(block.out_time_us ?? block.out_time_ms) / 1e6 || 0);
    const share = value === 'end' ? 1 : duration ? Math.min(1, seconds / duration) : 0;
    highest = Math.max(highest, share);
    tell({
      seconds,
      frame: Number(block.frame) || 0,
      speed: Number.parseFloat(block.speed ?? '') || null,
      bytes: Number(block.total_size) || 0,
      share: duration ? highest : null,
    });
    block = {};
  };
}

/** A full disk is no fault of the input. */
function fullDisk(error: unknown): AppError | undefined {
  if (!(error instanceof AppError) || !/No space left on device/.test(error.message)) return undefined;
  return new AppError('unavailable', 'There is no space left for what ffmpeg writes.', error.details, { cause: error });
}
