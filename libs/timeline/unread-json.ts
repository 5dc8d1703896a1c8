import { parseExact } from './exact-json.js';

/** The JSON text of an object that is passed on as it came: nobody looked into it further than to where it ends. */
export class UnreadJson {
  constructor(readonly text: string) {}
}

/** The JSON text of a value in which, or in a field of which, something may be unread. */
export function jsonOf(value: unknown): string {
  if (value instanceof UnreadJson) return value.text;
  if (!holdsUnread(value)) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${jsonOf(field)}`).join(',')}}`;
}

/** Whether a field of an object is unread. */
export function holdsUnread(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).some((field) => field instanceof UnreadJson);
}

/** Shorter text is read as quickly as it is passed by. */
const WORTH_PASSING = 64 * 1024;

/** The object that is a whole text, unread; nothing when it is short, is no object as far as one sees, or nests too deep. */
export function unreadObject(text: string, deepest: number): UnreadJson | undefined {
  const start = pastSpace(text, 0);
  if (text.length < WORTH_PASSING || text.charCodeAt(start) !== OPENING) return undefined;
  const end = pastValue(text, start, deepest);
  return end >= 0 && pastSpace(text, end) === text.length ? new UnreadJson(text) : undefined;
}

/**
 * The object of a text, of which one field stays unread where it is a long object itself. Nothing when the text has a
 * fault as far as one sees, nests too deep, or may as well be read as usual: then that is to be done.
 */
export function readBesides(unread: string, text: string, deepest: number): Record<string, unknown> | undefined {
  if (text.length < WORTH_PASSING) return undefined;
  let at = pastSpace(text, 0);
  if (text.charCodeAt(at) !== OPENING) return undefined;
  const fields: Record<string, unknown> = {};
  do {
    const start = pastSpace(text, at + 1);
    const colon = text.charCodeAt(start) === QUOTE ? pastSpace(text, pastText(text, start)) : -1;
    if (text.charCodeAt(colon) !== COLON) return undefined;
    const name = parsed(text.slice(start, colon));
    const from = pastSpace(text, colon + 1);
    const to = pastValue(text, from, deepest - 1);
    if (typeof name !== 'string' || name === '__proto__' || to < 0) return undefined;
    const isPassed = name === unread && to - from >= WORTH_PASSING && text.charCodeAt(from) === OPENING;
    const value = isPassed ? new UnreadJson(text.slice(from, to)) : parsed(text.slice(from, to));
    if (value === undefined) return undefined;
    fields[name] = value;
    at = pastSpace(text, to);
  } while (text.charCodeAt(at) === COMMA);
  const isWhole = text.charCodeAt(at) === CLOSING && pastSpace(text, at + 1) === text.length;
  return isWhole && holdsUnread(fields) ? fields : undefined;
}

const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c];
const [OPENING, CLOSING, BRACKET, END_OF_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

function parsed(text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
}

/** Where a value ends; -1 when it does not, or nests too deep. */
function pastValue(text: string, start: number, deepest: number): number {
  let depth = 0;
  for (let at = start; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = pastText(text, at);
      if (at < 0 || depth === 0) return at;
      continue;
    }
    if (code === OPENING || code === BRACKET) {
      if (++depth > deepest) return -1;
    } else if (code === CLOSING || code === END_OF_BRACKET) {
      if (depth <= 1) return depth === 0 ? at : at + 1;
      depth--;
    } else if (depth === 0 && (code === COMMA || isSpace(code))) return at;
    at++;
  }
  return -1;
}

/** Where the text in quotes that begins at a place ends; -1 when it does not. */
function pastText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at++;
  }
  return -1;
}

function pastSpace(text: string, start: number): number {
  let at = start;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
