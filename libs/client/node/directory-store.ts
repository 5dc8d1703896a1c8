import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlockChecks, BytesByPlace } from '#libs/snapshot/world';
import type { SnapshotStore } from '../snapshots/snapshot-store.js';
import { alone, type Hold } from './alone.js';
import { bytesByPlace } from './bytes-by-place.js';
import { writeSynced } from './write-synced.js';

/** Keeps a snapshot in a folder of one's own, which is made when something is first written; files of others in it are left alone. */
export const directoryStore = (folder: string): SnapshotStore => new DirectoryStore(folder);

const PIECE = 4 * 1024 * 1024;
const PATIENCE_MS = 60_000;

class DirectoryStore implements SnapshotStore {
  private hold: Hold | undefined;

  constructor(private readonly folder: string) {}

  /** One process at a time; one that stood still until another took over changes nothing more. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return alone(
      this.path('lock'),
      async (hold) => {
        this.hold = hold;
        try {
          return await work();
        } finally {
          this.hold = undefined;
        }
      },
      { wait_ms: PATIENCE_MS },
    );
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const bytes = await readFile(this.path(name)).catch(ifAbsent);
    // A view and not a copy: the index of titles may have 100 MB.
    return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Hashes a piece while the next one is read: an index of titles of 100 MB is ready hardly later than it is hashed. */
  async readHashed(name: string) {
    const file = await open(this.path(name), 'r').catch(ifAbsent);
    if (!file) return undefined;
    try {
      const bytes = new Uint8Array((await file.stat()).size);
      const hash = createHash('sha256');
      const read = (from: number) => file.read(bytes, from, Math.min(PIECE, bytes.length - from), from);
      let coming = read(0);
      for (let at = 0; at < bytes.length;) {
        const { bytesRead } = await coming;
        if (bytesRead === 0) break;
        const piece = bytes.subarray(at, (at += bytesRead));
        coming = read(at);
        hash.update(piece);
      }
      await coming;
      return { bytes, sha256: hash.digest('hex') };
    } finally {
      await file.close();
    }
  }

  async readByPlace(name: string, checks: BlockChecks): Promise<BytesByPlace | undefined> {
    const found = await stat(this.path(name)).catch(ifAbsent);
    return found?.size === checks.length ? bytesByPlace(this.path(name), checks) : undefined;
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    await this.hold?.requireHeld();
    await mkdir(this.folder, { recursive: true });
    await writeSynced(this.path(name), bytes);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.hold?.requireHeld();
    await rename(this.path(from), this.path(to));
    await syncFolder(this.folder);
  }

  async remove(name: string): Promise<void> {
    await this.hold?.requireHeld();
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
