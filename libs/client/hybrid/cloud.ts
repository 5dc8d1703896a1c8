import { AppError } from '#libs/errors/app-error';
import type { Signature } from '#libs/snapshot/documents';
import type { Api } from '../api/api.js';
import { send } from '../api/send.js';
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
import type { GivenRules } from './believed-rules.js';

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

  /** The rules for this installation, as they were written, with the signatures there are; undefined when they are those of this hash. */
  async rules(held_sha256: string | undefined, signal: AbortSignal): Promise<GivenRules | undefined> {
    const { sender, credentials } = this.api;
    const headers = { 'x-client-id': this.client_id, 'if-none-match': held_sha256 && `"${held_sha256}"` };
    const sending = { headers, credentials, signal, retries: 0, raw: true };
    const { status, response } = await send(sender, 'GET', '/v1/rules/latest', sending);
    if (status === 304) return undefined;
    const text = await response.text();
    const { version } = await shaped<RulesPackage>(json(text), shapes.rulesPackage);
    return { version, text, signatures: await this.signatures(version, signal) };
  }

  /** None from a cloud that does not tell of them. */
  private async signatures(version: number, signal: AbortSignal): Promise<Signature[]> {
    const answer = this.api.get('/v1/rules/{version}/signatures', { path: { version }, signal, retries: 0 });
    const { signatures } = await shaped<{ signatures: Signature[] }>(answer, shapes.signatures).catch(
      (thrown: unknown) => {
        if (thrown instanceof AppError && thrown.code === 'not_found') return { signatures: [] };
        throw thrown;
      },
    );
    return signatures;
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

/** What is no JSON is no answer: it has no shape. */
async function json(text: string): Promise<unknown> {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
