import { z } from 'zod';
import { CommonConfig, DatabaseConfig, DocumentConfig, url } from '#libs/config/common-config';
import type { AppMode, Config } from '#libs/config/read-config';
import { EmailAddress } from '#libs/contracts/projects';
import { OutboundConfig } from '#libs/outbound/outbound-config';
import { SealingConfig } from '#libs/sealing/sealing-config';
import { StorageConfig } from '#libs/storage/storage-config';

/** What the projects service needs beyond the common settings: the keys it seals secrets under, where it may send, where bundles lie, how long what nothing needs is kept, the first administrator. */
export const projectsConfig = (mode: AppMode) => ({
  ...CommonConfig(mode),
  ...DatabaseConfig(mode),
  ...SealingConfig(mode),
  ...OutboundConfig(),
  ...StorageConfig(mode),
  ...DocumentConfig(),
  DATA_DIR: z.string().default('./data'),
  PUBLIC_URL: z.string().default('http://localhost:8000'),
  CLOUD_API_URL: url(
    /^https?:\/\//,
    'the address of a cloud centre is expected, as https://api.example.org',
  ).optional(),
  BUNDLE_LIMIT_MB: z.coerce.number('a number is expected').int().min(1).max(100_000).default(1024),
  COLLECT_AFTER_DAYS: z.coerce.number('a number is expected').int().min(1).max(3650).default(30),
  SECRET_KEY: z.string().default(''),
  ADMIN_EMAIL: EmailAddress.optional(),
  ADMIN_PASSWORD: z
    .string()
    .min(mode === 'cloud' ? 12 : 6, `at least ${mode === 'cloud' ? 12 : 6} characters are expected`)
    .optional(),
});
export type ProjectsConfig = Config<typeof projectsConfig>;
