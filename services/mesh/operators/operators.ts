import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import { meshNodeChanged } from '#libs/contracts/mesh';
import type * as contract from '#libs/contracts/mesh-operators';
import { AppError } from '#libs/errors/app-error';
import { tellAfterwards } from '#libs/outbox/outbox';
import { Engine } from '../engine.js';
import { Leases } from '../leases/leases.js';
import { onlyAdmins } from '../nodes/credentials.js';
import { hashOf, newSecret } from '../nodes/secrets.js';

type WorkerView = OutputOf<typeof contract.changeWorker>;
type KeyView = OutputOf<typeof contract.revokeKey>;
type Act = OutputOf<typeof contract.listAudit>['items'][number];

const KEY = 'id, kind, name, sites, uses_left, valid_until, created_at';
const NEWS_WAIT_MS = 25_000;
const LOOK_EVERY_MS = 1000;
const EVENTS_AT_ONCE = 200;
/** How often and until when a key of each kind is good, when nothing is said of it. */
const USUAL = {
  network: { uses: null, until: () => null },
  registration: { uses: 1, until: (now: number) => new Date(now + 7 * 24 * 3_600_000) },
  signing: { uses: null, until: () => null },
} as const;
const EVENT = /^(\d{1,19})(?:\.(\d{1,15}))?$/;

/** What operators see of the mesh, and the keys they hold. */
@Injectable()
export class Operators {
  constructor(
    private readonly database: DataSource,
    private readonly engine: Engine,
    private readonly leases: Leases,
  ) {}

  async workers(
    caller: Caller,
    { after, limit }: InputOf<typeof contract.listWorkers>,
  ): Promise<OutputOf<typeof contract.listWorkers>> {
    onlyAdmins(caller);
    const rows = await this.workerViews('($1::int is null or n.id > $1) order by n.id limit $2', [after, limit + 1]);
    return { items: rows.slice(0, limit), next: rows.length > limit ? rows[limit - 1]!.id : null };
  }

  async changeWorker(caller: Caller, draft: InputOf<typeof contract.changeWorker>): Promise<WorkerView> {
    const actor = onlyAdmins(caller);
    const { node_id, state, sites, quota } = draft;
    if (state === undefined && sites === undefined && quota === undefined)
      throw new AppError('invalid', `Nothing was said of ${node_id}: give a state, its sites or its quota.`);
    const id = await this.database.transaction(async (manager) => {
      const [[changed]] = await manager.query<[{ id: number }[], number]>(
        `update nodes set state = coalesce($2, state), sites = case when $3 then $4 else sites end, quota = coalesce($5, quota),
           token_epoch = token_epoch + case when $2 = 'revoked' then 1 else 0 end where node_id = $1 returning id`,
        [node_id, state ?? null, sites !== undefined, sites ?? null, quota ?? null],
      );
      if (changed === undefined) throw new AppError('not_found', `There is no worker ${node_id}.`);
      const act = { actor, act: `node.${state ?? 'changed'}`, subject: node_id, details: { sites, quota } };
      await this.engine.audit.write((sql, values) => manager.query(sql, values), act);
      if (state !== undefined) {
        // The row is held until the commit, so that of two words the later has the later moment.
        const [{ now }] = await manager.query<[{ now: Date }]>('select clock_timestamp() as now');
        const word = { node: node_id, is_revoked: state === 'revoked', changed_at: now };
        await tellAfterwards(manager, meshNodeChanged, word);
      }
      return changed.id;
    });
    const node = (await this.engine.nodes.numbered(id))!;
    await this.engine.nodesChanged([id]);
    if (state === 'draining' || state === 'revoked') await this.leases.releaseAll(node);
    return (await this.workerViews('n.id = $1', [id]))[0]!;
  }

  async stats(caller: Caller): Promise<OutputOf<typeof contract.meshStats>> {
    onlyAdmins(caller);
    const [row] = await this.database.query<Figures[]>(FIGURES);
    const busiest = await this.database.query<{ site_id: string; finished: number }[]>(
      `select t.site_id, count(*)::int as finished from history a join sites t on t.id = a.site
       where a.at > now() - interval '1 hour' and a.outcome = 'done' group by t.site_id order by 2 desc, 1 limit 20`,
    );
    const figures = row!;
    const { ready, future } = this.engine.scheduler.board.figures();
    return {
      workers: { known: figures.known, active: figures.active, waiting: this.engine.scheduler.room.size },
      sites: {
        total: figures.sites,
        leased: figures.leased,
        ready,
        later: future,
        paused: figures.paused,
        blocked: figures.blocked,
      },
      jobs: { pending: figures.pending, dead: figures.dead, oldest_due_s: figures.oldest_due },
      leases: { active: figures.leased, oldest_s: figures.oldest_lease },
      last_hour: { done: figures.done, failed: figures.failed, expired: figures.expired, released: figures.released },
      busiest_sites: busiest,
      refused_proposals: this.engine.contended,
      replicas: this.engine.replicas,
    };
  }

