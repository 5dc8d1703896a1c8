import type { z } from 'zod';
import { isRawNumber } from '#libs/timeline/exact-json';
import { holdsUnread, UnreadJson } from '#libs/timeline/unread-json';
import type { SentBody } from './request-body.js';
import type { RoutePlan } from './route-plan.js';
import { refusal, validationDetail, type Detail } from './validation-detail.js';

/** What a request brought, before anyone made sense of it. */
export interface Sent {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: SentBody;
  /** Where it came from, of an IPv6 address the network. */
  readonly address: string;
}

/** The input of a route's operation, gathered from path, query and body; refuses with the complaints of section 422. */
export function inputOf(route: RoutePlan, sent: Sent): Record<string, unknown> {
  return readInput(route, sent).input;
}

/** The same input as it was sent, and as the operation reads it. */
export function readInput(
  route: RoutePlan,
  sent: Sent,
): { input: Record<string, unknown>; parsed: Record<string, unknown> } {
  const body = bodyOf(route, sent.body);
  const input = Object.create(null) as Record<string, unknown>;
  for (const name of route.params) input[name] = sent.params[name] ?? sent.params['*'];
  for (const name of route.query) {
    const value = sent.query[name];
    const last: unknown = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) input[name] = last;
  }
  Object.assign(input, fieldsOfHeaders(route, sent.headers));
  if (route.address !== undefined) input[route.address] = sent.address;
  if (route.body.kind === 'whole' || route.body.kind === 'file') input[route.body.name] = body;
  if (route.body.kind === 'fields' || route.body.kind === 'form')
    for (const name of route.body.names)
      if (!Object.hasOwn(input, name) && Object.hasOwn(body as object, name))
        input[name] = (body as Record<string, unknown>)[name];
  const parsed = route.operation.input.safeParse(holdsUnread(input) ? asEmpty(input) : input);
  const issues = [...fixedFields(route, sent.body), ...explain(parsed.error?.issues ?? [], route, input, body)];
  if (issues.length > 0) throw refusal(issues);
  return { input, parsed: parsed.data as Record<string, unknown> };
}

/** What is unread is an object, and no more can be said of it. */
const asEmpty = (input: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(input).map(([name, value]) => [name, value instanceof UnreadJson ? {} : value]));

/** The input fields that a route reads from headers; an absent header leaves its field out. */
export function fieldsOfHeaders(
  route: Pick<RoutePlan, 'headers'>,
  headers: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const sent = Object.entries(route.headers).map(([name, header]) => [name, headers[header]] as const);
  return Object.fromEntries(sent.filter(([, value]) => value !== undefined));
}

/** Says what zod found, here or in a service, in terms of the request. */
export function explain(
  issues: readonly z.core.$ZodIssue[],
  route: RoutePlan,
  input: Record<string, unknown>,
  body: unknown = null,
): Detail[] {
  return validationDetail(issues, { route, input, body });
}

function bodyOf({ body: plan }: RoutePlan, sent: SentBody): unknown {
  if (plan.kind === 'none') return null;
  if (plan.kind === 'form') return sent.kind === 'form' ? Object.fromEntries(sent.fields) : {};
  if (plan.kind === 'fields' && plan.isOptional && (sent.kind !== 'json' || sent.value === null)) return {};
  if (sent.kind === 'absent' || (sent.kind === 'json' && sent.value === null))
    throw refusal([{ type: 'missing', loc: ['body'], msg: 'Field required', input: null }]);
  const value = sent.kind === 'json' ? sent.value : undefined;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value);
  if (isObject || (plan.kind !== 'fields' && sent.kind === 'json')) return value;
  const msg = 'Input should be a valid dictionary or object to extract fields from';
  throw refusal([{ type: 'model_attributes_type', loc: ['body'], msg, input: null }]);
}

/** Fields of a form that nobody needs, and that must be right when they are sent (`grant_type` of OAuth's password form). */
function fixedFields({ body: plan }: RoutePlan, sent: SentBody): Detail[] {
  if (plan.kind !== 'form' || sent.kind !== 'form') return [];
  return Object.entries(plan.fixed).flatMap(([name, value]) => {
    const given = sent.fields.get(name);
    if (given === undefined || given === '' || given === value) return [];
    const pattern = `^${value}$`;
    const msg = `String should match pattern '${pattern}'`;
    return [{ type: 'string_pattern_mismatch', loc: ['body', name], msg, input: given, ctx: { pattern } }];
  });
}
