import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { AppError } from '#libs/errors/app-error';
import { spanOf, type ByteRange } from './byte-range.js';
import { ConfinedFolder } from './confined-folder.js';
import { checkFileLink, signFileLink } from './file-link.js';
import {
  alreadyThere,
  checkExpiry,
  checkPartNumber,
  checkParts,
  checkStored,
  checkTraits,
  etagOfParts,
  noObject,
  noUpload,
  outsideRange,
  type CheckedTraits,
} from './object-rules.js';
import {
  objectKey,
  type ObjectEntry,
  type ObjectHead,
  type ObjectStore,
  type ObjectTraits,
  type OpenUpload,
  type PartName,
  type PresignGetOptions,
  type PutOptions,
  type StoredObject,
  type UploadedPart,
  type Written,
} from './object-store.js';
import { Pieces, type Claim, type Piece } from './pieces.js';
import { recordPath, walkRecords } from './record-names.js';
import { Turns } from './turns.js';

export interface FilesystemSettings {
  folder: string;
  /** Where the file door answers, as links name it. */
  publicUrl: string;
  signingKey: Buffer;
  now?: () => number;
}

/**
 * The ObjectStore in a folder, for one machine. Bytes lie in pieces that never change; a record per object, in JSON, names
 * its pieces, and an object appears, changes and vanishes in the one step that its record does.
 */
export class FilesystemStore implements ObjectStore {
  private readonly folder: ConfinedFolder;
  private readonly pieces: Pieces;
  private readonly now: () => number;

  constructor(private readonly settings: FilesystemSettings) {
    this.folder = new ConfinedFolder(settings.folder, 'claims');
    this.pieces = new Pieces(this.folder, async (home) => (await this.read<{ pieces: Piece[] }>(home))?.pieces ?? []);
    this.now = settings.now ?? Date.now;
  }

  async ensureBucket(): Promise<void> {
    await this.ready();
    await this.pieces.sweep();
    for (const { name } of await this.folder.entries(UPLOADS))
      await this.folder.prune(`${UPLOADS}/${name}/${UPLOAD}`, UPLOADS);
  }

  ready(): Promise<void> {
    return this.folder.ready();
  }

  async put(key: string, body: Readable | Buffer, options: PutOptions = {}): Promise<Written> {
    const home = recordPath(OBJECTS, objectKey(key));
    const traits = checkTraits(options);
    const ifAbsent = options.ifAbsent ?? false;
    if (ifAbsent && (await this.read(home)) !== undefined) {
      if (!Buffer.isBuffer(body)) body.destroy();
      throw alreadyThere(key);
    }
    return this.pieces.claiming([home], async (claim) => {
      const { piece, etag } = await claim.write(body, options.sha256);
      return this.replace({ key, etag, pieces: [piece], ...traits }, { ifAbsent, claim });
    });
  }

  async get(key: string, { range }: { range?: ByteRange } = {}): Promise<StoredObject> {
    const home = recordPath(OBJECTS, objectKey(key));
    for (let tries = 1; ; tries++) {
      const record = await this.read<ObjectRecord>(home);
      if (record === undefined) throw noObject(key);
      const span = range === undefined ? { start: 0, length: record.size } : spanOf(range, record.size);
      if (span === undefined) throw outsideRange(key, record.size);
      const body = await this.pieces.read(record.pieces, span);
      if (body !== undefined) return { ...headOf(record), body, span };
      if (tries > 5) throw bytesGone(key);
    }
  }

  async head(key: string): Promise<ObjectHead | undefined> {
    const record = await this.read<ObjectRecord>(recordPath(OBJECTS, objectKey(key)));
    return record && headOf(record);
  }

  async delete(keys: string | readonly string[]): Promise<void> {
    const checked = (typeof keys === 'string' ? [keys] : keys).map((key) => objectKey(key));
    for (const key of checked) await this.inTurn(key, () => this.deleteOne(key));
  }

