import type { z } from 'zod';
import type { Operation } from '#libs/contracts/contract';
import type { Sessions } from '../auth/sessions.js';
import type { Tokens } from '../auth/tokens.js';
import type { Caller } from '#libs/contracts/caller';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Whom a route lets in: only a valid token, anyone but told apart by a token, or anyone. */
export type Auth = 'required' | 'optional' | 'none';

/** What a route makes of the body: nothing, named fields of an object or of a form, or one field that is the whole body. */
export type BodyPlan =
  | { readonly kind: 'none' }
  | { readonly kind: 'fields'; readonly names: readonly string[] }
  | { readonly kind: 'form'; readonly names: readonly string[]; readonly fixed: Readonly<Record<string, string>> }
  | { readonly kind: 'whole'; readonly name: string };

/** One line of the HTTP surface: from it come handler, input mapping, validation, auth, limits and documentation. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly operation: Operation<z.ZodObject>;
  readonly auth: Auth;
  readonly summary: string;
  readonly params: readonly string[];
  readonly query: readonly string[];
  readonly body: BodyPlan;
  readonly status: number;
  readonly strict: boolean;
  readonly guessable?: string;
  readonly respond?: (output: unknown, context: AnswerContext) => unknown;
  readonly answers: z.ZodType;
}

/** What an answer may be made with, beside the output of the operation. */
export interface AnswerContext {
  readonly caller: Caller;
  readonly tokens: Tokens;
  readonly sessions: Sessions;
}

export interface RouteOptions<Name extends string, Output> {
  auth: Auth;
  summary: string;
  /** The input fields that come from the query string. */
  query?: readonly Name[];
  /** The one input field that the whole body becomes; unless given, the remaining fields are read from a JSON object. */
  body?: Name;
  /** The fields come from a form (urlencoded or multipart); `fixed` are fields that, when sent, must have this value. */
  form?: { fixed: Record<string, string> };
  /** Makes the answer when it is not the output itself; `answers` is then its documented shape. */
  respond?: (output: Output, context: AnswerContext) => unknown;
  answers?: z.ZodType;
  status?: number;
  /** Attempts are held to the low limit, by address and, where given, by what is in the guessable field. */
  strict?: boolean | { guessable: Name };
}

/** Defines a route: `route('GET /projects/:project_id', getProject, { auth: 'required', summary: '…' })`. */
export function route<Input extends z.ZodObject, Output extends z.ZodType>(
  line: `${Method} /${string}`,
  operation: Operation<Input, Output>,
  options: RouteOptions<keyof Input['shape'] & string, z.output<Output>>,
): Route {
  const [method, path] = line.split(' ') as [Method, string];
  const params = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);
  const query: readonly string[] = options.query ?? [];
  const names = Object.keys(operation.input.shape);
  const stray = [...params, ...query].filter((name) => !names.includes(name));
  if (stray.length > 0) throw new Error(`${line}: ${operation.name} takes no ${stray.join(', ')}.`);
  const rest = names.filter((name) => !params.includes(name) && !query.includes(name));
  if (method === 'GET' && rest.length > 0) throw new Error(`${line}: nothing is said of ${rest.join(', ')}.`);
  return {
    method,
    path,
    operation: operation as unknown as Operation<z.ZodObject>,
    auth: options.auth,
    summary: options.summary,
    params,
    query,
    body: bodyPlan(rest, options),
    status: options.status ?? 200,
    strict: options.strict !== undefined && options.strict !== false,
    ...(typeof options.strict === 'object' && { guessable: options.strict.guessable }),
    ...(options.respond && { respond: options.respond as Route['respond'] }),
    answers: options.answers ?? operation.output,
  };
}

function bodyPlan(
  rest: readonly string[],
  { body, form }: { body?: string; form?: { fixed: Record<string, string> } },
) {
  if (body !== undefined) return { kind: 'whole', name: body } as const;
  if (form) return { kind: 'form', names: rest, fixed: form.fixed } as const;
  return rest.length === 0 ? ({ kind: 'none' } as const) : ({ kind: 'fields', names: rest } as const);
}
