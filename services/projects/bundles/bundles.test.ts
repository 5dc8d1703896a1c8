import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { DataSource } from 'typeorm';
import type { Caller } from '#libs/contracts/caller';
import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/projects';
import type { BundledConversation } from '#libs/contracts/projects-bundled-reviews';
import * as bundles from '#libs/contracts/projects-bundles';
import * as history from '#libs/contracts/projects-history';
import * as reviews from '#libs/contracts/projects-reviews';
import * as members from '#libs/contracts/projects-members';
import { connectionOptions } from '#libs/database/connection-options';
import { AppError } from '#libs/errors/app-error';
import { readConfig } from '#libs/config/read-config';
import { FilesystemStore } from '#libs/storage/filesystem-store';
import { openStore, StorageConfig } from '#libs/storage/storage-config';
import { eventually } from '#libs/testing/child-process';
import { runServices, type RunningServices } from '#libs/testing/running';
import { film } from '#libs/testing/seeds/film';
import { person } from '#libs/testing/seeds/people';
import { filesOfTar, tarOf, type TarFile } from '#libs/testing/tar-files';
import { commitId } from '../domain/commit-id.js';
import { projects } from '../service.js';
import { endLostBundles } from './lost-bundles.js';

type Person = Awaited<ReturnType<typeof person>>;
type ImportWish = Omit<InputOf<typeof bundles.beginImport>, 'size' | 'mode'> & { mode?: 'import' | 'verify' };

let running: RunningServices;
let database: DataSource;
let ada: Person;
let bob: Person;
beforeAll(async () => {
  const { S3_ENDPOINT_URL, S3_ACCESS_KEY, S3_SECRET_KEY, S3_BUCKET_NAME, S3_REGION_NAME } = process.env;
  const s3 = { S3_ENDPOINT_URL, S3_ACCESS_KEY, S3_SECRET_KEY, S3_BUCKET_NAME, S3_REGION_NAME };
  await openStore(readConfig(StorageConfig, s3)).ensureBucket();
  running = await runServices([projects], { ...s3, BUNDLE_LIMIT_MB: '50' });
  const settings = { DATABASE_URL: running.databaseUrl, DATABASE_POOL_SIZE: 4 };
  database = await new DataSource(connectionOptions('projects', settings, [])).initialize();
  [ada, bob] = (await Promise.all(['Ada', 'Bob'].map((name) => person(running.broker, name)))) as [Person, Person];
});
afterAll(async () => {
  await database.destroy();
  await running.close();
});

const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => AppError.from(error).code,
  );
const commit = (project_id: string, video_assets: object, branch_name = 'main', by: Caller = ada) =>
  call(
    contract.createCommit,
    { project_id, message: `on ${branch_name}`, video_assets: { ...video_assets }, branch_name },
    by,
  );

async function settled(transfer_id: string, by: Caller) {
  let transfer!: bundles.Transfer;
  await eventually(async () => {
    transfer = await call(bundles.getTransfer, { transfer_id }, by);
    return transfer.status !== 'queued';
  });
  return transfer;
}

async function exported(wish: { project_id: string; branches?: string[]; have?: string[] }, by: Caller = ada) {
  const transfer = await settled((await call(bundles.exportBundle, wish, by)).id, by);
  expect(transfer).toMatchObject({ status: 'done', error: null });
  return Buffer.from(await (await fetch(transfer.download_url!)).arrayBuffer());
}

async function imported(bytes: Buffer, wish: ImportWish = {}, by: Caller = bob) {
  const { id: transfer_id } = await call(bundles.beginImport, { ...wish, size: bytes.length }, by);
  await upload(transfer_id, bytes, by);
  await call(bundles.finishUpload, { transfer_id }, by);
  return settled(transfer_id, by);
}

async function upload(transfer_id: string, bytes: Buffer, by: Caller) {
  const { links } = await call(bundles.importParts, { transfer_id, part_numbers: [1] }, by);
  const put = await fetch(links[0]!.url, { method: 'PUT', body: new Uint8Array(bytes) });
  expect(put.status).toBe(200);
}

/** A project with a history that forks and merges, a tag and a merge request. */
async function filmProject() {
  const { id: project_id } = await call(contract.createProject, { name: 'Beach', tags: ['film'] }, ada);
  const first = await commit(project_id, film({ beach: 4, forest: 2 }));
  await call(contract.createBranch, { project_id, name: 'side', from_commit_hash: first.id }, ada);
  await commit(project_id, film({ beach: 4, forest: 2, city: 3 }), 'side');
  await commit(project_id, film({ beach: 5, forest: 2 }));
  const { id: merge_request_id } = await call(
    contract.createMergeRequest,
    { project_id, source_branch_name: 'side', title: 'Add the city' },
    ada,
  );
  await call(contract.mergeMergeRequest, { merge_request_id }, ada);
  await call(history.createTag, { project_id, name: 'v1', ref: 'main', message: 'first cut' }, ada);
  return project_id;
}

