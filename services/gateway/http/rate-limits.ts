import { createHash } from 'node:crypto';
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Redis } from 'ioredis';
import { CONFIG, LOG } from '#libs/bootstrap/tokens';
import type { Log } from '#libs/observability/logger';
import { Sessions } from '../auth/sessions.js';
import { Tokens } from '../auth/tokens.js';
import type { GatewayConfig } from '../config.js';
import { TooManyRequests } from '#libs/http/failure-answer';
import { ItemCounts, untilNext } from './item-counts.js';
import type { Route } from './route.js';

const UNLIMITED = new Set(['/healthz', '/livez', '/readyz', '/metrics']);
const WINDOW_MS = 60_000;

/**
 * How often one client may ask: a user by a token, anyone else by address, and so whoever holds a token that counts no more. Where something can be guessed, attempts
 * are few, and counted both by address and by what is guessed at. Counted in Redis when there is one; without it,
 * everyone is let through rather than nobody.
 */
@Injectable()
export class RateLimits {
  private count: ReturnType<FastifyInstance['createRateLimit']> | undefined;
  private items: ItemCounts | undefined;
  private readonly guesses = new WeakMap<FastifyRequest, string>();

  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOG) private readonly log: Log,
    private readonly tokens: Tokens,
    private readonly sessions: Sessions,
  ) {}

  /** Puts the limits before every route that is registered from now on. */
  async attach(fastify: FastifyInstance): Promise<void> {
    const { RATE_LIMIT_PER_MINUTE, AUTH_RATE_LIMIT_PER_MINUTE, REDIS_URL, REDIS_PREFIX } = this.config;
    const redis = REDIS_URL === undefined ? undefined : connect(REDIS_URL, this.log);
    fastify.addHook('onClose', () => redis?.disconnect());
    fastify.addHook('onRoute', (options) => {
      const strict = options.config?.route?.strict === true;
      if (UNLIMITED.has(options.url)) options.config = { ...options.config, rateLimit: false };
      else if (strict)
        options.config = { ...options.config, rateLimit: { max: AUTH_RATE_LIMIT_PER_MINUTE, keyGenerator: address } };
    });
    this.items = new ItemCounts(`${REDIS_PREFIX}:rate`, redis);
    await fastify.register(rateLimit, {
      max: RATE_LIMIT_PER_MINUTE,
      timeWindow: WINDOW_MS,
      skipOnError: true,
      nameSpace: `${REDIS_PREFIX}:rate:`,
      cache: 20_000,
      keyGenerator: (request) => this.client(request),
      errorResponseBuilder: (_request, { ttl }) => tooMany(ttl),
      ...(redis && { redis }),
    });
    this.count = fastify.createRateLimit({
      max: AUTH_RATE_LIMIT_PER_MINUTE,
      timeWindow: WINDOW_MS,
      keyGenerator: (request) => this.guesses.get(request) as string,
    });
  }

  /** Counts an attempt at what the route names as guessable; refuses when there were too many. */
  async countGuess(route: Route, request: FastifyRequest, input: Readonly<Record<string, unknown>>): Promise<void> {
    if (route.guessable === undefined || !this.count) return;
    const guess = String(input[route.guessable]).trim().toLowerCase();
    this.guesses.set(request, `guess:${createHash('sha256').update(guess).digest('base64url')}`);
    const counted = await this.count(request);
    if (!counted.isAllowed && counted.isExceeded) throw tooMany(counted.ttl);
  }

  /** Counts what is asked for in one request as if it were asked for one by one; refuses when it is too much for a minute. */
  async countItems(route: Route, request: FastifyRequest, input: Readonly<Record<string, unknown>>): Promise<void> {
    const list = route.items === undefined ? undefined : input[route.items];
    if (!Array.isArray(list) || list.length === 0 || !this.items) return;
    const now = Date.now();
    const all = await this.items.add(this.client(request), list.length, now);
    if (all > this.config.RATE_LIMIT_PER_MINUTE) throw tooMany(untilNext(now));
  }

  private client(request: FastifyRequest): string {
    // Where no session is looked at, nobody can tell a token that counts from one that has ended.
    if (request.routeOptions.config.route?.auth === 'none') return address(request);
    const signed = this.tokens.signedFor(request.headers.authorization);
    if (signed === undefined || this.sessions.isKnownAsEnded(signed.session_id, signed.user_id))
      return address(request);
    return `user:${signed.user_id}`;
  }
}

const address = (request: FastifyRequest): string => `ip:${normalizeIP(request.ip)}`;
const tooMany = (ttl: number) => new TooManyRequests(Math.max(1, Math.ceil(ttl / 1000)));

/** A connection that never makes a request wait: a command fails at once while Redis is away, and at the latest after 300 ms. */
function connect(url: string, log: Log): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 300,
    connectTimeout: 2000,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5000),
  });
  let away = false;
  redis.on('ready', () => {
    if (away) log.info('Redis is back, requests are counted again');
    away = false;
  });
  redis.on('error', (error: Error) => {
    if (!away) log.warn({ err: error }, 'Redis cannot be reached, requests are not counted');
    away = true;
  });
  return redis;
}
