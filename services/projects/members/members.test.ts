import pg from 'pg';
import type { Caller } from '#libs/contracts/caller';
import * as contract from '#libs/contracts/projects';
import * as members from '#libs/contracts/projects-members';
import { projectVisibilityChanged } from '#libs/contracts/projects-events';
import { AppError } from '#libs/errors/app-error';
import { peopleWith } from '#libs/testing/people-with';
import type { person } from '#libs/testing/seeds/people';
import { projects } from '../service.js';

type Person = Awaited<ReturnType<typeof person>>;
const { running, call, ada, bob, carol, dan } = peopleWith([projects], ['Ada', 'Bob', 'Carol', 'Dan']);
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => AppError.from(error).code,
  );
const newProject = async (owner: Caller, name = 'Film') => (await call(contract.createProject, { name }, owner)).id;
const invite = (project_id: string, role: 'maintainer' | 'contributor' | 'viewer', who: Person, by: Caller) =>
  call(members.inviteToProject, { project_id, user_id: who.user_id, role }, by);
/** Makes somebody a member the way it is done: invited, and accepted. */
async function join(project_id: string, role: 'maintainer' | 'contributor' | 'viewer', who: Person, by: Caller = ada) {
  const { id: invitation_id } = await invite(project_id, role, who, by);
  await call(members.answerInvitation, { invitation_id, accept: true }, who);
}
const rolesOf = async (project_id: string, by: Caller = ada) =>
  (await call(members.listMembers, { project_id }, by)).map(({ full_name, role, via }) => [full_name, role, via]);
const actions = async (project_id: string, by: Caller = ada) =>
  (await call(members.listProjectAudit, { project_id, limit: 200 }, by)).items.map(({ action }) => action);

test('who is named finds the invitation, accepts it, and may do from then on what the role allows', async () => {
  const project_id = await newProject(ada);
  expect(await codeOf(call(contract.getProject, { project_id }, bob))).toBe('not_found');
  const invitation = await invite(project_id, 'contributor', bob, ada);
  expect(invitation).toMatchObject({ name: 'Film', user_id: bob.user_id, token: null, invited_by_name: 'Ada' });
  expect(await codeOf(call(contract.getProject, { project_id }, bob))).toBe('not_found');
  expect(await call(members.listMyInvitations, {}, carol)).toEqual([]);
  const [waiting] = await call(members.listMyInvitations, {}, bob);
  expect(waiting).toMatchObject({ id: invitation.id, role: 'contributor' });
  const answer = { invitation_id: invitation.id, accept: true };
  expect(await codeOf(call(members.answerInvitation, answer, carol))).toBe('not_found');
  await call(members.answerInvitation, answer, bob);
  expect(await codeOf(call(members.answerInvitation, answer, bob))).toBe('not_found');
  expect(await codeOf(call(contract.createBranch, { project_id, name: 'bobs' }, bob))).toBe('ok');
  expect(await codeOf(call(contract.updateProject, { project_id, name: 'x' }, bob))).toBe('unauthorized');
  expect(await rolesOf(project_id)).toEqual([
    ['Ada', 'owner', 'owner'],
    ['Bob', 'contributor', 'member'],
  ]);
  expect((await call(contract.listProjects, {}, bob)).map(({ id }) => id)).toContain(project_id);
});

test('a letter is answered by its token, once, by whoever has it; the answer to its sender tells nothing of accounts', async () => {
  const project_id = await newProject(ada);
  const letter = (email: string) => call(members.inviteToProject, { project_id, email, role: 'viewer' }, ada);
  const [known, unknown] = [await letter(carol.email), await letter('nobody@example.org')];
  const shape = ({ token, ...rest }: typeof known) => ({
    ...rest,
    id: typeof rest.id,
    email: typeof rest.email,
    created_at: '',
    expires_at: '',
    token: token?.length,
  });
  expect(shape(known)).toEqual(shape(unknown));
  expect(await call(members.listMyInvitations, {}, carol)).toEqual([]);
  const token = unknown.token!;
  expect(await call(members.readInvitation, { token }, dan)).toMatchObject({ name: 'Film', role: 'viewer' });
  const answers = await Promise.all(
    [dan, carol, bob].map((who) => codeOf(call(members.answerInvitationByToken, { token, accept: true }, who))),
  );
  expect(answers.sort()).toEqual(['not_found', 'not_found', 'ok'].sort());
  expect(await rolesOf(project_id)).toHaveLength(2);
  for (const wrong of [token, `${token}x`, 'x'])
    expect(await codeOf(call(members.readInvitation, { token: wrong }, dan))).toBe('not_found');
  const stored = await inDatabase('select email, token_hash::text from projects.invitations');
  expect(JSON.stringify(stored)).not.toContain(token);
});

