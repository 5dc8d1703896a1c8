import { BLOCK, BY_PLACE, readBlocks } from './blocks.js';
import type { Kind, Manifest, SnapshotFile } from './documents.js';
import { contentOf, fileName, fileOf, readState } from './snapshot-state.js';
import type { BytesByPlace, SnapshotDisk } from './world.js';

/** A file as it is held here, whole and checked, with the age of the snapshot it belongs to. */
export interface HeldFile {
  bytes: Uint8Array<ArrayBuffer>;
  /** Where it is not all there yet: brings a range of the bytes, checked. */
  need?: BytesByPlace['need'] | undefined;
  manifest: Manifest;
  version: number;
  generation: 'current' | 'previous';
  age_ms: number;
}

/**
 * Reads a file of the newest generation in which everything asked for is whole, offline and whatever its age: being past its
 * time blocks updates, not use. Undefined when there is none. With `byPlace`, large files are checked as they are read, where the
 * store can do that.
 */
export async function openSnapshot(
  disk: SnapshotDisk,
  kinds: readonly Kind[],
  now: Date,
  { byPlace = false }: { byPlace?: boolean } = {},
): Promise<Map<Kind, HeldFile> | undefined> {
  const state = await readState(disk);
  for (const name of ['current', 'previous'] as const) {
    const generation = state?.[name];
    if (!generation || !kinds.every((kind) => generation.kinds.includes(kind))) continue;
    const held = new Map<Kind, HeldFile>();
    for (const kind of kinds) {
      const file = fileOf(generation.manifest, kind)!;
      const content = (byPlace && (await contentByPlace(disk, file))) || (await wholeContent(disk, file));
      if (!content) break;
      const age_ms = now.getTime() - Date.parse(generation.manifest.generated_at);
      held.set(kind, { ...content, manifest: generation.manifest, version: file.version, generation: name, age_ms });
    }
    if (held.size === kinds.length) return held;
  }
  return undefined;
}

async function wholeContent(disk: SnapshotDisk, file: SnapshotFile) {
  const bytes = await contentOf(disk, file);
  return bytes && { bytes };
}

async function contentByPlace(disk: SnapshotDisk, file: SnapshotFile): Promise<BytesByPlace | undefined> {
  if (!BY_PLACE.has(file.kind) || !disk.readByPlace) return undefined;
  const hashes = await readBlocks(disk, fileName(file), file);
  return hashes && disk.readByPlace(fileName(file), { length: file.bytes, block: BLOCK, hashes });
}
