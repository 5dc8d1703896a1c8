import { isRevealingTitle } from '#libs/contracts/revealing';
import { ApiError } from '../api/api-error.js';
import { waitBefore } from '../api/back-off.js';
import { CrawlFailure, CrawlHandedBack, type CrawlJob, type CrawlResult } from './crawl.js';
import { holdLease, type HeldLease, type LeaseLost } from './held-lease.js';
import { moment } from './moment.js';
import type { Shift } from './shift.js';

/** Crawls one job under its lease and reports on it; the report may bring the next. Nothing is reported of a lost lease. */
export async function workOn(shift: Shift, job: CrawlJob): Promise<CrawlJob | undefined> {
  const { tell, heartbeats } = shift;
  const held = holdLease({ job_id: job.id, token: job.lease_token!, ttl_s: job.lease_ttl_s! }, moment());
  const cursor = { version: job.cursor_version };
  try {
    await heartbeats.add(held);
    tell({ event: 'started', job_id: job.id, site_id: job.site_id, attempt: job.attempt ?? null });
    const report = await crawled(shift, job, held, cursor);
    held.signal.throwIfAborted();
    // From here on a heartbeat could only say that the lease is over because we ended it.
    heartbeats.remove(held);
    if (report === 'released') return await release(shift, held);
    return await finish(shift, held, report, cursor);
  } catch (thrown) {
    const reason = held.signal.aborted ? (held.signal.reason as LeaseLost).reason : whyLost(thrown);
    // A node that is refused is refused for a reason of its own, and its lease has none but that.
    if (reason === 'refused') throw (held.signal.reason as LeaseLost).cause ?? thrown;
    if (reason === undefined) throw thrown;
    tell({ event: 'lost', job_id: job.id, reason });
    return undefined;
  } finally {
    heartbeats.remove(held);
    held.close();
  }
}

type Failed = { success: false; error_message: string } & CrawlFailure['report'];
type Report = ({ success: true } & CrawlResult) | Failed;

/** The crawl itself, to its end even if it does not listen: two crawls of one worker never overlap on one lane. */
async function crawled(
  shift: Shift,
  job: CrawlJob,
  held: HeldLease,
  cursor: { version?: number },
): Promise<Report | 'released'> {
  const signal = AbortSignal.any([held.signal, shift.over]);
  try {
    const result = await shift.crawl(job, { signal, progress: (value) => progress(shift, held, cursor, value) });
    return {
      success: true,
      ...result,
      ...(Array.isArray(result?.observations) && { observations: tellable(shift, job, result.observations) }),
    };
  } catch (thrown) {
    if ((shift.over.aborted || thrown instanceof CrawlHandedBack) && !held.signal.aborted) return 'released';
    const error_message = (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, 2000);
    return { success: false, error_message, ...(thrown instanceof CrawlFailure && thrown.report) };
  }
}

/** What was seen, without names that hold what is nobody's business; one such name does not cost the others. */
function tellable({ tell }: Shift, { id: job_id }: CrawlJob, seen: NonNullable<CrawlResult['observations']>) {
  const kept = seen.filter(({ title }) => typeof title !== 'string' || !isRevealingTitle(title));
  if (kept.length < seen.length) tell({ event: 'withheld', job_id, count: seen.length - kept.length });
  return kept;
}

/** Notes a partial cursor; the answer extends the lease, a refusal for its sake ends it. */
async function progress(
  shift: Shift,
  held: HeldLease,
  cursor: { version?: number },
  cursor_value: string,
): Promise<void> {
  const asked = moment();
  const path = { job_id: held.job_id };
  const body = { node_id: shift.node_id, lease_token: held.token, cursor_value, cursor_version: cursor.version };
  try {
    const answer = await shift.api.post('/v1/jobs/{job_id}/progress', { path, body, signal: held.signal });
    held.extend(asked, answer.lease_ttl_s);
    cursor.version = answer.cursor_version ?? cursor.version;
    shift.tell({ event: 'progress', job_id: held.job_id, cursor_value });
  } catch (thrown) {
    const reason = whyLost(thrown);
    if (reason !== undefined) held.lose(reason);
    throw thrown;
  }
}

/**
 * Reports, and takes the next job in the same question. A report whose answer is lost is repeated, without taking another
 * job, for as long as the lease lasts: the mesh knows it again. A success that the mesh does not take is told as a failure.
 */
async function finish(
  shift: Shift,
  held: HeldLease,
  report: Report,
  cursor: { version?: number },
): Promise<CrawlJob | undefined> {
  const { node_id, wish, api, tell } = shift;
  const then_lease = { want_sites: wish.want_sites, max_jobs: 1, wait_s: 0 };
  const body = { ...report, job_id: held.job_id, node_id, lease_token: held.token, cursor_version: cursor.version };
  for (let attempt = 1; ; attempt++) {
    try {
      const mayTake = attempt === 1 && !shift.closing.aborted;
      const { jobs, observations_refused: refused = [] } = await api.post('/v1/jobs/finish', {
        body: mayTake ? { ...body, then_lease } : body,
        signal: held.signal,
      });
      if (refused.length > 0) tell({ event: 'not_taken', job_id: held.job_id, refused });
      const { success } = report;
      tell({ event: 'finished', job_id: held.job_id, success, error: success ? null : report.error_message });
      return jobs?.[0];
    } catch (thrown) {
      if (report.success && isRefusedReport(thrown))
        return finish(shift, held, { success: false, error_message: `The report was refused: ${thrown.message}` }, {});
      if (!(thrown instanceof ApiError) || !['unavailable', 'internal'].includes(thrown.code)) throw thrown;
      await api.sender.pause(waitBefore(attempt, thrown.retry_after, api.sender.random) ?? 0, held.signal);
    }
  }
}

/** What was reported is at fault, not the lease: the cursor has moved, or a field is wrong. */
const isRefusedReport = (thrown: unknown): thrown is ApiError =>
  thrown instanceof ApiError &&
  (thrown.code === 'invalid' || (thrown.details as { reason?: unknown } | undefined)?.reason === 'cursor_conflict');

async function release({ api, node_id, tell }: Shift, { job_id, token }: HeldLease): Promise<undefined> {
  const body = { node_id, lease_token: token };
  // Whoever cannot be told now will see the lease run out.
  await api.post('/v1/jobs/{job_id}/release', { path: { job_id }, body }).catch(() => undefined);
  tell({ event: 'released', job_id });
  return undefined;
}

/** Why the mesh says that a lease is over; undefined when it says something else. */
function whyLost(thrown: unknown): string | undefined {
  if (!(thrown instanceof ApiError)) return undefined;
  if (thrown.code === 'not_found') return 'unknown_job';
  if (thrown.code !== 'conflict') return undefined;
  const { reason } = (thrown.details ?? {}) as { reason?: unknown };
  return reason === 'cursor_conflict' ? undefined : typeof reason === 'string' ? reason : 'conflict';
}
