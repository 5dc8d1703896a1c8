import type { EntityManager } from 'typeorm';

/** A call that was begun: written down before the world hears of it. */
export interface Call {
  id: string;
  number: number;
  state: 'reserved' | 'confirmed' | 'refused';
  answer: Record<string, unknown> | null;
}

/** The call of a job that is not refused, if there is one: its outcome is known, or is the question. */
export async function openCall(manager: EntityManager, job_id: string): Promise<Call | undefined> {
  const [call] = await manager.query<Call[]>(`select * from pub_calls where job_id = $1 and state <> 'refused'`, [
    job_id,
  ]);
  return call;
}

/** Writes a new call down; the database allows one at a time. Only the present attempt of the job's task may. */
export async function reserveCall(
  manager: EntityManager,
  job_id: string,
  { task_id, epoch }: { task_id: string; epoch: number },
): Promise<Call | undefined> {
  const [call] = await manager.query<Call[]>(
    `insert into pub_calls (job_id, number, task_epoch)
     select $1, 1 + coalesce((select max(number) from pub_calls where job_id = $1), 0), $3
     from tasks where id = $2 and attempt_epoch = $3 and state = 'running' and not cancel_requested for share
     returning *`,
    [job_id, task_id, epoch],
  );
  return call;
}

/** Writes down what came of a call; nothing happens to one that is settled. */
export async function settleCall(
  manager: EntityManager,
  id: string,
  state: 'confirmed' | 'refused',
  answer: Record<string, unknown>,
): Promise<void> {
  await manager.query(
    `update pub_calls set state = $2, answer = $3, settled_at = now() where id = $1 and state = 'reserved'`,
    [id, state, JSON.stringify(answer)],
  );
}
