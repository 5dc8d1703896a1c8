import { z } from 'zod';
import { BY_PLACE, blocksName, blocksOf, readBlocks } from './blocks.js';
import { applyDelta, readWritten, textOf, type Delta } from './bare-map.js';
import { sha256, utf8 } from './canonical-text.js';
import * as shapes from './document-shapes.js';
import {
  CLIENT_TRACK,
  PATHS,
  rulesStatement,
  WORTH,
  type Kind,
  type Manifest,
  type Pointer,
  type RoleName,
  type Root,
  type Signed,
  type SnapshotFile,
} from './documents.js';
import { fetchLimited, fetchUnpacked, type Traffic } from './fetch-limited.js';
import { LONGEST, tooLong, tooLongFile, type TooLong } from './longest.js';
import { newestRoot } from './newest-root.js';
import { isSignedBy } from './signing.js';
import {
  contentOf,
  fileName,
  fileOf,
  readState,
  writeState,
  type Generation,
  type SnapshotState,
} from './snapshot-state.js';
import { SnapshotRefusedError, type SnapshotWorld, type Unpack } from './world.js';

export interface SyncReport extends Traffic {
  outcome: 'updated' | 'unchanged';
  seq: number;
  /** How each changed file came. */
  came: Partial<Record<Kind, 'delta' | 'full'>>;
  /** Ask again no sooner than this. */
  wait_s: number;
}

export interface SyncOptions {
  anchor: Signed<Root>;
  kinds: readonly Kind[];
  repair?: boolean;
  isReadable?: (kind: Kind, bytes: Uint8Array) => boolean;
}

const POINTER_LIMIT = 4096;
/**
 * Brings the folder to the newest snapshot: believes nothing that the root's keys have not signed, goes back in nothing,
 * mixes nothing, and leaves what is there as it is when anything is wrong. `anchor` is the root that came with the program;
 * `isReadable` says no to content that is whole but for a newer program, of which nothing is taken either.
 */
export async function syncSnapshot(
  world: SnapshotWorld,
  { anchor, kinds, repair = false, isReadable = () => true }: SyncOptions,
): Promise<SyncReport> {
  const now = world.clock.now();
  const traffic: Traffic = { requests: 0, bytes: 0 };
  const before = (await readState(world.disk)) ?? fresh(anchor);
  const { pointer, state } = await believedPointer(world, before, now, traffic);
  const current = state.current;
  const have =
    current !== null && kinds.every((kind) => current.kinds.includes(kind) || !fileOf(current.manifest, kind));
  const isNewest = current?.manifest.seq === pointer.manifest.version;
  await writeState(world.disk, { ...state, ...(isNewest && { checked_at: now.toISOString() }) });
  if (isNewest && have && !repair)
    return { outcome: 'unchanged', seq: current.manifest.seq, came: {}, wait_s: pointer.wait_s, ...traffic };
  const manifest = await believedManifest(world, state, pointer, traffic);
  const came: SyncReport['came'] = {};
  const wanted = kinds.filter((kind) => fileOf(manifest, kind));
  for (const kind of wanted) {
    const file = fileOf(manifest, kind)!;
    const there = await contentOf(world.disk, file);
    if (there) {
      await keepBlocks(world, file, there);
      continue;
    }
    const { bytes, by } = await newContent(world, current, file, traffic);
    if (!isReadable(kind, bytes))
      throw new SnapshotRefusedError('too_new', `The ${kind} are for a newer program than this one.`);
    await world.disk.write(`${fileName(file)}.new`, bytes);
    await world.disk.rename(`${fileName(file)}.new`, fileName(file));
    await keepBlocks(world, file, bytes);
    came[kind] = by;
  }
  const kept = (current?.kinds ?? []).filter(
    (kind) => !wanted.includes(kind) && sameFile(current!.manifest, manifest, kind),
  );
  const generation = { manifest, kinds: [...wanted, ...kept] };
  const previous = current?.manifest.seq === manifest.seq ? state.previous : current;
  await writeState(world.disk, {
    ...state,
    manifest_seq: manifest.seq,
    rules_version: Math.max(state.rules_version, fileOf(manifest, 'rules')?.version ?? 0),
    current: generation,
    previous,
    checked_at: now.toISOString(),
  });
  return { outcome: 'updated', seq: manifest.seq, came, wait_s: pointer.wait_s, ...traffic };
}

/** Keeps the hashes of the blocks of a content that was checked, where they are of use and not there yet. */
async function keepBlocks({ disk }: SnapshotWorld, file: SnapshotFile, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const name = fileName(file);
  if (!disk.readByPlace || !BY_PLACE.has(file.kind) || (await readBlocks(disk, name, file))) return;
  await disk.write(`${blocksName(name)}.new`, await blocksOf(file, bytes));
  await disk.rename(`${blocksName(name)}.new`, blocksName(name));
}

