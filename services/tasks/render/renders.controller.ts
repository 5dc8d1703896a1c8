import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/tasks-render';
import { Handles } from '#libs/messaging/handles';
import { Renders } from './renders.js';

@Controller()
export class RendersController {
  constructor(private readonly renders: Renders) {}

  @Handles(contract.createRender)
  create(wish: InputOf<typeof contract.createRender>, caller: Caller) {
    return this.renders.create(caller, wish);
  }

  @Handles(contract.getRender)
  get({ render_id, language }: InputOf<typeof contract.getRender>, caller: Caller) {
    return this.renders.get(caller, render_id, language);
  }

  @Handles(contract.listRenders)
  list(wish: InputOf<typeof contract.listRenders>, caller: Caller) {
    return this.renders.list(caller, wish);
  }
}
