import * as nodes from '#libs/contracts/intel-nodes';
import * as releases from '#libs/contracts/intel-releases';
import * as rules from '#libs/contracts/intel-rules';
import * as works from '#libs/contracts/intel-works';
import { answerWith } from '../http/answer.js';
import { route, type Route } from '../http/route.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Known by a bearer token, a client's token, or not at all. */
const AS_CLIENT = { auth: 'own', headers: { authorization: 'authorization', token: 'x-client-token' } } as const;

/** The shared brain, for those who keep it and clients that know more than the first ones did; paths begin at the root. */
export const intelRoutes: readonly Route[] = [
  route('GET /v1/works', works.findWorks, {
    auth: 'optional',
    query: ['tmdb_id', 'imdb_id', 'tvdb_id', 'douban_id', 'bangumi_id', 'skip', 'limit'],
    summary: 'Works by the id another catalogue has for them',
  }),
  route('GET /v1/works/:release_key', works.getWork, {
    auth: 'optional',
    summary: 'One work, with its names and ids; a merged key leads to what it was merged into',
  }),
  route('POST /v1/works', works.createWork, { auth: 'required', status: 201, summary: 'Add a work (publishers)' }),
  route('PUT /v1/works/:release_key', works.saveWork, {
    auth: 'required',
    summary:
      'Say anew what a work is (publishers); names left out are withdrawn, and so are ids of a provider that is named',
  }),
  route('POST /v1/works/merge', works.mergeWorks, {
    auth: 'required',
    summary: 'Make one work of two (publishers); can be taken back',
  }),
  route('POST /v1/works/unmerge', works.unmergeWork, {
    auth: 'required',
    summary: 'Take a merge back (publishers)',
  }),
  route('POST /v1/works/split', works.splitWork, {
    auth: 'required',
    summary: 'Make several works of one (publishers); its key stays as a tombstone',
  }),
  route('POST /v1/works/unsplit', works.unsplitWork, {
    auth: 'required',
    summary: 'Take a split back (publishers); the keys of its parts lead to the work again',
  }),
  route('POST /v1/works/import', works.importWorks, {
    auth: 'required',
    summary: 'Take in up to 1,000 works (publishers); the same again changes nothing',
  }),
  route('POST /v1/imports', works.createImport, {
    auth: 'required',
    status: 201,
    summary: 'Begin a bulk import: gives the address to PUT a file of JSON lines to (publishers)',
  }),
  route('POST /v1/imports/:import_id/start', works.startImport, {
    auth: 'required',
    status: 202,
    summary: 'Read the uploaded lines (publishers)',
  }),
  route('GET /v1/imports/:import_id', works.getImport, {
    auth: 'required',
    summary: 'How far an import has come, and which lines were refused (publishers)',
  }),

  route('POST /v1/alias/submissions', works.submitAlias, {
    auth: 'required',
    status: 201,
    summary: 'Propose a name for a work (contributors)',
  }),
  route('GET /v1/alias/submissions', works.listSubmissions, {
    auth: 'required',
    query: ['status', 'mine', 'skip', 'limit'],
    summary: 'Proposed names, oldest first (contributors)',
  }),
  route('POST /v1/alias/submissions/:submission_id/approve', works.approveSubmission, {
    auth: 'required',
    either: ['reason'],
    summary: "Say yes to a name: a publisher's word decides, a contributor's counts",
  }),
  route('POST /v1/alias/submissions/:submission_id/reject', works.rejectSubmission, {
    auth: 'required',
    either: ['reason'],
    summary: 'Say no to a name',
  }),

  route('GET /v1/admin/contributors', works.listContributors, {
    auth: 'required',
    summary: 'Who keeps the catalogue, and how far they are trusted (administrators)',
  }),
  route('PUT /v1/admin/contributors/:user_id', works.setContributor, {
    auth: 'required',
    summary: 'Give someone a role in the catalogue, or take it (administrators)',
  }),
  route('POST /v1/tokens', works.createClientToken, {
    auth: 'required',
    status: 201,
    summary: 'Make a token for a client that cannot be changed: /t/{token}/… or the password of Basic',
  }),
  route('GET /v1/tokens', works.listClientTokens, { auth: 'required', summary: 'My client tokens' }),
  route('DELETE /v1/tokens/:token_id', works.revokeClientToken, {
    auth: 'required',
    summary: 'Revoke a client token of mine',
  }),

  route('GET /v1/admin/sites', releases.listIntelSites, {
    auth: 'required',
    summary: 'The registered sites (contributors)',
  }),
  route('PUT /v1/admin/sites/:site_id', releases.saveIntelSite, {
    auth: 'required',
    summary: 'Register a site: its other names, and whether it may be named to everybody (publishers)',
  }),
  route('GET /v1/me/sites', releases.getMySites, { auth: 'required', summary: 'The sites I am on' }),
  route('PUT /v1/me/sites', releases.setMySites, {
    auth: 'required',
    summary: 'Say which sites I am on: I am told of these alone',
  }),
  route('POST /v1/releases', releases.reportReleases, {
    auth: 'required',
    summary: 'Report works seen on sites (contributors); the same again counts once',
  }),
  route('DELETE /v1/releases', releases.removeReleases, {
    auth: 'required',
    summary: 'Say that works are no longer on sites (contributors: what they reported; publishers: all)',
  }),
  route('GET /v1/recommend/sites', releases.recommendSites, {
    ...AS_CLIENT,
    query: ['release_key', 'limit'],
    summary: 'Sites to look for a work on, each with its reason',
  }),
  route('GET /v1/recommend/similar/:release_key', releases.recommendSimilar, {
    ...AS_CLIENT,
    query: ['limit'],
    summary: 'Works near to one, each with its reason',
  }),
  route('GET /v1/recommend/trending', releases.recommendTrending, {
    ...AS_CLIENT,
    query: ['limit'],
    summary: 'Works seen most of late, each with its reason',
  }),
  route('POST /v1/feedback', releases.giveFeedback, {
    auth: 'required',
    summary: 'Say whether a recommendation helped; enough voices move its score a little',
  }),

  route('GET /v1/rules', rules.listRulePackages, {
    auth: 'optional',
    query: ['skip', 'limit'],
    summary: 'Published packages of rules, newest first',
  }),
  route('GET /v1/rules/:version', rules.getRulePackage, {
    auth: 'optional',
    summary: 'One package as it was published',
    respond: ({ body, checksum }) =>
      answerWith({
        headers: {
          'content-type': JSON_TYPE,
          etag: `"${checksum}"`,
          'cache-control': 'public, max-age=31536000, immutable',
        },
        body: Buffer.from(body),
      }),
  }),
  route('GET /v1/rules/:version/signatures', rules.getRuleSignatures, {
    auth: 'optional',
    summary: 'What is signed of a package, with the signatures over it',
  }),
  route('GET /v1/rules/sites/:site_id', rules.getSiteRules, {
    auth: 'optional',
    query: ['version'],
    summary: 'The rules of one site',
  }),
  route('GET /v1/rules/diff', rules.diffRules, {
    auth: 'optional',
    query: ['from', 'to'],
    summary: 'What changed from one package to another',
  }),
  route('GET /v1/rules/schema', rules.getRulesSchema, {
    auth: 'optional',
    summary: "The JSON Schema of a site's rules",
  }),
  route('GET /v1/rules/keys', rules.getTrustKeys, { auth: 'optional', summary: 'The root, and the keys it names' }),
  route('GET /v1/rules/drafts', rules.listRuleDrafts, {
    auth: 'required',
    query: ['skip', 'limit'],
    summary: 'Open drafts, oldest first (contributors)',
  }),
  route('POST /v1/rules/drafts', rules.createRuleDraft, {
    auth: 'required',
    status: 201,
    summary:
      "Propose rules for a site, or a definition of Jackett's kind of which they are made, with recorded pages and what must be read from them (contributors)",
  }),
  route('PUT /v1/rules/drafts/:draft_id', rules.saveRuleDraft, { auth: 'required', summary: 'Change an open draft' }),
  route('DELETE /v1/rules/drafts/:draft_id', rules.withdrawRuleDraft, {
    auth: 'required',
    summary: 'Withdraw a draft',
  }),
  route('POST /v1/rules/drafts/:draft_id/validate', rules.validateRuleDraft, {
    auth: 'required',
    summary: 'Try a draft on its recorded pages',
  }),
  route('POST /v1/rules/publish', rules.publishRules, {
    auth: 'required',
    status: 201,
    summary: 'Publish drafts that have passed, to all or first to a share of clients (publishers)',
  }),
  route('POST /v1/rules/rollback', rules.rollbackRules, {
    auth: 'required',
    status: 201,
    summary: 'Publish older content under new numbers (publishers)',
  }),
  route('POST /v1/rules/:version/promote', rules.promoteRules, {
    auth: 'required',
    summary: 'From a share of clients to all (publishers)',
  }),
  route('POST /v1/rules/:version/withdraw', rules.withdrawRules, {
    auth: 'required',
    summary: 'End a trial (publishers)',
  }),
  route('POST /v1/rules/:version/signatures', rules.signRules, {
    auth: 'required',
    summary: 'Add signatures that were made elsewhere (publishers)',
  }),
  route('POST /v1/admin/keys/rotate', rules.rotateKey, {
    auth: 'required',
    summary: 'Put a new key in place of those of a role (administrators)',
  }),
  route('POST /v1/admin/root', rules.publishRoot, {
    auth: 'required',
    status: 201,
    summary: 'Publish the next root, signed elsewhere (administrators)',
  }),

  route('GET /v1/changes', nodes.listChanges, {
    auth: 'optional',
    query: ['since', 'kind', 'limit'],
    summary: 'What has changed after a number, in order',
  }),
  route('GET /v1/sync/feed', nodes.getFeed, {
    auth: 'optional',
    query: ['since', 'limit'],
    summary: 'The same for other centres, signed',
  }),
  route('GET /v1/sync/identity', nodes.getIdentity, { auth: 'optional', summary: 'The key that signs the feed' }),
  route('GET /v1/nodes', nodes.listIntelNodes, {
    auth: 'required',
    summary: 'Centres whose feeds are followed (contributors)',
  }),
  route('POST /v1/nodes', nodes.addIntelNode, {
    auth: 'required',
    status: 201,
    summary: 'Follow another centre (administrators)',
  }),
  route('PATCH /v1/nodes/:node_id', nodes.saveIntelNode, {
    auth: 'required',
    summary: 'Change the tier or key of a centre, or how much it may bring, or pause it (administrators)',
  }),
  route('DELETE /v1/nodes/:node_id', nodes.removeIntelNode, {
    auth: 'required',
    summary: 'Follow a centre no longer, and withdraw its names (administrators)',
  }),
  route('POST /v1/nodes/:node_id/pull', nodes.pullIntelNode, {
    auth: 'required',
    summary: 'Pull the feed of a centre now (administrators)',
  }),
];
