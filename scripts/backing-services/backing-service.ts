import type { Workplace } from './workplace.js';

export type BackingServiceName = 'postgres' | 'rabbitmq' | 'redis' | 's3';
export type Environment = Readonly<Record<string, string | undefined>>;

/** A kind of server that the services need behind them: how a given one is recognised, and how one of our own is started. */
export interface BackingService {
  name: BackingServiceName;
  title: string;
  /** Set means: use the one that is there. */
  address: string;
  /** What else must be set with the address. */
  credentials: string[];
  /** All that lead to it. */
  variables: string[];
  /** Program → the Debian package that brings it. */
  programs: Record<string, string>;
  /** Throws when nothing answers there. */
  check(address: string): Promise<void>;
  /** Starts one in the workplace and gives the variables that lead to it. */
  start(workplace: Workplace, options: StartOptions): Promise<Record<string, string>>;
}

export interface StartOptions {
  /** Where PostgreSQL keeps its data between runs; without it everything is thrown away. */
  keep?: string;
}
