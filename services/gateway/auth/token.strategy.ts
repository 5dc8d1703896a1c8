import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { CONFIG } from '#libs/bootstrap/tokens';
import type { Caller } from '#libs/contracts/caller';
import type { GatewayConfig } from '../config.js';
import { Sessions } from './sessions.js';
import { ALGORITHM, areClaims, AUDIENCE, issuerOf, keyOf } from './tokens.js';

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
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: (_request, _token, done) => done(null, key),
      algorithms: [ALGORITHM],
      issuer: issuerOf(config),
      audience: AUDIENCE,
    });
    passport.use(this.registeredAs, this);
  }

  async validate(claims: unknown): Promise<Caller | false> {
    if (!areClaims(claims)) return false;
    const role = await this.sessions.roleIn(claims.sid, claims.sub);
    return role === null ? false : { user_id: claims.sub, role, session_id: claims.sid };
  }
}
