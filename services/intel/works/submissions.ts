import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import type { Submission, submitAlias } from '#libs/contracts/intel-works';
import { AppError } from '#libs/errors/app-error';
import { oneByOne } from '../access/one-by-one.js';
import { Retractions } from '../access/retractions.js';
import { Roles, type Standing } from '../access/roles.js';
import { takeTurn } from '../changes/changes.js';
import { LEAST_TRUST, verdict } from '../domain/trust.js';
import { NAME_KEY_VERSION, nameKey } from './name-keys.js';
import { scriptOf } from './script-of.js';
import { BY_CONTRIBUTORS, countFor, votesOn } from './take-back-votes.js';
import { tellOf } from './take-in-works.js';
import { liveWork } from './work-views.query.js';
import type { SubmissionEntity } from './work.entities.js';

/** Names that people propose: publishers decide, contributors decide together. */
@Injectable()
export class Submissions {
  constructor(
    private readonly database: DataSource,
    private readonly roles: Roles,
    private readonly retractions: Retractions,
  ) {}

  async submit(caller: Caller, wish: InputOf<typeof submitAlias>): Promise<Submission> {
    const by = await this.roles.require(caller, 'contributor');
    const name = wish.name.trim();
    if (!/[\p{L}\p{N}]/u.test(name)) throw new AppError('invalid', 'name: a name has at least one letter or digit.');
    return this.database.transaction(async (manager) => {
      await oneByOne(manager, by.user_id);
      const live = await liveWork(manager, wish.release_key);
      if (!live || live.retired === 'split') throw new AppError('not_found', `There is no work ${wish.release_key}.`);
      const [known] = await manager.query<unknown[]>(
        'select 1 from aliases where work_id = $1 and name = $2 and withdrawn_at is null',
        [live.id, name],
      );
      if (known) throw new AppError('conflict', `${live.release_key} has the name ${JSON.stringify(name)} already.`);
      const [waiting] = await manager.query<[{ count: number }]>(
        `select count(*) from submissions where user_id = $1 and status = 'pending'`,
        [by.user_id],
      );
      if (waiting.count >= MOST_WAITING)
        throw new AppError(
          'conflict',
          `${MOST_WAITING} names of yours wait for a decision. Propose more when they are decided.`,
        );
      const rows = await manager.query<{ id: string }[]>(
        `insert into submissions (user_id, work_id, name, language, kind, evidence, licence)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (work_id, name) where status = 'pending' do nothing returning id`,
        [by.user_id, live.id, name, wish.language ?? null, wish.kind, wish.evidence ?? null, wish.licence ?? null],
      );
      if (!rows[0])
        throw new AppError(
          'conflict',
          `${JSON.stringify(name)} is proposed for ${live.release_key} already. Vote for it.`,
        );
      return this.view(manager, by, rows[0].id);
    });
  }

  /** Those that wait, oldest first; a contributor sees all of them, others can be listed by publishers or for oneself. */
  async list(
    caller: Caller,
    wish: { status: string; mine: boolean; skip: number; limit: number },
  ): Promise<Submission[]> {
    const by = await this.roles.require(caller, wish.mine || wish.status === 'pending' ? 'contributor' : 'publisher');
    return views(
      this.database.manager,
      by,
      `s.status = $1 and ($2::uuid is null or s.user_id = $2) order by s.created_at, s.id offset $3 limit $4`,
      [wish.status, wish.mine ? by.user_id : null, wish.skip, wish.limit],
    );
  }

