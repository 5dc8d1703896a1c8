import { open, rm } from 'node:fs/promises';
import { AppError } from '#libs/errors/app-error';

/** Writes a file that is on the disk when this resolves; where it cannot be written whole, as on a full disk, nothing of it stays. */
export async function writeSynced(path: string, bytes: Uint8Array, mode = 0o666): Promise<void> {
  const file = await open(path, 'w', mode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (thrown) {
    await rm(path, { force: true }).catch(() => undefined);
    if (!FULL.includes(String((thrown as NodeJS.ErrnoException).code))) throw thrown;
    throw new AppError('unavailable', `${path} cannot be written: its disk has no room for ${bytes.length} bytes more. Make room, then try again.`, undefined, { cause: thrown }); // prettier-ignore
  } finally {
    await file.close();
  }
}

const FULL = ['ENOSPC', 'EDQUOT'];
