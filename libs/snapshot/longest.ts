import type { SnapshotFile } from './documents.js';

/** How long a manifest and its files may say they are, unpacked and packed: a file lies in memory whole while it is checked. No client takes more, so no build publishes more. */
export const LONGEST = { manifest: 4 * 1024 ** 2, bytes: 1024 ** 3, gz_bytes: 512 * 1024 ** 2 } as const;

export interface TooLong {
  path: string;
  length: number;
  most: number;
}

/** Whether something says of itself that it is longer than anything true. */
export const tooLong = (path: string, length: number, most: number): TooLong | undefined =>
  length > most ? { path, length, most } : undefined;

/** The first file of a manifest that is too long, unpacked or packed. */
export function tooLongFile(files: readonly Pick<SnapshotFile, 'path' | 'bytes' | 'gz_bytes'>[]): TooLong | undefined {
  for (const { path, bytes, gz_bytes } of files) {
    const found = tooLong(path, bytes, LONGEST.bytes) ?? tooLong(path, gz_bytes, LONGEST.gz_bytes);
    if (found) return found;
  }
  return undefined;
}
