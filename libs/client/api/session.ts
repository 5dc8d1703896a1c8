import { ApiError } from './api-error.js';
import type { Credentials } from './credentials.js';
import { send, type Sender } from './send.js';

/** A session as a client keeps it. The refresh token works once: whoever uses it a second time ends the session. */
export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  /** When the access token ends, in milliseconds since 1970, by the client's clock. */
  readonly expires_at: number;
}

/** Where the tokens of a session are kept, maybe by several processes. */
export interface TokenStore {
  read(): Promise<Tokens | null>;
  write(tokens: Tokens | null): Promise<void>;
  /** Runs `work` while nobody else runs any with this store, in whatever process. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

const EARLY_MS = 20_000;

/** Signs in with e-mail and password. */
export async function signIn(sender: Sender, username: string, password: string): Promise<Tokens> {
  const body = new URLSearchParams({ username, password, grant_type: 'password' });
  return tokensOf(await send(sender, 'POST', '/api/v1/auth/login', { body }));
}

/** A session in a store: shows its access token, and trades the refresh token for a new pair when that has ended. */
export function sessionCredentials(sender: Sender, store: TokenStore): Credentials {
  let trading: Promise<string | null> | undefined;
  const trade = (refused: string) => (trading ??= next(refused).finally(() => (trading = undefined)));

  /** Another process may have traded already: then its new token is ours too. */
  const next = (refused: string) =>
    store.alone(async () => {
      const kept = await store.read();
      if (kept === null) return null;
      if (kept.access_token !== refused) return kept.access_token;
      try {
        const body = { refresh_token: kept.refresh_token };
        const fresh = tokensOf(await send(sender, 'POST', '/api/v1/auth/refresh', { body }));
        await store.write(fresh);
        return fresh.access_token;
      } catch (thrown) {
        if (!(thrown instanceof ApiError) || thrown.status !== 401) throw thrown;
        await store.write(null);
        return null;
      }
    });

  return {
    token: async () => {
      const kept = await store.read();
      if (kept === null) return null;
      return kept.expires_at - EARLY_MS > Date.now() ? kept.access_token : trade(kept.access_token);
    },
    renew: trade,
  };
}

/** Keeps the tokens of this process only, as a page in a browser does. */
export function tokensInMemory(tokens: Tokens | null = null): TokenStore {
  let kept = tokens;
  let queue: Promise<unknown> = Promise.resolve();
  return {
    read: () => Promise.resolve(kept),
    write: (next) => {
      kept = next;
      return Promise.resolve();
    },
    alone: (work) => {
      const turn = queue.then(work);
      queue = turn.catch(() => undefined);
      return turn;
    },
  };
}

function tokensOf({ data }: { data: unknown }): Tokens {
  const { access_token, refresh_token, expires_in } = data as Tokens & { expires_in: number };
  return { access_token, refresh_token, expires_at: Date.now() + expires_in * 1000 };
}
