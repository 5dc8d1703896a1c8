import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/projects';
import { Handles } from '#libs/messaging/handles';
import { MergeRequests } from './merge-requests.js';

@Controller()
export class MergeRequestsController {
  constructor(private readonly mergeRequests: MergeRequests) {}

  @Handles(contract.createMergeRequest)
  create(draft: InputOf<typeof contract.createMergeRequest>, caller: Caller) {
    return this.mergeRequests.create(caller, draft);
  }

  @Handles(contract.listMergeRequests)
  list({ project_id, skip, limit }: InputOf<typeof contract.listMergeRequests>, caller: Caller) {
    return this.mergeRequests.list(caller, project_id, skip, limit);
  }

  @Handles(contract.getMergeRequest)
  get({ merge_request_id }: InputOf<typeof contract.getMergeRequest>, caller: Caller) {
    return this.mergeRequests.get(caller, merge_request_id);
  }

  @Handles(contract.closeMergeRequest)
  close({ merge_request_id }: InputOf<typeof contract.closeMergeRequest>, caller: Caller) {
    return this.mergeRequests.close(caller, merge_request_id);
  }

  @Handles(contract.mergeMergeRequest)
  merge({ merge_request_id }: InputOf<typeof contract.mergeMergeRequest>, caller: Caller) {
    return this.mergeRequests.merge(caller, merge_request_id);
  }
}
