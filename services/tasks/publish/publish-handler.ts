import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppError } from '#libs/errors/app-error';
import type { TaskHandler, TaskRun } from '../engine/task-handler.js';
import { Accounts } from './accounts.js';
import { openCall, reserveCall, settleCall, type Call } from './calls.js';
import { withoutSecrets } from './credentials.js';
import { logJob, type Said } from '../jobs/job-log.js';
import { isIdempotent, type Publisher, type PubJobRow } from './publisher.js';

export const PUBLISHERS = Symbol('PUBLISHERS');

/** The outcome of a call is not known, and the platform cannot be asked. */
export const OUTCOME_UNKNOWN = 'outcome_unknown';

/**
 * Publishes a film: reserve, call, confirm. A call that was reserved and never settled is looked at before anything else:
 * where the platform treats the same call as one it is made again, elsewhere a person has to say what came of it.
 */
@Injectable()
export class PublishHandler implements TaskHandler {
  readonly kind = 'publish';

  constructor(
    private readonly database: DataSource,
    private readonly accounts: Accounts,
    @Inject(PUBLISHERS) private readonly publishers: readonly Publisher[],
  ) {}

  async run(run: TaskRun) {
    const { job_id } = run.task.input as { job_id: string };
    const job = await this.start(job_id);
    const publisher = this.publishers.find(({ platform }) => platform === job.platform)!;
    const say = (said: Said) => logJob(this.database.manager, 'pub_jobs', job.id, said);
    await say({ event: 'job_started', message: `Attempt ${job.attempts} begins.`, data: { attempt: job.attempts } });
    const open = await openCall(this.database.manager, job.id);
    if (open?.state === 'confirmed') return done(job, open);
    if (open && !isIdempotent(job.platform)) throw unknownOutcome();
    const credential = await this.credential(run, job, say);
    try {
      run.progress(0.1, 'the film is brought here');
      const prepared = await publisher.prepare({ job, credential, run });
      run.signal.throwIfAborted();
      const call = open ?? (await this.reserve(run, job));
      await say({
        event: 'upload_start',
        message: `The film goes to ${job.platform}.`,
        data: { platform: job.platform, call: call.number },
      });
      run.progress(0.5, `the film goes to ${job.platform}`);
      const answer = await this.call(publisher, { job, credential, run, call, prepared });
      await say({ event: 'upload_done', message: 'The film is published.', data: { status: 'succeeded' } });
      return done(job, { ...call, answer });
    } catch (thrown) {
      run.signal.throwIfAborted();
      const error = AppError.from(thrown);
      const message = withoutSecrets(error.message, credential);
      await say({ level: 'error', event: 'exception', message, data: { error: message } });
      throw new AppError(error.code, message, error.details);
    }
  }

  private async start(job_id: string): Promise<PubJobRow> {
    const [[job]] = await this.database.query<[PubJobRow[], number]>(
      `update pub_jobs set status = 'started', attempts = attempts + 1, error = null where id = $1 returning *`,
      [job_id],
    );
    if (job) return job;
    throw new AppError('invalid', 'The publish job is gone.');
  }

  private async credential(run: TaskRun, job: PubJobRow, say: (said: Said) => Promise<void>): Promise<unknown> {
    const account = await this.accounts.find(run.caller.user_id, job.account_id);
    if (!account) {
      await say({ level: 'error', event: 'account_missing', message: 'The account of this job is gone.' });
      throw new AppError('invalid', 'The account of this job is gone. Create the job again with another account.');
    }
    if (account.status === 'disabled')
      throw new AppError('invalid', 'The account is disabled. Enable it and retry the job.');
    return this.accounts.credentialOf(account);
  }

  private async reserve(run: TaskRun, job: PubJobRow): Promise<Call> {
    const { id: task_id, attempt_epoch: epoch } = run.task;
    const call = await this.database.transaction((manager) => reserveCall(manager, job.id, { task_id, epoch }));
    if (call) return call;
    run.signal.throwIfAborted();
    throw new AppError('internal', 'This attempt may not publish any more: another one has taken its place.');
  }

  private async call(
    publisher: Publisher,
    {
      call,
      prepared,
      ...publication
    }: { job: PubJobRow; credential: unknown; run: TaskRun; call: Call; prepared: unknown },
  ): Promise<Record<string, unknown>> {
    let answer: Record<string, unknown>;
    try {
      answer = await publisher.publish({ ...publication, call_id: call.id }, prepared);
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (error.code === 'invalid')
        await settleCall(this.database.manager, call.id, 'refused', { error: error.message });
      else if (!isIdempotent(publisher.platform)) throw unknownOutcome(error.message);
      throw thrown;
    }
    await settleCall(this.database.manager, call.id, 'confirmed', answer);
    return answer;
  }
}

function done({ title }: PubJobRow, { id, answer }: Pick<Call, 'id' | 'answer'>) {
  return { status: 'succeeded', title, call_id: id, ...answer };
}

function unknownOutcome(why?: string): AppError {
  const words = 'It is not known whether the film was published. Look at the platform, then say what you found.';
  return new AppError('internal', why === undefined ? words : `${words} (${why})`, { reason: OUTCOME_UNKNOWN });
}
