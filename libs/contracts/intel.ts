import { z } from 'zod';
import { operation } from './contract.js';
import { Instant, InstantInput, JsonObject, whole } from './fields.js';

/** Everything the world may ask of works, their names, their sites and the rules to read these, and what it may hear. */

export const WorkType = z
  .enum(['movie', 'tv', 'anime', 'music', 'short_drama', 'ebook', 'audiobook', 'comic'])
  .meta({ id: 'WorkType' });
export type WorkType = z.input<typeof WorkType>;

/** The name of a work in addresses, which clients paste into a path without escaping it: words, a year (or 0000), a type. */
export const ReleaseKey = z
  .string()
  .max(400)
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*-\d{4}-[a-z]+$/,
    'A release key is words, a year and a type, as in iron-man-2008-movie',
  )
  .meta({ id: 'ReleaseKey' });
export type ReleaseKey = z.input<typeof ReleaseKey>;

export const AliasKind = z.enum(['main', 'official', 'synonym', 'short', 'release', 'user']).meta({ id: 'AliasKind' });

/** A name of a work, with where it came from and under which licence. */
export const WorkName = z
  .object({
    name: z.string(),
    language: z.string().nullable(),
    script: z.string().nullable(),
    kind: AliasKind,
    source: z.string(),
    licence: z.string().nullable(),
    weight: z.number(),
    first_seen: Instant,
    last_seen: Instant,
  })
  .meta({ id: 'WorkName' });

/** A work as its names lead to it; `title` replaces what a person searched for. */
export const Alias = z
  .object({
    title: z.string().min(1),
    year: z.number().int().optional(),
    type: WorkType,
    tmdb_id: z.number().int().optional(),
    release_key: ReleaseKey,
    aliases: z.array(z.string()),
    /** How likely this is the work that was meant, from 0 to 1. */
    confidence: z.number().optional(),
    matched_by: z.string().optional(),
    season: z.number().int().optional(),
    episode: z.number().int().optional(),
  })
  .meta({ id: 'Alias' });
export type Alias = z.input<typeof Alias>;

/** The one work a name surely means, or an empty object; never null, never wrapped. */
export const AliasAnswer = z.union([Alias, z.strictObject({})]).meta({ id: 'AliasAnswer' });
export type AliasAnswer = z.input<typeof AliasAnswer>;

/** Works whose names contain the query, which is echoed exactly as it was sent. */
export const AliasSearch = z
  .object({ query: z.string(), results: z.array(Alias), next_cursor: z.string().nullish() })
  .meta({ id: 'AliasSearch' });
export type AliasSearch = z.input<typeof AliasSearch>;

/** A site that has a work; every one has a numeric score, or clients cannot sort them. */
export const SiteScore = z
  .object({ site: z.string().min(1), score: z.number(), last_seen: Instant })
  .meta({ id: 'SiteScore' });
export type SiteScore = z.input<typeof SiteScore>;

/** The sites of a work, under the key as it was asked; clients search these only, so no site means every site. */
export const IndexEntry = z.object({ release_key: z.string(), sites: z.array(SiteScore) }).meta({ id: 'IndexEntry' });
export type IndexEntry = z.input<typeof IndexEntry>;

/** The rules as they were published, unknown keys included. */
export const RulesPackage = z
  .looseObject({ version: z.number().int(), updated_at: InstantInput.optional(), rules: z.array(JsonObject) })
  .meta({ id: 'RulesPackage' });
export type RulesPackage = z.input<typeof RulesPackage>;
/** Any text a person may have typed or a file may be called; nothing in it is refused. */
export const Wording = z.string().max(16_384);

/** How an unchanged client says who it is: a token in the path, or the password of Basic; a bearer token counts as well. */
export const ClientCredentials = {
  token: z.string().max(200).optional(),
  authorization: z.string().max(4096).optional(),
};

/** Whoever asked gave a token that opens nothing, and was answered like anybody; it is told beside the answer, whose form is the client's. */
const TokenUnknown = z.boolean().optional();

/** The work a raw title or release name surely means. */
export const resolveAlias = operation(
  'intel.resolveAlias',
  z.object({ q: Wording, ...ClientCredentials }),
  AliasAnswer,
);

/** Works whose names are like the query, best first, each once; an empty query finds nothing. */
export const searchAliases = operation(
  'intel.searchAliases',
  z.object({
    q: Wording,
    limit: whole({ min: 1, max: 100, clamp: true }).default(20),
    cursor: z.string().max(20).optional(),
    type: WorkType.optional(),
    year: whole({ min: 0, max: 9999 }).optional(),
    ...ClientCredentials,
  }),
  AliasSearch,
);

/** The sites that have a work, of those the caller is on. */
export const getIndexEntry = operation(
  'intel.getIndexEntry',
  z.object({ release_key: z.string().max(400), ...ClientCredentials }),
  IndexEntry.extend({ token_unknown: TokenUnknown }).meta({ id: 'IndexEntryFor' }),
);

/** The published rules for all sites, with the tag of their content. */
export const getLatestRules = operation(
  'intel.getLatestRules',
  z.object({
    format: z.enum(['list', 'map']).default('list'),
    if_none_match: z.string().max(400).optional(),
    /** Something random that a client keeps for itself: new rules come first to a share of clients, always the same ones. */
    client_id: z.string().max(100).optional(),
    ...ClientCredentials,
  }),
  z.object({ etag: z.string(), body: z.string().nullable(), token_unknown: TokenUnknown }).meta({ id: 'RulesText' }),
);

/** What was read in a title or release name. */
export const NameReading = z.record(z.string(), z.unknown()).meta({ id: 'NameReading' });

/** A work that a name may mean, with how likely and why, and the name of it that was recognised: null when it was taken away meanwhile. */
export const Candidate = z
  .object({
    work: Alias,
    score: z.number(),
    confidence: z.number(),
    reasons: z.array(z.string()),
    recognised: WorkName.nullable(),
  })
  .meta({ id: 'Candidate' });
export type Candidate = z.input<typeof Candidate>;

/** Many titles at once; each answer stands at the place of its title. */
export const resolveTitles = operation(
  'intel.resolveTitles',
  z.object({ titles: z.array(Wording).min(1).max(200), ...ClientCredentials }),
  z.object({ results: z.array(AliasAnswer) }).meta({ id: 'ResolvedTitles' }),
  { timeoutMs: 20_000 },
);

/** How a title was read, which works it may mean, and why the answer is what it is. */
export const explainTitle = operation(
  'intel.explainTitle',
  z.object({ q: Wording, ...ClientCredentials }),
  z
    .object({ query: z.string(), reading: NameReading, answer: AliasAnswer, candidates: z.array(Candidate) })
    .meta({ id: 'Explanation' }),
);
