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

/** The keys that are good now: shared ones that clients show, and those that sign our tokens, the newest first. */
export class Keyring {
  private rows: readonly KeyRow[] = [];
  private readonly ownNetworkKey: Buffer | null;

  constructor(
    private readonly pool: Pool,
    networkKey: string | undefined,
  ) {
    this.ownNetworkKey = networkKey === undefined ? null : hashOf(networkKey);
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
    const fits = [this.ownNetworkKey, ...known.map(({ hash }) => hash)].filter((hash) => isHash(seen, hash));
    return fits.length > 0;
  }

  signingKeys(now: number): Buffer[] {
    return this.rows
      .filter(({ kind, until }) => kind === 'signing' && (until === null || until > now))
      .map(({ secret }) => secret!);
  }
}