  /**
   * What came into the book of acts after an event, waiting a while for it; a reader without one begins now. Events come in
   * the order of their transactions, up to the oldest that is still under way, so that none can be skipped.
   */
  async events(
    caller: Caller,
    { after }: InputOf<typeof contract.meshEvents>,
  ): Promise<OutputOf<typeof contract.meshEvents>> {
    onlyAdmins(caller);
    if (after === null) {
      const [row] = await this.database.query<{ at: string }[]>(
        'select pg_snapshot_xmin(pg_current_snapshot())::text as at',
      );
      return { events: [], after: `${row!.at}.0` };
    }
    const [, xact, id = '0'] = EVENT.exec(after) ?? [];
    if (xact === undefined) throw new AppError('invalid', `${after} names no event.`);
    const until = performance.now() + NEWS_WAIT_MS;
    for (;;) {
      const news = this.engine.nextAct(Math.min(LOOK_EVERY_MS, Math.max(1, until - performance.now())));
      const acts = await this.database.query<(Act & { xact: string })[]>(
        `select a.id, a.at, a.actor, a.act, a.subject, a.epoch, a.details, a.written_in::text as xact from audit a
         where (a.written_in, a.id) > ($1::text::xid8, $2::bigint) and a.written_in < pg_snapshot_xmin(pg_current_snapshot())
         order by a.written_in, a.id limit $3`,
        [xact, id, EVENTS_AT_ONCE],
      );
      if (acts.length > 0 || performance.now() >= until) {
        const events = acts.map(({ xact, act, ...data }) => ({ id: `${xact}.${data.id}`, event: act, data }));
        return { events, after: events.at(-1)?.id ?? after };
      }
      await news;
    }
  }

  async keys(caller: Caller): Promise<OutputOf<typeof contract.listKeys>> {
    onlyAdmins(caller);
    return { items: await this.database.query<KeyView[]>(`select ${KEY} from keys order by id desc limit 1000`) };
  }

  /** A new shared or signing key is good at once; older ones of its kind end after the overlap. */
  async createKey(
    caller: Caller,
    draft: InputOf<typeof contract.createKey>,
  ): Promise<OutputOf<typeof contract.createKey>> {
    const actor = onlyAdmins(caller);
    const { kind, name, sites, uses, valid_until, overlap_s } = draft;
    const secret = kind === 'signing' ? null : newSecret(kind);
    const usual = USUAL[kind];
    const key = await this.database.transaction(async (manager) => {
      if (kind !== 'registration')
        await manager.query(
          `update keys set valid_until = least(valid_until, now() + $2 * interval '1 s') where kind = $1 and (valid_until is null or valid_until > now())`,
          [kind, overlap_s],
        );
      const signing =
        kind === 'signing'
          ? await this.engine.keyring.draftSigningKey((sql) => manager.query<{ id: number }[]>(sql))
          : null;
      const [row] = await manager.query<KeyView[]>(
        `insert into keys (id, kind, name, hash, sealed, sites, uses_left, valid_until, created_by) overriding system value
         values (coalesce($1, nextval(pg_get_serial_sequence('keys', 'id'))), $2, $3, $4, $5, $6, $7, $8, $9) returning ${KEY}`,
        [
          signing?.id ?? null,
          kind,
          name,
          secret === null ? null : hashOf(secret),
          signing?.sealed ?? null,
          sites,
          uses === undefined ? usual.uses : uses,
          valid_until === undefined ? usual.until(this.engine.now()) : valid_until,
          actor,
        ],
      );
      await this.engine.audit.write((sql, values) => manager.query(sql, values), {
        actor,
        act: 'key.created',
        subject: `${kind} ${row!.id}`,
      });
      return row!;
    });
    await this.engine.keysChanged();
    return { ...key, secret };
  }

