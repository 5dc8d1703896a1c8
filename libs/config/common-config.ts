import { z } from 'zod';
import type { AppMode } from './read-config.js';

const port = z.coerce.number('a port number is expected').int('a port number is expected').min(0).max(65535);

/** What every process needs: how it logs, how it reaches the broker, where operators knock. */
export const CommonConfig = (mode: AppMode) => ({
  APP_MODE: z.literal(['local', 'cloud']).default('local'),
  LOG_LEVEL: z.literal(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  LOG_FORMAT: z.literal(['json', 'pretty']).default(mode === 'local' ? 'pretty' : 'json'),
  RABBITMQ_URL:
    mode === 'cloud'
      ? url(/^amqps?:\/\//, 'amqp://user:password@host:5672 is expected')
      : url(/^(amqps?:\/\/|in-process)/, 'amqp://user:password@host:5672 is expected').default('in-process'),
  OPS_HOST: z.string().default(mode === 'local' ? '127.0.0.1' : '0.0.0.0'),
  OPS_PORT: port.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(/^https?:\/\//, 'http://host:4318 is expected').optional(),
});

/** What a process with a database needs. */
export const DatabaseConfig = (_mode: AppMode) => ({
  DATABASE_URL: url(/^postgres(ql)?:\/\//, 'postgres://user:password@host:5432/database is expected'),
  DATABASE_POOL_SIZE: z.coerce.number('a number is expected').int().min(1).max(200).default(10),
});

/** Where the HTTP door stands and how the world reaches it. */
export const DoorConfig = (mode: AppMode) => ({
  HOST: z.string().default(mode === 'local' ? '127.0.0.1' : '0.0.0.0'),
  PORT: port.default(8000),
  PUBLIC_URL: url(/^https?:\/\//, 'the address users see is expected, as https://api.example.org')
    .transform((address) => address.replace(/\/+$/, ''))
    .optional(),
});

/** How long one document may be; the doors take bodies of that length. */
export const DocumentConfig = () => ({
  DOCUMENT_LIMIT_MB: z.coerce.number('a number is expected').int().min(1).max(256).default(64),
});

const WELL_KNOWN =
  /^(secret|changeme|change-me|your[-_ ]?secret.*|supersecret|development|test|password|default|x+|0+|1+)$/i;

/** The key that signs tokens: long and not guessable outside local mode. */
export const SecretConfig = (mode: AppMode) => ({
  SECRET_KEY:
    mode === 'local'
      ? z.string().min(1)
      : z
          .string()
          .min(32, 'at least 32 random characters are expected in cloud mode (openssl rand -base64 48)')
          .refine(
            (key) => !WELL_KNOWN.test(key) && new Set(key).size >= 10,
            'this value is too easy to guess (openssl rand -base64 48)',
          ),
});

/** Text that matches, or the words of what was expected. */
export function url(pattern: RegExp, expected: string) {
  return z.string(expected).regex(pattern, expected);
}
