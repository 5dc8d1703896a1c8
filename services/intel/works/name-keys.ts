import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { foldKey, KEY_VERSION } from '#libs/titles/fold';
import { Rounds } from '../rounds.js';

const PAGE = 5000;

/** A name as the bare maps have it, where spaces do not count. */
export const spaceless = (name: string): string => name.trim().toLowerCase().replaceAll(' ', '');

/** The key by which readers find a name; one of punctuation alone is its own. Names that are one name in the bare maps have one key. */
export const nameKey = (name: string): string => foldKey(spaceless(name)) || spaceless(name);

/** Grows with the rules of folding, and with those above. */
export const NAME_KEY_VERSION = KEY_VERSION * 100 + 1;

/** Gives names their keys that were kept before there were keys, or by older rules. */
@Injectable()
export class NameKeys implements OnApplicationBootstrap {
  constructor(
    private readonly database: DataSource,
    private readonly rounds: Rounds,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.every('keys of names', 24 * 3600, (signal) => this.fill(signal));
  }

  async fill(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const rows = await this.database.query<{ id: number; name: string }[]>(
        'select id, name from aliases where key_version <> $1 limit $2',
        [NAME_KEY_VERSION, PAGE],
      );
      await this.database.query(
        `update aliases a set name_key = g.key, key_version = $2
         from json_to_recordset($1) as g(id bigint, key text) where a.id = g.id`,
        [JSON.stringify(rows.map(({ id, name }) => ({ id, key: nameKey(name) }))), NAME_KEY_VERSION],
      );
      if (rows.length < PAGE) return;
    }
  }
}
