import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/projects-reviews';
import { Handles } from '#libs/messaging/handles';
import { Conflicts } from './conflicts.js';
import { Merging } from './merging.js';
import { Reviews } from './reviews.js';
import { Suggestions } from './suggestions.js';
import { Threads } from './threads.js';

@Controller()
export class ReviewsController {
  constructor(
    private readonly merging: Merging,
    private readonly conflicts: Conflicts,
    private readonly reviews: Reviews,
    private readonly threads: Threads,
    private readonly suggestions: Suggestions,
  ) {}

  @Handles(contract.previewMerge)
  preview(wish: InputOf<typeof contract.previewMerge>, caller: Caller) {
    return this.merging.preview(caller, wish);
  }

  @Handles(contract.listConflicts)
  listConflicts(wish: InputOf<typeof contract.listConflicts>, caller: Caller) {
    return this.conflicts.list(caller, wish);
  }

  @Handles(contract.resolveConflict)
  resolve(wish: InputOf<typeof contract.resolveConflict>, caller: Caller) {
    return this.conflicts.resolve(caller, wish);
  }

  @Handles(contract.unresolveConflict)
  unresolve(wish: InputOf<typeof contract.unresolveConflict>, caller: Caller) {
    return this.conflicts.unresolve(caller, wish);
  }

  @Handles(contract.reviewMergeRequest)
  review(wish: InputOf<typeof contract.reviewMergeRequest>, caller: Caller) {
    return this.reviews.review(caller, wish);
  }

  @Handles(contract.listReviews)
  listReviews({ merge_request_id }: InputOf<typeof contract.listReviews>, caller: Caller) {
    return this.reviews.list(caller, merge_request_id);
  }

  @Handles(contract.dismissReview)
  dismiss(wish: InputOf<typeof contract.dismissReview>, caller: Caller) {
    return this.reviews.dismiss(caller, wish);
  }

  @Handles(contract.listThreads)
  listThreads(wish: InputOf<typeof contract.listThreads>, caller: Caller) {
    return this.threads.list(caller, wish);
  }

  @Handles(contract.openThread)
  openThread(wish: InputOf<typeof contract.openThread>, caller: Caller) {
    return this.threads.open(caller, wish);
  }

  @Handles(contract.replyToThread)
  reply(wish: InputOf<typeof contract.replyToThread>, caller: Caller) {
    return this.threads.reply(caller, wish);
  }

  @Handles(contract.settleThread)
  settleThread(wish: InputOf<typeof contract.settleThread>, caller: Caller) {
    return this.threads.settle(caller, wish);
  }

  @Handles(contract.editComment)
  editComment(wish: InputOf<typeof contract.editComment>, caller: Caller) {
    return this.threads.edit(caller, wish);
  }

  @Handles(contract.deleteComment)
  deleteComment(wish: InputOf<typeof contract.deleteComment>, caller: Caller) {
    return this.threads.remove(caller, wish);
  }

  @Handles(contract.applySuggestion)
  apply(wish: InputOf<typeof contract.applySuggestion>, caller: Caller) {
    return this.suggestions.apply(caller, wish);
  }
}
