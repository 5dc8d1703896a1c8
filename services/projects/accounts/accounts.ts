import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';
import type { Caller, PlatformRole } from '#libs/contracts/caller';
import type { User, UserPublic } from '#libs/contracts/projects';
import { AppError } from '#libs/errors/app-error';
import { maskEmail } from '../domain/nickname.js';
import { isUuid } from '../domain/uuid.js';
import { UserEntity } from './account.entities.js';
import { hashPassword, isPassword, wasteACheck } from './passwords.js';
import { Sessions } from './sessions.js';

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
    if (!user || !(await isPassword(user.password_hash, password)))
      throw new AppError('invalid', 'Incorrect email or password');
    if (!user.is_active) throw new AppError('invalid', 'Inactive user');
    return this.sessions.begin(user);
  }

  async changePassword(userId: string, current: string, next: string): Promise<void> {
    const user = await this.byId(userId);
    if (!(await isPassword(user.password_hash, current)))
      throw new AppError('invalid', 'The current password is not right');
    const password_hash = await hashPassword(next);
    await this.database.transaction(async (manager) => {
      await manager.update(UserEntity, { id: userId }, { password_hash });
      await this.sessions.endAllOf(userId, manager);
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

  /** People by part of their name, by id, or by their whole e-mail address; never by a part of it, which would give it away. */
  async search(caller: Caller, query: string, skip: number, limit: number): Promise<UserPublic[]> {
    const words = query.trim();
    if (words === '') return [];
    const found = await this.database.query<UserEntity[]>(
      `select id, email, full_name from users
       where is_active and (full_name ilike $1 escape '\\' or id::text = lower($2) or ($3 and email = $4))
       order by full_name nulls last, created_at, id offset $5 limit $6`,
      [`%${words.replace(/[\\%_]/g, '\\$&')}%`, words, caller.user_id !== null, asStored(words), skip, limit],
    );
    return found.map((user) => shownTo(caller, user));
  }

  async administer(
    caller: Caller,
    userId: string,
    change: { role?: PlatformRole; is_active?: boolean },
  ): Promise<User> {
    if (caller.role !== 'admin') throw new AppError('unauthorized', 'Only an administrator can change accounts');
    const user = await this.byId(userId);
    const { role = user.role, is_active = user.is_active } = change;
    await this.database.transaction(async (manager) => {
      await manager.query(`select pg_advisory_xact_lock(hashtext('projects.administrators'))`);
      await manager.update(UserEntity, { id: user.id }, { role, is_active });
      const admins = await manager.countBy(UserEntity, { role: 'admin', is_active: true });
      if (admins === 0)
        throw new AppError('conflict', 'This is the last active administrator; make another one first.');
      if (!is_active) await this.sessions.endAllOf(user.id, manager);
    });
    return this.byId(user.id);
  }

  /** Makes the first administrator, or gives an existing account that role; safe to run in several replicas at once. */
  async ensureAdministrator(email: string, password: string): Promise<void> {
    const stored = asStored(email);
    if (await this.users.existsBy({ email: stored })) {
      await this.users.update({ email: stored }, { role: 'admin' });
      return;
    }
    await this.insertUnlessTaken(stored, null, await hashPassword(password), 'admin');
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

  private async byId(userId: string): Promise<UserEntity> {
    const id = userId.trim();
    const user = isUuid(id) ? await this.users.findOneBy({ id }) : null;
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
