import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/tasks-clips';
import { Handles } from '#libs/messaging/handles';
import { Clips } from './clips.js';

@Controller()
export class ClipsController {
  constructor(private readonly clips: Clips) {}

  @Handles(contract.comicToVideo)
  fromComic(wish: InputOf<typeof contract.comicToVideo>, caller: Caller) {
    return this.clips.fromComic(caller, wish);
  }

  @Handles(contract.listClips)
  list(wish: InputOf<typeof contract.listClips>, caller: Caller) {
    return this.clips.list(caller, wish);
  }

  @Handles(contract.getClip)
  get({ clip_id }: InputOf<typeof contract.getClip>, caller: Caller) {
    return this.clips.get(caller, clip_id);
  }

  @Handles(contract.clipsThere)
  async there(wish: InputOf<typeof contract.clipsThere>) {
    return { items: await this.clips.there(wish) };
  }
}
