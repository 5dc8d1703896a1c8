import type { ServiceDefinition } from '#libs/bootstrap/service-definition';
import { tasksConfig } from './config.js';

export const tasks: ServiceDefinition = {
  name: 'tasks',
  config: tasksConfig,
  load: async () => (await import('./tasks.module.js')).TasksModule,
};
