import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import { listProjectAudit, listTeamAudit } from '#libs/contracts/projects-members';
import { listMyAudit } from '#libs/contracts/projects-tokens';
import { Handles } from '#libs/messaging/handles';
import { AuditLog } from './audit-log.js';

@Controller()
export class AuditController {
  constructor(private readonly log: AuditLog) {}

  @Handles(listProjectAudit)
  ofProject(wish: InputOf<typeof listProjectAudit>, caller: Caller) {
    return this.log.ofProject(caller, wish);
  }

  @Handles(listMyAudit)
  ofAccount(wish: InputOf<typeof listMyAudit>, caller: Caller) {
    return this.log.ofAccount(caller, wish);
  }

  @Handles(listTeamAudit)
  ofTeam(wish: InputOf<typeof listTeamAudit>, caller: Caller) {
    return this.log.ofTeam(caller, wish);
  }
}