  /** One voice for or against; a publisher's decides at once, those of contributors when they weigh enough together. */
  async decide(caller: Caller, id: string, approves: boolean, reason: string | null): Promise<Submission> {
    const by = await this.roles.require(caller, 'contributor');
    if (by.trust < LEAST_TRUST)
      throw new AppError('unauthorized', 'Too many of your names were wrong: your vote does not count any more.');
    return this.database.transaction(async (manager) => {
      await takeTurn(manager);
      const [row] = await manager.query<SubmissionEntity[]>(
        'select * from submissions where id::text = $1 for update',
        [id],
      );
      if (!row) throw new AppError('not_found', `There is no submission ${id}.`);
      if (row.status !== 'pending') throw new AppError('conflict', `This name was ${row.status} already.`);
      if (row.user_id === by.user_id && by.role === 'contributor')
        throw new AppError('unauthorized', 'Nobody decides on their own names.');
      await this.vote(manager, row.id, by, approves);
      const decided =
        by.role === 'contributor' ? verdict(await votesOn(manager, row)) : approves ? 'approved' : 'rejected';
      if (decided) await this.settle(manager, row, decided, by, reason);
      return this.view(manager, by, row.id);
    });
  }

  private async settle(
    manager: EntityManager,
    row: SubmissionEntity,
    decided: 'approved' | 'rejected',
    by: Standing,
    reason: string | null,
  ): Promise<void> {
    await manager.query(
      'update submissions set status = $2, decided_by = $3, decided_at = now(), reason = $4, by_votes = $5 where id = $1',
      [row.id, decided, by.user_id, reason, by.role === 'contributor'],
    );
    const trust = await countFor(manager, row.user_id, decided, 1);
    if (trust !== undefined && trust < LEAST_TRUST) await this.retractions.ask(manager, row.user_id);
    if (decided === 'rejected') return;
    await manager.query(
      `with centre as (
         insert into alias_tellers (alias_id, source, weight, licence) select id, source, weight, licence from aliases
         where work_id = $1 and name = $2 and source like 'node:%' and withdrawn_at is null on conflict do nothing
       )
       insert into aliases as a (work_id, name, language, script, kind, source, licence, name_key, key_version)
       values ($1, $2, $3, $4, $5, $9, $6, $7, $8)
       on conflict (work_id, name) do update set withdrawn_at = null, last_seen = now(),
         source = case when a.source like 'node:%' or a.withdrawn_at is not null then excluded.source else a.source end`,
      [
        row.work_id,
        row.name,
        row.language,
        scriptOf(row.name),
        row.kind,
        row.licence,
        nameKey(row.name),
        NAME_KEY_VERSION,
        BY_CONTRIBUTORS,
      ],
    );
    await tellOf(manager, [row.work_id]);
  }

  private async vote(manager: EntityManager, id: string, by: Standing, approves: boolean): Promise<void> {
    await manager.query(
      `insert into submission_votes (submission_id, user_id, approves, weight) values ($1, $2, $3, $4)
       on conflict (submission_id, user_id) do update set approves = excluded.approves, weight = excluded.weight`,
      [id, by.user_id, approves, by.trust],
    );
  }

  private async view(manager: EntityManager, by: Standing, id: string): Promise<Submission> {
    const [view] = await views(manager, by, 's.id = $1', [id]);
    return view!;
  }
}

const MOST_WAITING = 500;

async function views(manager: EntityManager, by: Standing, where: string, values: unknown[]): Promise<Submission[]> {
  const rows = await manager.query<Row[]>(
    `select s.*, w.release_key,
       coalesce((select sum(weight) from submission_votes v where v.submission_id = s.id and v.approves), 0)::float8 as votes_for,
       coalesce((select sum(weight) from submission_votes v where v.submission_id = s.id and not v.approves), 0)::float8 as votes_against
     from submissions s join works w on w.id = s.work_id where ${where}`,
    values,
  );
  return rows.map((row) => (row.user_id === by.user_id || by.role === 'admin' ? row : ofSomebody(row)));
}

type Row = Submission & Pick<SubmissionEntity, 'user_id' | 'created_at' | 'decided_at'>;

/** What others may know of a proposal: the day, and not whose it is. Only those who give roles and take them learn that. */
const ofSomebody = (row: Row): Submission => ({
  ...row,
  user_id: null,
  created_at: dayOf(row.created_at),
  decided_at: row.decided_at && dayOf(row.decided_at),
});

const dayOf = (moment: Date) => new Date(Math.floor(moment.getTime() / DAY_MS) * DAY_MS);
const DAY_MS = 86_400_000;
