import { startService } from '#libs/bootstrap/start-service';
import { ANONYMOUS } from '#libs/contracts/caller';
import * as contract from '#libs/contracts/projects';
import { runServices, type RunningServices } from '#libs/testing/running';
import { PASSWORD, person } from '#libs/testing/seeds/people';
import { projects } from '../service.js';

let running: RunningServices;
beforeAll(async () => {
  running = await runServices([projects], { ADMIN_EMAIL: 'root@example.org', ADMIN_PASSWORD: 'administrator' });
});
afterAll(() => running.close());

const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);

test('of five people who register one address at once, one gets it', async () => {
  const draft = { email: 'race@Example.org', password: PASSWORD };
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => call(contract.registerUser, draft)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected')
      expect(outcome.reason).toMatchObject({
        code: 'invalid',
        message: 'The user with this email already exists in the system',
      });
});

test('the domain of an address is the same in any case, the part before it is not', async () => {
  await call(contract.registerUser, { email: 'Mixed@Example.ORG', password: PASSWORD });
  await expect(call(contract.login, { username: 'Mixed@EXAMPLE.org', password: PASSWORD })).resolves.toBeTruthy();
  await expect(call(contract.login, { username: 'mixed@example.org', password: PASSWORD })).rejects.toMatchObject({
    message: 'Incorrect email or password',
  });
});

test('a wrong password and an unknown address are answered alike', async () => {
  const ada = await person(running.broker, 'Ada');
  for (const username of [ada.email, 'nobody@example.org'])
    await expect(call(contract.login, { username, password: 'wrong password' })).rejects.toMatchObject({
      code: 'invalid',
      message: 'Incorrect email or password',
    });
});

test('nobody sees the address of another, nor finds a person by part of it', async () => {
  const ada = await person(running.broker, 'Ada Private');
  const bob = await person(running.broker, 'Bob');
  expect(await call(contract.getUser, { user_id: ada.user_id }, bob)).toMatchObject({
    full_name: 'Ada Private',
    email: 'a***@***',
  });
  expect(await call(contract.getMe, {}, ada)).toMatchObject({ email: ada.email });
  const found = await call(contract.searchUsers, { query: 'ada priv' });
  expect(found).toEqual([{ id: ada.user_id, email: 'a***@***', full_name: 'Ada Private' }]);
  for (const query of ['%', '_', '@example.org', ada.email, ' '])
    expect(await call(contract.searchUsers, { query }, ANONYMOUS)).toEqual([]);
  expect(await call(contract.searchUsers, { query: ada.email }, bob)).toHaveLength(1);
});

test('a refresh token works once; its second use ends the session for everybody', async () => {
  const { email } = await person(running.broker, 'Cy');
  const first = await call(contract.login, { username: email, password: PASSWORD });
  const second = await call(contract.refreshSession, { refresh_token: first.refresh_token });
  expect(second.session_id).toBe(first.session_id);
  const check = { session_id: first.session_id, user_id: first.user_id };
  expect(await call(contract.checkSession, check)).toEqual({ active: true, role: 'user', scope: null });
  await expect(call(contract.refreshSession, { refresh_token: first.refresh_token })).rejects.toMatchObject({
    code: 'unauthorized',
  });
  expect(await call(contract.checkSession, check)).toMatchObject({ active: false });
  await expect(call(contract.refreshSession, { refresh_token: second.refresh_token })).rejects.toMatchObject({
    code: 'unauthorized',
  });
});

test('a new password ends every session, and a deactivated account loses access', async () => {
  const dan = await person(running.broker, 'Dan');
  await expect(
    call(contract.changePassword, { current_password: 'wrong', new_password: 'another one' }, dan),
  ).rejects.toMatchObject({
    code: 'invalid',
  });
  await call(contract.changePassword, { current_password: PASSWORD, new_password: 'another one' }, dan);
  const check = (session_id: string) => call(contract.checkSession, { session_id, user_id: dan.user_id });
  expect((await check(dan.session_id!)).active).toBe(false);
  const again = await call(contract.login, { username: dan.email, password: 'another one' });
  const root = await call(contract.login, { username: 'root@example.org', password: 'administrator' });
  await call(contract.administerUser, { user_id: dan.user_id, is_active: false }, root);
  expect((await check(again.session_id)).active).toBe(false);
  await expect(call(contract.login, { username: dan.email, password: 'another one' })).rejects.toMatchObject({
    message: 'Inactive user',
  });
});

