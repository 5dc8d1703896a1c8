import pg from 'pg';
import { ANONYMOUS, type Caller } from '#libs/contracts/caller';
import * as contract from '#libs/contracts/projects';
import * as history from '#libs/contracts/projects-history';
import { commitChanges } from '#libs/contracts/projects-changes';
import * as members from '#libs/contracts/projects-members';
import { cherryPick, revertCommit } from '#libs/contracts/projects-redo';
import { previewMerge } from '#libs/contracts/projects-reviews';
import { AppError } from '#libs/errors/app-error';
import { runServices, type RunningServices } from '#libs/testing/running';
import { person } from '#libs/testing/seeds/people';
import { projects } from './service.js';

let running: RunningServices;
let people: Record<'owner' | 'maintainer' | 'contributor' | 'viewer' | 'creator' | 'stranger' | 'anonymous', Caller>;
let open: string;
let hidden: string;

beforeAll(async () => {
  running = await runServices([projects]);
  const { broker } = running;
  const [owner, maintainer, contributor, viewer, creator, stranger] = await Promise.all(
    ['Owner', 'Maintainer', 'Contributor', 'Viewer', 'Creator', 'Stranger'].map((name) => person(broker, name)),
  );
  people = {
    owner: owner!,
    maintainer: maintainer!,
    contributor: contributor!,
    viewer: viewer!,
    creator: creator!,
    stranger: stranger!,
    anonymous: ANONYMOUS,
  };
  const make = async () => {
    const { id } = await broker.call(contract.createProject, { name: 'Film', is_public: true }, owner);
    await broker.call(contract.createCommit, { project_id: id, message: 'one', video_assets: { version: 1 } }, owner);
    await broker.call(
      contract.saveWorkspace,
      { project_id: id, branch_name: 'main', document: { secret: 'uncommitted' } },
      owner,
    );
    await broker.call(contract.forkBranch, { project_id: id, name: 'creators' }, creator);
    return id;
  };
  [open, hidden] = [await make(), await make()];
  await broker.call(contract.updateProject, { project_id: hidden, is_public: false }, owner);
  await inDatabase(async (client) => {
    for (const project of [open, hidden])
      for (const [role, member] of Object.entries({ maintainer, contributor, viewer }))
        await client.query('insert into projects.members (project_id, user_id, role) values ($1, $2, $3)', [
          project,
          member!.user_id,
          role,
        ]);
  });
});
afterAll(() => running.close());

type Who = keyof typeof people;
type Act = (project: string, caller: Caller) => Promise<unknown>;

/** What each act is answered with: `ok`, or the code of the failure. */
async function answer(act: Act, project: string, who: Who): Promise<string> {
  try {
    await act(project, people[who]);
    return 'ok';
  } catch (error) {
    return AppError.from(error).code;
  }
}

