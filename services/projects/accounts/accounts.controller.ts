import { Controller, Inject, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, LOG } from '#libs/bootstrap/tokens';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/projects';
import * as tokens from '#libs/contracts/projects-tokens';
import { Handles } from '#libs/messaging/handles';
import type { Log } from '#libs/observability/logger';
import type { ProjectsConfig } from '../config.js';
import { Accounts, signedIn } from './accounts.js';
import { PersonalTokens } from './personal-tokens.js';
import { Sessions } from './sessions.js';

@Controller()
export class AccountsController implements OnApplicationBootstrap {
  constructor(
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly tokens: PersonalTokens,
    @Inject(CONFIG) private readonly config: ProjectsConfig,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { ADMIN_EMAIL, ADMIN_PASSWORD } = this.config;
    if (ADMIN_EMAIL === undefined || ADMIN_PASSWORD === undefined) return;
    if (!(await this.accounts.ensureAdministrator(ADMIN_EMAIL, ADMIN_PASSWORD)))
      this.log.warn('ADMIN_EMAIL is the address of an account with another password: it was not made administrator');
  }

  @Handles(contract.registerUser)
  register(draft: InputOf<typeof contract.registerUser>) {
    return this.accounts.register(draft);
  }

  @Handles(contract.login)
  login({ username, password }: InputOf<typeof contract.login>) {
    return this.accounts.login(username, password);
  }

  @Handles(contract.refreshSession)
  refresh({ refresh_token }: InputOf<typeof contract.refreshSession>) {
    return this.sessions.refresh(refresh_token);
  }

  @Handles(contract.endSession)
  async endSession(_input: object, caller: Caller) {
    if (caller.session_id !== null) await this.sessions.end(caller.session_id);
    return { ok: true };
  }

  @Handles(contract.endAllSessions)
  async endAllSessions(_input: object, caller: Caller) {
    return { ok: true, tokens_going_on: await this.sessions.endAllSignedIn(signedIn(caller)) };
  }

  @Handles(contract.checkSession)
  async checkSession({ session_id, user_id }: InputOf<typeof contract.checkSession>) {
    const standing = await this.sessions.standingOf(session_id, user_id);
    return { active: standing !== undefined, role: standing?.role ?? 'user', scope: standing?.scope ?? null };
  }

  @Handles(tokens.createToken)
  createToken(draft: InputOf<typeof tokens.createToken>, caller: Caller) {
    return this.tokens.create(caller, draft);
  }

  @Handles(tokens.listTokens)
  listTokens(_input: object, caller: Caller) {
    return this.tokens.list(caller);
  }

  @Handles(tokens.revokeToken)
  async revokeToken({ token_id }: InputOf<typeof tokens.revokeToken>, caller: Caller) {
    await this.tokens.revoke(caller, token_id);
    return { ok: true };
  }

  @Handles(contract.changePassword)
  async changePassword(input: InputOf<typeof contract.changePassword>, caller: Caller) {
    await this.accounts.changePassword(signedIn(caller), input.current_password, input.new_password);
    return { ok: true };
  }

  @Handles(contract.getMe)
  me(_input: object, caller: Caller) {
    return this.accounts.me(caller);
  }

  @Handles(contract.updateMe)
  updateMe({ full_name }: InputOf<typeof contract.updateMe>, caller: Caller) {
    return this.accounts.rename(caller, full_name);
  }

  @Handles(contract.getUser)
  get({ user_id }: InputOf<typeof contract.getUser>, caller: Caller) {
    return this.accounts.get(caller, user_id);
  }

  @Handles(contract.searchUsers)
  search({ query, skip, limit }: InputOf<typeof contract.searchUsers>, caller: Caller) {
    return this.accounts.search(caller, query, skip, limit);
  }

  @Handles(contract.administerUser)
  administer({ user_id, ...change }: InputOf<typeof contract.administerUser>, caller: Caller) {
    return this.accounts.administer(caller, user_id, change);
  }
}
