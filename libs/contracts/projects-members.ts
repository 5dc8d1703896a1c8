import { z } from 'zod';
import { event, operation } from './contract.js';
import { Id, Instant, InstantInput, JsonObject, paging, text, whole } from './fields.js';
import { OnProject } from './projects-fields.js';
import { EmailAddress, Project } from './projects.js';

/** Who works on a project: members and their roles, invitations, teams that own projects, and the log of who did what. */

export const MEMBER_ROLES = ['owner', 'maintainer', 'contributor', 'viewer'] as const;
export const MemberRole = z.enum(MEMBER_ROLES);
export type MemberRole = z.output<typeof MemberRole>;
/** A project has one owner, a person or a team; so nobody is invited or made to be that. */
const ProjectRole = MemberRole.exclude(['owner']);
const OnTeam = { team_id: Id };
const Ok = z.object({ ok: z.boolean() });

/** Somebody who works on a project or in a team; `via` says whether by owning it, by name, or through the team that owns it. */
export const Member = z
  .object({
    user_id: z.string(),
    full_name: z.string().nullable(),
    email: z.string(),
    role: MemberRole,
    via: z.enum(['owner', 'member', 'team']),
    since: Instant,
  })
  .meta({ id: 'Member' });
export type Member = z.input<typeof Member>;

export const listMembers = operation(
  'projects.listMembers',
  z.object({ ...OnProject, ...paging({ limit: 100, max: 500 }) }),
  z.array(Member),
);
export const changeMember = operation(
  'projects.changeMember',
  z.object({ ...OnProject, user_id: Id, role: ProjectRole }),
  Member,
);
/** Ends a membership: somebody else's, or one's own. */
export const removeMember = operation('projects.removeMember', z.object({ ...OnProject, user_id: Id }), Ok);
/** Gives a project to one of its people, or to a team in which the giver may take projects in. */
export const transferProject = operation(
  'projects.transfer',
  z.object({ ...OnProject, to_user_id: Id.optional(), to_team_id: Id.optional() }),
  Project,
);

// --- invitations ----------------------------------------------------------------------------------------------------

export const Invitation = z
  .object({
    id: z.string(),
    project_id: z.string().nullable(),
    team_id: z.string().nullable(),
    /** What the project or the team is called. */
    name: z.string(),
    user_id: z.string().nullable(),
    email: z.string().nullable(),
    role: MemberRole,
    invited_by: z.string().nullable(),
    invited_by_name: z.string().nullable(),
    created_at: Instant,
    expires_at: Instant,
  })
  .meta({ id: 'Invitation' });
export type Invitation = z.input<typeof Invitation>;

/** `token` is for the letter to an e-mail address, shown this once; a person who is named finds the invitation when signed in. */
export const NewInvitation = Invitation.extend({ token: z.string().nullable() }).meta({ id: 'NewInvitation' });

const Addressee = {
  user_id: Id.optional(),
  email: EmailAddress.optional(),
  expires_in_days: whole({ min: 1, max: 30 }).default(7),
};
const InvitationToken = text({ min: 1, max: 200 });

export const inviteToProject = operation(
  'projects.invite',
  z.object({ ...OnProject, ...Addressee, role: ProjectRole }),
  NewInvitation,
);
export const inviteToTeam = operation(
  'projects.inviteToTeam',
  z.object({ ...OnTeam, ...Addressee, role: MemberRole }),
  NewInvitation,
);
export const listProjectInvitations = operation(
  'projects.listInvitations',
  z.object({ ...OnProject, ...paging({ limit: 100, max: 100 }) }),
  z.array(Invitation),
);
export const listTeamInvitations = operation(
  'projects.listTeamInvitations',
  z.object({ ...OnTeam, ...paging({ limit: 100, max: 100 }) }),
  z.array(Invitation),
);
export const listMyInvitations = operation('projects.listMyInvitations', z.object({}), z.array(Invitation));
export const revokeInvitation = operation('projects.revokeInvitation', z.object({ invitation_id: Id }), Ok);
export const answerInvitation = operation(
  'projects.answerInvitation',
  z.object({ invitation_id: Id, accept: z.boolean() }),
  Invitation,
);
/** What a letter's token invites to, before it is answered. */
export const readInvitation = operation('projects.readInvitation', z.object({ token: InvitationToken }), Invitation);
export const answerInvitationByToken = operation(
  'projects.answerInvitationByToken',
  z.object({ token: InvitationToken, accept: z.boolean() }),
  Invitation,
);

