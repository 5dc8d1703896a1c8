import type { Type } from '@nestjs/common';
import type { ServiceName } from '#libs/contracts/contract';
import type { Health } from '#libs/observability/health';
import type { ConfigShape, Environment } from '#libs/config/read-config';

/** All that makes one service: its word, its settings, its module. The module is loaded late, after tracing is on. */
export interface ServiceDefinition {
  readonly name: ServiceName;
  /** Another name for the process when it is not the service itself, as `tasks-worker`. */
  readonly process?: string;
  readonly config: ConfigShape;
  readonly load: () => Promise<Type>;
}

/** A service that is up; `close` finishes what is under way first. */
export interface Running {
  readonly name: string;
  readonly health: Health;
  close(): Promise<void>;
}

/** How any process of the platform is started: a service by its definition, the gateway by its own. */
export interface ProcessDefinition {
  readonly name: string;
  readonly config: ConfigShape;
  start(environment: Environment): Promise<Running>;
}
