import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/projects-media';
import { Handles } from '#libs/messaging/handles';
import { NamedMedia } from './named-media.js';

@Controller()
export class MediaController {
  constructor(private readonly media: NamedMedia) {}

  @Handles(contract.admitToProject)
  admit(wish: InputOf<typeof contract.admitToProject>, caller: Caller) {
    return this.media.admit(caller, wish);
  }

  @Handles(contract.mediaNamed)
  named({ project_id, commit_id }: InputOf<typeof contract.mediaNamed>) {
    return this.media.named(project_id, commit_id);
  }

  @Handles(contract.mediaSaved)
  async saved({ asset_ids }: InputOf<typeof contract.mediaSaved>) {
    return { asset_ids: await this.media.saved(asset_ids) };
  }
}
