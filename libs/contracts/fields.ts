import { z } from 'zod';

/**
 * The scalars of the wire. They take what lenient JSON clients send (numeric text for a number, "yes" for true), refuse
 * the rest, and name each refusal in `params.reason`, which the gateway turns into the words that clients know.
 */
type Reason = { reason: string; [context: string]: unknown };
type Refuse = (message: string, params: Reason) => never;

function scalar<T>(json: Record<string, unknown>, read: (value: unknown, refuse: Refuse) => T): z.ZodType<T, T> {
  const schema: unknown = z
    .unknown()
    .refine((value) => value !== undefined, { error: 'Field required', params: { reason: 'missing' }, abort: true })
    .transform((value, context): T => {
      const refuse: Refuse = (message, params) => {
        context.addIssue({ code: 'custom', message, params, input: value });
        throw REFUSED;
      };
      try {
        return read(value, refuse);
      } catch (thrown) {
        if (thrown === REFUSED) return z.NEVER;
        throw thrown;
      }
    })
    .meta(json);
  return schema as z.ZodType<T, T>;
}
const REFUSED = Symbol('refused');

/** Text of at least `min` and at most `max` characters; numbers are not text, and U+0000 is nowhere allowed. */
export function text({ min = 0, max = 100_000 }: { min?: number; max?: number } = {}) {
  return scalar({ type: 'string', ...(min > 0 && { minLength: min }), maxLength: max }, (value, refuse) => {
    if (typeof value !== 'string') return refuse('Input should be a valid string', { reason: 'string_type' });
    if (!value.isWellFormed()) return refuse('Text may not contain half a surrogate pair', { reason: 'value_error' });
    if (value.includes('\0')) return refuse('Text may not contain the character U+0000', { reason: 'value_error' });
    const isPlainlyFit = value.length <= max && value.length >= 2 * min;
    const length = isPlainlyFit || value.length > 2 * max ? value.length : charactersIn(value);
    if (length < min)
      return refuse(`String should have at least ${min} characters`, { reason: 'string_too_short', min_length: min });
    if (length > max)
      return refuse(`String should have at most ${max} characters`, { reason: 'string_too_long', max_length: max });
    return value;
  });
}

/** How many characters there are, a pair of surrogates being one: without a copy, for texts may be as long as files. */
function charactersIn(text: string): number {
  let pairs = 0;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xfc00) === 0xd800) pairs++;
  return text.length - pairs;
}

/** A whole number between `min` and `max`; `clamp` takes a larger one as `max` instead of refusing it. */
export function whole({ min, max, clamp = false }: { min: number; max: number; clamp?: boolean }) {
  return scalar({ type: 'integer', minimum: min, ...(clamp ? {} : { maximum: max }) }, (value, refuse) => {
    const isNumeric = typeof value === 'string' && /^\s*[+-]?\d+(\.0*)?\s*$/.test(value);
    const number = isNumeric || typeof value === 'boolean' ? Number(value) : value;
    if (typeof number === 'string')
      return refuse('Input should be a valid integer, unable to parse string as an integer', { reason: 'int_parsing' });
    if (typeof number !== 'number') return refuse('Input should be a valid integer', { reason: 'int_type' });
    if (!Number.isInteger(number))
      return refuse('Input should be a valid integer, got a number with a fractional part', {
        reason: 'int_from_float',
      });
    if (number < min)
      return refuse(`Input should be greater than or equal to ${min}`, { reason: 'greater_than_equal', ge: min });
    if (number > max && !clamp)
      return refuse(`Input should be less than or equal to ${max}`, { reason: 'less_than_equal', le: max });
    return Math.min(number, max);
  });
}

const TRUE = new Set(['true', 'yes', 'on', '1', 't', 'y']);
const FALSE = new Set(['false', 'no', 'off', '0', 'f', 'n']);

/** True or false, in any of the usual spellings. */
export const Flag = scalar({ type: 'boolean' }, (value, refuse) => {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' || typeof value === 'number' ? String(value).toLowerCase() : undefined;
  if (word !== undefined && TRUE.has(word)) return true;
  if (word !== undefined && FALSE.has(word)) return false;
  return word === undefined
    ? refuse('Input should be a valid boolean', { reason: 'bool_type' })
    : refuse('Input should be a valid boolean, unable to interpret input', { reason: 'bool_parsing' });
});

/** Any JSON object, kept as it came, unknown keys and key order included. */
export const JsonObject = scalar({ type: 'object', additionalProperties: true }, (value, refuse) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isRawNumber(value))
    return refuse('Input should be a valid dictionary', { reason: 'dict_type' });
  return value as Record<string, unknown>;
});

/** Numbers beyond a double travel as raw JSON, which is an object to `typeof` alone. */
const isRawNumber = (JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON;

/** A list of at most `max` items. */
export function list<Item extends z.ZodType>(item: Item, max = 1000) {
  return z.array(item).max(max, `List should have at most ${max} items`);
}

/** A name in UUID form; anything else cannot name a thing that exists, so it is simply unknown to those who look. */
export const Id = text({ max: 200 });

/** Whether text can name a row at all; what cannot is treated as a name nobody has. */
export const isUuid = (id: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(id);

/** A moment in time as it leaves us: ISO 8601 in UTC with microseconds. A Date or any ISO text may go in. */
export const Instant = z
  .unknown()
  .transform((moment) => new Date(moment as Date | string).toISOString().replace(/(\.\d{3})Z$/, '$1000Z'))
  .pipe(z.string())
  .meta({ type: 'string', format: 'date-time' }) as unknown as z.ZodType<string, Date | string>;

/** The same with the offset written `+00:00`, as graphs and logs have it. */
export const InstantWithOffset = Instant.transform((moment) => moment.replace(/Z$/, '+00:00'))
  .pipe(z.string())
  .meta({ type: 'string', format: 'date-time' }) as unknown as z.ZodType<string, Date | string>;

/** A moment in time as it comes in: ISO 8601 with an offset. */
export const InstantInput = z.iso.datetime({ offset: true, error: 'Input should be a valid datetime' });

/** How many to pass over, and how many to give at most; a larger wish is cut down, a negative one refused. */
export const paging = ({ limit, max }: { limit: number; max: number }) => ({
  skip: whole({ min: 0, max: 1_000_000_000, clamp: true }).default(0),
  limit: whole({ min: 0, max, clamp: true }).default(limit),
});
