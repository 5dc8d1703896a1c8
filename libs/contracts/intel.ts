import { z } from 'zod';
import { Instant, InstantInput, JsonObject } from './fields.js';

/** Everything the world may ask of works, their names, their sites and the rules to read these, and what it may hear. */

export const WorkType = z
  .enum(['movie', 'tv', 'anime', 'music', 'short_drama', 'ebook', 'audiobook', 'comic'])
  .meta({ id: 'WorkType' });
export type WorkType = z.input<typeof WorkType>;

/** The name of a work in addresses: clients paste it into a path without escaping it. */
export const ReleaseKey = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .meta({ id: 'ReleaseKey' });
export type ReleaseKey = z.input<typeof ReleaseKey>;

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
