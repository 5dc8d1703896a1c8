import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { AppError } from '#libs/errors/app-error';

export const ROLES = ['contributor', 'publisher', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who somebody is to the catalogue. */
export interface Standing {
  user_id: string;
  role: Role;
  trust: number;
}

/** That nobody has closed the account of a row `c`. */
const IS_OPEN = 'not exists (select from accounts a where a.user_id = c.user_id and not a.is_active)';

/** Who may do what: an administrator of the platform may do everything, others what their role says. */
@Injectable()
export class Roles {
  constructor(private readonly database: DataSource) {}

  /** The caller's standing, if it is at least `role`; a stranger or a lesser one is `unauthorized`. */
  async require(caller: Caller, role: Role): Promise<Standing> {
    if (caller.user_id === null) throw new AppError('unauthorized', 'Not authenticated');
    const standing = await this.standing(caller);
    if (standing && ROLES.indexOf(standing.role) >= ROLES.indexOf(role)) return standing;
    throw new AppError('unauthorized', `This needs the role ${role} in the catalogue. An administrator can give it.`);
  }

  async standing(caller: Caller): Promise<Standing | undefined> {
    if (caller.user_id === null) return undefined;
    const rows = await this.database.query<Standing[]>(
      `select user_id, role, trust from contributors c where user_id = $1 and ${IS_OPEN}`,
      [caller.user_id],
    );
    const trust = rows[0]?.trust ?? 0.5;
    return caller.role === 'admin' ? { user_id: caller.user_id, role: 'admin', trust: Math.max(trust, 0.9) } : rows[0];
  }
}

/** Whoever asks: signed in, or by a client's token in the path, as bearer or as password of Basic; a token nobody has is nobody. */
@Injectable()
export class Identities {
  constructor(private readonly database: DataSource) {}

  async userOf(caller: Caller, given: { token?: string; authorization?: string }): Promise<string | null> {
    return (await this.whoAsks(caller, given)).user_id;
  }

  /** The same, and whether there was a token that opens nothing (any more). */
  async whoAsks(
    caller: Caller,
    given: { token?: string; authorization?: string },
  ): Promise<{ user_id: string | null; token_unknown: boolean }> {
    if (caller.user_id !== null) return { user_id: caller.user_id, token_unknown: false };
    const token = given.token ?? secretIn(given.authorization);
    if (token === undefined || token === '') return { user_id: null, token_unknown: false };
    const rows = await this.database.query<{ user_id: string }[]>(
      `select user_id from client_tokens c where token_hash = $1 and revoked_at is null and ${IS_OPEN}`,
      [hashOfToken(token)],
    );
    return { user_id: rows[0]?.user_id ?? null, token_unknown: rows.length === 0 };
  }
}

export const hashOfToken = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest();

/** A bearer token, or the password of Basic credentials: what clients put after the colon of `https://name:token@host`. */
function secretIn(authorization = ''): string | undefined {
  const [, bearer] = /^\s*bearer\s+(\S+)\s*$/i.exec(authorization) ?? [];
  if (bearer !== undefined) return bearer;
  const [, coded] = /^\s*basic\s+([a-z0-9+/=_-]+)\s*$/i.exec(authorization) ?? [];
  if (coded === undefined) return undefined;
  const text = Buffer.from(coded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : text.slice(colon + 1);
}