// --- teams ----------------------------------------------------------------------------------------------------------

const TeamName = text({ min: 1, max: 200 });

/** A team as one of its people sees it; `role` is theirs. */
export const Team = z
  .object({
    id: z.string(),
    name: z.string(),
    role: MemberRole,
    member_count: z.number().int(),
    project_count: z.number().int(),
    created_at: Instant,
  })
  .meta({ id: 'Team' });
export type Team = z.input<typeof Team>;

export const createTeam = operation('projects.createTeam', z.object({ name: TeamName }), Team);
export const listTeams = operation('projects.listTeams', z.object({}), z.array(Team));
export const getTeam = operation('projects.getTeam', z.object(OnTeam), Team);
export const updateTeam = operation('projects.updateTeam', z.object({ ...OnTeam, name: TeamName }), Team);
/** Ends a team that owns no project. */
export const deleteTeam = operation('projects.deleteTeam', z.object(OnTeam), Ok);
export const listTeamProjects = operation(
  'projects.listTeamProjects',
  z.object({ ...OnTeam, ...paging({ limit: 100, max: 500 }) }),
  z.array(Project),
);
export const listTeamMembers = operation(
  'projects.listTeamMembers',
  z.object({ ...OnTeam, ...paging({ limit: 100, max: 500 }) }),
  z.array(Member),
);
export const changeTeamMember = operation(
  'projects.changeTeamMember',
  z.object({ ...OnTeam, user_id: Id, role: MemberRole }),
  Member,
);
export const removeTeamMember = operation('projects.removeTeamMember', z.object({ ...OnTeam, user_id: Id }), Ok);

// --- audit ----------------------------------------------------------------------------------------------------------

export const AuditEntry = z
  .object({
    id: z.string(),
    project_id: z.string().nullable(),
    team_id: z.string().nullable(),
    actor_id: z.string().nullable(),
    actor_name: z.string().nullable(),
    action: z.string(),
    subject: JsonObject,
    request_id: z.string(),
    created_at: Instant,
  })
  .meta({ id: 'AuditEntry' });

/** Newest first; `after` is the `next` of the page before. */
export const AuditWish = {
  action: text({ max: 100 }).optional(),
  actor_id: Id.optional(),
  since: InstantInput.optional(),
  until: InstantInput.optional(),
  after: text({ max: 30 }).optional(),
  limit: whole({ min: 1, max: 200, clamp: true }).default(50),
};
export const AuditPage = z
  .object({ items: z.array(AuditEntry), next: z.string().nullable() })
  .meta({ id: 'AuditPage' });

export const listProjectAudit = operation('projects.listAudit', z.object({ ...OnProject, ...AuditWish }), AuditPage);
export const listTeamAudit = operation('projects.listTeamAudit', z.object({ ...OnTeam, ...AuditWish }), AuditPage);

// --- events ---------------------------------------------------------------------------------------------------------

const About = { project_id: z.string(), actor_id: z.string().nullable() };

export const memberJoined = event(
  'projects.memberJoined',
  z.object({ ...About, user_id: z.string(), role: MemberRole }),
);
export const memberChanged = event(
  'projects.memberChanged',
  z.object({ ...About, user_id: z.string(), before: MemberRole, role: MemberRole }),
);
export const memberLeft = event('projects.memberLeft', z.object({ ...About, user_id: z.string(), role: MemberRole }));
export const projectTransferred = event(
  'projects.transferred',
  z.object({ ...About, owner_id: z.string(), team_id: z.string().nullable() }),
);