const graphOf = async (project_id: string, by: Caller) => {
  const { branches, commits } = await call(contract.getGraph, { project_id }, by);
  return {
    branches: branches.map(({ name, head_commit_id }) => [name, head_commit_id]).sort(),
    commits: commits.map(({ id, parents, message }) => [id, parents, message]).sort(),
  };
};
const counts = async () =>
  (
    await database.query<Record<string, number>[]>(
      `select (select count(*)::int from projects) as projects, (select count(*)::int from commits) as commits,
         (select count(*)::int from objects) as objects, (select count(*)::int from project_commits) as reach,
         (select count(*)::int from branches) as branches`,
    )
  )[0];

test('a project goes out as a bundle and comes back with the same history, commit by commit', async () => {
  const project_id = await filmProject();
  const bytes = await exported({ project_id });
  const before = await counts();
  const verified = await imported(bytes, { mode: 'verify' });
  expect(verified).toMatchObject({
    status: 'done',
    project_id: null,
    report: { commits: 4, tags: 1, merge_requests: 1 },
  });
  expect(await counts()).toEqual(before);
  const { project_id: copy, report } = await imported(bytes, { name: 'Mine' });
  expect(report).toMatchObject({ commits: 4, project: { id: project_id, name: 'Beach' } });
  expect(await graphOf(copy!, bob)).toEqual(await graphOf(project_id, ada));
  expect(await call(contract.getProject, { project_id: copy! }, bob)).toMatchObject({
    name: 'Mine',
    tags: ['film'],
    owner_id: bob.user_id,
    is_public: false,
  });
  for (const branch_name of ['main', 'side']) {
    const [ours, theirs] = await Promise.all([
      call(contract.getHead, { project_id: copy!, branch_name }, bob),
      call(contract.getHead, { project_id, branch_name }, ada),
    ]);
    expect(ours.video_assets).toEqual(theirs.video_assets);
    expect((await call(contract.getWorkspace, { project_id: copy!, branch_name }, bob)).document).toEqual(
      ours.video_assets,
    );
  }
  expect((await call(history.listTags, { project_id: copy! }, bob)).items).toMatchObject([
    { name: 'v1', message: 'first cut' },
  ]);
  expect(await call(contract.listMergeRequests, { project_id: copy! }, bob)).toMatchObject([
    { title: 'Add the city', status: 'merged', source_branch_name: 'side', target_branch_name: 'main' },
  ]);
  expect(
    (await call(members.listProjectAudit, { project_id: copy! }, bob)).items.map(({ action }) => action),
  ).toContain('projects.bundleImported');
});

test('what one side has is left out, and what it then builds upon is named', async () => {
  const project_id = await filmProject();
  const { project_id: copy } = await imported(await exported({ project_id }));
  const have = (await graphOf(copy!, bob)).branches.map(([, head]) => head!);
  const next = await commit(project_id, film({ beach: 5, forest: 2, city: 3, night: 1 }));
  const whole = await exported({ project_id });
  const thin = await exported({ project_id, have: [...have, 'f'.repeat(64), 'nonsense'] });
  const manifest = JSON.parse((await filesOfTar(thin))[0]!.body.toString()) as bundles.BundleManifest;
  const side = have.find((head) => head !== next.parent_hash)!;
  expect(manifest).toMatchObject({ commits: 1, prerequisites: [next.parent_hash!, side].sort() });
  const objects = (JSON.parse((await filesOfTar(whole))[0]!.body.toString()) as bundles.BundleManifest).objects;
  expect(manifest.objects).toBeLessThan(objects);
  const stranger = await imported(thin);
  expect(stranger).toMatchObject({
    status: 'refused',
    error: expect.stringContaining('commits that are not here') as string,
  });
  expect(stranger.report!.missing).toContain(next.parent_hash);
  for (const outcome of ['moved', 'unchanged']) {
    const taken = await imported(thin, { into_project_id: copy! });
    expect(taken).toMatchObject({ status: 'done', project_id: copy });
    expect(taken.report!.refs).toMatchObject([
      { branch_name: 'main', outcome },
      { branch_name: 'side', outcome: 'unchanged' },
    ]);
  }
  expect((await call(contract.getHead, { project_id: copy! }, bob)).commit_id).toBe(next.id);
});

test('a branch that went its own way is told of, never overwritten', async () => {
  const project_id = await filmProject();
  const { project_id: copy } = await imported(await exported({ project_id }));
  const mine = await commit(copy!, film({ beach: 1 }), 'main', bob);
  const theirs = await commit(project_id, film({ beach: 9 }));
  await call(contract.createBranch, { project_id, name: 'new', from_commit_hash: theirs.id }, ada);
  const bytes = await exported({ project_id });
  const partly = await imported(bytes, { into_project_id: copy! });
  expect(partly.report!.refs).toEqual(
    expect.arrayContaining([
      { branch_name: 'main', outcome: 'diverged', head: mine.id, to: theirs.id },
      { branch_name: 'new', outcome: 'created', head: null, to: theirs.id },
    ]),
  );
  expect((await call(contract.getHead, { project_id: copy! }, bob)).commit_id).toBe(mine.id);
  const before = await counts();
  const later = await commit(project_id, film({ beach: 10 }));
  const all = await imported(await exported({ project_id }), {
    into_project_id: copy!,
    refs: [
      { branch_name: 'main', expected: mine.id, to: later.id },
      { branch_name: 'another', expected: null, to: later.id },
    ],
  });
  expect(all).toMatchObject({ status: 'refused', report: { code: 'conflict', reason: 'diverged' } });
  expect((await counts())!.branches).toBe(before!.branches);
});

