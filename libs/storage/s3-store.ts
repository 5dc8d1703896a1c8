import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { AppError } from '#libs/errors/app-error';
import { rangeHeader, spanOf, type ByteRange } from './byte-range.js';
import { attachment } from './content-disposition.js';
import {
  alreadyThere,
  checkExpiry,
  checkPartNumber,
  checkParts,
  checkStored,
  checkTraits,
  etagOfParts,
  MAX_PART_NUMBER,
  noObject,
  noUpload,
  outsideRange,
  unquoted,
  type CheckedTraits,
} from './object-rules.js';
import {
  objectKey,
  type ObjectHead,
  type ObjectStore,
  type ObjectTraits,
  type OpenUpload,
  type PartName,
  type PresignGetOptions,
  type PutOptions,
  type StoredObject,
  type Tidying,
  type UploadedPart,
  type Written,
} from './object-store.js';
import { S3Client, s3Code, type S3Request, type S3Settings } from './s3-client.js';
import { encode, presignS3 } from './s3-presign.js';
import {
  completeXml,
  CORS_XML,
  deleteXml,
  entryOf,
  headersOf,
  headOf,
  keyIn,
  lifecycleXml,
  locationXml,
  partOf,
  uploadOf,
} from './s3-wire.js';
import { element, elements } from './s3-xml.js';

export interface S3StoreSettings extends S3Settings {
  /** The address that links carry, when the world reaches the server by another one than we do. */
  publicEndpoint?: string;
  sizes?: Partial<typeof SIZES>;
}

const MIB = 1024 * 1024;
/** `piece`: what a stream is cut into, and so what one `put` holds in memory. The rest are S3's bounds on copying. */
const SIZES = { piece: 16 * MIB, largestCopy: 5 * 1024 * MIB, copiedPart: 1024 * MIB };

/** The ObjectStore on any S3 server: MinIO, R2, AWS, Ceph. */
export class S3Store implements ObjectStore {
  private readonly client: S3Client;
  private readonly publicClient: S3Client;
  private readonly sizes: typeof SIZES;

  constructor(private readonly settings: S3StoreSettings) {
    this.client = new S3Client(settings);
    this.publicClient = new S3Client({ ...settings, endpoint: settings.publicEndpoint ?? settings.endpoint });
    this.sizes = { ...SIZES, ...settings.sizes };
  }

  async ensureBucket({ tidy }: { tidy?: Tidying } = {}): Promise<void> {
    const there = await this.client.tell({ method: 'HEAD' }).catch(unless('NotFound'));
    if (there === undefined)
      await this.client
        .tell({ method: 'PUT', body: Buffer.from(locationXml(this.settings.region)) })
        .catch(unless('BucketAlreadyOwnedByYou'));
    await this.setOnce('cors', 'NoSuchCORSConfiguration', CORS_XML);
    if (tidy) await this.setOnce('lifecycle', 'NoSuchLifecycleConfiguration', lifecycleXml(tidy));
  }

  async ready(): Promise<void> {
    const there = await this.client.tell({ method: 'HEAD', once: true }).catch(unless('NotFound'));
    if (there === undefined)
      throw new AppError('unavailable', `The object store has no bucket ${this.settings.bucket} yet.`);
  }

  async put(key: string, body: Readable | Buffer, options: PutOptions = {}): Promise<Written> {
    objectKey(key);
    const traits = checkTraits(options);
    const ifAbsent = options.ifAbsent ?? false;
    if (ifAbsent && (await this.head(key)) !== undefined) {
      if (!Buffer.isBuffer(body)) body.destroy();
      throw alreadyThere(key);
    }
    if (Buffer.isBuffer(body)) return this.putWhole(key, body, traits, ifAbsent);
    const pieces = cut(body, this.sizes.piece);
    try {
      const first = await pieces.next();
      const second = first.done ? first : await pieces.next();
      if (first.done || second.done) return await this.putWhole(key, first.value ?? Buffer.alloc(0), traits, ifAbsent);
      return await this.inParts(key, traits, ifAbsent, async (put) => {
        await put({ body: first.value });
        await put({ body: second.value });
        for await (const body of pieces) await put({ body });
      });
    } finally {
      await pieces.return(undefined);
    }
  }

