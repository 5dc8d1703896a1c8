import { randomUUID } from 'node:crypto';
import { trace } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import type { Log } from '#libs/observability/logger';
import { metrics } from '#libs/observability/metrics';
import { requestContext } from '#libs/observability/request-context';

const SAFE_ID = /^[\w.~:+/=@-]{1,128}$/;
const PROBES = new Set(['/healthz', '/livez', '/readyz', '/metrics', '/api/v1/health']);

/** The id of a request: the client's own when it is harmless, a new one otherwise. */
export function requestIdOf(sent: string | string[] | undefined): string {
  return typeof sent === 'string' && SAFE_ID.test(sent) ? sent : randomUUID();
}

/** Gives every request its id, everywhere it is spoken of; one line and one measurement when it is answered. */
export function logRequests(fastify: FastifyInstance, log: Log): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const route = request.routeOptions.url;
    void reply.header('x-request-id', request.id);
    if (route !== undefined)
      trace.getActiveSpan()?.updateName(`${request.method} ${route}`).setAttribute('http.route', route);
    requestContext.run({ request_id: request.id }, done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'unknown';
    const status = reply.statusCode;
    metrics.http.observe({ service: 'gateway', method, route, status }, reply.elapsedTime / 1000);
    const line = {
      request_id: request.id,
      method,
      route,
      status,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      ...(request.user?.user_id != null && { user_id: request.user.user_id }),
    };
    log[PROBES.has(route) ? 'debug' : 'info'](line, `${method} ${route} ${status}`);
    done();
  });
}
