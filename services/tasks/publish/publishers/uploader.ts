import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#libs/errors/app-error';
import { runProgram } from '#libs/media/run-program';
import type { Assets } from '../../media/assets.js';
import type { Programs } from '../../media/programs.js';
import { withoutSecrets } from '../credentials.js';
import type { Publication } from '../publisher.js';

/** What an uploading program is given: files, none of which it gets by an address. */
export interface UploadFiles {
  films: string[];
  credential: string;
  cover: string | null;
}

const TIME_LIMIT_MS = 2 * 3600_000;
const TAIL = 8000;

/** Brings film, cover and credential into the folder of the attempt; a file that is no film is refused here. */
export async function filesFor(
  { job, credential, run }: Omit<Publication, 'call_id'>,
  assets: Assets,
  programs: Programs,
): Promise<UploadFiles> {
  const isMany = job.multi_part && Array.isArray(job.input_artifacts);
  const parts = isMany ? (job.input_artifacts as string[]) : [job.video_url];
  const films: string[] = [];
  for (const [at, url] of parts.entries()) {
    const path = join(run.directory, parts.length === 1 ? 'film.mp4' : `p${String(at + 1).padStart(2, '0')}.mp4`);
    await assets.fetch(run, url, path);
    const { kind } = await programs.probe(path, run.signal);
    if (kind !== 'video') throw new AppError('invalid', `What is at ${url.slice(0, 200)} is no film.`);
    films.push(path);
  }
  const cover = job.cover_url ? join(run.directory, 'cover') : null;
  if (cover !== null) await assets.fetch(run, job.cover_url!, cover);
  const path = join(run.directory, 'credential.json');
  await writeFile(path, JSON.stringify(credential), { mode: 0o600 });
  return { films, credential: path, cover };
}

/**
 * Runs an uploading program with these arguments and gives what it said, without any secret in it. A program that ends
 * by itself and fails has not published (`invalid`); one that was ended from outside may have.
 */
export async function upload(
  program: string,
  args: readonly string[],
  { credential, run }: Pick<Publication, 'credential' | 'run'>,
  timeLimitMs = TIME_LIMIT_MS,
): Promise<{ exit_code: number; stdout: string }> {
  let stdout = '';
  const clean = (text: string) => withoutSecrets(text, credential).slice(-TAIL);
  try {
    await runProgram(program, args, {
      cwd: run.directory,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: run.directory, LANG: 'C.UTF-8' },
      signal: run.signal,
      timeLimitMs,
      onOutput: (chunk) => (stdout = (stdout + chunk.toString('utf8')).slice(-2 * TAIL)),
    });
    return { exit_code: 0, stdout: clean(stdout) };
  } catch (thrown) {
    run.signal.throwIfAborted();
    const error = AppError.from(thrown);
    const { exit_code, complaints = '' } = (error.details ?? {}) as { exit_code?: number | null; complaints?: string };
    if (typeof exit_code === 'number') {
      const words = clean(`${stdout}\n${complaints}`).trim();
      const failure = `The uploader failed (exit ${exit_code}): ${words.slice(-500)}`;
      throw new AppError('invalid', failure, { exit_code, stderr: words });
    }
    if (error.details === undefined && error.code === 'unavailable')
      throw new AppError('invalid', `${error.message} Give the path of the uploader in the settings.`);
    throw new AppError('internal', `The upload ended from outside: ${error.message}`);
  }
}
