import { z } from 'zod';
import { operation } from './contract.js';
import { Id, Instant, text, whole } from './fields.js';
import { AliasKind, ReleaseKey, WorkType } from './intel.js';

/** What has changed, in order; and the other intel centres whose changes are followed. */

export const Change = z
  .object({ seq: z.number().int(), kind: z.string(), key: z.string(), body: z.unknown(), at: Instant })
  .meta({ id: 'Change' });

/** Changes after a number, in order; ask again with `next`. What may not be given to everybody is left out. */
export const listChanges = operation(
  'intel.listChanges',
  z.object({
    since: whole({ min: 0, max: Number.MAX_SAFE_INTEGER }).default(0),
    kind: z.enum(['work', 'redirect', 'rules']).optional(),
    limit: whole({ min: 1, max: 1000, clamp: true }).default(200),
  }),
  z.object({ items: z.array(Change), next: z.number().int(), more: z.boolean() }).meta({ id: 'Changes' }),
);

/** A work as centres tell each other of it: with all the names it has by the word of the one who tells, and no others. */
export const FeedWork = z
  .object({
    release_key: ReleaseKey,
    title: text({ min: 1, max: 500 }),
    original_title: text({ max: 500 }).nullable(),
    year: z.number().int().min(1850).max(2200).nullable(),
    type: WorkType,
    season: z.number().int().min(0).max(999).nullable(),
    root_key: text({ max: 200 }).nullable(),
    popularity: z.number().min(0).max(1e9),
    ids: z
      .record(z.string().regex(/^[a-z0-9_]{1,32}$/), z.array(text({ min: 1, max: 100 })).max(20))
      .refine((ids) => Object.keys(ids).length <= 50, 'A work has ids of at most 50 providers'),
    aliases: z
      .array(
        z.object({
          name: text({ min: 1, max: 500 }),
          language: text({ max: 35 }).nullable(),
          kind: AliasKind,
          licence: text({ max: 100 }).nullable(),
          source: text({ max: 200 }),
          weight: z.number().min(0).max(10),
        }),
      )
      .max(1000),
    /** The keys that lead to it. */
    merged_keys: z.array(ReleaseKey).max(1000).default([]),
    /** The works it was split into: then it is no work any more. */
    parts: z.array(ReleaseKey).max(100).default([]),
  })
  .meta({ id: 'FeedWork' });
export type FeedWork = z.output<typeof FeedWork>;

const FeedKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** A stretch of a centre's feed, signed by its feed key over the canonical text of `signed`. */
export const Feed = z
  .object({
    signed: z.object({
      type: z.literal('feed'),
      from: z.number().int(),
      to: z.number().int(),
      more: z.boolean(),
      /** The last number there is: below the one that was asked after, the centre was set back to an earlier day. */
      head: z.number().int().optional(),
      /** When the changes of the numbers `from` and `to` were made: a number of another time is another change. */
      from_at: z.iso.datetime().optional(),
      to_at: z.iso.datetime().optional(),
      /** The key that signs from now on; one that was replaced signs beside it for a while. */
      key: FeedKey.optional(),
      works: z.array(FeedWork).max(1000),
      redirects: z.array(z.object({ from: ReleaseKey, into: ReleaseKey })).max(1000),
    }),
    signatures: z.array(z.object({ key: z.string().max(64), sig: z.string().max(200) })).max(4),
  })
  .meta({ id: 'Feed' });
export type Feed = z.output<typeof Feed>;
export const getFeed = operation(
  'intel.getFeed',
  z.object({
    since: whole({ min: 0, max: Number.MAX_SAFE_INTEGER }).default(0),
    limit: whole({ min: 1, max: 500, clamp: true }).default(200),
  }),
  Feed,
);

/** Who this centre is to others. */
export const getIdentity = operation(
  'intel.getIdentity',
  z.object({}),
  z.object({ key: z.string(), public_key: z.string(), url: z.string() }).meta({ id: 'IntelIdentity' }),
);

/** Which measure of what a centre may bring is full. */
export const LimitMet = z.enum(['works', 'works_a_day', 'names', 'names_a_day', 'changes_a_day']);
export type LimitMet = z.output<typeof LimitMet>;

/**
 * Another centre whose feed is followed. What it says stands below what is said here; how far below is its tier. Of new works and
 * names (with ids) it may bring so many in all and so many on a day (UTC); what finds no room is left out until there is some,
 * while changes and what is taken back still come. When its changes of a day are used up it is heard again on the next.
 */
export const IntelNode = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    public_key: z.string(),
    tier: z.enum(['official', 'trusted', 'community']),
    enabled: z.boolean(),
    cursor: z.number().int(),
    failures: z.number().int(),
    last_error: z.string().nullable(),
    last_pulled_at: Instant.nullable(),
    most_works: z.number().int(),
    most_works_a_day: z.number().int(),
    most_names: z.number().int(),
    most_names_a_day: z.number().int(),
    most_changes_a_day: z.number().int(),
    works: z.number().int(),
    names: z.number().int(),
    works_today: z.number().int(),
    names_today: z.number().int(),
    changes_today: z.number().int(),
    limit_met: LimitMet.nullable(),
  })
  .meta({ id: 'IntelNode' });
export type IntelNode = z.input<typeof IntelNode>;

const Most = whole({ min: 0, max: 2_000_000_000 }).nullable().optional();
/** As many as an operator lets a centre bring; null is the measure of its tier. */
const Measures = {
  most_works: Most,
  most_works_a_day: Most,
  most_names: Most,
  most_names_a_day: Most,
  most_changes_a_day: Most,
};

const Name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/);
export const listIntelNodes = operation('intel.listNodes', z.object({}), z.array(IntelNode));
export const addIntelNode = operation(
  'intel.addNode',
  z.object({
    name: Name,
    url: text({ min: 1, max: 500 }),
    public_key: FeedKey,
    tier: z.enum(['official', 'trusted', 'community']).default('community'),
    ...Measures,
  }),
  IntelNode,
);
export const saveIntelNode = operation(
  'intel.saveNode',
  z.object({
    node_id: Id,
    tier: z.enum(['official', 'trusted', 'community']).optional(),
    enabled: z.boolean().optional(),
    public_key: FeedKey.optional(),
    ...Measures,
  }),
  IntelNode,
);

/** Follows a centre no longer, and withdraws the names it gave. */
export const removeIntelNode = operation(
  'intel.removeNode',
  z.object({ node_id: Id }),
  z.object({ ok: z.literal(true) }),
);
export const pullIntelNode = operation('intel.pullNode', z.object({ node_id: Id }), IntelNode, { timeoutMs: 60_000 });
