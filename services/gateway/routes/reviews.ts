import * as contract from '#libs/contracts/projects-reviews';
import { route, type Route } from '../http/route.js';

/** Review of merge requests: previews, conflicts, reviews and comments. */
export const reviewRoutes: readonly Route[] = [
  route('PATCH /merge-requests/:merge_request_id', contract.updateMergeRequest, {
    auth: 'required',
    summary: 'Change the words of a merge request, whether it is a draft, and who is asked for a review',
  }),
  route('POST /merge-requests/:merge_request_id/reopen', contract.reopenMergeRequest, {
    auth: 'required',
    summary: 'Open a closed merge request again',
  }),
  route('GET /merge-requests/:merge_request_id/preview', contract.previewMerge, {
    auth: 'required',
    query: ['method', 'language'],
    summary: 'What merging would change, and all that keeps it from being done, with who can clear it',
  }),
  route('GET /merge-requests/:merge_request_id/conflicts', contract.listConflicts, {
    auth: 'required',
    query: ['language'],
    summary: 'The conflicts of a merge request, with what was decided about them',
  }),
  route('PUT /merge-requests/:merge_request_id/conflicts/:conflict_id', contract.resolveConflict, {
    auth: 'required',
    query: ['language'],
    summary: 'Settle one conflict; it stays settled for as long as its three inputs are what they are',
  }),
  route('DELETE /merge-requests/:merge_request_id/conflicts/:conflict_id', contract.unresolveConflict, {
    auth: 'required',
    query: ['language'],
    summary: 'Take a decision back',
  }),
  route('GET /merge-requests/:merge_request_id/reviews', contract.listReviews, {
    auth: 'required',
    summary: 'Who reviewed a merge request, and what of it counts now',
  }),
  route('POST /merge-requests/:merge_request_id/reviews', contract.reviewMergeRequest, {
    auth: 'required',
    status: 201,
    summary: 'Approve what is offered, ask for changes, or just say something',
  }),
  route('POST /merge-requests/:merge_request_id/reviews/:review_id/dismiss', contract.dismissReview, {
    auth: 'required',
    summary: 'Take the weight from a review, for a reason',
  }),
  route('GET /merge-requests/:merge_request_id/threads', contract.listThreads, {
    auth: 'required',
    query: ['language'],
    summary: 'The conversation about a merge request, with where each thread is now',
  }),
  route('POST /merge-requests/:merge_request_id/threads', contract.openThread, {
    auth: 'required',
    query: ['language'],
    status: 201,
    summary: 'Say something, about a thing at a frame or about all of it; maybe with a suggestion',
  }),
  route('PATCH /merge-requests/:merge_request_id/threads/:thread_id', contract.settleThread, {
    auth: 'required',
    query: ['language'],
    summary: 'Resolve a thread, or open it again',
  }),
  route('POST /merge-requests/:merge_request_id/threads/:thread_id/comments', contract.replyToThread, {
    auth: 'required',
    query: ['language'],
    status: 201,
    summary: 'Answer in a thread',
  }),
  route('PATCH /merge-requests/:merge_request_id/threads/:thread_id/comments/:comment_id', contract.editComment, {
    auth: 'required',
    query: ['language'],
    summary: 'Change what I said',
  }),
  route('DELETE /merge-requests/:merge_request_id/threads/:thread_id/comments/:comment_id', contract.deleteComment, {
    auth: 'required',
    query: ['language'],
    summary: 'Take back what I said',
  }),
  route(
    'POST /merge-requests/:merge_request_id/threads/:thread_id/comments/:comment_id/apply',
    contract.applySuggestion,
    {
      auth: 'required',
      query: ['language'],
      summary: 'Put a suggestion into what is offered, by a commit',
    },
  ),
];
