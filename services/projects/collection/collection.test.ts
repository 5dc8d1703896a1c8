import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import * as contract from '#libs/contracts/projects';
import { createTag, deleteBranch } from '#libs/contracts/projects-history';
import { connectionOptions } from '#libs/database/connection-options';
import { runServices, type RunningServices } from '#libs/testing/running';
import { person } from '#libs/testing/seeds/people';
import { readDocument } from '../objects/documents.js';
import { projects } from '../service.js';
import { Collector } from './collector.js';

let running: RunningServices;
let database: DataSource;
let collector: Collector;
let ada: Caller;

/** A connection of another process, which remembers nothing. */
const open = () =>
  new DataSource(
    connectionOptions('projects', { DATABASE_URL: running.databaseUrl, DATABASE_POOL_SIZE: 6 }, []),
  ).initialize();

beforeAll(async () => {
  running = await runServices([projects]);
  ada = await person(running.broker, 'Ada');
  database = await open();
  collector = new Collector(database, {} as never, {} as never);
});
afterAll(async () => {
  await database.destroy();
  await running.close();
});

const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);
const newProject = async () => (await call(contract.createProject, { name: 'Film', is_public: true }, ada)).id;
const long = (seed: string) =>
  Object.fromEntries(
    Array.from({ length: 200 }, (_, at) => [`clip_${at}`, { id: `clip_${at}`, note: `${seed} ${at} `.repeat(6) }]),
  );
const commit = async (project_id: string, branch_name: string, video_assets: Record<string, unknown>) =>
  (await call(contract.createCommit, { project_id, branch_name, message: 'work', video_assets }, ada)).id;

/** Everything there is becomes forty days old. */
async function age() {
  for (const [table, field] of [
    ['commits', 'created_at'],
    ['ref_moves', 'created_at'],
    ['objects', 'touched_at'],
    ['workspace_revisions', 'saved_at'],
  ])
    await database.query(`update ${table} set ${field} = ${field} - interval '40 days'`);
}

const commitsThere = async () =>
  new Set((await database.query<{ id: string }[]>('select id from commits')).map(({ id }) => id));

/** Reads every commit's document as somebody who remembers nothing. */
async function everythingIsReadable() {
  const stranger = await open();
  const trees = await stranger.query<{ tree: string }[]>(
    `select distinct encode(t.sha256, 'hex') as tree from commits c join objects t on t.seq = c.tree_seq`,
  );
  for (const { tree } of trees) await readDocument(stranger.manager, tree);
  await stranger.destroy();
  return trees.length;
}

test('what only a deleted branch had is taken away after the grace; what a tag, a fork or a request has stays', async () => {
  const project_id = await newProject();
  const first = await commit(project_id, 'main', long('first'));
  const make = async (name: string) => {
    await call(contract.createBranch, { project_id, name, from_commit_hash: first }, ada);
    return [await commit(project_id, name, long(`${name} 1`)), await commit(project_id, name, long(`${name} 2`))];
  };
  const lost = await make('lost');
  const tagged = await make('tagged');
  const forked = await make('forked');
  const merged = await make('merged');
  const fresh = await make('fresh');
  await call(createTag, { project_id, name: 'v1', ref: 'tagged', message: null }, ada);
  await call(contract.forkProject, { project_id, commit_hash: forked[1] }, ada);
  const { id } = await call(contract.createMergeRequest, { project_id, source_branch_name: 'merged' }, ada);
  await call(contract.mergeMergeRequest, { merge_request_id: id }, ada);
  await call(contract.saveWorkspace, { project_id, document: { a: 1 } }, ada);
  await call(contract.saveWorkspace, { project_id, document: { a: 2 } }, ada);
  for (const branch_name of ['lost', 'tagged', 'forked']) await call(deleteBranch, { project_id, branch_name }, ada);

  expect(await collector.collect({ days: 30 })).toEqual({ commits: 0, objects: 0, bytes: 0, revisions: 0 });
  await age();
  await call(deleteBranch, { project_id, branch_name: 'fresh' }, ada);
  const collected = await collector.collect({ days: 30 });
  expect(collected).toMatchObject({ commits: 2 });
  expect(collected!.objects).toBeGreaterThan(2);
  expect(collected!.bytes).toBeGreaterThan(collected!.objects * 16);
  expect(collected!.revisions).toBeGreaterThan(0);
  const there = await commitsThere();
  for (const gone of lost) expect(there.has(gone)).toBe(false);
  for (const kept of [first, ...tagged, ...forked, ...merged, ...fresh]) expect(there.has(kept)).toBe(true);
  await expect(
    call(contract.createBranch, { project_id, name: 'again', from_commit_hash: lost[1]! }, ada),
  ).rejects.toMatchObject({ message: 'Source commit not found' });
  expect(await everythingIsReadable()).toBeGreaterThan(5);
  expect(await collector.collect({ days: 30 })).toMatchObject({ commits: 0, objects: 0 });
});

test('of two replicas one collects', async () => {
  const both = await Promise.all([collector.collect({ days: 30 }), collector.collect({ days: 30 })]);
  expect(both.filter((one) => one !== null).length).toBeGreaterThanOrEqual(1);
});

test('while things are taken away, whoever commits the same again, or goes back to it, loses nothing', async () => {
  const project_id = await newProject();
  const seeds = Array.from({ length: 12 }, (_, at) => `story ${at}`);
  await commit(project_id, 'main', long('begin'));
  await call(contract.createBranch, { project_id, name: 'gone' }, ada);
  const dead: string[] = [];
  for (const seed of seeds) dead.push(await commit(project_id, 'gone', long(seed)));
  await call(deleteBranch, { project_id, branch_name: 'gone' }, ada);
  await age();

  let isOver = false;
  const collecting = (async () => {
    while (!isOver) await collector.collect({ days: 30 });
  })();
  const outcomes = await Promise.allSettled([
    ...seeds.map((seed, at) => commit(project_id, 'main', { ...long(seed), again: at })),
    ...dead.map((from_commit_hash, at) =>
      call(contract.createBranch, { project_id, name: `back${at}`, from_commit_hash }, ada),
    ),
    ...seeds.map(async (seed) => commit(await newProject(), 'main', long(seed))),
  ]);
  isOver = true;
  await collecting;
  for (const outcome of outcomes)
    if (outcome.status === 'rejected')
      expect(outcome.reason).toMatchObject({
        code: expect.stringMatching(/^(not_found|conflict|unavailable)$/) as string,
      });
  expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(2 * seeds.length);
  await collector.collect({ days: 30 });
  await everythingIsReadable();
  const { branches } = await call(contract.getGraph, { project_id }, ada);
  for (const { name } of branches) await call(contract.getHead, { project_id, branch_name: name }, ada);
});
