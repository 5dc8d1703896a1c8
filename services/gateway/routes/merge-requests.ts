import {
  closeMergeRequest,
  createMergeRequest,
  getMergeRequest,
  listMergeRequests,
  mergeMergeRequest,
} from '#libs/contracts/projects';
import { route, type Route } from '../http/route.js';

/** Offers to bring the work of one branch into another. */
export const mergeRequestRoutes: readonly Route[] = [
  route('POST /projects/:project_id/merge-requests', createMergeRequest, {
    auth: 'required',
    summary: 'Offer a branch for merging',
  }),
  route('GET /projects/:project_id/merge-requests', listMergeRequests, {
    auth: 'required',
    query: ['status', 'direction', 'skip', 'limit'],
    summary: 'The merge requests of a project, newest first',
  }),
  route('GET /merge-requests/:merge_request_id', getMergeRequest, { auth: 'required', summary: 'One merge request' }),
  route('POST /merge-requests/:merge_request_id/close', closeMergeRequest, {
    auth: 'required',
    summary: 'Close a merge request without merging',
  }),
  route('POST /merge-requests/:merge_request_id/merge', mergeMergeRequest, {
    auth: 'required',
    either: ['method', 'message', 'expected_source_head', 'expected_target_head'],
    summary: 'Merge a merge request, from and into the heads that were seen',
  }),
];
