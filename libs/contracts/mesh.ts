import { z } from 'zod';
import { event, operation } from './contract.js';
import { Flag, Instant, JsonObject, list, text, whole } from './fields.js';
import { cursorValue, harmless } from './harmless.js';
import { isRevealingTitle } from './revealing.js';

/** Everything crawling workers may ask of the mesh, and what it may hear of them. */

/** A worker's own name; an empty one is a name too. */
export const NodeId = text({ max: 128 });
/** A site goes by its id or any of its aliases. */
export const SiteName = text({ min: 1, max: 200 });

/** A job is known by a whole number; a negative one is merely unknown. */
export const JobId = whole({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });

const CAPABILITIES_MAX = 1024;
/** U+0000, or half a surrogate pair, as JSON text shows it. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** What a worker can do: any object, small enough to keep. */
const Capabilities = JsonObject.refine((value) => JSON.stringify(value).length <= CAPABILITIES_MAX, {
  error: `Object should have at most ${CAPABILITIES_MAX} characters as JSON text`,
  params: { reason: 'value_error' },
  abort: true,
}).refine((value) => !UNSTORABLE.test(JSON.stringify(value)), {
  error: 'Text may contain neither the character U+0000 nor half a surrogate pair',
  params: { reason: 'value_error' },
});

export const RegisterWorker = z.object({ node_id: NodeId, capabilities: Capabilities }).meta({ id: 'RegisterWorker' });
export type RegisterWorker = z.output<typeof RegisterWorker>;

/** A wish for work: no sites, or an empty list of them, means any site; a wish for more jobs than 100 is cut down. */
export const LeaseWish = z
  .object({
    node_id: NodeId,
    want_sites: list(text({ max: 200 }))
      .nullish()
      .default(null),
    max_jobs: whole({ min: 0, max: 100, clamp: true }).default(1),
  })
  .meta({ id: 'LeaseWish' });
export type LeaseWish = z.output<typeof LeaseWish>;

/** What a worker may spend on a job: pages, and the time between two requests. */
const Budget = z.object({ max_pages: z.number().int(), min_interval_ms: z.number().int() });

/**
 * A job in somebody's hands. The lease ends `lease_ttl_s` after it was given, by the giver's clock; a worker stops by
 * itself after eight tenths of that unless a heartbeat has extended it.
 */
export const LeasedJob = z
  .object({
    id: z.number().int(),
    site_id: z.string(),
    payload: JsonObject,
    kind: z.string().optional(),
    lease_token: z.string().optional(),
    lease_expires_at: Instant.optional(),
    lease_ttl_s: z.number().optional(),
    attempt: z.number().int().optional(),
    cursor: z.string().nullish(),
    cursor_version: z.number().int().optional(),
    budget: Budget.optional(),
  })
  .meta({ id: 'LeasedJob' });
export type LeasedJob = z.input<typeof LeasedJob>;

/** Where a site that another cluster crawls is to be asked for. */
const Elsewhere = z.object({ site_id: z.string(), owner: z.string(), url: z.string() });

/** The jobs a worker now holds; when there are none, why, and when to ask again. */
export const Lease = z
  .object({
    jobs: z.array(LeasedJob),
    reason: z.string().optional(),
    message: z.string().optional(),
    retry_after_s: z.number().optional(),
    elsewhere: z.array(Elsewhere).optional(),
  })
  .meta({ id: 'Lease' });
export type Lease = z.input<typeof Lease>;

/** How a job ended; an absent, null or empty `new_cursor_value` leaves the site's cursor alone. */
export const FinishJob = z
  .object({
    job_id: JobId,
    node_id: NodeId,
    success: Flag,
    error_message: text().nullish().default(null),
    new_cursor_value: cursorValue(0).nullish().default(null),
  })
  .meta({ id: 'FinishJob' });
export type FinishJob = z.output<typeof FinishJob>;