const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);
let counter = 0;
const ACTS: Record<string, Act> = {
  'read project': (project_id, caller) => call(contract.getProject, { project_id }, caller),
  'public page': (project_id, caller) => call(contract.getPublicProject, { project_id }, caller),
  graph: (project_id, caller) => call(contract.getGraph, { project_id }, caller),
  branches: (project_id, caller) => call(contract.listBranches, { project_id }, caller),
  'head of main': (project_id, caller) => call(contract.getHead, { project_id }, caller),
  'head of creators': (project_id, caller) => call(contract.getHead, { project_id, branch_name: 'creators' }, caller),
  'log of main': (project_id, caller) => call(contract.listCommits, { project_id }, caller),
  'log of creators': (project_id, caller) => call(contract.listCommits, { project_id, ref: 'creators' }, caller),
  'one commit': (project_id, caller) => call(contract.getCommit, { project_id, commit: 'main' }, caller),
  compare: (project_id, caller) => call(contract.compareRefs, { project_id, base: 'main', head: 'creators' }, caller),
  export: (project_id, caller) => call(contract.exportProject, { project_id }, caller),
  'read main': (project_id, caller) => call(contract.getWorkspace, { project_id }, caller),
  'read creators': (project_id, caller) => call(contract.getWorkspace, { project_id, branch_name: 'creators' }, caller),
  'save main': (project_id, caller) =>
    call(contract.saveWorkspace, { project_id, document: { secret: 'uncommitted' } }, caller),
  'save creators': (project_id, caller) =>
    call(contract.saveWorkspace, { project_id, branch_name: 'creators', document: { a: 1 } }, caller),
  'commit on main': (project_id, caller) =>
    call(contract.createCommit, { project_id, message: 'm', video_assets: { n: ++counter } }, caller),
  'commit on creators': (project_id, caller) =>
    call(
      contract.createCommit,
      { project_id, branch_name: 'creators', message: 'm', video_assets: { n: ++counter } },
      caller,
    ),
  'make branch': (project_id, caller) => call(contract.createBranch, { project_id, name: `b${++counter}` }, caller),
  'fork branch': (project_id, caller) => call(contract.forkBranch, { project_id, name: `f${++counter}` }, caller),
  fork: (project_id, caller) => call(contract.forkProject, { project_id }, caller),
  like: (project_id, caller) => call(contract.toggleLike, { project_id }, caller),
  change: (project_id, caller) => call(contract.updateProject, { project_id, description: 'new' }, caller),
  delete: (project_id, caller) =>
    call(contract.deleteProject, { project_id, confirm_project_id: 'x', confirm_nickname: 'x' }, caller),
  anchors: (project_id, caller) => call(contract.listAnchors, { project_id }, caller),
  'ask to merge creators': (project_id, caller) =>
    call(contract.createMergeRequest, { project_id, source_branch_name: 'creators' }, caller),
  reflog: (project_id, caller) => call(history.listBranchMoves, { project_id }, caller),
  tags: (project_id, caller) => call(history.listTags, { project_id }, caller),
  'make tag': (project_id, caller) => call(history.createTag, { project_id, name: `t${++counter}` }, caller),
  'rule of main': (project_id, caller) => call(history.getBranchRule, { project_id, branch_name: 'main' }, caller),
  'protect a branch': (project_id, caller) =>
    call(history.unprotectBranch, { project_id, branch_name: 'creators' }, caller),
  'delete main': (project_id, caller) => call(history.deleteBranch, { project_id, branch_name: 'main' }, caller),
  'revisions of main': (project_id, caller) => call(history.listRevisions, { project_id }, caller),
  'restore main': (project_id, caller) => call(history.restoreWorkspace, { project_id, revision: 999 }, caller),
  'revert on main': (project_id, caller) => call(revertCommit, { project_id, commit: 'main', preview: true }, caller),
  'revert on creators': (project_id, caller) =>
    call(revertCommit, { project_id, branch_name: 'creators', commit: 'creators', preview: true }, caller),
  'list merge requests': (project_id, caller) => call(contract.listMergeRequests, { project_id }, caller),
};

const COLUMNS: Who[] = ['owner', 'maintainer', 'contributor', 'viewer', 'creator', 'stranger', 'anonymous'];
const [ok, no, gone, bad] = ['ok', 'unauthorized', 'not_found', 'invalid'];

