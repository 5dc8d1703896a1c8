import { chapters } from '../routes/route-table.js';
import { covers, scopeNeeded, scopeNeededFor } from './scopes.js';

const needed = (line: string) => {
  const route = chapters.flatMap(({ routes }) => routes).find(({ method, path }) => `${method} ${path}` === line);
  return route ? scopeNeeded(route) : undefined;
};

test('a token for one thing does for the lesser ones too', () => {
  expect(covers('admin', 'write') && covers('write', 'write') && covers('write', 'read')).toBe(true);
  expect(covers('read', 'write') || covers('write', 'admin')).toBe(false);
});

test('to look is to read, to change is to write, and people, credentials and endings are administered', () => {
  expect(needed('GET /projects/:project_id/workspace')).toBe('read');
  expect(needed('PUT /projects/:project_id/workspace')).toBe('write');
  expect(needed('POST /projects/:project_id/bundles')).toBe('read');
  expect(needed('POST /bundles')).toBe('write');
  for (const line of [
    'PUT /users/me/password',
    'GET /users/me/tokens',
    'PUT /projects/:project_id/members/:user_id',
    'POST /projects/:project_id/webhooks',
    'POST /projects/:project_id/delete',
    'PUT /cloud',
    'PUT /v1/admin/contributors/:user_id',
    'POST /v1/admin/keys/rotate',
    'POST /v1/nodes',
    'POST /v1/rules/publish',
    'POST /v1/tokens',
  ])
    expect([line, needed(line)]).toEqual([line, 'admin']);
  expect([needed('POST /v1/resolve'), needed('POST /v1/alias/submissions')]).toEqual(['read', 'write']);
});

test('what the world is shown is administered, and all else of the same thing is written', () => {
  const route = (name: string) => ({ method: 'PUT', operation: { name } });
  for (const name of ['projects.update', 'media.updateAsset']) {
    expect(scopeNeededFor(route(name), { name: 'Storm', is_public: null })).toBe('write');
    for (const is_public of [true, false, 'false'])
      expect(scopeNeededFor(route(name), { name: 'Storm', is_public })).toBe('admin');
  }
});

test('nothing that is about tokens, members or teams is changed by one that may only write', () => {
  const open = chapters
    .flatMap(({ routes }) => routes)
    .filter(
      ({ method, path }) =>
        method !== 'GET' && /\/(tokens|members|teams|invitations|transfer|admin|nodes)\b/.test(path),
    )
    .filter((route) => scopeNeeded(route) !== 'admin' && route.auth === 'required')
    .map(({ method, path }) => `${method} ${path}`);
  expect(open).toEqual(['POST /invitations/by-token']);
});