/** What a worker shows of itself: the shared key, or its own access token as a bearer; and the address it asks from, as the door saw it. */
export const Credentials = {
  network_key: text({ max: 500 }).nullish().default(null),
  authorization: text({ max: 4000 }).nullish().default(null),
  address: text({ max: 100 }).nullish().default(null),
};

const Ok = z.object({ ok: z.literal(true) });

/** Whether these credentials are a worker's at all. */
export const admitWorker = operation('mesh.admitWorker', z.object(Credentials), Ok);

const ClientVersion = text({ max: 50 }).nullish().default(null);

export const registerWorker = operation(
  'mesh.registerWorker',
  RegisterWorker.extend({ ...Credentials, client_version: ClientVersion }),
  Ok.extend({ heartbeat_interval_s: z.number(), lease_ttl_s: z.number(), session: z.string() }),
);

/** A registration token becomes a worker's own secret, which is told this once. */
export const enrolWorker = operation(
  'mesh.enrolWorker',
  RegisterWorker.extend({
    node_id: text({ min: 1, max: 128 }),
    registration_token: text({ max: 200 }),
    client_version: ClientVersion,
  }),
  z.object({ node_id: z.string(), secret: z.string() }).meta({ id: 'WorkerSecret' }),
);

/** A worker's secret becomes a short-lived access token. */
export const issueWorkerToken = operation(
  'mesh.issueWorkerToken',
  z.object({ node_id: NodeId, secret: text({ max: 200 }) }),
  z.object({ access_token: z.string(), token_type: z.literal('bearer'), expires_in: z.number().int() }),
);

/** A new secret for the current one, which is good for another day; `revoke_old` ends it at once, with all its tokens. */
export const rotateWorkerSecret = operation(
  'mesh.rotateWorkerSecret',
  z.object({ ...Credentials, node_id: NodeId, secret: text({ max: 200 }), revoke_old: Flag.default(false) }),
  z.object({ node_id: z.string(), secret: z.string(), old_secret_until: Instant }),
);

const WAIT_MOST_S = 50;
const WaitS = whole({ min: 0, max: WAIT_MOST_S, clamp: true }).default(0);
const LONG = { timeoutMs: 65_000 };

export const leaseJobs = operation('mesh.leaseJobs', LeaseWish.extend({ ...Credentials, wait_s: WaitS }), Lease, LONG);

const Harmless = harmless(
  { min: 1, max: 300 },
  'Observations name works, never addresses, keys or torrents',
  isRevealingTitle,
);

/** A release seen on the site of the job, by its title or the key of its work; nothing else of it is taken. */
export const Observation = z
  .strictObject({
    title: Harmless.nullish(),
    release_key: text({ max: 200 })
      .refine((key) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(key), {
        error: 'A release key is lower-case words and numbers between hyphens',
        params: { reason: 'value_error' },
      })
      .nullish(),
    seen_at: z.iso.datetime({ offset: true, error: 'Input should be a valid datetime' }).nullish(),
    size_bucket: z.enum(['tiny', 'small', 'medium', 'large', 'huge']).nullish(),
    count: whole({ min: 1, max: 10_000 }).default(1),
  })
  .refine(({ title, release_key }) => title != null || release_key != null, {
    error: 'A title or a release key is needed',
    params: { reason: 'missing' },
  });

/** What a crawl was like: the last status of the site, what it asked us to wait, the pages read. */
const Stats = z.object({
  status: whole({ min: 0, max: 999 }).nullish(),
  retry_after_s: whole({ min: 0, max: 604_800, clamp: true }).nullish(),
  pages: whole({ min: 0, max: 1_000_000 }).nullish(),
  items: whole({ min: 0, max: 1_000_000_000 }).nullish(),
});

const LeaseToken = text({ max: 200 });
const CursorName = text({ min: 1, max: 64 });
const CursorVersion = whole({ min: 0, max: Number.MAX_SAFE_INTEGER });

