import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/projects-bundles';
import { Handles } from '#libs/messaging/handles';
import { Transfers } from './transfers.js';

@Controller()
export class BundlesController {
  constructor(private readonly transfers: Transfers) {}

  @Handles(contract.exportBundle)
  export(wish: InputOf<typeof contract.exportBundle>, caller: Caller) {
    return this.transfers.export(caller, wish);
  }

  @Handles(contract.beginImport)
  begin(wish: InputOf<typeof contract.beginImport>, caller: Caller) {
    return this.transfers.begin(caller, wish);
  }

  @Handles(contract.importParts)
  parts(wish: InputOf<typeof contract.importParts>, caller: Caller) {
    return this.transfers.parts(caller, wish);
  }

  @Handles(contract.finishUpload)
  finishUpload({ transfer_id }: InputOf<typeof contract.finishUpload>, caller: Caller) {
    return this.transfers.finishUpload(caller, transfer_id);
  }

  @Handles(contract.getTransfer)
  get({ transfer_id }: InputOf<typeof contract.getTransfer>, caller: Caller) {
    return this.transfers.get(caller, transfer_id);
  }

  @Handles(contract.endTransfer)
  async end({ transfer_id }: InputOf<typeof contract.endTransfer>, caller: Caller) {
    await this.transfers.end(caller, transfer_id);
    return { ok: true };
  }
}
