import * as intel from '#libs/contracts/intel';
import { answerWith } from '../http/answer.js';
import { route, type Route, type RouteOptions } from '../http/route.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** What self-hosted clients ask that cannot be changed: known by a token in the path, by Basic, by a bearer, or not at all. */
export const intelClientRoutes: readonly Route[] = [...clientRoutes(''), ...clientRoutes('/t/:token')];

/** Clients that cannot be changed would take an error for an answer: a token that is wrong or revoked is told of in a header. */
const aboutToken = (isUnknown = false): Record<string, string> =>
  isUnknown ? { 'evidverse-client-token': 'unknown; make one with POST /v1/tokens' } : {};

function clientRoutes(prefix: '' | '/t/:token'): Route[] {
  const own = <Name extends string>(query: readonly Name[], others: Record<string, string> = {}) => ({
    auth: 'own' as const,
    query,
    headers: {
      authorization: 'authorization',
      ...(prefix === '' && { token: 'x-client-token' }),
      ...others,
    } as RouteOptions<'authorization' | 'token', unknown>['headers'],
  });
  return [
    route(`GET ${prefix}/v1/alias/resolve`, intel.resolveAlias, {
      ...own(['q']),
      summary: 'The work that a title or release name surely means, or {}',
    }),
    route(`GET ${prefix}/v1/alias/search`, intel.searchAliases, {
      ...own(['q', 'limit', 'cursor', 'type', 'year']),
      summary: 'Works called like this, best first',
    }),
    route(`GET ${prefix}/v1/alias/explain`, intel.explainTitle, {
      ...own(['q']),
      summary: 'How a title was read and why the answer is what it is',
    }),
    route(`POST ${prefix}/v1/resolve`, intel.resolveTitles, {
      ...own([]),
      items: 'titles',
      summary: 'Many titles at once; each counts as one request',
    }),
    route(`GET ${prefix}/v1/index/:release_key`, intel.getIndexEntry, {
      ...own([]),
      summary: 'The sites that have a work, of those the caller may know of',
      answers: intel.IndexEntry,
      respond: ({ token_unknown, ...entry }) => answerWith({ headers: aboutToken(token_unknown), body: entry }),
    }),
    route(`GET ${prefix}/v1/rules/latest`, intel.getLatestRules, {
      ...own(['format'], { if_none_match: 'if-none-match', client_id: 'x-client-id' }),
      summary: 'The rules by which clients read sites',
      answers: intel.RulesPackage,
      respond: ({ etag, body, token_unknown }) => {
        const headers = { etag, 'cache-control': 'no-cache', vary: 'x-client-id', ...aboutToken(token_unknown) };
        return body === null
          ? answerWith({ status: 304, headers })
          : answerWith({ headers: { ...headers, 'content-type': JSON_TYPE }, body: Buffer.from(body) });
      },
    }),
  ];
}