test('a bundle moves no branch that whoever brings it may not commit on', async () => {
  const project_id = await filmProject();
  await call(contract.updateProject, { project_id, is_public: true }, ada);
  const base = await call(contract.getHead, { project_id }, ada);
  const { project_id: copy } = await imported(await exported({ project_id }, bob));
  const own = await commit(copy!, film({ bobs: 1 }), 'main', bob);
  const bytes = await exported({ project_id: copy!, branches: ['main'], have: [base.commit_id!] }, bob);
  const push = (branch_name: string, expected: string | null) =>
    imported(bytes, { into_project_id: project_id, refs: [{ branch_name, expected, to: own.id }] });
  expect(await push('main', base.commit_id!)).toMatchObject({ status: 'refused', report: { reason: 'not_allowed' } });
  expect(await push('bobs', null)).toMatchObject({ status: 'refused', report: { reason: 'not_allowed' } });
  const branch = await call(contract.forkBranch, { project_id, name: 'bobs' }, bob);
  expect(await push('bobs', branch.head_commit_id)).toMatchObject({ status: 'done' });
  expect((await call(contract.getHead, { project_id, branch_name: 'bobs' }, bob)).commit_id).toBe(own.id);
  await call(contract.updateProject, { project_id, is_public: false }, ada);
  const dan = await person(running.broker, 'Dan');
  expect(await codeOf(call(bundles.exportBundle, { project_id }, dan))).toBe('not_found');
  expect(await codeOf(call(bundles.beginImport, { size: 10, into_project_id: project_id }, dan))).toBe('not_found');
});

test('nothing of a bundle is kept for those who only look, and what others said in it for those alone who may merge', async () => {
  const { project_id } = await talkedAbout();
  const told = await database.query<unknown[]>('select 1 from merge_request_comments');
  const carol = await person(running.broker, 'Carol');
  const { project_id: copy } = await imported(await exported({ project_id }), {}, carol);
  const [request] = await call(contract.listMergeRequests, { project_id: copy! }, carol);
  const merge_request_id = request!.id;
  const [thread] = await call(reviews.listThreads, { merge_request_id }, carol);
  await call(reviews.replyToThread, { merge_request_id, thread_id: thread!.id, body: 'Ada agreed.' }, carol);
  await commit(copy!, film({ beach: 9 }), 'main', carol);
  const bytes = await exported({ project_id: copy! }, carol);
  const before = await counts();
  const push = (by: Caller) => imported(bytes, { into_project_id: project_id }, by);
  expect(await push(carol)).toMatchObject({
    status: 'refused',
    report: { code: 'unauthorized', reason: 'not_allowed' },
  });
  expect(await counts()).toEqual(before);
  await database.query(`insert into members (project_id, user_id, role) values ($1, $2, 'contributor')`, [
    project_id,
    carol.user_id,
  ]);
  const nothing = { merge_requests: 0, reviews: 0, threads: 0, comments: 0 };
  expect(await push(carol)).toMatchObject({ status: 'done', report: { added: nothing } });
  expect(await database.query<unknown[]>('select 1 from merge_request_comments')).toHaveLength(told.length * 2 + 1);
});

test('an upload can be taken up again, counts once, and is nobody else’s', async () => {
  const bytes = await exported({ project_id: await filmProject() });
  const { id: transfer_id } = await call(bundles.beginImport, { size: bytes.length }, bob);
  const parts = (by: Caller) => call(bundles.importParts, { transfer_id, part_numbers: [1, 2] }, by);
  expect(await parts(bob)).toMatchObject({ part_count: 1, arrived: [], links: [{ part_number: 1 }] });
  for (const operation of [bundles.getTransfer, bundles.finishUpload])
    expect(await codeOf(call(operation, { transfer_id }, ada))).toBe('not_found');
  expect(await codeOf(parts(ada))).toBe('not_found');
  expect(await codeOf(call(bundles.finishUpload, { transfer_id }, bob))).toBe('conflict');
  await upload(transfer_id, bytes.subarray(0, 100), bob);
  expect(await codeOf(call(bundles.finishUpload, { transfer_id }, bob))).toBe('conflict');
  await upload(transfer_id, bytes, bob);
  expect(await parts(bob)).toMatchObject({ arrived: [{ part_number: 1, size: bytes.length }] });
  const before = (await counts())!.projects!;
  await Promise.all([1, 2, 3].map(() => call(bundles.finishUpload, { transfer_id }, bob)));
  expect((await settled(transfer_id, bob)).status).toBe('done');
  expect((await counts())!.projects).toBe(before + 1);
  await call(bundles.endTransfer, { transfer_id }, bob);
  expect(await codeOf(call(bundles.getTransfer, { transfer_id }, bob))).toBe('not_found');
  expect(await codeOf(call(bundles.beginImport, { size: 51 * 2 ** 20 }, bob))).toBe('invalid');
});

