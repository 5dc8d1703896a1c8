import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type { listBranchMoves } from '#libs/contracts/projects-history';
import { Access } from '../access/access.js';
import { cursor } from './tags.js';

type Moves = OutputOf<typeof listBranchMoves>;

/** The reflog: every move of the branches of a project, for its people. */
@Injectable()
export class Reflog {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  /** Newest first, a page at a time. A branch that was renamed or deleted is found by every name it had. */
  async list(caller: Caller, wish: InputOf<typeof listBranchMoves>): Promise<Moves> {
    const manager = this.database.manager;
    const { project } = await this.access.toProject(manager, caller, wish.project_id, 'readReflog');
    const rows = await manager.query<(Moves['items'][number] & { seq: string })[]>(
      `select m.*, encode(m.before, 'hex') as before, encode(m.after, 'hex') as after, u.full_name as actor_name from ref_moves m left join users u on u.id = m.actor_id
       where m.project_id = $1 and ($3::bigint is null or m.seq < $3)
         and ($2::text is null or m.branch_id in (
           select id from branches where project_id = $1 and name = $2
           union select branch_id from ref_moves where project_id = $1 and branch_name = $2))
       order by m.seq desc limit $4`,
      [project.id, wish.branch_name ?? null, cursor(wish.after), wish.limit + 1],
    );
    const items = rows.slice(0, wish.limit);
    return { items, next: rows.length > wish.limit ? String(items.at(-1)!.seq) : null };
  }
}
