import { createParseJob, getParseJob, importParseJob, parseJobLogs, parsePreview } from '#libs/contracts/tasks-vn';
import { route, type Route } from '../http/route.js';

/** Scripts of visual novels. */
export const vnRoutes: readonly Route[] = [
  route('POST /vn/parse-preview', parsePreview, {
    auth: 'required',
    summary: 'Read the script of a visual novel: its events in order, and what could not be understood',
  }),
  route('POST /vn/parse-jobs', createParseJob, {
    auth: 'required',
    headers: { idempotency_key: 'idempotency-key' },
    summary: 'Read scripts, files and archives in the background',
  }),
  route('GET /vn/parse-jobs/:job_id', getParseJob, { auth: 'required', summary: 'How the reading of scripts stands' }),
  route('GET /vn/parse-jobs/:job_id/logs', parseJobLogs, {
    auth: 'required',
    query: ['offset', 'limit'],
    summary: 'The log of a reading',
  }),
  route('POST /vn/parse-jobs/:job_id/import', importParseJob, {
    auth: 'required',
    summary: 'Write what the scripts tell into a branch, as a commit',
  }),
];
