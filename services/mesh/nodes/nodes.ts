import type { Pool } from 'pg';
import { AppError } from '#libs/errors/app-error';
import { parseExact } from '#libs/timeline/exact-json';
import { sitesOf } from '../domain/capabilities.js';
import { standingAfter } from '../domain/quota.js';
import { RIGHTS, type Role } from '../domain/role.js';
import { withheldIn } from '../domain/withheld.js';
import type { Worker } from '../leases/board.js';
import { admitStranger } from './strangers.js';

/** `left` by itself, and back when it registers again; what an administrator says holds until one says otherwise. */
export type NodeState = 'active' | 'left' | 'draining' | 'revoked';

export interface Node extends Worker {
  capabilities: Record<string, unknown>;
  entitled: ReadonlySet<string> | null;
  /** The sites it says it can crawl. */
  able: ReadonlySet<string> | null;
  role: Role;
  /** The registration key it came by. */
  key: number | null;
  state: NodeState;
  tokenEpoch: number;
  clientVersion: string | null;
  quota: number;
  /** The quota as it stands in the database, as far as is known. */
  storedQuota: number;
  failures: number;
  coolingUntilMs: number | null;
  secretHash: Buffer | null;
  olderSecretHash: Buffer | null;
  olderSecretUntilMs: number | null;
  isTouched: boolean;
  asked: number;
  askedSinceMs: number;
}

const MINUTE_MS = 60_000;

const COLUMNS = `id, node_id, role, key, state, capabilities::text as capabilities, sites, client_version, quota, failures, token_epoch,
  secret_hash, older_secret_hash, extract(epoch from older_secret_until)::float8 * 1000 as older_until,
  extract(epoch from cooling_until)::float8 * 1000 as cooling`;

/**
 * The nodes that have been heard of, kept in memory once seen. How a node does and when it was last seen is written
 * behind, a few times a minute; what it may do is read anew when somebody changes it.
 */
export class Nodes {
  private readonly byName = new Map<string, Node>();
  private readonly byId = new Map<number, Node>();

  constructor(
    private readonly pool: Pool,
    private readonly employ: (node: Node) => void,
    /** Told of a node that may do less, or other things, than it could before. */
    private readonly changed: (node: Node) => void,
    private readonly most: {
      legacy: number;
      newPerHour: number;
      legacySites: ReadonlySet<string> | null;
      asksPerMinute: number;
    },
  ) {}

  get known(): number {
    return this.byId.size;
  }

  async named(name: string): Promise<Node | undefined> {
    return this.byName.get(name) ?? (await this.read('node_id = any($1)', [name]))[0];
  }

  async numbered(id: number): Promise<Node | undefined> {
    return this.byId.get(id) ?? (await this.read('id = any($1)', [id]))[0];
  }

  /** What is known of a node without asking the database. */
  peek(id: number): Node | undefined {
    return this.byId.get(id);
  }

  /** A node of the shared key, made when it was never heard of; there are only so many of them, and so many an hour from one address. */
  async legacy(name: string, address: string | null): Promise<Node> {
    const known = await this.named(name);
    if (known !== undefined) return known;
    await admitStranger(this.pool, { name, address: address ?? '' }, this.most);
    return (await this.named(name))!;
  }

  /** Counts what a node asks, once it has shown who it is; refuses when it asks too often. */
  countAsk(node: Node, nowMs: number): void {
    if (nowMs >= node.askedSinceMs + MINUTE_MS) {
      node.askedSinceMs = nowMs;
      node.asked = 0;
    }
    if (++node.asked > this.most.asksPerMinute)
      throw new AppError('unavailable', `${node.name} asks more than ${this.most.asksPerMinute} times a minute.`, {
        reason: 'too_many_requests',
        retry_after_s: Math.ceil((node.askedSinceMs + MINUTE_MS - nowMs) / 1000),
      });
  }

  /** Writes what a node says of itself. */
  async describe(node: Node, capabilities: Record<string, unknown>, clientVersion: string | null): Promise<void> {
    await this.pool.query(
      `update nodes set capabilities = $2, client_version = coalesce($3, client_version), last_seen_at = now(),
         state = case state when 'left' then 'active' else state end where id = $1`,
      [node.id, JSON.stringify(withheldIn(capabilities)), clientVersion],
    );
    await this.reload([node.id]);
  }

  async reload(ids: readonly number[]): Promise<void> {
    const known = ids.filter((id) => this.byId.has(id));
    if (known.length === 0) return;
    const there = new Set((await this.read('id = any($1)', known)).map(({ id }) => id));
    for (const id of known) if (!there.has(id)) this.forget(id);
  }

  /** Learns all that are known anew: news of a node that was revoked may have been lost. */
  reloadAll(): Promise<void> {
    return this.reload([...this.byId.keys()]);
  }

