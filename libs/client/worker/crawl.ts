import type { AnswerOf, Wish } from '../api/typed-calls.js';

/** A job in this worker's hands. */
export type CrawlJob = AnswerOf<'/v1/jobs/lease', 'post'>['jobs'][number];

type Finish = Wish<'/v1/jobs/finish', 'post'>['body'];

/** What a crawl has found out; all of it may be missing. */
export interface CrawlResult {
  readonly new_cursor_value?: string | null;
  readonly stats?: Finish['stats'];
  readonly observations?: SeenRelease[] | null;
}

/** A release seen on the site of the job, by its title or the key of its work: `Observation` of the mesh, for programs that have no zod. */
export interface SeenRelease {
  readonly title?: string | null;
  readonly release_key?: string | null;
  /** ISO 8601, with its offset. */
  readonly seen_at?: string | null;
  readonly size_bucket?: 'tiny' | 'small' | 'medium' | 'large' | 'huge' | null;
  readonly count?: number;
}

/** What a crawl may use while it works. */
export interface CrawlTools {
  /** Aborted when the lease is lost or the worker must go: then stop at once, nothing more counts. */
  readonly signal: AbortSignal;
  /** Notes how far the crawl has come, so that another worker could go on from there; extends the lease too. */
  readonly progress: (cursor_value: string) => Promise<void>;
}

/** What an operator brings along: crawls a job. A throw is a failure, and the job is tried again by somebody, later. */
export type Crawl = (job: CrawlJob, tools: CrawlTools) => Promise<CrawlResult | void>;

/** A failure that says more: that trying again is of no use, or what the site asked to wait. */
export class CrawlFailure extends Error {
  override readonly name = 'CrawlFailure';
  constructor(
    message: string,
    readonly report: { retryable?: boolean; retry_after_s?: number; stats?: Finish['stats'] } = {},
  ) {
    super(message);
  }
}

/** A crawl was ended because its worker must go: the job is handed back, and no attempt counts. */
export class CrawlHandedBack extends Error {
  override readonly name = 'CrawlHandedBack';
}