test('only an administrator changes accounts, and the last one stays one', async () => {
  const eve = await person(running.broker, 'Eve');
  await expect(call(contract.administerUser, { user_id: eve.user_id, role: 'admin' }, eve)).rejects.toMatchObject({
    code: 'unauthorized',
  });
  const root = await call(contract.login, { username: 'root@example.org', password: 'administrator' });
  expect(root.role).toBe('admin');
  await expect(call(contract.administerUser, { user_id: root.user_id, role: 'user' }, root)).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(await call(contract.administerUser, { user_id: eve.user_id, role: 'moderator' }, root)).toMatchObject({
    role: 'moderator',
  });
});

test('a sign-in with the old password does not outlive its change, however they cross', async () => {
  const { email, ...fay } = await person(running.broker, 'Fay');
  const signIn = (password: string) => call(contract.login, { username: email, password });
  const [changed, ...crossing] = await Promise.allSettled([
    call(contract.changePassword, { current_password: PASSWORD, new_password: 'another one' }, fay),
    ...Array.from({ length: 12 }, () => signIn(PASSWORD)),
  ]);
  expect(changed!.status).toBe('fulfilled');
  for (const outcome of crossing) {
    if (outcome.status === 'rejected') {
      expect(outcome.reason).toMatchObject({ code: 'invalid', message: 'Incorrect email or password' });
      continue;
    }
    const { session_id, user_id } = outcome.value as contract.Session;
    expect(await call(contract.checkSession, { session_id, user_id })).toMatchObject({ active: false });
  }
  expect((await signIn('another one')).user_id).toBe(fay.user_id);
});

test('of two changes of one password at once, one is made', async () => {
  const gus = await person(running.broker, 'Gus');
  const change = (new_password: string) =>
    call(contract.changePassword, { current_password: PASSWORD, new_password }, gus);
  const outcomes = await Promise.allSettled([change('the first one'), change('the second one')]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('who registers the administrator’s address first does not become administrator by that', async () => {
  const settings = { ADMIN_EMAIL: 'boss@example.org', ADMIN_PASSWORD: 'a long enough one' };
  const elsewhere = await runServices([projects]);
  const register = (password: string) =>
    elsewhere.broker.call(contract.registerUser, { email: settings.ADMIN_EMAIL, password });
  const roleAfterRestart = async (password: string) => {
    const again = await startService(projects, {
      ...elsewhere.environment,
      ...settings,
      RABBITMQ_URL: 'in-process:admin',
      LOG_LEVEL: 'silent',
    });
    await again.close();
    return (await elsewhere.broker.call(contract.login, { username: settings.ADMIN_EMAIL, password })).role;
  };
  await register('something else');
  expect(await roleAfterRestart('something else')).toBe('user');
  settings.ADMIN_PASSWORD = 'something else';
  expect(await roleAfterRestart('something else')).toBe('admin');
  await elsewhere.close();
});

test('people are found by part of an id, as by the whole of it', async () => {
  const { user_id } = await person(running.broker, 'Hal');
  for (const query of [user_id, user_id.slice(4, 14).toUpperCase()])
    expect((await call(contract.searchUsers, { query })).map(({ id }) => id)).toEqual([user_id]);
  expect(await call(contract.searchUsers, { query: user_id.slice(0, 7) })).toEqual([]);
});

test('a password has at least six characters', async () => {
  for (const password of ['', 'short'])
    await expect(call(contract.registerUser, { email: 'weak@example.org', password })).rejects.toMatchObject({
      code: 'invalid',
      details: { issues: [{ path: ['password'] }] },
    });
});

test('what cannot be the id of anybody is nobody, however odd', async () => {
  for (const user_id of ['1', '99999999999999999999', '-1', 'null', `' or true --`, '\u{1F3AC}'])
    await expect(call(contract.getUser, { user_id })).rejects.toMatchObject({
      code: 'not_found',
      message: 'User not found',
    });
});
