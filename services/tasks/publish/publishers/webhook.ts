import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/errors/app-error';
import { Outbound } from '#libs/outbound/outbound';
import type { Publication, Publisher } from '../publisher.js';

/**
 * Anybody's own address: it is told of the film by a signed call, and is to treat calls with the same Idempotency-Key as
 * one. The signature is the HMAC-SHA256 of `<timestamp>.<body>` under the account's secret, in hex.
 */
@Injectable()
export class WebhookPublisher implements Publisher<null> {
  readonly platform = 'webhook';

  constructor(private readonly outbound: Outbound) {}

  prepare(): Promise<null> {
    return Promise.resolve(null);
  }

  async publish({ job, credential, call_id }: Publication): Promise<Record<string, unknown>> {
    const { url, secret } = credential as { url: string; secret: string };
    const { id, project_id, branch_name, commit_id, video_url, title, description, tags, cover_url } = job;
    const body = JSON.stringify({
      event: 'film.published',
      job_id: id,
      call_id,
      film: { project_id, branch_name, commit_id, video_url, title, description, tags, cover_url },
    });
    const timestamp = String(Math.floor(Date.now() / 1000));
    const answer = await this.outbound.fetch(url, {
      method: 'POST',
      timeoutMs: 30_000,
      maxBytes: 100_000,
      headers: {
        'content-type': 'application/json',
        'idempotency-key': call_id,
        'x-evidverse-event': 'film.published',
        'x-evidverse-timestamp': timestamp,
        'x-evidverse-signature': `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`,
      },
      body,
    });
    const words = answer.body.toString('utf8').slice(0, 2000);
    if (answer.status >= 200 && answer.status < 300) return { http_status: answer.status, answer: words };
    const isLater = answer.status >= 500 || answer.status === 429 || answer.status === 408;
    throw new AppError(
      isLater ? 'unavailable' : 'invalid',
      `The webhook answered ${answer.status}: ${words.slice(0, 300)}`,
    );
  }
}
