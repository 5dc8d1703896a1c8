import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '#libs/contracts/caller';
import { abortUpload, presignParts, startUploads, type Upload } from '#libs/contracts/media-uploads';
import { AppError } from '#libs/errors/app-error';
import { openFormFile } from '#libs/http/form-file';
import { Broker } from '#libs/messaging/broker';

/**
 * Carries the file of a form into the object store as it comes in, over the same addresses that a browser would use, so
 * that it is held to the same limits and lies in quarantine like any other. No more than a chunk of it is ever here.
 */
@Injectable()
export class FileCarrier {
  constructor(private readonly broker: Broker) {}

  /** Gives the id of the upload, all of whose bytes are in the store. What breaks off leaves nothing that counts. */
  async carry(request: FastifyRequest, field: string, caller: Caller): Promise<string> {
    const length = Number(request.headers['content-length'] ?? Number.NaN);
    const most = request.routeOptions.bodyLimit;
    if (length > most)
      throw new AppError('invalid', `A form may have ${most} bytes at most. Begin an upload for larger files.`, {
        reason: 'too_large',
      });
    const contentType = request.headers['content-type'];
    const file = await openFormFile(request.raw as AsyncIterable<Buffer>, { contentType, length, field });
    const wish = { filename: file.filename.slice(-255), size: file.size, content_type: plain(file.content_type) };
    const { uploads } = await this.broker.call(startUploads, { files: [wish] }, caller);
    const upload = uploads[0]!;
    try {
      await this.send(upload, file.bytes, caller);
    } catch (error) {
      await this.broker.call(abortUpload, { upload_id: upload.id }, caller).catch(() => undefined);
      throw error;
    }
    return upload.id;
  }

  private async send({ id, url, size }: Upload, bytes: AsyncGenerator<Buffer>, caller: Caller): Promise<void> {
    if (url !== null) return put(url, size!, bytes);
    const cut = new Pieces(bytes);
    for (let number = 1, left = size!; left > 0; number++) {
      const { parts } = await this.broker.call(presignParts, { upload_id: id, part_numbers: [number] }, caller);
      await put(parts[0]!.url, parts[0]!.size, cut.next(parts[0]!.size));
      left -= parts[0]!.size;
    }
    await cut.end();
  }
}

/** Cuts a stream into streams of the wished lengths. */
class Pieces {
  private left = Buffer.alloc(0);

  constructor(private readonly bytes: AsyncGenerator<Buffer>) {}

  async *next(size: number): AsyncGenerator<Buffer> {
    for (let missing = size; missing > 0;) {
      if (this.left.length === 0) {
        const { done, value } = await this.bytes.next();
        if (done === true) return;
        this.left = Buffer.from(value);
      }
      const piece = this.left.subarray(0, missing);
      this.left = this.left.subarray(piece.length);
      missing -= piece.length;
      yield piece;
    }
  }

  /** Hears what the stream has to say after its last byte. */
  async end(): Promise<void> {
    await this.bytes.next();
  }
}

/** The store is told the length beforehand, for S3 takes no body without one. */
async function put(url: string, size: number, bytes: AsyncGenerator<Buffer>): Promise<void> {
  let wrong: unknown;
  const heard = (async function* () {
    try {
      yield* bytes;
    } catch (error) {
      wrong = error;
      throw error;
    }
  })();
  try {
    const headers = { 'content-length': String(size) };
    const body = size === 0 ? Buffer.alloc(0) : Readable.from(heard, { objectMode: false });
    if (size === 0) await bytes.next();
    const answer = await fetch(url, { method: 'PUT', headers, body, duplex: 'half' } as RequestInit);
    await answer.body?.cancel();
    if (answer.ok) return;
  } catch (cause) {
    if (wrong instanceof AppError) throw wrong;
    throw new AppError('unavailable', FAILED, undefined, { cause });
  }
  throw new AppError('unavailable', FAILED);
}

const FAILED = 'Failed to upload file: the object store did not take it. Try again.';
const plain = (type: string | undefined) => (type !== undefined && type.length <= 200 ? type : null);
