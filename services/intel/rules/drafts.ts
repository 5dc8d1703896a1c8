import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { RuleDraft } from '#libs/contracts/intel-rules';
import { AppError } from '#libs/errors/app-error';
import type { CheckedDraft, GivenDraft } from '#libs/site-rules/check-draft';
import type { FixtureReport } from '#libs/site-rules/check-fixtures';
import type { Fixture } from '#libs/site-rules/rule-record';
import { Thread } from '#libs/threads/thread';
import { oneByOne } from '../access/one-by-one.js';
import { Roles } from '../access/roles.js';
import type { RuleDraftEntity } from './rule.entities.js';

/** Rules on their way: said by contributors, tried on recorded pages. */
@Injectable()
export class Drafts implements OnApplicationShutdown {
  private readonly trials = new Thread<GivenDraft, FixtureReport>({
    module: 'services/intel/rules/trial-thread.js',
    timeLimitMs: 20_000,
    tooLong: 'Reading these pages by these rules takes too long. Use simpler patterns and selectors, or fewer pages.',
  });
  /** Apart from the trials, so that nobody who writes waits for those. */
  private readonly checks = new Thread<GivenDraft, CheckedDraft>({
    module: 'services/intel/rules/check-thread.js',
    timeLimitMs: 5000,
    tooLong: 'Checking these rules takes too long. Use fewer and shorter templates and patterns.',
  });

  constructor(
    private readonly database: DataSource,
    private readonly roles: Roles,
  ) {}

  async create(caller: Caller, given: GivenDraft): Promise<RuleDraft> {
    const { user_id } = await this.roles.require(caller, 'contributor');
    const good = await this.checks.ask(given);
    const [row] = await this.database.transaction(async (manager) => {
      await oneByOne(manager, user_id);
      return manager.query<RuleDraftEntity[]>(
        `insert into rule_drafts (site, body, fixtures, created_by)
         select $1, $2, $3, $4 where (select count(*) from rule_drafts where created_by = $4 and state = 'open') < 200 returning *`,
        [good.record.site, JSON.stringify(good.record), JSON.stringify(good.fixtures), user_id],
      );
    });
    if (!row) throw new AppError('conflict', 'You have 200 open drafts. Publish or withdraw some.');
    return withLosses(view(row), good);
  }

  async save(caller: Caller, id: string, given: GivenDraft): Promise<RuleDraft> {
    await this.own(caller, id);
    const good = await this.checks.ask(given);
    const saved = await this.update(`site = $2, body = $3, fixtures = $4, report = null`, [
      id,
      good.record.site,
      JSON.stringify(good.record),
      JSON.stringify(good.fixtures),
    ]);
    return withLosses(saved, good);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.trials.close(), this.checks.close()]);
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
    const report = await this.trials.ask({ record: draft.body, fixtures: draft.fixtures as Fixture[] });
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

const withLosses = (draft: RuleDraft, { losses }: CheckedDraft): RuleDraft => ({ ...draft, ...(losses && { losses }) });

function view({ body, fixtures, report, ...row }: RuleDraftEntity): RuleDraft {
  return {
    ...row,
    record: body as RuleDraft['record'],
    fixtures: (fixtures as Fixture[]).map(({ name, page }) => ({ name, page })),
    report: report as RuleDraft['report'],
  };
}
