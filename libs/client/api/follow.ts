import { filledIn, type Api } from './api.js';
import { ApiError } from './api-error.js';
import { waitBefore } from './back-off.js';
import { readEvents } from './read-events.js';
import { send } from './send.js';
import type { AnswerOf, PathOf } from './typed-calls.js';

/** One event of a stream of the server, with its data read. */
export interface Told {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

export interface FollowOptions {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** The last event that is known already. */
  readonly after?: string;
  readonly signal?: AbortSignal;
}

/** A line on which nothing was heard for this long is taken for dead: the server says something every half minute. */
const SILENCE_MS = 90_000;
const RETRY_MS = 2000;

/**
 * What a stream of server-sent events tells, for as long as its reader reads: a line that breaks off is taken up again
 * behind the last event. Ends only with its reader or its signal; a refusal is an ApiError.
 */
export async function* follow(api: Api, path: PathOf<'get'>, options: FollowOptions = {}): AsyncGenerator<Told> {
  let after = options.after;
  let failures = 0;
  let retry_ms = RETRY_MS;
  for (;;) {
    const line = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, line.signal]) : line.signal;
    try {
      const body = await openStream(api, path, { ...options, after, signal });
      for await (const { id, event, data, ...wish } of readEvents(aliveOnly(body, line))) {
        failures = 0;
        retry_ms = wish.retry_ms ?? retry_ms;
        after = id === '' ? after : id;
        const told = JSON.parse(data) as unknown;
        if (event === 'failure') throw failureOf(told, path);
        yield { id, event, data: told };
      }
    } catch (thrown) {
      if (options.signal?.aborted) return;
      if (thrown instanceof ApiError && thrown.code !== 'unavailable') throw thrown;
      failures++;
      if (failures > api.sender.retries) throw thrown;
    } finally {
      line.abort();
    }
    const wait = failures === 0 ? retry_ms : waitBefore(failures, null, api.sender.random)!;
    await api.sender.pause(wait, options.signal).catch(() => undefined);
    if (options.signal?.aborted) return;
  }
}

type Task = AnswerOf<'/api/v1/tasks/{task_id}', 'get'>;

/** How a task stands, from now until it is over; the last one is its end. */
export async function* followTask(api: Api, task_id: string, signal?: AbortSignal): AsyncGenerator<Task> {
  for await (const { event, data } of follow(api, '/api/v1/tasks/{task_id}/events', { path: { task_id }, signal })) {
    yield data as Task;
    if (event === 'done') return;
  }
}

async function openStream(api: Api, path: string, options: FollowOptions & { after: string | undefined }) {
  const { response } = await send(api.sender, 'GET', filledIn(path, options.path ?? {}), {
    query: options.query,
    headers: { accept: 'text/event-stream', 'last-event-id': options.after },
    credentials: api.credentials,
    signal: options.signal,
    repeatable: true,
    raw: true,
  });
  return response.body as unknown as AsyncIterable<Uint8Array>;
}

/** Passes on what comes; hangs up on a silent line. */
async function* aliveOnly(body: AsyncIterable<Uint8Array>, line: AbortController): AsyncGenerator<Uint8Array> {
  const silence = () =>
    setTimeout(() => line.abort(new DOMException('The line was silent', 'TimeoutError')), SILENCE_MS);
  let timer = silence();
  try {
    for await (const bytes of body) {
      clearTimeout(timer);
      timer = silence();
      yield bytes;
    }
  } finally {
    clearTimeout(timer);
  }
}

function failureOf(told: unknown, path: string): ApiError {
  const { detail, code } = told as { detail: string; code: ApiError['code'] };
  return new ApiError(code, detail, { status: 200, asked: `GET ${path}`, request_id: '' });
}
