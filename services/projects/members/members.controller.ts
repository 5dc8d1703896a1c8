import { Controller } from '@nestjs/common';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/projects-members';
import { Handles } from '#libs/messaging/handles';
import { Invitations } from './invitations.js';
import { Members } from './members.js';

@Controller()
export class MembersController {
  constructor(
    private readonly members: Members,
    private readonly invitations: Invitations,
  ) {}

  @Handles(contract.listMembers)
  list({ project_id, skip, limit }: InputOf<typeof contract.listMembers>, caller: Caller) {
    return this.members.list(caller, project_id, skip, limit);
  }

  @Handles(contract.changeMember)
  change(wish: InputOf<typeof contract.changeMember>, caller: Caller) {
    return this.members.change(caller, wish);
  }

  @Handles(contract.removeMember)
  async remove(wish: InputOf<typeof contract.removeMember>, caller: Caller) {
    await this.members.remove(caller, wish);
    return { ok: true };
  }

  @Handles(contract.transferProject)
  transfer(wish: InputOf<typeof contract.transferProject>, caller: Caller) {
    return this.members.transfer(caller, wish);
  }

  @Handles(contract.inviteToProject)
  invite(wish: InputOf<typeof contract.inviteToProject>, caller: Caller) {
    return this.invitations.toProject(caller, wish);
  }

  @Handles(contract.inviteToTeam)
  inviteToTeam(wish: InputOf<typeof contract.inviteToTeam>, caller: Caller) {
    return this.invitations.toTeam(caller, wish);
  }

  @Handles(contract.listProjectInvitations)
  ofProject({ project_id, skip, limit }: InputOf<typeof contract.listProjectInvitations>, caller: Caller) {
    return this.invitations.ofProject(caller, project_id, skip, limit);
  }

  @Handles(contract.listTeamInvitations)
  ofTeam({ team_id, skip, limit }: InputOf<typeof contract.listTeamInvitations>, caller: Caller) {
    return this.invitations.ofTeam(caller, team_id, skip, limit);
  }

  @Handles(contract.listMyInvitations)
  mine(_input: object, caller: Caller) {
    return this.invitations.mine(caller);
  }

  @Handles(contract.revokeInvitation)
  async revoke({ invitation_id }: InputOf<typeof contract.revokeInvitation>, caller: Caller) {
    await this.invitations.revoke(caller, invitation_id);
    return { ok: true };
  }

  @Handles(contract.answerInvitation)
  answer({ invitation_id, accept }: InputOf<typeof contract.answerInvitation>, caller: Caller) {
    return this.invitations.answer(caller, invitation_id, accept);
  }

  @Handles(contract.readInvitation)
  read({ token }: InputOf<typeof contract.readInvitation>) {
    return this.invitations.byToken(token);
  }

  @Handles(contract.answerInvitationByToken)
  answerByToken({ token, accept }: InputOf<typeof contract.answerInvitationByToken>, caller: Caller) {
    return this.invitations.answerByToken(caller, token, accept);
  }
}
