import { pause } from './back-off.js';
import { stranger, type Credentials } from './credentials.js';
import { send, type Answer, type Sender } from './send.js';
import type { AnswerOf, CallOptions, Method, PathOf, Wish, WishArguments } from './typed-calls.js';

/** One method of the HTTP interface: `api.get('/api/v1/projects/{project_id}', { path: { project_id } })`. */
export type Call<M extends Method> = <P extends PathOf<M>>(
  path: P,
  ...wish: WishArguments<Wish<P, M>>
) => Promise<AnswerOf<P, M>>;

/** The HTTP interface of a server, typed by its description; what fails is an ApiError. */
export interface Api {
  readonly server: string;
  readonly sender: Sender;
  readonly credentials: Credentials;
  readonly get: Call<'get'>;
  readonly put: Call<'put'>;
  readonly post: Call<'post'>;
  readonly delete: Call<'delete'>;
  readonly patch: Call<'patch'>;
  /** The same with status and headers, for who needs an ETag. */
  readonly ask: <M extends Method, P extends PathOf<M>>(
    method: M,
    path: P,
    ...wish: WishArguments<Wish<P, M>>
  ) => Promise<Answer<AnswerOf<P, M>>>;
}

/** Where the server is, who asks, and how patiently; everything but the server has a usual value. */
export type ApiOptions = { server: string; credentials?: Credentials } & Partial<Omit<Sender, 'server'>>;

/** How requests to a server are sent: half a minute each, asked four times again where that is safe. */
export const senderFor = (options: { server: string } & Partial<Sender>): Sender => ({
  fetch: (...wish) => fetch(...wish),
  timeout_ms: 30_000,
  retries: 4,
  pause,
  random: Math.random,
  newId: () => crypto.randomUUID(),
  ...options,
  server: options.server.replace(/\/+$/, ''),
});

/** The API of a server, as whoever the credentials say. */
export function connect({ credentials = stranger, ...options }: ApiOptions): Api {
  const sender = senderFor(options);
  const ask = (method: Method, path: string, wish: LooseWish = {}) =>
    send(sender, method.toUpperCase(), filledIn(path, wish.path ?? {}), {
      query: wish.query,
      headers: { 'idempotency-key': wish.idempotency_key, ...wish.header },
      body: wish.body,
      credentials,
      signal: wish.signal,
      timeout_ms: wish.timeout_ms,
      retries: wish.retries,
      repeatable: method === 'get' || wish.idempotency_key !== undefined,
    });
  const call = (method: Method) => async (path: string, wish?: LooseWish) => (await ask(method, path, wish)).data;
  return {
    server: sender.server,
    sender,
    credentials,
    get: call('get'),
    put: call('put'),
    post: call('post'),
    delete: call('delete'),
    patch: call('patch'),
    ask,
  } as Api;
}

interface LooseWish extends CallOptions {
  path?: Record<string, unknown>;
  query?: Record<string, unknown>;
  header?: Record<string, string | undefined>;
  body?: unknown;
}

/** A path with its fields in place; nothing in a field can lead elsewhere. */
export function filledIn(path: string, fields: Readonly<Record<string, unknown>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const text = String(fields[name] ?? '');
    if (/^\.{0,2}$/.test(text)) throw new TypeError(`${path} needs ${name}.`);
    return encodeURIComponent(text);
  });
}