  async get(key: string, { range }: { range?: ByteRange } = {}): Promise<StoredObject> {
    objectKey(key);
    // `bytes=-0` is a range by its grammar, and servers differ in what they make of it.
    if (range !== undefined && spanOf(range, Number.MAX_SAFE_INTEGER) === undefined) throw outsideRange(key, undefined);
    const headers: Record<string, string> = range === undefined ? {} : { range: rangeHeader(range) };
    try {
      const answer = await this.client.send({ method: 'GET', key, headers });
      const head = headOf(key, answer.headers);
      const span = range === undefined ? { start: 0, length: head.size } : spanOf(range, head.size);
      if (span === undefined || span.length !== Number(answer.headers['content-length'])) {
        answer.destroy();
        if (span === undefined) throw outsideRange(key, head.size);
        throw new AppError('internal', `The object store gave other bytes of ${key} than were asked for.`);
      }
      return { ...head, body: answer, span };
    } catch (error) {
      if (s3Code(error) === 'InvalidRange') throw outsideRange(key, (await this.head(key))?.size, error);
      throw isMissing(error) ? noObject(key, error) : error;
    }
  }

  async head(key: string): Promise<ObjectHead | undefined> {
    objectKey(key);
    const answer = await this.client.tell({ method: 'HEAD', key }).catch(unless('NotFound', 'NoSuchKey'));
    return answer && headOf(key, answer.headers);
  }

  async delete(keys: string | readonly string[]): Promise<void> {
    if (typeof keys === 'string') {
      await this.client.tell({ method: 'DELETE', key: objectKey(keys) }).catch(unless('NoSuchKey', 'NotFound'));
      return;
    }
    const checked = keys.map((key) => objectKey(key));
    for (let done = 0; done < checked.length; done += 1000) await this.deleteThousand(checked.slice(done, done + 1000));
  }

  async copy(from: string, to: string, { ifAbsent = false }: { ifAbsent?: boolean } = {}): Promise<Written> {
    objectKey(to);
    const source = await this.head(from);
    if (source === undefined) throw noObject(from);
    const { size, etag } = source;
    if (ifAbsent && (await this.head(to)) !== undefined) throw alreadyThere(to);
    if (from === to) return { size, etag };
    const copySource = {
      'x-amz-copy-source': `/${this.settings.bucket}/${from.split('/').map(encode).join('/')}`,
      'x-amz-copy-source-if-match': `"${etag}"`,
    };
    try {
      if (size > this.sizes.largestCopy) return await this.copyInParts(source, to, copySource, ifAbsent);
      const xml = await this.conditionally(to, ifAbsent, (condition, once) =>
        this.client.read({ method: 'PUT', key: to, headers: { ...copySource, ...condition }, once }),
      );
      return { size, etag: unquoted(element(xml, 'ETag') ?? etag) };
    } catch (error) {
      if (isMissing(error)) throw noObject(from, error);
      if (!(error instanceof AppError && error.code === 'conflict')) throw error;
      // The same word stands for both conditions: that the source is as it was, and that there is no target.
      if (ifAbsent && (await this.head(to)) !== undefined) throw alreadyThere(to, error);
      throw new AppError('unavailable', `The object ${from} changed while it was copied. Try again.`, undefined, {
        cause: error,
      });
    }
  }

  async *list({ prefix = '', startAfter = '' }: { prefix?: string; startAfter?: string } = {}) {
    let place: Record<string, string> = startAfter === '' ? {} : { 'start-after': startAfter };
    for (;;) {
      const query = { 'list-type': '2', 'encoding-type': 'url', 'max-keys': '1000', prefix, ...place };
      const xml = await this.client.read({ method: 'GET', query });
      for (const entry of elements(xml, 'Contents')) yield entryOf(xml, entry);
      const token = element(xml, 'NextContinuationToken');
      if (element(xml, 'IsTruncated') !== 'true' || token === undefined) return;
      place = { 'continuation-token': token };
    }
  }

  async presignPut(key: string, options: { expiresSeconds: number; contentType?: string }): Promise<string> {
    const bound: Record<string, string> =
      options.contentType === undefined ? {} : { 'content-type': checkTraits(options).contentType };
    return this.presign('PUT', key, options.expiresSeconds, {}, bound);
  }

  async presignGet(key: string, { expiresSeconds, filename, contentType }: PresignGetOptions): Promise<string> {
    return this.presign('GET', key, expiresSeconds, {
      ...(filename !== undefined && { 'response-content-disposition': attachment(filename) }),
      ...(contentType !== undefined && { 'response-content-type': checkTraits({ contentType }).contentType }),
    });
  }

  async createUpload(key: string, options: ObjectTraits = {}): Promise<string> {
    objectKey(key);
    const headers = headersOf(checkTraits(options));
    const xml = await this.client.read({ method: 'POST', key, query: { uploads: '' }, headers });
    const uploadId = element(xml, 'UploadId');
    if (uploadId === undefined) throw new AppError('internal', `The object store gave no id for the upload of ${key}.`);
    return uploadId;
  }

