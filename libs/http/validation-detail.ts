import type { z } from 'zod';
import { AppError } from '#libs/errors/app-error';
import { isRawNumber } from '#libs/timeline/exact-json';
import type { RoutePlan } from './route-plan.js';

/** One complaint about a request, in the shape that clients of the platform read: `fieldErrors[loc.join('.')] = msg`. */
export interface Detail {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input: unknown;
  readonly ctx?: Readonly<Record<string, unknown>>;
}

/** The failure that carries complaints. */
export const refusal = (issues: readonly Detail[]): AppError =>
  new AppError('invalid', 'The request is not valid.', { issues });

/** What was asked: the route, the input made of it, and the value of the body where it has one. */
export interface Asked {
  readonly route: Pick<RoutePlan, 'params' | 'query' | 'headers' | 'body'>;
  readonly input: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

const MOST = 50;

/** Turns what zod found into complaints: each says where (path, query or body), what was expected, and what was given. */
export function validationDetail(issues: readonly z.core.$ZodIssue[], asked: Asked): Detail[] {
  const all = issues.slice(0, MOST).flatMap(ofTheMeant);
  return all.slice(0, MOST).map((issue) => {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    const loc = placed(path, asked);
    const given = valueAt(asked.input, path);
    const absent = given === undefined && issue.code !== 'unrecognized_keys';
    const { type, msg, ctx } = absent
      ? { type: 'missing', msg: 'Field required', ctx: undefined }
      : named(issue, given);
    const input = absent ? containerOf(path, loc, asked) : given;
    return { type, loc, msg, input: secret(loc) && !absent ? MASK : echo(input), ...(ctx && { ctx }) };
  });
}

/** Where one of several shapes would do, what is wrong by the one that was meant: the only one of the value's own kind. */
function ofTheMeant(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const ofItsKind = issue.errors.filter((wrong) =>
    wrong.every(({ code, path }) => code !== 'invalid_type' || path.length > 0),
  );
  const [meant] = ofItsKind;
  if (!meant || ofItsKind.length > 1) return [issue];
  return meant.flatMap((wrong) => ofTheMeant({ ...wrong, path: [...issue.path, ...wrong.path] }));
}

function placed([first, ...rest]: (string | number)[], { route, input, body }: Asked): (string | number)[] {
  if (first === undefined) return ['body'];
  if (route.params.includes(String(first))) return ['path', first, ...rest];
  const isOfBody =
    route.body.kind === 'fields' && route.body.names.includes(String(first)) && valueAt(body, [first]) === input[first];
  if (route.query.includes(String(first)) && !isOfBody) return ['query', first, ...rest];
  const header = route.headers[String(first)];
  if (header !== undefined) return ['header', header];
  return route.body.kind === 'whole' && route.body.name === first ? ['body', ...rest] : ['body', first, ...rest];
}

/** The object in which a field is missing; a form, a query or a path shows nothing. */
function containerOf(path: (string | number)[], loc: (string | number)[], { route, input, body }: Asked): unknown {
  if (loc[0] !== 'body' || route.body.kind === 'form') return null;
  return path.length > 1 ? valueAt(input, path.slice(0, -1)) : body;
}

function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string | number, unknown>)[step]
        : undefined,
    root,
  );
}

interface Named {
  type: string;
  msg: string;
  ctx?: Record<string, unknown>;
}

const EXPECTED: Record<string, Named> = {
  array: { type: 'list_type', msg: 'Input should be a valid list' },
  object: {
    type: 'model_attributes_type',
    msg: 'Input should be a valid dictionary or object to extract fields from',
  },
  record: { type: 'dict_type', msg: 'Input should be a valid dictionary' },
  string: { type: 'string_type', msg: 'Input should be a valid string' },
  number: { type: 'float_type', msg: 'Input should be a valid number' },
  int: { type: 'int_type', msg: 'Input should be a valid integer' },
  boolean: { type: 'bool_type', msg: 'Input should be a valid boolean' },
};

