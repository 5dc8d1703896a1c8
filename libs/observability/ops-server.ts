import { createServer, type Server } from 'node:http';
import type { Health } from './health.js';
import { renderMetrics } from './metrics.js';

/** The door for operators: /livez, /healthz (the loop turns), /readyz (it can work) and /metrics. Never for the public. */
export async function startOpsServer({
  health,
  host,
  port,
}: {
  health: Health;
  host: string;
  port: number;
}): Promise<Server> {
  const server = createServer((request, response) => {
    answer(request.url?.split('?')[0] ?? '/', health).then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

async function answer(path: string, health: Health): Promise<{ status: number; type: string; body: string }> {
  const json = (status: number, value: unknown) => ({ status, type: 'application/json', body: JSON.stringify(value) });
  if (path === '/livez' || path === '/healthz') return json(200, { status: 'ok' });
  if (path === '/readyz') {
    const readiness = await health.readiness();
    return json(readiness.ready ? 200 : 503, {
      status: readiness.ready ? 'ok' : 'unavailable',
      checks: readiness.checks,
    });
  }
  if (path === '/metrics') {
    const { contentType, body } = await renderMetrics();
    return { status: 200, type: contentType, body };
  }
  return json(404, { detail: 'Not Found' });
}
