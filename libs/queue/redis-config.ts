import { url } from '#libs/config/common-config';
import type { AppMode } from '#libs/config/read-config';

const redisUrl = url(/^rediss?:\/\//, 'redis://user:password@host:6379 is expected');

/** What a process that adds or runs jobs needs; without it, in local mode, the queue is the process's own memory. */
export const RedisConfig = (mode: AppMode) => ({
  REDIS_URL: mode === 'cloud' ? redisUrl : redisUrl.optional(),
});
