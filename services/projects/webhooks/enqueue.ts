import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';

/** What is sent of an event: the same bytes at every attempt and redelivery, so that `id` tells what was seen before. */
export function webhookBody(event: string, project_id: string, data: unknown): string {
  return JSON.stringify({ id: randomUUID(), event, project_id, created_at: new Date().toISOString(), data });
}

/** Writes what is to be sent of events to each webhook that wants them, in the transaction of what happened. */
export async function enqueueDeliveries(
  manager: EntityManager,
  projectId: string,
  told: readonly { event: { name: string }; payload: { project_id: string } }[],
): Promise<void> {
  const bodies = told.map(({ event, payload: { project_id, ...data } }) => webhookBody(event.name, project_id, data));
  await manager.query(
    `insert into webhook_deliveries (webhook_id, event, body)
     select w.id, t.event, t.body from unnest($2::text[], $3::text[]) with ordinality as t (event, body, place)
     join webhooks w on w.project_id = $1 and w.is_active and w.events && array[t.event, '*'] order by t.place`,
    [projectId, told.map(({ event }) => event.name), bodies],
  );
}
