import * as contract from '#libs/contracts/projects-members';
import { route, type Route } from '../http/route.js';

/** Who works with whom: members of projects, invitations, teams, and the log of what they did. */
export const memberRoutes: readonly Route[] = [
  route('GET /projects/:project_id/members', contract.listMembers, {
    auth: 'required',
    query: ['skip', 'limit'],
    summary: 'The people of a project, with their roles',
  }),
  route('PUT /projects/:project_id/members/:user_id', contract.changeMember, {
    auth: 'required',
    summary: 'Give a member another role',
  }),
  route('DELETE /projects/:project_id/members/:user_id', contract.removeMember, {
    auth: 'required',
    summary: 'Take a member off a project, or leave it',
  }),
  route('POST /projects/:project_id/transfer', contract.transferProject, {
    auth: 'required',
    summary: 'Give a project to one of its people, or to a team',
  }),
  route('GET /projects/:project_id/audit', contract.listProjectAudit, {
    auth: 'required',
    query: ['action', 'actor_id', 'since', 'until', 'after', 'limit'],
    summary: 'Who did what on a project, newest first',
  }),
  route('POST /projects/:project_id/invitations', contract.inviteToProject, {
    auth: 'required',
    summary: 'Invite somebody to a project, by account or by letter',
  }),
  route('GET /projects/:project_id/invitations', contract.listProjectInvitations, {
    auth: 'required',
    query: ['skip', 'limit'],
    summary: 'The open invitations to a project',
  }),
  route('GET /invitations', contract.listMyInvitations, {
    auth: 'required',
    summary: 'The invitations that wait for my answer',
  }),
  route('DELETE /invitations/:invitation_id', contract.revokeInvitation, {
    auth: 'required',
    summary: 'Take an open invitation back',
  }),
  route('POST /invitations/:invitation_id/answer', contract.answerInvitation, {
    auth: 'required',
    summary: 'Accept or decline an invitation to me',
  }),
  route('POST /invitations/by-token', contract.readInvitation, {
    auth: 'required',
    summary: 'What the token of a letter invites to',
  }),
  route('POST /invitations/by-token/answer', contract.answerInvitationByToken, {
    auth: 'required',
    summary: 'Accept or decline by the token of a letter',
  }),

  route('POST /teams', contract.createTeam, { auth: 'required', summary: 'Begin a team' }),
  route('GET /teams', contract.listTeams, { auth: 'required', summary: 'The teams I am in' }),
  route('GET /teams/:team_id', contract.getTeam, { auth: 'required', summary: 'One team of mine' }),
  route('PUT /teams/:team_id', contract.updateTeam, { auth: 'required', summary: 'Rename a team' }),
  route('DELETE /teams/:team_id', contract.deleteTeam, {
    auth: 'required',
    summary: 'End a team that owns no project',
  }),
  route('GET /teams/:team_id/projects', contract.listTeamProjects, {
    auth: 'required',
    query: ['skip', 'limit'],
    summary: 'The projects a team owns',
  }),
  route('GET /teams/:team_id/members', contract.listTeamMembers, {
    auth: 'required',
    query: ['skip', 'limit'],
    summary: 'The people of a team, with their roles',
  }),
  route('PUT /teams/:team_id/members/:user_id', contract.changeTeamMember, {
    auth: 'required',
    summary: 'Give somebody in a team another role',
  }),
  route('DELETE /teams/:team_id/members/:user_id', contract.removeTeamMember, {
    auth: 'required',
    summary: 'Take somebody out of a team, or leave it',
  }),
  route('POST /teams/:team_id/invitations', contract.inviteToTeam, {
    auth: 'required',
    summary: 'Invite somebody to a team, by account or by letter',
  }),
  route('GET /teams/:team_id/invitations', contract.listTeamInvitations, {
    auth: 'required',
    query: ['skip', 'limit'],
    summary: 'The open invitations to a team',
  }),
  route('GET /teams/:team_id/audit', contract.listTeamAudit, {
    auth: 'required',
    query: ['action', 'actor_id', 'since', 'until', 'after', 'limit'],
    summary: 'Who did what in a team, newest first',
  }),
];
