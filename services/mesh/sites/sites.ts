import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type * as contract from '#libs/contracts/mesh-sites';
import { AppError } from '#libs/errors/app-error';
import { paceAfterBlock } from '../domain/pacing.js';
import { Engine } from '../engine.js';
import { inWords } from '../leases/no-work.js';
import { onlyAdmins } from '../nodes/credentials.js';
import { FENCE } from '../leases/statements/revoke.js';
import { setPace } from './group-pace.js';
import { siteViews } from './site-views.query.js';

type Site = contract.Site;
type Settings = contract.SiteSettings;

const BLOCK_MS = 12 * 3_600_000;

/** Streams that rest longer than after an ordinary crawl rest only that long from now on. */
const END_RESTS = `update slots s set pressure = 0, pressed_at = null,
    eligible_at = least(s.eligible_at, greatest(now() + g.min_interval_ms * interval '1 ms',
      s.hour_paid - g.hour_tolerance_ms * interval '1 ms', s.day_paid - g.day_tolerance_ms * interval '1 ms'))
  from groups g join sites t on t.group_id = g.id where t.id = $1 and s.group_id = g.id and s.job is null`;

/** The registry of sites: how each is crawled, how politely, and whether at all. */
@Injectable()
export class Sites {
  constructor(
    private readonly database: DataSource,
    private readonly engine: Engine,
  ) {}

  async list(
    caller: Caller,
    { after, limit }: InputOf<typeof contract.listSites>,
  ): Promise<OutputOf<typeof contract.listSites>> {
    onlyAdmins(caller);
    const rows = await siteViews(
      this.database.manager,
      '($1::text is null or t.site_id > $1) order by t.site_id limit $2',
      [after, limit + 1],
    );
    return { items: rows.slice(0, limit), next: rows.length > limit ? rows[limit - 1]!.site_id : null };
  }

  async get(caller: Caller, name: string): Promise<Site> {
    onlyAdmins(caller);
    return this.view(this.database.manager, await this.idOf(this.database.manager, name));
  }

  async put(caller: Caller, { site_id, if_match, ...settings }: InputOf<typeof contract.putSite>): Promise<Site> {
    return (await this.putAll(caller, [{ site_id, if_match, ...settings }]))[0]!;
  }

  /** Sets sites, all or none; those that are not known are made. */
  async putAll(
    caller: Caller,
    drafts: readonly (Settings & { site_id: string; if_match?: string | null })[],
  ): Promise<Site[]> {
    const actor = onlyAdmins(caller);
    const { views, ids } = await this.database.transaction(async (manager) => {
      const known = await this.idsOf(
        manager,
        drafts.filter(({ if_match }) => if_match == null).map(({ site_id }) => site_id),
      );
      const views: Site[] = [];
      const ids: number[] = [];
      for (const { site_id, if_match, ...settings } of drafts) {
        const id = known.get(site_id) ?? (await this.idOf(manager, site_id));
        await this.apply(manager, id, settings, if_match ?? null);
        await this.engine.audit.write((sql, values) => manager.query(sql, values), {
          actor,
          act: 'site.set',
          subject: site_id,
          site: id,
          details: settings,
        });
        ids.push(id);
        views.push(await this.view(manager, id));
      }
      return { views, ids };
    });
    await this.engine.sitesChanged(ids);
    return views;
  }

  /** A blocked site is left alone, and its group goes at six tenths of its pace from then on. */
  async block(caller: Caller, { site_id, until, reason }: InputOf<typeof contract.blockSite>): Promise<Site> {
    return this.change(caller, site_id, 'site.blocked', async (manager, id) => {
      const end = until === null ? new Date(this.engine.now() + BLOCK_MS) : new Date(until);
      const [group] = await manager.query<{ id: number; pace: number }[]>(
        'select g.id, g.pace from groups g join sites t on t.group_id = g.id where t.id = $1 for update of g',
        [id],
      );
      await manager.query(
        `update sites set blocked_until = $2, block_reason = $3, blocked_at = now(), version = version + 1, updated_at = now() where id = $1`,
        [id, end, reason],
      );
      await manager.query('update groups set pace = $2 where id = $1', [group!.id, paceAfterBlock(group!.pace)]);
      await setPace((sql, values) => manager.query(sql, values), group!.id);
    });
  }

  /** The site can be crawled again, as soon as its usual pause and its budgets allow: what it or a worker asked for is forgotten. */
  unblock(caller: Caller, site_id: string): Promise<Site> {
    return this.change(caller, site_id, 'site.unblocked', async (manager, id) => {
      await manager.query(
        'update sites set blocked_until = null, block_reason = null, drained_until = null, version = version + 1, updated_at = now() where id = $1',
        [id],
      );
      await manager.query(END_RESTS, [id]);
    });
  }

