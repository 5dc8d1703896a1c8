import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { TrustKeys } from '#libs/contracts/intel-rules';
import { AppError } from '#libs/errors/app-error';
import * as shapes from '#libs/snapshot/document-shapes';
import { ROLES, type RoleName, type Root, type Signature, type Signed } from '#libs/snapshot/documents';
import { follows } from '#libs/snapshot/newest-root';
import { nextRoot } from '#libs/snapshot/next-root';
import { generateKey, keyId, sign, type SigningKey } from '#libs/snapshot/signing';
import { SnapshotRefusedError } from '#libs/snapshot/world';
import { Roles } from '../access/roles.js';
import { Secrets } from '../access/secrets.js';

/** How long a key of the feed that was replaced tells of the one that took its place, and how many keys sign at most. */
const HANDED_OVER_WITHIN = '30 days';
const MOST_FEED_KEYS = 4;
const LOCK = 5_201_115;

interface KeyRow {
  id: string;
  role: RoleName | 'feed';
  public_key: string;
  sealed_key: string | null;
  retired_at: Date | null;
}

/**
 * The keys that sign. At first all are made and kept here; an administrator can publish a root that names keys kept
 * elsewhere, and from then on the service holds only those that it needs by the hour.
 */
@Injectable()
export class Keys {
  private published: () => void = () => undefined;

  constructor(
    private readonly database: DataSource,
    private readonly secrets: Secrets,
    private readonly roles: Roles,
  ) {}

  /** Names who is told when another root was published here. */
  onRoot(told: () => void): void {
    this.published = told;
  }

  /** The root in use; made with all keys when there is none. */
  async root(): Promise<Signed<Root>> {
    return (await this.newest(this.database.manager)) ?? this.database.transaction((manager) => this.begin(manager));
  }

  async roots(): Promise<Signed<Root>[]> {
    await this.root();
    const rows = await this.database.query<{ body: Signed<Root> }[]>('select body from roots order by version');
    return rows.map(({ body }) => body);
  }

  /** Signs with the keys of the role that are here; undefined when they are not enough. */
  async sign<T>(role: RoleName, document: T): Promise<Signature[] | undefined> {
    const { signed: root } = await this.root();
    const { keys, threshold } = root.roles[role];
    const held = await this.held(this.database.manager, keys);
    return held.length < threshold ? undefined : (await sign(document, held)).signatures;
  }

  /**
   * The keys by which other centres know our feed, the one in use first: one that was replaced signs for another month, so that
   * who follows it hears from it of the new one.
   */
  async feedKeys(): Promise<[SigningKey, ...SigningKey[]]> {
    await this.root();
    const rows = await this.database.query<KeyRow[]>(
      `select * from signing_keys where role = 'feed' and sealed_key is not null and (retired_at is null or retired_at > now() - $1::interval)
       order by retired_at desc nulls first, created_at desc, id limit $2`,
      [HANDED_OVER_WITHIN, MOST_FEED_KEYS],
    );
    return [this.opened(rows[0]!), ...rows.slice(1).map((row) => this.opened(row))];
  }

  async show(): Promise<TrustKeys> {
    const root = await this.root();
    const rows = await this.database.query<KeyRow[]>('select * from signing_keys order by created_at, id');
    return {
      root: root as TrustKeys['root'],
      keys: rows.map(({ id, role, public_key, sealed_key, retired_at }) => ({
        id,
        role,
        public_key,
        held_here: sealed_key !== null,
        retired_at,
      })),
    };
  }

  async rotate(caller: Caller, role: RoleName | 'feed'): Promise<{ published: boolean; root: Root }> {
    await this.roles.require(caller, 'admin');
    const before = (await this.root()).signed.version;
    const made = await this.database.transaction(async (manager) => {
      await manager.query('select pg_advisory_xact_lock($1)', [LOCK]);
      const current = (await this.newest(manager))!;
      const young = await this.make(manager, role);
      if (role === 'feed') {
        await manager.query(
          `update signing_keys set retired_at = now() where role = 'feed' and id <> $1 and retired_at is null`,
          [young.id],
        );
        return { published: true, root: { ...current.signed } };
      }
      const next = nextRoot(current.signed, { ...current.signed.roles, [role]: { keys: [young.id], threshold: 1 } }, [
        young,
      ]);
      const signers = await this.held(manager, [...current.signed.roles.root.keys, ...next.roles.root.keys]);
      const made = await sign(next, signers);
      const published = await this.take(manager, current, made).then(
        () => true,
        (error: unknown) => {
          if (error instanceof AppError) return false;
          throw error;
        },
      );
      return { published, root: { ...next } };
    });
    if (made.published && made.root.version > before) this.published();
    return made;
  }

