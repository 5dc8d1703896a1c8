import { z } from 'zod';
import { CommonConfig, DoorConfig } from '#libs/config/common-config';
import type { AppMode } from '#libs/config/read-config';

/** What the all-in-one entry itself needs to know; each service reads its own settings besides. */
export const localConfig = (mode: AppMode) => ({
  ...CommonConfig(mode),
  ...DoorConfig(mode),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: z.string().optional(),
  SECRET_KEY: z.string().optional(),
});
