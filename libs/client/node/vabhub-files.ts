import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#libs/errors/app-error';
import type { Kind } from '#libs/snapshot/documents';
import type { SnapshotAge, Snapshots } from '../snapshots/snapshots.js';
import { syncFolder } from './directory-store.js';
import { writeSynced } from './write-synced.js';

/** What VabHub's local intel service reads, once, on first use: two bare maps. */
const FILES = { 'aliases.json': 'alias', 'index.json': 'index' } as const;

/** The parts of a snapshot that VabHub can read. */
export const VABHUB_KINDS: readonly Kind[] = Object.values(FILES);

export interface VabHubReport {
  /** The files that changed; VabHub sees them when it is started anew. */
  written: string[];
  snapshot: SnapshotAge;
}

/**
 * Writes `aliases.json` and `index.json` for an unmodified VabHub from the snapshot that is held, each in one step, so that a reader
 * finds the old file or the new one; files that are so already are left alone. Without a snapshot it is `unavailable`.
 */
export function writeVabHubFiles(snapshots: Snapshots, folder: string): Promise<VabHubReport> {
  return snapshots.alone(() => write(snapshots, folder));
}

async function write(snapshots: Snapshots, folder: string): Promise<VabHubReport> {
  const held = await snapshots.open(VABHUB_KINDS);
  if (!held)
    throw new AppError('unavailable', 'There is no snapshot of names and sites here yet. Fetch once with a network.');
  await mkdir(folder, { recursive: true });
  const written: string[] = [];
  for (const [name, kind] of Object.entries(FILES)) {
    const path = join(folder, name);
    const [bytes, there] = [held.get(kind)!.bytes, await readFile(path).catch(() => undefined)];
    if (there?.equals(bytes)) continue;
    await replace(path, bytes);
    written.push(name);
  }
  if (written.length > 0) await syncFolder(folder);
  return { written, snapshot: snapshots.ageOf(held.get('alias')!.manifest) };
}

async function replace(path: string, bytes: Uint8Array): Promise<void> {
  await writeSynced(`${path}.new`, bytes, 0o644);
  await rename(`${path}.new`, path);
}