  private forget(id: number): void {
    const node = this.byId.get(id);
    if (node === undefined) return;
    this.byName.delete(node.name);
    this.byId.delete(id);
    this.changed(node);
  }

  touch(node: Node): void {
    node.isTouched = true;
  }

  /** Takes note of how a lease of the node ended. */
  judge(id: number, outcome: 'done' | 'failed' | 'expired', nowMs: number): void {
    const node = this.byId.get(id);
    if (node === undefined) return;
    const before = node.quota;
    Object.assign(node, standingAfter(node, outcome, { cap: RIGHTS[node.role].quotaCap, nowMs }));
    if (before !== node.quota || outcome !== 'done') node.isTouched = true;
  }

  /** Writes down what has changed since the last time; a quota that somebody else has set meanwhile is taken over instead. */
  async flush(): Promise<void> {
    const touched = [...this.byId.values()].filter(({ isTouched }) => isTouched);
    if (touched.length === 0) return;
    for (const node of touched) node.isTouched = false;
    const written = new Map(touched.map(({ id, quota }) => [id, quota]));
    const { rows } = await this.pool.query<{ id: number; quota: number }>(
      `update nodes n set quota = case when n.quota = t.stored then t.quota else n.quota end, failures = t.failures, cooling_until = to_timestamp(t.cooling / 1000), last_seen_at = now()
       from unnest($1::int[], $2::smallint[], $3::smallint[], $4::smallint[], $5::float8[]) as t(id, quota, stored, failures, cooling)
       where n.id = t.id returning n.id, n.quota`,
      [
        touched.map(({ id }) => id),
        touched.map(({ quota }) => quota),
        touched.map(({ storedQuota }) => storedQuota),
        touched.map(({ failures }) => failures),
        touched.map(({ coolingUntilMs }) => coolingUntilMs),
      ],
    );
    for (const { id, quota } of rows) {
      const node = this.byId.get(id);
      if (node !== undefined) this.takeOver(node, quota, written.get(id)!);
    }
  }

  /** The quota of the database, where it is not the one that was expected there. */
  private takeOver(node: Node, stored: number, expected: number): void {
    if (stored !== expected) node.quota = stored;
    node.storedQuota = stored;
  }

  private async read(condition: string, keys: readonly (string | number)[]): Promise<Node[]> {
    const { rows } = await this.pool.query<Row>(`select ${COLUMNS} from nodes where ${condition}`, [keys]);
    return rows.map((row) => this.learn(row));
  }

  /** The sites that it was given; of the shared key, none beyond those that are open to it. */
  private entitled({ role, sites }: Row): ReadonlySet<string> | null {
    const open = role === 'legacy' ? this.most.legacySites : null;
    if (open === null) return sites === null ? null : new Set(sites);
    return new Set(sites === null ? open : sites.filter((site) => open.has(site)));
  }

  private learn(row: Row): Node {
    const capabilities = parseExact(row.capabilities) as Record<string, unknown>;
    const read = {
      capabilities,
      able: sitesOf(capabilities),
      entitled: this.entitled(row),
      role: row.role,
      mostTtls: RIGHTS[row.role].mostTtls,
      key: row.key,
      state: row.state,
      tokenEpoch: row.token_epoch,
      clientVersion: row.client_version,
      secretHash: row.secret_hash,
      olderSecretHash: row.older_secret_hash,
      olderSecretUntilMs: row.older_until,
    };
    const known = this.byId.get(row.id);
    if (known !== undefined) {
      const before = whatItMayDo(known);
      Object.assign(known, read);
      this.takeOver(known, row.quota, known.storedQuota);
      if (whatItMayDo(known) !== before) this.changed(known);
      return known;
    }
    const standing = { quota: row.quota, storedQuota: row.quota, failures: row.failures, coolingUntilMs: row.cooling };
    const node: Node = {
      id: row.id,
      name: row.node_id,
      active: 0,
      isTouched: false,
      asked: 0,
      askedSinceMs: 0,
      ...standing,
      ...read,
    };
    this.byId.set(node.id, node);
    this.byName.set(node.name, node);
    this.employ(node);
    return node;
  }
}

const whatItMayDo = ({ state, tokenEpoch, capabilities, entitled }: Node): string =>
  JSON.stringify([state, tokenEpoch, capabilities, entitled === null ? null : [...entitled]]);

interface Row {
  id: number;
  node_id: string;
  role: Role;
  key: number | null;
  state: NodeState;
  capabilities: string;
  sites: string[] | null;
  client_version: string | null;
  quota: number;
  failures: number;
  token_epoch: number;
  secret_hash: Buffer | null;
  older_secret_hash: Buffer | null;
  older_until: number | null;
  cooling: number | null;
}
