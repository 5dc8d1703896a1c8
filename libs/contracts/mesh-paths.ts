import type { z } from 'zod';
import type { Operation } from './contract.js';
import {
  enrolWorker,
  finishJob,
  heartbeat,
  issueWorkerToken,
  leaseJobs,
  leaveWorker,
  registerWorker,
  releaseLease,
  renewLease,
  reportProgress,
  rotateWorkerSecret,
} from './mesh.js';

/** The headers in which a worker shows its credentials. */
const WORKER_HEADERS = { network_key: 'x-network-key', authorization: 'authorization' } as const;

/** How the credentials of a worker are read: from its headers, and from where it asks. */
export const WORKER_CREDENTIALS = { headers: WORKER_HEADERS, address: 'address' } as const;

/** Where a worker asks for something; `known` asks for credentials, and tells a stranger nothing else. */
export interface WorkerPath {
  readonly line: `${'POST' | 'DELETE'} /${string}`;
  readonly operation: Operation<z.ZodObject>;
  readonly summary: string;
  readonly known: boolean;
}

const path = (line: WorkerPath['line'], operation: Operation, summary: string, known = true): WorkerPath => ({
  line,
  operation: operation as unknown as Operation<z.ZodObject>,
  summary,
  known,
});

/** The paths of workers below `/v1`: the gateway and the mesh's own door serve the same ones. */
export const workerPaths: readonly WorkerPath[] = [
  path('POST /worker/register', registerWorker, 'Register a worker, or what it can do'),
  path('POST /worker/enrol', enrolWorker, 'A registration token for a secret of one’s own', false),
  path('POST /worker/token', issueWorkerToken, 'A secret for a short-lived access token', false),
  path('POST /worker/secret', rotateWorkerSecret, 'A new secret for a worker'),
  path('POST /worker/heartbeat', heartbeat, 'Keep a worker and all its leases alive'),
  path('DELETE /worker/:node_id', leaveWorker, 'A worker goes, its leases are free'),
  path('POST /jobs/lease', leaseJobs, 'Take jobs, waiting for them if asked to'),
  path('POST /jobs/finish', finishJob, 'Finish a job, move its cursor, and take the next'),
  path('POST /jobs/:job_id/renew', renewLease, 'Extend a lease'),
  path('POST /jobs/:job_id/release', releaseLease, 'Hand a job back, no attempt burnt'),
  path('POST /jobs/:job_id/progress', reportProgress, 'Note how far a crawl has come'),
];