  async presignPart(key: string, uploadId: string, partNumber: number, { expiresSeconds }: { expiresSeconds: number }) {
    const query = { partNumber: String(checkPartNumber(partNumber)), uploadId };
    return this.presign('PUT', key, expiresSeconds, query);
  }

  async listParts(key: string, uploadId: string): Promise<UploadedPart[]> {
    objectKey(key);
    const parts: UploadedPart[] = [];
    let marker = '0';
    for (;;) {
      const query = { uploadId, 'max-parts': '1000', 'part-number-marker': marker };
      const xml = await this.client.read({ method: 'GET', key, query }).catch((error: unknown) => {
        throw isMissing(error) ? noUpload(key, uploadId, error) : error;
      });
      parts.push(...elements(xml, 'Part').map(partOf));
      const next = element(xml, 'NextPartNumberMarker');
      if (element(xml, 'IsTruncated') !== 'true' || next === undefined || next === marker) return parts;
      marker = next;
    }
  }

  async completeUpload(key: string, uploadId: string, parts: readonly PartName[]): Promise<Written> {
    const named = checkParts(parts);
    try {
      checkStored(named, await this.listParts(key, uploadId));
      return await this.join(key, uploadId, named, false);
    } catch (error) {
      if (!isMissing(error)) throw error;
      // Where etags are no digests, as under encryption by KMS, an upload that is over cannot be told from an unknown one.
      const done = await this.head(key);
      if (done?.etag !== etagOfParts(named)) throw noUpload(key, uploadId, error);
      return { size: done.size, etag: done.etag };
    }
  }

  async abortUpload(key: string, uploadId: string): Promise<void> {
    await this.client
      .tell({ method: 'DELETE', key: objectKey(key), query: { uploadId } })
      .catch(unless('NoSuchUpload', 'NoSuchKey', 'NotFound'));
  }

  async *listUploads({ prefix = '' }: { prefix?: string } = {}): AsyncGenerator<OpenUpload> {
    let place: Record<string, string> = {};
    for (;;) {
      const query = { uploads: '', 'encoding-type': 'url', 'max-uploads': '1000', prefix, ...place };
      const xml = await this.client.read({ method: 'GET', query });
      for (const upload of elements(xml, 'Upload')) yield uploadOf(xml, upload);
      if (element(xml, 'IsTruncated') !== 'true') return;
      const uploadIdMarker = element(xml, 'NextUploadIdMarker') ?? '';
      const keyMarker = keyIn(xml, xml, 'NextKeyMarker');
      place = { 'key-marker': keyMarker, ...(uploadIdMarker !== '' && { 'upload-id-marker': uploadIdMarker }) };
    }
  }

  private copyInParts(source: ObjectHead, to: string, copySource: Record<string, string>, ifAbsent: boolean) {
    const traits = { contentType: source.content_type, metadata: source.metadata };
    return this.inParts(to, traits, ifAbsent, async (put) => {
      for (let start = 0; start < source.size; start += this.sizes.copiedPart) {
        const end = Math.min(start + this.sizes.copiedPart, source.size) - 1;
        await put({ headers: { ...copySource, 'x-amz-copy-source-range': `bytes=${start}-${end}` } });
      }
    });
  }

  private async putWhole(key: string, body: Buffer, traits: CheckedTraits, ifAbsent: boolean): Promise<Written> {
    const headers = { ...headersOf(traits), 'content-md5': md5(body) };
    const answer = await this.conditionally(key, ifAbsent, (condition, once) =>
      this.client.tell({ method: 'PUT', key, headers: { ...headers, ...condition }, body, once }),
    );
    return { size: body.length, etag: unquoted(answer.headers.etag ?? '') };
  }

  /** Fills an upload of our own and joins it, or leaves nothing behind. */
  private async inParts(
    key: string,
    traits: CheckedTraits,
    ifAbsent: boolean,
    fill: (put: (part: Pick<S3Request, 'headers' | 'body'>) => Promise<void>) => Promise<void>,
  ): Promise<Written> {
    const uploadId = await this.createUpload(key, traits);
    const parts: PartName[] = [];
    try {
      await fill(async (part) => {
        const part_number = parts.length + 1;
        if (part_number > MAX_PART_NUMBER)
          throw new AppError('invalid', `The body of ${key} is too large for one stream. Upload it in larger parts.`);
        const query = { partNumber: String(part_number), uploadId };
        parts.push({ part_number, etag: await this.putPart({ method: 'PUT', key, query, ...part }) });
      });
      return await this.join(key, uploadId, parts, ifAbsent);
    } catch (error) {
      await this.abortUpload(key, uploadId).catch(() => undefined);
      throw error;
    }
  }

