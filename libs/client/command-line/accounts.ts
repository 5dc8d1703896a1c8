import { join } from 'node:path';
import { AppError } from '#libs/errors/app-error';
import type { Tokens, TokenStore } from '../api/session.js';
import { alone } from '../node/alone.js';
import { readIfThere, writeWhole } from './files.js';

/** Who one is at a server: a session that goes on by itself, or a token that was given. */
export interface Account {
  readonly email: string | null;
  readonly tokens?: Tokens;
  readonly token?: string;
}

interface Kept {
  readonly usual: string | null;
  readonly servers: Readonly<Record<string, Account>>;
}

/** The accounts of this person on this machine, in a file that nobody else may read. */
export class Accounts {
  private readonly path: string;

  constructor(home: string) {
    this.path = join(home, 'credentials.json');
  }

  /** The server one signed in to last. */
  async usualServer(): Promise<string | null> {
    return (await this.read()).usual;
  }

  async at(server: string): Promise<Account | null> {
    return (await this.read()).servers[server] ?? null;
  }

  signIn(server: string, account: Account): Promise<void> {
    return this.change((kept) => ({ usual: server, servers: { ...kept.servers, [server]: account } }));
  }

  private keep(server: string, account: Account): Promise<void> {
    return this.change((kept) => ({ ...kept, servers: { ...kept.servers, [server]: account } }));
  }

  signOut(server: string): Promise<void> {
    return this.change(({ usual, servers: { [server]: _gone, ...others } }) => ({
      usual: usual === server ? (Object.keys(others)[0] ?? null) : usual,
      servers: others,
    }));
  }

  /** The tokens of a session at a server, shared by all commands that run at once. */
  sessionAt(server: string): TokenStore {
    return {
      read: async () => (await this.at(server))?.tokens ?? null,
      write: async (tokens) => {
        const account = await this.at(server);
        if (tokens === null) await this.signOut(server);
        else await this.keep(server, { email: account?.email ?? null, tokens });
      },
      alone: (work) => alone(`${this.path}.session.lock`, work),
    };
  }

  private change(next: (kept: Kept) => Kept): Promise<void> {
    return alone(`${this.path}.lock`, async () =>
      writeWhole(this.path, `${JSON.stringify(next(await this.read()), null, 2)}\n`, 0o600),
    );
  }

  private async read(): Promise<Kept> {
    const text = await readIfThere(this.path);
    if (text === undefined) return { usual: null, servers: {} };
    try {
      const { usual = null, servers = {} } = JSON.parse(text) as Partial<Kept>;
      return { usual, servers };
    } catch {
      throw new AppError('invalid', `${this.path} is damaged. Remove it and sign in again: evidverse login`);
    }
  }
}
