import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/mesh-sites';
import { Handles } from '#libs/messaging/handles';
import { Cursors } from '../cursors/cursors.js';
import { Sites } from './sites.js';

@Controller()
export class SitesController {
  constructor(
    private readonly sites: Sites,
    private readonly cursors: Cursors,
  ) {}

  @Handles(contract.listSites)
  list(wish: InputOf<typeof contract.listSites>, caller: Caller) {
    return this.sites.list(caller, wish);
  }

  @Handles(contract.getSite)
  get({ site_id }: InputOf<typeof contract.getSite>, caller: Caller) {
    return this.sites.get(caller, site_id);
  }

  @Handles(contract.putSite)
  put(draft: InputOf<typeof contract.putSite>, caller: Caller) {
    return this.sites.put(caller, draft);
  }

  @Handles(contract.putSites)
  async putAll({ sites }: InputOf<typeof contract.putSites>, caller: Caller) {
    return { items: await this.sites.putAll(caller, sites) };
  }

  @Handles(contract.blockSite)
  block(wish: InputOf<typeof contract.blockSite>, caller: Caller) {
    return this.sites.block(caller, wish);
  }

  @Handles(contract.unblockSite)
  unblock({ site_id }: InputOf<typeof contract.unblockSite>, caller: Caller) {
    return this.sites.unblock(caller, site_id);
  }

  @Handles(contract.explainSite)
  explain({ site_id }: InputOf<typeof contract.explainSite>, caller: Caller) {
    return this.sites.explain(caller, site_id);
  }

  @Handles(contract.listCursors)
  listCursors({ site_id }: InputOf<typeof contract.listCursors>, caller: Caller) {
    return this.cursors.list(caller, site_id);
  }

  @Handles(contract.getCursor)
  getCursor({ site_id, name }: InputOf<typeof contract.getCursor>, caller: Caller) {
    return this.cursors.get(caller, site_id, name);
  }

  @Handles(contract.putCursor)
  putCursor(draft: InputOf<typeof contract.putCursor>, caller: Caller) {
    return this.cursors.put(caller, draft);
  }

  @Handles(contract.getCursorHistory)
  cursorHistory(wish: InputOf<typeof contract.getCursorHistory>, caller: Caller) {
    return this.cursors.history(caller, wish);
  }

  @Handles(contract.rollBackCursor)
  rollBack({ site_id, name, to_version }: InputOf<typeof contract.rollBackCursor>, caller: Caller) {
    return this.cursors.rollBack(caller, site_id, name, to_version);
  }
}
