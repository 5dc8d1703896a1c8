import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Seals, SecretColumns } from './seals.js';
import { hashOf, isHash } from './secrets.js';

interface KeyRow extends SecretColumns {
  id: number;
  kind: 'network' | 'signing';
  hash: Buffer | null;
  until: number | null;
}

/** The name of a shared key that came from the settings. */
const FROM_SETTINGS = 'NETWORK_SHARED_KEY';

const placeOf = (id: number) => `mesh.keys.secret:${id}`;

/** The keys that are good now: shared ones that clients show, and those that sign our tokens, the newest first. */
export class Keyring {
  private rows: readonly KeyRow[] = [];
  /** Signing keys by the rows they lie in: one that was opened stays known, whatever it is sealed under later. */
  private opened: ReadonlyMap<number, Buffer> = new Map();

  constructor(
    private readonly pool: Pool,
    private readonly seals: Seals,
  ) {}

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

  /**
   * Reads the keys; makes the first signing key when there is none, once among all replicas. A signing key that lies in
   * clear, or under an older key, is sealed; the secret of one that has ended is forgotten.
   */
  async load(): Promise<void> {
    const rows = await this.read();
    const signing = rows.filter(({ kind }) => kind === 'signing');
    if (signing.length === 0) {
      await this.makeFirst();
      return this.load();
    }
    this.opened = new Map(
      signing.map((row) => [row.id, this.opened.get(row.id) ?? this.seals.open(row, placeOf(row.id))]),
    );
    this.rows = rows;
    for (const row of signing) if (this.seals.isDue(row)) await this.sealAgain(row);
    await this.pool.query(
      `update keys set secret = null, sealed = null
       where kind = 'signing' and valid_until <= now() and num_nonnulls(secret, sealed) > 0`,
    );
  }

  /** The row number of a new signing key, and the key sealed for that row. */
  async draftSigningKey(query: (sql: string) => Promise<{ id: number }[]>): Promise<{ id: number; sealed: string }> {
    const [row] = await query(`select nextval(pg_get_serial_sequence('keys', 'id'))::int as id`);
    const { id } = row!;
    return { id, sealed: this.seals.seal(randomBytes(32), placeOf(id)) };
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
      .map(({ id }) => this.opened.get(id)!);
  }

  private async read(): Promise<KeyRow[]> {
    const { rows } = await this.pool.query<KeyRow>(
      `select id::int, kind, hash, secret, sealed, extract(epoch from valid_until)::float8 * 1000 as until from keys
       where kind in ('network', 'signing') and (valid_until is null or valid_until > now()) order by keys.id desc`,
    );
    return rows;
  }

  private async makeFirst(): Promise<void> {
    const { id, sealed } = await this.draftSigningKey(async (sql) => (await this.pool.query<{ id: number }>(sql)).rows);
    const { rowCount } = await this.pool.query(
      `insert into keys (id, kind, name, sealed) overriding system value select $1, 'signing', 'first', $2
       where not exists (select from keys where kind = 'signing' and (valid_until is null or valid_until > now()))
         and pg_try_advisory_xact_lock(730502094)`,
      [id, sealed],
    );
    if (rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /** Where another replica did so meanwhile, or the key was ended, its row stays as it is. */
  private async sealAgain({ id, sealed }: KeyRow): Promise<void> {
    await this.pool.query(
      `update keys set sealed = $2, secret = null where id = $1 and sealed is not distinct from $3 and num_nonnulls(secret, sealed) > 0`,
      [id, this.seals.seal(this.opened.get(id)!, placeOf(id)), sealed],
    );
  }
}