export const finishJob = operation(
  'mesh.finishJob',
  FinishJob.extend({
    ...Credentials,
    lease_token: LeaseToken.nullish().default(null),
    cursor_name: CursorName.default('main'),
    cursor_version: CursorVersion.nullish().default(null),
    stats: Stats.nullish().default(null),
    retryable: Flag.default(true),
    retry_after_s: whole({ min: 0, max: 604_800, clamp: true }).nullish().default(null),
    /** Each an `Observation`, taken or refused for itself. */
    observations: list(z.unknown(), 500).nullish().default(null),
    then_lease: z
      .object({
        want_sites: list(text({ max: 200 }))
          .nullish()
          .default(null),
        max_jobs: whole({ min: 0, max: 100, clamp: true }).default(1),
        wait_s: WaitS,
      })
      .nullish()
      .default(null),
  }),
  Ok.extend({
    state: z.string().optional(),
    cursor_version: z.number().int().nullish(),
    /** The observations that were not taken, by their place, if there are any. */
    observations_refused: z.array(z.object({ at: z.number().int(), field: z.string(), reason: z.string() })).optional(),
    jobs: z.array(LeasedJob).optional(),
    reason: z.string().optional(),
    message: z.string().optional(),
    retry_after_s: z.number().optional(),
    elsewhere: z.array(Elsewhere).optional(),
  }).meta({ id: 'Finished' }),
  LONG,
);

const Held = { ...Credentials, job_id: JobId, node_id: NodeId, lease_token: LeaseToken };
const Extended = Ok.extend({ lease_expires_at: Instant, lease_ttl_s: z.number() });

export const renewLease = operation('mesh.renewLease', z.object(Held), Extended);
export const releaseLease = operation(
  'mesh.releaseLease',
  z.object({ ...Held, stats: Stats.nullish().default(null) }),
  Ok,
);
export const reportProgress = operation(
  'mesh.reportProgress',
  z.object({
    ...Held,
    cursor_name: CursorName.default('main'),
    cursor_version: CursorVersion.nullish().default(null),
    cursor_value: cursorValue(1),
  }),
  Extended.extend({ cursor_version: z.number().int().nullable() }),
);

/** One call keeps a worker alive and extends all its leases, or those it names. */
export const heartbeat = operation(
  'mesh.heartbeat',
  z.object({
    ...Credentials,
    node_id: NodeId,
    lease_tokens: list(LeaseToken, 1000).nullish().default(null),
  }),
  Ok.extend({
    renewed: z.array(z.object({ job_id: z.number().int(), lease_expires_at: Instant })),
    lost: z.array(z.object({ job_id: z.number().int().nullable(), lease_token: z.string(), reason: z.string() })),
    lease_ttl_s: z.number(),
    heartbeat_interval_s: z.number(),
    quota: z.number().int(),
    draining: z.boolean(),
  }).meta({ id: 'Heartbeat' }),
);

/** A worker goes: it gets no more work, and what it holds is free at once. */
export const leaveWorker = operation(
  'mesh.leaveWorker',
  z.object({ ...Credentials, node_id: NodeId }),
  Ok.extend({ released: z.number().int() }),
);

/** A node was revoked or let in again, at a moment of the database: of two words about one, the later holds. */
export const meshNodeChanged = event(
  'mesh.nodeChanged',
  z.object({ node: z.string(), is_revoked: z.boolean(), changed_at: Instant }),
);

/** Releases that a crawl saw, without a trace of how to fetch them, or of a person. */
export const meshObserved = event(
  'mesh.observed',
  z.object({
    /** Whose word it is: that of all who came by one key; only for telling witnesses apart. */
    contributor: z.string(),
    /** The node that saw it: what only revoked nodes have seen is taken back. */
    node: z.string().optional(),
    site: z.string(),
    items: z.array(
      z.object({
        title: z.string().nullable(),
        release_key: z.string().nullable(),
        seen_at: z.string(),
        size_bucket: z.string().nullable(),
        count: z.number().int(),
      }),
    ),
  }),
);