test('an invitation that was declined, revoked, replaced or is too old opens nothing', async () => {
  const project_id = await newProject(ada);
  const accept = (invitation_id: string) =>
    codeOf(call(members.answerInvitation, { invitation_id, accept: true }, bob));
  const declined = await invite(project_id, 'viewer', bob, ada);
  await call(members.answerInvitation, { invitation_id: declined.id, accept: false }, bob);
  const revoked = await invite(project_id, 'viewer', bob, ada);
  expect(await codeOf(call(members.revokeInvitation, { invitation_id: revoked.id }, bob))).toBe('not_found');
  await call(members.revokeInvitation, { invitation_id: revoked.id }, ada);
  const replaced = await invite(project_id, 'viewer', bob, ada);
  const old = await invite(project_id, 'viewer', bob, ada);
  expect(await call(members.listProjectInvitations, { project_id }, ada)).toHaveLength(1);
  await inDatabase(`update projects.invitations set expires_at = now() - interval '1 second' where id = '${old.id}'`);
  for (const { id } of [declined, revoked, replaced, old]) expect(await accept(id)).toBe('not_found');
  expect(await call(members.listProjectInvitations, { project_id }, ada)).toEqual([]);
  expect(await rolesOf(project_id)).toHaveLength(1);
});

test('a maintainer manages contributors and viewers, and nobody makes an owner or their like', async () => {
  const project_id = await newProject(ada);
  await join(project_id, 'maintainer', bob);
  await join(project_id, 'contributor', carol, bob);
  const change = (who: Person, role: 'maintainer' | 'contributor' | 'viewer', by: Caller) =>
    codeOf(call(members.changeMember, { project_id, user_id: who.user_id, role }, by));
  expect(await codeOf(invite(project_id, 'maintainer', dan, bob))).toBe('unauthorized');
  expect(await change(carol, 'maintainer', bob)).toBe('unauthorized');
  expect(await change(bob, 'viewer', carol)).toBe('unauthorized');
  expect(await change(carol, 'maintainer', carol)).toBe('unauthorized');
  expect(await change(carol, 'viewer', bob)).toBe('ok');
  expect(await change(carol, 'maintainer', ada)).toBe('ok');
  expect(await codeOf(call(members.removeMember, { project_id, user_id: carol.user_id }, bob))).toBe('unauthorized');
  expect(await codeOf(call(members.removeMember, { project_id, user_id: ada.user_id }, bob))).toBe('not_found');
  expect(await codeOf(call(members.removeMember, { project_id, user_id: carol.user_id }, carol))).toBe('ok');
  expect(await codeOf(call(contract.getProject, { project_id }, carol))).toBe('not_found');
  for (const stranger of [carol, dan]) {
    expect(await codeOf(call(members.listMembers, { project_id }, stranger))).toBe('not_found');
    expect(await codeOf(call(members.listProjectInvitations, { project_id }, stranger))).toBe('not_found');
    expect(await codeOf(call(members.listProjectAudit, { project_id }, stranger))).toBe('not_found');
  }
});

test('who is taken off or down can no longer let others in: what they invited to ends with their role', async () => {
  const project_id = await newProject(ada);
  await join(project_id, 'maintainer', bob);
  const invitation = await invite(project_id, 'contributor', dan, bob);
  await call(members.changeMember, { project_id, user_id: bob.user_id, role: 'viewer' }, ada);
  expect(await codeOf(call(members.answerInvitation, { invitation_id: invitation.id, accept: true }, dan))).toBe(
    'not_found',
  );
});

test('who is taken off a project has no way back in, not even through a branch of theirs', async () => {
  const project_id = await newProject(ada);
  await join(project_id, 'contributor', bob);
  await call(contract.createBranch, { project_id, name: 'bobs' }, bob);
  await call(members.removeMember, { project_id, user_id: bob.user_id }, ada);
  const commit = { project_id, branch_name: 'bobs', message: 'm', video_assets: {} };
  expect(await codeOf(call(contract.createCommit, commit, bob))).toBe('not_found');
  expect(await codeOf(call(contract.getHead, { project_id, branch_name: 'bobs' }, bob))).toBe('not_found');
});

