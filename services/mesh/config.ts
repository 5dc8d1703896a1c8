import { CommonConfig, DatabaseConfig } from '#libs/config/common-config';
import type { AppMode, Config } from '#libs/config/read-config';

export const meshConfig = (mode: AppMode) => ({ ...CommonConfig(mode), ...DatabaseConfig(mode) });
export type MeshConfig = Config<typeof meshConfig>;
