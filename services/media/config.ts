import { z } from 'zod';
import { CommonConfig, DatabaseConfig } from '#libs/config/common-config';
import type { AppMode, Config } from '#libs/config/read-config';
import { MediaProgramsConfig } from '#libs/media/media-programs-config';
import { RedisConfig } from '#libs/queue/redis-config';
import { StorageConfig } from '#libs/storage/storage-config';

const gigabytes = z.coerce.number('a number of GB is expected').positive('a number of GB is expected');

/** What the media service needs beyond the common settings: the object store, which in local mode may be a folder. */
export const mediaConfig = (mode: AppMode) => ({
  ...CommonConfig(mode),
  ...DatabaseConfig(mode),
  ...StorageConfig(mode),
  ...RedisConfig(mode),
  ...MediaProgramsConfig(mode),
  DATA_DIR: z.string().default('./data'),
  PUBLIC_URL: z.string().default('http://localhost:8000'),
  SECRET_KEY: z.string().default(''),
  MEDIA_CDN_URL: z
    .string()
    .regex(/^https?:\/\/[^?#]+$/, 'an address is expected, as https://cdn.example.org')
    .transform((address) => address.replace(/\/+$/, ''))
    .optional(),
  MEDIA_MAX_UPLOAD_GB: gigabytes.default(50),
  MEDIA_QUOTA_GB: mode === 'cloud' ? gigabytes.default(100) : gigabytes.optional(),
  MEDIA_KEEP_DELETED_DAYS: z.coerce.number('a number of days is expected').min(0).default(14),
});
export type MediaConfig = Config<typeof mediaConfig>;
