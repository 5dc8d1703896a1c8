import { createHmac } from 'node:crypto';

/**
 * What proves that a delivery is ours and not an old one: `v1=` and HMAC-SHA256, in hex, under the webhook's secret, of
 * the seconds since 1970 when it was sent, a dot, and the body.
 */
export function webhookSignature(secret: string, seconds: number, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}
