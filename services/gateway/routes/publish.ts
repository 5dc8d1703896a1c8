import {
  cancelPubJob,
  createPubAccount,
  createPubJob,
  deletePubAccount,
  disablePubAccount,
  enablePubAccount,
  getPubJob,
  listPubAccounts,
  listPubJobs,
  pubJobLogs,
  retryPubJob,
  settlePubJob,
  validatePubAccount,
} from '#libs/contracts/tasks-publish';
import { route, type Route } from '../http/route.js';

/** Films on their way to the world. */
export const publishRoutes: readonly Route[] = [
  route('POST /publish/accounts', createPubAccount, { auth: 'required', summary: 'Keep an account to publish with' }),
  route('GET /publish/accounts', listPubAccounts, { auth: 'required', summary: 'My accounts to publish with' }),
  route('POST /publish/accounts/:account_id/validate', validatePubAccount, {
    auth: 'required',
    summary: 'Look whether the credentials of an account are complete',
  }),
  route('POST /publish/accounts/:account_id/disable', disablePubAccount, {
    auth: 'required',
    summary: 'Publish no more with an account',
  }),
  route('POST /publish/accounts/:account_id/enable', enablePubAccount, {
    auth: 'required',
    summary: 'Publish with an account again',
  }),
  route('DELETE /publish/accounts/:account_id', deletePubAccount, {
    auth: 'required',
    summary: 'Forget an account and its credentials',
  }),
  route('POST /publish/jobs', createPubJob, {
    auth: 'required',
    headers: { idempotency_key: 'idempotency-key' },
    summary: 'Publish a film, at once or at its hour',
  }),
  route('GET /publish/jobs', listPubJobs, {
    auth: 'required',
    query: ['project_id', 'status', 'after', 'limit'],
    summary: 'My publish jobs, newest first',
  }),
  route('GET /publish/jobs/:job_id', getPubJob, { auth: 'required', summary: 'How a publish job stands' }),
  route('GET /publish/jobs/:job_id/logs', pubJobLogs, {
    auth: 'required',
    query: ['offset', 'limit'],
    summary: 'The log of a publish job',
  }),
  route('POST /publish/jobs/:job_id/retry', retryPubJob, { auth: 'required', summary: 'Try a failed job again' }),
  route('POST /publish/jobs/:job_id/cancel', cancelPubJob, { auth: 'required', summary: 'Call a publish job off' }),
  route('POST /publish/jobs/:job_id/settle', settlePubJob, {
    auth: 'required',
    summary: 'Say what came of an upload whose outcome is not known',
  }),
];
