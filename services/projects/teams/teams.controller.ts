import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/projects-members';
import { Handles } from '#libs/messaging/handles';
import { Teams } from './teams.js';

@Controller()
export class TeamsController {
  constructor(private readonly teams: Teams) {}

  @Handles(contract.createTeam)
  create({ name }: InputOf<typeof contract.createTeam>, caller: Caller) {
    return this.teams.create(caller, name);
  }

  @Handles(contract.listTeams)
  list(_input: object, caller: Caller) {
    return this.teams.list(caller);
  }

  @Handles(contract.getTeam)
  get({ team_id }: InputOf<typeof contract.getTeam>, caller: Caller) {
    return this.teams.get(caller, team_id);
  }

  @Handles(contract.updateTeam)
  rename({ team_id, name }: InputOf<typeof contract.updateTeam>, caller: Caller) {
    return this.teams.rename(caller, team_id, name);
  }

  @Handles(contract.deleteTeam)
  async delete({ team_id }: InputOf<typeof contract.deleteTeam>, caller: Caller) {
    await this.teams.delete(caller, team_id);
    return { ok: true };
  }

  @Handles(contract.listTeamProjects)
  projects({ team_id, skip, limit }: InputOf<typeof contract.listTeamProjects>, caller: Caller) {
    return this.teams.projects(caller, team_id, skip, limit);
  }

  @Handles(contract.listTeamMembers)
  members({ team_id, skip, limit }: InputOf<typeof contract.listTeamMembers>, caller: Caller) {
    return this.teams.members(caller, team_id, skip, limit);
  }

  @Handles(contract.changeTeamMember)
  changeMember(wish: InputOf<typeof contract.changeTeamMember>, caller: Caller) {
    return this.teams.changeMember(caller, wish);
  }

  @Handles(contract.removeTeamMember)
  async removeMember(wish: InputOf<typeof contract.removeTeamMember>, caller: Caller) {
    await this.teams.removeMember(caller, wish);
    return { ok: true };
  }
}