  /** A part that is sent gets its etag in a header, one that is copied in the text of the answer. */
  private async putPart(request: S3Request): Promise<string> {
    if (request.body === undefined) return unquoted(element(await this.client.read(request), 'ETag') ?? '');
    const headers = { 'content-md5': md5(request.body) };
    return unquoted((await this.client.tell({ ...request, headers })).headers.etag ?? '');
  }

  private async join(key: string, uploadId: string, parts: PartName[], ifAbsent: boolean): Promise<Written> {
    const body = Buffer.from(completeXml(parts));
    await this.conditionally(key, ifAbsent, (headers, once) =>
      this.client.read({ method: 'POST', key, query: { uploadId }, headers, body, once }),
    );
    const done = await this.head(key);
    if (done === undefined) throw noObject(key);
    return { size: done.size, etag: done.etag };
  }

  /** Writes under `If-None-Match: *` when asked to, or without it on a server that does not know the header. */
  private async conditionally<T>(
    key: string,
    ifAbsent: boolean,
    write: (condition: Record<string, string>, once: boolean) => Promise<T>,
  ): Promise<T> {
    if (!ifAbsent) return write({}, false);
    try {
      return await write({ 'if-none-match': '*' }, true);
    } catch (error) {
      if (error instanceof AppError && error.code === 'conflict') throw alreadyThere(key, error);
      if (!NOT_KNOWN.includes(s3Code(error) ?? '')) throw error;
      return write({}, true);
    }
  }

  private async deleteThousand(keys: readonly string[]): Promise<void> {
    const body = Buffer.from(deleteXml(keys));
    const headers = { 'content-md5': md5(body) };
    const xml = await this.client.read({ method: 'POST', query: { delete: '' }, headers, body });
    const left = elements(xml, 'Error').filter((error) => element(error, 'Code') !== 'NoSuchKey');
    if (left.length > 0)
      throw new AppError(
        'unavailable',
        `The object store did not remove ${left.length} of ${keys.length} objects (${element(left[0]!, 'Code')}). Try again.`,
      );
  }

  /** Sets rules of the bucket, unless the operator has set some; some servers know no such rules. */
  private async setOnce(what: 'cors' | 'lifecycle', none: string, xml: string): Promise<void> {
    const query = { [what]: '' };
    try {
      await this.client.read({ method: 'GET', query });
    } catch (error) {
      if (s3Code(error) !== none) return refusedQuietly(error);
      const body = Buffer.from(xml);
      const headers = { 'content-md5': md5(body) };
      await this.client.tell({ method: 'PUT', query, headers, body }).catch(refusedQuietly);
    }
  }

  private presign(
    method: 'GET' | 'PUT',
    key: string,
    expiresSeconds: number,
    query: Record<string, string>,
    headers: Record<string, string> = {},
  ): string {
    const { region, accessKey, secretKey } = this.settings;
    const { origin, path } = this.publicClient.address(objectKey(key));
    const link = { method, origin, path, query, headers, region, accessKey, secretKey };
    return presignS3({ ...link, expiresSeconds: checkExpiry(expiresSeconds), now: new Date() });
  }
}

const NOT_KNOWN = ['NotImplemented', 'MethodNotAllowed'];

function md5(body: Buffer): string {
  return createHash('md5').update(body).digest('base64');
}

function isMissing(error: unknown): boolean {
  return error instanceof AppError && error.code === 'not_found';
}

/** Passes over the failures that mean the wish is fulfilled or there is nothing. */
function unless(...codes: string[]): (error: unknown) => undefined {
  return (error) => {
    if (!codes.includes(s3Code(error) ?? '')) throw error;
  };
}

/** A server or a key that may not set such rules is no trouble; one that cannot be reached is. */
function refusedQuietly(error: unknown): void {
  if (error instanceof AppError && error.code === 'unavailable') throw error;
}

/** Cuts a stream into buffers of exactly `size` bytes, the last one excepted. */
async function* cut(body: Readable, size: number): AsyncGenerator<Buffer, undefined> {
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer | string>) {
    let rest = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    while (bytes + rest.length >= size) {
      yield Buffer.concat([...held, rest.subarray(0, size - bytes)]);
      rest = rest.subarray(size - bytes);
      held = [];
      bytes = 0;
    }
    if (rest.length > 0) held.push(rest);
    bytes += rest.length;
  }
  if (bytes > 0) yield Buffer.concat(held);
}
