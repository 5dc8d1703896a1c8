import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import { ReleaseKey } from '#libs/contracts/intel';
import type { Work, WorkDraft } from '#libs/contracts/intel-works';
import { AppError } from '#libs/errors/app-error';
import { Roles } from '../access/roles.js';
import { recordChanges, takeTurn } from '../changes/changes.js';
import { takeInWorks, tellOf } from './take-in-works.js';
import { liveWork, workViews, type LiveWork } from './work-views.query.js';

/** The source of what people of the catalogue say themselves. */
const BY_HAND = 'catalogue';

/** Works: read, written, merged, parted and split by publishers. */
@Injectable()
export class Works {
  constructor(
    private readonly database: DataSource,
    private readonly roles: Roles,
  ) {}

  async get(key: string): Promise<Work> {
    return this.view(this.database.manager, key);
  }

  async find(wish: Record<string, string | undefined> & {}, skip: number, limit: number): Promise<Work[]> {
    const pairs = Object.entries(wish).flatMap(([name, value]) =>
      value === undefined ? [] : providersOf(name).map((provider) => [provider, value] as const),
    );
    const rows = await this.database.query<{ id: number }[]>(
      `with recursive chain as (
         select w.id, w.merged_into from works w join work_ids i on i.work_id = w.id and i.withdrawn_at is null
         join unnest($1::text[], $2::text[]) as asked(provider, value) on (i.provider, i.value) = (asked.provider, asked.value)
         union select w.id, w.merged_into from works w join chain c on w.id = c.merged_into
       ) select id from chain where merged_into is null order by id offset $3 limit $4`,
      [pairs.map(([provider]) => provider), pairs.map(([, value]) => value), skip, limit],
    );
    const views = await workViews(
      this.database.manager,
      rows.map(({ id }) => id),
    );
    return views.map((view) => ({ ...view, asked: view.release_key }));
  }

  async create(caller: Caller, draft: WorkDraft): Promise<Work> {
    await this.roles.require(caller, 'publisher');
    return this.database.transaction(async (manager) => {
      const { ids } = await takeInWorks(manager, BY_HAND, [draft]);
      return this.viewById(manager, ids[0]!);
    });
  }

  /**
   * Changes the work of the key, names included: those the draft leaves out are withdrawn, and so are ids of the providers it
   * names; no source brings them back. An unknown key makes a work.
   */
  async save(caller: Caller, key: string, draft: WorkDraft): Promise<Work> {
    await this.roles.require(caller, 'publisher');
    if (!ReleaseKey.safeParse(key).success)
      throw new AppError('invalid', `${JSON.stringify(key)} is no key: name-2008-movie is expected.`);
    return this.database.transaction(async (manager) => {
      await takeTurn(manager);
      const live = await liveWork(manager, key);
      if (live?.retired === 'split') throw tombstone(live);
      if (live) {
        await manager.query(`update works set source = $2 where id = $1`, [live.id, BY_HAND]);
        const names = [draft.title, ...draft.aliases.map(({ name }) => name)].map((name) => name.trim());
        await manager.query(
          `update aliases set withdrawn_at = case when name = any($2) then null else coalesce(withdrawn_at, now()) end,
             source = case when name <> all($2) and withdrawn_at is null then $3 else source end
           where work_id in (${FAMILY})`,
          [live.id, names, BY_HAND],
        );
        const ids = Object.entries(draft.ids).flatMap(([provider, values]) =>
          [values].flat().map((value) => `${provider} ${value}`),
        );
        await manager.query(
          `update work_ids set taken_by_hand = provider || ' ' || value <> all($3),
             withdrawn_at = case when provider || ' ' || value = any($3) then null else coalesce(withdrawn_at, now()) end
           where work_id in (${FAMILY}) and provider = any($2) and (withdrawn_at is null or taken_by_hand)`,
          [live.id, Object.keys(draft.ids), ids],
        );
      }
      const { ids } = await takeInWorks(manager, BY_HAND, [{ ...draft, release_key: live?.release_key ?? key }]);
      await tellOf(manager, ids);
      return this.viewById(manager, ids[0]!, key);
    });
  }

  /** From now on the key leads to the other work; nothing moves, so it can be taken back. */
  async merge(caller: Caller, key: string, intoKey: string): Promise<Work> {
    await this.roles.require(caller, 'publisher');
    return this.database.transaction(async (manager) => {
      await takeTurn(manager);
      const [from, into] = [await this.live(manager, key), await this.live(manager, intoKey)];
      if (from.id === into.id) throw new AppError('conflict', `${key} and ${intoKey} are one work already.`);
      await manager.query(`update works set retired = 'merged', merged_into = $2, updated_at = now() where id = $1`, [
        from.id,
        into.id,
      ]);
      await recordChanges(manager, [{ kind: 'redirect', key: from.release_key, body: { into: into.release_key } }]);
      await tellOf(manager, [into.id]);
      return this.viewById(manager, into.id);
    });
  }