  async explain(caller: Caller, name: string): Promise<OutputOf<typeof contract.explainSite>> {
    onlyAdmins(caller);
    const id = await this.idOf(this.database.manager, name);
    const [jobs] = await this.database.query<{ waiting: number; due: number }[]>(
      `select count(*)::int as waiting, count(*) filter (where not_before <= now())::int as due from jobs where site = $1 and state = 'queued'`,
      [id],
    );
    const { scheduler } = this.engine;
    await this.engine.scheduler.reload([id]);
    const site = scheduler.board.sites.get(id)!;
    const { reason, at } = scheduler.reasonFor(site);
    const streams = await Promise.all(
      site.group.slots.map(async (slot) => ({
        epoch: slot.epoch,
        leased_by: slot.node === null ? null : ((await this.engine.nodes.numbered(slot.node))?.name ?? null),
        job_id: slot.job,
        site_id: slot.site === null ? null : (scheduler.board.sites.get(slot.site)?.row.siteId ?? null),
        lease_expires_at: slot.expiresAt === null ? null : new Date(slot.expiresAt),
        eligible_at: new Date(slot.eligibleAt),
        pressure: slot.pressure,
      })),
    );
    return {
      site_id: site.row.siteId,
      leasable: reason === null,
      reason,
      message: reason === null ? 'The site has work now.' : inWords(reason),
      next_at: at === Infinity ? null : new Date(at),
      streams,
      waiting_jobs: jobs!.waiting,
      due_jobs: jobs!.due,
      waiting_workers: scheduler.room.size,
    };
  }

  /** The numbers of sites by name or alias; unknown ones are made with the usual politeness, each in a group of its own. */
  async idsOf(manager: EntityManager, names: readonly string[]): Promise<Map<string, number>> {
    const wanted = [...new Set(names)].sort();
    const found = await this.known(manager, wanted);
    const missing = wanted.filter((name) => !found.has(name));
    if (missing.length === 0) return found;
    await manager.query(
      `with made_groups as (
         insert into groups (name, min_interval_ms) select n, $2 from unnest($1::text[]) n on conflict (name) do nothing returning id, name
       ), all_groups as (
         select id, name from made_groups union select id, name from groups where name = any($1)
       ), made_slots as (
         insert into slots (group_id, stream) select id, 0 from made_groups
       ), made_sites as (
         insert into sites (site_id, group_id) select name, id from all_groups on conflict (site_id) do nothing returning id
       )
       insert into cursors (site, name) select id, 'main' from made_sites on conflict do nothing`,
      [missing, this.engine.config.MESH_MIN_INTERVAL_MS],
    );
    for (const [name, id] of await this.known(manager, missing)) found.set(name, id);
    return found;
  }

  async idOf(manager: EntityManager, name: string): Promise<number> {
    const id = (await this.known(manager, [name])).get(name);
    if (id === undefined) throw new AppError('not_found', `There is no site ${name}.`);
    return id;
  }

  /** Makes sites known to the scheduler that it has not heard of. */
  async learn(ids: readonly number[]): Promise<void> {
    const { board } = this.engine.scheduler;
    const unheard = ids.filter((id) => (board.sites.get(id)?.group.slots.length ?? 0) === 0);
    if (unheard.length > 0) await this.engine.sitesChanged(unheard);
  }

  /** Those of the names (and aliases) that are known, with their sites. */
  async known(manager: EntityManager, names: readonly string[]): Promise<Map<string, number>> {
    const rows = await manager.query<{ name: string; id: number }[]>(
      `select site_id as name, id from sites where site_id = any($1)
       union all select alias, site from site_aliases where alias = any($1)`,
      [names],
    );
    return new Map(rows.map(({ name, id }) => [name, id]));
  }

  private async change(
    caller: Caller,
    name: string,
    act: string,
    work: (manager: EntityManager, id: number) => Promise<void>,
  ): Promise<Site> {
    const actor = onlyAdmins(caller);
    const { view, id } = await this.database.transaction(async (manager) => {
      const id = await this.idOf(manager, name);
      await work(manager, id);
      await this.engine.audit.write((sql, values) => manager.query(sql, values), {
        actor,
        act,
        subject: name,
        site: id,
      });
      return { view: await this.view(manager, id), id };
    });
    await this.engine.sitesChanged([id]);
    return view;
  }

