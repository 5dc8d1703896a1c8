import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/media-play';
import { Handles } from '#libs/messaging/handles';
import { Playback } from './playback.js';

@Controller()
export class PlaybackController {
  constructor(private readonly playback: Playback) {}

  @Handles(contract.getPlayback)
  get({ asset_id }: InputOf<typeof contract.getPlayback>, caller: Caller) {
    return this.playback.get(caller, asset_id);
  }

  @Handles(contract.readPlaylist)
  playlist({ asset_id, key, playlist }: InputOf<typeof contract.readPlaylist>) {
    return this.playback.playlist(asset_id, key, playlist);
  }
}
