import { hash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppError } from '#libs/errors/app-error';
import { readWritten, type BareMap } from '#libs/snapshot/bare-map';
import type { BuiltFile } from '#libs/snapshot/build/build-snapshot';
import { unpublishedFiles } from '#libs/snapshot/build/convenience-files';
import { readHeldMap, type HeldMap } from '#libs/snapshot/build/held-map';
import { packUndo, readUndo, type PackedStep } from '#libs/snapshot/build/packed-undo';
import { sharedBytes } from '#libs/snapshot/build/shared-bytes';
import type { NewStep, Step } from '#libs/snapshot/build/steps';
import type { Kind, SnapshotFile } from '#libs/snapshot/documents';
import { parseRangeHeader, spanOf } from '#libs/storage/byte-range';
import { OBJECT_STORE, objectKey, type ObjectStore, type StoredObject } from '#libs/storage/object-store';
import type { SnapshotFileEntity, SnapshotStepEntity } from './snapshot.entities.js';

/** What simple clients ask for by name is there before anything was published, and empty. */
const UNPUBLISHED = new Map(unpublishedFiles().map((file) => [file.path, file]));
/** Small enough to cross the broker; larger ones are fetched from the store by a link. */
const INLINE = 256 * 1024;
const LINK_SECONDS = 3600;
const MOST_STEPS = 2000;
const MOST_UNDO_BYTES = 16 * 1024 * 1024;
const KEPT_DAYS = 35;

/** The files of snapshots in the object store, and what is known of each. */
@Injectable()
export class SnapshotStore {
  constructor(
    private readonly database: DataSource,
    @Inject(OBJECT_STORE) private readonly store: ObjectStore,
  ) {}

