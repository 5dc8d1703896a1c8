import { z } from 'zod';
import { CommonConfig, DatabaseConfig } from '#libs/config/common-config';
import type { AppMode, Config } from '#libs/config/read-config';
import { MediaProgramsConfig } from '#libs/media/media-programs-config';
import { OutboundConfig } from '#libs/outbound/outbound-config';
import { RedisConfig } from '#libs/queue/redis-config';
import { SealingConfig } from '#libs/sealing/sealing-config';
import { StorageConfig } from '#libs/storage/storage-config';
import { GenerationConfig } from './generation/generation-config.js';
import { PublishConfig } from './publish/publish-config.js';

/** What the tasks service and its worker need beyond the common settings. */
export const tasksConfig = (mode: AppMode) => ({
  ...CommonConfig(mode),
  ...DatabaseConfig(mode),
  ...RedisConfig(mode),
  ...StorageConfig(mode),
  ...MediaProgramsConfig(mode),
  ...OutboundConfig(),
  ...SealingConfig(mode),
  ...GenerationConfig(mode),
  ...PublishConfig(mode),
  DATA_DIR: z.string().default('./data'),
  PUBLIC_URL: z.string().default('http://localhost:8000'),
  SECRET_KEY: z.string().default(''),
  TASK_DISK_MB: z.coerce
    .number('a number is expected')
    .int()
    .min(16)
    .max(16 * 1024 ** 2)
    .default(mode === 'local' ? 65_536 : 4096),
  TASKS_PER_USER: z.coerce.number('a number is expected').int().min(1).max(1000).default(4),
});
export type TasksConfig = Config<typeof tasksConfig>;
