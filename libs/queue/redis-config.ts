import { z } from 'zod';
import { url } from '#libs/config/common-config';
import type { AppMode } from '#libs/config/read-config';

const redisUrl = url(/^rediss?:\/\//, 'redis://user:password@host:6379 is expected');

/** Before every key in Redis: installations that share one database are kept apart by it. */
export const redisPrefix = () =>
  z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'letters, digits, dots, dashes and underscores are expected, 100 at most')
    .default('evidverse');

/** What a process that adds or runs jobs needs; without it, in local mode, the queue is the process's own memory. */
export const RedisConfig = (mode: AppMode) => ({
  REDIS_URL: mode === 'cloud' ? redisUrl : redisUrl.optional(),
  REDIS_PREFIX: redisPrefix(),
});
