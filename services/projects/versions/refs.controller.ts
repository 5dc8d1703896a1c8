import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/projects-history';
import { Handles } from '#libs/messaging/handles';
import { BranchKeeping } from './branch-keeping.js';
import { Reflog } from './reflog.js';
import { Revisions } from './revisions.js';
import { Tags } from './tags.js';

@Controller()
export class RefsController {
  constructor(
    private readonly branches: BranchKeeping,
    private readonly reflog: Reflog,
    private readonly tags: Tags,
    private readonly revisions: Revisions,
  ) {}

  @Handles(contract.renameBranch)
  rename(wish: InputOf<typeof contract.renameBranch>, caller: Caller) {
    return this.branches.rename(caller, wish);
  }

  @Handles(contract.deleteBranch)
  delete(wish: InputOf<typeof contract.deleteBranch>, caller: Caller) {
    return this.branches.delete(caller, wish);
  }

  @Handles(contract.moveBranch)
  move(wish: InputOf<typeof contract.moveBranch>, caller: Caller) {
    return this.branches.move(caller, wish);
  }

  @Handles(contract.getBranchRule)
  rule(wish: InputOf<typeof contract.getBranchRule>, caller: Caller) {
    return this.branches.rule(caller, wish);
  }

  @Handles(contract.protectBranch)
  protect(wish: InputOf<typeof contract.protectBranch>, caller: Caller) {
    return this.branches.protect(caller, wish);
  }

  @Handles(contract.unprotectBranch)
  unprotect(wish: InputOf<typeof contract.unprotectBranch>, caller: Caller) {
    return this.branches.unprotect(caller, wish);
  }

  @Handles(contract.listBranchMoves)
  moves(wish: InputOf<typeof contract.listBranchMoves>, caller: Caller) {
    return this.reflog.list(caller, wish);
  }

  @Handles(contract.createTag)
  createTag(wish: InputOf<typeof contract.createTag>, caller: Caller) {
    return this.tags.create(caller, wish);
  }

  @Handles(contract.listTags)
  listTags(wish: InputOf<typeof contract.listTags>, caller: Caller) {
    return this.tags.list(caller, wish);
  }

  @Handles(contract.getTag)
  getTag(wish: InputOf<typeof contract.getTag>, caller: Caller) {
    return this.tags.get(caller, wish);
  }

  @Handles(contract.deleteTag)
  deleteTag(wish: InputOf<typeof contract.deleteTag>, caller: Caller) {
    return this.tags.delete(caller, wish);
  }

  @Handles(contract.writeRelease)
  writeRelease(wish: InputOf<typeof contract.writeRelease>, caller: Caller) {
    return this.tags.writeRelease(caller, wish);
  }

  @Handles(contract.listRevisions)
  listRevisions(wish: InputOf<typeof contract.listRevisions>, caller: Caller) {
    return this.revisions.list(caller, wish);
  }

  @Handles(contract.getRevision)
  getRevision(wish: InputOf<typeof contract.getRevision>, caller: Caller) {
    return this.revisions.get(caller, wish);
  }

  @Handles(contract.restoreWorkspace)
  restoreWorkspace(wish: InputOf<typeof contract.restoreWorkspace>, caller: Caller) {
    return this.revisions.restore(caller, wish);
  }
}
