import type { Pool } from 'pg';
import { parseExact } from '#libs/timeline/exact-json';
import {
  WINDOW,
  type Answers,
  type Cancelled,
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
  type WindowJob,
} from './lease-store.js';
import { CLAIM } from './statements/claim.js';
import { LAPSE } from './statements/lapse.js';
import { BACKLOG, CIRCUMSTANCES, HOLDER, SITES, SLOTS, WINDOWS } from './statements/readings.js';
import { RENEW } from './statements/renew.js';
import { CONFIRM, REVOKE } from './statements/revoke.js';
import { SETTLE, SETTLE_AT_HOME } from './statements/settle.js';

/** The statements that a test may replace, to see whether the guards in them are what holds the promises. */
export const STATEMENTS = {
  claim: CLAIM,
  settle: SETTLE,
  home: SETTLE_AT_HOME,
  renew: RENEW,
  lapse: LAPSE,
  revoke: REVOKE,
  confirm: CONFIRM,
};

/** Where the store learns of nodes that were told to do less, and asks what may still be given to whom. */
export interface Standing {
  learn(): Promise<void>;
  mayHave(wish: ClaimWish): boolean;
}
const EVERYBODY: Standing = { learn: () => Promise.resolve(), mayHave: () => true };
const MOST_NEWS = 5;

/** The lease store in PostgreSQL: one named, prepared statement for each kind of write. */
export class PostgresLeaseStore implements LeaseStore {
  private heard = 0;

  constructor(
    private readonly pool: Pool,
    private readonly statements: Readonly<Record<keyof typeof STATEMENTS, string>> = STATEMENTS,
    /** Told apart by their names on a connection, where several stores share one. */
    private readonly suffix = '',
    private readonly standing = EVERYBODY,
  ) {}

  /** All wishes of a batch must have the same times. What others have been told of nodes meanwhile is heard first. */
  async claim(wishes: readonly ClaimWish[]): Promise<Answers<Granted>> {
    for (let round = 0; round < MOST_NEWS; round++) {
      const isGood = (wish: ClaimWish) => this.standing.mayHave(wish);
      const welcome = wishes.every(isGood) ? wishes : wishes.filter(isGood);
      if (welcome.length === 0) break;
      const { answers, revocations } = await this.claimAsHeard(welcome);
      if (revocations === this.heard) {
        if (welcome.length === wishes.length) return answers;
        const found = new Map(welcome.map((wish, at) => [wish, answers.answers[at] ?? null]));
        return { now: answers.now, answers: wishes.map((wish) => found.get(wish) ?? null) };
      }
      await this.standing.learn();
      this.heard = revocations;
    }
    return { now: await this.now(), answers: wishes.map(() => null) };
  }

  private async claimAsHeard(
    wishes: readonly ClaimWish[],
  ): Promise<{ answers: Answers<Granted>; revocations: number }> {
    const { ttlMs, quarantineMs } = wishes[0]!;
    const isAnyShared = wishes.some(({ siblings }) => siblings.length > 1);
    const rows = await this.run<ClaimRow>('mesh-claim', this.statements.claim, [
      list(wishes, ({ slot }) => slot),
      list(wishes, ({ epoch }) => epoch),
      list(wishes, ({ site }) => site),
      list(wishes, ({ job }) => job),
      list(wishes, ({ node }) => node),
      list(wishes, ({ siblings }) => siblings.length),
      ttlMs,
      ttlMs + quarantineMs,
      isAnyShared ? wishes.flatMap(({ siblings }) => siblings) : [],
      list(wishes, ({ ahead }) => ahead),
      this.heard,
    ]);
    const granted = answers(wishes, rows, (row: ClaimRow, { slot }) => ({
      slot,
      job: row.job,
      epoch: row.epoch,
      attempt: row.attempts + 1,
      kind: row.kind,
      payload: payloadOf(row.payload),
      cost: row.cost,
      cursorValue: row.value,
      cursorVersion: row.cursor_version,
      expiresAt: row.now + ttlMs,
      eligibleAt: row.now + ttlMs + quarantineMs,
      rest: restOf(row),
      nextAt: row.next_at,
    }));
    return { answers: granted, revocations: rows.at(-1)!.revocations! };
  }

