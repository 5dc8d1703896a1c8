import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/tasks';
import { Handles } from '#libs/messaging/handles';
import { Tasks } from './tasks.js';

@Controller()
export class TasksController {
  constructor(private readonly tasks: Tasks) {}

  @Handles(contract.getTask)
  get({ task_id, client }: InputOf<typeof contract.getTask>, caller: Caller) {
    return this.tasks.get(caller, task_id, client);
  }

  @Handles(contract.listTasks)
  list(wish: InputOf<typeof contract.listTasks>, caller: Caller) {
    return this.tasks.list(caller, wish);
  }

  @Handles(contract.cancelTask)
  cancel({ task_id }: InputOf<typeof contract.cancelTask>, caller: Caller) {
    return this.tasks.cancel(caller, task_id);
  }

  @Handles(contract.retryTask)
  retry({ task_id }: InputOf<typeof contract.retryTask>, caller: Caller) {
    return this.tasks.retry(caller, task_id);
  }

  @Handles(contract.watchTask)
  watch(wish: InputOf<typeof contract.watchTask>, caller: Caller) {
    return this.tasks.watch(caller, wish);
  }

  @Handles(contract.taskStatistics)
  statistics(_nothing: InputOf<typeof contract.taskStatistics>, caller: Caller) {
    return this.tasks.statistics(caller);
  }
}
