import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { Caller } from '#libs/contracts/caller';
import type { CloudAccount } from '#libs/contracts/projects-remotes';
import { AppError } from '#libs/errors/app-error';
import { Keyring } from '#libs/sealing/keyring';
import { signedIn } from '../accounts/accounts.js';
import { CloudClient } from './cloud-client.js';
import type { CloudAccountEntity } from './remote.entities.js';

const place = (userId: string) => `cloud_accounts.token:${userId}`;

/** Who a user is in the cloud: a token of their own, sealed, and whom the cloud said that it is. */
@Injectable()
export class CloudAccounts {
  constructor(
    private readonly database: DataSource,
    private readonly keyring: Keyring,
    private readonly cloud: CloudClient,
  ) {}

  async get(caller: Caller): Promise<z.input<typeof CloudAccount>> {
    const row = await this.find(caller);
    const user = row ? { id: row.cloud_user_id, email: row.email, full_name: row.full_name } : null;
    return { cloud_url: this.cloud.url, user, connected_at: row?.connected_at ?? null };
  }

  async connect(caller: Caller, token: string): Promise<z.input<typeof CloudAccount>> {
    const user = await this.cloud.me(token);
    const id = signedIn(caller);
    await this.database.query(
      `insert into cloud_accounts (user_id, token, cloud_user_id, email, full_name) values ($1, $2, $3, $4, $5)
       on conflict (user_id) do update set token = excluded.token, cloud_user_id = excluded.cloud_user_id,
         email = excluded.email, full_name = excluded.full_name, connected_at = now()`,
      [id, this.keyring.seal(token, place(id)), user.id, user.email, user.full_name],
    );
    return this.get(caller);
  }

  async disconnect(caller: Caller): Promise<z.input<typeof CloudAccount>> {
    await this.database.query('delete from cloud_accounts where user_id = $1', [signedIn(caller)]);
    return this.get(caller);
  }

  /** The token to ask the cloud with, and the id that its commits know the caller by. */
  async tokenOf(caller: Caller): Promise<{ token: string; cloudUserId: string }> {
    const row = await this.find(caller);
    if (!row)
      throw new AppError('unauthorized', 'You are not connected with the cloud. Sign in there and connect.', {
        reason: 'cloud_token',
      });
    const token = this.keyring.open(row.token, place(row.user_id));
    if (!this.keyring.isCurrent(row.token))
      await this.database.query('update cloud_accounts set token = $2 where user_id = $1 and token = $3', [
        row.user_id,
        this.keyring.seal(token, place(row.user_id)),
        row.token,
      ]);
    return { token, cloudUserId: row.cloud_user_id };
  }

  private async find(caller: Caller): Promise<CloudAccountEntity | undefined> {
    const rows = await this.database.query<CloudAccountEntity[]>('select * from cloud_accounts where user_id = $1', [
      signedIn(caller),
    ]);
    return rows[0];
  }
}
