import type { Api } from '../api/api.js';
import type {
  AliasAnswer,
  AliasSearch,
  IndexEntry,
  RecommendedSite,
  RecommendedWork,
  RulesPackage,
} from '../answers.js';
import type { SearchWish } from '../offline/offline.js';

/** What `Offline` answers too, asked over HTTP; each is asked once, and given up when the signal says so. */
export class Cloud {
  constructor(private readonly api: Api) {}

  resolve(q: string, signal: AbortSignal): Promise<AliasAnswer> {
    return this.api.get('/v1/alias/resolve', { query: { q }, signal, retries: 0 }) as Promise<AliasAnswer>;
  }

  search(q: string, wish: SearchWish, signal: AbortSignal): Promise<AliasSearch> {
    return this.api.get('/v1/alias/search', {
      query: { q, ...wish } as never,
      signal,
      retries: 0,
    }) as Promise<AliasSearch>;
  }

  sites(release_key: string, signal: AbortSignal): Promise<IndexEntry> {
    return this.api.get('/v1/index/{release_key}', {
      path: { release_key },
      signal,
      retries: 0,
    }) as Promise<IndexEntry>;
  }

  rules(signal: AbortSignal): Promise<RulesPackage> {
    return this.api.get('/v1/rules/latest', { signal, retries: 0 }) as Promise<RulesPackage>;
  }

  async recommendSites(release_key: string, limit: number, signal: AbortSignal): Promise<RecommendedSite[]> {
    const query = { release_key, limit };
    return (await this.api.get('/v1/recommend/sites', { query, signal, retries: 0 })).sites;
  }

  async similar(release_key: string, limit: number, signal: AbortSignal): Promise<RecommendedWork[]> {
    const [path, query] = [{ release_key }, { limit }];
    return (await this.api.get('/v1/recommend/similar/{release_key}', { path, query, signal, retries: 0 })).items;
  }

  async trending(limit: number, signal: AbortSignal): Promise<RecommendedWork[]> {
    return (await this.api.get('/v1/recommend/trending', { query: { limit }, signal, retries: 0 })).items;
  }
}
