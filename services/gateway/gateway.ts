import type { ProcessDefinition } from '#libs/bootstrap/service-definition';
import { GatewayConfig } from './config.js';

/** The HTTP door of the platform; what it is made of is loaded late, after tracing is on. */
export const gateway: ProcessDefinition = {
  name: 'gateway',
  config: GatewayConfig,
  start: async (environment) => {
    const { startGateway } = await import('./start-gateway.js');
    return startGateway(environment);
  },
};
