import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG } from '#libs/bootstrap/tokens';
import type { Keyring } from '#libs/sealing/keyring';
import { openKeyring } from '#libs/sealing/sealing-config';
import type { IntelConfig } from '../config.js';
import { Rounds } from '../rounds.js';

/** Where sealed things lie: each row's own place is `table.id`. */
const SEALED = [
  { table: 'secrets', id: 'name', column: 'sealed' },
  { table: 'signing_keys', id: 'id', column: 'sealed_key' },
] as const;

/** Secrets of the service itself, sealed in its database, the same for every replica. */
@Injectable()
export class Secrets implements OnApplicationBootstrap {
  readonly keyring: Keyring;
  private readonly known = new Map<string, Promise<Buffer>>();

  constructor(
    private readonly database: DataSource,
    private readonly rounds: Rounds,
    @Inject(CONFIG) config: IntelConfig,
  ) {
    this.keyring = openKeyring(config);
  }

  onApplicationBootstrap(): void {
    this.rounds.every('sealing secrets under the newest of SEALING_KEYS', 3600, () => this.sealAgain());
  }

  /** What lies under an older key is sealed under the newest, so that the older one can be taken away. */
  private async sealAgain(): Promise<void> {
    for (const { table, id, column } of SEALED) {
      const rows = await this.database.query<{ id: string; sealed: string }[]>(
        `select ${id} as id, ${column} as sealed from ${table} where ${column} is not null`,
      );
      for (const row of rows) {
        if (this.keyring.isCurrent(row.sealed)) continue;
        await this.database.query(`update ${table} set ${column} = $2 where ${id} = $1 and ${column} = $3`, [
          row.id,
          this.keyring.reseal(row.sealed, `${table}.${row.id}`),
          row.sealed,
        ]);
      }
    }
  }

  /** 32 random bytes under a name, made when nobody has asked for them before. */
  bytes(name: string): Promise<Buffer> {
    const known = this.known.get(name) ?? this.find(name);
    this.known.set(name, known);
    known.catch(() => this.known.delete(name));
    return known;
  }

  private async find(name: string): Promise<Buffer> {
    const place = `secrets.${name}`;
    await this.database.query('insert into secrets (name, sealed) values ($1, $2) on conflict do nothing', [
      name,
      this.keyring.seal(randomBytes(32).toString('base64'), place),
    ]);
    const [row] = await this.database.query<{ sealed: string }[]>('select sealed from secrets where name = $1', [name]);
    return Buffer.from(this.keyring.open(row!.sealed, place), 'base64');
  }
}