const fresh = (anchor: Signed<Root>): SnapshotState => ({
  format: 1,
  root: anchor,
  pointer_version: 0,
  manifest_seq: 0,
  rules_version: 0,
  current: null,
  previous: null,
  checked_at: null,
});

const sameFile = (a: Manifest, b: Manifest, kind: Kind) => fileOf(a, kind)?.sha256 === fileOf(b, kind)?.sha256;

/** The pointer, by keys of the root in use or of a newer one: first whether it is newer, then whether it is fresh. */
async function believedPointer(world: SnapshotWorld, before: SnapshotState, now: Date, traffic: Traffic) {
  const { document: pointer, isGood } = parse(
    shapes.Pointer,
    await required(world, PATHS.pointer, POINTER_LIMIT, traffic),
    PATHS.pointer,
  );
  const good = () => isGood(state.root.signed, 'pointer');
  let state = before;
  if (pointer.root > state.root.signed.version || isPast(state.root.signed.expires, now) || !(await good()))
    state = await newestRoot(world, state, traffic);
  if (isPast(state.root.signed.expires, now))
    throw new SnapshotRefusedError(
      'expired',
      `The root ${state.root.signed.version} is past its time, and there is no newer one.`,
    );
  if (!(await good())) throw new SnapshotRefusedError('signature', 'The pointer is not signed by keys that count.');
  if (pointer.version < state.pointer_version || pointer.manifest.version < state.manifest_seq)
    throw new SnapshotRefusedError(
      'rollback',
      `Pointer ${pointer.version} is older than ${state.pointer_version}, which was seen.`,
    );
  if (isPast(pointer.expires, now))
    throw new SnapshotRefusedError(
      'expired',
      `The pointer is past its time (${pointer.expires}): nothing newer is to be had here.`,
    );
  return { pointer, state: { ...state, pointer_version: pointer.version } };
}

async function believedManifest(
  world: SnapshotWorld,
  state: SnapshotState,
  pointer: Pointer,
  traffic: Traffic,
): Promise<Manifest> {
  const { version, bytes: length, sha256: hash } = pointer.manifest;
  const path = PATHS.manifest(version);
  requireRoom(tooLong(path, length, LONGEST.manifest));
  const bytes = (await packedManifest(world, pointer, traffic)) ?? (await required(world, path, length, traffic));
  if (bytes.length !== length || (await sha256(bytes)) !== hash)
    throw new SnapshotRefusedError('hash', `${path} is not what the pointer says.`);
  const { document: manifest, isGood } = parse(shapes.Manifest, bytes, path);
  const root = state.root.signed;
  if (!(await isGood(root, 'manifest')))
    throw new SnapshotRefusedError('signature', 'The manifest is not signed by keys that count.');
  if (manifest.min_client > CLIENT_TRACK)
    throw new SnapshotRefusedError(
      'too_new',
      `Snapshots from here on are for programs of track ${manifest.min_client}, and this one is of track ${CLIENT_TRACK}. What is held goes on answering; update the program to get newer ones.`,
    );
  if (manifest.seq !== version) throw new SnapshotRefusedError('hash', `${path} calls itself ${manifest.seq}.`);
  requireRoom(tooLongFile(manifest.files));
  for (const file of manifest.files) {
    const seen = file.kind === 'rules' ? state.rules_version : state.manifest_seq;
    const old = state.current && seen > 0 ? fileOf(state.current.manifest, file.kind) : undefined;
    const least = file.kind === 'rules' ? seen : (old?.version ?? 0);
    if (file.version < least || (file.version === old?.version && file.sha256 !== old.sha256))
      throw new SnapshotRefusedError('rollback', `${file.kind} ${file.version} does not follow ${least}.`);
    if (file.kind === 'rules' && !(await isSignedBy(root, 'rules', rulesStatement(file), file.signatures ?? [])))
      throw new SnapshotRefusedError('signature', 'The rules are not signed by those who may.');
  }
  return manifest;
}

/** Nothing is fetched that says it is longer than anything true. */
function requireRoom(found: TooLong | undefined): void {
  if (found)
    throw new SnapshotRefusedError(
      'too_long',
      `${found.path} is said to have ${found.length} bytes, and nothing there has more than ${found.most}.`,
    );
}

/** The manifest as brotli, a third as long; undefined, whatever is wrong with it, when the plain one has to be had. */
async function packedManifest(
  world: SnapshotWorld,
  { manifest }: Pointer,
  traffic: Traffic,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!world.unpack.brotli) return undefined;
  const limits = { packed: manifest.bytes, unpacked: manifest.bytes };
  const unpack: Unpack['gzip'] = (packed, limit) => world.unpack.brotli!(packed, limit).catch(() => new Uint8Array());
  const bytes = await fetchUnpacked(world, PATHS.manifest(manifest.version, true), limits, unpack, traffic);
  return bytes && (await sha256(bytes)) === manifest.sha256 ? bytes : undefined;
}

