import {
  administerUser,
  createProject,
  feed,
  getProject,
  login,
  mergeMergeRequest,
  saveWorkspace,
} from '#libs/contracts/projects';
import type { AppError } from '#libs/errors/app-error';
import type { SentBody } from '#libs/http/request-body';
import { inputOf, type Sent } from '#libs/http/route-input';
import { route } from './route.js';

const open = { auth: 'none', summary: '' } as const;
const save = route('PUT /projects/:project_id/workspace', saveWorkspace, {
  ...open,
  query: ['branch_name'],
  body: 'document',
});
const create = route('POST /projects', createProject, open);
const administer = route('PATCH /admin/users/:user_id', administerUser, open);
const signIn = route('POST /auth/login', login, { ...open, form: { fixed: { grant_type: 'password' } } });
const browse = route('GET /projects/feed', feed, { ...open, query: ['skip', 'limit', 'query', 'tag', 'sort'] });

const json = (value: unknown): SentBody => ({ kind: 'json', value });
const sent = (parts: Partial<Sent>): Sent => ({
  params: {},
  query: {},
  headers: {},
  address: '192.0.2.1',
  body: { kind: 'absent' },
  ...parts,
});
function complaints(...given: Parameters<typeof inputOf>) {
  try {
    return inputOf(...given) && [];
  } catch (error) {
    const { issues } = (error as AppError).details as { issues: { type: string; loc: unknown[] }[] };
    return issues.map(({ type, loc }) => `${type} ${loc.join('.')}`);
  }
}

test('path, query and body come together', () => {
  const document = { tracks: [] };
  const input = inputOf(
    save,
    sent({ params: { project_id: 'p1' }, query: { branch_name: 'b', more: '1' }, body: json(document) }),
  );
  expect({ ...input }).toEqual({ project_id: 'p1', branch_name: 'b', document });
  expect(input.document).toBe(document);
});

test('only the fields of the operation are taken, and the path is not for the body to say', () => {
  const body = json({ role: 'admin', user_id: 'other', more: 1 });
  expect({ ...inputOf(administer, sent({ params: { user_id: 'u1' }, body })) }).toEqual({
    user_id: 'u1',
    role: 'admin',
  });
});

test('what may stand in either is taken from the query, else from the body, and needs neither', () => {
  const merge = route('POST /merge-requests/:merge_request_id/merge', mergeMergeRequest, {
    ...open,
    either: ['method', 'expected_source_head'],
    query: ['message', 'expected_target_head'],
  });
  const params = { merge_request_id: 'm' };
  const body = json({ method: 'squash', expected_source_head: 'abc', message: 'not from here' });
  const merging = (parts: Partial<Sent>) => ({ ...inputOf(merge, sent({ params, ...parts })) });
  expect(merging({ body })).toEqual({ ...params, method: 'squash', expected_source_head: 'abc' });
  expect(merging({ body, query: { method: 'merge' } })).toMatchObject({ method: 'merge', expected_source_head: 'abc' });
  for (const nothing of [{ kind: 'absent' } as const, { kind: 'other' } as const, json(null), json({})])
    expect(merging({ body: nothing })).toEqual(params);
  expect(complaints(merge, sent({ params, body: json({ method: 'by force' }) }))).toEqual([
    'literal_error body.method',
  ]);
});

test('an inherited field is no field, and an own __proto__ changes nothing', () => {
  const input = inputOf(create, sent({ body: json(JSON.parse('{"name":"x","__proto__":{"is_public":true}}')) }));
  expect([Object.keys(input), Object.getPrototypeOf(input), input.is_public]).toEqual([['name'], null, undefined]);
  expect(complaints(create, sent({ body: json(Object.create({ name: 'inherited' })) }))).toEqual(['missing body.name']);
});

test('of a repeated query name the last counts', () => {
  expect(inputOf(browse, sent({ query: { limit: ['1', '7'], tag: [] } }))).toMatchObject({ limit: '7' });
});

test('each complaint has its place', () => {
  const params = { project_id: 'a\0' };
  expect(complaints(save, sent({ params, query: { branch_name: '\0' }, body: json([]) }))).toEqual([
    'value_error path.project_id',
    'value_error query.branch_name',
    'dict_type body',
  ]);
  expect(complaints(browse, sent({ query: { skip: 'x' } }))).toEqual(['int_parsing query.skip']);
});

test('a body that is needed must be there, and be an object', () => {
  for (const body of [{ kind: 'absent' } as const, json(null)])
    expect(complaints(create, sent({ body }))).toEqual(['missing body']);
  for (const body of [{ kind: 'other' } as const, json('x'), json([])])
    expect(complaints(create, sent({ body }))).toEqual(['model_attributes_type body']);
});

test('a form is read by its fields; anything else has none', () => {
  const fields = new Map([
    ['username', 'ada'],
    ['password', 'x'],
    ['grant_type', ''],
  ]);
  expect({ ...inputOf(signIn, sent({ body: { kind: 'form', fields } })) }).toEqual({ username: 'ada', password: 'x' });
  const missing = ['missing body.username', 'missing body.password'];
  expect(complaints(signIn, sent({ body: { kind: 'other' } }))).toEqual(missing);
  expect(complaints(signIn, sent({ body: { kind: 'form', fields: new Map([['grant_type', 'x']]) } }))).toEqual([
    'string_pattern_mismatch body.grant_type',
    ...missing,
  ]);
});

test('a route that cannot feed its operation is a mistake at once', () => {
  expect(() => route('GET /projects/:id', getProject, open)).toThrow('projects.get takes no id');
  expect(() => route('GET /projects', getProject, open)).toThrow('nothing is said of project_id');
});
