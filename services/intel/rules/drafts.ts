import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { Caller } from '#libs/contracts/caller';
import type { RuleDraft } from '#libs/contracts/intel-rules';
import { AppError } from '#libs/errors/app-error';
import type { FixtureReport } from '#libs/site-rules/check-fixtures';
import { Fixture, RuleRecord } from '#libs/site-rules/rule-record';
import { Thread } from '#libs/threads/thread';
import { Roles } from '../access/roles.js';
import type { RuleDraftEntity } from './rule.entities.js';
import type { Trial } from './trial-thread.js';

/** Rules on their way: said by contributors, tried on recorded pages. */
@Injectable()
export class Drafts implements OnApplicationShutdown {
  private readonly trials = new Thread<Trial, FixtureReport>({
    module: 'services/intel/rules/trial-thread.js',
    timeLimitMs: 20_000,
    tooLong: 'Reading these pages by these rules takes too long. Use simpler patterns and selectors, or fewer pages.',
  });

  constructor(
    private readonly database: DataSource,
    private readonly roles: Roles,
  ) {}

  async create(caller: Caller, record: unknown, fixtures: readonly unknown[]): Promise<RuleDraft> {
    const { user_id } = await this.roles.require(caller, 'contributor');
    const good = checked(record, fixtures);
    const [row] = await this.database.query<RuleDraftEntity[]>(
      `insert into rule_drafts (site, body, fixtures, created_by)
       select $1, $2, $3, $4 where (select count(*) from rule_drafts where created_by = $4 and state = 'open') < 200 returning *`,
      [good.record.site, JSON.stringify(good.record), JSON.stringify(good.fixtures), user_id],
    );
    if (!row) throw new AppError('conflict', 'You have 200 open drafts. Publish or withdraw some.');
    return view(row);
  }

  async save(caller: Caller, id: string, record: unknown, fixtures: readonly unknown[]): Promise<RuleDraft> {
    await this.own(caller, id);
    const good = checked(record, fixtures);
    return this.update(`site = $2, body = $3, fixtures = $4, report = null`, [
      id,
      good.record.site,
      JSON.stringify(good.record),
      JSON.stringify(good.fixtures),
    ]);
  }

  onApplicationShutdown(): Promise<void> {
    return this.trials.close();
  }

  async list(caller: Caller, skip: number, limit: number): Promise<RuleDraft[]> {
    await this.roles.require(caller, 'contributor');
    const rows = await this.database.query<RuleDraftEntity[]>(
      `select * from rule_drafts where state = 'open' order by created_at, id offset $1 limit $2`,
      [skip, limit],
    );
    return rows.map(view);
  }

  async withdraw(caller: Caller, id: string): Promise<RuleDraft> {
    await this.own(caller, id);
    return this.update(`state = 'withdrawn'`, [id]);
  }

  /** Tries the draft; the report holds until the draft is changed. */
  async validate(caller: Caller, id: string): Promise<RuleDraft> {
    const draft = await this.own(caller, id);
    const record = RuleRecord.parse(draft.body);
    const report = await this.trials.ask({ record, fixtures: draft.fixtures as Fixture[] });
    return this.update('report = $2', [id, JSON.stringify(report)]);
  }

  /** An open draft of the caller's, or of anybody's for a publisher. */
  private async own(caller: Caller, id: string): Promise<RuleDraftEntity> {
    const by = await this.roles.require(caller, 'contributor');
    const [row] = await this.database.query<RuleDraftEntity[]>('select * from rule_drafts where id::text = $1', [id]);
    if (!row || (by.role === 'contributor' && row.created_by !== by.user_id))
      throw new AppError('not_found', `There is no draft ${id}.`);
    if (row.state !== 'open') throw new AppError('conflict', `The draft was ${row.state} already.`);
    return row;
  }

  private async update(assignments: string, values: unknown[]): Promise<RuleDraft> {
    const [[row]] = await this.database.query<[RuleDraftEntity[], number]>(
      `update rule_drafts set ${assignments}, updated_at = now() where id::text = $1 and state = 'open' returning *`,
      values,
    );
    if (!row) throw new AppError('conflict', 'The draft is no longer open.');
    return view(row);
  }
}

/** The record and its pages as the schema has them, or a refusal that names the field and the reason. */
function checked(record: unknown, fixtures: readonly unknown[]): { record: RuleRecord; fixtures: Fixture[] } {
  const good = RuleRecord.safeParse(record);
  if (!good.success) throw refusal('record', good.error.issues);
  const pages = fixtures.map((fixture, at) => {
    const page = Fixture.safeParse(fixture);
    if (!page.success) throw refusal(`fixtures.${at}`, page.error.issues);
    return page.data;
  });
  return { record: good.data, fixtures: pages };
}

function refusal(where: string, issues: readonly z.core.$ZodIssue[]): AppError {
  const { path, message } = issues[0]!;
  return new AppError('invalid', `${[where, ...path].join('.')}: ${message}`, {
    fields: issues.slice(0, 50).map((issue) => ({ field: [where, ...issue.path].join('.'), reason: issue.message })),
  });
}

function view({ body, fixtures, report, ...row }: RuleDraftEntity): RuleDraft {
  return {
    ...row,
    record: body as RuleDraft['record'],
    fixtures: (fixtures as Fixture[]).map(({ name, page }) => ({ name, page })),
    report: report as RuleDraft['report'],
  };
}
