import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import {
  exportProject,
  exportTimeline,
  importProject,
  importTimeline,
  type ExportPayload,
} from '#libs/contracts/projects';
import { bringTimelineBack } from '#libs/contracts/projects-interchange';
import { Handles } from '#libs/messaging/handles';
import { TimelinesBack } from './timelines-back.js';
import { Transfer } from './transfer.js';

@Controller()
export class TransferController {
  constructor(
    private readonly transfer: Transfer,
    private readonly back: TimelinesBack,
  ) {}

  @Handles(exportProject)
  export({ project_id, branch_name }: InputOf<typeof exportProject>, caller: Caller) {
    return this.transfer.export(caller, project_id, branch_name);
  }

  @Handles(importProject)
  import(payload: ExportPayload, caller: Caller) {
    return this.transfer.import(caller, payload);
  }

  @Handles(exportTimeline)
  exportTimeline(wish: InputOf<typeof exportTimeline>, caller: Caller) {
    return this.transfer.exportTimeline(caller, wish);
  }

  @Handles(bringTimelineBack)
  bringTimelineBack(wish: InputOf<typeof bringTimelineBack>, caller: Caller) {
    return this.back.bring(caller, wish);
  }

  @Handles(importTimeline)
  importTimeline(wish: InputOf<typeof importTimeline>, caller: Caller) {
    return this.transfer.importTimeline(caller, wish);
  }
}
