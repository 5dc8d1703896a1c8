import { z } from 'zod';
import { canonicalText, sha256, utf8 } from './canonical-text.js';
import { KINDS, Manifest, Root, signed, type Kind, type SnapshotFile } from './documents.js';
import type { SnapshotDisk } from './world.js';

const Generation = z.object({ manifest: Manifest, kinds: z.array(z.enum(KINDS)) });
export type Generation = z.infer<typeof Generation>;

/** What is known and held here: whom to believe, the newest numbers seen, the generation in use and the one before. */
const State = z.object({
  format: z.literal(1),
  root: signed(Root),
  pointer_version: z.number(),
  manifest_seq: z.number(),
  current: Generation.nullable(),
  previous: Generation.nullable(),
  checked_at: z.iso.datetime().nullable(),
});
export type SnapshotState = z.infer<typeof State>;

const STATE = 'state.json';
/** The answer to the one question that is asked again and again, which a source may keep in the same folder. */
export const ASKED = 'asked.json';

/** The state that was last written whole; undefined in a folder that has none, or none that can be read. */
export async function readState(disk: SnapshotDisk): Promise<SnapshotState | undefined> {
  const bytes = await disk.read(STATE);
  if (!bytes) return undefined;
  try {
    return State.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

/** Writes the state beside the old one and puts it in its place in one step; then removes files that neither generation has. */
export async function writeState(disk: SnapshotDisk, state: SnapshotState): Promise<void> {
  await disk.write(`${STATE}.new`, utf8(canonicalText(state)));
  await disk.rename(`${STATE}.new`, STATE);
  const kept = new Set([STATE, ASKED, ...filesOf(state.current), ...filesOf(state.previous)]);
  for (const name of await disk.list()) if (!kept.has(name)) await disk.remove(name);
}

const filesOf = (generation: Generation | null): string[] =>
  generation?.kinds.map((kind) => fileName(fileOf(generation.manifest, kind)!)) ?? [];

export const fileOf = (manifest: Manifest, kind: Kind): SnapshotFile | undefined =>
  manifest.files.find((file) => file.kind === kind);

/** The name of a file in the folder: by content, so that no two contents meet under one name. */
export const fileName = (file: SnapshotFile): string => `${file.kind}-${file.sha256.slice(0, 32)}`;

/** The content of a file of a generation; undefined when it is not there or not what it should be. */
export async function contentOf(disk: SnapshotDisk, file: SnapshotFile): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = await disk.read(fileName(file));
  return bytes?.length === file.bytes && (await sha256(bytes)) === file.sha256 ? bytes : undefined;
}
