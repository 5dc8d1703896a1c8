import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import { compareRefs, getCommit, listCommits } from '#libs/contracts/projects';
import { listChanges } from '#libs/contracts/projects-changes';
import { mergeBase } from '#libs/contracts/projects-graph';
import { Handles } from '#libs/messaging/handles';
import { Log } from './log.js';

@Controller()
export class LogController {
  constructor(private readonly log: Log) {}

  @Handles(listCommits)
  list(wish: InputOf<typeof listCommits>, caller: Caller) {
    return this.log.list(caller, wish);
  }

  @Handles(getCommit)
  get(wish: InputOf<typeof getCommit>, caller: Caller) {
    return this.log.get(caller, wish);
  }

  @Handles(compareRefs)
  compare(wish: InputOf<typeof compareRefs>, caller: Caller) {
    return this.log.compare(caller, wish);
  }

  @Handles(listChanges)
  changes(wish: InputOf<typeof listChanges>, caller: Caller) {
    return this.log.changes(caller, wish);
  }

  @Handles(mergeBase)
  mergeBase(wish: InputOf<typeof mergeBase>, caller: Caller) {
    return this.log.mergeBase(caller, wish);
  }
}
