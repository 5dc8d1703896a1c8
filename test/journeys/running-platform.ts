import { platformBy, type RunningPlatform } from '#libs/testing/running-platform';
import { startPlatform } from '../../services/local/start-platform.js';

export type { RunningPlatform };

/** Starts a whole platform in this process; `settings` stand over the usual ones. */
export const runPlatform = (settings: Record<string, string> = {}): Promise<RunningPlatform> =>
  platformBy(startPlatform, settings);
