import type { RecommendedSite, RecommendedWork } from '#libs/recommend/recommend';
import type { SearchRequest as SiteRequest } from '#libs/site-rules/search-requests';

/** What is answered, by the cloud and offline alike, in the fields of the wire. */

export interface Alias {
  title: string;
  year?: number;
  /** movie, tv, anime, music, short_drama, ebook, audiobook or comic. */
  type: string;
  tmdb_id?: number;
  release_key: string;
  aliases: string[];
  /** How likely this is the work that was meant, from 0 to 1. */
  confidence?: number;
  matched_by?: string;
  season?: number;
  episode?: number;
}

/** The one work a name surely means, or an empty object. */
export type AliasAnswer = Alias | Record<string, never>;

export interface AliasSearch {
  query: string;
  results: Alias[];
}

export interface SiteScore {
  site: string;
  score: number;
  /** ISO 8601. */
  last_seen: string;
}

export interface IndexEntry {
  release_key: string;
  sites: SiteScore[];
}

export interface RulesPackage {
  version: number;
  updated_at?: string;
  rules: Record<string, unknown>[];
}

/** What was read on a page: a row for each entry of a list, one of anything else. */
export interface PageRead {
  rows: Record<string, string | number | null>[];
}

/** What is asked of a site, and what only who asks can say: their settings, by the names that the rules have for them. */
export interface SiteQuestion {
  /** `Q`, `Season`, `Ep`, `Year`, `IMDBID` and the like. */
  query?: Readonly<Record<string, string>>;
  /** Categories as they are called everywhere, as `TV/HD`. */
  categories?: readonly string[];
  settings?: Readonly<Record<string, string | boolean | readonly string[]>>;
  /** The address of the site that is used, where it has several. */
  site?: string;
}

/** A page of a site, and what was asked of it. */
export interface SitePage {
  page: 'list' | 'detail' | 'user';
  url: string;
  html: string;
  question?: SiteQuestion;
}

export type { RecommendedSite, RecommendedWork, SiteRequest };
