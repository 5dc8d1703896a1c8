import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { layFoundation } from '#libs/bootstrap/foundation';
import type { Running } from '#libs/bootstrap/service-definition';
import { ConfigError, readConfig, type Environment } from '#libs/config/read-config';
import { nestLogger } from '#libs/observability/logger';
import { Tokens } from './auth/tokens.js';
import { GatewayConfig } from './config.js';
import { GatewayModule } from './gateway.module.js';
import { serveApiPage } from './http/api-page.js';
import { createDoor, furnishDoor } from './http/door.js';
import { KnownPaths } from './http/known-paths.js';
import { RateLimits } from './http/rate-limits.js';

/** A gateway that is up: where it listens, and the address it is known by. */
export interface RunningGateway extends Running {
  readonly url: string;
  readonly port: number;
}

/**
 * Starts the HTTP door: settings, foundation, Nest, routes. Resolves when it answers. `extras` may add routes of its
 * own to the same server.
 */
export async function startGateway(
  environment: Environment,
  extras: (fastify: FastifyInstance) => Promise<void> = async () => {},
): Promise<RunningGateway> {
  const config = readConfig(GatewayConfig, environment);
  const foundation = await layFoundation('gateway', config, GatewayModule);
  const { log, health } = foundation;
  let app: NestFastifyApplication | undefined;
  try {
    app = await NestFactory.create<NestFastifyApplication>(foundation.root, createDoor(config), {
      logger: nestLogger(log),
      bodyParser: false,
      abortOnError: false,
    });
    const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    const [paths, limits, tokens] = [app.get(KnownPaths), app.get(RateLimits), app.get(Tokens)];
    await furnishDoor(fastify, { config, log, paths, limits, tokens });
    await extras(fastify);
    serveApiPage(app, config.PUBLIC_URL ?? '/');
    const hangUp = hangUpWhenClosing(fastify);
    await app.init();
    await listen(fastify, config);
    health.start();
    const { port } = fastify.server.address() as AddressInfo;
    const url = config.PUBLIC_URL ?? localUrl(config.HOST, port);
    log.info(`gateway answers at ${url}, its API page is ${url}/docs${cloudWords(config)}`);
    const close = async () => {
      health.stop();
      hangUp();
      const stragglers = setTimeout(() => fastify.server.closeAllConnections(), DRAIN_MS);
      await app?.close();
      clearTimeout(stragglers);
      await foundation.close();
      log.info('gateway stopped');
    };
    return { name: 'gateway', health, url, port, close };
  } catch (error) {
    await app?.close();
    await foundation.close();
    throw error;
  }
}

/** How long answers under way may take when the gateway closes; who reads slower than that is cut off. */
const DRAIN_MS = 10_000;

async function listen(fastify: FastifyInstance, { HOST, PORT }: GatewayConfig): Promise<void> {
  try {
    await fastify.listen({ host: HOST, port: PORT });
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'EADDRINUSE')
      throw new ConfigError([
        `PORT: ${PORT} is taken on ${HOST}; stop the program that has it, or choose another PORT`,
      ]);
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
      throw new ConfigError([`HOST, PORT: ${HOST}:${PORT} cannot be listened on (${code})`]);
    throw error;
  }
}

/** Once called, every answer asks its client to close the connection, so that none is left idle when the server stops. */
function hangUpWhenClosing(fastify: FastifyInstance): () => void {
  let closing = false;
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) void reply.header('connection', 'close');
    done();
  });
  return () => {
    closing = true;
  };
}

function localUrl(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

const cloudWords = ({ CLOUD_API_URL }: GatewayConfig): string =>
  CLOUD_API_URL === undefined ? '' : `, its cloud is ${CLOUD_API_URL}`;
