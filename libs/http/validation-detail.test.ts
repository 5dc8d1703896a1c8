import { z } from 'zod';
import { Flag, JsonObject, list, text, whole } from '#libs/contracts/fields';
import { validationDetail } from './validation-detail.js';

const schema = z.object({
  id: text().optional(),
  limit: whole({ min: 0, max: 10 }).optional(),
  tags: list(text({ max: 3 }), 2).nullish(),
  kind: z.enum(['bilibili', 'douyin']).optional(),
  tone: z.enum(['a', 'b', 'c']).optional(),
  flag: Flag.optional(),
  extra: JsonObject.optional(),
  nested: z.object({ name: text({ min: 2 }), count: z.number().int().min(1).max(3).optional() }).optional(),
  at: z.iso.datetime({ error: 'Input should be a valid datetime' }).optional(),
  password: text({ min: 6 }).optional(),
  jobs: z.union([z.object({ site: text() }), list(z.object({ site: text() }), 5)]).optional(),
  step: z.union([z.string(), z.number()]).optional(),
});
const route = {
  params: ['id'],
  query: ['limit'],
  headers: {},
  body: { kind: 'fields', names: [] },
} as const;

function details(body: Record<string, unknown>, shape: z.ZodType = schema, place: typeof route = route) {
  const parsed = shape.safeParse(body);
  return validationDetail(parsed.error?.issues ?? [], { route: place, input: body, body });
}

test.each([
  [{ id: 1 }, 'string_type', ['path', 'id'], 'Input should be a valid string', 1],
  [{ limit: 'x' }, 'int_parsing', ['query', 'limit'], /unable to parse string as an integer/, 'x'],
  [{ limit: 1.5 }, 'int_from_float', ['query', 'limit'], /fractional part/, 1.5],
  [{ limit: -1 }, 'greater_than_equal', ['query', 'limit'], /greater than or equal to 0/, -1],
  [{ tags: 'x' }, 'list_type', ['body', 'tags'], 'Input should be a valid list', 'x'],
  [{ tags: ['a', 2] }, 'string_type', ['body', 'tags', 1], 'Input should be a valid string', 2],
  [{ tags: ['abcd'] }, 'string_too_long', ['body', 'tags', 0], /at most 3 characters/, 'abcd'],
  [{ tags: ['a', 'b', 'c'] }, 'too_long', ['body', 'tags'], /at most 2 items/, ['a', 'b', 'c']],
  [{ kind: 'vimeo' }, 'literal_error', ['body', 'kind'], "Input should be 'bilibili' or 'douyin'", 'vimeo'],
  [{ tone: 1 }, 'literal_error', ['body', 'tone'], "Input should be 'a', 'b' or 'c'", 1],
  [{ flag: [] }, 'bool_type', ['body', 'flag'], 'Input should be a valid boolean', []],
  [{ extra: [1] }, 'dict_type', ['body', 'extra'], 'Input should be a valid dictionary', [1]],
  [{ nested: 3 }, 'model_attributes_type', ['body', 'nested'], /valid dictionary or object/, 3],
  [{ nested: { x: 1 } }, 'missing', ['body', 'nested', 'name'], 'Field required', { x: 1 }],
  [{ nested: { name: 'x' } }, 'string_too_short', ['body', 'nested', 'name'], /at least 2 characters/, 'x'],
  [{ nested: { name: 'xy', count: 9 } }, 'less_than_equal', ['body', 'nested', 'count'], /./, 9],
  [{ at: 'soon' }, 'datetime_parsing', ['body', 'at'], 'Input should be a valid datetime', 'soon'],
  [{ jobs: { name: 'x' } }, 'missing', ['body', 'jobs', 'site'], 'Field required', { name: 'x' }],
  [{ jobs: [{ site: 'x' }, { site: 1 }] }, 'string_type', ['body', 'jobs', 1, 'site'], /valid string/, 1],
  [{ step: true }, 'value_error', ['body', 'step'], 'Input should be a valid string or a valid number', true],
])('%j is told as %s', (body, type, loc, msg, input) => {
  const found = details(body);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ type, loc, input });
  expect(found[0]?.msg).toMatch(msg);
});

