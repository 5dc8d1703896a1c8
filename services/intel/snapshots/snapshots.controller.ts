import { Controller, Inject } from '@nestjs/common';
import { CONFIG } from '#libs/bootstrap/tokens';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/intel-snapshots';
import { Handles } from '#libs/messaging/handles';
import { Roles } from '../access/roles.js';
import type { IntelConfig } from '../config.js';
import { SnapshotStore } from './snapshot-store.js';
import { Snapshots } from './snapshots.js';

@Controller()
export class SnapshotsController {
  constructor(
    private readonly snapshots: Snapshots,
    private readonly store: SnapshotStore,
    private readonly roles: Roles,
    @Inject(CONFIG) private readonly config: IntelConfig,
  ) {}

  @Handles(contract.getSnapshotFile)
  file({ path, ...wish }: InputOf<typeof contract.getSnapshotFile>) {
    return this.store.file(path, wish);
  }

  @Handles(contract.buildSnapshotNow)
  build(_input: unknown, caller: Caller) {
    return this.snapshots.buildNow(caller);
  }

  @Handles(contract.listSnapshotBuilds)
  async list({ skip, limit }: InputOf<typeof contract.listSnapshotBuilds>, caller: Caller) {
    await this.roles.require(caller, 'publisher');
    return this.snapshots.list(skip, limit);
  }

  @Handles(contract.getSnapshots)
  async newest() {
    return {
      base: `${this.config.PUBLIC_URL.replace(/\/+$/, '')}/snap/`,
      manifest: { ...(await this.snapshots.newest()) },
    };
  }

  @Handles(contract.findDelta)
  delta({ kind, from }: InputOf<typeof contract.findDelta>) {
    return this.snapshots.delta(kind, from);
  }
}
