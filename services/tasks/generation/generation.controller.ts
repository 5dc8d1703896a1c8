import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/tasks-generation';
import { Handles } from '#libs/messaging/handles';
import { Generation } from './generation.js';

@Controller()
export class GenerationController {
  constructor(private readonly generation: Generation) {}

  @Handles(contract.generateCharacter)
  character(wish: InputOf<typeof contract.generateCharacter>, caller: Caller) {
    return this.generation.character(caller, wish);
  }

  @Handles(contract.generateClip)
  clip(wish: InputOf<typeof contract.generateClip>, caller: Caller) {
    return this.generation.clip(caller, wish);
  }

  @Handles(contract.generateSegment)
  segment(wish: InputOf<typeof contract.generateSegment>, caller: Caller) {
    return this.generation.segment(caller, wish);
  }

  @Handles(contract.generateStoryboard)
  storyboard({ topic }: InputOf<typeof contract.generateStoryboard>) {
    return this.generation.storyboard(topic);
  }
}
