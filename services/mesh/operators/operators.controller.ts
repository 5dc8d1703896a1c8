import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/mesh-operators';
import { Handles } from '#libs/messaging/handles';
import { Clusters } from './clusters.js';
import { Operators } from './operators.js';
import { Peers } from './peers.js';

@Controller()
export class OperatorsController {
  constructor(
    private readonly operators: Operators,
    private readonly clusters: Clusters,
    private readonly exchange: Peers,
  ) {}

  @Handles(contract.listWorkers)
  workers(wish: InputOf<typeof contract.listWorkers>, caller: Caller) {
    return this.operators.workers(caller, wish);
  }

  @Handles(contract.changeWorker)
  changeWorker(draft: InputOf<typeof contract.changeWorker>, caller: Caller) {
    return this.operators.changeWorker(caller, draft);
  }

  @Handles(contract.meshStats)
  stats(_wish: object, caller: Caller) {
    return this.operators.stats(caller);
  }

  @Handles(contract.meshEvents)
  events(wish: InputOf<typeof contract.meshEvents>, caller: Caller) {
    return this.operators.events(caller, wish);
  }

  @Handles(contract.createKey)
  createKey(draft: InputOf<typeof contract.createKey>, caller: Caller) {
    return this.operators.createKey(caller, draft);
  }

  @Handles(contract.listKeys)
  keys(_wish: object, caller: Caller) {
    return this.operators.keys(caller);
  }

  @Handles(contract.revokeKey)
  revokeKey({ key_id }: InputOf<typeof contract.revokeKey>, caller: Caller) {
    return this.operators.revokeKey(caller, key_id);
  }

  @Handles(contract.listAudit)
  audit(wish: InputOf<typeof contract.listAudit>, caller: Caller) {
    return this.operators.audit(caller, wish);
  }

  @Handles(contract.sweepLeases)
  sweep(_wish: object, caller: Caller) {
    return this.operators.sweep(caller);
  }

  @Handles(contract.listPeers)
  peers(_wish: object, caller: Caller) {
    return this.clusters.peers(caller);
  }

  @Handles(contract.listClaims)
  claims(wish: InputOf<typeof contract.listClaims>) {
    return this.exchange.page(wish);
  }

  @Handles(contract.claimSite)
  claim(wish: InputOf<typeof contract.claimSite>, caller: Caller) {
    return this.clusters.claim(caller, wish);
  }
}
