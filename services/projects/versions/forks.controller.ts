import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import { catchUp, listForks } from '#libs/contracts/projects-forks';
import { Handles } from '#libs/messaging/handles';
import { CatchUp } from './catch-up.js';
import { Forks } from './forks.js';

@Controller()
export class ForksController {
  constructor(
    private readonly forks: Forks,
    private readonly catchingUp: CatchUp,
  ) {}

  @Handles(listForks)
  list(wish: InputOf<typeof listForks>, caller: Caller) {
    return this.forks.list(caller, wish);
  }

  @Handles(catchUp)
  catchUp(wish: InputOf<typeof catchUp>, caller: Caller) {
    return this.catchingUp.run(caller, wish);
  }
}