// prettier-ignore
const PUBLIC = {
  //                        owner maint contr view  creat strng anon
  'read project':          [ok,   ok,   ok,   ok,   no,   no,   no],
  'public page':           [ok,   ok,   ok,   ok,   ok,   ok,   ok],
  'graph':                 [ok,   ok,   ok,   ok,   ok,   ok,   ok],
  'branches':              [ok,   ok,   ok,   ok,   ok,   ok,   ok],
  'head of main':          [ok,   ok,   ok,   ok,   ok,   ok,   ok],
  'head of creators':      [ok,   ok,   ok,   ok,   ok,   ok,   ok],
  'log of main':           [ok,   ok,   ok,   ok,   ok,   ok,   ok],
  'log of creators':       [ok,   ok,   ok,   ok,   ok,   ok,   ok],
  'one commit':            [ok,   ok,   ok,   ok,   ok,   ok,   ok],
  'compare':               [ok,   ok,   ok,   ok,   ok,   ok,   ok],
  'export':                [ok,   ok,   ok,   ok,   ok,   ok,   ok],
  'read main':             [ok,   ok,   ok,   ok,   ok,   ok,   no],
  'read creators':         [ok,   ok,   ok,   ok,   ok,   ok,   no],
  'save main':             [ok,   ok,   no,   no,   no,   no,   no],
  'save creators':         [ok,   ok,   no,   no,   ok,   no,   no],
  'commit on main':        [ok,   ok,   no,   no,   no,   no,   no],
  'commit on creators':    [ok,   ok,   no,   no,   ok,   no,   no],
  'make branch':           [ok,   ok,   ok,   no,   no,   no,   no],
  'fork branch':           [ok,   ok,   ok,   ok,   ok,   ok,   no],
  'fork':                  [ok,   ok,   ok,   ok,   ok,   ok,   no],
  'like':                  [ok,   ok,   ok,   ok,   ok,   ok,   no],
  'change':                [ok,   ok,   no,   no,   no,   no,   no],
  'delete':                [bad,  no,   no,   no,   no,   no,   no],
  'anchors':               [ok,   ok,   no,   no,   no,   no,   no],
  'ask to merge creators': [ok,   ok,   no,   no,   ok,   no,   no],
  'reflog':                [ok,   ok,   ok,   ok,   no,   no,   no],
  'tags':                  [ok,   ok,   ok,   ok,   ok,   ok,   ok],
  'make tag':              [ok,   ok,   no,   no,   no,   no,   no],
  'rule of main':          [ok,   ok,   ok,   ok,   ok,   ok,   ok],
  'protect a branch':      [ok,   ok,   no,   no,   no,   no,   no],
  'delete main':           [bad,  bad,  no,   no,   no,   no,   no],
  'revisions of main':     [ok,   ok,   ok,   ok,   no,   no,   no],
  'restore main':          [gone, gone, no,   no,   no,   no,   no],
  'revert on main':        [ok,   ok,   no,   no,   no,   no,   no],
  'revert on creators':    [ok,   ok,   no,   no,   ok,   no,   no],
  'list merge requests':   [ok,   ok,   ok,   ok,   ok,   ok,   ok],
};
// prettier-ignore
const PRIVATE = {
  'read project':          [ok,   ok,   ok,   ok,   no,   gone, gone],
  'public page':           [gone, gone, gone, gone, gone, gone, gone],
  'graph':                 [ok,   ok,   ok,   ok,   ok,   gone, gone],
  'branches':              [ok,   ok,   ok,   ok,   ok,   gone, gone],
  'head of main':          [ok,   ok,   ok,   ok,   no,   gone, gone],
  'head of creators':      [ok,   ok,   ok,   ok,   ok,   gone, gone],
  'log of main':           [ok,   ok,   ok,   ok,   gone, gone, gone],
  'log of creators':       [ok,   ok,   ok,   ok,   ok,   gone, gone],
  'one commit':            [ok,   ok,   ok,   ok,   gone, gone, gone],
  'compare':               [ok,   ok,   ok,   ok,   gone, gone, gone],
  'export':                [ok,   ok,   ok,   ok,   no,   gone, gone],
  'read main':             [ok,   ok,   ok,   ok,   no,   no,   no],
  'read creators':         [ok,   ok,   ok,   ok,   ok,   no,   no],
  'save main':             [ok,   ok,   no,   no,   no,   no,   no],
  'save creators':         [ok,   ok,   no,   no,   ok,   no,   no],
  'commit on main':        [ok,   ok,   no,   no,   no,   gone, gone],
  'commit on creators':    [ok,   ok,   no,   no,   ok,   gone, gone],
  'make branch':           [ok,   ok,   ok,   no,   no,   gone, gone],
  'fork branch':           [ok,   ok,   ok,   no,   no,   gone, gone],
  'fork':                  [ok,   ok,   ok,   ok,   no,   gone, gone],
  'like':                  [ok,   ok,   ok,   ok,   no,   gone, gone],
  'change':                [ok,   ok,   no,   no,   no,   gone, gone],
  'delete':                [bad,  no,   no,   no,   no,   gone, gone],
  'anchors':               [ok,   ok,   no,   no,   no,   gone, gone],
  'ask to merge creators': [ok,   ok,   no,   no,   gone, gone, gone],
  'reflog':                [ok,   ok,   ok,   ok,   no,   gone, gone],
  'tags':                  [ok,   ok,   ok,   ok,   no,   gone, gone],
  'make tag':              [ok,   ok,   no,   no,   no,   gone, gone],
  'rule of main':          [ok,   ok,   ok,   ok,   no,   gone, gone],
  'protect a branch':      [ok,   ok,   no,   no,   no,   gone, gone],
  'delete main':           [bad,  bad,  no,   no,   no,   gone, gone],
  'revisions of main':     [ok,   ok,   ok,   ok,   no,   gone, gone],
  'restore main':          [gone, gone, no,   no,   no,   gone, gone],
  'revert on main':        [ok,   ok,   no,   no,   no,   gone, gone],
  'revert on creators':    [ok,   ok,   no,   no,   ok,   gone, gone],
  'list merge requests':   [ok,   ok,   ok,   ok,   ok,   gone, gone],
};

