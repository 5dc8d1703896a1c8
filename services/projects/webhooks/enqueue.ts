import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';

/** What is sent of an event: the same bytes at every attempt and redelivery, so that `id` tells what was seen before. */
export function webhookBody(event: string, project_id: string, data: unknown): string {
  return JSON.stringify({ id: randomUUID(), event, project_id, created_at: new Date().toISOString(), data });
}

/** Writes what is to be sent of an event to each webhook that wants it, in the transaction of what happened. */
export async function enqueueDeliveries(
  manager: EntityManager,
  event: string,
  payload: { project_id: string },
): Promise<void> {
  const { project_id, ...data } = payload;
  await manager.query(
    `insert into webhook_deliveries (webhook_id, event, body)
     select id, $2, $3 from webhooks where project_id = $1 and is_active and events && array[$2, '*']`,
    [project_id, event, webhookBody(event, project_id, data)],
  );
}
