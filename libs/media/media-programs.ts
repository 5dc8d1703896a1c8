import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '#libs/config/package-root';
import { AppError } from '#libs/errors/app-error';

/** The two programs, each as it can be started, and what they say of themselves. */
export interface MediaPrograms {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  readonly version: string;
  /** Whether it has the filters that bring HDR to ordinary screens. */
  readonly toneMaps: boolean;
}

export interface WishedPrograms {
  readonly FFMPEG_PATH?: string;
  readonly FFPROBE_PATH?: string;
}

/**
 * Finds ffmpeg and ffprobe: those of the settings and no others when they are given, else the system's, else the
 * binaries that npm brought. `unavailable` with the way to get them when there are none; found once, they are remembered.
 */
export async function findMediaPrograms(wish: WishedPrograms = {}): Promise<MediaPrograms> {
  const name = JSON.stringify([wish.FFMPEG_PATH, wish.FFPROBE_PATH]);
  const known = found.get(name);
  if (known) return known;
  const [ffmpeg, ffprobe] = [await firstThatRuns('ffmpeg', wish), await firstThatRuns('ffprobe', wish)];
  const toneMaps = await hasFilters(ffmpeg.path, ['zscale', 'tonemap']);
  const programs = { ffmpeg: ffmpeg.path, ffprobe: ffprobe.path, version: ffmpeg.version, toneMaps };
  found.set(name, programs);
  return programs;
}

export type Program = 'ffmpeg' | 'ffprobe';
const found = new Map<string, MediaPrograms>();

async function firstThatRuns(program: Program, wish: WishedPrograms): Promise<{ path: string; version: string }> {
  const wished = wishedPath(program, wish);
  const complaints: string[] = [];
  for (const path of wished === undefined ? [program, packagedPath(program)] : [wished]) {
    if (path === undefined) continue;
    try {
      const { stdout } = await promisify(execFile)(path, ['-version'], { timeout: 20_000, windowsHide: true });
      return { path, version: /^\w+ version (\S+)/.exec(stdout)?.[1] ?? 'unknown' };
    } catch (error) {
      complaints.push(`${path}: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`);
    }
  }
  throw new AppError(
    'unavailable',
    wished === undefined
      ? `There is no ${program} here. Install it (Debian: apt-get install ffmpeg), run \`npm install --include=optional\`, or give its path in ${program.toUpperCase()}_PATH.`
      : `${wished} does not run as ${program}. Correct ${program.toUpperCase()}_PATH, or unset it to have ${program} looked for.`,
    { reason: 'no_media_programs', tried: complaints },
  );
}

async function hasFilters(ffmpeg: string, names: readonly string[]): Promise<boolean> {
  const { stdout } = await promisify(execFile)(ffmpeg, ['-hide_banner', '-filters'], { timeout: 20_000 });
  return names.every((name) => new RegExp(`^ ...? +${name} `, 'm').test(stdout));
}

/** An ffprobe that is not named is expected beside an ffmpeg that is named by a path. */
function wishedPath(program: Program, { FFMPEG_PATH, FFPROBE_PATH }: WishedPrograms): string | undefined {
  if (program === 'ffmpeg') return FFMPEG_PATH;
  if (FFPROBE_PATH !== undefined || FFMPEG_PATH === undefined || dirname(FFMPEG_PATH) === '.') return FFPROBE_PATH;
  return join(dirname(FFMPEG_PATH), basename(FFMPEG_PATH).replace('ffmpeg', 'ffprobe'));
}

/** Where npm has put the program for this platform, or undefined when it has not. */
export function packagedPath(program: Program): string | undefined {
  const require = createRequire(join(packageRoot(), 'package.json'));
  const suffix = process.platform === 'win32' ? '.exe' : '';
  try {
    const folder = dirname(require.resolve(`@${program}-installer/${process.platform}-${process.arch}/package.json`));
    return join(folder, program + suffix);
  } catch {
    return undefined;
  }
}
