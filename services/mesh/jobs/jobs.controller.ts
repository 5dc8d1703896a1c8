import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/mesh-jobs';
import { Handles } from '#libs/messaging/handles';
import { Jobs } from './jobs.js';
import { Plans } from './plans.js';

@Controller()
export class JobsController {
  constructor(
    private readonly jobs: Jobs,
    private readonly plans: Plans,
  ) {}

  @Handles(contract.createJobs)
  create(draft: InputOf<typeof contract.createJobs>, caller: Caller) {
    return this.jobs.create(caller, draft);
  }

  @Handles(contract.listJobs)
  list(wish: InputOf<typeof contract.listJobs>, caller: Caller) {
    return this.jobs.list(caller, wish);
  }

  @Handles(contract.getJob)
  get({ job_id }: InputOf<typeof contract.getJob>, caller: Caller) {
    return this.jobs.get(caller, job_id);
  }

  @Handles(contract.cancelJob)
  cancel({ job_id }: InputOf<typeof contract.cancelJob>, caller: Caller) {
    return this.jobs.cancel(caller, job_id);
  }

  @Handles(contract.listDeadLetters)
  deadLetters(wish: InputOf<typeof contract.listDeadLetters>, caller: Caller) {
    return this.jobs.deadLetters(caller, wish);
  }

  @Handles(contract.requeueJob)
  requeue({ job_id }: InputOf<typeof contract.requeueJob>, caller: Caller) {
    return this.jobs.requeue(caller, job_id);
  }

  @Handles(contract.discardJob)
  discard({ job_id }: InputOf<typeof contract.discardJob>, caller: Caller) {
    return this.jobs.discard(caller, job_id);
  }

  @Handles(contract.createPlan)
  createPlan(draft: InputOf<typeof contract.createPlan>, caller: Caller) {
    return this.plans.create(caller, draft);
  }

  @Handles(contract.getPlan)
  getPlan({ plan_id }: InputOf<typeof contract.getPlan>, caller: Caller) {
    return this.plans.get(caller, plan_id);
  }
}
