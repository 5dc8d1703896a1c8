import type { ServiceDefinition } from '#libs/bootstrap/service-definition';
import { meshConfig } from './config.js';

export const mesh: ServiceDefinition = {
  name: 'mesh',
  config: meshConfig,
  load: async () => (await import('./mesh.module.js')).MeshModule,
};