  async revokeKey(caller: Caller, id: number): Promise<KeyView> {
    const actor = onlyAdmins(caller);
    const key = await this.database.transaction(async (manager) => {
      const [[row]] = await manager.query<[KeyView[], number]>(
        `update keys set valid_until = least(valid_until, now()) where id = $1 and not (kind = 'signing' and valid_until is null) returning ${KEY}`,
        [id],
      );
      if (row === undefined)
        throw new AppError(
          'not_found',
          `There is no key ${id} that can be ended; the signing key in use is ended by making another.`,
        );
      await this.engine.audit.write((sql, values) => manager.query(sql, values), {
        actor,
        act: 'key.revoked',
        subject: `${row.kind} ${id}`,
      });
      return row;
    });
    await this.engine.keysChanged();
    return key;
  }

  async audit(caller: Caller, wish: InputOf<typeof contract.listAudit>): Promise<OutputOf<typeof contract.listAudit>> {
    onlyAdmins(caller);
    const rows = await this.acts(
      '($1::bigint is null or a.id < $1) and ($2::text is null or a.actor = $2) and ($3::text is null or a.act = $3) order by a.id desc limit $4',
      [wish.after, wish.actor, wish.act, wish.limit + 1],
    );
    return { items: rows.slice(0, wish.limit), next: rows.length > wish.limit ? rows[wish.limit - 1]!.id : null };
  }

  /** Ends leases that have run out, everywhere, and those of nodes that get none any more; a courtesy, as either comes by itself. */
  async sweep(caller: Caller): Promise<{ ended: number }> {
    const actor = onlyAdmins(caller);
    const released = await this.leases.releaseOfUnwelcome();
    const { rows } = await this.engine.pool.query<{ slot: number; epoch: number }>(
      'select id as slot, epoch from slots where job is not null and eligible_at <= now() order by id limit 10000',
    );
    if (rows.length === 0) return { ended: released };
    const { answers } = await this.engine.store.lapse(rows);
    await this.engine.scheduler.recheck(rows.map(({ slot }) => slot));
    const ended = released + answers.filter((one) => one !== null).length;
    const sites = [...new Set(answers.flatMap((one) => one?.site ?? []))];
    await this.engine.sitesChanged(sites);
    this.engine.audit.note({ actor, act: 'mesh.swept', details: { ended } });
    return { ended };
  }

  private acts(condition: string, values: unknown[]): Promise<Act[]> {
    return this.database.query<Act[]>(
      `select a.id, a.at, a.actor, a.act, a.subject, a.epoch, a.details from audit a where ${condition}`,
      values,
    );
  }

  private async workerViews(condition: string, values: unknown[]): Promise<WorkerView[]> {
    return this.database.query<WorkerView[]>(
      `select n.id, n.node_id, n.role, n.state, n.capabilities, n.sites, n.client_version, n.quota, n.failures, n.cooling_until,
         n.registered_at, n.last_seen_at, coalesce(h.held, 0)::int as active_leases
       from nodes n left join (select node, count(*) as held from slots where job is not null and expires_at > now() group by node) h on h.node = n.id
       where ${condition}`,
      values,
    );
  }
}

type Figures = Record<
  | 'known'
  | 'active'
  | 'sites'
  | 'leased'
  | 'paused'
  | 'blocked'
  | 'pending'
  | 'dead'
  | 'done'
  | 'failed'
  | 'expired'
  | 'released',
  number
> & { oldest_due: number | null; oldest_lease: number | null };

const FIGURES = `
select n.known, n.active, t.sites, t.paused, t.blocked, s.leased, s.oldest_lease, j.pending, j.oldest_due, d.dead, h.*
from (select count(*)::int as known, (count(*) filter (where last_seen_at > now() - interval '5 minutes' and state = 'active'))::int as active from nodes) n,
  (select count(*)::int as sites, (count(*) filter (where state = 'paused'))::int as paused, (count(*) filter (where greatest(blocked_until, drained_until) > now()))::int as blocked from sites) t,
  (select count(*)::int as leased, extract(epoch from now() - min(leased_at))::float8 as oldest_lease from slots where job is not null and expires_at > now()) s,
  (select count(*)::int as pending, extract(epoch from now() - min(not_before) filter (where not_before <= now()))::float8 as oldest_due from jobs where state = 'queued') j,
  (select count(*)::int as dead from jobs where state = 'dead') d,
  (select (count(*) filter (where outcome = 'done'))::int as done, (count(*) filter (where outcome = 'failed'))::int as failed,
     (count(*) filter (where outcome = 'expired'))::int as expired, (count(*) filter (where outcome = 'released'))::int as released
   from history where at > now() - interval '1 hour') h`;
