import { API, chapters } from '../../services/gateway/routes/route-table.js';
import { allOperations } from './contracts.js';

/** Who may ask without signing in (`/api/v1` left out); every other route wants a token. A route is added here only on purpose. */
const OPEN = [
  'POST /auth/register none',
  'POST /auth/login none',
  'POST /auth/refresh none',
  'GET /users/search optional',
  'GET /users/:user_id optional',
  'GET /users/:user_id/projects optional',
  'GET /projects/feed optional',
  'GET /projects/public/:project_id optional',
  'GET /projects/:project_id/branches/:branch_name/rule optional',
  'GET /projects/:project_id/blame optional',
  'GET /projects/:project_id/tags optional',
  'GET /projects/:project_id/tags/:tag_name optional',
  'GET /projects/:project_id/export optional',
  'GET /projects/:project_id/forks optional',
  'GET /projects/:project_id/branches optional',
  'GET /projects/:project_id/changes optional',
  'GET /projects/:project_id/commits optional',
  'GET /projects/:project_id/commits/:commit optional',
  'GET /projects/:project_id/compare optional',
  'GET /projects/:project_id/graph optional',
  'GET /projects/:project_id/merge-base optional',
  'GET /projects/:project_id/timeline optional',
  'GET /projects/:project_id/renders optional',
  'GET /renders/:render_id optional',
  'GET /clips/:clip_id optional',
  'GET /media/assets/:asset_id optional',
  'GET /media/assets/:asset_id/link optional',
  'GET /media/:asset_id/:key/:name none',
  'GET /media/:asset_id/:key/hls/:playlist none',
  'GET /media/assets/:asset_id/playback optional',
  'GET /v1/works optional',
  'GET /v1/recommend/sites own',
  'GET /v1/recommend/similar/:release_key own',
  'GET /v1/recommend/trending own',
  'GET /v1/changes optional',
  'GET /v1/sync/feed optional',
  'GET /v1/sync/identity optional',
  'GET /snap/* none',
  'GET /v1/snapshots optional',
  'GET /v1/snapshots/delta optional',
  'GET /v1/rules optional',
  'GET /v1/rules/:version optional',
  'GET /v1/rules/:version/signatures optional',
  'GET /v1/rules/sites/:site_id optional',
  'GET /v1/rules/diff optional',
  'GET /v1/rules/schema optional',
  'GET /v1/rules/keys optional',
  ...['', '/t/:token'].flatMap((prefix) => [
    `GET ${prefix}/v1/alias/resolve own`,
    `GET ${prefix}/v1/alias/search own`,
    `GET ${prefix}/v1/alias/explain own`,
    `POST ${prefix}/v1/resolve own`,
    `GET ${prefix}/v1/index/:release_key own`,
    `GET ${prefix}/v1/rules/latest own`,
  ]),
  'GET /v1/works/:release_key optional',
  // Workers show a key or a token that the mesh itself checks.
  'POST /v1/worker/register own',
  'POST /v1/worker/enrol own',
  'POST /v1/worker/token own',
  'POST /v1/worker/secret own',
  'POST /v1/worker/heartbeat own',
  'DELETE /v1/worker/:node_id own',
  // Another cluster signs its wish with a key that the mesh knows.
  'GET /v1/mesh/claims own',
  'POST /v1/jobs/lease own',
  'POST /v1/jobs/finish own',
  'POST /v1/jobs/:job_id/renew own',
  'POST /v1/jobs/:job_id/release own',
  'POST /v1/jobs/:job_id/progress own',
];

/** Operations that only services ask of each other. */
const INTERNAL = [
  'projects.admit',
  'projects.mediaNamed',
  'projects.mediaSaved',
  'projects.checkSession',
  'media.locateAsset',
  'media.describeLinks',
  'media.holdMedia',
  'media.lackMedia',
  'media.keepOutput',
  'media.showAssets',
  'tasks.clipsThere',
];

const routes = chapters.flatMap(({ prefix, routes }) =>
  routes.map((route) => ({ ...route, path: `${prefix === API ? '' : prefix}${route.path}` })),
);

describe('the routes of the gateway', () => {
  it('want a token, each of them that is not listed here', () => {
    const open = routes.filter(({ auth }) => auth !== 'required').map((one) => `${one.method} ${one.path} ${one.auth}`);
    expect(open.sort()).toEqual([...OPEN].sort());
  });

  it('reach every operation of a contract that is not internal', () => {
    const operations = allOperations().map(({ name }) => name);
    const reached = routes.flatMap(({ operation, admit }) => [operation.name, ...(admit ? [admit.name] : [])]);
    expect(operations.length).toBeGreaterThan(30);
    expect([...new Set([...reached, ...INTERNAL])].sort()).toEqual(operations.sort());
    expect(reached.filter((name) => INTERNAL.includes(name))).toEqual([]);
  });

  it('are each there once', () => {
    const lines = routes.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`);
    expect(lines.filter((line, at) => lines.indexOf(line) !== at)).toEqual([]);
  });

  it('are few in attempts where something can be guessed', () => {
    const strict = routes.filter((one) => one.strict).map(({ method, path }) => `${method} ${path}`);
    expect(strict.sort()).toEqual(
      [
        'POST /auth/register',
        'POST /auth/login',
        'POST /auth/refresh',
        'PUT /users/me/password',
        'POST /users/me/tokens',
        'POST /v1/worker/enrol',
        'POST /v1/worker/token',
      ].sort(),
    );
  });
});
