import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ANONYMOUS, type Caller } from '#libs/contracts/caller';
import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';
import { Sessions } from '../auth/sessions.js';
import { Tokens } from '../auth/tokens.js';
import { RateLimits } from './rate-limits.js';
import { readBody } from './request-body.js';
import { explain, inputOf } from './route-input.js';
import type { Route } from './route.js';
import { refusal } from './validation-detail.js';

/** Runs a request along its route: read it, hold it to the limits, ask the service, make the answer. */
@Injectable()
export class RouteRunner {
  constructor(
    private readonly broker: Broker,
    private readonly limits: RateLimits,
    private readonly tokens: Tokens,
    private readonly sessions: Sessions,
  ) {}

  async run(route: Route, request: FastifyRequest): Promise<unknown> {
    const caller = request.user ?? ANONYMOUS;
    const input = inputOf(route, {
      params: request.params as Record<string, unknown>,
      query: request.query as Record<string, unknown>,
      body: await readBody(route.body, request.headers['content-type'], request.body as Buffer | undefined),
    });
    await this.limits.countGuess(route, request, input);
    const output = await this.ask(route, input, caller);
    return route.respond ? route.respond(output, { caller, tokens: this.tokens, sessions: this.sessions }) : output;
  }

  private async ask(route: Route, input: Record<string, unknown>, caller: Caller): Promise<unknown> {
    try {
      return await this.broker.call(route.operation, input, caller);
    } catch (thrown) {
      const { code, details } = AppError.from(thrown);
      const issues = (details as { issues?: z.core.$ZodIssue[] } | undefined)?.issues;
      if (code === 'invalid' && Array.isArray(issues)) throw refusal(explain(issues, route, input));
      throw thrown;
    }
  }
}
