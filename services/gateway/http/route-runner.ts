import { normalizeIP } from '@fastify/rate-limit';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ANONYMOUS, type Caller } from '#libs/contracts/caller';
import { AppError } from '#libs/errors/app-error';
import type { EventBatch } from '#libs/contracts/event-batch';
import { Broker } from '#libs/messaging/broker';
import { requireScope, scopeNeededFor } from '../auth/scopes.js';
import { Sessions } from '../auth/sessions.js';
import { Tokens } from '../auth/tokens.js';
import { EventStreams } from './event-streams.js';
import { FileCarrier } from './file-carrier.js';
import { RateLimits } from './rate-limits.js';
import { readBody, type SentBody } from '#libs/http/request-body';
import { explain, fieldsOfHeaders, inputOf } from '#libs/http/route-input';
import type { Route } from './route.js';
import { isPassing, readingAll } from '#libs/http/route-plan';
import { refusal } from '#libs/http/validation-detail';
import { holdsUnread } from '#libs/timeline/unread-json';
import { answerWith } from './answer.js';

type Batch = z.output<typeof EventBatch>;

/** Runs a request along its route: read it, hold it to the limits, ask the service, make the answer. */
@Injectable()
export class RouteRunner {
  constructor(
    private readonly broker: Broker,
    private readonly limits: RateLimits,
    private readonly tokens: Tokens,
    private readonly sessions: Sessions,
    private readonly streams: EventStreams,
    private readonly files: FileCarrier,
  ) {}

  async run(route: Route, request: FastifyRequest): Promise<unknown> {
    const { user_id, role, session_id } = request.user ?? ANONYMOUS;
    const caller: Caller = { user_id, role, session_id };
    const input = await this.read(route, request, caller);
    requireScope(request.user?.scope ?? null, scopeNeededFor(route, input));
    await this.limits.countGuess(route, request, input);
    await this.limits.countItems(route, request, input);
    if (route.streams) {
      const seen = request.headers['last-event-id'] ?? input.after ?? null;
      const batch = async (after: string | null) =>
        this.ask(route, { ...input, after }, await this.sessions.today(caller)) as Promise<Batch>;
      return this.streams.open(seen as string | null, batch);
    }
    const output = await this.ask(route, input, caller, () => this.readAll(route, request, caller));
    const answer = route.respond
      ? route.respond(output, { caller, input, tokens: this.tokens, sessions: this.sessions })
      : output;
    return holdsUnread(answer) ? answerWith({ status: route.status, body: answer }) : answer;
  }

  private async read(route: Route, request: FastifyRequest, caller: Caller): Promise<Record<string, unknown>> {
    try {
      return await this.inputFrom(route, request, caller);
    } catch (complaint) {
      if (isPassing(route.body)) return this.readAll(route, request, caller);
      if (route.admit) await this.broker.call(route.admit, fieldsOfHeaders(route, request.headers), caller);
      throw complaint;
    }
  }

  /** The same, nothing of it unread: what is wrong with it can be told. */
  private readAll(route: Route, request: FastifyRequest, caller: Caller): Promise<Record<string, unknown>> {
    return this.read({ ...route, body: readingAll(route.body) }, request, caller);
  }

  private async inputFrom(route: Route, request: FastifyRequest, caller: Caller): Promise<Record<string, unknown>> {
    return inputOf(route, {
      params: request.params as Record<string, unknown>,
      query: request.query as Record<string, unknown>,
      headers: request.headers,
      body: await this.bodyOf(route, request, caller),
      address: normalizeIP(request.ip),
    });
  }

  private async bodyOf({ body }: Route, request: FastifyRequest, caller: Caller): Promise<SentBody> {
    if (body.kind === 'file') return { kind: 'json', value: await this.files.carry(request, body.field, caller) };
    return readBody(body, request.headers['content-type'], request.body as Buffer | undefined);
  }

  /** Asks the service; what is wrong with the input is told in terms of the request, of which nothing is unread then. */
  private async ask(
    route: Route,
    input: Record<string, unknown>,
    caller: Caller,
    readAll = () => Promise.resolve(input),
  ): Promise<unknown> {
    try {
      return await this.broker.call(route.operation, input, caller);
    } catch (thrown) {
      const { code, details } = AppError.from(thrown);
      if (code !== 'invalid') throw thrown;
      const read = holdsUnread(input) ? await readAll() : input;
      const issues = (details as { issues?: z.core.$ZodIssue[] } | undefined)?.issues;
      if (Array.isArray(issues)) throw refusal(explain(issues, route, read));
      throw thrown;
    }
  }
}
