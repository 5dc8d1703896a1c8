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
  const all = withoutEchoes(issues.slice(0, MOST).flatMap(ofTheMeant));
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
  const ofItsKind = issue.errors.filter((wrong) => wrong.every((one) => one.path.length > 0 || !isOfAnotherKind(one)));
  const [meant] = ofItsKind;
  if (!meant || ofItsKind.length > 1) return [issue];
  return meant.flatMap((wrong) => ofTheMeant({ ...wrong, path: [...issue.path, ...wrong.path] }));
}

/** Whether a value is no text where a text should be, and the like. */
const isOfAnotherKind = (issue: z.core.$ZodIssue): boolean =>
  issue.code === 'invalid_type' ||
  (issue.code === 'custom' && String((issue.params as { reason?: unknown } | undefined)?.reason).endsWith('_type'));

/** Of a value of another kind, its length or size says nothing: a text where a list should be is not too short a list. */
function withoutEchoes(issues: z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const kinds = new Set(issues.filter(isOfAnotherKind).map(({ path }) => path.join('\0')));
  return issues.filter((one) => !one.code.startsWith('too_') || !kinds.has(one.path.join('\0')));
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
      const expected = oneOf(issue.values);
      return { type: 'literal_error', msg: `Input should be ${expected}`, ctx: { expected } };
    }
    case 'too_big': {
      const limit = LIMITS[issue.origin];
      const most = Number(issue.maximum);
      const msg = inWords(issue, limitWords(issue.origin, issue.inclusive ? 'at most' : 'less than', most));
      return limit ? { msg, type: limit.big, ctx: { [limit.max]: most } } : { ...otherwise, msg };
    }
    case 'too_small': {
      const limit = LIMITS[issue.origin];
      const least = Number(issue.minimum);
      const msg = inWords(issue, limitWords(issue.origin, issue.inclusive ? 'at least' : 'more than', least));
      return limit ? { msg, type: limit.small, ctx: { [limit.min]: least } } : { ...otherwise, msg };
    }
    case 'invalid_format':
      if (issue.format === 'datetime')
        return { type: 'datetime_parsing', msg: inWords(issue, 'Input should be a valid datetime, as 2026-01-31T12:00:00Z') }; // prettier-ignore
      if (issue.format === 'regex') {
        const pattern = (issue.pattern ?? '').replace(/^\/(.*)\/[a-z]*$/s, '$1');
        const msg = inWords(issue, `String should match pattern '${pattern}'`);
        return { type: 'string_pattern_mismatch', msg, ctx: { pattern: issue.pattern ?? '' } };
      }
      if (issue.format === 'uuid')
        return { type: 'uuid_parsing', msg: inWords(issue, 'Input should be a valid UUID, as 123e4567-e89b-12d3-a456-426614174000') }; // prettier-ignore
      return { ...otherwise, msg: inWords(issue, `Input should be a valid ${issue.format}`) };
    case 'unrecognized_keys':
      return { type: 'extra_forbidden', msg: 'Extra inputs are not permitted' };
    case 'invalid_union':
      return { ...otherwise, msg: shapesOf(issue) };
    case 'not_multiple_of':
      return { ...otherwise, msg: inWords(issue, `Input should be a multiple of ${issue.divisor}`) };
    case 'invalid_key':
    case 'invalid_element': {
      const [why] = issue.issues;
      return why ? { ...otherwise, msg: `The key is not right: ${named(why, undefined).msg}` } : otherwise;
    }
  }
}

/** What a contract says of its own accord, and in place of zod's own words, which name no remedy, ours. */
const inWords = ({ message }: z.core.$ZodIssue, ours: string): string =>
  /^(Invalid|Too (big|small)\b)/.test(message) ? ours : message;

function limitWords(origin: string, bound: 'at most' | 'at least' | 'less than' | 'more than', limit: number): string {
  if (origin === 'string') return `String should have ${bound} ${limit} characters`;
  if (origin === 'array' || origin === 'set') return `List should have ${bound} ${limit} items`;
  if (bound === 'at most') return `Input should be less than or equal to ${limit}`;
  if (bound === 'at least') return `Input should be greater than or equal to ${limit}`;
  return `Input should be ${bound === 'more than' ? 'greater than' : bound} ${limit}`;
}

/** What a value may be that may be of several kinds. */
function shapesOf(issue: z.core.$ZodIssueInvalidUnion): string {
  const { options } = issue as { options?: unknown[] };
  if (options !== undefined) return `Input should be ${oneOf(options)}`;
  const expected = issue.errors.map(([first]) => first && isOfAnotherKind(first) && named(first, undefined).msg);
  const kinds = expected.map((words) => words && words.replace('Input should be ', ''));
  if (kinds.length > 0 && kinds.every(Boolean)) return `Input should be ${kinds.join(' or ')}`;
  const whys = issue.errors.flatMap(([first]) => (first ? named(first, undefined).msg : []));
  return whys.length > 0 ? `Input has none of the forms it may have: ${whys.join('; or ')}` : issue.message;
}

function oneOf(values: readonly unknown[]): string {
  const quoted = values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
  return quoted.length > 1 ? `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}` : quoted.join('');
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
