import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import { blameEntity, cherryPick, revertCommit } from '#libs/contracts/projects-redo';
import { Handles } from '#libs/messaging/handles';
import { Blame } from './blame.js';
import { Redo } from './redo.js';

@Controller()
export class RedoController {
  constructor(
    private readonly redo: Redo,
    private readonly blame: Blame,
  ) {}

  @Handles(revertCommit)
  revert(wish: InputOf<typeof revertCommit>, caller: Caller) {
    return this.redo.revert(caller, wish);
  }

  @Handles(cherryPick)
  cherryPick(wish: InputOf<typeof cherryPick>, caller: Caller) {
    return this.redo.cherryPick(caller, wish);
  }

  @Handles(blameEntity)
  blameEntity(wish: InputOf<typeof blameEntity>, caller: Caller) {
    return this.blame.of(caller, wish);
  }
}
