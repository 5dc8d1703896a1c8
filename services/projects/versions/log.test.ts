import type { Caller } from '#libs/contracts/caller';
import * as contract from '#libs/contracts/projects';
import { listChanges } from '#libs/contracts/projects-changes';
import { mergeBase } from '#libs/contracts/projects-graph';
import { runServices, type RunningServices } from '#libs/testing/running';
import { film } from '#libs/testing/seeds/film';
import { person } from '#libs/testing/seeds/people';
import { changeDocument } from '#libs/timeline/objects/change-value';
import { writeDocument } from '#libs/timeline/objects/write-document';
import { projects } from '../service.js';

let running: RunningServices;
let ada: Caller;
let bob: Caller;
let project_id: string;
const commits: string[] = [];
const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);
const commit = async (video_assets: Record<string, unknown>, by: Caller, branch_name = 'main') =>
  (await call(contract.createCommit, { project_id, branch_name, message: `cut ${commits.length}`, video_assets }, by))
    .id;

beforeAll(async () => {
  running = await runServices([projects]);
  [ada, bob] = await Promise.all([person(running.broker, 'Ada'), person(running.broker, 'Bob')]);
  project_id = (await call(contract.createProject, { name: 'Film', is_public: true }, ada)).id;
  for (const seconds of [4, 5, 6]) commits.push(await commit(film({ beach: seconds, forest: 2 }), ada));
  await call(contract.forkBranch, { project_id, name: 'bobs', from_commit_hash: commits[1] }, bob);
  commits.push(await commit(film({ beach: 5 }), bob, 'bobs'));
});
afterAll(() => running.close());

test('the log of a branch is its history, newest first, a page at a time', async () => {
  const first = await call(contract.listCommits, { project_id, limit: 2 });
  expect(first.items.map(({ id }) => id)).toEqual([commits[2], commits[1]]);
  expect(first.items[0]).toMatchObject({ message: 'cut 2', author_name: 'Ada', parents: [commits[1]] });
  const second = await call(contract.listCommits, { project_id, limit: 2, after: first.next! });
  expect(second).toMatchObject({ items: [{ id: commits[0] }], next: null });
});

test('the log can begin at a commit, and be of one author', async () => {
  expect((await call(contract.listCommits, { project_id, ref: commits[0]!.slice(0, 10) })).items).toHaveLength(1);
  const bobs = await call(contract.listCommits, { project_id, ref: 'bobs', author_id: bob.user_id! });
  expect(bobs.items.map(({ id }) => id)).toEqual([commits[3]]);
});

test('one commit is given with its snapshot, by branch, hash, or the beginning of its hash', async () => {
  for (const ref of ['main', commits[2]!, commits[2]!.slice(0, 8).toUpperCase()])
    expect(await call(contract.getCommit, { project_id, commit: ref })).toMatchObject({
      id: commits[2],
      video_assets: film({ beach: 6, forest: 2 }),
    });
});

test('a whole hash is its commit whatever a passer-by calls a branch, and the beginning of one is not guessed', async () => {
  const [named, meant, other] = [commits[0]!, commits[0]!.slice(0, 9), commits[1]!.slice(0, 9)];
  for (const name of [named, meant])
    await call(contract.forkBranch, { project_id, name, from_commit_hash: commits[2] }, bob);
  await call(contract.forkBranch, { project_id, name: other, from_commit_hash: commits[1] }, bob);
  const at = async (commit: string) => (await call(contract.getCommit, { project_id, commit }, ada)).id;
  expect([await at(named), await at(named.slice(0, 12)), await at(other)]).toEqual([
    commits[0],
    commits[0],
    commits[1],
  ]);
  await expect(at(meant)).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('whole hash') });
});

