import type { Log } from '#libs/observability/logger';
import { requestContext } from '#libs/observability/request-context';
import type { Job, JobHandler } from './work-queue.js';

/** A job with what travels beside it: the request it belongs to, and how often it may be tried. */
export interface CarriedJob extends Job {
  readonly request_id: string;
  readonly attempts: number;
}

/** How long a handler has, once its signal says so, to put things in order. */
const GRACE_MS = 4000;

/** The jobs a process has in hand: runs each attempt in the context of its request, and knows how to come to an end. */
export class RunningJobs {
  private readonly inHand = new Map<Promise<void>, AbortController>();

  constructor(private readonly log: Log) {}

  /** Runs one attempt; what it throws is logged and thrown on. */
  async attempt(carried: CarriedJob, attempt: number, handler: JobHandler): Promise<void> {
    const abort = new AbortController();
    const { id, name, data } = carried;
    const work = requestContext.run({ request_id: carried.request_id }, async () => {
      try {
        await handler({ id, name, data }, { signal: abort.signal, attempt });
      } catch (error) {
        this.report(carried, attempt, error);
        throw error;
      }
    });
    this.inHand.set(work, abort);
    try {
      await work;
    } finally {
      this.inHand.delete(work);
    }
  }

  /** Waits until nothing is in hand; after `withinMs` every signal aborts, and after a short grace it waits no more. */
  async finish(withinMs: number): Promise<void> {
    if (await this.idleWithin(withinMs)) return;
    for (const abort of this.inHand.values()) abort.abort(new Error('the process is about to end'));
    if (!(await this.idleWithin(GRACE_MS)))
      this.log.warn({ jobs: this.inHand.size }, 'jobs did not heed their signal and are left behind');
  }

  private async idleWithin(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), ms);
    });
    const idle = Promise.allSettled(this.inHand.keys()).then(() => true);
    return Promise.race([idle, late]).finally(() => clearTimeout(timer));
  }

  private report({ id, name, attempts }: CarriedJob, attempt: number, error: unknown): void {
    const facts = { err: error, job: name, job_id: id, attempt, attempts };
    if (attempt < attempts) this.log.warn(facts, 'a job failed and will be tried again');
    else this.log.error(facts, 'a job failed and is given up; its row tells the rest');
  }
}
