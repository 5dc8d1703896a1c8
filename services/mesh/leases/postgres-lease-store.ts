import type { Pool } from 'pg';
import { parseExact } from '#libs/timeline/exact-json';
import {
  WINDOW,
  type Answers,
  type Circumstances,
  type ClaimWish,
  type Granted,
  type JobState,
  type JobWindow,
  type Lapsed,
  type LeaseStore,
  type Renewal,
  type Renewed,
  type Settled,
  type Settlement,
  type SiteRow,
  type SitesWish,
  type SlotRow,
} from './lease-store.js';
import { CLAIM } from './statements/claim.js';
import { LAPSE } from './statements/lapse.js';
import { BACKLOG, CIRCUMSTANCES, HOLDER, SITES, SLOTS, WINDOWS } from './statements/readings.js';
import { RENEW } from './statements/renew.js';
import { SETTLE } from './statements/settle.js';

/** The statements that a test may replace, to see whether the guards in them are what holds the promises. */
export const STATEMENTS = { claim: CLAIM, settle: SETTLE, renew: RENEW, lapse: LAPSE };

/** The lease store in PostgreSQL: one named, prepared statement for each kind of write. */
export class PostgresLeaseStore implements LeaseStore {
  constructor(
    private readonly pool: Pool,
    private readonly statements: Readonly<Record<keyof typeof STATEMENTS, string>> = STATEMENTS,
    /** Told apart by their names on a connection, where several stores share one. */
    private readonly suffix = '',
  ) {}

  /** All wishes of a batch must have the same times. */
  async claim(wishes: readonly ClaimWish[]): Promise<Answers<Granted>> {
    const { ttlMs, quarantineMs } = wishes[0]!;
    const rows = await this.run<ClaimRow>('mesh-claim', this.statements.claim, [
      wishes.map(({ slot }) => slot),
      wishes.map(({ epoch }) => epoch),
      wishes.map(({ site }) => site),
      wishes.map(({ job }) => job),
      wishes.map(({ node }) => node),
      wishes.map(({ siblings }) => siblings.length),
      wishes.length === 1 ? wishes[0]!.siblings : wishes.flatMap(({ siblings }) => siblings),
      ttlMs,
      ttlMs + quarantineMs,
    ]);
    return answers(wishes, rows, (row, { slot }) => ({
      slot,
      epoch: row.epoch,
      attempt: row.attempts + 1,
      kind: row.kind,
      payload: payloadOf(row.payload),
      cost: row.cost,
      cursorValue: row.value,
      cursorVersion: row.cursor_version,
      expiresAt: row.expires,
      eligibleAt: row.eligible,
    }));
  }

  /** All settlements of a batch must have the same times, and no two move the same cursor. */
  async settle(settlements: readonly Settlement[]): Promise<Answers<Settled>> {
    const of = <T>(pick: (one: Settlement) => T) => settlements.map(pick);
    const { ttlMs, quarantineMs } = settlements[0]!;
    const rows = await this.run<SettleRow>('mesh-settle', this.statements.settle, [
      of(({ slot }) => slot),
      of(({ epoch }) => epoch),
      of(({ node }) => node),
      of(({ job }) => job),
      of(({ outcome }) => outcome),
      of(({ restMs }) => restMs),
      of(({ pressure }) => pressure),
      of(({ retryMs }) => retryMs),
      of(({ jitter }) => jitter),
      of(({ isFinal }) => isFinal),
      of(({ error }) => error),
      of(({ stats }) => stats),
      of(({ cursor }) => cursor?.name ?? null),
      of(({ cursor }) => cursor?.value ?? null),
      of(({ cursor }) => (cursor === null ? null : cursor.name === 'main' ? cursor.version : (cursor.version ?? 0))),
      of(({ observed }) => observed),
      ttlMs,
      ttlMs + quarantineMs,
      of(({ isPressed }) => isPressed),
    ]);
    return answers(settlements, rows, (row) => ({
      site: row.site,
      eligibleAt: row.eligible,
      expiresAt: row.expires,
      jobState: row.state ?? 'cancelled',
      attempts: row.attempts ?? 0,
      nextAt: row.state === 'queued' ? row.next : null,
      cursorVersion: row.moved_to,
    }));
  }

  /** All renewals of a batch must have the same times. */
  async renew(renewals: readonly Renewal[]): Promise<Answers<Renewed>> {
    const { ttlMs, quarantineMs } = renewals[0]!;
    const rows = await this.run<Ordered & { expires: number; eligible: number }>('mesh-renew', this.statements.renew, [
      renewals.map(({ slot }) => slot),
      renewals.map(({ epoch }) => epoch),
      renewals.map(({ node }) => node),
      ttlMs,
      ttlMs + quarantineMs,
    ]);
    return answers(renewals, rows, ({ expires, eligible }) => ({ expiresAt: expires, eligibleAt: eligible }));
  }

