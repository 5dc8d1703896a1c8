import { z } from 'zod';
import type { AppMode } from '#libs/config/read-config';

/** The programs that upload to platforms; without them their jobs fail and say so. */
export const PublishConfig = (_mode: AppMode) => ({
  BILIUP_BIN: z.string().default('biliup'),
  DOUYIN_UPLOADER_CMD: z.string().optional(),
});
