/** What a client shows of itself. */
export interface Credentials {
  /** The token to show now; null for a stranger. */
  token(): Promise<string | null>;
  /** Another one after this was refused; null when there is none. */
  renew(refused: string): Promise<string | null>;
}

/** Who shows nothing. */
export const stranger: Credentials = { token: () => Promise.resolve(null), renew: () => Promise.resolve(null) };

/** Who has a token and nothing to get another one with, as in CI. */
export const bearer = (token: string): Credentials => ({
  token: () => Promise.resolve(token),
  renew: () => Promise.resolve(null),
});
