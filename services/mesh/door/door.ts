import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import { fastify, type FastifyInstance, type FastifyRequest } from 'fastify';
import { CONFIG, LOG } from '#libs/bootstrap/tokens';
import { ANONYMOUS } from '#libs/contracts/caller';
import type { Operation } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/mesh';
import { listClaims } from '#libs/contracts/mesh-operators';
import { WORKER_CREDENTIALS, workerPaths } from '#libs/contracts/mesh-paths';
import { answerTo, TooManyRequests } from '#libs/http/failure-answer';
import { answerUnreadable } from '#libs/http/unreadable-request';
import { readBody } from '#libs/http/request-body';
import { fieldsOfHeaders, readInput, type Sent } from '#libs/http/route-input';
import { planOf, type RoutePlan } from '#libs/http/route-plan';
import type { Log } from '#libs/observability/logger';
import type { MeshConfig } from '../config.js';
import { Leases } from '../leases/leases.js';
import { Workers } from '../nodes/workers.js';
import { Peers } from '../operators/peers.js';

const BODY_LIMIT = 1024 * 1024;
const HANG_UP_MS = 5000;

/** Where a secret is shown that a stranger might guess. */
const GUESSABLE = new Set([contract.enrolWorker.name, contract.issueWorkerToken.name]);

type Answerer = (input: never, gone: Promise<unknown>) => Promise<unknown>;

/**
 * The mesh's own HTTP door, for workers only: the same paths, the same reading and the same answers as through the gateway,
 * without the way over the broker. A long poll ends when its worker hangs up.
 */