/** A project whose merge request is talked about by two people, with a suggestion and an approval; its offer is still open. */
test('a branch without a name goes along, as old clients may make one', async () => {
  const { id: project_id } = await call(contract.createProject, { name: 'Film' }, ada);
  await call(contract.createBranch, { project_id, name: '' }, ada);
  const taken = await imported(await exported({ project_id }));
  expect(taken).toMatchObject({ status: 'done' });
  const branches = await call(contract.listBranches, { project_id: taken.project_id! }, bob);
  expect(branches.map(({ name }) => name).sort()).toEqual(['', 'main']);
});

async function talkedAbout() {
  const { id: project_id } = await call(contract.createProject, { name: 'Beach', is_public: true }, ada);
  await call(contract.updateProject, { project_id, is_public: true }, ada);
  const first = await commit(project_id, film({ beach: 4 }));
  await call(contract.createBranch, { project_id, name: 'side', from_commit_hash: first.id }, ada);
  const offered = await commit(project_id, film({ beach: 4, city: 3 }), 'side');
  const { id: merge_request_id } = await call(
    contract.createMergeRequest,
    { project_id, source_branch_name: 'side', title: 'Add the city' },
    ada,
  );
  const anchor = { commit_id: offered.id, entity: 'shot' as const, entity_id: 'city' };
  const suggestion = { path: ['editorData', 'title'], value: 'City' };
  const { id: thread_id } = await call(
    reviews.openThread,
    { merge_request_id, body: 'Call it that?', anchor, suggestion },
    bob,
  );
  await call(reviews.replyToThread, { merge_request_id, thread_id, body: 'Why not.' }, ada);
  await call(reviews.reviewMergeRequest, { merge_request_id, verdict: 'approved', body: 'Fine.' }, bob);
  return { project_id, merge_request_id, thread_id, offered };
}

test('what was said of a merge request comes along, under its ids and names, and adds nothing when it comes again', async () => {
  const { project_id, merge_request_id, thread_id, offered } = await talkedAbout();
  const bytes = await exported({ project_id });
  const carol = await person(running.broker, 'Carol');
  const taken = await imported(bytes, {}, carol);
  const added = { merge_requests: 1, reviews: 1, threads: 1, comments: 2 };
  expect(taken).toMatchObject({ status: 'done', report: { added } });
  const copy = taken.project_id!;
  const [request] = await call(contract.listMergeRequests, { project_id: copy }, carol);
  expect(request).toMatchObject({
    status: 'open',
    title: 'Add the city',
    creator_id: null,
    foreign_author_name: 'Ada',
  });
  expect([request!.head_commit_id, request!.id === merge_request_id]).toEqual([offered.id, false]);
  const threads = await call(reviews.listThreads, { merge_request_id: request!.id }, carol);
  expect(threads).toMatchObject([
    {
      anchor: { commit_id: offered.id, entity_id: 'city' },
      comments: [
        { user_id: null, user_name: 'Bob', is_imported: true, body: 'Call it that?', suggestion: { value: 'City' } },
        { user_name: 'Ada', is_imported: true, body: 'Why not.', suggestion: null },
      ],
    },
  ]);
  const state = await call(reviews.listReviews, { merge_request_id: request!.id }, carol);
  expect(state).toMatchObject({
    approvals: 0,
    reviews: [{ user_name: 'Bob', is_imported: true, verdict: 'approved', body: 'Fine.', counts: false }],
  });
  const nothing = { merge_requests: 0, reviews: 0, threads: 0, comments: 0 };
  expect(await imported(bytes, { into_project_id: copy }, carol)).toMatchObject({
    status: 'done',
    report: { added: nothing },
  });

  await call(reviews.replyToThread, { merge_request_id: request!.id, thread_id: threads[0]!.id, body: 'Done.' }, carol);
  const back = await imported(await exported({ project_id: copy }, carol), { into_project_id: project_id }, ada);
  expect(back).toMatchObject({ status: 'done', report: { added: { ...nothing, comments: 1 } } });
  const [thread] = await call(reviews.listThreads, { merge_request_id }, ada);
  expect([thread!.id, thread!.comments.map(({ user_name, is_imported }) => [user_name, is_imported])]).toEqual([
    thread_id,
    [
      ['Bob', false],
      ['Ada', false],
      ['Carol', true],
    ],
  ]);
});

