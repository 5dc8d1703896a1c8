import type { Caller, PlatformRole } from '#libs/contracts/caller';
import { login, registerUser } from '#libs/contracts/projects';
import type { Broker } from '#libs/messaging/broker';

export const PASSWORD = 'correct horse battery';

/** A new person with an account and a session, as the gateway would present them. */
export async function person(
  broker: Broker,
  name: string,
): Promise<Caller & { user_id: string; role: PlatformRole; email: string }> {
  const email = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '.')}.${Math.random().toString(36).slice(2, 8)}@example.org`;
  await broker.call(registerUser, { email, password: PASSWORD, full_name: name });
  const { user_id, role, session_id } = await broker.call(login, { username: email, password: PASSWORD });
  return { user_id, role, session_id, email };
}
