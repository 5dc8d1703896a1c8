import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import type {
  inviteToProject,
  inviteToTeam,
  Invitation,
  MemberRole,
  NewInvitation,
} from '#libs/contracts/projects-members';
import { AppError } from '#libs/errors/app-error';
import { Access } from '../access/access.js';
import { isAllowedInTeam, managing } from '../access/team-permissions.js';
import { signedIn } from '../accounts/accounts.js';
import { audit } from '../audit/audit.js';
import { isUuid } from '../domain/uuid.js';
import { requireAllowed } from '../teams/teams.js';
import { teamRoleOf } from '../teams/team-role.query.js';
import { joinByInvitation } from './join.js';
import { requireManaging } from './members.js';

const OPEN_AT_ONCE = 200;
const hashOf = (token: string) => createHash('sha256').update(token).digest();

interface Target {
  project_id: string | null;
  team_id: string | null;
}

/**
 * Invitations to projects and teams. To an e-mail address goes a token, of which only the hash is kept, and nothing is
 * looked up: whoever invites learns nothing of who has an account. An invitation is answered once, before it expires.
 */
@Injectable()
export class Invitations {
  constructor(
    private readonly database: DataSource,
    private readonly access: Access,
  ) {}

  async toProject(caller: Caller, wish: InputOf<typeof inviteToProject>): Promise<z.input<typeof NewInvitation>> {
    return this.database.transaction(async (manager) => {
      const admission = await this.access.toProject(manager, caller, wish.project_id, 'manageMembers');
      requireManaging(admission, wish.role);
      return this.write(manager, caller, { project_id: admission.project.id, team_id: null }, wish);
    });
  }

  async toTeam(caller: Caller, wish: InputOf<typeof inviteToTeam>): Promise<z.input<typeof NewInvitation>> {
    return this.database.transaction(async (manager) => {
      const own = await teamRoleOf(manager, caller, wish.team_id, { alone: true });
      requireAllowed(managing(wish.role), own);
      return this.write(manager, caller, { project_id: null, team_id: wish.team_id }, wish);
    });
  }

  async ofProject(caller: Caller, projectId: string, skip: number, limit: number): Promise<Invitation[]> {
    const manager = this.database.manager;
    const { project, allows } = await this.access.toProject(manager, caller, projectId, 'readMembers');
    if (!allows('manageMembers')) throw new AppError('unauthorized', 'Not enough permissions');
    return openInvitations(manager, 'i.project_id = $1 order by i.seq desc offset $2 limit $3', [
      project.id,
      skip,
      limit,
    ]);
  }

  async ofTeam(caller: Caller, teamId: string, skip: number, limit: number): Promise<Invitation[]> {
    const manager = this.database.manager;
    requireAllowed('manageMembers', await teamRoleOf(manager, caller, teamId));
    return openInvitations(manager, 'i.team_id = $1 order by i.seq desc offset $2 limit $3', [teamId, skip, limit]);
  }

  /** What waits for the caller's answer. An address nobody has proved to own opens nothing: letters are answered by their token. */
  mine(caller: Caller): Promise<Invitation[]> {
    return openInvitations(this.database.manager, 'i.user_id = $1 order by i.seq desc limit 200', [signedIn(caller)]);
  }

  async byToken(token: string): Promise<Invitation> {
    const [found] = await openInvitations(this.database.manager, 'i.token_hash = $1', [hashOf(token)]);
    if (!found) throw unknownInvitation();
    return found;
  }

