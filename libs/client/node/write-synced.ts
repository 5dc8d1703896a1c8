import { open, rm } from 'node:fs/promises';

/** Writes a file that is on the disk when this resolves; where it cannot be written whole, as on a full disk, nothing of it stays. */
export async function writeSynced(path: string, bytes: Uint8Array, mode = 0o666): Promise<void> {
  const file = await open(path, 'w', mode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (thrown) {
    await rm(path, { force: true }).catch(() => undefined);
    throw thrown;
  } finally {
    await file.close();
  }
}
