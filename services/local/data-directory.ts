import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError } from '#libs/config/read-config';

/** The one folder that holds everything a local platform keeps. */
export interface DataDirectory {
  readonly path: string;
  /** The key that signs tokens: made on the first start, kept for the next. */
  readonly secretKey: string;
  release(): void;
}

/** Opens the folder for this process alone; a second platform on the same folder is refused, a dead one's claim is taken over. */
export function openDataDirectory(path: string): DataDirectory {
  const folder = resolve(path);
  const claim = join(folder, 'platform.pid');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    claimFor(claim);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError([`DATA_DIR: ${folder} cannot be written to (${(error as Error).message})`]);
  }
  return {
    path: folder,
    secretKey: secretKey(join(folder, 'secret-key')),
    release: () => rmSync(claim, { force: true }),
  };
}

function claimFor(claim: string): void {
  const owner = existsSync(claim) ? Number(readFileSync(claim, 'utf8')) : 0;
  if (owner > 0 && owner !== process.pid && isPlatform(owner))
    throw new ConfigError([
      `DATA_DIR: another platform (process ${owner}) is running on this folder; stop it, or set another DATA_DIR`,
    ]);
  writeFileSync(claim, String(process.pid));
}

/** Whether a process is alive and a Node program, so that a pid used again by something else counts as dead. */
function isPlatform(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes('local/main');
}

function secretKey(file: string): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(48).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}
