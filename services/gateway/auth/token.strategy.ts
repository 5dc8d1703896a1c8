import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { Strategy } from 'passport-jwt';
import { CONFIG } from '#libs/bootstrap/tokens';
import type { GatewayConfig } from '../config.js';
import { Sessions } from './sessions.js';
import type { Admitted } from './token.guard.js';
import { ALGORITHM, areClaims, AUDIENCE, bearerOf, issuerOf, keyOf, PERSONAL_AUDIENCE } from './tokens.js';

/** Believes a bearer token when its signature, its claims and its session are good; the role is today's, not the token's. */
@Injectable()
export class TokenStrategy extends PassportStrategy(Strategy) {
  /** Passport keeps its strategies for the whole process, where several gateways may live: each has a name of its own. */
  readonly registeredAs = `token-${randomUUID()}`;

  constructor(
    @Inject(CONFIG) config: GatewayConfig,
    private readonly sessions: Sessions,
  ) {
    const key = keyOf(config) as unknown as Buffer;
    super({
      jwtFromRequest: ({ headers }) => bearerOf(headers.authorization) ?? null,
      secretOrKeyProvider: (_request, _token, done) => done(null, key),
      algorithms: [ALGORITHM],
      issuer: issuerOf(config),
      audience: [AUDIENCE, PERSONAL_AUDIENCE],
    });
    passport.use(this.registeredAs, this);
  }

  async validate(claims: unknown): Promise<Admitted | false> {
    if (!areClaims(claims)) return false;
    const standing = await this.sessions.standingIn(claims.sid, claims.sub);
    // The token says what its session says; where they differ, neither is believed.
    if (standing === null || standing.scope !== (claims.scope ?? null)) return false;
    return { user_id: claims.sub, session_id: claims.sid, ...standing };
  }
}
