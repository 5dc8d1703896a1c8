import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { ClientToken, Contributor } from '#libs/contracts/intel-works';
import type { accountChanged } from '#libs/contracts/projects-events';
import { AppError } from '#libs/errors/app-error';
import { onlyOnce } from '#libs/outbox/outbox';
import { oneByOne } from './one-by-one.js';
import { Retractions } from './retractions.js';
import { hashOfToken, Roles, type Role } from './roles.js';

/** The people of the catalogue, and the tokens of clients that cannot be changed. */
@Injectable()
export class Contributors {
  constructor(
    private readonly database: DataSource,
    private readonly roles: Roles,
    private readonly retractions: Retractions,
  ) {}

  async list(caller: Caller): Promise<Contributor[]> {
    await this.roles.require(caller, 'admin');
    return this.database.query('select * from contributors order by created_at, user_id');
  }

  /** Gives someone a role, or takes it: `none` leaves no row, and with it no trust. */
  async set(caller: Caller, userId: string, role: Role | 'none'): Promise<Contributor | null> {
    await this.roles.require(caller, 'admin');
    if (role === 'none') {
      await this.database.transaction(async (manager) => {
        // It waits its turn first, as those do who count for a contributor in theirs.
        await this.retractions.ask(manager, userId);
        await manager.query('delete from contributors where user_id = $1', [userId]);
      });
      return null;
    }
    const [row] = await this.database.query<Contributor[]>(
      `insert into contributors (user_id, role, trust) values ($1, $2, case when $2 = 'contributor' then 0.5 else 0.9 end)
       on conflict (user_id) do update set role = $2 returning *`,
      [userId, role],
    );
    return row!;
  }

  /** An account was closed or opened: of one that is closed nothing is believed any more, and its tokens open nothing. */
  async hearOfAccount(
    { user_id, is_active, changed_at }: ReturnType<typeof accountChanged.payload.parse>,
    messageId: string,
  ): Promise<void> {
    await onlyOnce(this.database.manager, messageId, 'intel.accounts', async (manager) => {
      const rows = await manager.query<{ is_active: boolean }[]>(
        `insert into accounts as a (user_id, is_active, changed_at) values ($1, $2, $3)
         on conflict (user_id) do update set is_active = excluded.is_active, changed_at = excluded.changed_at
           where a.changed_at < excluded.changed_at returning is_active`,
        [user_id, is_active, changed_at],
      );
      if (rows[0]?.is_active === false) await this.retractions.ask(manager, user_id);
    });
  }

  /** Makes a token for the address of a client; it is shown here and kept as a hash. */
  async createToken(caller: Caller, name: string): Promise<ClientToken> {
    const [token, user] = [randomBytes(24).toString('base64url'), userOf(caller)];
    const rows = await this.database.transaction(async (manager) => {
      await oneByOne(manager, user);
      return manager.query<ClientToken[]>(
        `insert into client_tokens (user_id, name, token_hash)
         select $1, $2, $3 where (select count(*) from client_tokens where user_id = $1 and revoked_at is null) < 50
         returning id, name, created_at`,
        [user, name, hashOfToken(token)],
      );
    });
    if (!rows[0]) throw new AppError('conflict', 'You have 50 client tokens. Revoke one that is not in use.');
    return { ...rows[0], token };
  }

  listTokens(caller: Caller): Promise<ClientToken[]> {
    return this.database.query(
      `select id, name, created_at from client_tokens where user_id = $1 and revoked_at is null order by created_at, id`,
      [userOf(caller)],
    );
  }

  async revokeToken(caller: Caller, id: string): Promise<{ ok: true }> {
    const [, count] = await this.database.query<[unknown[], number]>(
      `update client_tokens set revoked_at = now() where id::text = $1 and user_id = $2 and revoked_at is null`,
      [id, userOf(caller)],
    );
    if (count === 0) throw new AppError('not_found', `There is no client token ${id}.`);
    return { ok: true };
  }
}

/** The signed-in user of a call that is nobody else's. */
export function userOf(caller: Caller): string {
  if (caller.user_id === null) throw new AppError('unauthorized', 'Not authenticated');
  return caller.user_id;
}
