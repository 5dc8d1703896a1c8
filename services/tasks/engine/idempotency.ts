import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { AppError } from '#libs/errors/app-error';
import { canonicalJson } from '#libs/timeline/canonical-json';

/** Who asked for what, and the key under which asking again is the same as having asked once. */
export interface KeyedRequest {
  user_id: string;
  operation: string;
  key: string | null | undefined;
  input: Record<string, unknown>;
}

/**
 * Does the work once for each key of a user and operation, for a day: asking again gives the first answer, while the
 * first is still under way the second waits for it. The same key with another request is refused. Without a key the
 * work is simply done.
 */
export async function onceForKey<Answer>(
  manager: EntityManager,
  { user_id, operation, key, input }: KeyedRequest,
  work: () => Promise<Answer>,
): Promise<Answer> {
  if (key === null || key === undefined || key === '') return work();
  const hash = createHash('sha256').update(canonicalJson(input)).digest('hex');
  const taken: unknown[] = await manager.query(
    `insert into idempotency_keys (user_id, operation, key, body_hash, answer) values ($1, $2, $3, $4, 'null')
     on conflict do nothing returning key`,
    [user_id, operation, key, hash],
  );
  if (taken.length === 0) return firstAnswer<Answer>(manager, { user_id, operation, key }, hash);
  const answer = await work();
  await manager.query('update idempotency_keys set answer = $4 where user_id = $1 and operation = $2 and key = $3', [
    user_id,
    operation,
    key,
    JSON.stringify(answer),
  ]);
  return answer;
}

async function firstAnswer<Answer>(
  manager: EntityManager,
  { user_id, operation, key }: { user_id: string; operation: string; key: string },
  hash: string,
): Promise<Answer> {
  const [first] = await manager.query<{ body_hash: string; answer: Answer }[]>(
    'select body_hash, answer from idempotency_keys where user_id = $1 and operation = $2 and key = $3',
    [user_id, operation, key],
  );
  if (first?.body_hash === hash) return first.answer;
  throw new AppError('invalid', 'This Idempotency-Key was used for another request. Use a new key for each request.', {
    reason: 'unprocessable',
  });
}
