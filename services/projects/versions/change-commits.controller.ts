import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import { commitChanges } from '#libs/contracts/projects-changes';
import { Handles } from '#libs/messaging/handles';
import { ChangeCommits } from './change-commits.js';

@Controller()
export class ChangeCommitsController {
  constructor(private readonly commits: ChangeCommits) {}

  @Handles(commitChanges)
  commit(draft: InputOf<typeof commitChanges>, caller: Caller) {
    return this.commits.commit(caller, draft);
  }
}