test('a project is given to one of its people, who then owns it; its giver stays as a maintainer', async () => {
  const project_id = await newProject(ada);
  const give = (to_user_id: string, by: Caller) =>
    codeOf(call(members.transferProject, { project_id, to_user_id }, by));
  expect(await give(bob.user_id, ada)).toBe('not_found');
  await join(project_id, 'viewer', bob);
  expect(await give(bob.user_id, bob)).toBe('unauthorized');
  expect(await give(bob.user_id, ada)).toBe('ok');
  expect(await rolesOf(project_id)).toEqual([
    ['Bob', 'owner', 'owner'],
    ['Ada', 'maintainer', 'member'],
  ]);
  expect(await give(ada.user_id, ada)).toBe('unauthorized');
  expect(await call(contract.getProject, { project_id }, ada)).toMatchObject({ owner_id: bob.user_id });
});

test('of two who give the same project away at once, one succeeds and nobody else owns it', async () => {
  const project_id = await newProject(ada);
  await join(project_id, 'viewer', bob);
  await join(project_id, 'viewer', carol);
  const answers = await Promise.all(
    [bob, carol].map(({ user_id }) => codeOf(call(members.transferProject, { project_id, to_user_id: user_id }, ada))),
  );
  expect(answers.sort()).toEqual(['ok', 'unauthorized']);
  expect((await rolesOf(project_id)).filter(([, role]) => role === 'owner')).toHaveLength(1);
});

test('a team owns projects: its people may do in them what their role in the team allows', async () => {
  const team = await call(members.createTeam, { name: 'Studio' }, ada);
  const team_id = team.id;
  const enter = async (who: Person, role: 'owner' | 'maintainer' | 'contributor' | 'viewer') => {
    const { id } = await call(members.inviteToTeam, { team_id, user_id: who.user_id, role }, ada);
    await call(members.answerInvitation, { invitation_id: id, accept: true }, who);
  };
  await enter(bob, 'maintainer');
  await enter(carol, 'viewer');
  expect(await codeOf(call(contract.createProject, { name: 'x', team_id }, carol))).toBe('unauthorized');
  expect(await codeOf(call(contract.createProject, { name: 'x', team_id }, dan))).toBe('not_found');
  const project = await call(contract.createProject, { name: 'Ours', team_id }, bob);
  expect(project).toMatchObject({ team_id, owner_id: bob.user_id });
  const project_id = project.id;
  expect(await rolesOf(project_id, carol)).toEqual([
    ['Ada', 'owner', 'team'],
    ['Bob', 'maintainer', 'team'],
    ['Carol', 'viewer', 'team'],
  ]);
  expect(await codeOf(call(contract.updateProject, { project_id, name: 'y' }, carol))).toBe('unauthorized');
  expect(await codeOf(call(contract.updateProject, { project_id, name: 'Ours', workspace_data: { a: 1 } }, bob))).toBe(
    'ok',
  );
  expect((await call(contract.getProject, { project_id }, carol)).workspace_data).toEqual({ a: 1 });
  expect((await call(contract.listProjects, {}, carol)).map(({ id }) => id)).toContain(project_id);
  expect((await call(members.listTeamProjects, { team_id }, carol)).map(({ id }) => id)).toEqual([project_id]);
  const confirmed = { project_id, confirm_project_id: project_id, confirm_nickname: 'studio' };
  expect(await codeOf(call(contract.deleteProject, confirmed, bob))).toBe('unauthorized');
  await call(members.removeTeamMember, { team_id, user_id: bob.user_id }, ada);
  expect(await codeOf(call(contract.getProject, { project_id }, bob))).toBe('not_found');
  expect(await codeOf(call(members.deleteTeam, { team_id }, ada))).toBe('conflict');
  expect(await codeOf(call(contract.deleteProject, confirmed, ada))).toBe('ok');
  expect(await codeOf(call(members.deleteTeam, { team_id }, ada))).toBe('ok');
  expect(await codeOf(call(members.getTeam, { team_id }, ada))).toBe('not_found');
});

