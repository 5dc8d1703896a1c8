import { admitWorker, enrolWorker, issueWorkerToken } from '#libs/contracts/mesh';
import * as jobs from '#libs/contracts/mesh-jobs';
import * as operators from '#libs/contracts/mesh-operators';
import { WORKER_CREDENTIALS, workerPaths } from '#libs/contracts/mesh-paths';
import * as sites from '#libs/contracts/mesh-sites';
import { answerWith } from '../http/answer.js';
import { eventStream, route, type Route, type RouteOptions } from '../http/route.js';

/** Who shows the shared key or an access token of its own; a stranger learns nothing of what else was wrong. */
const asWorker = { auth: 'own', ...WORKER_CREDENTIALS, admit: admitWorker } as const;

/** What can be guessed is asked seldom. */
const STRICT: Readonly<Record<string, Pick<RouteOptions<string, unknown>, 'strict'>>> = {
  [enrolWorker.name]: { strict: true },
  [issueWorkerToken.name]: { strict: { guessable: 'node_id' } },
};

const versioned = {
  respond: (thing: { version: number }) => answerWith({ headers: { etag: `"${thing.version}"` }, body: thing }),
};
const created = { respond: (thing: unknown) => answerWith({ status: 201, body: thing }), status: 201 };

/** The mesh: workers that crawl, and who looks after them. Paths are those that self-hosted clients know. */
export const meshRoutes: readonly Route[] = [
  ...workerPaths.map(({ line, operation, summary, known }) => {
    const options = { ...(known ? asWorker : { auth: 'own' as const }), summary, ...STRICT[operation.name] };
    return route(line, operation, options as RouteOptions<string, unknown>);
  }),

  route('POST /jobs', jobs.createJobs, {
    auth: 'required',
    body: 'jobs',
    headers: { idempotency_key: 'idempotency-key' },
    ...created,
    summary: 'Create one job or many',
  }),
  route('GET /jobs', jobs.listJobs, {
    auth: 'required',
    query: ['site_id', 'state', 'after', 'limit'],
    summary: 'Jobs, newest first',
  }),
  route('GET /jobs/:job_id', jobs.getJob, { auth: 'required', summary: 'One job and its history' }),
  route('DELETE /jobs/:job_id', jobs.cancelJob, {
    auth: 'required',
    summary: 'Cancel a job, and end its lease if it has one',
  }),
  route('GET /dead-letters', jobs.listDeadLetters, {
    auth: 'required',
    query: ['after', 'limit'],
    summary: 'Jobs out of attempts, with their history',
  }),
  route('POST /dead-letters/:job_id/requeue', jobs.requeueJob, { auth: 'required', summary: 'Try a dead job anew' }),
  route('POST /dead-letters/:job_id/discard', jobs.discardJob, { auth: 'required', summary: 'Give a dead job up' }),
  route('POST /plans', jobs.createPlan, {
    auth: 'required',
    headers: { idempotency_key: 'idempotency-key' },
    ...created,
    summary: 'Split a crawl into slices',
  }),
  route('GET /plans/:plan_id', jobs.getPlan, { auth: 'required', summary: 'A plan and what it covers' }),

  route('GET /sites', sites.listSites, {
    auth: 'required',
    query: ['after', 'limit'],
    summary: 'The sites of the mesh',
  }),
  route('PUT /sites', sites.putSites, { auth: 'required', summary: 'Set many sites at once' }),
  route('GET /sites/:site_id', sites.getSite, { auth: 'required', ...versioned, summary: 'One site' }),
  route('PUT /sites/:site_id', sites.putSite, {
    auth: 'required',
    headers: { if_match: 'if-match' },
    ...versioned,
    summary: 'Set a site',
  }),
  route('POST /sites/:site_id/block', sites.blockSite, { auth: 'required', summary: 'Leave a site alone for a while' }),
  route('POST /sites/:site_id/unblock', sites.unblockSite, { auth: 'required', summary: 'End a block' }),
  route('GET /sites/:site_id/explain', sites.explainSite, {
    auth: 'required',
    summary: 'Why a site gives no work now, and when it will',
  }),
  route('GET /sites/:site_id/cursors', sites.listCursors, { auth: 'required', summary: 'The cursors of a site' }),
  route('GET /sites/:site_id/cursors/:name', sites.getCursor, {
    auth: 'required',
    ...versioned,
    summary: 'One cursor',
  }),
  route('PUT /sites/:site_id/cursors/:name', sites.putCursor, {
    auth: 'required',
    headers: { if_match: 'if-match' },
    ...versioned,
    summary: 'Set a cursor',
  }),
  route('GET /sites/:site_id/cursors/:name/history', sites.getCursorHistory, {
    auth: 'required',
    query: ['before', 'limit'],
    summary: 'Where a cursor has been',
  }),
  route('POST /sites/:site_id/cursors/:name/rollback', sites.rollBackCursor, {
    auth: 'required',
    ...versioned,
    summary: 'Take a cursor back',
  }),

  route('GET /workers', operators.listWorkers, { auth: 'required', query: ['after', 'limit'], summary: 'The fleet' }),
  route('PATCH /workers/:node_id', operators.changeWorker, {
    auth: 'required',
    summary: 'Drain, revoke or entitle a worker',
  }),
  route('GET /stats', operators.meshStats, { auth: 'required', summary: 'The mesh in figures' }),
  eventStream('GET /events', operators.meshEvents, { auth: 'required', summary: 'What happens in the mesh' }),
  route('GET /admin/keys', operators.listKeys, { auth: 'required', summary: 'The keys of the mesh' }),
  route('POST /admin/keys', operators.createKey, { auth: 'required', ...created, summary: 'Make or rotate a key' }),
  route('DELETE /admin/keys/:key_id', operators.revokeKey, { auth: 'required', summary: 'End a key' }),
  route('GET /admin/audit', operators.listAudit, {
    auth: 'required',
    query: ['after', 'limit', 'actor', 'act'],
    summary: 'Who did what',
  }),
  route('POST /admin/sweep', operators.sweepLeases, { auth: 'required', summary: 'End leases that have run out' }),
  route('GET /mesh/peers', operators.listPeers, { auth: 'required', summary: 'The neighbouring clusters' }),
  route('GET /mesh/claims', operators.listClaims, {
    auth: 'own',
    query: ['after', 'limit'],
    headers: { peer: 'x-mesh-peer' },
    summary: 'The claims on sites, for another cluster that signs its wish',
  }),
  route('POST /mesh/claims', operators.claimSite, { auth: 'required', summary: 'Hand a site to a cluster' }),
];
