import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, type ErrorCode } from '#libs/errors/app-error';
import { parseRangeHeader } from './byte-range.js';
import { attachment } from './content-disposition.js';
import type { FilesystemStore } from './filesystem-store.js';
import { isContentType } from './object-rules.js';
import { objectKey, type ObjectHead } from './object-store.js';

export interface FileDoorOptions {
  /** The path below which keys stand, as `/files`. */
  prefix: string;
  /** The most that one PUT may bring; without it the disk is the limit. */
  maxBytes?: number;
}

/**
 * Serves the links of a FilesystemStore as an S3 server would serve its own: streamed both ways, for browsers of every
 * origin, and so that nothing uploaded can run as a page of ours. Works on a bare Fastify and on that of a Nest application,
 * registered before it listens.
 */
export async function registerFileDoor(
  fastify: FastifyInstance,
  store: FilesystemStore,
  { prefix, maxBytes = Number.MAX_SAFE_INTEGER }: FileDoorOptions,
): Promise<void> {
  await fastify.register(
    async (door) => {
      door.removeAllContentTypeParsers();
      door.addContentTypeParser('*', (_request, _body, done) => done(null));
      // Fastify refuses types it cannot read, while a link takes any: it is shown a plain one, and the said one is kept.
      const saidTypes = new WeakMap<FastifyRequest, string>();
      door.addHook('onRequest', async (request) => {
        const said = request.headers['content-type'];
        if (said === undefined) return;
        saidTypes.set(request, said);
        request.raw.headers['content-type'] = 'application/octet-stream';
      });
      door.addHook('onSend', async (request, reply) => guard(request, reply));
      door.setErrorHandler((error, request, reply) => refuse(AppError.from(error), request, reply));
      door.route({ method: 'OPTIONS', url: '/*', handler: (_request, reply) => reply.code(204).send() });
      door.route({ method: ['GET', 'HEAD'], url: '/*', handler: (request, reply) => give(store, request, reply) });
      door.route({
        method: 'PUT',
        url: '/*',
        handler: (request, reply) => take(store, { request, reply, maxBytes, said: saidTypes.get(request) }),
      });
      door.route({
        method: ['POST', 'PATCH', 'DELETE'],
        url: '/*',
        handler: (request, reply) =>
          refuse(new AppError('invalid', 'A link takes GET, HEAD or PUT.', { status: 405 }), request, reply),
      });
    },
    { prefix },
  );
}

async function give(store: FilesystemStore, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { key, search } = linkOf(request);
  const allowed = store.checkLink('GET', key, search);
  const known = await store.head(key);
  if (known === undefined) throw new AppError('not_found', `There is no object ${key}.`);
  if (isKnownTo(request.headers['if-none-match'], known)) {
    describe(reply, known, allowed);
    return reply.code(304).send();
  }
  if (request.method === 'HEAD') {
    describe(reply, known, allowed);
    return reply.header('content-length', known.size).send();
  }
  const range = meansThis(request.headers['if-range'], known) ? parseRangeHeader(request.headers.range) : undefined;
  const object = await store.get(key, { range });
  describe(reply, object, allowed);
  const { start, length } = object.span;
  reply.header('content-length', length);
  if (range !== undefined)
    reply.code(206).header('content-range', `bytes ${start}-${start + length - 1}/${object.size}`);
  return reply.send(object.body);
}

async function take(
  store: FilesystemStore,
  { request, reply, maxBytes, said }: { request: FastifyRequest; reply: FastifyReply; maxBytes: number; said?: string },
): Promise<FastifyReply> {
  const { key, search } = linkOf(request);
  const allowed = store.checkLink('PUT', key, search);
  if (allowed.content_type !== undefined && allowed.content_type !== said)
    throw new AppError('unauthorized', `This link takes the type ${allowed.content_type} only.`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const body = Readable.from(atMost(maxBytes, request.raw), { objectMode: false });
  const contentType = said !== undefined && isContentType(said) ? said : undefined;
  const { etag } =
    allowed.upload_id === undefined
      ? await store.put(key, body, { contentType })
      : await store.putPart(key, allowed.upload_id, Number(allowed.part_number), body);
  return reply.code(200).header('etag', `"${etag}"`).send();
}

/** The key and the query as they were signed; a key that no store takes was never signed. */
function linkOf(request: FastifyRequest): { key: string; search: URLSearchParams } {
  const url = request.raw.url ?? '';
  const search = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');
  return { key: objectKey((request.params as Record<string, string>)['*'] ?? ''), search };
}

function describe(reply: FastifyReply, head: ObjectHead, allowed: Record<string, string>): void {
  reply.headers({
    etag: `"${head.etag}"`,
    'last-modified': head.last_modified.toUTCString(),
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-type': allowed.content_type ?? head.content_type,
    ...(allowed.filename !== undefined && { 'content-disposition': attachment(allowed.filename) }),
  });
}

/** Whether an If-None-Match header names the object as it is. */
function isKnownTo(header: string | undefined, { etag }: ObjectHead): boolean {
  const named = (header ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  return named.includes(`"${etag}"`) || named.includes('*');
}

/** Whether an If-Range header, when there is one, means the object as it is. */
function meansThis(header: string | string[] | undefined, { etag, last_modified }: ObjectHead): boolean {
  return header === undefined || header === `"${etag}"` || header === last_modified.toUTCString();
}

async function* atMost(maxBytes: number, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    yield chunk;
  }
}

function tooLarge(maxBytes: number): AppError {
  return new AppError('invalid', `This is larger than the ${maxBytes} bytes that one upload may have.`, {
    status: 413,
  });
}

/** What every answer carries: open to all origins without credentials, and powerless when a browser shows it as a page. */
async function guard(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.headers({
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'ETag, Content-Length, Content-Range, Accept-Ranges, Last-Modified',
    'content-security-policy':
      "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'",
    'cross-origin-resource-policy': 'cross-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  // An application may allow credentials to origins it trusts; a file of anybody's is not part of that.
  reply.removeHeader('access-control-allow-credentials');
  if (request.method !== 'OPTIONS') return;
  reply.headers({
    'access-control-allow-methods': 'GET, HEAD, PUT',
    'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
    'access-control-max-age': '3600',
  });
}

const STATUS: Record<ErrorCode, number> = {
  invalid: 400,
  unauthorized: 403,
  not_found: 404,
  conflict: 409,
  unavailable: 503,
  internal: 500,
};
const DRAINED_BYTES = 1024 * 1024;

function refuse(error: AppError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, size } = (error.details ?? {}) as { status?: number; size?: number };
  // A small body is read to its end, so that its sender hears the answer; a large one is not worth the reading.
  const coming = request.headers['transfer-encoding'] ? Infinity : Number(request.headers['content-length'] ?? 0);
  if (coming > DRAINED_BYTES && !request.raw.readableEnded) reply.header('connection', 'close');
  for (const name of ['content-length', 'content-disposition', 'etag', 'last-modified', 'cache-control'])
    reply.removeHeader(name);
  if (status === 405) reply.header('allow', 'GET, HEAD, PUT, OPTIONS');
  if (size !== undefined) reply.header('content-range', `bytes */${size}`);
  return reply
    .code(status ?? (size === undefined ? STATUS[error.code] : 416))
    .type('application/json; charset=utf-8')
    .send({ detail: error.message, code: error.code });
}
