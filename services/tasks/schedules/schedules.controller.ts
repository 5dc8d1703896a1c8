import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/tasks-schedules';
import { Handles } from '#libs/messaging/handles';
import { Schedules } from './schedules.js';

@Controller()
export class SchedulesController {
  constructor(private readonly schedules: Schedules) {}

  @Handles(contract.createSchedule)
  create(wish: InputOf<typeof contract.createSchedule>, caller: Caller) {
    return this.schedules.create(caller, wish, new Date());
  }

  @Handles(contract.listSchedules)
  list(_nothing: InputOf<typeof contract.listSchedules>, caller: Caller) {
    return this.schedules.list(caller);
  }

  @Handles(contract.pauseSchedule)
  pause({ schedule_id }: InputOf<typeof contract.pauseSchedule>, caller: Caller) {
    return this.schedules.pause(caller, schedule_id);
  }

  @Handles(contract.resumeSchedule)
  resume({ schedule_id }: InputOf<typeof contract.resumeSchedule>, caller: Caller) {
    return this.schedules.resume(caller, schedule_id, new Date());
  }

  @Handles(contract.deleteSchedule)
  remove({ schedule_id }: InputOf<typeof contract.deleteSchedule>, caller: Caller) {
    return this.schedules.remove(caller, schedule_id);
  }
}