  async copy(from: string, to: string, { ifAbsent = false }: { ifAbsent?: boolean } = {}): Promise<Written> {
    const home = recordPath(OBJECTS, objectKey(to));
    if (ifAbsent && (await this.read(home)) !== undefined) throw alreadyThere(to);
    return this.pieces.claiming([home], async (claim) => {
      for (let tries = 1; ; tries++) {
        const source = await this.read<ObjectRecord>(recordPath(OBJECTS, objectKey(from)));
        if (source === undefined) throw noObject(from);
        if (from === to) return { size: source.size, etag: source.etag };
        const pieces = await claim.duplicate(source.pieces);
        const { etag, content_type: contentType, metadata } = source;
        if (pieces !== undefined)
          return this.replace({ key: to, etag, pieces, contentType, metadata }, { ifAbsent, claim });
        if (tries > 5) throw bytesGone(from);
      }
    });
  }

  async *list({ prefix = '', startAfter = '' }: { prefix?: string; startAfter?: string } = {}) {
    for await (const path of walkRecords(OBJECTS, { prefix, startAfter }, (folder) => this.folder.entries(folder))) {
      const record = await this.read<ObjectRecord>(path);
      if (record !== undefined) yield entryOf(record);
    }
  }

  async presignPut(key: string, options: { expiresSeconds: number; contentType?: string }): Promise<string> {
    const query: Record<string, string> =
      options.contentType === undefined ? {} : { content_type: checkTraits(options).contentType };
    return this.presign('PUT', key, options.expiresSeconds, query);
  }

  async presignGet(key: string, { expiresSeconds, filename, contentType }: PresignGetOptions): Promise<string> {
    return this.presign('GET', key, expiresSeconds, {
      ...(filename !== undefined && { filename: filename.toWellFormed() }),
      ...(contentType !== undefined && { content_type: checkTraits({ contentType }).contentType }),
    });
  }

  async createUpload(key: string, options: ObjectTraits = {}): Promise<string> {
    const uploadId = randomUUID();
    const { contentType, metadata } = checkTraits(options);
    const initiated = new Date(this.now()).toISOString();
    const record: UploadRecord = { key: objectKey(key), content_type: contentType, metadata, initiated };
    await this.folder.publish(`${UPLOADS}/${uploadId}/${UPLOAD}`, JSON.stringify(record));
    return uploadId;
  }

  async presignPart(key: string, uploadId: string, partNumber: number, { expiresSeconds }: { expiresSeconds: number }) {
    const query = { upload_id: uploadId, part_number: String(checkPartNumber(partNumber)) };
    return this.presign('PUT', key, expiresSeconds, query);
  }

  /** Takes one part of an open upload; what the file door does for the links of `presignPart`. */
  async putPart(key: string, uploadId: string, partNumber: number, body: Readable | Buffer): Promise<UploadedPart> {
    const home = partPath(uploadId, checkPartNumber(partNumber));
    if ((await this.readUpload(key, uploadId)) === undefined) throw noUpload(key, uploadId);
    // The object comes last: an upload that is completed meanwhile names its pieces there before it lets go of them here.
    return this.pieces.claiming([home, recordPath(OBJECTS, key)], async (claim) => {
      const { piece, etag } = await claim.write(body);
      const part = { part_number: partNumber, etag, size: piece.size };
      await this.inTurn(key, async () => {
        const replaced = await this.read<PartRecord>(home);
        if ((await this.readUpload(key, uploadId)) === undefined) throw noUpload(key, uploadId);
        await claim.check([piece]);
        if (replaced !== undefined) await claim.add(replaced.pieces);
        await this.folder.publish(home, JSON.stringify({ ...part, pieces: [piece] } satisfies PartRecord), {
          inside: true,
        });
      });
      return part;
    });
  }

  async listParts(key: string, uploadId: string): Promise<UploadedPart[]> {
    if ((await this.readUpload(key, uploadId)) === undefined) throw noUpload(key, uploadId);
    const parts = await this.partsOf(uploadId);
    return parts.map(({ part_number, etag, size }) => ({ part_number, etag, size }));
  }

