import type { paths } from './paths.js';

/** The types of `Api`: which paths there are for a method, what each takes, and what it answers. */
export type Method = 'get' | 'put' | 'post' | 'delete' | 'patch';

/** The paths that have this method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];

type OperationAt<P extends keyof paths, M extends Method> = Extract<paths[P][M & keyof paths[P]], object>;

/** What a call takes: what its path, its query, its headers and its body need, and how long somebody waits for it. */
export type Wish<P extends keyof paths, M extends Method> = Given<OperationAt<P, M>> & CallOptions;

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** How long one attempt may take, in milliseconds. */
  readonly timeout_ms?: number;
  /** How often to ask again where that is safe; as `connect` was told when absent. */
  readonly retries?: number;
  /** Makes asking again the same as having asked once, where the operation takes it; then a lost answer is asked for again. */
  readonly idempotency_key?: string;
}

type Given<O> = (O extends { parameters: infer Q extends object } ? Parameters<Q> : unknown) & Body<O>;
type Parameters<Q extends object> = { [K in keyof Q as Said<Q[K], K>]: Q[K] };
/** Without what is never there. */
type Said<V, K> = [Exclude<V, undefined>] extends [never] ? never : K;

type Body<O> = O extends { requestBody: { content: infer C } }
  ? { body: C[keyof C] }
  : O extends { requestBody?: { content: infer C } }
    ? { body?: C[keyof C] }
    : unknown;

/** What a call answers. */
export type AnswerOf<P extends keyof paths, M extends Method> =
  OperationAt<P, M> extends { responses: infer R }
    ? { [S in keyof R]: R[S] extends { content: { 'application/json': infer T } } ? T : never }[keyof R]
    : never;

/** A call without anything it must be told may leave its wish out. */
export type WishArguments<W> = object extends W ? [wish?: W] : [wish: W];
