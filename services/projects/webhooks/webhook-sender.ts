import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LOG } from '#libs/bootstrap/tokens';
import { AppError } from '#libs/errors/app-error';
import type { Log } from '#libs/observability/logger';
import { Outbound } from '#libs/outbound/outbound';
import { pauseAfter } from '#libs/queue/backoff';
import { Keyring } from '#libs/sealing/keyring';
import { audit } from '../audit/audit.js';
import { webhookSignature } from '../domain/webhook-signature.js';
import { claimDeliveries, type ClaimedDelivery } from './claim-deliveries.query.js';
import { secretPlace } from './webhooks.js';

const LOOK_EVERY_MS = 1000;
const AT_ONCE = 32;
const AT_ONCE_EACH = 4;
const ATTEMPTS = 10;
const FIRST_PAUSE_MS = 10_000;
const TIMEOUT_MS = 10_000;
const PAUSED_AFTER = '3 days';
const KEPT = '30 days';
const SWEEP_EVERY_MS = 10 * 60_000;

interface Outcome {
  response_status: number | null;
  response_body: string | null;
  error: string | null;
}

/**
 * Sends what waits to be sent. Several replicas share the work; one slow receiver holds up its own deliveries only. What
 * fails is tried again with growing, random pauses, ten times over about an hour; a webhook that nothing has reached for
 * three days is paused.
 */
@Injectable()
export class WebhookSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly underway = new Map<Promise<void>, string>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private readonly stopping = new AbortController();
  private lastSweep = 0;

  constructor(
    private readonly database: DataSource,
    private readonly outbound: Outbound,
    private readonly keyring: Keyring,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  /** Whatever is under way is broken off and, as it was claimed, sent again later. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.looking;
    await Promise.allSettled(this.underway.keys());
  }

  private look(): void {
    if (this.looking || this.stopping.signal.aborted) return;
    this.looking = this.work()
      .catch((error: unknown) => this.log.warn({ err: error }, 'webhooks cannot be sent right now'))
      .finally(() => {
        this.looking = undefined;
      });
  }

  private async work(): Promise<void> {
    const perHook = new Map<string, number>();
    for (const hook of this.underway.values()) perHook.set(hook, (perHook.get(hook) ?? 0) + 1);
    const busy = [...perHook].filter(([, count]) => count >= AT_ONCE_EACH).map(([hook]) => hook);
    const free = AT_ONCE - this.underway.size;
    if (free > 0)
      for (const delivery of await claimDeliveries(this.database.manager, { free, each: AT_ONCE_EACH, busy }))
        this.track(delivery);
    if (Date.now() - this.lastSweep > SWEEP_EVERY_MS) await this.sweep();
  }

  private track(delivery: ClaimedDelivery): void {
    const sending = this.deliver(delivery)
      .catch((error: unknown) => this.log.warn({ err: error }, 'a webhook delivery will be sent again'))
      .finally(() => {
        this.underway.delete(sending);
        this.look();
      });
    this.underway.set(sending, delivery.webhook_id);
  }

  private async deliver(delivery: ClaimedDelivery): Promise<void> {
    const begun = performance.now();
    const outcome = await this.send(delivery);
    if (this.stopping.signal.aborted && outcome.response_status === null) return;
    const duration = Math.round(performance.now() - begun);
    const { response_status } = outcome;
    if (response_status !== null && response_status >= 200 && response_status < 300)
      await this.settle(delivery, 'succeeded', outcome, duration);
    else await this.settle(delivery, delivery.attempts >= ATTEMPTS ? 'failed' : 'waiting', outcome, duration);
  }

  private async send({ id, webhook_id, url, event, body, secret }: ClaimedDelivery): Promise<Outcome> {
    const seconds = Math.floor(Date.now() / 1000);
    try {
      const key = this.keyring.open(secret, secretPlace(webhook_id));
      const answer = await this.outbound.open(url, {
        method: 'POST',
        body: Buffer.from(body),
        timeoutMs: TIMEOUT_MS,
        signal: this.stopping.signal,
        headers: {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
          'user-agent': 'Evidverse-Webhooks/1',
          'x-evidverse-event': event,
          'x-evidverse-delivery': id,
          'x-evidverse-timestamp': String(seconds),
          'x-evidverse-signature': webhookSignature(key, seconds, body),
        },
      });
      const response_body = await beginningOf(answer.body);
      return { response_status: answer.status, response_body, error: null };
    } catch (thrown) {
      return { response_status: null, response_body: null, error: AppError.from(thrown).message };
    }
  }

  private async settle(
    { id, webhook_id, project_id, attempts }: ClaimedDelivery,
    status: 'waiting' | 'succeeded' | 'failed',
    { response_status, response_body, error }: Outcome,
    duration: number,
  ): Promise<void> {
    const pause = pauseAfter(attempts, FIRST_PAUSE_MS, Math.random());
    await this.database.transaction(async (manager) => {
      await manager.query(
        `update webhook_deliveries set status = $2, response_status = $3, response_body = $4, error = $5, duration_ms = $6,
           next_attempt_at = now() + make_interval(secs => $7), finished_at = case when $2 <> 'waiting' then now() end
         where id = $1`,
        [id, status, response_status, response_body, error, duration, pause / 1000],
      );
      if (status === 'succeeded') {
        await manager.query('update webhooks set failing_since = null where id = $1 and failing_since is not null', [
          webhook_id,
        ]);
        return;
      }
      const [, paused] = await manager.query<[unknown, number]>(
        `with failing as (
           update webhooks set failing_since = coalesce(failing_since, now()) where id = $1 and failing_since is null)
         update webhooks set is_active = false, paused_at = now()
         where id = $1 and is_active and failing_since < now() - $2::interval`,
        [webhook_id, PAUSED_AFTER],
      );
      if (paused === 0) return;
      await manager.query(
        `update webhook_deliveries set status = 'failed', finished_at = now(), error = coalesce(error, 'The webhook was paused.')
         where webhook_id = $1 and status = 'waiting'`,
        [webhook_id],
      );
      await audit(manager, { actor_id: null, project_id, action: 'projects.webhookPaused', subject: { webhook_id } });
    });
  }

  /** Forgets old deliveries, and seals again what an older key has sealed. */
  private async sweep(): Promise<void> {
    this.lastSweep = Date.now();
    await this.database.query(`delete from webhook_deliveries where finished_at < now() - $1::interval`, [KEPT]);
    const rows = await this.database.query<{ id: string; secret: string }[]>('select id, secret from webhooks');
    for (const { id, secret } of rows.filter((row) => !this.keyring.isCurrent(row.secret)))
      await this.database.query('update webhooks set secret = $3 where id = $1 and secret = $2', [
        id,
        secret,
        this.keyring.reseal(secret, secretPlace(id)),
      ]);
  }
}

const SHOWN = 2000;

/** The beginning of an answer, for the log; how long it is does not matter. */
async function beginningOf(body: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  try {
    for await (const chunk of body) {
      text += (chunk as Buffer).toString('utf8');
      if (text.length >= SHOWN) break;
    }
  } catch {
    // It answered, which is what counts; that its answer broke off does not.
  }
  return text.slice(0, SHOWN).replaceAll('\0', '').toWellFormed();
}