  /** Takes a root from elsewhere. As long as the keys of the root in use are here, they sign it too: that is how they can be given away. */
  async publish(caller: Caller, given: unknown): Promise<TrustKeys> {
    await this.roles.require(caller, 'admin');
    await this.root();
    const parsed = shapes.signed(shapes.Root).safeParse(given);
    if (!parsed.success)
      throw new AppError(
        'invalid',
        `This is no root: ${parsed.error.issues[0]!.path.join('.')}: ${parsed.error.issues[0]!.message}`,
      );
    for (const [id, key] of Object.entries(parsed.data.signed.keys))
      if ((await keyId(key).catch(() => '')) !== id)
        throw new AppError('invalid', `keys.${id}: this is not the id of that key.`);
    await this.database.transaction(async (manager) => {
      await manager.query('select pg_advisory_xact_lock($1)', [LOCK]);
      const current = (await this.newest(manager))!;
      const { signed, signatures } = parsed.data;
      const ours = await sign(signed, await this.held(manager, current.signed.roles.root.keys));
      await this.take(manager, current, { signed, signatures: [...signatures, ...ours.signatures] });
    });
    this.published();
    return this.show();
  }

  private async begin(manager: EntityManager): Promise<Signed<Root>> {
    await manager.query('select pg_advisory_xact_lock($1)', [LOCK]);
    const known = await this.newest(manager);
    if (known) return known;
    const made = {} as Record<RoleName, SigningKey>;
    for (const role of ROLES) made[role] = await this.make(manager, role);
    await this.make(manager, 'feed');
    const roles = Object.fromEntries(
      ROLES.map((role) => [role, { keys: [made[role].id], threshold: 1 }]),
    ) as Root['roles'];
    const root = await sign(nextRoot(undefined, roles, Object.values(made)), [made.root]);
    await manager.query('insert into roots (version, body) values (1, $1)', [JSON.stringify(root)]);
    return root;
  }

  /** Takes a root that follows; keys it no longer names are retired, and forgotten here. */
  private async take(manager: EntityManager, current: Signed<Root>, next: Signed<Root>): Promise<void> {
    await follows(current.signed, next).catch((error: unknown) => {
      if (error instanceof SnapshotRefusedError) throw new AppError('conflict', error.message);
      throw error;
    });
    await manager.query('insert into roots (version, body) values ($1, $2)', [
      next.signed.version,
      JSON.stringify(next),
    ]);
    for (const role of ROLES)
      for (const id of next.signed.roles[role].keys)
        await manager.query(
          `insert into signing_keys (id, role, public_key) values ($1, $2, $3) on conflict (id) do nothing`,
          [id, role, next.signed.keys[id]],
        );
    const named = ROLES.flatMap((role) => next.signed.roles[role].keys);
    await manager.query(
      `update signing_keys set retired_at = now(), sealed_key = null where role <> 'feed' and retired_at is null and id <> all($1)`,
      [named],
    );
  }

  private async newest(manager: EntityManager): Promise<Signed<Root> | undefined> {
    const rows = await manager.query<{ body: Signed<Root> }[]>('select body from roots order by version desc limit 1');
    return rows[0]?.body;
  }

  private async make(manager: EntityManager, role: RoleName | 'feed'): Promise<SigningKey> {
    const key = await generateKey();
    const sealed = this.secrets.keyring.seal(key.private_key, `signing_keys.${key.id}`);
    await manager.query('insert into signing_keys (id, role, public_key, sealed_key) values ($1, $2, $3, $4)', [
      key.id,
      role,
      key.public_key,
      sealed,
    ]);
    return key;
  }

  private async held(manager: EntityManager, ids: readonly string[]): Promise<SigningKey[]> {
    const rows = await manager.query<KeyRow[]>(
      'select * from signing_keys where id = any($1) and sealed_key is not null',
      [ids],
    );
    return rows.map((row) => this.opened(row));
  }

  private opened({ id, public_key, sealed_key }: KeyRow): SigningKey {
    return { id, public_key, private_key: this.secrets.keyring.open(sealed_key!, `signing_keys.${id}`) };
  }
}
