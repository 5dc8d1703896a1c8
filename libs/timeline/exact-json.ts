import { AppError } from '#libs/errors/app-error';

/** A number that a double cannot carry, as JSON.rawJSON makes it: `JSON.stringify` writes its text as it stands. */
export interface RawNumber {
  readonly rawJSON: string;
}

type Reviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;
const json = JSON as unknown as {
  rawJSON?(text: string): RawNumber;
  isRawJSON?(value: unknown): value is RawNumber;
  parse(text: string, reviver?: Reviver): unknown;
};

/** Numbers that might lose something: sixteen digits or more, an exponent, or a negative zero. What is in quotes seldom looks so. */
const SUSPICIOUS = /(?:^|[:[,\s])(-?\d[\d.]{15}[\d.eE+-]*|-?\d[\d.]*[eE][\d+-]*|-0(?![.\d]*[1-9])[.0]*)/g;

/**
 * Reads JSON text without losing anything of its numbers: what a double carries is a number, anything else a RawNumber
 * that prints as it was read. Text in which every number is carried is read by JSON.parse alone. Throws SyntaxError on bad
 * text, and an AppError where the platform is too old for RawNumbers (Node before 22) and one is needed.
 */
export function parseExact(text: string): unknown {
  for (const [, number] of text.matchAll(SUSPICIOUS))
    if (!isCarried(Number(number), number!)) return json.parse(text, exactly());
  return json.parse(text);
}

export const isRawNumber = (value: unknown): value is RawNumber => json.isRawJSON?.(value) ?? false;

function exactly(): Reviver {
  if (json.rawJSON) return keepExact;
  throw new AppError('invalid', 'The text has numbers that this JavaScript cannot keep exactly. Node 22 or newer can.');
}

function keepExact(this: unknown, key: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value === 'number' && source !== undefined && !isCarried(value, source)) return json.rawJSON!(source);
  if (key === '__proto__') {
    Object.defineProperty(this, key, { value, writable: true, enumerable: true, configurable: true });
  }
  return value;
}

/** No double needs more characters than this to be written in full, exponent or not, by anybody with sense. */
const LONGEST_DOUBLE = 400;

/** Whether the double is exactly the number that was written. */
function isCarried(value: number, source: string): boolean {
  if (String(value) === source) return true;
  if (source.length > LONGEST_DOUBLE) return false;
  return Number.isFinite(value) && !Object.is(value, -0) && decimalText(String(value)) === decimalText(source);
}

/**
 * The one text of a decimal number: digits without leading or trailing zeros, `e`, and the power of ten they count.
 * Equal numbers have equal texts, however they were written; the sign of zero is kept.
 */
export function decimalText(source: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? [];
  if (exponent.length > LONGEST_EXPONENT)
    throw new AppError(
      'invalid',
      `A number has an exponent of ${exponent.length} digits; at most ${LONGEST_EXPONENT} are read.`,
    );
  const all = withoutZeros(whole + fraction, 'front');
  const digits = withoutZeros(all, 'back');
  if (digits === '') return `${sign}0`;
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(all.length - digits.length);
  return `${sign}${digits}e${power}`;
}

const LONGEST_EXPONENT = 1000;

/** In one pass; a regular expression would try every zero as a beginning. */
function withoutZeros(digits: string, end: 'front' | 'back'): string {
  let from = 0;
  let to = digits.length;
  if (end === 'front') while (from < to && digits[from] === '0') from++;
  else while (to > from && digits[to - 1] === '0') to--;
  return digits.slice(from, to);
}

/** Whether JSON text nests lists and objects deeper than `limit`, without reading it: such text overflows what reads it later. */
export function nestsDeeperThan(limit: number, text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) inText = !inText;
    else if (inText) at += code === 0x5c ? 1 : 0;
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > limit) return true;
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
  return false;
}
