import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import { releaseWritten, tagCreated, tagDeleted } from '#libs/contracts/projects-events';
import type * as contract from '#libs/contracts/projects-history';
import { AppError } from '#libs/errors/app-error';
import { announce } from '../audit/announce.js';
import { Access } from '../access/access.js';
import { requireRef } from './resolve-ref.js';

type Tag = contract.Tag;

/** Tags: names for commits that never change, and releases, which are tags with something to tell. */
@Injectable()
export class Tags {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  async create(caller: Caller, wish: InputOf<typeof contract.createTag>): Promise<Tag> {
    const name = wish.name.trim();
    if (name === '') throw new AppError('invalid', 'A tag needs a name.');
    return this.database.transaction(async (manager) => {
      const admission = await this.access.toProject(manager, caller, wish.project_id, 'writeTags');
      const project_id = admission.project.id;
      const commit_id = await requireRef(manager, caller, admission, wish.ref);
      const [tag] = await manager.query<{ id: string }[]>(
        `insert into tags (project_id, name, commit_id, message, tagger_id) values ($1, $2, $3, $4, $5)
         on conflict (project_id, name) do nothing returning id`,
        [project_id, name, commit_id, wish.message ?? null, caller.user_id],
      );
      if (!tag)
        throw new AppError('conflict', `There is a tag ${name} already. Tags never change: choose another name.`);
      const about = { project_id, actor_id: caller.user_id, tag_id: tag.id, tag_name: name, commit_id };
      await announce(manager, tagCreated, { ...about, is_release: wish.release != null });
      if (wish.release) await putRelease(manager, about, wish.release);
      return this.named(manager, project_id, name);
    });
  }

  /** The tags of a project, newest first, a page at a time. */
  async list(caller: Caller, wish: InputOf<typeof contract.listTags>): Promise<OutputOf<typeof contract.listTags>> {
    const manager = this.database.manager;
    const { project } = await this.access.toProject(manager, caller, wish.project_id, 'readHistory');
    const rows = await tagViews(
      manager,
      `t.project_id = $1 and ($2 = false or r.tag_id is not null) and ($3::bigint is null or t.seq < $3)
       order by t.seq desc limit $4`,
      [project.id, wish.releases_only, cursor(wish.after), wish.limit + 1],
    );
    const items = rows.slice(0, wish.limit);
    return { items, next: rows.length > wish.limit ? String(items.at(-1)!.seq) : null };
  }

  async get(caller: Caller, wish: InputOf<typeof contract.getTag>): Promise<Tag> {
    const manager = this.database.manager;
    const { project } = await this.access.toProject(manager, caller, wish.project_id, 'readHistory');
    return this.named(manager, project.id, wish.tag_name);
  }

  async delete(caller: Caller, wish: InputOf<typeof contract.deleteTag>): Promise<{ ok: boolean }> {
    return this.database.transaction(async (manager) => {
      const { project } = await this.access.toProject(manager, caller, wish.project_id, 'writeTags');
      const tag = await this.named(manager, project.id, wish.tag_name);
      await manager.query('delete from tags where id = $1', [tag.id]);
      await announce(manager, tagDeleted, {
        project_id: project.id,
        actor_id: caller.user_id,
        tag_id: tag.id,
        tag_name: tag.name,
        commit_id: tag.commit_id,
      });
      return { ok: true };
    });
  }

  async writeRelease(caller: Caller, wish: InputOf<typeof contract.writeRelease>): Promise<Tag> {
    return this.database.transaction(async (manager) => {
      const { project } = await this.access.toProject(manager, caller, wish.project_id, 'writeTags');
      const tag = await this.named(manager, project.id, wish.tag_name);
      const { id: tag_id, name: tag_name, commit_id } = tag;
      await putRelease(
        manager,
        { project_id: project.id, actor_id: caller.user_id, tag_id, tag_name, commit_id },
        wish,
      );
      return this.named(manager, project.id, tag.name);
    });
  }

  private async named(manager: EntityManager, projectId: string, name: string): Promise<Tag> {
    const [tag] = await tagViews(manager, 't.project_id = $1 and t.name = $2', [projectId, name.trim()]);
    if (!tag) throw new AppError('not_found', `There is no tag ${name} in this project.`);
    return tag;
  }
}

async function putRelease(
  manager: EntityManager,
  tag: { project_id: string; actor_id: string | null; tag_id: string; tag_name: string; commit_id: string },
  { title, notes, is_prerelease }: { title: string; notes: string; is_prerelease: boolean },
): Promise<void> {
  const [row] = await manager.query<{ is_new: boolean }[]>(
    `insert into releases (tag_id, title, notes, is_prerelease, author_id) values ($1, $2, $3, $4, $5)
     on conflict (tag_id) do update set title = excluded.title, notes = excluded.notes,
       is_prerelease = excluded.is_prerelease, updated_at = now() returning xmax = 0 as is_new`,
    [tag.tag_id, title, notes, is_prerelease, tag.actor_id],
  );
  await announce(manager, releaseWritten, { ...tag, title, is_prerelease, is_new: row!.is_new });
}

async function tagViews(manager: EntityManager, where: string, values: unknown[]): Promise<(Tag & { seq: string })[]> {
  return manager.query<(Tag & { seq: string })[]>(
    `select t.id, t.seq, t.project_id, t.name, t.commit_id, t.message, t.tagger_id, t.created_at,
       u.full_name as tagger_name,
       case when r.tag_id is not null then json_build_object('title', r.title, 'notes', r.notes,
         'is_prerelease', r.is_prerelease, 'author_id', r.author_id, 'created_at', r.created_at,
         'updated_at', r.updated_at) end as release
     from tags t left join releases r on r.tag_id = t.id left join users u on u.id = t.tagger_id
     where ${where}`,
    values,
  );
}

/** A place in a list that is ordered by a number; anything else is no page that we gave. */
export function cursor(after: string | undefined): string | null {
  if (after === undefined) return null;
  if (/^\d{1,18}$/.test(after)) return after;
  throw new AppError('invalid', 'There is no such page; begin again without "after".');
}
