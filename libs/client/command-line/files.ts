import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
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
