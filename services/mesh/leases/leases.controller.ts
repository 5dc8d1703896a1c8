import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/mesh';
import { Handles } from '#libs/messaging/handles';
import { Leases } from './leases.js';

@Controller()
export class LeasesController {
  constructor(private readonly leases: Leases) {}

  @Handles(contract.leaseJobs)
  lease(wish: InputOf<typeof contract.leaseJobs>) {
    return this.leases.lease(wish);
  }

  @Handles(contract.finishJob)
  finish(finish: InputOf<typeof contract.finishJob>) {
    return this.leases.finish(finish);
  }

  @Handles(contract.renewLease)
  renew(held: InputOf<typeof contract.renewLease>) {
    return this.leases.renew(held);
  }

  @Handles(contract.releaseLease)
  release(held: InputOf<typeof contract.releaseLease>) {
    return this.leases.release(held);
  }

  @Handles(contract.reportProgress)
  progress(held: InputOf<typeof contract.reportProgress>) {
    return this.leases.progress(held);
  }

  @Handles(contract.heartbeat)
  heartbeat(beat: InputOf<typeof contract.heartbeat>) {
    return this.leases.heartbeat(beat);
  }

  @Handles(contract.leaveWorker)
  leave({ node_id, ...shown }: InputOf<typeof contract.leaveWorker>, caller: Caller) {
    return this.leases.leave(shown, node_id, caller);
  }
}
