import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#libs/errors/app-error';

/** The text of a file, or undefined where there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR') return undefined;
    throw new AppError('unavailable', `${path} cannot be read: ${thrown.message}`, undefined, { cause: thrown });
  });
}

/** Writes a file whole or not at all: whoever reads it, whenever, sees the old text or the new. */
export async function writeWhole(path: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID().slice(0, 8)}.draft`;
  let file: FileHandle | undefined;
  try {
    file = await open(draft, 'wx', mode);
    await file.writeFile(text);
    await file.sync();
    await file.close();
    await rename(draft, path);
  } catch (thrown) {
    await file?.close().catch(() => undefined);
    await rm(draft, { force: true });
    throw new AppError('unavailable', `${path} cannot be written: ${(thrown as Error).message}`, undefined, {
      cause: thrown,
    });
  }
}

const LOOK_AGAIN_MS = 50;
const WAIT_MS = 20_000;

/** Runs `work` while no other process runs any under the same lock file; the lock of a process that is gone does not count. */
export async function alone<T>(lock: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(lock), { recursive: true, mode: 0o700 });
  for (let waited = 0; !(await take(lock)); waited += LOOK_AGAIN_MS) {
    if (waited >= WAIT_MS)
      throw new AppError('unavailable', `Another evidverse is at work here (${lock}). Try again when it is done.`);
    await sleep(LOOK_AGAIN_MS);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx', 0o600);
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    const holder = Number(await readIfThere(lock));
    if (holder > 0 && !isAlive(holder)) await rm(lock, { force: true });
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