test('decisions about conflicts come along, and later states where nobody here changed the thing since', async () => {
  const { project_id, merge_request_id, thread_id } = await talkedAbout();
  await commit(project_id, { ...film({ beach: 4 }), title: 'Sun' });
  await commit(project_id, { ...film({ beach: 4, city: 3 }), title: 'Rain' }, 'side');
  const [conflict] = (await call(reviews.listConflicts, { merge_request_id }, ada)).items;
  const decide = (take: 'ours' | 'theirs') =>
    call(reviews.resolveConflict, { merge_request_id, conflict_id: conflict!.id, take }, ada);
  await decide('theirs');
  const first = await exported({ project_id });
  const carol = await person(running.broker, 'Carol');
  const { project_id: copy, report } = await imported(first, {}, carol);
  expect(report!.added).toMatchObject({ decisions: 1, changed: 0 });
  const [request] = await call(contract.listMergeRequests, { project_id: copy! }, carol);
  const here = request!.id;
  const decision = async () =>
    (await call(reviews.listConflicts, { merge_request_id: here }, carol)).items[0]!.resolution;
  const [thread] = await call(reviews.listThreads, { merge_request_id: here }, carol);
  const comments = async () => (await call(reviews.listThreads, { merge_request_id: here }, carol))[0]!;
  expect(await decision()).toMatchObject({ take: 'theirs', by: null, by_name: 'Ada' });

  await decide('ours');
  await call(reviews.settleThread, { merge_request_id, thread_id, is_resolved: true }, ada);
  const [, reply] = thread!.comments;
  const told = (await call(reviews.listThreads, { merge_request_id }, ada))[0]!.comments[1]!.id;
  await call(reviews.editComment, { merge_request_id, thread_id, comment_id: told, body: 'Why not!' }, ada);
  await call(reviews.updateMergeRequest, { merge_request_id, title: 'The city' }, ada);
  const second = await exported({ project_id });
  const take = async (bytes: Buffer) => (await imported(bytes, { into_project_id: copy! }, carol)).report!.added;
  expect(await take(second)).toMatchObject({ merge_requests: 0, decisions: 1, changed: 3 });
  expect(await decision()).toMatchObject({ take: 'ours', by_name: 'Ada' });
  expect(await comments()).toMatchObject({ is_resolved: true, comments: [{}, { id: reply!.id, body: 'Why not!' }] });
  expect(await call(contract.getMergeRequest, { merge_request_id: here }, carol)).toMatchObject({ title: 'The city' });
  for (const again of [second, first]) expect(await take(again)).toMatchObject({ decisions: 0, changed: 0 });

  await call(reviews.settleThread, { merge_request_id: here, thread_id: thread!.id, is_resolved: false }, carol);
  const mine = { merge_request_id: here, conflict_id: conflict!.id, take: 'theirs' as const };
  await call(reviews.resolveConflict, mine, carol);
  await call(reviews.settleThread, { merge_request_id, thread_id, is_resolved: false }, ada);
  await decide('ours');
  await call(contract.closeMergeRequest, { merge_request_id }, ada);
  expect(await take(await exported({ project_id }))).toMatchObject({ decisions: 0, changed: 1 });
  expect(await call(contract.getMergeRequest, { merge_request_id: here }, carol)).toMatchObject({ status: 'closed' });
  expect(await comments()).toMatchObject({ is_resolved: false });
  expect(await decision()).toMatchObject({ take: 'theirs', by_name: 'Carol' });
});

test('an open request from a fork comes along with what it offers, later pushes too, and can be merged where its fork is not', async () => {
  const { id: project_id } = await call(contract.createProject, { name: 'Beach', is_public: true }, ada);
  await commit(project_id, film({ beach: 4 }));
  const { id: fork } = await call(contract.forkProject, { project_id }, bob);
  const first = await commit(fork, film({ beach: 4, city: 3 }), 'main', bob);
  const offer = { project_id, source_project_id: fork, source_branch_name: 'main', title: 'A city' };
  const { id: merge_request_id } = await call(contract.createMergeRequest, offer, bob);
  await call(reviews.openThread, { merge_request_id, body: 'Which one?' }, ada);
  const bytes = await exported({ project_id });
  const carol = await person(running.broker, 'Carol');
  const { project_id: copy, report } = await imported(bytes, {}, carol);
  expect(report!.added).toMatchObject({ merge_requests: 1, threads: 1, comments: 1 });
  const requests = async (of: string) => call(contract.listMergeRequests, { project_id: of }, carol);
  const [request] = await requests(copy!);
  const about = { status: 'open', source_project_id: null, head_commit_id: first.id };
  expect(request).toMatchObject({ ...about, foreign_author_name: 'Bob', source_branch_name: 'main' });
  const nothing = { merge_requests: 0, threads: 0, comments: 0, changed: 0 };
  const again = async (bytes: Buffer) => (await imported(bytes, { into_project_id: copy! }, carol)).report!.added;
  expect(await again(bytes)).toMatchObject(nothing);

  const second = await commit(fork, film({ beach: 4, city: 5 }), 'main', bob);
  const later = await exported({ project_id });
  expect(await again(later)).toMatchObject({ ...nothing, changed: 1 });
  for (const known of [later, bytes]) expect(await again(known)).toMatchObject(nothing);
  const here = { merge_request_id: request!.id };
  for (const head of [first, second]) {
    const goneBackTo = 'insert into merge_request_heads (merge_request_id, commit_id) values ($1, $2)';
    await database.query(goneBackTo, [merge_request_id, head.id]);
    expect(await again(await exported({ project_id }))).toMatchObject({ ...nothing, changed: 1 });
    expect(await call(reviews.previewMerge, here, carol)).toMatchObject({ source_head: head.id });
    expect(await again(later)).toMatchObject(nothing);
  }
  expect(await call(reviews.previewMerge, here, carol)).toMatchObject({
    source_head: second.id,
    can_merge: true,
    relation: 'fast_forward',
  });
  const { project_id: onward } = await imported(await exported({ project_id: copy! }, carol), {}, carol);
  expect(await requests(onward!)).toMatchObject([{ status: 'open', title: 'A city', head_commit_id: second.id }]);
  await call(contract.closeMergeRequest, here, carol);
  expect(await call(reviews.reopenMergeRequest, here, carol)).toMatchObject({ head_commit_id: second.id });
  const merged = await call(contract.mergeMergeRequest, here, carol);
  expect(merged).toMatchObject({ status: 'merged', merged_by: carol.user_id });
  const { parents } = await call(contract.getCommit, { project_id: copy!, commit: merged.merge_commit_id! }, carol);
  expect(parents[1]).toBe(second.id);
  expect((await call(contract.getHead, { project_id: copy! }, carol)).video_assets).toEqual(
    film({ beach: 4, city: 5 }),
  );
  expect(await again(later)).toMatchObject(nothing);
});

