import { createSecretKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { z } from 'zod';
import { CONFIG } from '#libs/bootstrap/tokens';
import { ACCESS_SCOPES, type AccessScope } from '#libs/contracts/caller';
import type { Session } from '#libs/contracts/projects';
import type { GatewayConfig } from '../config.js';

/** What a client gets for signing in, and again for its refresh token. */
export const AccessToken = z
  .object({
    access_token: z.string(),
    token_type: z.literal('bearer'),
    refresh_token: z.string(),
    expires_in: z.number().int(),
  })
  .meta({ id: 'AccessToken' });
export type AccessToken = z.output<typeof AccessToken>;

/** What a token says: who, in which session, until when, from which instance, and for whom. */
export interface Claims {
  readonly sub: string;
  readonly sid: string;
  readonly role?: string;
  /** Of a personal token, and never missing there. */
  readonly scope?: AccessScope;
  readonly exp: number;
}

export const ALGORITHM = 'HS256';
export const AUDIENCE = 'evidverse-api';
/** Personal tokens are made out for somebody else: who knows nothing of scopes takes them for nothing. */
export const PERSONAL_AUDIENCE = 'evidverse-api-personal';
const PERSONAL = 'evp_';
/** The key that tokens are signed with, made once: given as text it would be tried as a public key first, at every request. */
export const keyOf = ({ SECRET_KEY }: Pick<GatewayConfig, 'SECRET_KEY'>): KeyObject =>
  createSecretKey(Buffer.from(SECRET_KEY));

/** Tokens of one instance are nothing to another, even under the same key. */
export const issuerOf = ({ PUBLIC_URL }: Pick<GatewayConfig, 'PUBLIC_URL'>): string =>
  `evidverse:${PUBLIC_URL ?? 'local'}`;

/** Signs access tokens, and tells whose signature a request carries. */
@Injectable()
export class Tokens {
  private readonly jwt: JwtService;
  private readonly seconds: number;

  constructor(@Inject(CONFIG) config: GatewayConfig) {
    this.seconds = config.ACCESS_TOKEN_EXPIRE_MINUTES * 60;
    const issuer = issuerOf(config);
    this.jwt = new JwtService({
      secret: keyOf(config),
      signOptions: { algorithm: ALGORITHM, issuer, audience: AUDIENCE, expiresIn: this.seconds },
      verifyOptions: { algorithms: [ALGORITHM], issuer, audience: [AUDIENCE, PERSONAL_AUDIENCE] },
    });
  }

  issue(session: Session): AccessToken {
    const { user_id, session_id, role, refresh_token } = session;
    const access_token = this.jwt.sign({ sub: user_id, sid: session_id, role });
    return { access_token, token_type: 'bearer', refresh_token, expires_in: this.seconds };
  }

  /** Signs the token of a program, which is known by its first letters wherever it turns up. */
  issuePersonal(
    user_id: string,
    { id, scope, expires_at }: { id: string; scope: AccessScope; expires_at: string },
  ): string {
    const expiresIn = Math.max(1, Math.floor((Date.parse(expires_at) - Date.now()) / 1000));
    return PERSONAL + this.jwt.sign({ sub: user_id, sid: id, scope }, { expiresIn, audience: PERSONAL_AUDIENCE });
  }

  /** The user a header's token was signed for, or undefined; whether the session still counts is another question. */
  signedUser(authorization: string | undefined): string | undefined {
    return this.signedFor(authorization)?.user_id;
  }

  /** The same with the session. */
  signedFor(authorization: string | undefined): { user_id: string; session_id: string } | undefined {
    const token = bearerOf(authorization);
    if (token === undefined) return undefined;
    try {
      const claims: unknown = this.jwt.verify(token);
      return areClaims(claims) ? { user_id: claims.sub, session_id: claims.sid } : undefined;
    } catch {
      return undefined;
    }
  }
}

/** The token in an Authorization header, without the letters that a personal one begins with. */
export function bearerOf(authorization: string | undefined): string | undefined {
  const token = /^\s*bearer\s+(\S+)/i.exec(authorization ?? '')?.[1];
  return token?.startsWith(PERSONAL) ? token.slice(PERSONAL.length) : token;
}

/** Whether a verified token says all that it must: one without an end is none of ours, nor a program's without a scope. */
export function areClaims(claims: unknown): claims is Claims {
  const { sub, sid, exp, aud, scope } = (claims ?? {}) as Partial<Record<keyof Claims | 'aud', unknown>>;
  const isScoped = ACCESS_SCOPES.some((one) => one === scope);
  return (
    typeof sub === 'string' &&
    typeof sid === 'string' &&
    typeof exp === 'number' &&
    (aud === PERSONAL_AUDIENCE ? isScoped : scope === undefined)
  );
}