  private async apply(manager: EntityManager, id: number, settings: Settings, ifMatch: string | null): Promise<void> {
    const [site] = await manager.query<{ group_id: number; version: number; site_id: string }[]>(
      'select group_id, version, site_id from sites where id = $1 for update',
      [id],
    );
    if (ifMatch !== null && ifMatch !== '*' && ifMatch.replace(/^W\//, '') !== `"${site!.version}"`)
      throw new AppError(
        'conflict',
        `${site!.site_id} is at version ${site!.version}; it has been changed since you read it.`,
        {
          reason: 'precondition_failed',
        },
      );
    const { MAX_WORKERS_PER_SITE } = this.engine.config;
    if ((settings.max_workers ?? 1) > MAX_WORKERS_PER_SITE)
      throw new AppError(
        'invalid',
        `A site may have at most ${MAX_WORKERS_PER_SITE} workers here (MAX_WORKERS_PER_SITE).`,
        {
          reason: 'unprocessable',
        },
      );
    const group = settings.group === undefined ? site!.group_id : await this.group(manager, settings.group);
    if (group !== site!.group_id) await this.mustBeFree(manager, id, site!, group);
    await manager.query(
      `update sites set group_id = $2, max_workers = coalesce($3, max_workers), requires = coalesce($4, requires),
         family = case when $5 then $6 else family end, quiet_hours = coalesce($7, quiet_hours),
         state = case $8::bool when true then 'paused' when false then 'open' else state end, version = version + 1, updated_at = now()
       where id = $1`,
      [
        id,
        group,
        settings.max_workers ?? null,
        settings.requires ?? null,
        settings.family !== undefined,
        settings.family ?? null,
        settings.quiet_hours === undefined ? null : JSON.stringify(settings.quiet_hours),
        settings.paused ?? null,
      ],
    );
    await this.setGroup(manager, group, settings);
    if (settings.aliases !== undefined) await this.setAliases(manager, id, settings.aliases);
    if (settings.crawls !== undefined) await this.setCrawls(manager, id, settings.crawls);
  }

  /** A site changes its group between two leases: in the new group nobody would know of a lease in the old one. */
  private async mustBeFree(
    manager: EntityManager,
    site: number,
    { group_id, site_id }: { group_id: number; site_id: string },
    to: number,
  ): Promise<void> {
    const slots = await manager.query<{ held: boolean }[]>(
      'select site = $2 and job is not null as held from slots where group_id = any($1) order by id for update',
      [[group_id, to], site],
    );
    if (slots.some(({ held }) => held))
      throw new AppError(
        'conflict',
        `${site_id} is being crawled right now; change its group when its lease has ended.`,
        {
          reason: 'leased',
          retry_after_s: 30,
        },
      );
    await manager.query(FENCE, [site]);
  }

  private async group(manager: EntityManager, name: string): Promise<number> {
    await manager.query(
      `with made as (insert into groups (name, min_interval_ms) values ($1, $2) on conflict (name) do nothing returning id)
       insert into slots (group_id, stream) select id, 0 from made`,
      [name, this.engine.config.MESH_MIN_INTERVAL_MS],
    );
    const [row] = await manager.query<{ id: number }[]>('select id from groups where name = $1', [name]);
    return row!.id;
  }

  /** Streams are only ever added; fewer streams than there were leave the last ones without new leases. */
  private async setGroup(manager: EntityManager, group: number, settings: Settings): Promise<void> {
    const streams = settings.streams ?? (settings.group === undefined ? settings.max_workers : undefined);
    await manager.query(
      `update groups set streams = coalesce($2, streams), min_interval_ms = coalesce($3, min_interval_ms),
         per_hour = case when $4 then $5 else per_hour end, per_day = case when $6 then $7 else per_day end where id = $1`,
      [
        group,
        streams ?? null,
        settings.min_interval_ms ?? null,
        settings.per_hour !== undefined,
        settings.per_hour ?? null,
        settings.per_day !== undefined,
        settings.per_day ?? null,
      ],
    );
    await manager.query(
      `insert into slots (group_id, stream) select g.id, n from groups g, generate_series(0, g.streams - 1) n where g.id = $1
       on conflict (group_id, stream) do nothing`,
      [group],
    );
    await manager.query(
      'delete from slots s using groups g where s.group_id = $1 and g.id = $1 and s.stream >= g.streams and s.job is null',
      [group],
    );
    await setPace((sql, values) => manager.query(sql, values), group);
  }

  private async setAliases(manager: EntityManager, id: number, aliases: readonly string[]): Promise<void> {
    await manager.query('delete from site_aliases where site = $1', [id]);
    const [taken] = await manager.query<{ name: string }[]>(
      `select site_id as name from sites where site_id = any($1) union select alias from site_aliases where alias = any($1) limit 1`,
      [aliases],
    );
    if (taken !== undefined) throw new AppError('conflict', `${taken.name} is the name of another site already.`);
    await manager.query('insert into site_aliases (alias, site) select distinct a, $2::int from unnest($1::text[]) a', [
      aliases,
      id,
    ]);
  }

  /** A recurring crawl is one job that comes back after each end; those no longer wanted are cancelled. */
  private async setCrawls(manager: EntityManager, id: number, crawls: NonNullable<Settings['crawls']>): Promise<void> {
    const keys = crawls.map(({ kind }) => `crawl:${kind}`);
    await manager.query(
      `update jobs set state = 'cancelled', finished_at = now() where site = $1 and state = 'queued' and every_s is not null and dedup_key <> all($2)`,
      [id, keys],
    );
    for (const { kind, every_s, payload, priority } of crawls)
      await manager.query(
        `insert into jobs (site, kind, priority, dedup_key, every_s, payload) values ($1, $2, $3, $4, $5, $6)
         on conflict (site, dedup_key) where state = 'queued' and dedup_key is not null
         do update set priority = excluded.priority, every_s = excluded.every_s, payload = excluded.payload,
           not_before = least(jobs.not_before, now() + excluded.every_s * interval '1 s')`,
        [id, kind, priority, `crawl:${kind}`, every_s, JSON.stringify(payload)],
      );
  }

  private async view(manager: EntityManager, id: number): Promise<Site> {
    return (await siteViews(manager, 't.id = $1', [id]))[0]!;
  }
}
