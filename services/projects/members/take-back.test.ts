import pg from 'pg';
import type { Caller } from '#libs/contracts/caller';
import * as contract from '#libs/contracts/projects';
import * as members from '#libs/contracts/projects-members';
import { reopenMergeRequest } from '#libs/contracts/projects-reviews';
import { AppError } from '#libs/errors/app-error';
import { eventually } from '#libs/testing/child-process';
import { runServices, type RunningServices } from '#libs/testing/running';
import { person } from '#libs/testing/seeds/people';
import { projects } from '../service.js';

type Person = Awaited<ReturnType<typeof person>>;
let running: RunningServices;
let database: pg.Client;
let ada: Person;
let bob: Person;
let carol: Person;
beforeAll(async () => {
  running = await runServices([projects]);
  database = new pg.Client({ connectionString: running.databaseUrl });
  await database.connect();
  [ada, bob, carol] = (await Promise.all(['Ada', 'Bob', 'Carol'].map((name) => person(running.broker, name)))) as [
    Person,
    Person,
    Person,
  ];
});
afterAll(async () => {
  await database.end();
  await running.close();
});

type Role = 'maintainer' | 'contributor' | 'viewer';
const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => AppError.from(error).code,
  );
const commit = (project_id: string, branch_name: string, video_assets: Record<string, unknown>, by: Caller) =>
  call(contract.createCommit, { project_id, branch_name, message: 'm', video_assets }, by);

/** A private project of Ada's with one commit, and Bob on it. */
async function withBob(role: Role): Promise<string> {
  const { id } = await call(contract.createProject, { name: 'Film' }, ada);
  await commit(id, 'main', { n: 1 }, ada);
  const invitation = await call(members.inviteToProject, { project_id: id, user_id: bob.user_id, role }, ada);
  await call(members.answerInvitation, { invitation_id: invitation.id, accept: true }, bob);
  return id;
}
/** A team of Ada's with Bob in it, and a project of the team's. */
async function teamWithBob(role: Role): Promise<{ team_id: string; project_id: string }> {
  const { id: team_id } = await call(members.createTeam, { name: 'Studio' }, ada);
  const invitation = await call(members.inviteToTeam, { team_id, user_id: bob.user_id, role }, ada);
  await call(members.answerInvitation, { invitation_id: invitation.id, accept: true }, bob);
  const { id: project_id } = await call(contract.createProject, { name: 'Film', team_id }, ada);
  return { team_id, project_id };
}
const inviteCarol = (project_id: string, by: Caller) =>
  call(members.inviteToProject, { project_id, user_id: carol.user_id, role: 'contributor' }, by);
const accept = (invitation_id: string) =>
  codeOf(call(members.answerInvitation, { invitation_id, accept: true }, carol));

test('who leaves a team or is less in it lets nobody into its projects any more', async () => {
  const removed = await teamWithBob('maintainer');
  const first = await inviteCarol(removed.project_id, bob);
  await call(members.removeTeamMember, { team_id: removed.team_id, user_id: bob.user_id }, ada);
  const demoted = await teamWithBob('maintainer');
  const second = await inviteCarol(demoted.project_id, bob);
  await call(members.changeTeamMember, { team_id: demoted.team_id, user_id: bob.user_id, role: 'contributor' }, ada);
  for (const { id } of [first, second]) expect(await accept(id)).toBe('not_found');
});

test('who gave a project away lets nobody into it any more', async () => {
  const project_id = await withBob('viewer');
  const { id } = await inviteCarol(project_id, ada);
  await call(members.transferProject, { project_id, to_user_id: bob.user_id }, ada);
  expect(await accept(id)).toBe('not_found');
});

test('who may only look by now keeps no branch to write on, in a project as in a team', async () => {
  const project_id = await withBob('contributor');
  await call(contract.createBranch, { project_id, name: 'bobs' }, bob);
  await call(members.changeMember, { project_id, user_id: bob.user_id, role: 'viewer' }, ada);
  expect(await codeOf(commit(project_id, 'bobs', { n: 2 }, bob))).toBe('unauthorized');
  const team = await teamWithBob('contributor');
  await call(contract.createBranch, { project_id: team.project_id, name: 'bobs' }, bob);
  await call(members.changeTeamMember, { team_id: team.team_id, user_id: bob.user_id, role: 'viewer' }, ada);
  expect(await codeOf(commit(team.project_id, 'bobs', { n: 2 }, bob))).toBe('unauthorized');
});

