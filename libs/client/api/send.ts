import { parseExact } from '#libs/timeline/exact-json';
import { isFromElsewhere } from '../browser/page-origin.js';
import { ApiError, isRedirect, redirected, refusal, unreachable } from './api-error.js';
import { waitBefore, type Patience } from './back-off.js';
import type { Credentials } from './credentials.js';

/** What every request of a client has in common. */
export interface Sender extends Patience {
  readonly server: string;
  readonly fetch: typeof fetch;
  readonly user_agent?: string;
  /** How long one attempt may take, in milliseconds. */
  readonly timeout_ms: number;
  readonly newId: () => string;
}

export interface Sending {
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly credentials?: Credentials;
  readonly signal?: AbortSignal;
  readonly timeout_ms?: number;
  readonly retries?: number;
  /** Whether the same request may be sent again when nobody knows what became of it. */
  readonly repeatable?: boolean;
  /** Gives the answer as it is, to be read as it comes. */
  readonly raw?: boolean;
}

export interface Answer<T = unknown> {
  readonly data: T;
  readonly status: number;
  readonly headers: Headers;
  readonly response: Response;
}

/**
 * Sends one request and reads its answer. Signs in anew once when its token is refused. Asks again, a little later each
 * time, where that is safe: after a 429, which did nothing; and when no answer came or a part of the platform is away, if
 * the request may be repeated. Throws an ApiError otherwise. Never follows a redirect: what a token or a password is sent to is what
 * the user has named. Numbers of the answer are exact (`parseExact`).
 */
export async function send(sender: Sender, method: string, path: string, sending: Sending = {}): Promise<Answer> {
  const request_id = sender.newId();
  const url = sender.server + path + queryText(sending.query ?? {});
  const asked = `${method} ${path}`;
  let token = (await sending.credentials?.token()) ?? null;
  let isRenewed = false;
  for (let attempt = 1; ; attempt++) {
    const outcome = await once();
    if (!(outcome instanceof ApiError)) return outcome;
    if (outcome.status === 401 && token !== null && !isRenewed) {
      isRenewed = true;
      token = await sending.credentials!.renew(token);
      if (token !== null) continue;
    }
    const wait = mayRepeat(outcome, sending) ? waitBefore(attempt, outcome.retry_after, sender.random) : undefined;
    if (wait === undefined || attempt > (sending.retries ?? sender.retries)) throw outcome;
    await sender.pause(wait, sending.signal);
  }

  async function once(): Promise<Answer | ApiError> {
    const limit = new AbortController();
    const timeout_ms = sending.timeout_ms ?? sender.timeout_ms;
    const timer = setTimeout(() => limit.abort(new DOMException('No answer in time', 'TimeoutError')), timeout_ms);
    const signal = sending.signal ? AbortSignal.any([limit.signal, sending.signal]) : limit.signal;
    try {
      const headers = headersOf(sender, sending, token, request_id);
      const response = await sender.fetch(url, {
        method,
        headers,
        body: bodyOf(sending.body),
        signal,
        redirect: 'manual',
      });
      if (isRedirect(response)) return redirected(response, url, asked, request_id);
      if (!response.ok && response.status !== 304) {
        return refusal(response, await response.text(), asked, request_id);
      }
      const { status } = response;
      const data = sending.raw ? undefined : await read(response);
      return { data, status, headers: response.headers, response };
    } catch (thrown) {
      if (sending.signal?.aborted) throw sending.signal.reason;
      if (thrown instanceof SyntaxError) return unreadable(asked, request_id, thrown);
      return unreachable(thrown, url, asked, request_id);
    } finally {
      clearTimeout(timer);
    }
  }
}

const unreadable = (asked: string, request_id: string, cause: unknown) =>
  new ApiError('internal', 'The answer is not JSON. Is this the address of an Evidverse server?', {
    status: 200,
    asked,
    request_id,
    cause,
  });

function mayRepeat({ status }: ApiError, { repeatable }: Sending): boolean {
  if (status === 429) return true;
  return repeatable === true && (status === 0 || status === 408 || (status >= 502 && status <= 504));
}

function headersOf(sender: Sender, { headers = {}, body }: Sending, token: string | null, request_id: string): Headers {
  const all = new Headers({ accept: 'application/json' });
  // A page of elsewhere would have to ask first for each address whether it may; the server's own id comes back all the same.
  if (!isFromElsewhere(sender.server)) all.set('x-request-id', request_id);
  if (sender.user_agent !== undefined) all.set('user-agent', sender.user_agent);
  if (body !== undefined && !(body instanceof URLSearchParams)) all.set('content-type', 'application/json');
  if (token !== null) all.set('authorization', `Bearer ${token}`);
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) all.set(name, value);
  return all;
}

const bodyOf = (body: unknown) =>
  body === undefined ? undefined : body instanceof URLSearchParams ? body : JSON.stringify(body);

function queryText(query: Readonly<Record<string, unknown>>): string {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value])
      if (one !== undefined && one !== null) all.append(name, String(one));
  const text = all.toString();
  return text === '' ? '' : `?${text}`;
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  return text === '' ? undefined : parseExact(text);
}
