import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { Event } from '#libs/contracts/contract';
import { currentOrigin } from '#libs/observability/origin';

/**
 * Writes an event into the transaction of the change it tells of: both happen or neither does. The relay tells it
 * afterwards, at least once. Order between events is not promised.
 */
export async function tellAfterwards<Payload extends z.ZodType>(
  manager: EntityManager,
  event: Event<Payload>,
  payload: z.input<Payload>,
): Promise<void> {
  await tellAllAfterwards(manager, [{ event: event as unknown as Event, payload }]);
}

/** The same for several events, in one statement. */
export async function tellAllAfterwards(
  manager: EntityManager,
  told: readonly { event: Event; payload: unknown }[],
): Promise<void> {
  const { request_id, trace_parent } = currentOrigin();
  await manager.query(
    `with written as (insert into outbox (event, payload, request_id, trace_parent)
       select event, payload, $3, $4 from unnest($1::text[], $2::json[]) with ordinality as t (event, payload, place)
       order by place returning id)
     select pg_notify('outbox_' || current_schema(), '') from written limit 1`,
    [
      told.map(({ event }) => event.name),
      told.map(({ event, payload }) => JSON.stringify(event.payload.parse(payload))),
      request_id,
      trace_parent,
    ],
  );
}

/**
 * Runs `work` the first time a message reaches this consumer, in one transaction with the note that it was heard;
 * a second delivery does nothing.
 */
export async function onlyOnce(
  manager: EntityManager,
  messageId: string,
  consumer: string,
  work: (manager: EntityManager) => Promise<void>,
): Promise<void> {
  await manager.transaction(async (transaction) => {
    const rows: unknown[] = await transaction.query(
      `insert into inbox (message_id, consumer) values ($1, $2) on conflict do nothing returning message_id`,
      [messageId, consumer],
    );
    if (rows.length > 0) await work(transaction);
  });
}
