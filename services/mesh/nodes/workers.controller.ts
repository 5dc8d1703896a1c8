import { Controller } from '@nestjs/common';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/mesh';
import { Handles } from '#libs/messaging/handles';
import { Workers } from './workers.js';

@Controller()
export class WorkersController {
  constructor(private readonly workers: Workers) {}

  @Handles(contract.admitWorker)
  admit(shown: InputOf<typeof contract.admitWorker>) {
    return this.workers.admit(shown);
  }

  @Handles(contract.registerWorker)
  register(draft: InputOf<typeof contract.registerWorker>) {
    return this.workers.register(draft);
  }

  @Handles(contract.enrolWorker)
  enrol(draft: InputOf<typeof contract.enrolWorker>) {
    return this.workers.enrol(draft);
  }

  @Handles(contract.issueWorkerToken)
  token(draft: InputOf<typeof contract.issueWorkerToken>) {
    return this.workers.token(draft);
  }

  @Handles(contract.rotateWorkerSecret)
  rotate(draft: InputOf<typeof contract.rotateWorkerSecret>) {
    return this.workers.rotate(draft);
  }
}
