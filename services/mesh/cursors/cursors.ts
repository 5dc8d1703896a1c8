import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type * as contract from '#libs/contracts/mesh-sites';
import { AppError } from '#libs/errors/app-error';
import { complaintAbout } from '../domain/cursor-order.js';
import { Engine } from '../engine.js';
import { onlyAdmins } from '../nodes/credentials.js';
import { Sites } from '../sites/sites.js';

type Cursor = contract.Cursor;

/** The cursors of sites as administrators read, set and take back; workers move them only by finishing. */
@Injectable()
export class Cursors {
  constructor(
    private readonly database: DataSource,
    private readonly engine: Engine,
    private readonly sites: Sites,
  ) {}

  async list(caller: Caller, site_id: string): Promise<{ items: Cursor[] }> {
    onlyAdmins(caller);
    const site = await this.sites.idOf(this.database.manager, site_id);
    return { items: await views(this.database.manager, 'c.site = $1 and c.version > 0 order by c.name', [site]) };
  }

  /** A cursor that was never set is at version 0, without a value. */
  async get(caller: Caller, site_id: string, name: string): Promise<Cursor> {
    onlyAdmins(caller);
    const site = await this.sites.idOf(this.database.manager, site_id);
    const [cursor] = await views(this.database.manager, 'c.site = $1 and c.name = $2', [site, name]);
    return cursor ?? { site_id, name, value: null, version: 0, order: 'opaque', updated_at: null };
  }

  async put(caller: Caller, draft: InputOf<typeof contract.putCursor>): Promise<Cursor> {
    const { site_id, name, if_match, order, reset } = draft;
    return this.write(caller, { site_id, name, act: 'cursor.set' }, (before) => {
      if (if_match !== null && if_match !== '*' && if_match.replace(/^W\//, '') !== `"${before.version}"`)
        throw new AppError(
          'conflict',
          `The cursor ${name} is at version ${before.version}; it has moved since you read it.`,
          {
            reason: 'precondition_failed',
          },
        );
      const ordering = order ?? before.order;
      const value = draft.value === undefined ? before.value : draft.value;
      const complaint = value === null ? undefined : complaintAbout(value, ordering);
      if (complaint !== undefined)
        throw new AppError('invalid', `The cursor ${name} cannot hold this value: ${complaint}.`, {
          reason: 'unprocessable',
        });
      if (!reset && ordering === before.order && goesBack(before, value))
        throw new AppError('conflict', `The cursor ${name} only goes forward; say reset to take it back on purpose.`, {
          reason: 'cursor_order',
        });
      return { value, ordering, cause: 'set' };
    });
  }

  async history(
    caller: Caller,
    wish: InputOf<typeof contract.getCursorHistory>,
  ): Promise<OutputOf<typeof contract.getCursorHistory>> {
    onlyAdmins(caller);
    const site = await this.sites.idOf(this.database.manager, wish.site_id);
    const items = await this.database.query<OutputOf<typeof contract.getCursorHistory>['items']>(
      `select m.cursor_version as version, m.cursor_value as value, case m.outcome when 'done' then 'finish' else m.outcome end as cause, m.epoch,
         n.node_id, m.at as moved_at from history m left join nodes n on n.id = m.node
       where m.site = $1 and m.cursor_name = $2 and ($3::bigint is null or m.cursor_version < $3)
       order by m.cursor_version desc limit $4`,
      [site, wish.name, wish.before, wish.limit],
    );
    return { items, next: items.length === wish.limit ? items.at(-1)!.version : null };
  }

  /** The value of an old version again, as a new version: what moved the cursor wrongly stays in its history. */
  async rollBack(caller: Caller, site_id: string, name: string, version: number): Promise<Cursor> {
    return this.write(caller, { site_id, name, act: 'cursor.rolled_back' }, async (before, manager, site) => {
      const [move] = await manager.query<{ value: string | null }[]>(
        'select cursor_value as value from history where site = $1 and cursor_name = $2 and cursor_version = $3',
        [site, name, version],
      );
      if (move === undefined && version !== 0)
        throw new AppError('not_found', `The cursor ${name} of ${site_id} never had a version ${version}.`);
      return { value: move?.value ?? null, ordering: before.order, cause: 'rollback' };
    });
  }

  private async write(
    caller: Caller,
    { site_id, name, act }: { site_id: string; name: string; act: string },
    decide: (before: Cursor, manager: EntityManager, site: number) => Move | Promise<Move>,
  ): Promise<Cursor> {
    const actor = onlyAdmins(caller);
    return this.database.transaction(async (manager) => {
      const site = await this.sites.idOf(manager, site_id);
      if (name === 'main') await manager.query('select bring_cursor($1)', [site]);
      await manager.query('insert into cursors (site, name) values ($1, $2) on conflict do nothing', [site, name]);
      await manager.query('select 1 from cursors where site = $1 and name = $2 for update', [site, name]);
      const [before] = await views(manager, 'c.site = $1 and c.name = $2', [site, name]);
      const { value, ordering, cause } = await decide(before!, manager, site);
      await manager.query(
        `with moved as (
           update cursors set value = $3, ordering = $4, version = version + 1, updated_at = now() where site = $1 and name = $2 returning version
         ) insert into history (site, cursor_name, cursor_version, cursor_value, outcome) select $1, $2, version, $3, $5 from moved`,
        [site, name, value, ordering, cause],
      );
      await this.engine.audit.write((sql, values) => manager.query(sql, values), {
        actor,
        act,
        subject: `${site_id}/${name}`,
        site,
      });
      return (await views(manager, 'c.site = $1 and c.name = $2', [site, name]))[0]!;
    });
  }
}

interface Move {
  value: string | null;
  ordering: Cursor['order'];
  cause: 'set' | 'rollback';
}

function goesBack({ value: before, order }: Cursor, value: string | null): boolean {
  if (before === null || order === 'opaque') return false;
  if (value === null) return true;
  return order === 'integer' ? BigInt(value) < BigInt(before) : Date.parse(value) < Date.parse(before);
}

function views(manager: EntityManager, condition: string, values: unknown[]): Promise<Cursor[]> {
  return manager.query<Cursor[]>(
    `select t.site_id, c.name, c.value, c.version, c.ordering as "order", c.updated_at
     from all_cursors c join sites t on t.id = c.site where ${condition}`,
    values,
  );
}
