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
  const told = [{ event: event as unknown as Event, payload }];
  await manager.query(`with ${writingEvents(1)} select ${WAKING_THE_RELAY}`, eventsToWrite(told));
}

/**
 * The same for several events, as a part of a statement that does more: it writes the events of `eventsToWrite`, which are its parameters from
 * `first` on, where `condition` holds, and the statement has to select `WAKING_THE_RELAY` as well.
 */
export const writingEvents = (first: number, condition = 'true'): string =>
  `written as (insert into outbox (event, payload, request_id, trace_parent)
     select event, payload, $${first + 2}, $${first + 3}
     from unnest($${first}::text[], $${first + 1}::json[]) with ordinality as t (event, payload, place)
     where ${condition} order by place returning id)`;

export const WAKING_THE_RELAY = `(select pg_notify('outbox_' || current_schema(), '') from written limit 1) as woken`;

/** Events as the parameters of a statement that writes them, checked. */
export function eventsToWrite(told: readonly { event: Event; payload: unknown }[]): unknown[] {
  const { request_id, trace_parent } = currentOrigin();
  return [
    told.map(({ event }) => event.name),
    told.map(({ event, payload }) => JSON.stringify(event.payload.parse(payload))),
    request_id,
    trace_parent,
  ];
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
