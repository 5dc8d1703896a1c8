import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf, OutputOf } from '#libs/contracts/contract';
import type { AuditEntry, listProjectAudit, listTeamAudit } from '#libs/contracts/projects-members';
import { AppError } from '#libs/errors/app-error';
import { Access } from '../access/access.js';
import { signedIn } from '../accounts/accounts.js';
import { isUuid } from '../domain/uuid.js';
import { teamRoleOf } from '../teams/team-role.query.js';
import { requireAllowed } from '../teams/teams.js';

type Filters = Omit<InputOf<typeof listProjectAudit>, 'project_id'>;
type Page = OutputOf<typeof listProjectAudit>;

/** The audit log, for those who answer for a project or a team. */
@Injectable()
export class AuditLog {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  async ofProject(caller: Caller, { project_id, ...filters }: InputOf<typeof listProjectAudit>): Promise<Page> {
    const { project } = await this.access.toProject(this.database.manager, caller, project_id, 'readAudit');
    return this.page('project_id', project.id, filters);
  }

  async ofTeam(caller: Caller, { team_id, ...filters }: InputOf<typeof listTeamAudit>): Promise<Page> {
    requireAllowed('readAudit', await teamRoleOf(this.database.manager, caller, team_id));
    return this.page('team_id', team_id, filters);
  }

  /** What was done to the caller's account. */
  ofAccount(caller: Caller, filters: Filters): Promise<Page> {
    return this.page('user_id', signedIn(caller), filters);
  }

  /** Newest first. Entries are only ever added, so a page stays where it is however much is written meanwhile. */
  private async page(column: 'project_id' | 'team_id' | 'user_id', id: string, filters: Filters): Promise<Page> {
    const { action, actor_id, since, until, after, limit } = filters;
    if (after !== undefined && !/^\d{1,18}$/.test(after))
      throw new AppError('invalid', '"after" is the "next" of the page before; begin again without it.');
    if (actor_id !== undefined && !isUuid(actor_id)) return { items: [], next: null };
    const rows = await this.database.query<z.input<typeof AuditEntry>[]>(
      `select a.id::text, a.project_id, a.team_id, a.actor_id, u.full_name as actor_name, a.action, a.subject, a.request_id,
         a.created_at
       from audit_entries a left join users u on u.id = a.actor_id
       where a.${column} = $1 and ($2::bigint is null or a.id < $2) and ($3::text is null or a.action = $3)
         and ($4::uuid is null or a.actor_id = $4) and ($5::timestamptz is null or a.created_at >= $5)
         and ($6::timestamptz is null or a.created_at < $6)
       order by a.id desc limit $7`,
      [id, after ?? null, action ?? null, actor_id ?? null, since ?? null, until ?? null, limit + 1],
    );
    const items = rows.slice(0, limit);
    return { items, next: rows.length > limit ? items.at(-1)!.id : null };
  }
}