test('a project goes to a team and back to a person, by those who may give and take it', async () => {
  const { id: team_id } = await call(members.createTeam, { name: 'Studio' }, bob);
  const project_id = await newProject(ada);
  const toTeam = (by: Caller) => codeOf(call(members.transferProject, { project_id, to_team_id: team_id }, by));
  expect(await toTeam(ada)).toBe('not_found');
  const { id } = await call(members.inviteToTeam, { team_id, user_id: ada.user_id, role: 'contributor' }, bob);
  await call(members.answerInvitation, { invitation_id: id, accept: true }, ada);
  expect(await toTeam(ada)).toBe('unauthorized');
  await call(members.changeTeamMember, { team_id, user_id: ada.user_id, role: 'maintainer' }, bob);
  expect(await toTeam(ada)).toBe('ok');
  expect(await codeOf(call(members.transferProject, { project_id, to_user_id: ada.user_id }, ada))).toBe(
    'unauthorized',
  );
  expect(await codeOf(call(members.transferProject, { project_id, to_user_id: bob.user_id }, bob))).toBe('ok');
  expect(await call(contract.getProject, { project_id }, bob)).toMatchObject({ owner_id: bob.user_id, team_id: null });
  expect(await codeOf(call(contract.getProject, { project_id }, ada))).toBe('not_found');
});

test('a team always has an owner, even when all of them leave at once', async () => {
  const { id: team_id } = await call(members.createTeam, { name: 'Studio' }, ada);
  for (const who of [bob, carol]) {
    const { id } = await call(members.inviteToTeam, { team_id, user_id: who.user_id, role: 'owner' }, ada);
    await call(members.answerInvitation, { invitation_id: id, accept: true }, who);
  }
  const answers = await Promise.all(
    [ada, bob, carol].map((who) => codeOf(call(members.removeTeamMember, { team_id, user_id: who.user_id }, who))),
  );
  expect(answers.sort()).toEqual(['conflict', 'ok', 'ok']);
  const teams = (await Promise.all([ada, bob, carol].map((who) => call(members.listTeams, {}, who)))).flat();
  const [last] = teams.filter(({ id }) => id === team_id);
  expect(last).toMatchObject({ id: team_id, role: 'owner', member_count: 1 });
});

test('everything that is done to people and branches is in the log, page by page, for those who answer for the project', async () => {
  const project_id = await newProject(ada);
  await join(project_id, 'maintainer', bob);
  await call(contract.updateProject, { project_id, is_public: true, name: 'Open' }, bob);
  await call(contract.createBranch, { project_id, name: 'side' }, bob);
  await call(members.changeMember, { project_id, user_id: bob.user_id, role: 'contributor' }, ada);
  expect(await actions(project_id)).toEqual([
    'projects.memberChanged',
    'projects.branchCreated',
    projectVisibilityChanged.name,
    'projects.memberJoined',
    'projects.invitationAccepted',
    'projects.invited',
    'projects.branchCreated',
    'projects.created',
  ]);
  expect(await codeOf(call(members.listProjectAudit, { project_id }, bob))).toBe('unauthorized');
  const first = await call(members.listProjectAudit, { project_id, limit: 3 }, ada);
  const second = await call(members.listProjectAudit, { project_id, limit: 10, after: first.next! }, ada);
  expect([...first.items, ...second.items].map(({ action }) => action)).toEqual(await actions(project_id));
  expect(second.next).toBeNull();
  const ofBob = await call(members.listProjectAudit, { project_id, actor_id: bob.user_id }, ada);
  expect(ofBob.items.map(({ actor_name }) => actor_name)).toEqual(Array(4).fill('Bob'));
  const filtered = { project_id, action: projectVisibilityChanged.name };
  expect((await call(members.listProjectAudit, filtered, ada)).items).toMatchObject([
    { actor_id: bob.user_id, subject: { is_public: true } },
  ]);
  const until = new Date(Date.now() - 3_600_000).toISOString();
  expect((await call(members.listProjectAudit, { project_id, until }, ada)).items).toEqual([]);
});

test('the database itself refuses to change, remove or empty the log', async () => {
  for (const sql of [
    `update projects.audit_entries set action = 'x'`,
    'delete from projects.audit_entries',
    'truncate projects.audit_entries',
  ])
    await expect(inDatabase(sql)).rejects.toThrow('only ever added to');
});

async function inDatabase(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: running.databaseUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}
