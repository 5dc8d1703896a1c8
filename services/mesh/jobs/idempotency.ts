import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { AppError } from '#libs/errors/app-error';

/**
 * Does a thing once for a key of its asker: a second request with the same key gets the first answer, one with the same
 * key and other content is refused. The key's row is written first, so that two at once wait for each other.
 */
export async function onceFor<Answer extends object>(
  manager: EntityManager,
  asked: { actor: string; operation: string; key: string | null; content: unknown },
  work: () => Promise<Answer>,
): Promise<Answer> {
  const { actor, operation, key, content } = asked;
  if (key === null) return work();
  const fingerprint = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  const [own] = await manager.query<unknown[]>(
    `insert into idempotency_keys (key, actor, operation, fingerprint, answer) values ($1, $2, $3, $4, 'null')
     on conflict do nothing returning key`,
    [key, actor, operation, fingerprint],
  );
  if (own === undefined) {
    const [known] = await manager.query<{ fingerprint: string; answer: Answer }[]>(
      'select fingerprint, answer from idempotency_keys where key = $1 and actor = $2 and operation = $3',
      [key, actor, operation],
    );
    if (known?.fingerprint !== fingerprint)
      throw new AppError('conflict', 'This Idempotency-Key was used for another request. Use a new one.', {
        reason: 'unprocessable',
      });
    return known.answer;
  }
  const answer = await work();
  await manager.query('update idempotency_keys set answer = $4 where key = $1 and actor = $2 and operation = $3', [
    key,
    actor,
    operation,
    JSON.stringify(answer),
  ]);
  return answer;
}
