import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';
import type { Carrier } from '#libs/messaging/message';
import { Sessions } from './sessions.js';

/** A wire to a service that knows which sessions are active, and counts how often it is asked. */
class Wire implements Carrier {
  asked = 0;
  active = new Set(['s1', 's2']);
  away = false;
  async connect() {}
  async close() {}
  async publish() {}
  trouble() {
    return undefined;
  }
  async request({ body }: { body: string }): Promise<string> {
    this.asked++;
    if (this.away) throw new AppError('unavailable', 'Nobody answers.');
    const { session_id } = JSON.parse(body) as { session_id: string };
    return JSON.stringify({ ok: { active: this.active.has(session_id), role: 'user' } });
  }
}

let wire: Wire;
let sessions: Sessions;
const roleIn = async (session: string, user: string, now: number) =>
  (await sessions.standingIn(session, user, now))?.role ?? null;
beforeEach(() => {
  wire = new Wire();
  sessions = new Sessions(new Broker(wire));
});

test('a session that counts is asked about once in five seconds', async () => {
  const answers = await Promise.all([1, 2, 3].map(() => roleIn('s1', 'ada', 0)));
  expect([answers, await roleIn('s1', 'ada', 4999), wire.asked]).toEqual([['user', 'user', 'user'], 'user', 1]);
  wire.active.clear();
  expect([await roleIn('s1', 'ada', 5000), wire.asked]).toEqual([null, 2]);
});

test('a session that counts no longer is asked about every time', async () => {
  expect([await roleIn('gone', 'ada', 0), await roleIn('gone', 'ada', 1), wire.asked]).toEqual([null, null, 2]);
});

test('what is forgotten of a user is asked again, and nobody else is', async () => {
  await roleIn('s1', 'ada', 0);
  await roleIn('s2', 'bob', 0);
  sessions.forget('ada');
  wire.active.clear();
  expect(await roleIn('s1', 'ada', 1)).toBeNull();
  expect(await roleIn('s2', 'bob', 1)).toBe('user');
});

test('an answer that was on its way when its user was forgotten is not remembered', async () => {
  const early = roleIn('s1', 'ada', 0);
  sessions.forget('ada');
  await early;
  wire.active.clear();
  expect(await roleIn('s1', 'ada', 1)).toBeNull();
});

test('silence is not an answer, and is not remembered as one', async () => {
  wire.away = true;
  await expect(roleIn('s1', 'ada', 0)).rejects.toMatchObject({ code: 'unavailable' });
  wire.away = false;
  expect(await roleIn('s1', 'ada', 1)).toBe('user');
});

test('only so many sessions are remembered, the oldest goes first', async () => {
  await roleIn('s1', 'ada', 0);
  for (let user = 0; user < 10_000; user++) void roleIn('s2', String(user), 0);
  const before = wire.asked;
  await roleIn('s1', 'ada', 0);
  expect(wire.asked).toBe(before + 1);
});
