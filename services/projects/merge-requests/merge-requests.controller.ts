import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/projects';
import { reopenMergeRequest, updateMergeRequest } from '#libs/contracts/projects-reviews';
import { Handles } from '#libs/messaging/handles';
import { MergeRequests } from './merge-requests.js';
import { Merging } from './merging.js';

@Controller()
export class MergeRequestsController {
  constructor(
    private readonly mergeRequests: MergeRequests,
    private readonly merging: Merging,
  ) {}

  @Handles(contract.createMergeRequest)
  create(draft: InputOf<typeof contract.createMergeRequest>, caller: Caller) {
    return this.mergeRequests.create(caller, draft);
  }

  @Handles(contract.listMergeRequests)
  list(wish: InputOf<typeof contract.listMergeRequests>, caller: Caller) {
    return this.mergeRequests.list(caller, wish);
  }

  @Handles(contract.getMergeRequest)
  get({ merge_request_id }: InputOf<typeof contract.getMergeRequest>, caller: Caller) {
    return this.mergeRequests.get(caller, merge_request_id);
  }

  @Handles(updateMergeRequest)
  update(wish: InputOf<typeof updateMergeRequest>, caller: Caller) {
    return this.mergeRequests.update(caller, wish);
  }

  @Handles(contract.closeMergeRequest)
  close({ merge_request_id }: InputOf<typeof contract.closeMergeRequest>, caller: Caller) {
    return this.mergeRequests.close(caller, merge_request_id);
  }

  @Handles(reopenMergeRequest)
  reopen({ merge_request_id }: InputOf<typeof reopenMergeRequest>, caller: Caller) {
    return this.mergeRequests.reopen(caller, merge_request_id);
  }

  @Handles(contract.mergeMergeRequest)
  merge(wish: InputOf<typeof contract.mergeMergeRequest>, caller: Caller) {
    return this.merging.merge(caller, wish);
  }
}
