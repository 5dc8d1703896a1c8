import * as contract from '#libs/contracts/projects-remotes';
import { answerWith } from '../http/answer.js';
import { route, type Route } from '../http/route.js';

/** The cloud that this installation belongs with: to browse, to clone from, to pull from and to push to. */
export const remoteRoutes: readonly Route[] = [
  route('GET /cloud', contract.getCloud, { auth: 'required', summary: 'Which cloud there is, and who I am there' }),
  route('PUT /cloud', contract.connectCloud, {
    auth: 'required',
    summary: 'Connect with the cloud by a token of my own; it is kept sealed',
  }),
  route('DELETE /cloud', contract.disconnectCloud, { auth: 'required', summary: 'Forget my token for the cloud' }),
  route('GET /cloud/projects', contract.listCloudProjects, {
    auth: 'required',
    query: ['skip', 'limit'],
    summary: 'My projects in the cloud',
  }),
  route('GET /cloud/feed', contract.browseCloud, {
    auth: 'required',
    query: ['skip', 'limit', 'query', 'tag', 'sort'],
    summary: 'Public projects in the cloud',
  }),
  route('POST /cloud/clone', contract.cloneFromCloud, {
    auth: 'required',
    summary: 'Bring a project of the cloud here, with its history',
  }),
  route('GET /projects/:project_id/remote', contract.getRemote, {
    auth: 'required',
    summary: 'The project in the cloud that this one is exchanged with',
  }),
  route('POST /projects/:project_id/pull', contract.pullFromCloud, {
    auth: 'required',
    summary: 'Bring what the cloud has and this project lacks',
  }),
  route('POST /projects/:project_id/push', contract.pushToCloud, {
    auth: 'required',
    summary: 'Send what this project has and the cloud lacks',
  }),
  route('POST /cloud/syncs', contract.beginSync, {
    auth: 'required',
    summary: 'Begin a clone, pull or push that goes on by itself; Location says where to look how far it is',
    status: 202,
    respond: (sync) => answerWith({ status: 202, headers: { location: `/api/v1/cloud/syncs/${sync.id}` }, body: sync }),
  }),
  route('GET /cloud/syncs', contract.listSyncs, {
    auth: 'required',
    query: ['skip', 'limit'],
    summary: 'My clones, pulls and pushes, newest first',
  }),
  route('GET /cloud/syncs/:sync_id', contract.getSync, {
    auth: 'required',
    summary: 'How far a clone, pull or push is, and what became of it',
  }),
];
