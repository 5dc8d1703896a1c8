import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientOptions } from 'minio';
import { AppError } from '#libs/errors/app-error';
import { canonicalQuery } from './s3-presign.js';
import { element } from './s3-xml.js';

export interface S3Settings {
  endpoint: string;
  region: string;
  bucket: string;
  accessKey: string;
  secretKey: string;
}

export interface S3Request {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  key?: string;
  query?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  body?: Buffer;
  /** A request that must not be sent a second time when the answer to the first was lost. */
  once?: boolean;
}

/**
 * Speaks to one bucket: signed requests out, AppErrors back. What fails for want of a connection or because the server is
 * busy is tried three times, then it is `unavailable`; the server's own word for a failure is told by `s3Code`.
 */
export class S3Client {
  private readonly client: AddressingClient;

  constructor(private readonly settings: S3Settings) {
    this.client = clientOf(settings);
  }

  /** Sends a request and gives the answer once its headers are there; the caller reads the body or throws it away. */
  send(request: S3Request): Promise<IncomingMessage> {
    return this.attempt(request, () => this.sendOnce(request));
  }

  /** Sends a request and gives the whole answer, which S3 writes in XML; an error told with status 200 is an error too. */
  read(request: S3Request): Promise<string> {
    return this.attempt(request, async () => {
      const answer = await this.sendOnce(request);
      answer.setTimeout(SILENCE_MS, () => answer.destroy(fellSilent()));
      const xml = await text(answer);
      if (/<Error[\s>]/.test(xml) && !xml.includes('<DeleteResult'))
        throw Object.assign(new Error(element(xml, 'Message') ?? ''), { code: element(xml, 'Code') });
      return xml;
    });
  }

  /** Sends a request whose answer is its headers alone. */
  async tell(request: S3Request): Promise<IncomingMessage> {
    const answer = await this.send(request);
    answer.resume();
    return answer;
  }

  /** Where an object is from outside: scheme and host, and the path, as this server wants to be addressed. */
  address(key: string): { origin: string; path: string } {
    return this.client.address(this.settings.bucket, key, this.settings.region);
  }

  private sendOnce({ method, key, query = {}, headers = {}, body = Buffer.alloc(0) }: S3Request) {
    return this.client.makeRequestAsync(
      {
        method,
        bucketName: this.settings.bucket,
        objectName: key,
        query: canonicalQuery(query),
        headers: { ...headers },
      },
      body,
      [200, 204, 206],
    );
  }

  private async attempt<T>({ once = false }: S3Request, work: () => Promise<T>): Promise<T> {
    for (let tries = once ? ATTEMPTS : 1; ; tries++) {
      try {
        return await work();
      } catch (thrown) {
        const error = failureOf(thrown, this.settings.bucket);
        if (error.code !== 'unavailable' || tries >= ATTEMPTS) throw error;
        await sleep(100 * 4 ** (tries - 1) * (0.5 + Math.random()));
      }
    }
  }
}

/** The server's own word for what failed, as `NoSuchUpload`. */
export function s3Code(error: unknown): string | undefined {
  const code = error instanceof AppError ? (error.cause as { code?: unknown } | undefined)?.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

const ATTEMPTS = 3;
const SILENCE_MS = 60_000;
/** The statuses that minio answers with an error of its own, without reading what the server says. */
const LEFT_UNREAD = new Set([408, 429, 499, 500, 502, 503, 504, 520]);

class AddressingClient extends Client {
  address(bucketName: string, objectName: string, region: string): { origin: string; path: string } {
    const { protocol, headers, path } = this.getRequestOptions({ method: 'GET', bucketName, objectName, region });
    return { origin: `${protocol}//${headers.host}`, path };
  }
}

function clientOf({ endpoint, region, accessKey, secretKey }: S3Settings): AddressingClient {
  if (!/^https?:\/\/[^/?#@\s]+\/?$/.test(endpoint) || !URL.canParse(endpoint))
    throw new AppError(
      'invalid',
      `The S3 endpoint ${endpoint} is not of the form https://host or http://host:port. Give it without a path or a user.`,
    );
  const { protocol, hostname, port } = new URL(endpoint);
  const useSSL = protocol === 'https:';
  return new AddressingClient({
    endPoint: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port),
    useSSL,
    region,
    accessKey,
    secretKey,
    transport: watched(useSSL ? httpsRequest : httpRequest),
    transportAgent: useSSL ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true }),
    // minio tries again only after an answer, writes to the console when it does, and cannot replay a stream.
    retryOptions: { disableRetry: true },
  });
}

/** A request that gives up on a server that falls silent, and lets go of the connection when minio leaves an answer unread. */
function watched(request: typeof httpsRequest): NonNullable<ClientOptions['transport']> {
  const send = (options: RequestOptions, onAnswer: (answer: IncomingMessage) => void) => {
    const sent = request({ ...options, timeout: SILENCE_MS }, (answer) => {
      sent.setTimeout(0);
      if (LEFT_UNREAD.has(answer.statusCode ?? 0)) answer.resume();
      onAnswer(answer);
    });
    sent.on('timeout', () => sent.destroy(fellSilent()));
    return sent;
  };
  return { request: send as typeof httpsRequest };
}

function fellSilent(): Error {
  return Object.assign(new Error('The server fell silent.'), { code: 'ETIMEDOUT' });
}

const MISSING = new Set(['NoSuchKey', 'NotFound', 'NoSuchUpload', 'NoSuchVersion']);
const TAKEN = new Set(['PreconditionFailed', 'ConditionalRequestConflict', 'BucketAlreadyExists']);
const WRONG = new Set(['InvalidPart', 'InvalidPartOrder', 'EntityTooSmall', 'EntityTooLarge', 'InvalidRange']);
const BUSY = new Set(['SlowDown', 'ServiceUnavailable', 'InternalError', 'RequestTimeout', 'OperationAborted']);

function failureOf(thrown: unknown, bucket: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const { code = '', message = '' } = thrown as { code?: string; message?: string };
  const failure = (as: AppError['code'], words: string) => new AppError(as, words, undefined, { cause: thrown });
  if (code === 'NoSuchBucket')
    return failure('unavailable', `The object store has no bucket ${bucket}. Start the media service, which makes it.`);
  if (MISSING.has(code)) return failure('not_found', 'The object store does not have that.');
  if (TAKEN.has(code)) return failure('conflict', 'The object store has that already.');
  if (WRONG.has(code)) return failure('invalid', `The object store does not take that (${code}). ${message}`.trim());
  if (BUSY.has(code) || /^Request failed after/.test(message) || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return failure('unavailable', 'The object store is too busy to answer. Try again in a moment.');
  if (AppError.from(thrown).code === 'unavailable')
    return failure('unavailable', 'The object store cannot be reached. Try again in a moment.');
  return failure(
    'internal',
    `The object store refuses a request (${code || 'without a reason'}). Look at the S3 settings: keys, region, bucket and the rights on it.`,
  );
}
