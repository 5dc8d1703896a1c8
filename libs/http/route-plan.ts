import type { z } from 'zod';
import type { Operation } from '#libs/contracts/contract';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * What a route makes of the body: nothing, named fields of an object or of a form, one field that is the whole body, or a
 * file. A field that is `unread` is passed on as it came where it is long.
 */
export type BodyPlan =
  | { readonly kind: 'none' }
  | { readonly kind: 'fields'; readonly names: readonly string[]; readonly isOptional?: true; readonly unread?: string }
  | { readonly kind: 'form'; readonly names: readonly string[]; readonly fixed: Readonly<Record<string, string>> }
  | { readonly kind: 'whole'; readonly name: string; readonly unread?: string }
  /** The file in `field` of a form is carried into the object store; `name` is the input field for the id of its upload. */
  | { readonly kind: 'file'; readonly name: string; readonly field: string };

/** Whether a long field of a body is passed on unread. */
export const isPassing = (plan: BodyPlan): boolean => 'unread' in plan;

/** The same plan, with nothing left unread. */
export function readingAll(plan: BodyPlan): BodyPlan {
  if (plan.kind !== 'fields' && plan.kind !== 'whole') return plan;
  const { unread: _passed, ...rest } = plan;
  return rest;
}

/** From where in a request each input field of an operation comes. */
export interface RoutePlan {
  readonly method: Method;
  readonly path: string;
  readonly operation: Operation<z.ZodObject>;
  readonly params: readonly string[];
  readonly query: readonly string[];
  /** The header that each of these input fields is read from, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The input field that becomes the address from which the request came. */
  readonly address?: string;
  readonly body: BodyPlan;
}

/**
 * Plans a route: what is named neither in its path nor elsewhere is read from the body. What is in `either` may stand in
 * the query or in the body, where the query counts first; who has nothing else to say need not send a body.
 */
export function planOf(
  line: `${Method} /${string}`,
  operation: Operation<z.ZodObject>,
  options: {
    query?: readonly string[];
    either?: readonly string[];
    headers?: Readonly<Record<string, string>>;
    address?: string;
    body?: string;
    form?: { fixed: Record<string, string> };
    file?: { field: string; as: string };
    unread?: string;
  },
): RoutePlan {
  const [method, path] = line.split(' ') as [Method, string];
  const params = [...path.matchAll(/:(\w+)|\*$/g)].map(([, name = 'path']) => name);
  const { either = [], headers = {}, address } = options;
  const query = [...(options.query ?? []), ...either];
  const names = Object.keys(operation.input.shape);
  const elsewhere = [...params, ...query, ...Object.keys(headers), ...(address === undefined ? [] : [address])];
  const stray = elsewhere.filter((name) => !names.includes(name));
  if (stray.length > 0) throw new Error(`${line}: ${operation.name} takes no ${stray.join(', ')}.`);
  const rest = names.filter((name) => !elsewhere.includes(name));
  if (method === 'GET' && rest.length > 0) throw new Error(`${line}: nothing is said of ${rest.join(', ')}.`);
  const body = bodyPlan(rest, either, options);
  return { method, path, operation, params, query, headers, ...(address !== undefined && { address }), body };
}

function bodyPlan(
  rest: readonly string[],
  either: readonly string[],
  {
    body,
    form,
    file,
    unread,
  }: { body?: string; form?: { fixed: Record<string, string> }; file?: { field: string; as: string }; unread?: string },
) {
  if (file) return { kind: 'file', name: file.as, field: file.field } as const;
  const passing = unread === undefined ? {} : { unread };
  if (body !== undefined) return { kind: 'whole', name: body, ...passing } as const;
  if (form) return { kind: 'form', names: rest, fixed: form.fixed } as const;
  if (rest.length > 0) return { kind: 'fields', names: [...rest, ...either], ...passing } as const;
  return either.length > 0
    ? ({ kind: 'fields', names: either, isOptional: true } as const)
    : ({ kind: 'none' } as const);
}
