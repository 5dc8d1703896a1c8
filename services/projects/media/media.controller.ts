import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/projects-media';
import { mediaLinksChanged } from '#libs/contracts/media-events';
import { Handles, Hears } from '#libs/messaging/handles';
import type { z } from 'zod';
import { NamedMedia } from './named-media.js';
import { RenewLinks } from './renew-links.js';

@Controller()
export class MediaController {
  constructor(
    private readonly media: NamedMedia,
    private readonly links: RenewLinks,
  ) {}

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

  @Hears(mediaLinksChanged)
  linksChanged(changed: z.output<typeof mediaLinksChanged.payload>) {
    return this.links.run(changed);
  }
}