  async unmerge(caller: Caller, key: string): Promise<Work> {
    await this.roles.require(caller, 'publisher');
    return this.database.transaction(async (manager) => {
      await takeTurn(manager);
      const [rows] = await manager.query<[{ id: number; was: number }[], number]>(
        `update works w set retired = null, retired_by = null, merged_into = null, updated_at = now()
         from works old where old.id = w.id and w.release_key = $1 and w.retired = 'merged'
         returning w.id, old.merged_into as was`,
        [key],
      );
      if (!rows[0]) throw new AppError('conflict', `${key} is not merged into another work.`);
      await giveBack(manager, rows[0].id);
      await tellOf(manager, [rows[0].id, rows[0].was]);
      return this.viewById(manager, rows[0].id);
    });
  }

  async split(caller: Caller, key: string, parts: readonly WorkDraft[]): Promise<Work[]> {
    await this.roles.require(caller, 'publisher');
    return this.database.transaction(async (manager) => {
      await takeTurn(manager);
      const whole = await this.live(manager, key);
      const { ids } = await takeInWorks(manager, BY_HAND, parts);
      await manager.query('update works set split_from = $2 where id = any($1)', [ids, whole.id]);
      await manager.query(`update works set retired = 'split', updated_at = now() where id = $1`, [whole.id]);
      await tellOf(manager, [whole.id]);
      const views = await workViews(manager, ids);
      return views.map((view) => ({ ...view, asked: view.release_key }));
    });
  }

  /**
   * The tombstone is the work it was, and the keys of its parts lead to it, without their names. Refused while something rests
   * on a part: that has to be taken back first.
   */
  async unsplit(caller: Caller, key: string): Promise<Work> {
    await this.roles.require(caller, 'publisher');
    return this.database.transaction(async (manager) => {
      await takeTurn(manager);
      const [[whole]] = await manager.query<[{ id: number }[], number]>(
        `update works set retired = null, retired_by = null, updated_at = now() where release_key = $1 and retired = 'split' returning id`,
        [key],
      );
      if (!whole) throw new AppError('conflict', `${key} is not split.`);
      const parts = await manager.query<{ id: number; release_key: string; used: boolean }[]>(
        `select p.id, p.release_key, p.retired is not null or exists (select from works w where w.merged_into = p.id) as used
         from works p where p.split_from = $1 order by p.id`,
        [whole.id],
      );
      const used = parts.find((part) => part.used);
      if (used) throw new AppError('conflict', `${used.release_key} was merged or split since. Take that back first.`);
      const ids = parts.map(({ id }) => id);
      await manager.query(
        `update works set retired = 'merged', merged_into = $2, split_from = null, updated_at = now() where id = any($1)`,
        [ids, whole.id],
      );
      await manager.query('update aliases set withdrawn_at = now() where work_id = any($1) and withdrawn_at is null', [
        ids,
      ]);
      await manager.query('update work_ids set withdrawn_at = now() where work_id = any($1) and withdrawn_at is null', [
        ids,
      ]);
      await recordChanges(
        manager,
        parts.map((part) => ({ kind: 'redirect', key: part.release_key, body: { into: key } })),
      );
      await tellOf(manager, [whole.id]);
      return this.viewById(manager, whole.id);
    });
  }

  private async live(manager: EntityManager, key: string): Promise<LiveWork> {
    const live = await liveWork(manager, key);
    if (!live) throw unknown(key);
    if (live.retired === 'split') throw tombstone(live);
    return live;
  }

  private async view(manager: EntityManager, key: string): Promise<Work> {
    const live = await liveWork(manager, key);
    if (!live) throw unknown(key);
    return this.viewById(manager, live.id, key);
  }

  private async viewById(manager: EntityManager, id: number, asked?: string): Promise<Work> {
    const [view] = await workViews(manager, [id]);
    if (!view) throw new AppError('not_found', `There is no work ${asked ?? id}.`);
    return { ...view, aliases: view.retired === 'split' ? [] : view.aliases, asked: asked ?? view.release_key };
  }
}

/** A work, and all that were merged into it. */
const FAMILY = `with recursive family as (select $1::bigint as id union all
  select w.id from works w join family f on w.merged_into = f.id) select id from family`;

/** A part whose split was taken back went without names and ids: as a work of its own it has them again, those that it lost last. */
async function giveBack(manager: EntityManager, id: number): Promise<void> {
  for (const [table, isItsOwn] of [
    ['aliases', 'true'],
    ['work_ids', 'not taken_by_hand'],
  ] as const)
    await manager.query(
      `update ${table} set withdrawn_at = null where work_id = $1 and ${isItsOwn}
         and withdrawn_at = (select max(withdrawn_at) from ${table} where work_id = $1 and ${isItsOwn})
         and not exists (select from ${table} where work_id = $1 and withdrawn_at is null)`,
      [id],
    );
}

const unknown = (key: string) => new AppError('not_found', `There is no work ${key}.`);
const tombstone = ({ release_key }: LiveWork) =>
  new AppError('conflict', `${release_key} was split into other works. Name one of its parts.`);

/** `tmdb_id` may be that of a film or of a series: these are two spaces. */
function providersOf(field: string): string[] {
  const provider = field.replace(/_id$/, '');
  return provider === 'tmdb' ? ['tmdb_movie', 'tmdb_tv'] : [provider];
}
