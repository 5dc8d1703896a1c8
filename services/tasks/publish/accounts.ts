import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import { isUuid } from '#libs/contracts/fields';
import type { createPubAccount, Platform, PubAccount } from '#libs/contracts/tasks-publish';
import { AppError } from '#libs/errors/app-error';
import { Outbound } from '#libs/outbound/outbound';
import type { Keyring } from '#libs/sealing/keyring';
import { readCredential, troubleWith } from './credentials.js';

export const KEYRING = Symbol('KEYRING');

interface AccountRow extends PubAccount {
  platform: Platform;
  credential: string;
}

/** Where a credential belongs, which is sealed with it. */
const placeOf = (id: string): string => `pub_accounts.credential:${id}`;

/** What people publish with: their credentials are sealed, and never given back. */
@Injectable()
export class Accounts {
  constructor(
    private readonly database: DataSource,
    private readonly outbound: Outbound,
    @Inject(KEYRING) private readonly keyring: Keyring,
  ) {}

  async create(
    caller: Caller,
    { platform, label, credential_json }: InputOf<typeof createPubAccount>,
  ): Promise<PubAccount> {
    const credential = readCredential(credential_json);
    if (platform === 'webhook' || platform === 'site') {
      const trouble = troubleWith(platform, credential, this.outbound);
      if (trouble !== null) throw new AppError('invalid', trouble);
    }
    const [{ id }] = (await this.database.query<{ id: string }[]>('select gen_random_uuid() as id')) as [
      { id: string },
    ];
    const [row] = await this.database.query<PubAccount[]>(
      `insert into pub_accounts (id, user_id, platform, label, credential) values ($1, $2, $3, $4, $5) returning *`,
      [id, caller.user_id, platform, label ?? null, this.keyring.seal(credential_json, placeOf(id))],
    );
    return row!;
  }

  list(caller: Caller): Promise<PubAccount[]> {
    return this.database.query<PubAccount[]>('select * from pub_accounts where user_id = $1 order by seq', [
      caller.user_id,
    ]);
  }

  /** Looks at the credential; a disabled account stays disabled. */
  async validate(caller: Caller, id: string): Promise<PubAccount> {
    const account = await this.own(caller, id);
    const trouble = troubleWith(account.platform, await this.credentialOf(account), this.outbound);
    return this.update(
      `status = case when status = 'disabled' then status else $3 end, last_checked_at = now(), last_error = $4`,
      [id, caller.user_id, trouble === null ? 'active' : 'expired', trouble],
    );
  }

  disable(caller: Caller, id: string): Promise<PubAccount> {
    return this.update(`status = 'disabled'`, [id, caller.user_id]);
  }

  enable(caller: Caller, id: string): Promise<PubAccount> {
    return this.update(`status = 'active', last_error = null`, [id, caller.user_id]);
  }

  /** Its jobs stay to be read; those that have not run yet fail for want of an account. */
  async remove(caller: Caller, id: string): Promise<{ ok: boolean }> {
    await this.own(caller, id);
    await this.database.query('delete from pub_accounts where id = $1 and user_id = $2', [id, caller.user_id]);
    return { ok: true };
  }

  /** The account, if it is the caller's own. */
  async own(caller: { user_id: string | null }, id: string): Promise<AccountRow> {
    const account = await this.find(caller.user_id, id);
    if (account) return account;
    throw new AppError('not_found', 'Publish account not found');
  }

  async find(user_id: string | null, id: string): Promise<AccountRow | undefined> {
    if (!isUuid(id)) return undefined;
    const [row] = await this.database.query<AccountRow[]>('select * from pub_accounts where id = $1 and user_id = $2', [
      id,
      user_id,
    ]);
    return row;
  }

  /** The credential itself; one that lies under an older key is sealed again under the first one. */
  async credentialOf(account: AccountRow): Promise<unknown> {
    const text = this.keyring.open(account.credential, placeOf(account.id));
    if (!this.keyring.isCurrent(account.credential))
      await this.database.query('update pub_accounts set credential = $2 where id = $1 and credential = $3', [
        account.id,
        this.keyring.seal(text, placeOf(account.id)),
        account.credential,
      ]);
    return readCredential(text);
  }

  private async update(set: string, values: unknown[]): Promise<PubAccount> {
    const [id] = values as [string];
    if (isUuid(id)) {
      const [[row]] = await this.database.query<[PubAccount[], number]>(
        `update pub_accounts set ${set} where id = $1 and user_id = $2 returning *`,
        values,
      );
      if (row) return row;
    }
    throw new AppError('not_found', 'Publish account not found');
  }
}