test('both tables speak of every act', () => {
  expect(Object.keys(PUBLIC).sort()).toEqual(Object.keys(ACTS).sort());
  expect(Object.keys(PRIVATE).sort()).toEqual(Object.keys(ACTS).sort());
});

test.each(Object.entries(PUBLIC))('a public project, %s', async (name, expected) => {
  const answers = [];
  for (const who of COLUMNS) answers.push(await answer(ACTS[name]!, open, who));
  expect(answers).toEqual(expected);
});

test.each(Object.entries(PRIVATE))('a private project, %s', async (name, expected) => {
  const answers = [];
  for (const who of COLUMNS) answers.push(await answer(ACTS[name]!, hidden, who));
  expect(answers).toEqual(expected);
});

test.each(Object.keys(ACTS))('%s: a hidden project and one that is not there cannot be told apart', async (name) => {
  const failure = (project: string) =>
    ACTS[name]!(project, people.stranger).then(
      () => 'ok',
      (error: unknown) => AppError.from(error).toFailure(),
    );
  expect(await failure(hidden)).toEqual(await failure('11111111-2222-4333-8444-555555555555'));
});

test('passers-by never see uncommitted work, nor the legacy workspace data', async () => {
  await call(contract.updateProject, { project_id: open, workspace_data: { legacy: true } }, people.owner);
  expect((await call(contract.getWorkspace, { project_id: open }, people.owner)).document).toEqual({
    secret: 'uncommitted',
  });
  expect(
    JSON.stringify((await call(contract.getWorkspace, { project_id: open }, people.stranger)).document),
  ).not.toContain('secret');
  expect(JSON.stringify(await call(contract.exportProject, { project_id: open }))).not.toContain('secret');
  expect((await call(contract.getPublicProject, { project_id: open })).workspace_data).toBeNull();
  expect((await call(contract.getPublicProject, { project_id: open }, people.owner)).workspace_data).toEqual({
    legacy: true,
  });
  const branch = await call(contract.forkBranch, { project_id: open }, people.stranger);
  const copy = (await call(contract.getWorkspace, { project_id: open, branch_name: branch.name }, people.stranger))
    .document;
  expect(JSON.stringify(copy)).not.toContain('secret');
});

