import { AppError } from '#libs/errors/app-error';
import { moment, passed, type Moment } from './moment.js';

/** A job's lease as its worker sees it. */
export interface HeldLease {
  readonly job_id: number;
  readonly token: string;
  /** Aborted when the lease is no longer ours, or may not be; its reason is a LeaseLost. */
  readonly signal: AbortSignal;
  /** It was extended by a question asked at `asked`, for `ttl_s` from then at the earliest. */
  extend(asked: Moment, ttl_s: number): void;
  /** It is gone, maybe because of something that was thrown: nothing done under it counts any more. */
  lose(reason: string, cause?: unknown): void;
  /** Nobody watches it any longer. */
  close(): void;
}

/** A lease ended before its crawl did. */
export class LeaseLost extends AppError {
  constructor(
    readonly job_id: number,
    readonly reason: string,
    cause?: unknown,
  ) {
    super(
      'conflict',
      `The lease on job ${job_id} is lost (${reason}). Somebody else may be crawling it now.`,
      { reason },
      { cause },
    );
  }
}

/** A worker that hears nothing stops by itself after this part of its lease, so that its last request is over in time. */
const PART_OF_LEASE = 0.8;
const LOOK_MS = 1000;

/**
 * Watches over a lease that was asked for at `asked` and lasts `ttl_s`: gives it up by itself when eight tenths of that
 * have passed without it being extended. Counts from when the question was asked, never by a server's clock.
 */
export function holdLease(lease: { job_id: number; token: string; ttl_s: number }, asked: Moment): HeldLease {
  const { job_id, token } = lease;
  const aborter = new AbortController();
  let from = asked;
  let most = lease.ttl_s * 1000 * PART_OF_LEASE;
  let timer: ReturnType<typeof setTimeout>;
  const lose = (reason: string, cause?: unknown) => {
    clearTimeout(timer);
    if (!aborter.signal.aborted) aborter.abort(new LeaseLost(job_id, reason, cause));
  };
  const look = () => {
    const left = most - passed(from, moment());
    if (left <= 0) lose('not_extended');
    else timer = setTimeout(look, Math.min(left, LOOK_MS));
  };
  look();
  return {
    job_id,
    token,
    signal: aborter.signal,
    extend: (when, ttl_s) => {
      if (passed(from, when) < 0) return;
      from = when;
      most = ttl_s * 1000 * PART_OF_LEASE;
    },
    lose,
    close: () => clearTimeout(timer),
  };
}
