import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/projects';
import { Handles } from '#libs/messaging/handles';
import { Branches } from './branches.js';
import { Commits } from './commits.js';
import { Forks } from './forks.js';
import { Workspaces } from './workspaces.js';

@Controller()
export class VersionsController {
  constructor(
    private readonly branches: Branches,
    private readonly commits: Commits,
    private readonly forks: Forks,
    private readonly workspaces: Workspaces,
  ) {}

  @Handles(contract.listBranches)
  listBranches({ project_id }: InputOf<typeof contract.listBranches>, caller: Caller) {
    return this.branches.list(caller, project_id);
  }

  @Handles(contract.getGraph)
  graph(wish: InputOf<typeof contract.getGraph>, caller: Caller) {
    return this.branches.graph(caller, wish);
  }

  @Handles(contract.getHead)
  head({ project_id, branch_name }: InputOf<typeof contract.getHead>, caller: Caller) {
    return this.branches.head(caller, project_id, branch_name);
  }

  @Handles(contract.createBranch)
  createBranch(draft: InputOf<typeof contract.createBranch>, caller: Caller) {
    return this.branches.create(caller, draft);
  }

  @Handles(contract.forkBranch)
  forkBranch(draft: InputOf<typeof contract.forkBranch>, caller: Caller) {
    return this.branches.fork(caller, draft);
  }

  @Handles(contract.forkProject)
  fork({ project_id, commit_hash }: InputOf<typeof contract.forkProject>, caller: Caller) {
    return this.forks.fork(caller, project_id, commit_hash?.trim() || null);
  }

  @Handles(contract.createCommit)
  commit(draft: InputOf<typeof contract.createCommit>, caller: Caller) {
    return this.commits.create(caller, draft);
  }

  @Handles(contract.getWorkspace)
  readWorkspace(wish: InputOf<typeof contract.getWorkspace>, caller: Caller) {
    return this.workspaces.read(caller, wish);
  }

  @Handles(contract.saveWorkspace)
  saveWorkspace(wish: InputOf<typeof contract.saveWorkspace>, caller: Caller) {
    return this.workspaces.save(caller, wish);
  }
}
