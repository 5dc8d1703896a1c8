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
  private readonly inHand = new Set<Promise<void>>();
  private readonly end = new AbortController();

  constructor(private readonly log: Log) {}

  /** Runs one attempt; what it throws is logged and thrown on. */
  async attempt(carried: CarriedJob, attempt: number, handler: JobHandler): Promise<void> {
    const { id, name, data } = carried;
    const signal = AbortSignal.any([this.end.signal]);
    const work = requestContext.run({ request_id: carried.request_id }, async () => {
      try {
        await handler({ id, name, data }, { signal, attempt });
      } catch (error) {
        this.report(carried, attempt, error);
        throw error;
      }
    });
    this.inHand.add(work);
    try {
      await work;
    } finally {
      this.inHand.delete(work);
    }
  }

  /**
   * Waits until nothing is in hand, nor on its way here, which `onTheWay` resolves for; after `withinMs` every signal
   * aborts, also of what comes later, and after a short grace it waits no more.
   */
  async finish(withinMs: number, onTheWay: () => Promise<unknown> = async () => {}): Promise<void> {
    const idle = this.idle(onTheWay);
    if (await endsWithin(withinMs, idle)) return;
    this.end.abort(new Error('the process is about to end'));
    if (!(await endsWithin(GRACE_MS, idle)))
      this.log.warn({ jobs: this.inHand.size }, 'jobs did not heed their signal and are left behind');
  }

  private async idle(onTheWay: () => Promise<unknown>): Promise<void> {
    do {
      await Promise.allSettled(this.inHand);
      await onTheWay();
    } while (this.inHand.size > 0);
  }

  private report({ id, name, attempts }: CarriedJob, attempt: number, error: unknown): void {
    const facts = { err: error, job: name, job_id: id, attempt, attempts };
    if (attempt < attempts) this.log.warn(facts, 'a job failed and will be tried again');
    else this.log.error(facts, 'a job failed and is given up; its row tells the rest');
  }
}

async function endsWithin(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  return Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer));
}
