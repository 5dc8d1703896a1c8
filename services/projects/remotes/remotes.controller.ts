import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/projects-remotes';
import { Handles } from '#libs/messaging/handles';
import { CloudAccounts } from './cloud-accounts.js';
import { CloudClient } from './cloud-client.js';
import { Remotes } from './remotes.js';
import { Syncs } from './syncs.js';

@Controller()
export class RemotesController {
  constructor(
    private readonly accounts: CloudAccounts,
    private readonly cloud: CloudClient,
    private readonly remotes: Remotes,
    private readonly syncs: Syncs,
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
    return this.syncs.run(caller, { kind: 'clone', ...wish });
  }

  @Handles(contract.getRemote)
  remote({ project_id }: InputOf<typeof contract.getRemote>, caller: Caller) {
    return this.remotes.get(caller, project_id);
  }

  @Handles(contract.pullFromCloud)
  pull(wish: InputOf<typeof contract.pullFromCloud>, caller: Caller) {
    return this.syncs.run(caller, { kind: 'pull', ...wish });
  }

  @Handles(contract.pushToCloud)
  push(wish: InputOf<typeof contract.pushToCloud>, caller: Caller) {
    return this.syncs.run(caller, { kind: 'push', ...wish });
  }

  @Handles(contract.beginSync)
  begin(wish: InputOf<typeof contract.beginSync>, caller: Caller) {
    return this.syncs.begin(caller, wish);
  }

  @Handles(contract.getSync)
  sync({ sync_id }: InputOf<typeof contract.getSync>, caller: Caller) {
    return this.syncs.get(caller, sync_id);
  }

  @Handles(contract.listSyncs)
  async list(wish: InputOf<typeof contract.listSyncs>, caller: Caller) {
    return { items: await this.syncs.list(caller, wish) };
  }
}
