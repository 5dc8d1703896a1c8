import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import type { IntelSite, saveIntelSite } from '#libs/contracts/intel-releases';
import { AppError } from '#libs/errors/app-error';
import { userOf } from '../access/contributors.js';
import { Roles } from '../access/roles.js';
import { isEverybodys } from './everybodys-domain.js';

const SITE_ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Sites by the ids that clients know them by, their other names, and the sites each person is on. */
@Injectable()
export class Sites {
  constructor(
    private readonly database: DataSource,
    private readonly roles: Roles,
  ) {}

  async list(caller: Caller): Promise<IntelSite[]> {
    await this.roles.require(caller, 'contributor');
    return views(this.database.manager, 'true', []);
  }

  async save(
    caller: Caller,
    { site_id, name, aliases, domains, visibility }: InputOf<typeof saveIntelSite>,
  ): Promise<IntelSite> {
    await this.roles.require(caller, 'publisher');
    const shared = domains?.find(isEverybodys);
    if (shared !== undefined)
      throw new AppError(
        'invalid',
        `domains: ${shared} is no site's own, anybody may have a name below it. Name the domain of the site, with *. before it if it has several.`,
      );
    const others = [...new Set(aliases.map(folded))].filter((alias) => alias !== site_id && alias !== '');
    return this.database.transaction(async (manager) => {
      await manager.query(
        `insert into sites (id, name, visibility) values ($1, $2, $3)
         on conflict (id) do update set name = coalesce($2, sites.name), visibility = coalesce($3, sites.visibility)`,
        [site_id, name ?? null, visibility ?? null],
      );
      await manager.query('delete from site_aliases where site = $1 and alias <> all($2)', [site_id, others]);
      await manager.query(
        `insert into site_aliases (alias, site) select alias, $1 from unnest($2::text[]) as given(alias) order by alias
         on conflict (alias) do nothing`,
        [site_id, others],
      );
      if (domains) await this.setDomains(manager, site_id, [...new Set(domains)]);
      const [site] = await views(manager, 's.id = $1', [site_id]);
      const taken = others.filter((alias) => !site!.aliases.includes(alias));
      if (taken.length > 0)
        throw new AppError('conflict', `${taken.join(', ')} is another name of another site already.`);
      return site!;
    });
  }

  /** A domain is one site's with all that is below it, `*.` before it or not: who asks there knows whom they ask. */
  private async setDomains(manager: EntityManager, site: string, domains: readonly string[]): Promise<void> {
    // One after the other: of two claims at once neither would see the other.
    await manager.query('lock table site_domains in share row exclusive mode');
    await manager.query('delete from site_domains where site = $1 and domain <> all($2)', [site, domains]);
    await manager.query(
      `insert into site_domains (domain, site) select domain, $1 from unnest($2::text[]) as given(domain) order by domain
       on conflict (domain) do nothing`,
      [site, domains],
    );
    const [met] = await manager.query<{ domain: string; theirs: string; site: string }[]>(
      `with claimed as (select domain, '.' || regexp_replace(domain, '^\\*\\.', '') as below from unnest($2::text[]) as given(domain)),
         held as (select domain, '.' || regexp_replace(domain, '^\\*\\.', '') as below, site from site_domains where site <> $1)
       select claimed.domain, held.domain as theirs, held.site from claimed join held
         on right(claimed.below, length(held.below)) = held.below or right(held.below, length(claimed.below)) = claimed.below
       order by 1, 2 limit 1`,
      [site, domains],
    );
    if (met)
      throw new AppError(
        'conflict',
        `${met.domain} is not free: ${met.site} has ${met.theirs}, and a domain is one site's with all that is below it.`,
        { reason: 'domain_taken', domain: met.domain, site: met.site },
      );
  }

  /** The ids of the sites that names mean; a name that can be no site's is left out. */
  async idsOf(manager: EntityManager, names: readonly string[]): Promise<Map<string, string>> {
    const rows = await manager.query<{ alias: string; site: string }[]>(
      'select alias, site from site_aliases where alias = any($1)',
      [[...new Set(names.map(folded))]],
    );
    const byAlias = new Map(rows.map(({ alias, site }) => [alias, site]));
    return new Map(
      names.flatMap((name): [string, string][] => {
        const id = byAlias.get(folded(name)) ?? folded(name);
        return SITE_ID.test(id) ? [[name, id]] : [];
      }),
    );
  }

  async mine(caller: Caller): Promise<{ sites: string[] }> {
    const rows = await this.database.query<{ site: string }[]>(
      'select site from user_sites where user_id = $1 order by site',
      [userOf(caller)],
    );
    return { sites: rows.map(({ site }) => site) };
  }

  async setMine(caller: Caller, names: readonly string[]): Promise<{ sites: string[] }> {
    const user = userOf(caller);
    await this.database.transaction(async (manager) => {
      const ids = await this.idsOf(manager, names);
      const wrong = names.find((name) => !ids.has(name));
      if (wrong !== undefined)
        throw new AppError('invalid', `sites: ${JSON.stringify(wrong)} is no site's id or name.`);
      await manager.query('select pg_advisory_xact_lock(hashtext($1))', [user]);
      await joinSites(manager, user, [...new Set(ids.values())]);
      await manager.query('delete from user_sites where user_id = $1', [user]);
      await manager.query('insert into user_sites select $1, site from unnest($2::text[]) as given(site)', [
        user,
        [...new Set(ids.values())],
      ]);
    });
    return this.mine(caller);
  }
}

const JOINS = { most: 60, days: 30 };

/** Notes sites that somebody joins; whoever tries one after another to see what is on them comes to an end. */
async function joinSites(manager: EntityManager, user: string, sites: readonly string[]): Promise<void> {
  await manager.query(
    `delete from site_joins where user_id = $1 and joined_at < now() - $2 * interval '1 day' and site <> all($3)
       and site not in (select site from user_sites where user_id = $1)`,
    [user, JOINS.days, sites],
  );
  await manager.query(
    `insert into site_joins (user_id, site) select $1, site from unnest($2::text[]) as given(site) on conflict do nothing`,
    [user, sites],
  );
  const [{ count }] = await manager.query<[{ count: number }]>(
    `select count(*)::int as count from site_joins where user_id = $1 and joined_at > now() - $2 * interval '1 day'`,
    [user, JOINS.days],
  );
  if (count > JOINS.most)
    throw new AppError(
      'conflict',
      `sites: that would be ${count} new sites in ${JOINS.days} days, and ${JOINS.most} are the most. Join the others later.`,
      { reason: 'too_many_requests', retry_after_s: 86_400 },
    );
}

const folded = (name: string) => name.normalize('NFKC').trim().toLowerCase();

function views(manager: EntityManager, where: string, values: unknown[]): Promise<IntelSite[]> {
  return manager.query(
    `select s.id, s.name, coalesce(s.visibility, 'members') as visibility,
       coalesce((select json_agg(a.alias order by a.alias) from site_aliases a where a.site = s.id), '[]') as aliases,
       coalesce((select json_agg(d.domain order by d.domain) from site_domains d where d.site = s.id), '[]') as domains
     from sites s where ${where} order by s.id`,
    values,
  );
}
