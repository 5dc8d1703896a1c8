import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import type { createToken, PersonalToken } from '#libs/contracts/projects-tokens';
import { AppError } from '#libs/errors/app-error';
import { audit } from '../audit/audit.js';
import { isUuid } from '../domain/uuid.js';
import { signedIn } from './accounts.js';
import { noteRevoked } from './note-revoked.js';
import { isPassword } from './passwords.js';

const MOST = 50;
const COLUMNS = 's.id, t.name, t.scope, s.created_at, t.expires_at, t.last_used_at';

/** The tokens that a person gave to programs: sessions with a name, a scope and an end, which the gateway signs for. */
@Injectable()
export class PersonalTokens {
  constructor(private readonly database: DataSource) {}

  /** Begins a session for a program; only somebody who signed in themselves can, and one that administers wants the password once more. */
  async create(
    caller: Caller,
    { name, scope, expires_in_days, current_password }: InputOf<typeof createToken>,
  ): Promise<PersonalToken> {
    const userId = signedIn(caller);
    const password_hash = scope === 'admin' ? await this.confirmed(userId, current_password ?? '') : null;
    return this.database.transaction(async (manager) => {
      // The user first: whoever changes the password holds that row, and the session is looked at as they leave it.
      const [user] = await manager.query<unknown[]>(
        `select from users where id = $1 and is_active and ($2::text is null or password_hash = $2) for no key update`,
        [userId, password_hash],
      );
      const [session] = await manager.query<unknown[]>(
        `select from sessions s where id = $1 and user_id = $2 and ended_at is null
           and not exists (select from personal_tokens t where t.session_id = s.id) for share`,
        [caller.session_id, userId],
      );
      if (!user || !session) throw new AppError('unauthorized', 'A token makes no tokens. Sign in with your password.');
      const [row] = await manager.query<{ count: number }[]>(
        `select count(*)::int as count from sessions s join personal_tokens t on t.session_id = s.id
         where s.user_id = $1 and s.ended_at is null and t.expires_at > now()`,
        [userId],
      );
      if (row!.count >= MOST)
        throw new AppError('conflict', `You have ${MOST} tokens. Revoke one that is no longer needed.`);
      const [made] = await manager.query<PersonalToken[]>(
        `with s as (insert into sessions (user_id) values ($1) returning id, created_at),
           t as (insert into personal_tokens (session_id, name, scope, expires_at)
             select id, $2, $3, now() + make_interval(days => $4) from s returning *)
         select ${COLUMNS} from s, t`,
        [userId, name.trim() || 'token', scope, expires_in_days],
      );
      const subject = { token_id: made!.id, name: made!.name, scope, expires_at: made!.expires_at };
      await audit(manager, { actor_id: userId, user_id: userId, action: 'projects.tokenCreated', subject });
      return made!;
    });
  }

  /** The hash of a password that is right. */
  private async confirmed(userId: string, password: string): Promise<string> {
    const [user] = await this.database.query<{ password_hash: string }[]>(
      'select password_hash from users where id = $1',
      [userId],
    );
    if (!user || !(await isPassword(user.password_hash, password)))
      throw new AppError('invalid', 'A token that administers wants your password: give it as current_password.');
    return user.password_hash;
  }

  /** All that were not revoked, newest first, those too whose time is over. */
  list(caller: Caller): Promise<PersonalToken[]> {
    return this.database.query<PersonalToken[]>(
      `select ${COLUMNS} from sessions s join personal_tokens t on t.session_id = s.id
       where s.user_id = $1 and s.ended_at is null order by s.created_at desc, s.id`,
      [signedIn(caller)],
    );
  }

  /** Ends a token; whoever shows it is a stranger from then on. */
  async revoke(caller: Caller, id: string): Promise<void> {
    const userId = signedIn(caller);
    await this.database.transaction(async (manager) => {
      const [rows] = await manager.query<[{ name: string }[], number]>(
        `update sessions s set ended_at = now() from personal_tokens t
         where t.session_id = s.id and s.id = $1 and s.user_id = $2 and s.ended_at is null returning t.name`,
        [isUuid(id) ? id : null, userId],
      );
      const [revoked] = rows;
      if (!revoked) throw new AppError('not_found', 'There is no such token of yours.');
      await noteRevoked(manager, userId, { token_id: id, name: revoked.name });
    });
  }
}