test('who made a project and is no more than a contributor by now writes on branches of their own, and not on main', async () => {
  const project_id = await withBob('viewer');
  await call(contract.createBranch, { project_id, name: 'adas' }, ada);
  await call(members.transferProject, { project_id, to_user_id: bob.user_id }, ada);
  expect(await codeOf(commit(project_id, 'main', { n: 2 }, ada))).toBe('ok');
  await call(members.changeMember, { project_id, user_id: ada.user_id, role: 'contributor' }, bob);
  expect(await codeOf(commit(project_id, 'main', { n: 3 }, ada))).toBe('unauthorized');
  expect(await codeOf(commit(project_id, 'adas', { n: 3 }, ada))).toBe('ok');
});

/** Bob, a maintainer, has a fork of the project and offers its main to the fork: every push would come to him. */
async function listening() {
  const project_id = await withBob('maintainer');
  const fork = await call(contract.forkProject, { project_id }, bob);
  await commit(project_id, 'main', { n: 2 }, ada);
  const { id: merge_request_id, head_commit_id } = await call(
    contract.createMergeRequest,
    { project_id: fork.id, source_project_id: project_id, source_branch_name: 'main' },
    bob,
  );
  const request = () => call(contract.getMergeRequest, { merge_request_id }, bob);
  const heard = async (commit_id: string) =>
    (
      await database.query(
        `select from projects.project_commits pc join projects.commits c on c.seq = pc.commit_seq
         where pc.project_id = $1 and c.id = $2`,
        [fork.id, commit_id],
      )
    ).rowCount === 1;
  return { project_id, fork, merge_request_id, offered: head_commit_id, request, heard };
}

test('the people of a project see to which others its branches are offered', async () => {
  const { project_id, merge_request_id } = await listening();
  const list = (by: Caller) => call(contract.listMergeRequests, { project_id, direction: 'outgoing' }, by);
  expect((await list(ada)).map(({ id }) => id)).toEqual([merge_request_id]);
  expect(await call(contract.listMergeRequests, { project_id }, ada)).toEqual([]);
  await call(contract.updateProject, { project_id, is_public: true }, ada);
  expect(await codeOf(list(carol))).toBe('unauthorized');
});

test('who is taken off a project hears nothing more of it through what they offered of it elsewhere', async () => {
  const { project_id, merge_request_id, offered, request, heard } = await listening();
  const before = await commit(project_id, 'main', { n: 3 }, ada);
  expect([await heard(before.id), (await request()).head_commit_id]).toEqual([true, before.id]);
  await call(members.removeMember, { project_id, user_id: bob.user_id }, ada);
  expect(await request()).toMatchObject({ status: 'closed' });
  const after = await commit(project_id, 'main', { n: 4 }, ada);
  expect(await codeOf(call(reopenMergeRequest, { merge_request_id }, bob))).toBe('unauthorized');
  expect([await heard(after.id), (await request()).head_commit_id]).toEqual([false, before.id]);
  expect(offered).not.toBe(before.id);
});

test('a push goes nowhere by a request whose maker lost their right in any other way, and closes it', async () => {
  const { project_id, offered, request, heard } = await listening();
  await database.query('delete from projects.members where project_id = $1', [project_id]);
  const after = await commit(project_id, 'main', { n: 3 }, ada);
  expect(await heard(after.id)).toBe(false);
  expect(await request()).toMatchObject({ status: 'closed', head_commit_id: offered });
});

test('what was asked for while one was being taken off a project is answered by what one is afterwards', async () => {
  const acts: [string, (project_id: string) => Promise<unknown>][] = [
    ['not_found', (project_id) => inviteCarol(project_id, bob)],
    ['not_found', (project_id) => call(contract.createBranch, { project_id, name: 'late' }, bob)],
  ];
  for (const [answer, act] of acts) {
    const project_id = await withBob('maintainer');
    await database.query('begin');
    await database.query('select from projects.projects where id = $1 for no key update', [project_id]);
    await database.query('delete from projects.members where project_id = $1', [project_id]);
    const answered = codeOf(act(project_id));
    await untilSomebodyWaits();
    await database.query('commit');
    expect(await answered).toBe(answer);
  }
});

test('what was asked for while one was being taken off a team is answered by what one is afterwards', async () => {
  const { team_id } = await teamWithBob('maintainer');
  await database.query('begin');
  await database.query('select from projects.teams where id = $1 for no key update', [team_id]);
  await database.query(`delete from projects.team_members where team_id = $1 and role <> 'owner'`, [team_id]);
  const wish = { team_id, user_id: carol.user_id, role: 'viewer' as const };
  const answered = codeOf(call(members.inviteToTeam, wish, bob));
  await untilSomebodyWaits();
  await database.query('commit');
  expect(await answered).toBe('not_found');
});

/** Until somebody in this database waits for somebody else's lock. */
async function untilSomebodyWaits(): Promise<void> {
  const other = new pg.Client({ connectionString: running.databaseUrl });
  await other.connect();
  try {
    await eventually(async () => {
      const { rowCount } = await other.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rowCount! > 0;
    });
  } finally {
    await other.end();
  }
}
