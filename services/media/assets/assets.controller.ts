import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import { createVnAsset, followLink, listVnAssets } from '#libs/contracts/media';
import * as contract from '#libs/contracts/media-assets';
import { Handles } from '#libs/messaging/handles';
import { Assets } from './assets.js';
import { Links } from './links.js';
import { VnAssets } from './vn-assets.js';

@Controller()
export class AssetsController {
  constructor(
    private readonly assets: Assets,
    private readonly vnAssets: VnAssets,
    private readonly links: Links,
  ) {}

  @Handles(contract.getAsset)
  get({ asset_id }: InputOf<typeof contract.getAsset>, caller: Caller) {
    return this.assets.get(caller, asset_id);
  }

  @Handles(contract.listAssets)
  list(wish: InputOf<typeof contract.listAssets>, caller: Caller) {
    return this.assets.list(caller, wish);
  }

  @Handles(contract.updateAsset)
  update(change: InputOf<typeof contract.updateAsset>, caller: Caller) {
    return this.assets.update(caller, change);
  }

  @Handles(contract.deleteAsset)
  async delete({ asset_id }: InputOf<typeof contract.deleteAsset>, caller: Caller) {
    await this.assets.delete(caller, asset_id);
    return { ok: true };
  }

  @Handles(contract.restoreAsset)
  restore({ asset_id }: InputOf<typeof contract.restoreAsset>, caller: Caller) {
    return this.assets.restore(caller, asset_id);
  }

  @Handles(contract.linkAsset)
  link(wish: InputOf<typeof contract.linkAsset>, caller: Caller) {
    return this.assets.link(caller, wish);
  }

  @Handles(contract.locateAsset)
  locate({ asset_id }: InputOf<typeof contract.locateAsset>, caller: Caller) {
    return this.assets.locate(caller, asset_id);
  }

  @Handles(contract.keepOutput)
  keep(output: InputOf<typeof contract.keepOutput>, caller: Caller) {
    return this.assets.keep(caller, output);
  }

  @Handles(contract.showAssets)
  async show({ asset_ids, is_public }: InputOf<typeof contract.showAssets>, caller: Caller) {
    return { changed: await this.assets.show(caller, asset_ids, is_public) };
  }

  @Handles(createVnAsset)
  createVnAsset(wish: InputOf<typeof createVnAsset>, caller: Caller) {
    return this.vnAssets.create(caller, wish);
  }

  @Handles(listVnAssets)
  listVnAssets(wish: InputOf<typeof listVnAssets>, caller: Caller) {
    return this.vnAssets.list(caller, wish);
  }

  @Handles(followLink)
  follow({ asset_id, key, ...said }: InputOf<typeof followLink>) {
    return this.links.follow(asset_id, key, said);
  }
}
