import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';
import type { Caller, PlatformRole } from '#libs/contracts/caller';
import type { User, UserPublic } from '#libs/contracts/projects';
import { AppError } from '#libs/errors/app-error';
import { announceAccount } from '../audit/announce.js';
import { audit } from '../audit/audit.js';
import { containing } from '../domain/like-pattern.js';
import { maskEmail } from '../domain/nickname.js';
import { isPartOfUuid, isUuid } from '../domain/uuid.js';
import { UserEntity } from './account.entities.js';
import { hashPassword, isPassword, wasteACheck } from './passwords.js';
import { Sessions } from './sessions.js';

const WRONG_LOGIN = 'Incorrect email or password';
const WRONG_PASSWORD = 'The current password is not right';

/** People: who they are, how they prove it, and what others may see of them. */
@Injectable()
export class Accounts {
  constructor(
    @InjectRepository(UserEntity) private readonly users: Repository<UserEntity>,
    private readonly database: DataSource,
    private readonly sessions: Sessions,
  ) {}

  async register(draft: { email: string; password: string; full_name?: string | null }): Promise<User> {
    const password_hash = await hashPassword(draft.password);
    const user = await this.insertUnlessTaken(draft.email, draft.full_name ?? null, password_hash, 'user');
    if (!user) throw new AppError('invalid', 'The user with this email already exists in the system');
    return user;
  }

  async login(email: string, password: string) {
    const user = await this.users.findOneBy({ email: asStored(email) });
    if (!user) await wasteACheck(password);
    if (!user || !(await isPassword(user.password_hash, password))) throw new AppError('invalid', WRONG_LOGIN);
    if (!user.is_active) throw new AppError('invalid', 'Inactive user');
    const session = await this.sessions.begin(user);
    if (!session) throw new AppError('invalid', WRONG_LOGIN);
    return session;
  }

  async changePassword(userId: string, current: string, next: string): Promise<void> {
    const user = await this.byId(userId);
    if (!(await isPassword(user.password_hash, current))) throw new AppError('invalid', WRONG_PASSWORD);
    const password_hash = await hashPassword(next);
    await this.database.transaction(async (manager) => {
      const unchanged = { id: userId, password_hash: user.password_hash };
      const { affected } = await manager.update(UserEntity, unchanged, { password_hash });
      if (affected !== 1) throw new AppError('invalid', WRONG_PASSWORD);
      await this.sessions.endAllOf(userId, manager);
      await audit(manager, { actor_id: userId, user_id: userId, action: 'projects.passwordChanged', subject: {} });
    });
  }

  async me(caller: Caller): Promise<User> {
    return this.byId(signedIn(caller));
  }

  async rename(caller: Caller, full_name: string | null): Promise<User> {
    const id = signedIn(caller);
    await this.users.update({ id }, { full_name });
    return this.byId(id);
  }

  /** A person as the caller may see them: only oneself and an administrator see the e-mail address. */
  async get(caller: Caller, userId: string): Promise<User> {
    return shownTo(caller, await this.byId(userId));
  }

  /** People by part of their name or id, or by their whole e-mail address; never by a part of it, which would give it away. */
  async search(caller: Caller, query: string, skip: number, limit: number): Promise<UserPublic[]> {
    const words = query.trim();
    if (words === '') return [];
    const partOfId = isPartOfUuid(words) ? containing(words.toLowerCase()) : null;
    const wholeEmail = caller.user_id === null ? null : asStored(words);
    const found = await this.database.query<UserEntity[]>(
      `select id, email, full_name from users
       where is_active and (full_name ilike $1 escape '\\' or id::text like $2 or email = $3)
       order by full_name nulls last, created_at, id offset $4 limit $5`,
      [containing(words), partOfId, wholeEmail, skip, limit],
    );
    return found.map((user) => shownTo(caller, user));
  }

  async administer(
    caller: Caller,
    userId: string,
    change: { role?: PlatformRole; is_active?: boolean },
  ): Promise<User> {
    if (caller.role !== 'admin') throw new AppError('unauthorized', 'Only an administrator can change accounts');
    return this.database.transaction(async (manager) => {
      await manager.query(`select pg_advisory_xact_lock(hashtext('projects.administrators'))`);
      const user = await this.byId(userId, manager);
      const changed = { role: change.role ?? user.role, is_active: change.is_active ?? user.is_active };
      await manager.update(UserEntity, { id: user.id }, changed);
      if (!(await manager.existsBy(UserEntity, { role: 'admin', is_active: true })))
        throw new AppError('conflict', 'This is the last active administrator; make another one first.');
      if (!changed.is_active) await this.sessions.endAllOf(user.id, manager);
      if (changed.is_active !== user.is_active) await announceAccount(manager, user.id, changed.is_active);
      const about = { actor_id: caller.user_id, user_id: user.id, subject: changed };
      await audit(manager, { ...about, action: 'projects.accountAdministered' });
      return { ...user, ...changed };
    });
  }

  /**
   * Makes the first administrator, or gives an account that has this very password the role; safe to run in several
   * replicas at once. False when somebody else has the address: whoever registered it first is not let in by that.
   */
  async ensureAdministrator(email: string, password: string): Promise<boolean> {
    const stored = asStored(email);
    const user = await this.users.findOneBy({ email: stored });
    if (user?.role === 'admin') return true;
    if (!user) {
      const made = await this.insertUnlessTaken(stored, null, await hashPassword(password), 'admin');
      return made !== undefined || this.ensureAdministrator(email, password);
    }
    if (!(await isPassword(user.password_hash, password))) return false;
    await this.users.update({ id: user.id }, { role: 'admin' });
    return true;
  }

  private async insertUnlessTaken(
    email: string,
    full_name: string | null,
    password_hash: string,
    role: PlatformRole,
  ): Promise<UserEntity | undefined> {
    const rows = await this.database.query<UserEntity[]>(
      `insert into users (email, full_name, password_hash, role) values ($1, $2, $3, $4)
       on conflict (email) do nothing returning *`,
      [email, full_name, password_hash, role],
    );
    return rows[0];
  }

  private async byId(userId: string, manager = this.database.manager): Promise<UserEntity> {
    const id = userId.trim();
    const user = isUuid(id) ? await manager.findOneBy(UserEntity, { id }) : null;
    if (!user) throw new AppError('not_found', 'User not found');
    return user;
  }
}

/** The id of a caller whom the gateway has let in; an anonymous one cannot do this. */
export function signedIn(caller: Caller): string {
  if (caller.user_id === null) throw new AppError('unauthorized', 'Not authenticated');
  return caller.user_id;
}

function shownTo<T extends { id: string; email: string; role?: PlatformRole }>(caller: Caller, user: T): T {
  if (caller.user_id === user.id || caller.role === 'admin') return user;
  return { ...user, email: maskEmail(user.email), role: undefined };
}

/** The domain of an address is stored in lower case; the part before it as it was given. */
function asStored(email: string): string {
  const trimmed = email.trim();
  const at = trimmed.lastIndexOf('@');
  return at < 0 ? trimmed : trimmed.slice(0, at) + trimmed.slice(at).toLowerCase();
}