test('a request of a fork that was closed opens again with what it offered, never with a branch of the same name', async () => {
  const { id: project_id } = await call(contract.createProject, { name: 'Beach', is_public: true }, ada);
  const { id: from_commit_hash } = await commit(project_id, film({ beach: 4 }));
  const { id: fork } = await call(contract.forkProject, { project_id }, bob);
  await call(contract.createBranch, { project_id, name: 'city', from_commit_hash }, ada);
  await call(contract.createBranch, { project_id: fork, name: 'city', from_commit_hash }, bob);
  await commit(project_id, film({ beach: 5 }), 'city');
  const offered = await commit(fork, film({ beach: 4, city: 3 }), 'city', bob);
  const offer = { project_id, source_project_id: fork, source_branch_name: 'city', title: 'A city' };
  const { id: merge_request_id } = await call(contract.createMergeRequest, offer, bob);
  await call(contract.closeMergeRequest, { merge_request_id }, ada);
  const carol = await person(running.broker, 'Carol');
  const { project_id: copy } = await imported(await exported({ project_id }), {}, carol);
  const [request] = await call(contract.listMergeRequests, { project_id: copy! }, carol);
  expect(request).toMatchObject({ status: 'closed', source_project_id: null });
  const opened = await call(reviews.reopenMergeRequest, { merge_request_id: request!.id }, carol);
  expect(opened).toMatchObject({ status: 'open', head_commit_id: offered.id });
});

test('a request that was merged elsewhere is merged here once its branch has the commit, and its ids stay where nobody has them', async () => {
  const { project_id, merge_request_id, thread_id } = await talkedAbout();
  const before = await exported({ project_id });
  await call(contract.mergeMergeRequest, { merge_request_id }, ada);
  const after = await exported({ project_id });
  await call(contract.deleteProject, { project_id, confirm_project_id: project_id, confirm_nickname: 'Ada' }, ada);
  const { project_id: copy } = await imported(before);
  const [thread] = await call(reviews.listThreads, { merge_request_id }, bob);
  expect([thread!.id, thread!.comments[0]!.user_id]).toEqual([thread_id, bob.user_id]);
  const later = await imported(after, { into_project_id: copy! });
  expect(later.report!.refs).toMatchObject([{ branch_name: 'main', outcome: 'moved' }, { outcome: 'unchanged' }]);
  expect(await call(contract.getMergeRequest, { merge_request_id }, bob)).toMatchObject({ status: 'merged' });
});

test('nobody approves what they brought from elsewhere, whichever branch it is offered from', async () => {
  const { project_id } = await talkedAbout();
  const bytes = await exported({ project_id });
  await database.query(
    `update commits set author_id = null, foreign_author = gen_random_uuid() where seq in (
       select commit_seq from project_commits where project_id = $1)`,
    [project_id],
  );
  const [carol, dan] = await Promise.all(['Carol', 'Dan'].map((name) => person(running.broker, name)));
  const { project_id: copy } = await imported(bytes, {}, carol);
  await database.query(
    `insert into members (project_id, user_id, role) select $1, id, 'maintainer' from unnest($2::uuid[]) as t (id)`,
    [copy, [bob.user_id, dan!.user_id]],
  );
  const { commit_id: side } = await call(contract.getHead, { project_id: copy!, branch_name: 'side' }, carol);
  await call(contract.createBranch, { project_id: copy!, name: 'aside', from_commit_hash: side }, carol);
  const request = { project_id: copy!, source_branch_name: 'aside' };
  const { id: merge_request_id } = await call(contract.createMergeRequest, request, bob);
  const approve = { merge_request_id, verdict: 'approved' as const };
  expect(await call(reviews.reviewMergeRequest, approve, carol!)).toMatchObject({ approvals: 0 });
  expect(await call(reviews.reviewMergeRequest, approve, dan!)).toMatchObject({ approvals: 1 });
});

test('what a worker that died had begun is finished by another', async () => {
  const project_id = await filmProject();
  const { id } = await call(bundles.exportBundle, { project_id }, ada);
  await settled(id, ada);
  await database.query(
    `update transfers set status = 'queued', claimed_until = now() - interval '1 second', report = null where id = $1`,
    [id],
  );
  expect(await settled(id, ada)).toMatchObject({ status: 'done', report: { commits: 4 } });
});

