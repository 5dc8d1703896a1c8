import type { Readable } from 'node:stream';
import { AppError } from '#libs/errors/app-error';
import type { ByteRange, Span } from './byte-range.js';

/** The injection token of the process's ObjectStore. */
export const OBJECT_STORE = Symbol('ObjectStore');

/**
 * Where bytes live: any S3 in the cloud, a folder in local mode, with the same promises from both. Keys pass through
 * `objectKey`; what cannot be reached right now is `unavailable`, and may be tried again.
 */
export interface ObjectStore {
  /**
   * Makes the bucket when it is missing, private, and opens it to browsers (CORS) where nobody has set that yet; safe to
   * repeat. With `tidy`, and where no rules are set yet, the store itself ends uploads that were left open for so many days,
   * and removes what is as old below these prefixes: a second net, which a folder does without.
   */
  ensureBucket(options?: { tidy?: Tidying }): Promise<void>;

  /** Resolves when the store can be used, and is `unavailable` with the reason when not. */
  ready(): Promise<void>;

  /**
   * Stores the whole body under the key, or nothing at all. With `ifAbsent` an object that is there already is left alone
   * and the answer is `conflict`; on an S3 server that ignores `If-None-Match` two writers in the same instant may both
   * succeed, and the later one stays.
   */
  put(key: string, body: Readable | Buffer, options?: PutOptions): Promise<Written>;

  /** Gives the object, or the asked range of it, as a stream; a missing one is `not_found`, a range outside it `invalid`. */
  get(key: string, options?: { range?: ByteRange }): Promise<StoredObject>;

  /** Tells what is known of the object without its bytes, or undefined when there is none. */
  head(key: string): Promise<ObjectHead | undefined>;

  /** Removes one object or many; those that are not there do not matter. */
  delete(keys: string | readonly string[]): Promise<void>;

  /** Copies the bytes, type and metadata inside the store, whatever their size; `ifAbsent` is as weak or strong as for `put`. */
  copy(from: string, to: string, options?: { ifAbsent?: boolean }): Promise<Written>;

  /** Walks over the keys that begin with `prefix` and come after `startAfter`, in the order of their UTF-8 bytes, page by page. */
  list(options?: { prefix?: string; startAfter?: string }): AsyncIterable<ObjectEntry>;

  /** Makes a link that takes one PUT of the whole object, of any type, or of `contentType` alone when that is given. */
  presignPut(key: string, options: { expiresSeconds: number; contentType?: string }): Promise<string>;

  /** Makes a link that gives the object, with ranges; `filename` makes browsers save it, `contentType` replaces the stored type. */
  presignGet(key: string, options: PresignGetOptions): Promise<string>;

  /** Begins an upload in parts and gives its id; nothing can be seen under the key before it is completed. */
  createUpload(key: string, options?: ObjectTraits): Promise<string>;

  /** Makes a link that takes one PUT of part 1 to 10,000; a part sent again replaces the earlier one. */
  presignPart(key: string, uploadId: string, partNumber: number, options: { expiresSeconds: number }): Promise<string>;

  /** Tells the parts that the store really has, by number; an upload that is over or unknown is `not_found`. */
  listParts(key: string, uploadId: string): Promise<UploadedPart[]>;

  /**
   * Joins the parts, all that were sent and named in any order, into the object; doing it again gives the same answer. All
   * but the last need 5 MiB at least; a part that is missing, unnamed, too small or of another etag makes it `invalid`, and
   * the upload stays open.
   */
  completeUpload(key: string, uploadId: string, parts: readonly PartName[]): Promise<Written>;

  /** Throws the upload and its parts away; one that is over or unknown does not matter. */
  abortUpload(key: string, uploadId: string): Promise<void>;

  /** Walks over the uploads that are neither completed nor aborted. */
  listUploads(options?: { prefix?: string }): AsyncIterable<OpenUpload>;
}

/** What is kept beside the bytes; metadata names are snake_case, and all of it stays below 2 KB. */
export interface ObjectTraits {
  contentType?: string;
  metadata?: Readonly<Record<string, string>>;
}

export interface Tidying {
  prefixes: readonly string[];
  days: number;
}

export interface PutOptions extends ObjectTraits {
  ifAbsent?: boolean;
  /** Of the body, where it is known already: a store that makes etags of its own then takes this for one. */
  sha256?: string;
}

export interface PresignGetOptions {
  expiresSeconds: number;
  filename?: string;
  contentType?: string;
}

export interface Written {
  size: number;
  etag: string;
}

export interface ObjectEntry extends Written {
  key: string;
  last_modified: Date;
}

export interface ObjectHead extends ObjectEntry {
  content_type: string;
  metadata: Record<string, string>;
}

/** An object with the bytes of `span`; `size` is that of the whole object. */
export interface StoredObject extends ObjectHead {
  body: Readable;
  span: Span;
}

export interface PartName {
  part_number: number;
  etag: string;
}

export interface UploadedPart extends PartName {
  size: number;
}

export interface OpenUpload {
  key: string;
  upload_id: string;
  initiated: Date;
}

/** Joins the segments into a key that every store takes and no link can twist, or refuses it as `invalid`. */
export function objectKey(...segments: readonly string[]): string {
  const key = segments.join('/');
  const trouble = troubleWith(key);
  if (trouble !== undefined)
    throw new AppError('invalid', `The object key ${JSON.stringify(key.slice(0, 100))} cannot be used: ${trouble}.`);
  return key;
}

const MAX_KEY_BYTES = 1024;

function troubleWith(key: string): string | undefined {
  if (key === '') return 'it is empty';
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) return `it is longer than ${MAX_KEY_BYTES} bytes`;
  if (unwritable(key)) return 'it holds control characters or broken Unicode';
  if (key.startsWith('/')) return 'it begins with a slash';
  const segments = key.split('/');
  if (segments.includes('')) return 'it has an empty segment';
  if (segments.includes('..') || segments.includes('.')) return 'it has a segment of dots';
  return undefined;
}

/** Text that XML, and so an S3 listing, cannot carry. */
export function unwritable(text: string): boolean {
  return !text.isWellFormed() || /\p{Cc}|[\ufffe\uffff]/u.test(text);
}
