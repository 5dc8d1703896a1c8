import { z } from 'zod';
import { operation } from './contract.js';
import { EventBatch } from './event-batch.js';
import { Instant, InstantInput, list, text, whole } from './fields.js';
import { NodeId, SiteName } from './mesh.js';

/** What operators of a mesh see and hold: workers, figures, happenings, keys, neighbours. */

const paged = {
  after: whole({ min: 0, max: Number.MAX_SAFE_INTEGER }).nullish().default(null),
  limit: whole({ min: 1, max: 500, clamp: true }).default(100),
};
const next = z.number().int().nullable();

export const WorkerView = z
  .object({
    id: z.number().int(),
    node_id: z.string(),
    role: z.string(),
    state: z.string(),
    capabilities: z.record(z.string(), z.unknown()),
    sites: z.array(z.string()).nullable(),
    client_version: z.string().nullable(),
    quota: z.number().int(),
    failures: z.number().int(),
    cooling_until: Instant.nullable(),
    active_leases: z.number().int(),
    registered_at: Instant,
    last_seen_at: Instant,
  })
  .meta({ id: 'MeshWorker' });

export const listWorkers = operation(
  'mesh.listWorkers',
  z.object(paged),
  z.object({ items: z.array(WorkerView), next }),
);

/** Sets what a worker may do; `revoked` ends its secret, its tokens and its leases. */
export const changeWorker = operation(
  'mesh.changeWorker',
  z.object({
    node_id: NodeId,
    state: z.enum(['active', 'draining', 'revoked']).optional(),
    sites: list(SiteName, 1000).nullish(),
    quota: whole({ min: 0, max: 1000 }).optional(),
  }),
  WorkerView,
);

export const meshStats = operation(
  'mesh.stats',
  z.object({}),
  z
    .object({
      workers: z.object({ known: z.number().int(), active: z.number().int(), waiting: z.number().int() }),
      sites: z.object({
        total: z.number().int(),
        leased: z.number().int(),
        ready: z.number().int(),
        later: z.number().int(),
        paused: z.number().int(),
        blocked: z.number().int(),
      }),
      jobs: z.object({ pending: z.number().int(), dead: z.number().int(), oldest_due_s: z.number().nullable() }),
      leases: z.object({ active: z.number().int(), oldest_s: z.number().nullable() }),
      last_hour: z.object({
        done: z.number().int(),
        failed: z.number().int(),
        expired: z.number().int(),
        released: z.number().int(),
      }),
      busiest_sites: z.array(z.object({ site_id: z.string(), finished: z.number().int() })),
      refused_proposals: z.number().int(),
      replicas: z.number().int(),
    })
    .meta({ id: 'MeshStats' }),
);

/** Reads what happens as it happens. */
export const meshEvents = operation(
  'mesh.events',
  z.object({ after: text({ max: 40 }).nullish().default(null) }),
  EventBatch,
  { timeoutMs: 35_000 },
);

const KeyView = z
  .object({
    id: z.number().int(),
    kind: z.string(),
    name: z.string(),
    sites: z.array(z.string()).nullable(),
    uses_left: z.number().int().nullable(),
    valid_until: Instant.nullable(),
    created_at: Instant,
  })
  .meta({ id: 'MeshKey' });

/**
 * Makes a key; its secret is in this answer and nowhere else. Making a shared key ends the older ones after `overlap_s`.
 * A registration key is good once and for a week, unless something else is said (null: as often, or as long, as one likes).
 */
export const createKey = operation(
  'mesh.createKey',
  z.object({
    kind: z.enum(['network', 'registration', 'signing']),
    name: text({ max: 200 }).default(''),
    sites: list(SiteName, 1000).nullish().default(null),
    uses: whole({ min: 1, max: 100_000 }).nullish(),
    valid_until: InstantInput.nullish(),
    overlap_s: whole({ min: 0, max: 2_592_000 }).default(86_400),
  }),
  KeyView.extend({ secret: z.string().nullable() }).meta({ id: 'MeshKeyWithSecret' }),
);
export const listKeys = operation('mesh.listKeys', z.object({}), z.object({ items: z.array(KeyView) }));
export const revokeKey = operation(
  'mesh.revokeKey',
  z.object({ key_id: whole({ min: 0, max: Number.MAX_SAFE_INTEGER }) }),
  KeyView,
);

export const listAudit = operation(
  'mesh.listAudit',
  z.object({
    ...paged,
    actor: text({ max: 200 }).nullish().default(null),
    act: text({ max: 100 }).nullish().default(null),
  }),
  z.object({
    items: z.array(
      z.object({
        id: z.number().int(),
        at: Instant,
        actor: z.string(),
        act: z.string(),
        subject: z.string().nullable(),
        epoch: z.number().int().nullable(),
        details: z.unknown(),
      }),
    ),
    next,
  }),
);

/** Ends at once the leases whose time is over; nothing needs it, it only makes what would happen at the next ask visible now. */
export const sweepLeases = operation('mesh.sweepLeases', z.object({}), z.object({ ended: z.number().int() }));

const PeerName = text({ min: 1, max: 100 });
const PeerUrl = text({ max: 500 }).refine((url) => /^https?:\/\/[^\s/]+/.test(url), {
  error: 'An http(s) address is expected',
  params: { reason: 'value_error' },
});

export const listPeers = operation(
  'mesh.listPeers',
  z.object({}),
  z.object({
    cluster: z.string(),
    url: z.string().nullable(),
    /** By which other clusters know what this one says. */
    public_key: z.string(),
    peers: z.array(
      z.object({
        name: z.string(),
        url: z.string(),
        sites: z.number().int(),
        /** When its claims were last followed; null for one that is not followed. */
        followed_at: Instant.nullable(),
      }),
    ),
  }),
);

/**
 * What this cluster knows of the claims on its sites, for another one that signs its wish (`peer` is
 * `name.seconds.signature`). `signed` is the text of a `ClaimsPage`, and `signature` ours under it.
 */
export const listClaims = operation(
  'mesh.listClaims',
  z.object({
    peer: text({ max: 300 }).nullish().default(null),
    after: text({ max: 60 }).nullish().default(null),
    limit: whole({ min: 1, max: 1000 }).default(1000),
  }),
  z.object({ signed: z.string(), signature: z.string() }),
);

/** A page of claims, each with the cluster that owns the site; `after` goes on where it ends. */
export const ClaimsPage = z.object({
  cluster: z.string(),
  claims: z.array(
    z.object({
      site_id: SiteName,
      owner: text({ min: 1, max: 100 }),
      url: z.string().nullable(),
      epoch: z.number().int().min(0),
    }),
  ),
  after: z.string().nullable(),
  complete: z.boolean(),
});
export type ClaimsPage = z.infer<typeof ClaimsPage>;

/**
 * Hands a site to a cluster. It is granted by compare-and-set on the claim's epoch, and only while nobody holds a lease on
 * the site; the answer is the new epoch, which the next owner writes down on its side.
 */
export const claimSite = operation(
  'mesh.claimSite',
  z.object({
    site_id: SiteName,
    cluster: PeerName,
    url: PeerUrl,
    expected_epoch: whole({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    epoch: whole({ min: 1, max: Number.MAX_SAFE_INTEGER }).nullish().default(null),
    drain_s: whole({ min: 1, max: 86_400 }).nullish().default(null),
  }),
  z.object({ site_id: z.string(), owner: z.string(), url: z.string().nullable(), epoch: z.number().int() }),
);