test('bytes of bundles that no transfer knows of go after two days, and those of transfers stay', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bundles-'));
  const store = new FilesystemStore({ folder, publicUrl: 'http://localhost/files', signingKey: randomBytes(32) });
  const { id } = await call(bundles.exportBundle, { project_id: await filmProject() }, ada);
  const [lost, known] = [`bundles/exports/${randomUUID()}.tar`, `bundles/exports/${id}.tar`];
  for (const key of [lost, known]) await store.put(key, Buffer.from('bytes'));
  await store.createUpload(`bundles/imports/${randomUUID()}.tar`);
  const later = new Date(Date.now() + 49 * 3600 * 1000);
  expect(await endLostBundles(database, store)).toBe(0);
  expect(await endLostBundles(database, store, later)).toBe(2);
  expect(await endLostBundles(database, store, later)).toBe(0);
  expect([await store.head(lost), await store.head(known)]).toEqual([undefined, expect.objectContaining({ size: 5 })]);
  await rm(folder, { recursive: true });
});

describe('a bundle that lies is refused with the reason, and leaves nothing behind:', () => {
  interface Parts {
    manifest: bundles.BundleManifest;
    commits: bundles.BundledCommit[];
    conversations: BundledConversation[];
    objects: string[];
  }
  let good: Parts;
  let secret: string;
  beforeAll(async () => {
    const files = await filesOfTar(await exported({ project_id: (await talkedAbout()).project_id }));
    good = {
      manifest: JSON.parse(files[0]!.body.toString()) as bundles.BundleManifest,
      commits: linesOf(files[1]!).map((line) => JSON.parse(line) as bundles.BundledCommit),
      conversations: linesOf(files[2]!).map((line) => JSON.parse(line) as BundledConversation),
      objects: files.slice(3).flatMap(linesOf),
    };
    const { id } = await call(contract.createProject, { name: 'Secret' }, ada);
    await commit(id, { plot: 'the butler did it'.repeat(1000) });
    const [row] = await database.query<{ tree: string }[]>(
      `select encode(t.sha256, 'hex') as tree from commits c join objects t on t.seq = c.tree_seq join project_commits p on p.commit_seq = c.seq where p.project_id = $1`,
      [id],
    );
    secret = row!.tree;
  });

  const linesOf = ({ body }: TarFile) => zlib.zstdDecompressSync(body).toString().trimEnd().split('\n');
  const signed = (content: Omit<bundles.BundledCommit, 'id'>) => ({ ...content, id: commitId(content) });
  const file = (path: string, lines: string[]) => {
    const raw = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const body = zlib.zstdCompressSync(raw);
    const sha256 = createHash('sha256').update(body).digest('hex');
    return { name: path, body, entry: { path, size: body.length, raw_size: raw.length, sha256 } };
  };
  /** A bundle of these parts whose outside is in order, and then what is done to its files. */
  function pack(change: (parts: Parts) => void, spoil: (files: TarFile[]) => TarFile[] = (files) => files) {
    const parts = structuredClone(good);
    change(parts);
    const packed = [
      file(
        'commits.jsonl.zst',
        parts.commits.map((one) => JSON.stringify(one)),
      ),
      file(
        'reviews.jsonl.zst',
        parts.conversations.map((one) => JSON.stringify(one)),
      ),
      file('objects-00001.jsonl.zst', parts.objects),
    ];
    const manifest = {
      ...parts.manifest,
      commits: parts.commits.length,
      objects: parts.objects.length,
      files: packed.map(({ entry }) => entry),
    };
    return tarOf(spoil([{ name: 'manifest.json', body: Buffer.from(JSON.stringify(manifest)) }, ...packed]));
  }
  const withManifest = (files: TarFile[], change: (manifest: bundles.BundleManifest) => void) => {
    const manifest = JSON.parse(files[0]!.body.toString()) as bundles.BundleManifest;
    change(manifest);
    return [{ name: 'manifest.json', body: Buffer.from(JSON.stringify(manifest)) }, ...files.slice(1)];
  };

  const LIES: [string, RegExp, () => Promise<Buffer>][] = [
    [
      'a commit with another message',
      /not what its id says/,
      () => pack(({ commits }) => (commits[0]!.message = 'forged')),
    ],
    [
      'a commit with another author',
      /not what its id says/,
      () => pack(({ commits }) => (commits[0]!.author = randomUUID())),
    ],
    ['a missing parent', /missing/, () => pack((parts) => (parts.commits = parts.commits.slice(1)))],
    ['parents after their children', /comes before its parent/, () => pack(({ commits }) => commits.reverse())],
    [
      'commits that come from each other',
      /not what its id says/,
      () =>
        pack(({ commits }) => {
          commits[0]!.parents = [commits[1]!.id];
          commits[1]!.parents = [commits[0]!.id];
        }),
    ],
    ['a commit twice', /twice/, () => pack(({ commits }) => commits.push(commits[0]!))],
    ['a missing object', /is missing/, () => pack(({ objects }) => objects.pop())],
    ['an object that nobody needs', /nothing in it needs/, () => pack(({ objects }) => objects.push('{"map":[]}'))],
    [
      'an object that was changed',
      /is missing/,
      () => pack(({ objects }) => (objects[0] = objects[0]!.replace(/[a-z]/, 'Q'))),
    ],
    [
      'a tree of somebody else’s project',
      /is missing/,
      () =>
        pack((parts) => {
          const forged = signed({ ...parts.commits.at(-1)!, tree: secret });
          parts.commits.push(forged);
          parts.manifest.refs[0]!.target = forged.id;
        }),
    ],
    [
      'a branch that leads nowhere',
      /not in it/,
      () => pack(({ manifest }) => (manifest.refs[0]!.target = 'a'.repeat(64))),
    ],
    ['a branch twice', /twice/, () => pack(({ manifest }) => manifest.refs.push(manifest.refs[0]!))],
    [
      'prerequisites that are not here',
      /not here/,
      () => pack(({ manifest }) => manifest.prerequisites.push('b'.repeat(64))),
    ],
    [
      'a path out of its folder',
      /not the file that the manifest lists/,
      () =>
        pack(
          () => {},
          (files) => [files[0]!, { ...files[1]!, name: '../../etc/cron.d/evil' }, ...files.slice(2)],
        ),
    ],
    [
      'a path that the manifest itself names',
      /no such file/,
      () =>
        pack(
          () => {},
          (files) => withManifest(files, ({ files: listed }) => (listed[1]!.path = '/etc/passwd')),
        ),
    ],
    [
      'a link instead of a file',
      /not a plain file/,
      () =>
        pack(
          () => {},
          (files) => [
            files[0]!,
            { name: 'commits.jsonl.zst', type: 'symlink', linkname: '/etc/passwd', body: Buffer.alloc(0) },
          ],
        ),
    ],
    [
      'a file too many',
      /not the file/,
      () =>
        pack(
          () => {},
          (files) => [...files, { name: 'more', body: Buffer.from('x') }],
        ),
    ],
    [
      'a file too few',
      /ends before/,
      () =>
        pack(
          () => {},
          (files) => files.slice(0, 2),
        ),
    ],
    [
      'a file with another hash',
      /another hash/,
      () =>
        pack(
          () => {},
          (files) => withManifest(files, ({ files: listed }) => (listed[1]!.sha256 = 'c'.repeat(64))),
        ),
    ],
    [
      'a file that unpacks to a thousand times what it says',
      /cannot be unpacked to the size/,
      () => {
        const bomb = zlib.zstdCompressSync(Buffer.alloc(80 * 2 ** 20));
        return pack(
          () => {},
          (files) => [
            ...withManifest(files, ({ files: listed }) => {
              const sha256 = createHash('sha256').update(bomb).digest('hex');
              listed[1] = { ...listed[1]!, size: bomb.length, raw_size: 80_000, sha256 };
            }).slice(0, 2),
            { ...files[2]!, body: bomb },
          ],
        );
      },
    ],
    [
      'files that are too large once unpacked',
      /too large/,
      () =>
        pack(
          () => {},
          (files) => withManifest(files, ({ files: listed }) => (listed[1]!.raw_size = 10 ** 12)),
        ),
    ],
    [
      'a million tiny objects',
      /objects/,
      () =>
        pack(
          () => {},
          (files) => withManifest(files, (manifest) => (manifest.objects = 1_000_000)),
        ),
    ],
    [
      'a few hundred thousand tiny objects that nobody needs',
      /nothing in it needs/,
      () =>
        pack((parts) => {
          const tiny = Array.from({ length: 250_000 }, (_, n) => `{"list":[[${n}]]}`);
          parts.objects = [...parts.objects, ...tiny];
        }),
    ],
    [
      'words about a merge request that is not in it',
      /not in it/,
      () => pack((parts) => (parts.conversations[0]!.merge_request_id = randomUUID())),
    ],
    [
      'a comment twice',
      /twice/,
      () => pack(({ conversations: [one] }) => one!.threads[0]!.comments.push(one!.threads[0]!.comments[0]!)),
    ],
    [
      'a comment of a size that nobody could have written',
      /not as it should be/,
      () => pack(({ conversations: [one] }) => (one!.threads[0]!.comments[0]!.body = 'x'.repeat(50_001))),
    ],
    [
      'an open merge request between branches that are not there',
      /branches that are not in it/,
      () => pack(({ manifest }) => (manifest.merge_requests[0]!.source_branch_name = 'nowhere')),
    ],
    [
      'a merge request from a fork that offers nothing',
      /branches that are not in it/,
      () => pack(({ manifest }) => Object.assign(manifest.merge_requests[0]!, { is_from_fork: true, offers: [] })),
    ],
    ['half a tar', /not a whole tar|ends before/, async () => (await pack(() => {})).subarray(0, 2000)],
    ['no tar at all', /not a whole tar|empty/, async () => Buffer.from('hello '.repeat(500))],
    [
      'another format',
      /not as it should be/,
      () =>
        pack(
          () => {},
          (files) => withManifest(files, (manifest) => Object.assign(manifest, { version: 2 })),
        ),
    ],
  ];

  test.each(LIES)('%s', async (_name, reason, make) => {
    const before = await counts();
    const { status, error, id } = await imported(await make());
    expect([status, error]).toEqual(['refused', expect.stringMatching(reason)]);
    expect(await counts()).toEqual(before);
    const [row] = await database.query<{ object_key: string }[]>('select object_key from transfers where id = $1', [
      id,
    ]);
    expect(row!.object_key).toContain(id);
  });

  test('and the same without the lie is taken in', async () => {
    expect(await imported(await pack(() => {}))).toMatchObject({ status: 'done' });
  });
});
