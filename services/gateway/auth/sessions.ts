import { Injectable } from '@nestjs/common';
import type { AccessScope, Caller, PlatformRole } from '#libs/contracts/caller';
import { checkSession } from '#libs/contracts/projects';
import { AppError } from '#libs/errors/app-error';
import { Broker } from '#libs/messaging/broker';

interface Known {
  readonly user_id: string;
  readonly until: number;
  readonly standing: Promise<Standing | null>;
}

/** As whom a session lets in, and how far, if it is a personal token's. */
export interface Standing {
  readonly role: PlatformRole;
  readonly scope: AccessScope | null;
}

const REMEMBERED_MS = 5000;
const MOST_REMEMBERED = 10_000;

/**
 * Whether the session of a token still counts. A yes is remembered for five seconds, so an ended session or a
 * deactivated user is out at the latest then, and at once where this process did it.
 */
@Injectable()
export class Sessions {
  private readonly known = new Map<string, Known>();
  /** Those that were found to count no more, the last of them. */
  private readonly ended = new Set<string>();

  constructor(private readonly broker: Broker) {}

  /** What the session is good for, or null when it or its user counts no longer. A token that is not for administration has no role. */
  standingIn(session_id: string, user_id: string, now = Date.now()): Promise<Standing | null> {
    const key = `${session_id} ${user_id}`;
    const remembered = this.known.get(key);
    if (remembered && remembered.until > now) return remembered.standing;
    const asked: Known = { user_id, until: now + REMEMBERED_MS, standing: this.ask(session_id, user_id) };
    this.known.delete(key);
    this.known.set(key, asked);
    if (this.known.size > MOST_REMEMBERED) this.known.delete(this.known.keys().next().value as string);
    const forget = () => this.known.get(key) === asked && this.known.delete(key);
    asked.standing.then((standing) => {
      if (standing !== null) return this.ended.delete(key);
      this.ended.delete(key);
      this.ended.add(key);
      if (this.ended.size > MOST_REMEMBERED) this.ended.delete(this.ended.keys().next().value as string);
      return forget();
    }, forget);
    return asked.standing;
  }

  /** Whether this process has seen that a session counts no more. */
  isKnownAsEnded(session_id: string, user_id: string): boolean {
    return this.ended.has(`${session_id} ${user_id}`);
  }

  /** Who a caller is by now, however long ago they were let in; `unauthorized` once their session counts no longer. */
  async today(caller: Caller): Promise<Caller> {
    const { session_id, user_id } = caller;
    if (session_id === null || user_id === null) return caller;
    const standing = await this.standingIn(session_id, user_id);
    if (standing === null) throw new AppError('unauthorized', 'This session has ended. Sign in again.');
    return { ...caller, role: standing.role };
  }

  /** Forgets what is remembered of a user: the next request asks again. */
  forget(user_id: string | null): void {
    for (const [key, known] of this.known) if (known.user_id === user_id) this.known.delete(key);
  }

  private async ask(session_id: string, user_id: string): Promise<Standing | null> {
    try {
      const { active, role, scope } = await this.broker.call(checkSession, { session_id, user_id });
      return active ? { role: scope === null || scope === 'admin' ? role : 'user', scope } : null;
    } catch (thrown) {
      const { code } = AppError.from(thrown);
      if (code === 'unavailable' || code === 'internal') throw thrown;
      return null;
    }
  }
}
