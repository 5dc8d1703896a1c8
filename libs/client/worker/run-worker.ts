import { AppError } from '#libs/errors/app-error';
import { ApiError } from '../api/api-error.js';
import { connect, senderFor, type ApiOptions } from '../api/api.js';
import { waitBefore } from '../api/back-off.js';
import type { Crawl, CrawlJob } from './crawl.js';
import { startHeartbeats } from './heartbeats.js';
import { nodeCredentials, type NodeIdentity } from './node-credentials.js';
import type { Shift } from './shift.js';
import { workOn } from './work-on.js';
import type { WorkerNews } from './worker-news.js';

export interface WorkerOptions extends NodeIdentity {
  /** The mesh, and how patiently it is asked. */
  readonly mesh: Omit<ApiOptions, 'credentials'>;
  readonly crawl: Crawl;
  /** The sites wanted; none named means any. */
  readonly want_sites?: readonly string[];
  /** How many jobs at once. */
  readonly at_once?: number;
  /** How long to wait for work in one question. */
  readonly wait_s?: number;
  /** Once aborted, no more work is taken, and what is at work has so much time to come to its end. */
  readonly drain?: AbortSignal;
  readonly grace_ms?: number;
  readonly tell?: (news: WorkerNews) => void;
}

const WAIT_S = 25;
const GRACE_MS = 30_000;
const MOST_WAIT_S = 60;

/**
 * A node of the mesh: registers, takes jobs, crawls each under its lease, reports, until `drain` is aborted. Leases are
 * extended before work begins and then by one heartbeat for all; who loses one stops at once. Goes on through outages for
 * as long as it takes; throws only when the mesh refuses the node itself.
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { node_id, capabilities, client_version, tell = () => undefined } = options;
  const sender = senderFor(options.mesh);
  const api = connect({ ...sender, credentials: nodeCredentials(sender, options) });
  const closing = new AbortController();
  const over = new AbortController();
  const drain = () => {
    if (closing.signal.aborted) return;
    tell({ event: 'draining' });
    closing.abort();
    setTimeout(() => over.abort(), options.grace_ms ?? GRACE_MS).unref?.();
  };
  if (options.drain?.aborted) return;
  options.drain?.addEventListener('abort', drain, { once: true });
  const registered = await patiently(closing.signal, { api, tell }, () =>
    api.post('/v1/worker/register', {
      body: { node_id, capabilities: { ...capabilities }, client_version },
      signal: closing.signal,
    }),
  );
  if (registered === undefined) return;
  tell({ event: 'registered', node_id, lease_ttl_s: registered.lease_ttl_s });
  const heartbeats = startHeartbeats({ api, node_id, ttl_s: registered.lease_ttl_s, onDraining: drain });
  const { crawl, want_sites, wait_s = WAIT_S, at_once = 1 } = options;
  const wish = { want_sites: want_sites === undefined ? null : [...want_sites], wait_s };
  const shift: Shift = {
    api,
    node_id,
    crawl,
    heartbeats,
    tell,
    drain,
    closing: closing.signal,
    over: over.signal,
    elsewhere: new Map(),
    wish,
  };
  try {
    await Promise.all(Array.from({ length: at_once }, () => lane(shift)));
  } catch (thrown) {
    closing.abort();
    over.abort();
    throw thrown;
  } finally {
    heartbeats.stop();
    options.drain?.removeEventListener('abort', drain);
    await api.delete('/v1/worker/{node_id}', { path: { node_id } }).catch(() => undefined);
    tell({ event: 'stopped' });
  }
}

/** One job after the other; the report on one brings the next. */
async function lane(shift: Shift): Promise<void> {
  let next: CrawlJob | undefined;
  while (!shift.closing.aborted) {
    next ??= await takeJob(shift);
    if (next === undefined) continue;
    next = await workOn(shift, next);
  }
  if (next !== undefined) await giveBack(shift, next);
}

/** Asks for a job and waits for it; undefined when there was none, after as long as the mesh said to wait. */
async function takeJob(shift: Shift): Promise<CrawlJob | undefined> {
  const { api, node_id, wish, closing, tell } = shift;
  const asked = performance.now();
  const lease = await patiently(closing, shift, () =>
    api.post('/v1/jobs/lease', {
      body: { node_id, ...wish, max_jobs: 1 },
      timeout_ms: (wish.wait_s + 20) * 1000,
      signal: closing,
    }),
  );
  for (const { site_id, owner, url } of lease?.elsewhere ?? []) {
    if (shift.elsewhere.get(site_id) === url) continue;
    shift.elsewhere.set(site_id, url);
    tell({ event: 'elsewhere', site_id, owner, url });
  }
  if (lease === undefined || lease.jobs.length > 0) return lease?.jobs[0];
  const { reason = '', message = '', retry_after_s = 1 } = lease;
  if (reason === 'draining') shift.drain();
  if (reason === 'client_too_old') throw new AppError('conflict', message, { reason });
  // A question that waited by itself may be asked again at once: work that comes sooner is told to who waits for it.
  const hasWaited = wish.wait_s > 0 && performance.now() - asked > wish.wait_s * 900;
  const wait_s = hasWaited ? 0 : Math.min(MOST_WAIT_S, retry_after_s);
  tell({ event: 'idle', reason, message, wait_s });
  await api.sender.pause(wait_s * 1000, closing).catch(() => undefined);
  return undefined;
}

async function giveBack({ api, node_id, tell }: Shift, job: CrawlJob): Promise<void> {
  const { id: job_id, lease_token } = job;
  if (lease_token === undefined) return;
  await api
    .post('/v1/jobs/{job_id}/release', { path: { job_id }, body: { node_id, lease_token } })
    .catch(() => undefined);
  tell({ event: 'released', job_id });
}

/**
 * Asks until there is an answer, through whatever outage, ever less often; undefined once it is `closing`. A refusal of the
 * node itself is thrown.
 */
export async function patiently<T>(
  closing: AbortSignal,
  { api, tell }: Pick<Shift, 'api' | 'tell'>,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  for (let attempt = 1; !closing.aborted; attempt++) {
    try {
      return await ask();
    } catch (thrown) {
      if (closing.aborted) return undefined;
      if (!(thrown instanceof ApiError) || (thrown.code !== 'unavailable' && thrown.code !== 'internal')) throw thrown;
      const wait = waitBefore(attempt, thrown.retry_after, api.sender.random) ?? MOST_WAIT_S * 1000;
      tell({ event: 'waiting', error: thrown.message, wait_s: Math.ceil(wait / 1000) });
      await api.sender.pause(wait, closing).catch(() => undefined);
    }
  }
  return undefined;
}
