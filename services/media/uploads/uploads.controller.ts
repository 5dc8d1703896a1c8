import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import { presignUpload } from '#libs/contracts/media';
import { getUsage } from '#libs/contracts/media-assets';
import * as contract from '#libs/contracts/media-uploads';
import { Handles } from '#libs/messaging/handles';
import { signedIn } from '../rights.js';
import { Quota } from './quota.js';
import { Uploads } from './uploads.js';

@Controller()
export class UploadsController {
  constructor(
    private readonly uploads: Uploads,
    private readonly quota: Quota,
  ) {}

  @Handles(presignUpload)
  presign({ filename }: InputOf<typeof presignUpload>, caller: Caller) {
    return this.uploads.presign(caller, filename);
  }

  @Handles(contract.startUploads)
  async start(wish: InputOf<typeof contract.startUploads>, caller: Caller) {
    return { uploads: await this.uploads.start(caller, wish) };
  }

  @Handles(contract.getUpload)
  get({ upload_id }: InputOf<typeof contract.getUpload>, caller: Caller) {
    return this.uploads.get(caller, upload_id);
  }

  @Handles(contract.presignParts)
  presignParts(wish: InputOf<typeof contract.presignParts>, caller: Caller) {
    return this.uploads.presignParts(caller, wish);
  }

  @Handles(contract.completeUpload)
  complete({ upload_id }: InputOf<typeof contract.completeUpload>, caller: Caller) {
    return this.uploads.complete(caller, upload_id);
  }

  @Handles(contract.abortUpload)
  abort({ upload_id }: InputOf<typeof contract.abortUpload>, caller: Caller) {
    return this.uploads.abort(caller, upload_id);
  }

  @Handles(getUsage)
  usage(_: InputOf<typeof getUsage>, caller: Caller) {
    return this.quota.usage(signedIn(caller));
  }
}
