import type { ServiceDefinition } from '#libs/bootstrap/service-definition';
import { tasksConfig } from './config.js';

export const tasks: ServiceDefinition = {
  name: 'tasks',
  config: tasksConfig,
  load: async () => (await import('./tasks.module.js')).TasksModule,
};

/** The same service's hands: it shares schema and queue with `tasks`, and answers nothing. */
export const tasksWorker: ServiceDefinition = {
  name: 'tasks',
  process: 'tasks-worker',
  config: tasksConfig,
  load: async () => (await import('./worker.module.js')).WorkerModule,
};
