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
import * as shapes from './answer-shapes.js';
import { shaped } from './answer-shapes.js';

/** What `Offline` answers too, asked over HTTP; each is asked once, given up when the signal says so, and looked at before it is believed to be an answer. */
export class Cloud {
  constructor(
    private readonly api: Api,
    private readonly client_id?: string,
  ) {}

  resolve(q: string, signal: AbortSignal): Promise<AliasAnswer> {
    return shaped(this.api.get('/v1/alias/resolve', { query: { q }, signal, retries: 0 }), shapes.aliasAnswer);
  }

  search(q: string, wish: SearchWish, signal: AbortSignal): Promise<AliasSearch> {
    const query = { q, ...wish } as never;
    return shaped(this.api.get('/v1/alias/search', { query, signal, retries: 0 }), shapes.aliasSearch);
  }

  sites(release_key: string, signal: AbortSignal): Promise<IndexEntry> {
    const path = { release_key };
    return shaped(this.api.get('/v1/index/{release_key}', { path, signal, retries: 0 }), shapes.indexEntry);
  }

  rules(signal: AbortSignal): Promise<RulesPackage> {
    const header = this.client_id === undefined ? {} : { 'x-client-id': this.client_id };
    return shaped(this.api.get('/v1/rules/latest', { header, signal, retries: 0 }), shapes.rulesPackage);
  }

  async recommendSites(release_key: string, limit: number, signal: AbortSignal): Promise<RecommendedSite[]> {
    const query = { release_key, limit };
    const answer = this.api.get('/v1/recommend/sites', { query, signal, retries: 0 });
    return (await shaped<{ sites: RecommendedSite[] }>(answer, shapes.recommendedSites)).sites;
  }

  async similar(release_key: string, limit: number, signal: AbortSignal): Promise<RecommendedWork[]> {
    const [path, query] = [{ release_key }, { limit }];
    const answer = this.api.get('/v1/recommend/similar/{release_key}', { path, query, signal, retries: 0 });
    return (await shaped<{ items: RecommendedWork[] }>(answer, shapes.recommendedWorks)).items;
  }

  async trending(limit: number, signal: AbortSignal): Promise<RecommendedWork[]> {
    const answer = this.api.get('/v1/recommend/trending', { query: { limit }, signal, retries: 0 });
    return (await shaped<{ items: RecommendedWork[] }>(answer, shapes.recommendedWorks)).items;
  }
}
