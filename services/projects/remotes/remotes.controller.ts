import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/projects-remotes';
import { Handles } from '#libs/messaging/handles';
import { CloudAccounts } from './cloud-accounts.js';
import { CloudClient } from './cloud-client.js';
import { Remotes } from './remotes.js';

@Controller()
export class RemotesController {
  constructor(
    private readonly accounts: CloudAccounts,
    private readonly cloud: CloudClient,
    private readonly remotes: Remotes,
  ) {}

  @Handles(contract.getCloud)
  account(_input: object, caller: Caller) {
    return this.accounts.get(caller);
  }

  @Handles(contract.connectCloud)
  connect({ token }: InputOf<typeof contract.connectCloud>, caller: Caller) {
    return this.accounts.connect(caller, token);
  }

  @Handles(contract.disconnectCloud)
  disconnect(_input: object, caller: Caller) {
    return this.accounts.disconnect(caller);
  }

  @Handles(contract.listCloudProjects)
  async projects(wish: InputOf<typeof contract.listCloudProjects>, caller: Caller) {
    return this.cloud.projects((await this.accounts.tokenOf(caller)).token, wish);
  }

  @Handles(contract.browseCloud)
  async browse(wish: InputOf<typeof contract.browseCloud>, caller: Caller) {
    return this.cloud.feed((await this.accounts.tokenOf(caller)).token, wish);
  }

  @Handles(contract.cloneFromCloud)
  clone(wish: InputOf<typeof contract.cloneFromCloud>, caller: Caller) {
    return this.remotes.clone(caller, wish);
  }

  @Handles(contract.getRemote)
  remote({ project_id }: InputOf<typeof contract.getRemote>, caller: Caller) {
    return this.remotes.get(caller, project_id);
  }

  @Handles(contract.pullFromCloud)
  pull({ project_id }: InputOf<typeof contract.pullFromCloud>, caller: Caller) {
    return this.remotes.pull(caller, project_id);
  }

  @Handles(contract.pushToCloud)
  push(wish: InputOf<typeof contract.pushToCloud>, caller: Caller) {
    return this.remotes.push(caller, wish);
  }
}
