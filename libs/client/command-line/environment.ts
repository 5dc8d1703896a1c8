import { homedir } from 'node:os';
import { join } from 'node:path';

/** What of the environment the command listens to. */
export interface Environment {
  readonly server: string | undefined;
  readonly token: string | undefined;
  readonly password: string | undefined;
  /** The folder that keeps credentials. */
  readonly home: string;
}

/** Reads it; the only place of the client that does. */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const { EVIDVERSE_SERVER, EVIDVERSE_TOKEN, EVIDVERSE_PASSWORD, EVIDVERSE_HOME, XDG_CONFIG_HOME } = env;
  return {
    server: EVIDVERSE_SERVER || undefined,
    token: EVIDVERSE_TOKEN || undefined,
    password: EVIDVERSE_PASSWORD || undefined,
    home: EVIDVERSE_HOME || join(XDG_CONFIG_HOME || join(homedir(), '.config'), 'evidverse'),
  };
}
