import { CommonConfig, DatabaseConfig } from '#libs/config/common-config';
import type { AppMode, Config } from '#libs/config/read-config';

export const intelConfig = (mode: AppMode) => ({ ...CommonConfig(mode), ...DatabaseConfig(mode) });
export type IntelConfig = Config<typeof intelConfig>;
