import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { hashOf, isHash } from './secrets.js';

interface KeyRow {
  id: number;
  kind: 'network' | 'signing';
  hash: Buffer | null;
  secret: Buffer | null;
  until: number | null;
}

/** The name of a shared key that came from the settings. */
const FROM_SETTINGS = 'NETWORK_SHARED_KEY';

/** The keys that are good now: shared ones that clients show, and those that sign our tokens, the newest first. */
export class Keyring {
  private rows: readonly KeyRow[] = [];

  constructor(private readonly pool: Pool) {}

  /**
   * Takes the shared key of the settings in as a row like any other, the first time it is seen. From then on the row
   * says whether it is good: a key that was ended stays so, whatever the settings say. A new one ends its predecessor from
   * the settings a day later.
   */
  async takeIn(networkKey: string): Promise<void> {
    await this.pool.query(
      `with made as (
         insert into keys (kind, name, hash) values ('network', $2, $1) on conflict (hash) where kind = 'network' do nothing returning id
       ) update keys k set valid_until = least(k.valid_until, now() + interval '1 day') from made
       where k.kind = 'network' and k.name = $2 and (k.valid_until is null or k.valid_until > now())`,
      [hashOf(networkKey), FROM_SETTINGS],
    );
  }

  /** Reads the keys; makes the first signing key when there is none, once among all replicas. */
  async load(): Promise<void> {
    await this.pool.query(
      `insert into keys (kind, name, secret) select 'signing', 'first', $1
       where not exists (select from keys where kind = 'signing') and pg_try_advisory_xact_lock(730502094)`,
      [randomBytes(32)],
    );
    const { rows } = await this.pool.query<KeyRow>(
      `select id, kind, hash, secret, extract(epoch from valid_until)::float8 * 1000 as until from keys
       where kind in ('network', 'signing') and (valid_until is null or valid_until > now()) order by id desc`,
    );
    this.rows = rows;
    if (this.signingKeys(0).length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await this.load();
    }
  }

  /** Every key is compared, whichever fits, so that time tells nothing. */
  isNetworkKey(shown: string, now: number): boolean {
    const known = this.rows.filter(({ kind, until }) => kind === 'network' && (until === null || until > now));
    const seen = hashOf(shown);
    const fits = known.filter(({ hash }) => isHash(seen, hash));
    return fits.length > 0;
  }

  signingKeys(now: number): Buffer[] {
    return this.rows
      .filter(({ kind, until }) => kind === 'signing' && (until === null || until > now))
      .map(({ secret }) => secret!);
  }
}
