import type { z } from 'zod';
import type { Operation } from '#libs/contracts/contract';
import type { Sessions } from '../auth/sessions.js';
import type { Tokens } from '../auth/tokens.js';
import type { Caller } from '#libs/contracts/caller';
import type { EventBatch } from '#libs/contracts/event-batch';
import { planOf, type Method, type RoutePlan } from '#libs/http/route-plan';

/**
 * Whom a route lets in: only a valid token; anyone, but told apart by a token; anyone; or whom its operation lets in by
 * credentials of its own, which it is given as fields.
 */
export type Auth = 'required' | 'optional' | 'none' | 'own';

/** One line of the HTTP surface: from it come handler, input mapping, validation, auth, limits and documentation. */
export interface Route extends RoutePlan {
  readonly auth: Auth;
  readonly summary: string;
  readonly status: number;
  readonly strict: boolean;
  readonly guessable?: string;
  readonly items?: string;
  readonly admit?: Operation<z.ZodObject>;
  readonly respond?: (output: unknown, context: AnswerContext) => unknown;
  readonly answers: z.ZodType;
  readonly streams: boolean;
}

/** Routes that belong together, and where they begin. */
export interface Chapter {
  readonly name: string;
  readonly prefix: string;
  readonly routes: readonly Route[];
}

/** What an answer may be made with, beside the output of the operation. */
export interface AnswerContext {
  /** What was asked: long things that are answered as they came need not come back from the service. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  readonly tokens: Tokens;
  readonly sessions: Sessions;
}

export interface RouteOptions<Name extends string, Output> {
  auth: Auth;
  summary: string;
  /** The input fields that come from the query string. */
  query?: readonly Name[];
  /** The input fields that may stand in the query string or in the body. */
  either?: readonly Name[];
  /** The input fields that come from headers: `{ if_match: 'if-match' }`. */
  headers?: Partial<Record<Name, string>>;
  /** The input field that becomes the address from which the request came. */
  address?: Name;
  /** The one input field that the whole body becomes; unless given, the remaining fields are read from a JSON object. */
  body?: Name;
  /** The fields come from a form (urlencoded or multipart); `fixed` are fields that, when sent, must have this value. */
  form?: { fixed: Record<string, string> };
  /** The file in `field` of a multipart form goes into the object store as it comes; `as` becomes the id of its upload. */
  file?: { field: string; as: Name };
  /** The input field, an object, that is passed on unread where it is long: only the service looks into it. */
  unread?: Name;
  /** Asked, with the fields from headers, before someone is told what is wrong with his request: a stranger learns nothing. */
  admit?: Operation<z.ZodObject>;
  /** Makes the answer when it is not the output itself (see `answerWith`); `answers` is then its documented shape. */
  respond?: (output: Output, context: AnswerContext) => unknown;
  answers?: z.ZodType;
  status?: number;
  /** Attempts are held to the low limit, by address and, where given, by what is in the guessable field. */
  strict?: boolean | { guessable: Name };
  /** The list in the input each of whose entries counts as one request. */
  items?: Name;
}

/**
 * Defines a route: `route('GET /projects/:project_id', getProject, { auth: 'required', summary: '…' })`. A `*` at the end
 * takes the rest of the address, slashes included, as the field `path`.
 */
export function route<Input extends z.ZodObject, Output extends z.ZodType>(
  line: `${Method} /${string}`,
  operation: Operation<Input, Output>,
  options: RouteOptions<keyof Input['shape'] & string, z.output<Output>>,
): Route {
  const asked = operation as unknown as Operation<z.ZodObject>;
  return {
    ...planOf(line, asked, options as Parameters<typeof planOf>[2]),
    auth: options.auth,
    summary: options.summary,
    status: options.status ?? 200,
    strict: options.strict !== undefined && options.strict !== false,
    ...(typeof options.strict === 'object' && { guessable: options.strict.guessable }),
    ...(options.items !== undefined && { items: options.items }),
    ...(options.admit && { admit: options.admit }),
    ...(options.respond && { respond: options.respond as Route['respond'] }),
    answers: options.answers ?? operation.output,
    streams: false,
  };
}

/**
 * Defines a route that is answered by server-sent events for as long as its reader stays: the operation is asked again
 * and again for what came after the last event seen, which a reader who comes back names in Last-Event-ID or `after`.
 */
export function eventStream<Input extends z.ZodObject, Output extends typeof EventBatch>(
  line: `GET /${string}`,
  operation: Operation<Input, Output>,
  options: Pick<
    RouteOptions<keyof Input['shape'] & string, z.output<Output>>,
    'auth' | 'summary' | 'query' | 'headers'
  >,
): Route {
  const query = [...(options.query ?? []), 'after'] as (keyof Input['shape'] & string)[];
  return { ...route(line, operation, { ...options, query }), streams: true };
}