  /** Writes files that are not there as they should be; returns how many bytes that took. */
  async write(files: readonly BuiltFile[], version: number): Promise<number> {
    const known = await this.database.query<SnapshotFileEntity[]>(
      'select path, sha256 from snapshot_files where path = any($1)',
      [files.map(({ path }) => path)],
    );
    const there = new Map(known.map(({ path, sha256 }) => [path, sha256]));
    const hashed = files.map((file) => ({ ...file, sha256: file.sha256 ?? hash('sha256', file.bytes) }));
    // What is kept for some days only does not take the place of what is kept for longer.
    const wanted = hashed.filter(({ path, sha256, until }) => (until ? !there.has(path) : there.get(path) !== sha256));
    const firsts = new Map(wanted.toReversed().map((file) => [contentOf(file), file.path]));
    const isFirst = (file: HashedFile) => firsts.get(contentOf(file)) === file.path;
    await eightAtOnce(wanted.filter(isFirst), async (file) => {
      await this.store.put(keyOf(file.path), file.bytes, { contentType: file.type, sha256: file.sha256 });
      await this.know(file, version);
    });
    // The same bytes under another name are copied inside the store, and not sent again.
    await eightAtOnce(
      wanted.filter((file) => !isFirst(file)),
      async (file) => {
        await this.store.copy(keyOf(firsts.get(contentOf(file))!), keyOf(file.path));
        await this.know(file, version);
      },
    );
    return wanted.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  private async know({ path, sha256, bytes, type, forever, until }: HashedFile, version: number): Promise<void> {
    await this.database.query(
      `insert into snapshot_files (path, sha256, bytes, type, forever, version, until) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (path) do update set sha256 = $2, bytes = $3, type = $4, version = $6, until = $7, written_at = now()`,
      [path, sha256, bytes.length, type, forever, version, until ?? null],
    );
  }

  /**
   * A file, or a part of one that never changes, for somebody who may have it already; its bytes, or where they are when they are
   * many.
   */
  async file(path: string, { if_none_match, range, if_range }: Wish = {}) {
    const [row] = await this.database.query<SnapshotFileEntity[]>('select * from snapshot_files where path = $1', [
      path,
    ]);
    const empty = row ? undefined : UNPUBLISHED.get(path);
    const file = row ?? empty;
    if (!file) throw new AppError('not_found', `There is no file ${path}.`);
    const etag = `"${file.sha256}"`;
    const told = { etag, type: file.type, forever: file.forever, base64: null, location: null };
    if (if_none_match?.split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '')))) return told;
    if (!row) return { ...told, base64: empty!.bytes.toString('base64') };
    const asked = row.forever && (if_range ?? etag) === etag ? parseRangeHeader(range) : undefined;
    const span = asked && spanOf(asked, row.bytes);
    const part = asked && { ...(span ?? { start: 0, length: 0 }), size: row.bytes };
    if (part?.length === 0) return { ...told, part };
    if (row.bytes > INLINE) {
      const wish = { expiresSeconds: LINK_SECONDS, contentType: row.type };
      return { ...told, part, location: await this.store.presignGet(keyOf(path), wish) };
    }
    const { body } = await this.store.get(keyOf(path), asked && { range: asked });
    return { ...told, part, base64: (await buffer(body)).toString('base64') };
  }

  /** The versions of a file that are known, oldest first; what each has changed is read when it is asked for. */
  async steps(kind: Kind): Promise<Step[]> {
    const rows = await this.database.query<(Omit<SnapshotStepEntity, 'undo'> & { is_new: boolean })[]>(
      'select version, at, since, undo is null as is_new from snapshot_steps where kind = $1 order by version desc limit $2',
      [kind, MOST_STEPS],
    );
    return rows.reverse().map(({ version, at, since, is_new }) => ({
      version,
      at,
      since,
      undo: is_new ? null : async () => readUndo((await this.packedUndo(kind, version))!),
    }));
  }

  private async packedUndo(kind: Kind, version: number): Promise<Buffer | null> {
    const [row] = await this.database.query<{ undo: Buffer | null }[]>(
      'select undo from snapshot_steps where kind = $1 and version = $2',
      [kind, version],
    );
    return row?.undo ?? null;
  }

  /** The newest of these versions with what each has changed, packed: as many as are not too much to hold. */
  async packedSteps(kind: Kind): Promise<PackedStep[]> {
    return this.database.query<PackedStep[]>(
      `select version, at, since, undo from (
         select *, sum(octet_length(undo)) over (order by version desc) as bytes from snapshot_steps where kind = $1
       ) as step where coalesce(bytes, 0) < $2 order by version`,
      [kind, MOST_UNDO_BYTES],
    );
  }

  async addStep({ kind, version, at, sha256, undo, since }: NewStep & { kind: Kind; sha256: string }): Promise<void> {
    await this.database.query(
      'insert into snapshot_steps (kind, version, sha256, undo, at, since) values ($1, $2, $3, $4, $5, $6)',
      [kind, version, sha256, undo && (await packUndo(undo)), at, since ?? null],
    );
  }

  /** From now on deltas lead to a version from each one since that. */
  async laid(kind: Kind, version: number, since: number): Promise<void> {
    await this.database.query('update snapshot_steps set since = least(since, $3) where kind = $1 and version = $2', [
      kind,
      version,
      since,
    ]);
  }

  /** A map as it was published, with its parts, to be changed piece by piece; undefined when not all of it is there as it was. */
  async held(kind: Kind, file: SnapshotFile | undefined): Promise<HeldMap | undefined> {
    if (!file) return undefined;
    return readHeldMap(kind, file.path, async (path) => {
      const object = await this.store.get(keyOf(path)).catch((error: unknown) => {
        if (AppError.from(error).code === 'not_found') return undefined;
        throw error;
      });
      return object && sharedBody(object);
    });
  }

  /** A map as it was published. */
  async map({ path }: SnapshotFile): Promise<BareMap> {
    const { body } = await this.store.get(keyOf(path));
    return readWritten((await promisify(gunzip)(await buffer(body))).toString('utf8'));
  }

  /** Removes immutable files that are not told of and that no manifest has named for five weeks, or for as long as each shall be kept. */
  async forgetOld(isTold: (path: string) => boolean, now: Date): Promise<number> {
    const before = new Date(now.getTime() - KEPT_DAYS * 86_400_000);
    const rows = await this.database.query<{ path: string }[]>(
      'select path from snapshot_files where forever and (written_at < $1 or until < $2) order by written_at limit 5000',
      [before, now],
    );
    const gone = rows.map(({ path }) => path).filter((path) => !isTold(path) && !path.startsWith('root/'));
    await this.store.delete(gone.map(keyOf));
    await this.database.query('delete from snapshot_files where path = any($1)', [gone]);
    return gone.length;
  }
}

/** What the asker has already, and which part is wanted, as HTTP says it. */
interface Wish {
  if_none_match?: string | undefined;
  range?: string | undefined;
  if_range?: string | undefined;
}

type HashedFile = BuiltFile & { sha256: string };

/** The bytes of an object where threads see them without a copy. */
async function sharedBody({ size, body }: StoredObject): Promise<Buffer> {
  const bytes = sharedBytes(size);
  let end = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) end += chunk.copy(bytes, end);
  return bytes;
}

const contentOf = ({ sha256, type }: HashedFile): string => `${sha256} ${type}`;

async function eightAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const next = async (): Promise<void> => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, next));
}

const keyOf = (path: string) => objectKey('snap', path);
