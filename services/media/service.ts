import type { ServiceDefinition } from '#libs/bootstrap/service-definition';
import { mediaConfig } from './config.js';

export const media: ServiceDefinition = {
  name: 'media',
  config: mediaConfig,
  load: async () => (await import('./media.module.js')).MediaModule,
};