test('the log of one thing wants to know which', async () => {
  await expect(call(contract.listCommits, { project_id, entity: 'beat' })).rejects.toMatchObject({ code: 'invalid' });
  const of = async (entity_id: string) =>
    (await call(contract.listCommits, { project_id, entity: 'shot', entity_id })).items.map(({ id }) => id);
  expect(await of('beach')).toEqual([commits[2], commits[1], commits[0]]);
  expect(await of('nowhere')).toEqual([]);
});

test('what is not a ref of this project is not found, whatever it is elsewhere', async () => {
  const other = (await call(contract.createProject, { name: 'Other' }, ada)).id;
  const secret = await call(
    contract.createCommit,
    { project_id: other, message: 'm', video_assets: { secret: 1 } },
    ada,
  );
  for (const ref of [secret.id, 'nowhere', 'abc', 'f'.repeat(64)])
    await expect(call(contract.getCommit, { project_id, commit: ref }, ada)).rejects.toMatchObject({
      code: 'not_found',
    });
  await expect(call(contract.listCommits, { project_id, after: secret.id })).rejects.toMatchObject({ code: 'invalid' });
  await expect(call(contract.getCommit, { project_id: other, commit: 'main' }, bob)).rejects.toMatchObject({
    message: 'Project not found',
  });
});

test('the graph comes a page at a time, the newest first, or whole, the oldest first', async () => {
  const whole = await call(contract.getGraph, { project_id });
  expect(whole.commits.map(({ id }) => id)).toEqual(commits);
  expect(whole.next).toBeNull();
  const paged: string[] = [];
  let after: string | undefined;
  do {
    const page = await call(contract.getGraph, { project_id, limit: 3, after });
    expect(page.branches).toEqual(whole.branches);
    paged.push(...page.commits.map(({ id }) => id));
    after = page.next ?? undefined;
  } while (after !== undefined);
  expect([...paged].sort()).toEqual([...commits].sort());
  expect(paged.at(-1)).toBe(commits[0]);
});

test('who has one commit is told what makes it another, with the tree by which that can be held to', async () => {
  const told = await call(listChanges, { project_id, from: commits[0]!, to: 'main' }, ada);
  const made = changeDocument(film({ beach: 4, forest: 2 }), told.changes!);
  expect(made).toEqual(film({ beach: 6, forest: 2 }));
  expect([told.from, told.to, told.tree]).toEqual([commits[0], commits[2], writeDocument(made).tree]);
  expect(told.changes!.length).toBeLessThan(10);
  expect(await call(listChanges, { project_id, from: 'main', to: 'main' })).toMatchObject({ changes: [] });
  await expect(call(listChanges, { project_id, from: 'main', to: 'f'.repeat(64) })).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('where two refs parted is told without their documents', async () => {
  expect(await call(mergeBase, { project_id, base: 'main', head: 'bobs' })).toEqual({
    base: commits[2],
    head: commits[3],
    merge_bases: [commits[1]],
    ahead: 1,
    behind: 1,
  });
  await call(contract.createBranch, { project_id, name: 'empty' }, ada);
  expect(await call(mergeBase, { project_id, base: 'main', head: 'empty' })).toMatchObject({
    head: null,
    merge_bases: [],
    ahead: 0,
    behind: 3,
  });
});

test('two refs are compared from where they parted, in numbers, in data and in words', async () => {
  const english = await call(contract.compareRefs, { project_id, base: 'main', head: 'bobs' });
  expect(english).toMatchObject({ base: commits[2], head: commits[3], merge_bases: [commits[1]], ahead: 1, behind: 1 });
  expect(english.words.join('\n')).toContain('forest');
  expect(english.words.length).toBe(english.changes.length);
  const chinese = await call(contract.compareRefs, { project_id, base: 'main', head: 'bobs', language: 'zh' });
  expect(chinese.words.join('')).toMatch(/\p{Script=Han}/u);
  expect(await call(contract.compareRefs, { project_id, base: 'main', head: 'main' })).toMatchObject({
    ahead: 0,
    behind: 0,
    changes: [],
    words: [],
  });
});
