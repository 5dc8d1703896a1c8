import type { Api } from './api.js';
import { ApiError, isRedirect, redirected, refusal, unreachable } from './api-error.js';
import { waitBefore } from './back-off.js';
import type { components } from './paths.js';

export type Upload = components['schemas']['Upload'];

export interface UploadOptions {
  readonly filename: string;
  /** Of the content, in lower-case hex: then what is there already need not be sent, and a wrong byte is found. */
  readonly sha256?: string;
  readonly project_id?: string;
  readonly content_type?: string;
  /** An upload that was begun earlier: what the store has of it is not sent again. */
  readonly resume?: string;
  readonly signal?: AbortSignal;
  /** Told as soon as there is an upload that could be resumed. */
  readonly onBegin?: (upload_id: string) => void | Promise<void>;
  /** Told of every part that has arrived. */
  readonly onProgress?: (sent: number, size: number) => void;
}

const AT_ONCE = 3;
const ADDRESSES = 20;
const LOOK_AGAIN_MS = 300;
/** A part may be large and a line slow. */
const PART_TIMEOUT_MS = 15 * 60_000;

/**
 * Sends a file to the object store in parts, a few at once, each again where it fails, and waits until the server has read
 * it. What the caller can read there already is not sent at all. Returns the upload with its asset.
 */
export async function uploadFile(api: Api, file: Blob, options: UploadOptions): Promise<Upload> {
  const begun = await begin(api, file, options);
  if (begun.state === 'open') {
    await options.onBegin?.(begun.id);
    await sendParts(api, file, begun, options);
    await api.post('/api/v1/media/uploads/{upload_id}/complete', {
      path: { upload_id: begun.id },
      timeout_ms: 60_000,
      signal: options.signal,
    });
  }
  const done = await verified(api, begun.id, options.signal);
  options.onProgress?.(file.size, file.size);
  return done;
}

/** An earlier upload is taken up only if it still is open, or beyond, and of a file of this size. */
async function begin(api: Api, file: Blob, options: UploadOptions): Promise<Upload> {
  const { filename, sha256, project_id, content_type, resume, signal } = options;
  if (resume !== undefined) {
    const path = { upload_id: resume };
    const earlier = await api.get('/api/v1/media/uploads/{upload_id}', { path, signal }).catch(goneIsUndefined);
    if (earlier && earlier.size === file.size && ['open', 'verifying', 'done'].includes(earlier.state)) return earlier;
  }
  const { uploads } = await api.post('/api/v1/media/uploads', {
    body: { files: [{ filename, size: file.size, sha256, content_type }], project_id },
    signal,
  });
  return uploads[0]!;
}

const goneIsUndefined = (thrown: unknown): undefined => {
  if (!(thrown instanceof ApiError) || thrown.code !== 'not_found') throw thrown;
};

async function sendParts(api: Api, file: Blob, upload: Upload, { signal, onProgress }: UploadOptions): Promise<void> {
  const partSize = upload.part_size ?? file.size;
  const there = new Set(upload.uploaded_parts.map(({ part_number }) => part_number));
  const bytesOf = (part: number) => file.slice((part - 1) * partSize, part * partSize);
  const missing = Array.from({ length: upload.part_count }, (_, at) => at + 1).filter((part) => !there.has(part));
  let sent = file.size - missing.reduce((sum, part) => sum + bytesOf(part).size, 0);
  onProgress?.(sent, file.size);

  const failed = new AbortController();
  const over = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const addressOf = addressBook(api, upload, missing, over);
  const lane = async () => {
    for (let part = missing.shift(); part !== undefined; part = missing.shift()) {
      await sendPart(api, bytesOf(part), (anew) => addressOf(part, anew), over);
      sent += bytesOf(part).size;
      onProgress?.(sent, file.size);
    }
  };
  await Promise.all(
    Array.from({ length: AT_ONCE }, () =>
      lane().catch((thrown: unknown) => {
        failed.abort(thrown);
        throw thrown;
      }),
    ),
  );
}

/** Addresses for parts, asked for a handful at a time; `anew` for one that is no longer good. */
function addressBook(api: Api, upload: Upload, missing: readonly number[], signal: AbortSignal) {
  const known = new Map<number, Promise<string>>();
  const ask = (part_numbers: number[]) => {
    const asked = api.post('/api/v1/media/uploads/{upload_id}/parts', {
      path: { upload_id: upload.id },
      body: { part_numbers },
      signal,
    });
    for (const part of part_numbers) {
      const url = asked.then(({ parts }) => parts.find(({ part_number }) => part_number === part)!.url);
      url.catch(() => known.delete(part));
      known.set(part, url);
    }
  };
  return (part: number, anew: boolean): Promise<string> => {
    if (upload.part_count === 1) return wholeAddress(api, upload, anew, signal);
    if (anew) ask([part]);
    else if (!known.has(part)) ask([part, ...missing.slice(0, ADDRESSES - 1).filter((next) => !known.has(next))]);
    return known.get(part)!;
  };
}

/** A file of one part has an address of its own, which is told with the upload. */
async function wholeAddress(api: Api, upload: Upload, anew: boolean, signal: AbortSignal): Promise<string> {
  if (upload.url !== null && !anew) return upload.url;
  return (await api.get('/api/v1/media/uploads/{upload_id}', { path: { upload_id: upload.id }, signal })).url!;
}

/** One PUT of one part; repeating it replaces what arrived before. Its address is signed and its bytes are the user's: a redirect gets neither. */
async function sendPart(
  api: Api,
  bytes: Blob,
  address: (anew: boolean) => Promise<string>,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const failure = await put(api, bytes, await address(attempt > 1), signal);
    if (failure === undefined) return;
    const wait = waitBefore(attempt, failure.retry_after, api.sender.random);
    if (attempt > api.sender.retries || wait === undefined) throw failure;
    await api.sender.pause(wait, signal);
  }
}

async function put(api: Api, body: Blob, url: string, over: AbortSignal): Promise<ApiError | undefined> {
  const asked = `PUT a part of ${body.size} bytes`;
  const signal = AbortSignal.any([over, AbortSignal.timeout(PART_TIMEOUT_MS)]);
  try {
    const response = await api.sender.fetch(url, { method: 'PUT', body, signal, redirect: 'manual' });
    if (isRedirect(response)) return redirected(response, url, asked, '');
    const text = await response.text();
    return response.ok ? undefined : refusal(response, text, asked, '');
  } catch (thrown) {
    if (over.aborted) throw over.reason;
    return unreachable(thrown, url, asked, '');
  }
}

async function verified(api: Api, upload_id: string, signal?: AbortSignal): Promise<Upload> {
  for (;;) {
    const upload = await api.get('/api/v1/media/uploads/{upload_id}', { path: { upload_id }, signal });
    if (upload.state === 'done') return upload;
    if (upload.state === 'failed' || upload.state === 'aborted')
      throw new ApiError('invalid', upload.problem ?? `The upload of ${upload.filename} was given up.`, {
        status: 200,
        asked: 'upload',
        request_id: '',
        details: { upload_id, state: upload.state },
      });
    await api.sender.pause(LOOK_AGAIN_MS, signal);
  }
}
