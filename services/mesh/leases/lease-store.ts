import type { Ordering } from '../domain/cursor-order.js';

/**
 * All that the scheduler asks of its database, and the seam behind which a simulation stands. Every write is one
 * statement and carries its own guards; moments are milliseconds since 1970 by the database's clock, which alone decides.
 * A batch answers in the order it was asked; null means that the guards refused that one and nothing changed.
 */
export interface LeaseStore {
  claim(wishes: readonly ClaimWish[]): Promise<Answers<Granted>>;
  settle(settlements: readonly Settlement[]): Promise<Answers<Settled>>;
  renew(renewals: readonly Renewal[]): Promise<Answers<Renewed>>;
  /** Ends leases that ran out, and charges the attempt to their jobs. */
  lapse(slots: readonly { slot: number; epoch: number }[]): Promise<Answers<Lapsed>>;
  /** The node of a cancelled lease knows of it: where its stream had to stay away, that ends sooner. */
  confirm(cancelled: Cancelled): Promise<{ slot: number; eligibleAt: number; now: number } | null>;
  slots(ids: readonly number[] | null): Promise<{ now: number; rows: SlotRow[] }>;
  sites(since: SitesWish): Promise<SiteRow[]>;
  /** The sites that have queued jobs; null asks for all. */
  backlog(sites: readonly number[] | null): Promise<{ site: number; due: number }[]>;
  /** For each site, the best due jobs, and when the next of the others is due. */
  windows(sites: readonly number[]): Promise<{ now: number; windows: JobWindow[] }>;
  /** What stands where a refused token points. */
  circumstances(points: { slot: number; job: number; cursor: string | null }): Promise<Circumstances>;
  /** The live lease of a job, for clients that have no token. */
  holderOf(job: number): Promise<{ known: boolean; held: { slot: number; epoch: number; node: number } | null }>;
}

/** `restMs` is how long the stream stays away at least; never less than after an ordinary crawl. */
export interface Cancelled {
  readonly job: number;
  readonly node: number;
  readonly restMs: number;
}

export interface Answers<Answer> {
  readonly now: number;
  readonly answers: readonly (Answer | null)[];
}

export type SitesWish = { kind: 'all' } | { kind: 'some'; ids: readonly number[] };

export interface ClaimWish {
  readonly slot: number;
  readonly epoch: number;
  readonly site: number;
  /** Null leaves the choice to the database, which it takes where the group has one stream. */
  readonly job: number | null;
  readonly node: number;
  /** How many streams the group is believed to have, and their rows: all of them are locked. */
  readonly siblings: readonly number[];
  /** How many of the jobs that come next to tell of, where the database chooses. */
  readonly ahead: number;
  readonly ttlMs: number;
  readonly quarantineMs: number;
}

export interface Granted {
  readonly slot: number;
  readonly job: number;
  readonly epoch: number;
  readonly attempt: number;
  readonly kind: string;
  readonly payload: Record<string, unknown>;
  readonly cost: number;
  readonly cursorValue: string | null;
  readonly cursorVersion: number;
  readonly expiresAt: number;
  readonly eligibleAt: number;
  /** Where the database chose: the due jobs that come next at the site, and when the first of the others is due. */
  readonly rest: readonly WindowJob[] | null;
  readonly nextAt: number | null;
}

export interface Settlement {
  readonly slot: number;
  /** Whether its group has no other stream, as far as is known. */
  readonly isAlone: boolean;
  readonly site: number;
  readonly epoch: number;
  readonly node: number;
  readonly job: number;
  readonly outcome: 'done' | 'failed' | 'released' | 'progress';
  readonly restMs: number;
  readonly pressure: number;
  /** Whether the site has just shown that it wants less of us. */
  readonly isPressed: boolean;
  /** When to try again; null leaves it to the back-off. `jitter` is a factor near one. */
  readonly retryMs: number | null;
  readonly jitter: number;
  readonly isFinal: boolean;
  readonly error: string | null;
  readonly stats: string | null;
  readonly cursor: CursorMove | null;
  /** The payload of an event to tell when the settlement holds. */
  readonly observed: string | null;
  readonly ttlMs: number;
  readonly quarantineMs: number;
  /** How long a lease of this worker may last in all. */
  readonly mostMs: number;
}

export interface CursorMove {
  readonly name: string;
  readonly value: string;
  /** The version it is believed to have; null is the one that came with the lease. */
  readonly version: number | null;
}

export interface Settled {
  readonly site: number;
  readonly eligibleAt: number;
  readonly expiresAt: number | null;
  readonly jobState: JobState;
  readonly attempts: number;
  readonly nextAt: number | null;
  readonly cursorVersion: number | null;
}

export type JobState = 'queued' | 'done' | 'dead' | 'cancelled';

export interface Renewal {
  readonly slot: number;
  readonly epoch: number;
  readonly node: number;
  readonly ttlMs: number;
  readonly quarantineMs: number;
  readonly mostMs: number;
}

export interface Renewed {
  readonly expiresAt: number;
  readonly eligibleAt: number;
}

export interface Lapsed {
  readonly job: number;
  /** Null when the lease had been cancelled before. */
  readonly node: number | null;
  readonly site: number;
  readonly jobState: JobState;
  readonly nextAt: number | null;
  readonly eligibleAt: number;
}

export interface SlotRow {
  readonly id: number;
  readonly group: number;
  readonly stream: number;
  readonly epoch: number;
  readonly eligibleAt: number;
  readonly expiresAt: number | null;
  readonly leasedAt: number | null;
  readonly site: number | null;
  readonly job: number | null;
  readonly node: number | null;
  readonly pressure: number;
  readonly pressedAt: number | null;
}

export interface SiteRow {
  readonly id: number;
  readonly siteId: string;
  readonly aliases: readonly string[];
  readonly group: number;
  readonly groupName: string;
  readonly streams: number;
  readonly minIntervalMs: number;
  readonly pace: number;
  readonly state: 'open' | 'paused';
  readonly maxWorkers: number;
  readonly requires: readonly string[];
  readonly quietHours: readonly { from: string; to: string; offset_minutes: number }[];
  readonly blockedUntil: number | null;
  readonly owner: string | null;
  readonly ownerUrl: string | null;
}

export interface WindowJob {
  readonly id: number;
  readonly priority: number;
  readonly deadline: number | null;
}

export interface JobWindow {
  readonly site: number;
  readonly jobs: readonly WindowJob[];
  readonly isComplete: boolean;
  readonly nextAt: number | null;
}

/** Why a token was refused is read from this. */
export interface Circumstances {
  readonly now: number;
  readonly epoch: number | null;
  readonly node: number | null;
  readonly slotJob: number | null;
  readonly expiresAt: number | null;
  readonly jobState: JobState | null;
  readonly finishedEpoch: number | null;
  readonly outcome: string | null;
  readonly finishedBy: number | null;
  readonly cursorVersion: number | null;
  readonly cursorOrdering: Ordering | null;
}

/** How many jobs of a site are looked at ahead at most. */
export const WINDOW = 16;
