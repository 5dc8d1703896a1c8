import type { Environment } from './read-config.js';

/** The environment of this process: the only place that is read from, apart from tests and scripts. */
export const processEnvironment = (): Environment => ({ ...process.env });