const BARE = z.object({
  ids: z.record(z.string().regex(/^[a-z]+$/), z.union([text({ min: 1 }), z.array(text({ min: 1 })).max(2)])).optional(),
  name: z.string().min(2).max(3).regex(/^[a-z]+$/).optional(),
  parts: z.array(z.string()).min(2).optional(),
  share: z.number().gt(0).lte(1).optional(),
  user_id: z.uuid().optional(),
  at: z.iso.datetime().optional(),
  work: z.discriminatedUnion('kind', [z.object({ kind: z.literal('film') }), z.object({ kind: z.literal('clip') })]).optional(),
  even: z.number().multipleOf(2).optional(),
}); // prettier-ignore

test.each([
  [{ ids: { imdb: [''] } }, ['body', 'ids', 'imdb', 0], 'String should have at least 1 characters'],
  [{ ids: { imdb: 7 } }, ['body', 'ids', 'imdb'], 'Input should be a valid string or a valid list'],
  [{ ids: { IMDB: 'tt1' } }, ['body', 'ids', 'IMDB'], "The key is not right: String should match pattern '^[a-z]+$'"],
  [{ name: 'a' }, ['body', 'name'], 'String should have at least 2 characters'],
  [{ name: 'abcd' }, ['body', 'name'], 'String should have at most 3 characters'],
  [{ name: 'AB' }, ['body', 'name'], "String should match pattern '^[a-z]+$'"],
  [{ parts: ['a'] }, ['body', 'parts'], 'List should have at least 2 items'],
  [{ parts: '' }, ['body', 'parts'], 'Input should be a valid list'],
  [{ share: 2 }, ['body', 'share'], 'Input should be less than or equal to 1'],
  [{ share: 0 }, ['body', 'share'], 'Input should be greater than 0'],
  [{ user_id: 'x' }, ['body', 'user_id'], 'Input should be a valid UUID, as 123e4567-e89b-12d3-a456-426614174000'],
  [{ at: 'soon' }, ['body', 'at'], 'Input should be a valid datetime, as 2026-01-31T12:00:00Z'],
  [{ work: { kind: 'song' } }, ['body', 'work', 'kind'], "Input should be 'film' or 'clip'"],
  [{ even: 3 }, ['body', 'even'], 'Input should be a multiple of 2'],
])('%j, of which the contract says nothing itself, is told with what would be right', (body, loc, msg) => {
  expect(details(body, BARE).map((one) => [one.loc, one.msg])).toEqual([[loc, msg]]);
});

test('what was expected is in the context', () => {
  expect(details({ kind: 'vimeo' })[0]?.ctx).toEqual({ expected: "'bilibili' or 'douyin'" });
  expect(details({ password: 'short' })[0]?.ctx).toEqual({ min_length: 6 });
  expect(details({ tags: ['a', 'b', 'c'] })[0]?.ctx).toEqual({ max_length: 2 });
  expect(details({ flag: [] })[0]).not.toHaveProperty('ctx');
});

test('of the whole body, the place is the body', () => {
  const whole = { params: [], query: [], headers: {}, body: { kind: 'whole', name: 'document' } } as const;
  const found = validationDetail(z.object({ document: JsonObject }).safeParse({ document: 3 }).error?.issues ?? [], {
    route: whole,
    input: { document: 3 },
    body: 3,
  });
  expect(found[0]).toMatchObject({ type: 'dict_type', loc: ['body'], input: 3 });
});

test('a password is shown neither for itself nor beside what is missing', () => {
  expect(details({ password: 'short' })[0]?.input).toBe('**********');
  const needsMore = z.object({ email: text(), password: text() });
  expect(details({ password: 'a secret', n: { refresh_token: 't' } }, needsMore)[0]).toMatchObject({
    type: 'missing',
    input: { password: '**********', n: { refresh_token: '**********' } },
  });
});

test('what is shown is never large', () => {
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`k${at}`, ['x'.repeat(5000)]]));
  let deep: unknown = 1;
  for (let level = 0; level < 400; level++) deep = { deep };
  const shown = JSON.stringify(details({ flag: { wide, deep, list: Array.from({ length: 5000 }, () => wide) } }));
  expect(shown.length).toBeLessThan(200_000);
});

test('a thousand complaints are the first fifty', () => {
  const many = z.object({ items: z.array(text()) });
  expect(details({ items: Array.from({ length: 1000 }, () => 1) }, many)).toHaveLength(50);
});

test('a field called __proto__ is shown like any other', () => {
  const body = JSON.parse('{"__proto__": {"admin": true}, "limit": 0}') as Record<string, unknown>;
  const found = details(body, z.object({ name: text() }));
  expect(JSON.stringify(found[0]?.input)).toBe('{"__proto__":{"admin":true},"limit":0}');
});