test('having made a branch opens nobody else’s uncommitted work, not even in a fork of the project', async () => {
  const document = { mine: true };
  await call(contract.saveWorkspace, { project_id: open, document: { secret: 'uncommitted' } }, people.owner);
  await call(contract.saveWorkspace, { project_id: open, branch_name: 'creators', document }, people.creator);
  const fork = await call(contract.forkProject, { project_id: open }, people.creator);
  const branches = await call(contract.listBranches, { project_id: fork.id }, people.creator);
  expect(branches.map(({ name }) => name)).toEqual(expect.arrayContaining(['main', 'creators']));
  for (const { name } of branches) {
    const copy = (await call(contract.getWorkspace, { project_id: fork.id, branch_name: name }, people.creator))
      .document;
    expect(JSON.stringify(copy)).not.toContain('secret');
  }
  const own = (await call(contract.getWorkspace, { project_id: fork.id, branch_name: 'creators' }, people.creator))
    .document;
  expect(own).toEqual(document);
  const fromMain = await call(contract.forkBranch, { project_id: open, source_branch_name: 'main' }, people.creator);
  const branch_name = fromMain.name;
  expect(
    JSON.stringify((await call(contract.getWorkspace, { project_id: open, branch_name }, people.creator)).document),
  ).not.toContain('secret');
});

test('who made a branch of a project that is private by now sees that branch and what led to it, and nothing else', async () => {
  const { project_id, before, after } = await turnedPrivate();
  const { branches, commits } = await call(contract.getGraph, { project_id }, people.creator);
  expect(branches.map(({ name }) => name)).toEqual(['creators']);
  expect(branches[0]).toMatchObject({ commit_count: 1, project_percent: 100 });
  expect(commits.map(({ id }) => id)).toEqual([before.id]);
  expect((await call(contract.listBranches, { project_id }, people.creator)).map(({ name }) => name)).toEqual([
    'creators',
  ]);
  expect(await call(contract.listMergeRequests, { project_id }, people.creator)).toEqual([]);
  const log = await call(contract.listCommits, { project_id, ref: 'creators' }, people.creator);
  expect(log.items.map(({ id }) => id)).toEqual([before.id]);
  for (const ref of ['main', after.id])
    await expect(call(contract.getCommit, { project_id, commit: ref }, people.creator)).rejects.toMatchObject({
      code: 'not_found',
      message: `There is no branch, tag or commit ${ref} in this project.`,
    });
  expect((await call(contract.getGraph, { project_id }, people.owner)).commits).toHaveLength(2);
  for (const branch_name of ['main', 'no such branch'])
    await expect(call(contract.getHead, { project_id, branch_name }, people.creator)).rejects.toMatchObject({
      code: 'unauthorized',
    });
});

test('who made a branch of a project that is private by now cannot bring the others’ work onto it', async () => {
  const { project_id, before, after } = await turnedPrivate();
  const own = { project_id, branch_name: 'creators' };
  const document = { secret: 'no' };
  const made = (message: string) => ({ ...own, message, rebase: true, parent_hash: after.id });
  const tries = [
    () => call(contract.createCommit, { ...made('mine'), video_assets: document }, people.creator),
    () => call(commitChanges, { ...made('mine'), changes: [{ path: ['mine'], value: 1 }] }, people.creator),
    ...['main', after.id].flatMap((ref) => [
      () => call(history.moveBranch, { ...own, to: ref, expected_head: before.id, force: true }, people.creator),
      () => call(history.restoreWorkspace, { ...own, commit: ref }, people.creator),
      () => call(cherryPick, { ...own, commit: ref }, people.creator),
    ]),
    () => call(contract.createMergeRequest, { project_id, source_branch_name: 'creators' }, people.creator),
  ];
  for (const attempt of tries) await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
  const { video_assets } = await call(contract.getHead, own, people.creator);
  expect(video_assets).toEqual({ message: 'before' });
});

