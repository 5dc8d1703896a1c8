/** How a worker became known: by the shared key under a free name, or enrolled, with a secret of its own. */
export type Role = 'legacy' | 'node';

/** How far a worker's word goes. */
export interface Rights {
  /** How many times its usual time a lease may last in all, however often it is renewed. */
  readonly mostTtls: number;
  /** The longest pause that it can ask for, of a site or of a job. */
  readonly longestPauseMs: number;
  /** Whether it may say that a job cannot be done at all; otherwise that is one failed attempt among others. */
  readonly mayGiveUp: boolean;
  /** How many leases it may hold at most. */
  readonly quotaCap: number;
  /** Whether it may come without telling its version where a least one is asked for. */
  readonly mayHideVersion: boolean;
}

/**
 * Whose word an observation is. A registration key makes as many nodes as it has uses, so its nodes are one witness, as are
 * all that share the network key, and all of whom nobody knows any more by which key they came.
 */
export const witnessOf = ({ role, key }: { role: Role; key: number | null }): string =>
  role === 'legacy' ? 'legacy' : `key ${key ?? 'unknown'}`;

const HOUR_MS = 3_600_000;

/** The shared key is known to everybody, so whoever has no more than that can hold nothing up for long. */
export const RIGHTS: Readonly<Record<Role, Rights>> = {
  legacy: { mostTtls: 24, longestPauseMs: HOUR_MS, mayGiveUp: false, quotaCap: 20, mayHideVersion: true },
  node: { mostTtls: 288, longestPauseMs: 7 * 24 * HOUR_MS, mayGiveUp: true, quotaCap: 64, mayHideVersion: false },
};