  async completeUpload(key: string, uploadId: string, parts: readonly PartName[]): Promise<Written> {
    const home = recordPath(OBJECTS, objectKey(key));
    const named = checkParts(parts);
    return this.inTurn(key, async () => {
      const upload = await this.readUpload(key, uploadId);
      const before = await this.read<ObjectRecord>(home);
      const joined = before?.upload_id === uploadId ? { size: before.size, etag: before.etag } : undefined;
      if (upload === undefined) {
        if (joined === undefined) throw noUpload(key, uploadId);
        return joined;
      }
      const stored = await this.partsOf(uploadId);
      if (joined === undefined) checkStored(named, stored);
      return this.pieces.claiming([...homesOf(uploadId, stored), home], async (claim) => {
        await claim.add([...stored.flatMap((part) => part.pieces), ...(before?.pieces ?? [])]);
        // Joined with the upload still there: the process was killed between the two, and only the rest is left to do.
        const written = joined ?? (await this.join(upload, uploadId, stored, claim));
        await this.removeUpload(uploadId, stored);
        return written;
      });
    });
  }

  async abortUpload(key: string, uploadId: string): Promise<void> {
    const home = recordPath(OBJECTS, objectKey(key));
    await this.inTurn(key, async () => {
      if ((await this.readUpload(key, uploadId)) === undefined) return;
      const stored = await this.partsOf(uploadId);
      await this.pieces.claiming([...homesOf(uploadId, stored), home], async (claim) => {
        await claim.add(stored.flatMap((part) => part.pieces));
        await this.removeUpload(uploadId, stored);
      });
    });
  }

