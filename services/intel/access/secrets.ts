import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG } from '#libs/bootstrap/tokens';
import type { Keyring } from '#libs/sealing/keyring';
import { openKeyring } from '#libs/sealing/sealing-config';
import type { IntelConfig } from '../config.js';

/** Secrets of the service itself, sealed in its database, the same for every replica. */
@Injectable()
export class Secrets {
  readonly keyring: Keyring;
  private readonly known = new Map<string, Promise<Buffer>>();

  constructor(
    private readonly database: DataSource,
    @Inject(CONFIG) config: IntelConfig,
  ) {
    this.keyring = openKeyring(config);
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
