import { z } from 'zod';
import { operation } from './contract.js';
import { list, text, whole } from './fields.js';
import { ClientCredentials, ReleaseKey, SiteScore, Wording } from './intel.js';
import { SiteDomain } from './site-domain.js';

/** Which site has which work: what is reported, what may be told, and what follows from it. */

const SiteName = text({ min: 1, max: 100 });

/** A site of which something may be told: its id, the other names people use for it, and to whom it may be named. */
export const IntelSite = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    aliases: z.array(z.string()),
    /** Where it is asked; rules may ask nobody else. */
    domains: z.array(z.string()),
    visibility: z.enum(['open', 'members']),
  })
  .meta({ id: 'IntelSite' });
export type IntelSite = z.input<typeof IntelSite>;

export const listIntelSites = operation('intel.listSites', z.object({}), z.array(IntelSite));
export const saveIntelSite = operation(
  'intel.saveSite',
  z.object({
    site_id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
    name: text({ max: 200 }).nullish(),
    aliases: list(SiteName, 100).default([]),
    /** Without it they stay as they are. */
    domains: list(SiteDomain, 200).optional(),
    visibility: z.enum(['open', 'members']).optional(),
  }),
  IntelSite,
);

/** The sites I am on, at most 50: with any, I am told of these alone; without, of open ones. At most 60 new ones in 30 days. */
export const MySites = z.object({ sites: list(SiteName, 1000) }).meta({ id: 'MySites' });
export const getMySites = operation('intel.getMySites', z.object({}), MySites);
export const setMySites = operation('intel.setMySites', z.object({ sites: list(SiteName, 50) }), MySites);

/** How large what was seen is, roughly: nothing by which one torrent could be told from another. */
export const SizeBucket = z.enum(['tiny', 'small', 'medium', 'large', 'huge']).meta({ id: 'SizeBucket' });

/**
 * That a work was seen on a site. Anything else in it is refused: no ids of torrents, no cookies, no passkeys, no links.
 */
export const Observation = z
  .strictObject({
    site: SiteName,
    title: Wording.nullish(),
    release_key: text({ max: 400 }).nullish(),
    size_bucket: SizeBucket.nullish(),
    seen_at: z.iso.datetime({ offset: true }).optional(),
    count: whole({ min: 1, max: 1_000_000 }).default(1),
  })
  .meta({ id: 'Observation' });
export type Observation = z.output<typeof Observation>;

export const ObservationReport = z
  .object({
    accepted: z.number().int(),
    unresolved: z.number().int(),
    refused: z.array(z.object({ at: z.number().int(), reason: z.string() })),
  })
  .meta({ id: 'ObservationReport' });
export type ObservationReport = z.input<typeof ObservationReport>;

/** Reports what was seen; each item is taken or refused for itself, and the same again counts once. */
export const reportReleases = operation(
  'intel.reportReleases',
  z.object({ observations: list(z.unknown(), 2000) }),
  ObservationReport,
  { timeoutMs: 30_000 },
);

/** Says that a work is no longer on a site: of mine, what I reported; of publishers, what anybody reported before. */
export const removeReleases = operation(
  'intel.removeReleases',
  z.object({ releases: list(z.object({ site: SiteName, release_key: z.string().max(400) }), 2000) }),
  z.object({ removed: z.number().int() }).meta({ id: 'RemovedReleases' }),
);

/** Sites where a work is worth looking for, best first, each with its reason. */
export const recommendSites = operation(
  'intel.recommendSites',
  z.object({
    release_key: z.string().max(400),
    limit: whole({ min: 1, max: 50, clamp: true }).default(10),
    ...ClientCredentials,
  }),
  z
    .object({
      release_key: z.string(),
      sites: z.array(SiteScore.extend({ reason: z.string(), confidence: z.number() })),
    })
    .meta({ id: 'SiteRecommendations' }),
);

/** A work worth a look, with the reason in words. */
export const Recommendation = z
  .object({
    media_id: ReleaseKey,
    release_key: ReleaseKey,
    title: z.string(),
    media_type: z.string(),
    year: z.number().int().nullable(),
    score: z.number(),
    confidence: z.number(),
    reason: z.string(),
    recommendation_type: z.enum(['series', 'same_sites', 'trending', 'popular']),
  })
  .meta({ id: 'Recommendation' });
export type Recommendation = z.input<typeof Recommendation>;

const Recommended = z.object({ items: z.array(Recommendation) }).meta({ id: 'Recommendations' });
export const recommendSimilar = operation(
  'intel.recommendSimilar',
  z.object({
    release_key: z.string().max(400),
    limit: whole({ min: 1, max: 50, clamp: true }).default(10),
    ...ClientCredentials,
  }),
  Recommended,
);
export const recommendTrending = operation(
  'intel.recommendTrending',
  z.object({ limit: whole({ min: 1, max: 100, clamp: true }).default(20), ...ClientCredentials }),
  Recommended,
);

/**
 * What somebody thought of a recommendation: `release_key` is the work that was recommended and `subject` by which list
 * (`similar`, `trending`), or the work that was looked for and a site's id. One voice for each person, the last one; enough of them
 * move a score by a fifth at most.
 */
export const giveFeedback = operation(
  'intel.giveFeedback',
  z.object({
    release_key: z.string().max(400),
    subject: text({ min: 1, max: 100 }),
    verdict: z.enum(['helpful', 'wrong', 'chosen']),
  }),
  z.object({ ok: z.literal(true) }),
);