  /** Takes an open invitation back; whoever could have given it can. */
  async revoke(caller: Caller, id: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      const [found] = isUuid(id) ? await openInvitations(manager, 'i.id = $1', [id]) : [];
      if (!found || !(await this.mayManage(manager, caller, found))) throw unknownInvitation();
      await this.settle(manager, caller, { id: found.id }, 'revoked');
    });
  }

  answer(caller: Caller, id: string, accept: boolean): Promise<Invitation> {
    return this.answered(caller, { id: isUuid(id) ? id : null, user_id: signedIn(caller) }, accept);
  }

  answerByToken(caller: Caller, token: string, accept: boolean): Promise<Invitation> {
    return this.answered(caller, { token_hash: hashOf(token) }, accept);
  }

  private async answered(caller: Caller, which: Which, accept: boolean): Promise<Invitation> {
    return this.database.transaction(async (manager) => {
      const settled = await this.settle(manager, caller, which, accept ? 'accepted' : 'declined');
      if (accept) await joinByInvitation(manager, signedIn(caller), settled);
      return settled;
    });
  }

  /** Of several answers at once one counts: the row is open for the first alone. */
  private async settle(
    manager: EntityManager,
    caller: Caller,
    { id, user_id, token_hash }: Which,
    outcome: 'accepted' | 'declined' | 'revoked',
  ): Promise<Invitation> {
    const [before] = await openInvitations(
      manager,
      `($1::uuid is null or i.id = $1) and ($2::uuid is null or i.user_id = $2) and ($3::bytea is null or i.token_hash = $3)
       and coalesce($1::text, $3::bytea::text) is not null`,
      [id ?? null, user_id ?? null, token_hash ?? null],
    );
    if (!before) throw unknownInvitation();
    const [, settled] = await manager.query<[unknown, number]>(
      `update invitations set outcome = $2, answered_at = now(), answered_by = $3 where id = $1 and outcome is null`,
      [before.id, outcome, caller.user_id],
    );
    if (settled === 0) throw unknownInvitation();
    await note(manager, caller, before, outcome);
    return before;
  }

  private async write(
    manager: EntityManager,
    caller: Caller,
    target: Target,
    { user_id, email, role, expires_in_days }: Wish,
  ): Promise<z.input<typeof NewInvitation>> {
    if ((user_id === undefined) === (email === undefined))
      throw new AppError('invalid', 'Name either user_id or email, and not both.');
    if (user_id !== undefined) await this.requireStranger(manager, target, user_id);
    const about = [target.project_id ?? target.team_id, user_id ?? null, email ?? null];
    await manager.query(
      `update invitations set outcome = 'revoked', answered_at = now()
       where outcome is null and coalesce(project_id, team_id) = $1 and (user_id = $2 or lower(email) = lower($3))`,
      about,
    );
    const [open] = await manager.query<{ count: number }[]>(
      `select count(*)::int as count from invitations
       where outcome is null and expires_at > now() and coalesce(project_id, team_id) = $1`,
      [about[0]],
    );
    if (open!.count >= OPEN_AT_ONCE)
      throw new AppError('conflict', `There are ${OPEN_AT_ONCE} open invitations; revoke some first.`);
    const token = email === undefined ? null : randomBytes(32).toString('base64url');
    const [row] = await manager.query<{ id: string }[]>(
      `insert into invitations (project_id, team_id, user_id, email, token_hash, role, invited_by, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(days => $8)) returning id`,
      [
        target.project_id,
        target.team_id,
        user_id ?? null,
        email ?? null,
        token && hashOf(token),
        role,
        caller.user_id,
        expires_in_days,
      ],
    );
    const [made] = await openInvitations(manager, 'i.id = $1', [row!.id]);
    await note(manager, caller, made!, 'invited');
    return { ...made!, token };
  }

  private async requireStranger(manager: EntityManager, target: Target, userId: string): Promise<void> {
    const known = isUuid(userId)
      ? await manager.query<{ is_in: boolean }[]>(
          `select exists (select from members where project_id = $2 and user_id = u.id)
             or exists (select from projects where id = $2 and owner_id = u.id and team_id is null)
             or exists (select from team_members where team_id = $3 and user_id = u.id) as is_in
           from users u where u.id = $1 and u.is_active`,
          [userId, target.project_id, target.team_id],
        )
      : [];
    if (!known[0]) throw new AppError('not_found', 'User not found');
    if (known[0].is_in) throw new AppError('conflict', 'They are in it already; change their role instead.');
  }

  private async mayManage(manager: EntityManager, caller: Caller, { project_id, team_id, role }: Invitation) {
    if (team_id != null) {
      const [own] = await manager.query<{ role: MemberRole }[]>(
        'select role from team_members where team_id = $1 and user_id = $2',
        [team_id, caller.user_id],
      );
      return own !== undefined && isAllowedInTeam(managing(role), own.role);
    }
    const admission = await this.access.admit(manager, caller, project_id!, 'manageMembers');
    return admission?.allows(managing(role)) === true;
  }
}

interface Which {
  id?: string | null;
  user_id?: string;
  token_hash?: Buffer;
}

interface Wish {
  user_id?: string | undefined;
  email?: string | undefined;
  role: MemberRole;
  expires_in_days: number;
}

/** One answer for what never was, was answered, revoked, expired, or is somebody else's. */
const unknownInvitation = () =>
  new AppError(
    'not_found',
    'There is no such open invitation. It may be answered, revoked or too old; ask for another.',
  );

function note(manager: EntityManager, caller: Caller, invitation: Invitation, what: string): Promise<void> {
  const { id, project_id, team_id, user_id, email, role } = invitation;
  return audit(manager, {
    actor_id: caller.user_id,
    ...(project_id != null && { project_id }),
    ...(team_id != null && { team_id }),
    action: what === 'invited' ? 'projects.invited' : `projects.invitation${what[0]!.toUpperCase()}${what.slice(1)}`,
    subject: { invitation_id: id, user_id, email, role },
  });
}

function openInvitations(manager: EntityManager, where: string, values: unknown[]): Promise<Invitation[]> {
  return manager.query<Invitation[]>(
    `select i.id, i.project_id, i.team_id, coalesce(p.name, t.name) as name, i.user_id, i.email, i.role, i.invited_by,
       u.full_name as invited_by_name, i.created_at, i.expires_at
     from invitations i left join projects p on p.id = i.project_id left join teams t on t.id = i.team_id
     left join users u on u.id = i.invited_by
     where i.outcome is null and i.expires_at > now() and ${where}`,
    values,
  );
}
