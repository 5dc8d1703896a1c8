import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/intel-nodes';
import { Handles } from '#libs/messaging/handles';
import { Feeds } from './feeds.js';
import { Nodes } from './nodes.js';

@Controller()
export class NodesController {
  constructor(
    private readonly feeds: Feeds,
    private readonly nodes: Nodes,
  ) {}

  @Handles(contract.listChanges)
  changes({ since, kind, limit }: InputOf<typeof contract.listChanges>) {
    return this.feeds.changes(since, kind, limit);
  }

  @Handles(contract.getFeed)
  feed({ since, limit }: InputOf<typeof contract.getFeed>) {
    return this.feeds.feed(since, limit);
  }

  @Handles(contract.getIdentity)
  identity() {
    return this.feeds.identity();
  }

  @Handles(contract.listIntelNodes)
  list(_input: unknown, caller: Caller) {
    return this.nodes.list(caller);
  }

  @Handles(contract.addIntelNode)
  add(node: InputOf<typeof contract.addIntelNode>, caller: Caller) {
    return this.nodes.add(caller, node);
  }

  @Handles(contract.saveIntelNode)
  save(changes: InputOf<typeof contract.saveIntelNode>, caller: Caller) {
    return this.nodes.save(caller, changes);
  }

  @Handles(contract.removeIntelNode)
  remove({ node_id }: InputOf<typeof contract.removeIntelNode>, caller: Caller) {
    return this.nodes.remove(caller, node_id);
  }

  @Handles(contract.pullIntelNode)
  pull({ node_id }: InputOf<typeof contract.pullIntelNode>, caller: Caller) {
    return this.nodes.pullNow(caller, node_id);
  }
}
