import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AccessScope, PlatformRole } from '#libs/contracts/caller';
import type { Session } from '#libs/contracts/projects';
import { AppError } from '#libs/errors/app-error';
import type { UserEntity } from './account.entities.js';
import { noteRevoked } from './note-revoked.js';

const REFRESH_DAYS = 30;
const hashOf = (token: string) => createHash('sha256').update(token).digest();

interface Standing {
  role: PlatformRole;
  scope: AccessScope | null;
}

/** Sessions and their refresh tokens: each token works once; a second use means that it was stolen, and ends the session. */
@Injectable()
export class Sessions {
  constructor(private readonly database: DataSource) {}

  /** Begins a session if the account still is as it was when the password was checked; undefined when it is not. */
  async begin(user: Pick<UserEntity, 'id' | 'role' | 'password_hash'>): Promise<Session | undefined> {
    return this.database.transaction(async (manager) => {
      const [session] = await manager.query<{ id: string }[]>(
        `insert into sessions (user_id)
         select id from users where id = $1 and password_hash = $2 and is_active for share returning id`,
        [user.id, user.password_hash],
      );
      return session && this.issue(manager, session.id, user);
    });
  }

  async refresh(token: string): Promise<Session> {
    const outcome = await this.database.transaction(async (manager) => {
      const [rows] = await manager.query<[{ session_id: string }[], number]>(
        `update refresh_tokens set used_at = now()
         where token_hash = $1 and used_at is null and expires_at > now() returning session_id`,
        [hashOf(token)],
      );
      const sessionId = rows[0]?.session_id;
      if (sessionId === undefined) {
        await manager.query(
          `update sessions set ended_at = now() where ended_at is null and id =
             (select session_id from refresh_tokens where token_hash = $1 and used_at is not null)`,
          [hashOf(token)],
        );
        return undefined;
      }
      const [user] = await manager.query<Pick<UserEntity, 'id' | 'role'>[]>(
        `select u.id, u.role from sessions s join users u on u.id = s.user_id
         where s.id = $1 and s.ended_at is null and u.is_active`,
        [sessionId],
      );
      return user && this.issue(manager, sessionId, user);
    });
    if (!outcome) throw new AppError('unauthorized', 'Could not validate credentials');
    return outcome;
  }

  /** Ends a session; of a personal token that ends itself, the account's log tells. */
  async end(sessionId: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      const [rows] = await manager.query<[{ user_id: string; name: string | null }[], number]>(
        `update sessions s set ended_at = now() from sessions o left join personal_tokens t on t.session_id = o.id
         where s.id = o.id and s.id = $1 and s.ended_at is null returning s.user_id, t.name`,
        [sessionId],
      );
      const [ended] = rows;
      if (ended && ended.name !== null)
        await noteRevoked(manager, ended.user_id, { token_id: sessionId, name: ended.name });
    });
  }

  /** Ends every session in which a person signed in themselves; their programs go on: how many is told. */
  async endAllSignedIn(userId: string): Promise<number> {
    const [row] = await this.database.query<{ going_on: number }[]>(
      `with ended as (update sessions s set ended_at = now() where user_id = $1 and ended_at is null
         and not exists (select from personal_tokens t where t.session_id = s.id))
       select count(*)::int as going_on from sessions s join personal_tokens t on t.session_id = s.id
       where s.user_id = $1 and s.ended_at is null and t.expires_at > now()`,
      [userId],
    );
    return row!.going_on;
  }

  /** The same with personal tokens: nothing that was given before lets anybody in. */
  async endAllOf(userId: string, manager: EntityManager = this.database.manager): Promise<void> {
    await manager.query('update sessions set ended_at = now() where user_id = $1 and ended_at is null', [userId]);
  }

  /**
   * The platform role behind a live session, with the scope of a personal token, whose use is noted; undefined when the
   * session or its user no longer counts.
   */
  async standingOf(sessionId: string, userId: string): Promise<Standing | undefined> {
    const [row] = await this.database.query<Standing[]>(
      `select u.role, t.scope from sessions s join users u on u.id = s.user_id left join personal_tokens t on t.session_id = s.id
       where s.id = $1 and s.user_id = $2 and s.ended_at is null and u.is_active and (t.expires_at is null or t.expires_at > now())`,
      [sessionId, userId],
    );
    if (row && row.scope !== null)
      await this.database.query(
        `update personal_tokens set last_used_at = now()
         where session_id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
        [sessionId],
      );
    return row;
  }

  private async issue(
    manager: EntityManager,
    sessionId: string,
    user: Pick<UserEntity, 'id' | 'role'>,
  ): Promise<Session> {
    const token = randomBytes(32).toString('base64url');
    const [row] = await manager.query<{ expires_at: Date }[]>(
      `insert into refresh_tokens (token_hash, session_id, expires_at)
       values ($1, $2, now() + make_interval(days => $3)) returning expires_at`,
      [hashOf(token), sessionId, REFRESH_DAYS],
    );
    return {
      user_id: user.id,
      role: user.role,
      session_id: sessionId,
      refresh_token: token,
      refresh_expires_at: row!.expires_at.toISOString(),
    };
  }
}
