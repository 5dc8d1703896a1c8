import { Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { ANONYMOUS, type Caller } from '#libs/contracts/caller';
import { AppError } from '#libs/errors/app-error';

declare module 'fastify' {
  interface FastifyRequest {
    user?: Caller;
  }
}

/** Lets in whoever has a token that counts. */
@Injectable()
export class RequiredToken extends AuthGuard() {
  override handleRequest<User>(error: unknown, caller: User | false, _info: unknown, context: RequestContext): User {
    if (error) throw AppError.from(error);
    if (caller) return caller;
    const { authorization } = context.switchToHttp().getRequest<{ headers: { authorization?: string } }>().headers;
    throw stranger(authorization);
  }
}

/** Lets everybody in; who has no token that counts is anonymous. */
@Injectable()
export class OptionalToken extends AuthGuard() {
  override handleRequest<User>(error: unknown, caller: User | false): User {
    if (error) throw AppError.from(error);
    return caller || (ANONYMOUS as User);
  }
}

/** Why someone without a good token is not let in. */
export function stranger(authorization: string | undefined): AppError {
  const tried = /^\s*bearer\s+\S/i.test(authorization ?? '');
  return new AppError('unauthorized', tried ? 'Could not validate credentials' : 'Not authenticated');
}

interface RequestContext {
  switchToHttp(): { getRequest<Request>(): Request };
}
