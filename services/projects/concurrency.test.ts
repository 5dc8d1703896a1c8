import pg from 'pg';
import type { Caller } from '#libs/contracts/caller';
import * as contract from '#libs/contracts/projects';
import { AppError } from '#libs/errors/app-error';
import { peopleWith } from '#libs/testing/people-with';
import { film } from '#libs/testing/seeds/film';
import { person } from '#libs/testing/seeds/people';
import { projects } from './service.js';

/** Many at once on one project: whoever cannot be served is told why, and what was answered holds. */
const { running, call, ada, bob } = peopleWith([projects], ['Ada', 'Bob']);
const REFUSALS = ['invalid', 'unauthorized', 'not_found', 'conflict'];

/** A public film with a branch of Bob's, both with saved work, and a request each way. */
async function shared() {
  const { id: project_id } = await call(contract.createProject, { name: 'Film', is_public: true }, ada);
  await call(contract.createCommit, { project_id, message: 'first', video_assets: film({ beach: 4 }) }, ada);
  await call(contract.forkBranch, { project_id, name: 'bobs' }, bob);
  const ask = (source_branch_name: string, target_branch_name: string, by: Caller) =>
    call(contract.createMergeRequest, { project_id, source_branch_name, target_branch_name }, by);
  return { project_id, requests: [(await ask('bobs', 'main', bob)).id, (await ask('main', 'bobs', ada)).id] };
}

let counter = 0;
const save = (project_id: string, branch_name: string, by: Caller) =>
  call(
    contract.saveWorkspace,
    { project_id, branch_name, document: { ...film({ beach: 4 }), [`${++counter}`]: 1 } },
    by,
  );
const commit = (project_id: string, branch_name: string, by: Caller) =>
  call(
    contract.createCommit,
    { project_id, branch_name, message: 'work', video_assets: { ...film({ beach: 4 }), [`${++counter}`]: 1 } },
    by,
  );

/** Thirty-two acts of all kinds. */
function mixture(project_id: string, requests: string[]): Promise<unknown>[] {
  return [
    ...requests.flatMap((merge_request_id) => [
      call(contract.mergeMergeRequest, { merge_request_id }, ada),
      call(contract.mergeMergeRequest, { merge_request_id }, ada),
      call(contract.getMergeRequest, { merge_request_id }, bob),
    ]),
    ...[1, 2, 3, 4].flatMap(() => [save(project_id, 'main', ada), save(project_id, 'bobs', bob)]),
    ...[1, 2].flatMap(() => [
      commit(project_id, 'main', ada),
      commit(project_id, 'bobs', bob),
      call(contract.createMergeRequest, { project_id, source_branch_name: 'bobs' }, bob),
      call(contract.updateProject, { project_id, is_public: true, name: `Film ${++counter}` }, ada),
      call(contract.toggleLike, { project_id }, bob),
      call(contract.forkBranch, { project_id, name: 'more' }, bob),
      call(contract.forkProject, { project_id }, bob),
      call(contract.getGraph, { project_id }, bob),
    ]),
    call(contract.createBranch, { project_id, name: 'more' }, ada),
    call(contract.createAnchor, { project_id, name: 'Mei', reference_image_url: 'x' }, ada),
  ];
}

async function refusalsOf(acts: Promise<unknown>[]): Promise<string[]> {
  const outcomes = await Promise.allSettled(acts);
  return outcomes.flatMap((outcome) =>
    outcome.status === 'rejected'
      ? [`${AppError.from(outcome.reason).code}: ${AppError.from(outcome.reason).message}`]
      : [],
  );
}

const areDeliberate = (refusals: string[]) => refusals.filter((words) => !REFUSALS.includes(words.split(':')[0]!));

test.each([1, 2, 3])(
  'thirty-two acts of all kinds at once on one project are done or refused, never broken (%i)',
  async () => {
    const { project_id, requests } = await shared();
    await Promise.all([save(project_id, 'main', ada), save(project_id, 'bobs', bob)]);
    const acts = mixture(project_id, requests);
    expect(acts).toHaveLength(32);
    expect(areDeliberate(await refusalsOf(acts))).toEqual([]);
    const { branches, commits } = await call(contract.getGraph, { project_id }, ada);
    const ids = new Set(commits.map(({ id }) => id));
    for (const { parents } of commits) expect(parents.filter((parent) => !ids.has(parent))).toEqual([]);
    for (const head of branches.flatMap(({ head_commit_id }) => head_commit_id ?? [])) expect(ids).toContain(head);
  },
);

