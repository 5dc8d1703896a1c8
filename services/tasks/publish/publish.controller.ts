import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/tasks-publish';
import { Handles } from '#libs/messaging/handles';
import { Accounts } from './accounts.js';
import { PubJobs } from './jobs.js';

@Controller()
export class PublishController {
  constructor(
    private readonly accounts: Accounts,
    private readonly jobs: PubJobs,
  ) {}

  @Handles(contract.createPubAccount)
  createAccount(draft: InputOf<typeof contract.createPubAccount>, caller: Caller) {
    return this.accounts.create(caller, draft);
  }

  @Handles(contract.listPubAccounts)
  listAccounts(_nothing: InputOf<typeof contract.listPubAccounts>, caller: Caller) {
    return this.accounts.list(caller);
  }

  @Handles(contract.validatePubAccount)
  validateAccount({ account_id }: InputOf<typeof contract.validatePubAccount>, caller: Caller) {
    return this.accounts.validate(caller, account_id);
  }

  @Handles(contract.disablePubAccount)
  disableAccount({ account_id }: InputOf<typeof contract.disablePubAccount>, caller: Caller) {
    return this.accounts.disable(caller, account_id);
  }

  @Handles(contract.enablePubAccount)
  enableAccount({ account_id }: InputOf<typeof contract.enablePubAccount>, caller: Caller) {
    return this.accounts.enable(caller, account_id);
  }

  @Handles(contract.deletePubAccount)
  deleteAccount({ account_id }: InputOf<typeof contract.deletePubAccount>, caller: Caller) {
    return this.accounts.remove(caller, account_id);
  }

  @Handles(contract.createPubJob)
  createJob(wish: InputOf<typeof contract.createPubJob>, caller: Caller) {
    return this.jobs.create(caller, wish);
  }

  @Handles(contract.listPubJobs)
  listJobs(wish: InputOf<typeof contract.listPubJobs>, caller: Caller) {
    return this.jobs.list(caller, wish);
  }

  @Handles(contract.getPubJob)
  getJob({ job_id }: InputOf<typeof contract.getPubJob>, caller: Caller) {
    return this.jobs.get(caller, job_id);
  }

  @Handles(contract.pubJobLogs)
  jobLogs({ job_id, ...window }: InputOf<typeof contract.pubJobLogs>, caller: Caller) {
    return this.jobs.logs(caller, job_id, window);
  }

  @Handles(contract.retryPubJob)
  retryJob({ job_id }: InputOf<typeof contract.retryPubJob>, caller: Caller) {
    return this.jobs.retry(caller, job_id);
  }

  @Handles(contract.cancelPubJob)
  cancelJob({ job_id }: InputOf<typeof contract.cancelPubJob>, caller: Caller) {
    return this.jobs.cancel(caller, job_id);
  }

  @Handles(contract.settlePubJob)
  settleJob(wish: InputOf<typeof contract.settlePubJob>, caller: Caller) {
    return this.jobs.settle(caller, wish);
  }
}
