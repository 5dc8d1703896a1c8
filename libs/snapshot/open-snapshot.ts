import type { Kind, Manifest } from './documents.js';
import { contentOf, fileOf, readState } from './snapshot-state.js';
import type { SnapshotDisk } from './world.js';

/** A file as it is held here, whole and checked, with the age of the snapshot it belongs to. */
export interface HeldFile {
  bytes: Uint8Array<ArrayBuffer>;
  manifest: Manifest;
  version: number;
  generation: 'current' | 'previous';
  age_ms: number;
}

/**
 * Reads a file of the newest generation in which everything asked for is whole, offline and whatever its age: being past its
 * time blocks updates, not use. Undefined when there is none.
 */
export async function openSnapshot(
  disk: SnapshotDisk,
  kinds: readonly Kind[],
  now: Date,
): Promise<Map<Kind, HeldFile> | undefined> {
  const state = await readState(disk);
  for (const name of ['current', 'previous'] as const) {
    const generation = state?.[name];
    if (!generation || !kinds.every((kind) => generation.kinds.includes(kind))) continue;
    const held = new Map<Kind, HeldFile>();
    for (const kind of kinds) {
      const file = fileOf(generation.manifest, kind)!;
      const bytes = await contentOf(disk, file);
      if (!bytes) break;
      const age_ms = now.getTime() - Date.parse(generation.manifest.generated_at);
      held.set(kind, { bytes, manifest: generation.manifest, version: file.version, generation: name, age_ms });
    }
    if (held.size === kinds.length) return held;
  }
  return undefined;
}
