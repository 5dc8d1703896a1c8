import { CommonConfig, DatabaseConfig } from '#libs/config/common-config';
import type { AppMode, Config } from '#libs/config/read-config';
import { RedisConfig } from '#libs/queue/redis-config';

export const tasksConfig = (mode: AppMode) => ({
  ...CommonConfig(mode),
  ...DatabaseConfig(mode),
  ...RedisConfig(mode),
});
export type TasksConfig = Config<typeof tasksConfig>;