  async *listUploads({ prefix = '' }: { prefix?: string } = {}): AsyncGenerator<OpenUpload> {
    const found: OpenUpload[] = [];
    for (const { name } of await this.folder.entries(UPLOADS)) {
      const upload = await this.read<UploadRecord>(`${UPLOADS}/${name}/${UPLOAD}`);
      if (upload?.key.startsWith(prefix))
        found.push({ key: upload.key, upload_id: name, initiated: new Date(upload.initiated) });
    }
    yield* found.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || +a.initiated - +b.initiated);
  }

  /** Gives what the query of one of our links allows, or refuses it as `unauthorized`. */
  checkLink(method: 'GET' | 'PUT', key: string, search: URLSearchParams): Record<string, string> {
    return checkFileLink({ method, key, search, now: this.now() }, this.settings.signingKey);
  }

  private replace(object: NewObject, { ifAbsent, claim }: { ifAbsent: boolean; claim: Claim }): Promise<Written> {
    const { key, pieces } = object;
    return this.inTurn(key, async () => {
      const before = await this.read<ObjectRecord>(recordPath(OBJECTS, key));
      if (ifAbsent && before !== undefined) throw alreadyThere(key);
      await claim.check(pieces);
      if (before !== undefined) await claim.add(before.pieces);
      return this.publish(object, ifAbsent);
    });
  }

  private async join(
    upload: UploadRecord,
    uploadId: string,
    parts: readonly PartRecord[],
    claim: Claim,
  ): Promise<Written> {
    const { key, content_type: contentType, metadata } = upload;
    const pieces = parts.flatMap((part) => part.pieces);
    await claim.check(pieces);
    return this.publish({ key, etag: etagOfParts(parts), pieces, contentType, metadata, uploadId }, false);
  }

  private async publish(
    { key, etag, pieces, contentType, metadata, uploadId }: NewObject,
    ifAbsent: boolean,
  ): Promise<Written> {
    const size = pieces.reduce((sum, piece) => sum + piece.size, 0);
    const record: ObjectRecord = {
      key,
      size,
      etag,
      content_type: contentType,
      metadata,
      last_modified: new Date(this.now()).toISOString(),
      ...(uploadId !== undefined && { upload_id: uploadId }),
      pieces,
    };
    const done = await this.folder.publish(recordPath(OBJECTS, key), JSON.stringify(record), { exclusive: ifAbsent });
    if (!done) throw alreadyThere(key);
    return { size, etag };
  }

  private async deleteOne(key: string): Promise<void> {
    const home = recordPath(OBJECTS, key);
    const record = await this.read<ObjectRecord>(home);
    if (record === undefined) return;
    await this.pieces.claiming([home], async (claim) => {
      await claim.add(record.pieces);
      await this.folder.remove(home);
      await this.folder.settleFolder(home);
      await this.folder.prune(home, OBJECTS);
    });
  }

  private async readUpload(key: string, uploadId: string): Promise<UploadRecord | undefined> {
    if (!UPLOAD_ID.test(uploadId)) return undefined;
    const upload = await this.read<UploadRecord>(`${UPLOADS}/${uploadId}/${UPLOAD}`);
    return upload?.key === objectKey(key) ? upload : undefined;
  }

  private async partsOf(uploadId: string): Promise<PartRecord[]> {
    const names = (await this.folder.entries(`${UPLOADS}/${uploadId}`)).map(({ name }) => name);
    const parts: PartRecord[] = [];
    for (const name of names.filter((name) => name !== UPLOAD).sort()) {
      const part = await this.read<PartRecord>(`${UPLOADS}/${uploadId}/${name}`);
      if (part !== undefined) parts.push(part);
    }
    return parts;
  }

  /** The upload's own record goes last: as long as it is there, a second try finds the way. */
  private async removeUpload(uploadId: string, parts: readonly PartRecord[]): Promise<void> {
    for (const { part_number } of parts) await this.folder.remove(partPath(uploadId, part_number));
    const own = `${UPLOADS}/${uploadId}/${UPLOAD}`;
    await this.folder.remove(own);
    await this.folder.prune(own, UPLOADS);
  }

  private async read<T>(path: string): Promise<T | undefined> {
    const text = await this.folder.readText(path);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  private presign(method: 'GET' | 'PUT', key: string, expiresSeconds: number, query: Record<string, string>): string {
    const expiresAt = this.now() + checkExpiry(expiresSeconds) * 1000;
    const link = { method, key: objectKey(key), expiresAt, query };
    return signFileLink(this.settings.publicUrl, link, this.settings.signingKey);
  }

  /** Changes of one key wait for each other, also among several stores on the same folder in this process. */
  private inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    return TURNS.take(`${this.settings.folder}\n${key}`, work);
  }
}

const OBJECTS = 'records';
const UPLOADS = 'uploads';
const UPLOAD = 'upload.json';
const UPLOAD_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TURNS = new Turns();

interface ObjectRecord extends Written {
  key: string;
  content_type: string;
  metadata: Record<string, string>;
  last_modified: string;
  upload_id?: string;
  pieces: Piece[];
}

interface UploadRecord {
  key: string;
  content_type: string;
  metadata: Record<string, string>;
  initiated: string;
}

interface PartRecord extends UploadedPart {
  pieces: Piece[];
}

interface NewObject extends CheckedTraits {
  key: string;
  etag: string;
  pieces: Piece[];
  uploadId?: string;
}

function partPath(uploadId: string, partNumber: number): string {
  if (!UPLOAD_ID.test(uploadId)) throw new AppError('not_found', 'There is no such upload. Begin a new one.');
  return `${UPLOADS}/${uploadId}/${String(partNumber).padStart(5, '0')}.json`;
}

function homesOf(uploadId: string, parts: readonly PartRecord[]): string[] {
  return parts.map(({ part_number }) => partPath(uploadId, part_number));
}

function entryOf({ key, size, etag, last_modified }: ObjectRecord): ObjectEntry {
  return { key, size, etag, last_modified: new Date(last_modified) };
}

function headOf(record: ObjectRecord): ObjectHead {
  return { ...entryOf(record), content_type: record.content_type, metadata: record.metadata };
}

const bytesGone = (key: string): AppError =>
  new AppError('not_found', `The bytes of ${key} are missing from the folder of objects.`, { reason: 'gone' });
