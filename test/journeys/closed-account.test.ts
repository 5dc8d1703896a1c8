import { getIndexEntry } from '#libs/contracts/intel';
import { reportReleases, saveIntelSite, setMySites } from '#libs/contracts/intel-releases';
import { createClientToken, importWorks } from '#libs/contracts/intel-works';
import { administerUser, login } from '#libs/contracts/projects';
import { eventually } from '#libs/testing/child-process';
import { runServices, type RunningServices } from '#libs/testing/running';
import { keeper, ownFolder, WORKS } from '#libs/testing/seeds/catalogue';
import { person } from '#libs/testing/seeds/people';
import { intel } from '../../services/intel/service.js';
import { projects } from '../../services/projects/service.js';

let running: RunningServices;
beforeAll(async () => {
  const admin = { ADMIN_EMAIL: 'root@example.org', ADMIN_PASSWORD: 'administrator' };
  running = await runServices([projects, intel], {
    ...ownFolder(),
    ...admin,
    INTEL_MIN_CONTRIBUTORS: '1',
    INTEL_SITE_VISIBILITY: 'members',
  });
});
afterAll(() => running.close());

test('the token of a client says who somebody is only as long as their account is open', async () => {
  const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);
  const publisher = await keeper(running.broker, 'publisher');
  await call(importWorks, { source: 'test', works: WORKS }, publisher);
  const release_key = 'iron-man-2008-movie';
  await call(saveIntelSite, { site_id: 'known', visibility: 'open' }, publisher);
  await call(reportReleases, { observations: ['secret', 'known'].map((site) => ({ site, release_key })) }, publisher);
  const dan = await person(running.broker, 'Dan');
  await call(setMySites, { sites: ['secret'] }, dan);
  const { token } = await call(createClientToken, { name: 'home' }, dan);
  const told = async () => (await call(getIndexEntry, { release_key, token: token! })).sites.map(({ site }) => site);
  expect(await told()).toEqual(['secret']);
  const root = await call(login, { username: 'root@example.org', password: 'administrator' });
  await call(administerUser, { user_id: dan.user_id!, is_active: false }, root);
  await eventually(async () => (await told())[0] === 'known');
  await call(administerUser, { user_id: dan.user_id!, is_active: true }, root);
  await eventually(async () => (await told())[0] === 'secret');
});
