import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/media-carrying';
import { mediaCarried } from '#libs/contracts/projects-media';
import { Handles, Hears } from '#libs/messaging/handles';
import { Carrying } from './carrying.js';

@Controller()
export class CarryingController {
  constructor(private readonly carrying: Carrying) {}

  @Handles(contract.describeLinks)
  describe(wish: InputOf<typeof contract.describeLinks>) {
    return this.carrying.describe(wish);
  }

  @Handles(contract.holdMedia)
  hold(wish: InputOf<typeof contract.holdMedia>, caller: Caller) {
    return this.carrying.hold(caller, wish);
  }

  @Handles(contract.wantMedia)
  want(wish: InputOf<typeof contract.wantMedia>, caller: Caller) {
    return this.carrying.want(caller, wish);
  }

  @Handles(contract.lackMedia)
  lacking({ project_id }: InputOf<typeof contract.lackMedia>) {
    return this.carrying.lacking(project_id);
  }

  @Hears(mediaCarried)
  carried(payload: z.output<typeof mediaCarried.payload>) {
    return this.carrying.carried(payload);
  }
}