  async lapse(slots: readonly { slot: number; epoch: number }[]): Promise<Answers<Lapsed>> {
    const rows = await this.run<LapseRow>('mesh-lapse', this.statements.lapse, [
      slots.map(({ slot }) => slot),
      slots.map(({ epoch }) => epoch),
    ]);
    return answers(slots, rows, (row) => ({
      job: row.job,
      node: row.node,
      site: row.site,
      jobState: row.state ?? 'cancelled',
      nextAt: row.state === 'queued' ? row.next : null,
      eligibleAt: row.eligible,
    }));
  }

  async slots(ids: readonly number[] | null): Promise<{ now: number; rows: SlotRow[] }> {
    const rows = await this.run<SlotRow & { now: number }>('mesh-slots', SLOTS, [ids]);
    return { now: rows[0]?.now ?? (await this.now()), rows };
  }

  sites(wish: SitesWish): Promise<SiteRow[]> {
    return this.run<SiteRow>('mesh-sites', SITES, [wish.kind === 'all' ? null : wish.ids]);
  }

  backlog(sites: readonly number[] | null): Promise<{ site: number; due: number }[]> {
    return this.run('mesh-backlog', BACKLOG, [sites]);
  }

  async windows(sites: readonly number[]): Promise<{ now: number; windows: JobWindow[] }> {
    type Row = { site: number; jobs: [number, number, number | null][]; next: number | null; now: number };
    const rows = await this.run<Row>('mesh-windows', WINDOWS, [sites, WINDOW]);
    const windows = rows.map(({ site, jobs, next }) => ({
      site,
      jobs: jobs.map(([id, priority, deadline]) => ({ id, priority, deadline })),
      isComplete: jobs.length < WINDOW,
      nextAt: next,
    }));
    return { now: rows[0]!.now, windows };
  }

  async circumstances({
    slot,
    job,
    cursor,
  }: {
    slot: number;
    job: number;
    cursor: string | null;
  }): Promise<Circumstances> {
    return (await this.run<Circumstances>('mesh-circumstances', CIRCUMSTANCES, [slot, job, cursor]))[0]!;
  }

  async holderOf(job: number): ReturnType<LeaseStore['holderOf']> {
    type Row = { slot: number | null; epoch: number; node: number };
    const rows = await this.run<Row>('mesh-holder', HOLDER, [job]);
    const held = rows.find(({ slot }) => slot !== null);
    return { known: rows.length > 0, held: held ? { slot: held.slot!, epoch: held.epoch, node: held.node } : null };
  }

  private async now(): Promise<number> {
    const [row] = await this.run<{ now: number }>(
      'mesh-now',
      `select extract(epoch from now())::float8 * 1000 as now`,
      [],
    );
    return row!.now;
  }

  private async run<Row>(name: string, text: string, values: unknown[]): Promise<Row[]> {
    return (await this.pool.query({ name: name + this.suffix, text, values })).rows as Row[];
  }
}

interface Ordered {
  ord: number | null;
  now: number;
}
interface ClaimRow extends Ordered {
  epoch: number;
  expires: number;
  eligible: number;
  cursor_version: number;
  value: string | null;
  attempts: number;
  kind: string;
  cost: number;
  payload: string;
}
interface SettleRow extends Ordered {
  site: number;
  eligible: number;
  expires: number | null;
  state: JobState | null;
  attempts: number | null;
  next: number | null;
  moved_to: number | null;
}
interface LapseRow extends Ordered {
  job: number;
  node: number;
  site: number;
  state: JobState | null;
  next: number | null;
  eligible: number;
}

/** A payload that is no object (nobody but a hand in the database makes one) is served empty, and hurts no other job. */
function payloadOf(text: string): Record<string, unknown> {
  const payload: unknown = text === '{}' ? {} : parseExact(text);
  const isObject = typeof payload === 'object' && payload !== null && !Array.isArray(payload);
  return isObject ? (payload as Record<string, unknown>) : {};
}

/** Answers in the order of the questions; the last row of every statement has no number and tells the time. */
function answers<Question, Row extends Ordered, Answer>(
  questions: readonly Question[],
  rows: readonly Row[],
  read: (row: Row, question: Question) => Answer,
): Answers<Answer> {
  const found: (Answer | null)[] = questions.map(() => null);
  let now = 0;
  for (const row of rows) {
    if (row.ord !== null) found[row.ord - 1] = read(row, questions[row.ord - 1]!);
    now = row.now;
  }
  return { now, answers: found };
}
