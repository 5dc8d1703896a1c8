import * as works from '#libs/contracts/intel-works';
import { route, type Route } from '../http/route.js';

/** The shared brain, for self-hosted clients and those who keep it: paths begin at the root. */
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
    summary: 'Say anew what a work is (publishers); names left out are withdrawn',
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
    summary: "Say yes to a name: a publisher's word decides, a contributor's counts",
  }),
  route('POST /v1/alias/submissions/:submission_id/reject', works.rejectSubmission, {
    auth: 'required',
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
];