@Injectable()
export class Door implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private server: FastifyInstance | undefined;
  private countGuesses: ReturnType<FastifyInstance['createRateLimit']> | undefined;
  private readonly guesses = new WeakMap<FastifyRequest, string>();
  private readonly answerers: ReadonlyMap<string, Answerer>;

  constructor(
    @Inject(CONFIG) private readonly config: MeshConfig,
    @Inject(LOG) private readonly log: Log,
    leases: Leases,
    private readonly workers: Workers,
    peers: Peers,
  ) {
    const on = <O extends Operation>(operation: O, answer: Answerer) => [operation.name, answer] as const;
    this.answerers = new Map([
      on(contract.registerWorker, (input) => workers.register(input)),
      on(contract.enrolWorker, (input) => workers.enrol(input)),
      on(contract.issueWorkerToken, (input) => workers.token(input)),
      on(contract.rotateWorkerSecret, (input) => workers.rotate(input)),
      on(contract.heartbeat, (input) => leases.heartbeat(input)),
      on(contract.leaveWorker, (input: { node_id: string }) => leases.leave(input as never, input.node_id, ANONYMOUS)),
      on(contract.leaseJobs, (input, gone) => leases.lease(input, gone)),
      on(contract.finishJob, (input, gone) => leases.finish(input, gone)),
      on(contract.renewLease, (input) => leases.renew(input)),
      on(contract.releaseLease, (input) => leases.release(input)),
      on(contract.reportProgress, (input) => leases.progress(input)),
      on(listClaims, (input) => peers.page(input)),
    ]);
  }

  async onApplicationBootstrap(): Promise<void> {
    const { MESH_HOST, MESH_PORT, TRUSTED_PROXIES } = this.config;
    if (MESH_PORT === undefined) return;
    const server = fastify({
      bodyLimit: BODY_LIMIT,
      trustProxy: TRUSTED_PROXIES.length > 0 ? [...TRUSTED_PROXIES] : false,
      routerOptions: { ignoreTrailingSlash: true },
      keepAliveTimeout: 75_000,
      clientErrorHandler: answerUnreadable,
    });
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    server.setErrorHandler((error, _request, reply) => {
      const { status, headers, body } = answerTo(error);
      if (body.code === 'internal') this.log.error({ err: error }, 'a request at the door of the mesh failed');
      void reply.code(status).headers(headers).send(body);
    });
    server.setNotFoundHandler(
      (_request, reply) => void reply.code(404).send({ detail: 'Not Found', code: 'not_found' }),
    );
    await this.limit(server);
    for (const { line, operation, known } of workerPaths)
      this.open(server, planOf(line, operation, known ? WORKER_CREDENTIALS : {}), known);
    this.open(
      server,
      planOf('GET /mesh/claims', listClaims, { query: ['after', 'limit'], headers: PEER_HEADERS }),
      false,
    );
    server.get('/healthz', () => ({ status: 'ok' }));
    await server.listen({ host: MESH_HOST, port: MESH_PORT });
    this.server = server;
    this.log.info(`the mesh's own door is at ${MESH_HOST}:${MESH_PORT}`);
  }

  async beforeApplicationShutdown(): Promise<void> {
    const stragglers = setTimeout(() => this.server?.server.closeAllConnections(), HANG_UP_MS);
    await this.server?.close();
    clearTimeout(stragglers);
  }

  /** How often one address may ask. */
  private async limit(server: FastifyInstance): Promise<void> {
    const { AUTH_RATE_LIMIT_PER_MINUTE, MESH_ADDRESS_PER_MINUTE } = this.config;
    await server.register(rateLimit, {
      max: MESH_ADDRESS_PER_MINUTE,
      timeWindow: 60_000,
      cache: 20_000,
      keyGenerator: ({ ip }) => normalizeIP(ip),
      errorResponseBuilder: (_request, { ttl }) => tooMany(ttl),
    });
    this.countGuesses = server.createRateLimit({
      max: AUTH_RATE_LIMIT_PER_MINUTE,
      timeWindow: 60_000,
      keyGenerator: (request) => this.guesses.get(request) as string,
    });
  }

  private open(server: FastifyInstance, plan: RoutePlan, isForWorkers: boolean): void {
    const { operation } = plan;
    const answerer = this.answerers.get(operation.name)!;
    server.route({
      method: plan.method,
      url: `/v1${plan.path}`,
      handler: async (request, reply) => {
        const input = await this.read(plan, isForWorkers, request);
        await this.countGuess(operation, request, input);
        const gone = new Promise((resolve) => reply.raw.once('close', resolve));
        const output = operation.output.parse(await answerer(input as never, gone));
        return reply.type('application/json; charset=utf-8').send(JSON.stringify(output));
      },
    });
  }

  /** What can be guessed is asked seldom, by one address and for one name. */
  private async countGuess(
    operation: Operation,
    request: FastifyRequest,
    { node_id }: Record<string, unknown>,
  ): Promise<void> {
    if (!GUESSABLE.has(operation.name)) return;
    for (const guess of [`guess:${normalizeIP(request.ip)}`, `guess:of:${String(node_id)}`]) {
      this.guesses.set(request, guess);
      const counted = await this.countGuesses!(request);
      if (!counted.isAllowed && counted.isExceeded) throw tooMany(counted.ttl);
    }
  }

  private async read(
    plan: RoutePlan,
    isForWorkers: boolean,
    request: FastifyRequest,
  ): Promise<Record<string, unknown>> {
    const { params, query, headers } = request as FastifyRequest<{
      Params: Sent['params'];
      Querystring: Sent['query'];
    }>;
    try {
      const body = await readBody(plan.body, headers['content-type'], request.body as Buffer | undefined);
      return readInput(plan, { params, query, headers, body, address: normalizeIP(request.ip) }).parsed;
    } catch (complaint) {
      if (isForWorkers) await this.workers.admit(contract.admitWorker.input.parse(fieldsOfHeaders(plan, headers)));
      throw complaint;
    }
  }
}

const PEER_HEADERS = { peer: 'x-mesh-peer' } as const;
const tooMany = (ttl: number) => new TooManyRequests(Math.max(1, Math.ceil(ttl / 1000)));
