import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/tasks-vn';
import { AppError } from '#libs/errors/app-error';
import { Handles } from '#libs/messaging/handles';
import { ScriptReader } from './script-reader.js';
import { VnJobs } from './vn-jobs.js';

/** Scripts of visual novels: read at once, or in the background and then into a film. */
@Controller()
export class VnController {
  constructor(
    private readonly jobs: VnJobs,
    private readonly reader: ScriptReader,
  ) {}

  @Handles(contract.parsePreview)
  preview({ engine, script_text }: InputOf<typeof contract.parsePreview>) {
    if (script_text.trim() === '') throw new AppError('invalid', 'script_text is required');
    return this.reader.preview(engine, script_text);
  }

  @Handles(contract.createParseJob)
  create(wish: InputOf<typeof contract.createParseJob>, caller: Caller) {
    return this.jobs.create(caller, wish);
  }

  @Handles(contract.getParseJob)
  get({ job_id }: InputOf<typeof contract.getParseJob>, caller: Caller) {
    return this.jobs.get(caller, job_id);
  }

  @Handles(contract.parseJobLogs)
  logs({ job_id, ...window }: InputOf<typeof contract.parseJobLogs>, caller: Caller) {
    return this.jobs.logs(caller, job_id, window);
  }

  @Handles(contract.importParseJob)
  import(wish: InputOf<typeof contract.importParseJob>, caller: Caller) {
    return this.jobs.import(caller, wish);
  }
}
