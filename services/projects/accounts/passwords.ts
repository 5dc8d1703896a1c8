import argon2 from 'argon2';

/** OWASP's second argon2id profile: 19 MiB, two passes, one lane; each hash runs in libuv's pool, never on the event loop. */
const OPTIONS = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const hashPassword = (password: string): Promise<string> => argon2.hash(password, OPTIONS);

export const isPassword = (hash: string, password: string): Promise<boolean> => argon2.verify(hash, password);

let decoy: Promise<string> | undefined;

/** Takes the time of a real check when there is no account, so that the answer's time tells nothing. */
export async function wasteACheck(password: string): Promise<void> {
  decoy ??= hashPassword('nobody has this password');
  await isPassword(await decoy, password);
}