/** The content of a file: by a delta from what is here, when there is one that is worth it, else whole. */
async function newContent(world: SnapshotWorld, current: Generation | null, file: SnapshotFile, traffic: Traffic) {
  const old = current ? fileOf(current.manifest, file.kind) : undefined;
  const way = old ? wayTo(file, old.version) : undefined;
  if (old && way) {
    const bytes = await byDeltas(world, old, file, way, traffic);
    if (bytes) return { bytes, by: 'delta' as const };
  }
  const unpack: Unpack['gzip'] = (packed, limit) =>
    world.unpack.gzip(packed, limit).catch((cause: unknown) => {
      throw new SnapshotRefusedError('malformed', `${file.path} cannot be unpacked.`, { cause });
    });
  const limits = { packed: file.gz_bytes, unpacked: file.bytes };
  const bytes = await fetchUnpacked(world, file.path, limits, unpack, traffic);
  if (!bytes) throw isMissing(file.path);
  if (bytes.length !== file.bytes || (await sha256(bytes)) !== file.sha256)
    throw new SnapshotRefusedError('hash', `${file.path} is not what the manifest says.`);
  return { bytes, by: 'full' as const };
}

/**
 * The versions to go through to the newest one: none other when there is a delta from the version that is here, else the first one
 * after it that a delta leads to, as the manifest tells. One that does not tell is of another time: then the next version that has a
 * delta is tried. Undefined when there is no way, so that nothing is asked for in vain.
 */
export function wayTo(
  { version, deltas, ways }: Pick<SnapshotFile, 'version' | 'deltas' | 'ways'>,
  here: number,
): number[] | undefined {
  if (deltas.includes(here)) return [version];
  const told = ways?.filter(([, since]) => since <= here).map(([through]) => through);
  const later = (told ?? deltas).filter((from) => from > here && deltas.includes(from));
  return later.length === 0 ? undefined : [Math.min(...later), version];
}

/** The content after the deltas; undefined, whatever is wrong with one of them, when the whole file has to be had. */
async function byDeltas(
  world: SnapshotWorld,
  old: SnapshotFile,
  file: SnapshotFile,
  way: readonly number[],
  traffic: Traffic,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const content = await contentOf(world.disk, old);
    if (!content) return undefined;
    // The twin for those who know no brotli is longer by an unknown part; as long as what is in it, it is not.
    const form = world.unpack.brotli ? 'br' : 'gz';
    const limit = form === 'br' ? Math.ceil(file.gz_bytes * WORTH) : file.bytes + 64;
    let map = readWritten(decode(content));
    let here = old.version;
    for (const next of way) {
      const limits = { packed: limit, unpacked: file.bytes };
      const unpack = world.unpack.brotli ?? world.unpack.gzip;
      const text = await fetchUnpacked(world, PATHS.delta(file.kind, here, next, form), limits, unpack, traffic);
      if (!text) return undefined;
      map = applyDelta(map, JSON.parse(decode(text)) as Delta);
      here = next;
    }
    const bytes = utf8(joined(textOf(map), file.bytes));
    return bytes.length === file.bytes && (await sha256(bytes)) === file.sha256 ? bytes : undefined;
  } catch (error) {
    if (error instanceof SnapshotRefusedError && error.reason === 'too_slow') throw error;
    return undefined;
  }
}

/** The pieces as one text, if that has no more than `most` characters: a delta of a few bytes can ask for one entry ten thousand times. */
function joined(pieces: Iterable<string>, most: number): string {
  const kept: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    length += piece.length;
    if (length > most) throw new RangeError('It becomes longer than was said.');
    kept.push(piece);
  }
  return kept.join('');
}

async function required(
  world: SnapshotWorld,
  path: string,
  limit: number,
  traffic: Traffic,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await fetchLimited(world, path, limit, traffic);
  if (!bytes) throw isMissing(path);
  return bytes;
}

const isMissing = (path: string) => new SnapshotRefusedError('missing', `${path} is not there.`);

/** What a signed document says, as far as this program knows its fields; the signatures are over all that it says. */
function parse<T>(schema: { parse(value: unknown): T }, bytes: Uint8Array, path: string) {
  try {
    const { signed: said, signatures } = shapes.signed(z.unknown()).parse(JSON.parse(decode(bytes)));
    const isGood = (root: Root, role: RoleName) => isSignedBy(root, role, said, signatures);
    return { document: schema.parse(said), isGood };
  } catch (cause) {
    throw new SnapshotRefusedError('malformed', `${path} cannot be read.`, { cause });
  }
}

const decode = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
const isPast = (expires: string, now: Date) => Date.parse(expires) <= now.getTime();
