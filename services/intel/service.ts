import type { ServiceDefinition } from '#libs/bootstrap/service-definition';
import { intelConfig } from './config.js';

export const intel: ServiceDefinition = {
  name: 'intel',
  config: intelConfig,
  load: async () => (await import('./intel.module.js')).IntelModule,
};
