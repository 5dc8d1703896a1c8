import { z } from 'zod';
import { CommonConfig, DatabaseConfig } from '#libs/config/common-config';
import type { AppMode, Config } from '#libs/config/read-config';
import { OutboundConfig } from '#libs/outbound/outbound-config';
import { SealingConfig } from '#libs/sealing/sealing-config';
import { StorageConfig } from '#libs/storage/storage-config';

/** What the intel service needs beyond the common settings: the object store, sealing keys, and who may be told of which sites. */
export const intelConfig = (mode: AppMode) => ({
  ...CommonConfig(mode),
  ...DatabaseConfig(mode),
  ...StorageConfig(mode),
  ...SealingConfig(mode),
  ...OutboundConfig(),
  DATA_DIR: z.string().default('./data'),
  PUBLIC_URL: z.string().default('http://localhost:8000'),
  SECRET_KEY: z.string().default(''),
  INTEL_MIN_CONTRIBUTORS: z.coerce
    .number('a whole number is expected')
    .int()
    .min(1)
    .max(1000)
    .default(mode === 'local' ? 1 : 3),
  INTEL_SITE_VISIBILITY: z.literal(['open', 'members']).default(mode === 'local' ? 'open' : 'members'),
  INTEL_SNAPSHOT_MINUTES: z.coerce.number('a whole number is expected').int().min(0).max(1440).default(60),
});
export type IntelConfig = Config<typeof intelConfig>;
