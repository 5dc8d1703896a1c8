import type { ServiceDefinition } from '#libs/bootstrap/service-definition';
import { projectsConfig } from './config.js';

export const projects: ServiceDefinition = {
  name: 'projects',
  config: projectsConfig,
  load: async () => (await import('./projects.module.js')).ProjectsModule,
};
