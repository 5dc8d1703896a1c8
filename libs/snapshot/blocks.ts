import { sha256, utf8 } from './canonical-text.js';
import type { Kind, SnapshotFile } from './documents.js';
import type { SnapshotDisk } from './world.js';

/** Content is checked in blocks of so many bytes, where it is read by place. */
export const BLOCK = 32 * 1024;
const DIGEST = 32;

/** Those of which an answer reads a few places only. */
export const BY_PLACE: ReadonlySet<Kind> = new Set<Kind>(['titles', 'works']);

/** What the file of block hashes beside a content is called. */
export const blocksName = (name: string): string => `${name}.blocks`;

/**
 * The hashes of a content that was just checked whole, block by block, and at the end one hash of all of them together with the
 * content's own, which says what they are the hashes of.
 */
export async function blocksOf(file: SnapshotFile, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const count = Math.ceil(bytes.length / BLOCK);
  const table = new Uint8Array((count + 1) * DIGEST);
  for (let at = 0; at < count; at++) table.set(await digest(bytes.subarray(at * BLOCK, (at + 1) * BLOCK)), at * DIGEST);
  table.set(await seal(file, table.subarray(0, count * DIGEST)), count * DIGEST);
  return table;
}

/** The block hashes that are kept of a content; undefined when there are none, or others. */
export async function readBlocks(
  disk: SnapshotDisk,
  name: string,
  file: SnapshotFile,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const table = await disk.read(blocksName(name));
  const length = Math.ceil(file.bytes / BLOCK) * DIGEST;
  if (table?.length !== length + DIGEST) return undefined;
  const hashes = table.subarray(0, length);
  const sealed = await seal(file, hashes);
  return sealed.every((byte, at) => byte === table[length + at]) ? hashes : undefined;
}

const digest = async (bytes: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

async function seal({ sha256: whole, bytes }: SnapshotFile, hashes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return digest(utf8(`${BLOCK} ${bytes} ${whole} ${await sha256(hashes)}`));
}