test('who is no longer of a project reads nothing of it through a merge request of theirs', async () => {
  const { id: project_id } = await call(contract.createProject, { name: 'Ours' }, people.owner);
  await call(contract.createCommit, { project_id, message: 'one', video_assets: { one: 1 } }, people.owner);
  await inDatabase((client) =>
    client.query(`insert into projects.members (project_id, user_id, role) values ($1, $2, 'contributor')`, [
      project_id,
      people.creator.user_id,
    ]),
  );
  await call(contract.createBranch, { project_id, name: 'theirs' }, people.creator);
  const { id: merge_request_id } = await call(
    contract.createMergeRequest,
    { project_id, source_branch_name: 'theirs' },
    people.creator,
  );
  await call(members.removeMember, { project_id, user_id: people.creator.user_id! }, people.owner);
  for (const attempt of [
    () => call(contract.getMergeRequest, { merge_request_id }, people.creator),
    () => call(previewMerge, { merge_request_id }, people.creator),
    () => call(contract.closeMergeRequest, { merge_request_id }, people.creator),
  ])
    await expect(attempt()).rejects.toMatchObject({ code: 'not_found', message: 'Merge request not found' });
});

test('what became private is as if it were not there for whoever only passed by, merge requests included', async () => {
  const { project_id } = await turnedPrivate();
  const { id: merge_request_id } = await call(
    contract.createMergeRequest,
    { project_id, source_branch_name: 'creators' },
    people.owner,
  );
  for (const operation of [contract.getMergeRequest, contract.closeMergeRequest, contract.mergeMergeRequest])
    for (const caller of [people.stranger, people.anonymous, people.creator])
      await expect(call(operation, { merge_request_id }, caller)).rejects.toMatchObject({
        code: 'not_found',
        message: 'Merge request not found',
      });
});

test('branches and commits of one project are nothing in another', async () => {
  const { id: other } = await call(contract.createProject, { name: 'Other', is_public: true }, people.stranger);
  const [foreign] = await call(contract.listBranches, { project_id: open }, people.owner);
  await expect(
    call(contract.createBranch, { project_id: other, name: 'x', parent_branch_id: foreign!.id }, people.stranger),
  ).rejects.toMatchObject({ code: 'not_found', message: 'Parent branch not found' });
  for (const wish of [
    { source_branch_name: 'creators' },
    { source_branch_name: 'main', target_branch_name: 'creators' },
  ])
    await expect(
      call(contract.createMergeRequest, { project_id: other, ...wish }, people.stranger),
    ).rejects.toMatchObject({ code: 'not_found', message: 'Branch not found' });
});

test('a request or a branch that lost its maker belongs to nobody, above all not to the anonymous', async () => {
  const { project_id } = await turnedPrivate();
  const leaver = await person(running.broker, 'Leaver');
  await call(contract.updateProject, { project_id, is_public: true }, people.owner);
  await call(contract.forkBranch, { project_id, name: 'leavers' }, leaver);
  const { id: merge_request_id } = await call(
    contract.createMergeRequest,
    { project_id, source_branch_name: 'leavers' },
    leaver,
  );
  await call(contract.updateProject, { project_id, is_public: false }, people.owner);
  await inDatabase((client) => client.query('delete from projects.users where id = $1', [leaver.user_id]));
  for (const operation of [contract.getMergeRequest, contract.closeMergeRequest])
    await expect(call(operation, { merge_request_id }, people.anonymous)).rejects.toMatchObject({ code: 'not_found' });
  await expect(
    call(contract.saveWorkspace, { project_id, branch_name: 'leavers', document: {} }, people.anonymous),
  ).rejects.toMatchObject({ code: 'unauthorized' });
  expect(await call(contract.getMergeRequest, { merge_request_id }, people.owner)).toMatchObject({ status: 'open' });
});

/** A project that was public when `creators` was made in it, and has a commit on main since it is private. */
async function turnedPrivate() {
  const { id: project_id } = await call(contract.createProject, { name: 'Turned', is_public: true }, people.owner);
  const commit = (message: string) =>
    call(contract.createCommit, { project_id, message, video_assets: { message } }, people.owner);
  const before = await commit('before');
  await call(contract.forkBranch, { project_id, name: 'creators' }, people.creator);
  await call(contract.updateProject, { project_id, is_public: false }, people.owner);
  const after = await commit('nobody else’s business');
  return { project_id, before, after };
}

async function inDatabase(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: running.databaseUrl });
  await client.connect();
  await work(client);
  await client.end();
}
