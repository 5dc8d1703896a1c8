import { AppError } from '#libs/errors/app-error';
import type {
  AliasAnswer,
  AliasSearch,
  IndexEntry,
  RecommendedSite,
  RecommendedWork,
  RulesPackage,
} from '../answers.js';
import type { SearchWish } from '../offline/offline.js';

/** The questions that a centre in the cloud answers; each is given up when the signal says so. */
export interface Cloud {
  resolve(text: string, signal: AbortSignal): Promise<AliasAnswer>;
  search(text: string, wish: SearchWish, signal: AbortSignal): Promise<AliasSearch>;
  sites(release_key: string, signal: AbortSignal): Promise<IndexEntry>;
  rules(signal: AbortSignal): Promise<RulesPackage>;
  recommendSites(release_key: string, limit: number, signal: AbortSignal): Promise<RecommendedSite[]>;
  similar(release_key: string, limit: number, signal: AbortSignal): Promise<RecommendedWork[]>;
  trending(limit: number, signal: AbortSignal): Promise<RecommendedWork[]>;
}

export interface CloudOptions {
  /** A token of `POST /v1/tokens` or of a sign-in: with it, the centre names the person's own sites. */
  token?: string | undefined;
  fetch?: typeof fetch | undefined;
}

/** A centre at an address, over HTTP. What it cannot be asked now is `unavailable`; what it refuses has the code it gave. */
export function cloudAt(address: string, { token, fetch: ask = fetch }: CloudOptions = {}): Cloud {
  const base = address.endsWith('/') ? address : `${address}/`;
  async function get<T>(path: string, query: object, signal: AbortSignal): Promise<T> {
    const url = new URL(path, base);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const headers = { accept: 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) };
    const answer = await ask(url, { headers, signal }).catch((cause: unknown) => {
      throw new AppError('unavailable', `${base} cannot be reached.`, undefined, { cause });
    });
    const body = (await answer.json().catch(() => undefined)) as unknown;
    if (!answer.ok) throw refusal(answer.status, body, url.href);
    if (typeof body !== 'object' || body === null)
      throw new AppError('unavailable', `${url.href} answered no JSON object.`);
    return body as T;
  }
  const key = encodeURIComponent;
  return {
    resolve: (q, signal) => get('v1/alias/resolve', { q }, signal),
    search: (q, wish, signal) => get('v1/alias/search', { q, ...wish }, signal),
    sites: (release_key, signal) => get(`v1/index/${key(release_key)}`, {}, signal),
    rules: (signal) => get('v1/rules/latest', {}, signal),
    recommendSites: async (release_key, limit, signal) =>
      (await get<{ sites: RecommendedSite[] }>('v1/recommend/sites', { release_key, limit }, signal)).sites,
    similar: async (release_key, limit, signal) =>
      (await get<{ items: RecommendedWork[] }>(`v1/recommend/similar/${key(release_key)}`, { limit }, signal)).items,
    trending: async (limit, signal) =>
      (await get<{ items: RecommendedWork[] }>('v1/recommend/trending', { limit }, signal)).items,
  };
}

function refusal(status: number, body: unknown, url: string): AppError {
  if (status === 429 || status >= 500) return new AppError('unavailable', `${url} answered ${status}.`);
  const said = AppError.from(body);
  if (said.code !== 'internal') return said;
  if (status === 404) return new AppError('not_found', `There is no ${url}.`);
  if (status === 401 || status === 403) return new AppError('unauthorized', `${url} is not for this token.`);
  return new AppError('invalid', `${url} answered ${status}.`);
}
