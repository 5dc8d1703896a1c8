import { execFileSync } from 'node:child_process';
import { webhookSignature } from './webhook-signature.js';

test('a signature is what any HMAC-SHA256 makes of time and body', () => {
  const ours = webhookSignature('whsec_key', 1_800_000_000, '{"a":"ü"}');
  const theirs = execFileSync('openssl', ['dgst', '-sha256', '-hmac', 'whsec_key'], { input: '1800000000.{"a":"ü"}' });
  expect(ours).toBe(`v1=${theirs.toString().trim().split(' ').at(-1)}`);
});

test('another time, body or secret makes another one', () => {
  const all = [
    webhookSignature('a', 1, 'x'),
    webhookSignature('b', 1, 'x'),
    webhookSignature('a', 2, 'x'),
    webhookSignature('a', 1, 'y'),
  ];
  expect(new Set(all).size).toBe(4);
});
