import type { EntityManager } from 'typeorm';

export interface ClaimedDelivery {
  id: string;
  webhook_id: string;
  project_id: string;
  url: string;
  secret: string;
  event: string;
  body: string;
  attempts: number;
}

const CLAIM_SECONDS = 60;

/**
 * Takes what is due, at most `free` and at most `each` of one webhook, none of those that are `busy`; whoever comes next
 * passes over them. What was taken and not settled within a minute, because its taker died, is due again.
 */
export async function claimDeliveries(
  manager: EntityManager,
  { free, each, busy }: { free: number; each: number; busy: readonly string[] },
): Promise<ClaimedDelivery[]> {
  const [rows] = await manager.query<[ClaimedDelivery[], number]>(
    `with hooks as materialized (
       select distinct webhook_id from webhook_deliveries
       where status = 'waiting' and next_attempt_at <= now() and webhook_id <> all($3)),
     due as materialized (
       select d.id from hooks h join webhooks w on w.id = h.webhook_id and w.is_active
       cross join lateral (
         select id from webhook_deliveries
         where webhook_id = h.webhook_id and status = 'waiting' and next_attempt_at <= now()
         order by next_attempt_at, seq limit $2 for update skip locked) d
       limit $1)
     update webhook_deliveries d
     set attempts = d.attempts + 1, next_attempt_at = now() + make_interval(secs => $4)
     from due, webhooks w where d.id = due.id and w.id = d.webhook_id
     returning d.id, d.webhook_id, w.project_id, w.url, w.secret, d.event, d.body, d.attempts`,
    [free, each, busy, CLAIM_SECONDS],
  );
  return rows;
}
