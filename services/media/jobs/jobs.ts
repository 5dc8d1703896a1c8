import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { LOG } from '#libs/bootstrap/tokens';
import { AppError } from '#libs/errors/app-error';
import type { Log } from '#libs/observability/logger';
import { continueFrom, currentOrigin } from '#libs/observability/origin';
import { pauseAfter } from '#libs/queue/backoff';
import { WORK_QUEUE, type WorkQueue } from '#libs/queue/work-queue';
import type { JobEntity } from '../media.entities.js';

export type JobKind = JobEntity['kind'];
/** Does the work of one job. Safe to do twice: whoever finds it done does nothing. */
export type JobWork = (subject: string, signal: AbortSignal) => Promise<void>;

/** What a job is woken by. */
export interface AskedJob {
  id: string;
  kind: JobKind;
}

const CLAIM_SECONDS = 60;
const MOST_ATTEMPTS = 6;

/**
 * Work that must be done whoever dies: a row is the truth and the queue only wakes. A row is claimed by compare-and-set,
 * its claim is renewed while the work goes on, and what nobody renews is taken up again. What is only away is asked for once an hour until it is back.
 */
@Injectable()
export class Jobs {
  private readonly works = new Map<JobKind, JobWork>();

  constructor(
    private readonly database: DataSource,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Says who does the jobs of a kind, and begins to take them, so many at once. */
  async handle(kind: JobKind, concurrency: number, work: JobWork): Promise<void> {
    this.works.set(kind, work);
    await this.queue.work(kind, { concurrency }, (job, { signal }) => this.run(String(job.data.job_id), signal));
  }

  /** Writes that something is to be done, in the transaction that makes it necessary; gives what to wake it by. */
  async ask(manager: EntityManager, kind: JobKind, subject: string): Promise<AskedJob> {
    const { request_id, trace_parent } = currentOrigin();
    const [row] = await manager.query<{ id: string }[]>(
      `insert into jobs (kind, subject, request_id, trace_parent) values ($1, $2, $3, $4)
       on conflict (kind, subject) do update set
         state = case when jobs.state in ('done', 'failed') then 'queued' else jobs.state end,
         attempt = case when jobs.state in ('done', 'failed') then 0 else jobs.attempt end,
         run_after = case when jobs.state in ('done', 'failed') then now() else jobs.run_after end,
         request_id = excluded.request_id, trace_parent = excluded.trace_parent
       returning id`,
      [kind, subject, request_id, trace_parent],
    );
    return { id: row!.id, kind };
  }

  /** Has a job taken up soon, here or in another process. Where the queue is away, `wakeDue` does it later. */
  async wake({ id, kind }: AskedJob): Promise<void> {
    await this.queue
      .add({ id, name: kind, data: { job_id: id } })
      .catch((error: unknown) => this.log.warn({ err: error }, 'a media job waits for the next round'));
  }

  /** Wakes what is due and what its worker has left lying. */
  async wakeDue(): Promise<void> {
    const due = await this.database.query<AskedJob[]>(
      `select id, kind from jobs where (state = 'queued' and run_after <= now()) or (state = 'running' and claimed_until < now())
       order by run_after limit 500`,
    );
    for (const job of due) await this.wake(job);
  }

  /** Does one job now, if nobody else does and it is due; what fails for a while is tried again, the rest is given up. */
  async run(jobId: string, signal: AbortSignal = new AbortController().signal): Promise<void> {
    const [claimed] = await this.database.query<[JobEntity[], number]>(
      `update jobs set state = 'running', attempt = attempt + 1, claimed_until = now() + make_interval(secs => $2)
       where id = $1 and ((state = 'queued' and run_after <= now()) or (state = 'running' and claimed_until < now()))
       returning *`,
      [jobId, CLAIM_SECONDS],
    );
    const job = claimed[0];
    if (!job) return;
    const lost = new AbortController();
    const renewal = setInterval(() => void this.renew(job, lost), (CLAIM_SECONDS * 1000) / 4);
    try {
      const work = this.works.get(job.kind)!;
      await continueFrom(job, `media.${job.kind}`, () => work(job.subject, AbortSignal.any([signal, lost.signal])));
      await this.settle(job, `state = 'done', problem = null, finished_at = now()`);
    } catch (error) {
      await this.failed(job, error, signal.aborted);
    } finally {
      clearInterval(renewal);
    }
  }

  private async failed(job: JobEntity, thrown: unknown, closing: boolean): Promise<void> {
    const error = AppError.from(thrown);
    // Work that ends with its process has not failed; the next one takes it up.
    if (closing) return this.settle(job, `state = 'queued', attempt = attempt - 1, run_after = now()`);
    if (error.code === 'internal') this.log.error({ err: thrown, kind: job.kind }, 'a media job failed');
    const isFinal = error.code !== 'unavailable' && (error.code !== 'internal' || job.attempt >= MOST_ATTEMPTS);
    if (!isFinal) {
      // What is only away will be back: after a while it is asked for once an hour, for as long as it takes.
      const seconds = job.attempt < MOST_ATTEMPTS ? pauseAfter(job.attempt, 1000, Math.random()) / 1000 : 3600;
      return this.settle(job, `state = 'queued', problem = $3, run_after = now() + make_interval(secs => $4)`, [
        error.message,
        seconds,
      ]);
    }
    return this.settle(job, `state = 'failed', problem = $3, finished_at = now()`, [error.message]);
  }

  /** Writes the outcome if the claim is still ours. */
  private async settle(job: JobEntity, change: string, values: unknown[] = []): Promise<void> {
    await this.database.query(
      `update jobs set ${change}, claimed_until = null where id = $1 and state = 'running' and attempt = $2`,
      [job.id, job.attempt, ...values],
    );
  }

  private async renew(job: JobEntity, lost: AbortController): Promise<void> {
    const [, renewed] = await this.database
      .query<[unknown, number]>(
        `update jobs set claimed_until = now() + make_interval(secs => $3) where id = $1 and state = 'running' and attempt = $2`,
        [job.id, job.attempt, CLAIM_SECONDS],
      )
      .catch(() => [undefined, 1] as [unknown, number]);
    if (renewed === 0) lost.abort(new AppError('unavailable', 'Somebody else has taken up this work.'));
  }
}
