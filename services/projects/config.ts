import { z } from 'zod';
import { CommonConfig, DatabaseConfig } from '#libs/config/common-config';
import type { AppMode, Config } from '#libs/config/read-config';
import { EmailAddress } from '#libs/contracts/projects';

/** What the projects service needs beyond the common settings: the first administrator, if one is to be made. */
export const projectsConfig = (mode: AppMode) => ({
  ...CommonConfig(mode),
  ...DatabaseConfig(mode),
  ADMIN_EMAIL: EmailAddress.optional(),
  ADMIN_PASSWORD: z
    .string()
    .min(mode === 'cloud' ? 12 : 6, `at least ${mode === 'cloud' ? 12 : 6} characters are expected`)
    .optional(),
});
export type ProjectsConfig = Config<typeof projectsConfig>;
