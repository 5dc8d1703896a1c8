import { z } from 'zod';
import type { AppMode } from '#libs/config/read-config';

/** Where ffmpeg and ffprobe are, when they are not to be looked for. */
export const MediaProgramsConfig = (_mode: AppMode) => ({
  FFMPEG_PATH: z.string().optional(),
  FFPROBE_PATH: z.string().optional(),
});