  /** All settlements of a batch must have the same times, and no two move the same cursor. Where all that decides stands in one row, it is tried there first. */
  async settle(settlements: readonly Settlement[]): Promise<Answers<Settled>> {
    const isMain = ({ cursor }: Settlement) => cursor === null || cursor.name === 'main';
    const isAtHome = (one: Settlement) => one.isAlone && isMain(one);
    const [atHome, elsewhere] = [settlements.filter(isAtHome), settlements.filter((one) => !isAtHome(one))];
    const found = new Map<Settlement, Settled>();
    let last = 0;
    const ask = async (name: string, statement: string, asked: readonly Settlement[]): Promise<Settlement[]> => {
      if (asked.length === 0) return [];
      const { now, answers } = await this.settleBy(name, statement, asked);
      last = now;
      for (const [at, answer] of answers.entries()) if (answer !== null) found.set(asked[at]!, answer);
      return asked.filter((one) => !found.has(one));
    };
    const away = await ask('mesh-settle-at-home', this.statements.home, atHome);
    const refused = await ask('mesh-settle', this.statements.settle, [...elsewhere, ...away]);
    // Of some it was not known that they are alone.
    const untried = refused.filter((one) => !one.isAlone && one.cursor !== null && isMain(one));
    await ask('mesh-settle-at-home', this.statements.home, untried);
    return { now: last, answers: settlements.map((one) => found.get(one) ?? null) };
  }

  private async settleBy(name: string, text: string, settlements: readonly Settlement[]): Promise<Answers<Settled>> {
    const of = (pick: (one: Settlement) => Plain) => list(settlements, pick);
    const { ttlMs, quarantineMs } = settlements[0]!;
    const [row] = await this.run<SettledRow>(name, text, [
      of(({ slot }) => slot),
      of(({ epoch }) => epoch),
      of(({ node }) => node),
      of(({ job }) => job),
      of(({ outcome }) => outcome),
      of(({ restMs }) => restMs),
      of(({ pressure }) => pressure || null),
      of(({ retryMs }) => retryMs),
      of(({ jitter }) => jitter),
      of(({ isFinal }) => isFinal || null),
      texts(settlements, ({ error }) => error),
      texts(settlements, ({ stats }) => stats),
      texts(settlements, ({ cursor }) => (cursor === null || cursor.name === 'main' ? null : cursor.name)),
      texts(settlements, ({ cursor }) => cursor?.value ?? null),
      of(({ cursor }) => (cursor === null ? null : cursor.name === 'main' ? cursor.version : (cursor.version ?? 0))),
      texts(settlements, ({ observed }) => observed),
      ttlMs,
      ttlMs + quarantineMs,
      of(({ isPressed }) => isPressed || null),
      of(({ mostMs }) => mostMs),
    ]);
    const { now, rest, closed } = row!;
    const found: (Settled | null)[] = settlements.map(() => null);
    const [eligible, moved, sites, attempts] = [row!.eligible, row!.moved, row!.sites, row!.attempts].map(
      listIn<number>,
    );
    for (const [at, ord] of listIn<number>(row!.ords).entries())
      found[ord - 1] = {
        site: sites![at]!,
        eligibleAt: eligible![at]!,
        expiresAt: null,
        cursorVersion: moved![at] ?? null,
        jobState: 'done',
        attempts: attempts![at]!,
        nextAt: null,
      };
    for (const [ord, eligibleAt, expiresAt, cursorVersion, site] of listIn<SettledOne>(rest))
      found[ord - 1] = { site, eligibleAt, expiresAt, cursorVersion, jobState: 'cancelled', attempts: 0, nextAt: null };
    for (const [ord, jobState, attempts, next] of listIn<ClosedOne>(closed))
      found[ord - 1] = { ...found[ord - 1]!, jobState, attempts, nextAt: jobState === 'queued' ? next : null };
    return { now, answers: found };
  }

