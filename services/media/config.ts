import { z } from 'zod';
import { CommonConfig, DatabaseConfig } from '#libs/config/common-config';
import type { AppMode, Config } from '#libs/config/read-config';
import { MediaProgramsConfig } from '#libs/media/media-programs-config';
import { StorageConfig } from '#libs/storage/storage-config';

/** What the media service needs beyond the common settings: the object store, which in local mode may be a folder. */
export const mediaConfig = (mode: AppMode) => ({
  ...CommonConfig(mode),
  ...DatabaseConfig(mode),
  ...StorageConfig(mode),
  ...MediaProgramsConfig(mode),
  DATA_DIR: z.string().default('./data'),
  PUBLIC_URL: z.string().default('http://localhost:8000'),
  SECRET_KEY: z.string().default(''),
});
export type MediaConfig = Config<typeof mediaConfig>;