test.each([1, 2, 3])(
  'a project deleted in the middle of it all is gone whole, and everybody else is told (%i)',
  async () => {
    const { project_id, requests } = await shared();
    await Promise.all([save(project_id, 'main', ada), save(project_id, 'bobs', bob)]);
    const confirmation = { project_id, confirm_project_id: project_id, confirm_nickname: 'ada' };
    const before = mixture(project_id, requests);
    await new Promise((resolve) => setTimeout(resolve, 15 * Math.random()));
    const deletions = [1, 2].map(() => call(contract.deleteProject, confirmation, ada));
    const refusals = await refusalsOf([...before, ...deletions, ...mixture(project_id, requests)]);
    expect(areDeliberate(refusals)).toEqual([]);
    expect((await Promise.allSettled(deletions)).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(call(contract.getProject, { project_id }, ada)).rejects.toMatchObject({ code: 'not_found' });
  },
);

test('two branches merged into each other at once do not wait for each other', async () => {
  for (let round = 0; round < 5; round++) {
    const { project_id, requests } = await shared();
    await Promise.all([save(project_id, 'main', ada), save(project_id, 'bobs', bob)]);
    const merges = requests.map((merge_request_id) => call(contract.mergeMergeRequest, { merge_request_id }, ada));
    expect(areDeliberate(await refusalsOf(merges))).toEqual([]);
  }
});

test('a fork taken while commits come in has every commit that its branches stand on', async () => {
  const { project_id } = await shared();
  const acts = Array.from({ length: 12 }, (_, n) =>
    n % 3 === 0
      ? call(contract.forkProject, { project_id }, bob)
      : commit(project_id, 'main', ada).then(() => undefined),
  );
  const forks = (await Promise.all(acts)).filter((fork) => fork !== undefined);
  for (const { id } of forks) {
    const { branches, commits } = await call(contract.getGraph, { project_id: id }, bob);
    expect(branches.map(({ name }) => name)).toEqual(['main', 'bobs']);
    expect(branches[0]!.commit_count).toBe(commits.length);
  }
});

test('publishing commits what is saved by the time it has the branch, not what was saved when it began', async () => {
  const { id: project_id } = await call(contract.createProject, { name: 'Film' }, ada);
  await call(contract.saveWorkspace, { project_id, document: { version: 1 } }, ada);
  const client = new pg.Client({ connectionString: running.databaseUrl });
  await client.connect();
  await client.query('begin');
  await client.query('select 1 from projects.branches where project_id = $1 for update', [project_id]);
  const saving = call(contract.saveWorkspace, { project_id, document: { version: 2 } }, ada);
  await waiters(1);
  const publishing = call(contract.updateProject, { project_id, is_public: true }, ada);
  await waiters(2);
  await client.query('rollback');
  await client.end();
  await Promise.all([saving, publishing]);
  expect((await call(contract.getWorkspace, { project_id }, bob)).document).toEqual({ version: 2 });
});

test('one of two changes of an account does not undo the other', async () => {
  const root = { ...ada, role: 'admin' as const };
  await inDatabase(`update projects.users set role = 'admin' where id = '${ada.user_id}'`);
  const eve = await person(running.broker, 'Eve');
  await Promise.all([
    call(contract.administerUser, { user_id: eve.user_id, is_active: false }, root),
    call(contract.administerUser, { user_id: eve.user_id, role: 'moderator' }, root),
  ]);
  expect(await call(contract.getUser, { user_id: eve.user_id }, root)).toMatchObject({
    is_active: false,
    role: 'moderator',
  });
});

/** Resolves when so many transactions of the service wait for a lock. */
async function waiters(wanted: number): Promise<void> {
  for (;;) {
    const [row] = await inDatabase(
      `select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (Number(row!.count) >= wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function inDatabase(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: running.databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
