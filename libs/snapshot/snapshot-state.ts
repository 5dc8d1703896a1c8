import { z } from 'zod';
import { BY_PLACE, blocksName } from './blocks.js';
import { canonicalText, sha256, utf8 } from './canonical-text.js';
import * as shapes from './document-shapes.js';
import { KINDS, type Kind, type Manifest, type Root, type Signed, type SnapshotFile } from './documents.js';
import type { SnapshotDisk } from './world.js';

/** A snapshot as it is held: what belongs together, and which parts of it are here. */
export interface Generation {
  manifest: Manifest;
  kinds: Kind[];
}
const Generation = z.object({ manifest: shapes.Manifest, kinds: z.array(z.enum(KINDS)) });

/** What is known and held here: whom to believe, the newest numbers seen, the generation in use and the one before. */
export interface SnapshotState {
  format: 1;
  root: Signed<Root>;
  pointer_version: number;
  manifest_seq: number;
  /** The newest rules that were held: what the keys of the hour leave out for a while does not come back older. */
  rules_version: number;
  current: Generation | null;
  previous: Generation | null;
  checked_at: string | null;
}
const State = z.object({
  format: z.literal(1),
  root: shapes.signed(shapes.Root),
  pointer_version: z.number(),
  manifest_seq: z.number(),
  /** Programs of an earlier day have not written it. */
  rules_version: z.number().optional(),
  current: Generation.nullable(),
  previous: Generation.nullable(),
  checked_at: z.iso.datetime().nullable(),
});

const STATE = 'state.json';
/** The answer to the one question that is asked again and again, which a source may keep in the same folder. */
export const ASKED = 'asked.json';

/** The state that was last written whole; undefined in a folder that has none, or none that can be read. */
export async function readState(disk: SnapshotDisk): Promise<SnapshotState | undefined> {
  const bytes = await disk.read(STATE);
  if (!bytes) return undefined;
  try {
    // Read once at the start of a program, where compiling the shape first would take longer than the reading.
    const state = State.parse(JSON.parse(new TextDecoder().decode(bytes)), { jitless: true });
    const rules = state.current ? fileOf(state.current.manifest, 'rules')?.version : undefined;
    return { ...state, rules_version: state.rules_version ?? rules ?? 0 };
  } catch {
    return undefined;
  }
}

/** Writes the state beside the old one and puts it in its place in one step; then removes files of ours that neither generation has. */
export async function writeState(disk: SnapshotDisk, state: SnapshotState): Promise<void> {
  await disk.write(`${STATE}.new`, utf8(canonicalText(state)));
  await disk.rename(`${STATE}.new`, STATE);
  const kept = new Set([STATE, ASKED, ...filesOf(state.current), ...filesOf(state.previous)]);
  for (const name of await disk.list()) if (OURS.test(name) && !kept.has(name)) await disk.remove(name);
}

/** What a file of a generation is called, whole or on its way; whatever else is in the folder is somebody else's. */
const OURS = new RegExp(`^(?:${KINDS.join('|')})-[0-9a-f]{32}(?:\\.blocks)?(?:\\.new)?$`);

const filesOf = (generation: Generation | null): string[] =>
  generation?.kinds.flatMap((kind) => {
    const name = fileName(fileOf(generation.manifest, kind)!);
    return BY_PLACE.has(kind) ? [name, blocksName(name)] : [name];
  }) ?? [];

export const fileOf = (manifest: Manifest, kind: Kind): SnapshotFile | undefined =>
  manifest.files.find((file) => file.kind === kind);

/** The name of a file in the folder: by content, so that no two contents meet under one name. */
export const fileName = (file: SnapshotFile): string => `${file.kind}-${file.sha256.slice(0, 32)}`;

/** The content of a file of a generation; undefined when it is not there or not what it should be. */
export async function contentOf(disk: SnapshotDisk, file: SnapshotFile): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const read = disk.readHashed ? await disk.readHashed(fileName(file)) : await readThenHash(disk, fileName(file));
  return read?.bytes.length === file.bytes && read.sha256 === file.sha256 ? read.bytes : undefined;
}

async function readThenHash(disk: SnapshotDisk, name: string) {
  const bytes = await disk.read(name);
  return bytes && { bytes, sha256: await sha256(bytes) };
}
