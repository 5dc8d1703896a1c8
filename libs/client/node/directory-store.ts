import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnapshotDisk } from '#libs/snapshot/world';

/** Keeps a snapshot in a folder of one's own, which is made when something is first written; files of others in it are removed. */
export const directoryStore = (folder: string): SnapshotDisk => new DirectoryStore(folder);

class DirectoryStore implements SnapshotDisk {
  constructor(private readonly folder: string) {}

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const bytes = await readFile(this.path(name)).catch(ifAbsent);
    // A view and not a copy: the index of titles may have 100 MB.
    return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const file = await open(this.path(name), 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async rename(from: string, to: string): Promise<void> {
    await rename(this.path(from), this.path(to));
    await syncFolder(this.folder);
  }

  async remove(name: string): Promise<void> {
    await rm(this.path(name), { force: true });
  }

  async list(): Promise<string[]> {
    const entries = await readdir(this.folder, { withFileTypes: true }).catch(ifAbsent);
    return (entries ?? []).filter((entry) => entry.isFile()).map(({ name }) => name);
  }

  private path(name: string): string {
    return join(this.folder, name);
  }
}

/** A renamed file is safe once its folder is; some systems cannot do that, and do not need it. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

function ifAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
