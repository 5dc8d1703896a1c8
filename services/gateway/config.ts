import { z } from 'zod';
import { CommonConfig, DocumentConfig, DoorConfig, SecretConfig, url } from '#libs/config/common-config';
import { trustedProxies } from '#libs/config/trusted-proxies';
import type { AppMode, Config } from '#libs/config/read-config';
import { redisPrefix } from '#libs/queue/redis-config';
import { readOrigins } from './http/origin-rule.js';

/** What the gateway needs beyond the common settings: tokens, limits, who may call from a browser, whose word on addresses counts. */
export const GatewayConfig = (mode: AppMode) => ({
  ...CommonConfig(mode),
  ...DoorConfig(mode),
  ...SecretConfig(mode),
  ACCESS_TOKEN_EXPIRE_MINUTES: whole(1, 525_600).default(10_080),
  BACKEND_CORS_ORIGINS: z
    .string()
    .default('')
    .transform((text, context): readonly string[] => {
      const { origins, complaints } = readOrigins(text, mode);
      for (const message of complaints) context.addIssue({ code: 'custom', message });
      return origins;
    }),
  RATE_LIMIT_PER_MINUTE: whole(1, 1_000_000).default(mode === 'local' ? 30_000 : 1200),
  AUTH_RATE_LIMIT_PER_MINUTE: whole(1, 1_000_000).default(mode === 'local' ? 3000 : 30),
  ...DocumentConfig(),
  BODY_LIMIT_MB: whole(1, 257).optional(),
  TRUSTED_PROXIES: trustedProxies(),
  REDIS_URL: url(/^rediss?:\/\//, 'redis://:password@host:6379 is expected').optional(),
  REDIS_PREFIX: redisPrefix(),
  CLOUD_API_URL: url(
    /^https?:\/\//,
    'the address of a cloud centre is expected, as https://api.example.org',
  ).optional(),
});
export type GatewayConfig = Config<typeof GatewayConfig>;

function whole(min: number, max: number) {
  const expected = `a whole number between ${min} and ${max} is expected`;
  return z.coerce.number(expected).int(expected).min(min, expected).max(max, expected);
}
