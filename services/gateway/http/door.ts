import type { IncomingMessage } from 'node:http';
import helmet from '@fastify/helmet';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyServerOptions, RouteOptions } from 'fastify';
import type { Log } from '#libs/observability/logger';
import { stranger } from '../auth/token.guard.js';
import type { Tokens } from '../auth/tokens.js';
import type { GatewayConfig } from '../config.js';
import { AppError } from '#libs/errors/app-error';
import { answerTo } from '#libs/http/failure-answer';
import { answerUnreadable } from '#libs/http/unreadable-request';
import { compressAnswers } from './compress-answers.js';
import { keepKnownMethods } from './known-methods.js';
import type { KnownPaths } from './known-paths.js';
import { letPagesIn } from './let-pages-in.js';
import type { RateLimits } from './rate-limits.js';
import { logRequests, requestIdOf } from './request-log.js';

const MIB = 1024 * 1024;
/** What a stranger may send: no anonymous route needs more, and nobody unknown fills our memory. */
const STRANGERS_LIMIT = MIB;

/** What a body may have at most: as much as is said, or what the longest document needs with what stands around it. */
const longestBody = ({ BODY_LIMIT_MB, DOCUMENT_LIMIT_MB }: GatewayConfig): number =>
  (BODY_LIMIT_MB ?? DOCUMENT_LIMIT_MB + 1) * MIB;

/** The server as it stands before any route: how it listens, reads addresses, and answers what is no request at all. */
export function createDoor(config: GatewayConfig): FastifyAdapter {
  const options: FastifyServerOptions = {
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 16_384 },
    bodyLimit: STRANGERS_LIMIT,
    trustProxy: config.TRUSTED_PROXIES.length > 0 ? [...config.TRUSTED_PROXIES] : false,
    genReqId: (request) => requestIdOf(request.headers['x-request-id']),
    rewriteUrl: ({ url = '/', headers }) =>
      /^snap\./i.test(headers.host ?? '') && !url.startsWith('/snap/') ? `/snap${url}` : url,
    // Above the idle time of usual load balancers, so that it is they who hang up, never in the middle of a request.
    keepAliveTimeout: 75_000,
    requestTimeout: 120_000,
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => answerUnrouted(error, request.id, reply as unknown as FastifyReply),
    clientErrorHandler: answerUnreadable,
  };
  return new FastifyAdapter({ ...options, skipMiddie: true });
}

/** An address that cannot be read is answered before any hook has run. */
function answerUnrouted(error: Error, id: string, reply: FastifyReply): void {
  const { status, headers, body } = answerTo(error);
  void reply
    .code(status)
    .headers({ ...headers, 'x-request-id': id })
    .send(body);
}

/** What every request passes, whatever it asks for. */
export async function furnishDoor(
  fastify: FastifyInstance,
  parts: { config: GatewayConfig; log: Log; paths: KnownPaths; limits: RateLimits; tokens: Tokens },
): Promise<void> {
  const { config, log, paths, limits, tokens } = parts;
  logRequests(fastify, log);
  takeBodiesAsBytes(fastify);
  fastify.addHook('onRoute', ({ method, url }) => paths.learn(method, url));
  fastify.addHook('onRequest', (request, _reply, done) => {
    // Parts are parts of what GET gives, and of nothing else.
    if (request.method !== 'GET') delete request.headers.range;
    done();
  });
  fastify.addHook('onRoute', (options) => loosenHeadersOfApiPage(options));
  await fastify.register(helmet, API_HEADERS);
  await letPagesIn(fastify, config);
  await limits.attach(fastify);
  fastify.addHook('onRoute', (options) => admitBodies(options, tokens, longestBody(config)));
  compressAnswers(fastify);
  keepKnownMethods(fastify);
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    const { authorization, 'x-client-token': token } = request.headers;
    const personal =
      (authorization ?? token) !== undefined || request.url.startsWith('/t/') || request.method !== 'GET';
    if (personal && !reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    done();
  });
}

/** Bodies stay bytes until their route, which knows what it wants of them, reads them. */
function takeBodiesAsBytes(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  fastify.addContentTypeParser('multipart/form-data', (request, body, done) => {
    // A file goes on as it comes; every other form is small enough to be read whole.
    if (request.routeOptions.config.route?.body.kind === 'file') return done(null);
    const said = Number(request.headers['content-length'] ?? 0);
    void wholeOf(body, said, request.routeOptions.bodyLimit).then((bytes) => done(null, bytes), done);
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    const type = request.headers['content-type'];
    if (type !== undefined && !/^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(;|$)/.test(type))
      request.headers['content-type'] = 'application/octet-stream';
    done();
  });
}

async function wholeOf(body: IncomingMessage, said: number, most: number): Promise<Buffer> {
  const tooLarge = () => new AppError('invalid', 'Request body is too large', { reason: 'too_large' });
  if (said > most) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > most) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Where a token is required, a large body is read only from someone whose token is signed. */
function admitBodies(options: RouteOptions, tokens: Tokens, limit: number): void {
  if (options.config?.route?.auth !== 'required') return;
  options.bodyLimit = limit;
  options.preParsing = (request, _reply, payload, done) => {
    const { authorization } = request.headers;
    if (tokens.signedUser(authorization) === undefined) done(stranger(authorization));
    else done(null, payload);
  };
}

/** Answers are data: no page may run, frame or style them; but pages of other origins may show our pictures. */
const API_HEADERS = {
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  crossOriginResourcePolicy: { policy: 'cross-origin' as const },
};

/** The page about the API is the one page there is: its own scripts and styles may run. */
function loosenHeadersOfApiPage(options: RouteOptions): void {
  if (!/^\/docs(\/|$)/.test(options.url)) return;
  const own = ["'self'"];
  const directives = {
    defaultSrc: own,
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    frameAncestors: ["'none'"],
  };
  options.helmet = { contentSecurityPolicy: { useDefaults: false, directives } };
}