const LIMITS: Record<string, { big: string; small: string; max: string; min: string }> = {
  string: { big: 'string_too_long', small: 'string_too_short', max: 'max_length', min: 'min_length' },
  array: { big: 'too_long', small: 'too_short', max: 'max_length', min: 'min_length' },
  set: { big: 'too_long', small: 'too_short', max: 'max_length', min: 'min_length' },
  number: { big: 'less_than_equal', small: 'greater_than_equal', max: 'le', min: 'ge' },
  int: { big: 'less_than_equal', small: 'greater_than_equal', max: 'le', min: 'ge' },
};

function named(issue: z.core.$ZodIssue, given: unknown): Named {
  const otherwise: Named = { type: 'value_error', msg: issue.message };
  switch (issue.code) {
    case 'custom': {
      const { reason, explain, ...context } = (issue.params ?? {}) as Record<string, unknown>;
      const ctx = explain === undefined ? context : { ...context, reason: explain };
      return {
        type: typeof reason === 'string' ? reason : 'value_error',
        msg: issue.message,
        ...(Object.keys(ctx).length > 0 && { ctx }),
      };
    }
    case 'invalid_type':
      if (issue.expected === 'int' && typeof given === 'number')
        return { type: 'int_from_float', msg: 'Input should be a valid integer, got a number with a fractional part' };
      return EXPECTED[issue.expected] ?? otherwise;
    case 'invalid_value': {
      const quoted = issue.values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
      const expected = quoted.length > 1 ? `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}` : quoted.join('');
      return { type: 'literal_error', msg: `Input should be ${expected}`, ctx: { expected } };
    }
    case 'too_big': {
      const limit = LIMITS[issue.origin];
      return limit ? { ...otherwise, type: limit.big, ctx: { [limit.max]: Number(issue.maximum) } } : otherwise;
    }
    case 'too_small': {
      const limit = LIMITS[issue.origin];
      return limit ? { ...otherwise, type: limit.small, ctx: { [limit.min]: Number(issue.minimum) } } : otherwise;
    }
    case 'invalid_format':
      if (issue.format === 'datetime') return { ...otherwise, type: 'datetime_parsing' };
      if (issue.format === 'regex')
        return { ...otherwise, type: 'string_pattern_mismatch', ctx: { pattern: issue.pattern ?? '' } };
      return otherwise;
    case 'unrecognized_keys':
      return { type: 'extra_forbidden', msg: 'Extra inputs are not permitted' };
    case 'invalid_union':
      return { ...otherwise, msg: shapesOf(issue) };
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
      return otherwise;
  }
}

/** What a value may be that may be of several kinds. */
function shapesOf({ errors, message }: z.core.$ZodIssueInvalidUnion): string {
  const expected = errors.map(([first]) =>
    first?.code === 'invalid_type' ? EXPECTED[first.expected]?.msg : undefined,
  );
  const kinds = expected.map((words) => words?.replace('Input should be ', ''));
  return kinds.includes(undefined) ? message : `Input should be ${kinds.join(' or ')}`;
}

const MASK = '**********';
const SECRET = /password|passwd|secret|token|credential|authorization/i;
const secret = (loc: readonly (string | number)[]): boolean => loc.some((step) => SECRET.test(String(step)));

/** A copy to show: without secrets, and never large, whatever was sent. */
function echo(value: unknown): unknown {
  let left = 200;
  const copy = (part: unknown, depth: number): unknown => {
    if (typeof part === 'string') return part.length > 500 ? `${part.slice(0, 500)}…` : part;
    if (typeof part !== 'object' || part === null) return part === undefined ? null : part;
    if (isRawNumber(part)) return part;
    if (--left < 0 || depth > 5) return '…';
    if (Array.isArray(part)) return part.slice(0, 50).map((item) => copy(item, depth + 1));
    const shown = Object.keys(part).slice(0, 50);
    const entry = (key: string) => (part as Record<string, unknown>)[key];
    return fromEntries(shown.map((key) => [key, SECRET.test(key) ? MASK : copy(entry(key), depth + 1)]));
  };
  return copy(value, 0);
}

/** Like Object.fromEntries on an object without prototype, where `__proto__` is a key like any other. */
function fromEntries(entries: [string, unknown][]): Record<string, unknown> {
  const object = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of entries) object[key] = value;
  return object;
}
