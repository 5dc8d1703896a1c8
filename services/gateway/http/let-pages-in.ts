import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.js';
import { isForEveryPage, originRule } from './origin-rule.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What of the rule for pages of other origins is another one for this route. */
    cors?: { origin: string; credentials: boolean; dynamic: boolean };
  }
}

/** Pages of other origins: each by the rule for its origin, and to what is for every page from anywhere. */
export async function letPagesIn(
  fastify: FastifyInstance,
  { APP_MODE, BACKEND_CORS_ORIGINS }: Pick<GatewayConfig, 'APP_MODE' | 'BACKEND_CORS_ORIGINS'>,
): Promise<void> {
  fastify.addHook('onRoute', (options) => {
    const isFile = options.url.startsWith('/snap/') && isForEveryPage(APP_MODE, options.method as string, options.url);
    if (isFile) options.config = { ...options.config, cors: { ...FOR_EVERY_PAGE, dynamic: false } };
  });
  await fastify.register(cors, {
    delegator: (request, done) => {
      const rule = originRule(request.headers.origin, BACKEND_CORS_ORIGINS);
      if (rule !== 'with-credentials' && isOpen(request)) done(null, { ...CORS, ...FOR_EVERY_PAGE });
      else done(null, { ...CORS, origin: rule !== 'refused', credentials: rule === 'with-credentials' });
    },
  });

  function isOpen({ method, url, headers, routeOptions }: FastifyRequest): boolean {
    if (method === 'OPTIONS') return isForEveryPage(APP_MODE, headers['access-control-request-method'], url);
    return routeOptions.config.route?.auth !== 'required' && isForEveryPage(APP_MODE, method, url);
  }
}

const CORS = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  exposedHeaders: ['ETag', 'Link', 'X-Request-Id', 'Retry-After', 'Location', 'Evidverse-Client-Token'],
  maxAge: 600,
  strictPreflight: false,
};

/** Files of snapshots have it also where no origin was sent: so caches in between keep one answer, and it fits every page. */
const FOR_EVERY_PAGE = { origin: '*', credentials: false };