  /** All renewals of a batch must have the same times. */
  async renew(renewals: readonly Renewal[]): Promise<Answers<Renewed>> {
    const { ttlMs, quarantineMs } = renewals[0]!;
    const rows = await this.run<Ordered & { expires: number; eligible: number }>('mesh-renew', this.statements.renew, [
      list(renewals, ({ slot }) => slot),
      list(renewals, ({ epoch }) => epoch),
      list(renewals, ({ node }) => node),
      ttlMs,
      ttlMs + quarantineMs,
      list(renewals, ({ mostMs }) => mostMs),
    ]);
    return answers(renewals, rows, ({ expires, eligible }) => ({ expiresAt: expires, eligibleAt: eligible }));
  }

  async lapse(slots: readonly { slot: number; epoch: number }[]): Promise<Answers<Lapsed>> {
    const rows = await this.run<LapseRow>('mesh-lapse', this.statements.lapse, [
      list(slots, ({ slot }) => slot),
      list(slots, ({ epoch }) => epoch),
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

  async confirm({ job, node, restMs }: Cancelled): ReturnType<LeaseStore['confirm']> {
    type Row = { slot: number; eligibleAt: number; now: number };
    return (await this.run<Row>('mesh-confirm', this.statements.confirm, [job, node, restMs]))[0] ?? null;
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
    type Row = { site: number; jobs: JobTriple[]; next: number | null; now: number };
    const rows = await this.run<Row>('mesh-windows', WINDOWS, [sites, WINDOW]);
    const windows = rows.map(({ site, jobs, next }) => ({
      site,
      jobs: jobsIn(jobs),
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

type Plain = number | boolean | Settlement['outcome'] | null;

/** An array for PostgreSQL of what needs no quotes; the driver's own way looks at every item from all sides. */
function list<Item>(items: readonly Item[], pick: (item: Item) => Plain): string | null {
  let text = '';
  let isEmpty = true;
  for (const item of items) {
    const one = pick(item);
    if (one !== null) isEmpty = false;
    text += text === '' ? (one ?? 'NULL') : `,${one ?? 'NULL'}`;
  }
  return isEmpty ? null : `{${text}}`;
}

/** An array of texts. Where there are none at all there is no array: unnest fills up what is missing. */
const texts = <Item>(items: readonly Item[], pick: (item: Item) => string | null): (string | null)[] | null => {
  const picked = items.map(pick);
  return picked.some((text) => text !== null) ? picked : null;
};

interface Ordered {
  ord: number | null;
  now: number;
}
interface ClaimRow extends Ordered {
  job: number;
  /** Of the jobs that the database looked at, the one it chose first. */
  ids: string | null;
  priorities: string | null;
  deadlines: string | null;
  next_at: number | null;
  epoch: number;
  cursor_version: number;
  value: string | null;
  attempts: number;
  kind: string;
  cost: number;
  payload: string;
  /** In the last row. */
  revocations: number | null;
}
/** Of jobs that are done, a list for each thing there is to tell; of the rest one of the streams, and one of their jobs. */
interface SettledRow extends Record<
  'ords' | 'eligible' | 'moved' | 'sites' | 'attempts' | 'rest' | 'closed',
  string | null
> {
  now: number;
}
type SettledOne = [
  ord: number,
  eligibleAt: number,
  expiresAt: number | null,
  cursorVersion: number | null,
  site: number,
];
type ClosedOne = [ord: number, state: JobState, attempts: number, next: number];
const listIn = <One>(text: string | null): One[] => (text === null ? [] : (JSON.parse(text) as One[]));

/** What comes after the job that was chosen. */
function restOf({ ids, priorities, deadlines }: ClaimRow): WindowJob[] | null {
  if (ids === null) return null;
  const list = ids.split(',');
  if (list.length === 1) return [];
  const [urgent, until] = [listIn<number>(priorities), listIn<number | null>(deadlines)];
  const jobs: WindowJob[] = [];
  for (let at = 1; at < list.length; at++)
    jobs.push({ id: Number(list[at]), priority: urgent[at]!, deadline: until[at]! });
  return jobs;
}

type JobTriple = [id: number, priority: number, deadline: number | null];
const jobsIn = (jobs: readonly JobTriple[]): WindowJob[] =>
  jobs.map(([id, priority, deadline]) => ({ id, priority, deadline }));

interface LapseRow extends Ordered {
  job: number;
  node: number | null;
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
