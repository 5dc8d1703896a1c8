import { Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { ANONYMOUS, type AccessScope, type Caller } from '#libs/contracts/caller';
import { AppError } from '#libs/errors/app-error';
import { requireScope, scopeNeeded } from './scopes.js';

/** Somebody who was let in, and how far: a person everywhere, a program as far as its token's scope goes. */
export interface Admitted extends Caller {
  readonly scope: AccessScope | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    user?: Admitted;
  }
}

/** Lets in whoever has a token that counts, and is for what is asked. */
@Injectable()
export class RequiredToken extends AuthGuard() {
  override handleRequest<User>(error: unknown, caller: User | false, _info: unknown, context: RequestContext): User {
    if (error) throw AppError.from(error);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (caller) return withinScope(request, caller);
    throw stranger(request.headers.authorization);
  }
}

/** Lets everybody in; who has no token that counts is anonymous. */
@Injectable()
export class OptionalToken extends AuthGuard() {
  override handleRequest<User>(error: unknown, caller: User | false, _info: unknown, context: RequestContext): User {
    if (error) throw AppError.from(error);
    return caller
      ? withinScope(context.switchToHttp().getRequest<FastifyRequest>(), caller)
      : ({ ...ANONYMOUS, scope: null } satisfies Admitted as User);
  }
}

function withinScope<User>(request: FastifyRequest, caller: User): User {
  request.user = caller as Admitted;
  requireScope(request.user.scope, scopeNeeded(request.routeOptions.config.route));
  return caller;
}

/** Why someone without a good token is not let in. */
export function stranger(authorization: string | undefined): AppError {
  const tried = /^\s*bearer\s+\S/i.test(authorization ?? '');
  return new AppError('unauthorized', tried ? 'Could not validate credentials' : 'Not authenticated');
}

interface RequestContext {
  switchToHttp(): { getRequest<Request>(): Request };
}
