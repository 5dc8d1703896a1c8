import { AppError } from '#libs/errors/app-error';
import { nestsDeeperThan, parseExact } from '#libs/timeline/exact-json';
import { readBesides, unreadObject } from '#libs/timeline/unread-json';
import { jsonFault } from './json-fault.js';
import type { BodyPlan } from './route-plan.js';
import { refusal } from './validation-detail.js';

/** What a request brought: nothing, a JSON value, the text fields of a form, or something of another kind. */
export type SentBody =
  | { readonly kind: 'absent' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'form'; readonly fields: ReadonlyMap<string, string> }
  | { readonly kind: 'other' };

const DEEPEST = 500;
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;
const FORM_TYPE = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)\s*(?:;|$)/i;

/** Reads the bytes of a body as far as the plan of its route has a use for them. */
export async function readBody(
  plan: BodyPlan,
  contentType: string | undefined,
  bytes: Buffer | undefined,
): Promise<SentBody> {
  if (plan.kind === 'none' || bytes === undefined || bytes.length === 0) return { kind: 'absent' };
  if (plan.kind === 'form') {
    if (contentType === undefined || !FORM_TYPE.test(contentType)) return { kind: 'other' };
    return { kind: 'form', fields: await readForm(contentType, bytes) };
  }
  if (contentType !== undefined && !JSON_TYPE.test(contentType)) return { kind: 'other' };
  return { kind: 'json', value: readJson(bytes, plan) };
}

function readJson(bytes: Buffer, plan: BodyPlan): unknown {
  const text = textOf(bytes);
  const passed = 'unread' in plan ? passing(text, plan) : undefined;
  if (passed) return passed;
  if (nestsDeeperThan(DEEPEST, text)) throw notJson(0, `Nested deeper than ${DEEPEST} levels`);
  try {
    return parseExact(text);
  } catch {
    const { at, words } = jsonFault(text);
    throw notJson(at, words);
  }
}

/** The value of a body of which what its plan wants unread is unread; nothing where all of it has to be read. */
function passing(text: string, { kind, unread }: BodyPlan & { unread?: string }): object | undefined {
  if (unread === undefined) return undefined;
  return kind === 'whole' ? unreadObject(text, DEEPEST) : readBesides(unread, text, DEEPEST);
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notJson(0, 'Not UTF-8 text');
  }
}

function notJson(at: number, error: string): AppError {
  return refusal([{ type: 'json_invalid', loc: ['body', at], msg: 'JSON decode error', input: {}, ctx: { error } }]);
}

async function readForm(contentType: string, bytes: Buffer): Promise<Map<string, string>> {
  try {
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
    return new Map([...form].filter((field): field is [string, string] => typeof field[1] === 'string'));
  } catch (cause) {
    throw new AppError('invalid', 'The form in the body cannot be read.', undefined, { cause });
  }
}
