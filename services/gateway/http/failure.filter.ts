import { Catch, Inject, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LOG } from '#libs/bootstrap/tokens';
import { AppError } from '#libs/errors/app-error';
import { answerTo, methodNotAllowed, type FailureAnswer } from '#libs/http/failure-answer';
import type { Log } from '#libs/observability/logger';
import { KnownPaths } from './known-paths.js';

/** Turns whatever was thrown into the one JSON shape of errors; the only place that knows HTTP's numbers. */
@Catch()
export class FailureFilter implements ExceptionFilter {
  constructor(
    @Inject(LOG) private readonly log: Log,
    private readonly paths: KnownPaths,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const [request, reply] = host.getArgs<[FastifyRequest, FastifyReply]>();
    if (reply.sent) return;
    const lost = thrown instanceof NotFoundException && request.is404;
    const answer = lost ? this.unrouted(request) : answerTo(thrown, request.user?.user_id ?? null);
    if (answer.body.code === 'internal' && !(thrown instanceof AppError))
      this.log.error({ err: thrown, method: request.method, route: request.routeOptions.url }, 'request failed');
    void reply.code(answer.status).headers(answer.headers).send(answer.body);
  }

  private unrouted(request: FastifyRequest): FailureAnswer {
    const methods = this.paths.methodsOf(request.url);
    if (methods.length === 0 || methods.includes(request.method)) return answerTo(new NotFoundException('Not Found'));
    return methodNotAllowed(methods);
  }
}
