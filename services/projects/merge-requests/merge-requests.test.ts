import type { Caller } from '#libs/contracts/caller';
import * as contract from '#libs/contracts/projects';
import { peopleWith } from '#libs/testing/people-with';
import { film } from '#libs/testing/seeds/film';
import { projects } from '../service.js';

const { call, ada, bob, cy } = peopleWith([projects], ['Ada', 'Bob', 'Cy']);
const commit = (project_id: string, branch_name: string, video_assets: Record<string, unknown>, by: Caller) =>
  call(contract.createCommit, { project_id, branch_name, message: `by ${branch_name}`, video_assets }, by);

/** A public film with one commit, and a branch of Bob's on it. */
async function shared(shots = { beach: 4, forest: 2, city: 3 }) {
  const { id } = await call(contract.createProject, { name: 'Film', is_public: true }, ada);
  await commit(id, 'main', film(shots), ada);
  await call(contract.forkBranch, { project_id: id, name: 'bobs' }, bob);
  return id;
}
const ask = (project_id: string, by: Caller = bob) =>
  call(contract.createMergeRequest, { project_id, source_branch_name: 'bobs', title: 'Mine' }, by);

/** The film with a change to the narration of one beat. */
function narrated(shots: Record<string, number>, beat: string, narration: string) {
  const document = film(shots);
  (document.editorState as { beats: Record<string, { narration: string }> }).beats[`beat_${beat}`]!.narration =
    narration;
  return document;
}

const SHOTS = { beach: 4, forest: 2, city: 3 };

test('changes to different beats of both sides come together in a commit with both as parents', async () => {
  const project_id = await shared(SHOTS);
  const theirs = await commit(project_id, 'bobs', narrated(SHOTS, 'city', 'Rain.'), bob);
  const ours = await commit(project_id, 'main', narrated(SHOTS, 'beach', 'Sun.'), ada);
  const { id } = await ask(project_id);
  const merged = await call(contract.mergeMergeRequest, { merge_request_id: id }, ada);
  expect(merged).toMatchObject({
    status: 'merged',
    merged_by: ada.user_id,
    source_branch_name: 'bobs',
    target_branch_name: 'main',
    extra: null,
  });
  const head = await call(contract.getHead, { project_id }, bob);
  const { beats } = head.video_assets.editorState as { beats: Record<string, { narration: string }> };
  expect([beats.beat_beach!.narration, beats.beat_forest!.narration, beats.beat_city!.narration]).toEqual([
    'Sun.',
    'We see forest.',
    'Rain.',
  ]);
  const { commits } = await call(contract.getGraph, { project_id }, bob);
  expect(commits.find((one) => one.id === merged.merge_commit_id)!.parents).toEqual([ours.id, theirs.id]);
  expect(await call(contract.getMergeRequest, { merge_request_id: id }, bob)).toMatchObject({ merged_by: ada.user_id });
});

test('a true conflict is refused with what it is, and nothing has changed', async () => {
  const project_id = await shared(SHOTS);
  await commit(project_id, 'bobs', narrated(SHOTS, 'city', 'Rain.'), bob);
  const ours = await commit(project_id, 'main', narrated(SHOTS, 'city', 'Snow.'), ada);
  const { id } = await ask(project_id);
  await expect(call(contract.mergeMergeRequest, { merge_request_id: id }, ada)).rejects.toMatchObject({
    code: 'conflict',
    details: { conflicts: [{ kind: 'both_changed', path: ['editorState', 'beats', 'beat_city', 'narration'] }] },
  });
  expect((await call(contract.getHead, { project_id }, ada)).commit_id).toBe(ours.id);
  expect((await call(contract.getMergeRequest, { merge_request_id: id }, bob)).status).toBe('open');
});

test('of eight merges at once one merges', async () => {
  const project_id = await shared(SHOTS);
  await commit(project_id, 'bobs', narrated(SHOTS, 'city', 'Rain.'), bob);
  const { id } = await ask(project_id);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 8 }, () => call(contract.mergeMergeRequest, { merge_request_id: id }, ada)),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected')
      expect(outcome.reason).toMatchObject({ code: 'invalid', message: 'Merge request is not open' });
  expect((await call(contract.getGraph, { project_id }, ada)).commits).toHaveLength(3);
});

test('people who only save, and never commit, merge too', async () => {
  const { id: project_id } = await call(contract.createProject, { name: 'Film', is_public: true }, ada);
  await call(contract.saveWorkspace, { project_id, document: film(SHOTS) }, ada);
  await call(contract.updateProject, { project_id, is_public: true }, ada);
  await call(contract.forkBranch, { project_id, name: 'bobs' }, bob);
  await call(
    contract.saveWorkspace,
    { project_id, branch_name: 'bobs', document: narrated(SHOTS, 'city', 'Rain.') },
    bob,
  );
  await call(
    contract.saveWorkspace,
    { project_id, document: { ...narrated(SHOTS, 'beach', 'Sun.'), editorUi: { open: 'history' } } },
    ada,
  );
  const { id } = await ask(project_id);
  await call(contract.mergeMergeRequest, { merge_request_id: id }, ada);
  const workspace = (await call(contract.getWorkspace, { project_id }, ada)).document!;
  const { beats } = workspace.editorState as { beats: Record<string, { narration: string }> };
  expect([beats.beat_beach!.narration, beats.beat_city!.narration]).toEqual(['Sun.', 'Rain.']);
  expect(workspace.editorUi).toEqual({ open: 'history' });
});

test('files committed by the command line are not replaced by the workspace beside them', async () => {
  const { id: project_id } = await call(contract.createProject, { name: 'Film', is_public: true }, ada);
  await commit(project_id, 'main', { 'a.mp4': 'https://example.org/a' }, ada);
  await call(contract.forkBranch, { project_id, name: 'bobs' }, bob);
  await commit(project_id, 'bobs', { 'a.mp4': 'https://example.org/a', 'b.mp4': 'https://example.org/b' }, bob);
  await call(contract.saveWorkspace, { project_id, document: film(SHOTS) }, ada);
  const { id } = await ask(project_id);
  await call(contract.mergeMergeRequest, { merge_request_id: id }, ada);
  expect(Object.keys((await call(contract.getHead, { project_id }, ada)).video_assets)).toEqual(['a.mp4', 'b.mp4']);
  expect((await call(contract.getWorkspace, { project_id }, ada)).document).toEqual(film(SHOTS));
});

test('a request is asked for and closed by those who may, once', async () => {
  const project_id = await shared(SHOTS);
  const refused = { code: 'unauthorized', message: 'Not allowed to create merge request' };
  await expect(ask(project_id, cy)).rejects.toMatchObject(refused);
  const wrong = (source_branch_name: string, target_branch_name?: string) =>
    call(contract.createMergeRequest, { project_id, source_branch_name, target_branch_name }, ada);
  await expect(wrong(' ')).rejects.toMatchObject({ code: 'invalid', message: 'branch_name is required' });
  await expect(wrong('main')).rejects.toMatchObject({
    code: 'invalid',
    message: 'source and target branch must differ',
  });
  await expect(wrong('nowhere')).rejects.toMatchObject({ code: 'not_found', message: 'Branch not found' });
  const { id } = await ask(project_id);
  await expect(call(contract.mergeMergeRequest, { merge_request_id: id }, bob)).rejects.toMatchObject({
    message: 'Only project owner can merge',
  });
  await expect(call(contract.closeMergeRequest, { merge_request_id: id }, cy)).rejects.toMatchObject({
    message: 'Not allowed to close merge request',
  });
  expect(await call(contract.closeMergeRequest, { merge_request_id: id }, bob)).toMatchObject({ status: 'closed' });
  for (const operation of [contract.closeMergeRequest, contract.mergeMergeRequest])
    await expect(call(operation, { merge_request_id: id }, ada)).rejects.toMatchObject({
      code: 'invalid',
      message: 'Merge request is not open',
    });
  await expect(call(contract.getMergeRequest, { merge_request_id: 'nonsense' }, ada)).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('the requests of a project come newest first, a page at a time', async () => {
  const project_id = await shared(SHOTS);
  const ids = [];
  for (let n = 0; n < 3; n++) ids.unshift((await ask(project_id)).id);
  const page = async (wish: object) =>
    (await call(contract.listMergeRequests, { project_id, ...wish }, ada)).map(({ id }) => id);
  expect(await page({})).toEqual(ids);
  expect(await page({ skip: 1, limit: 1 })).toEqual([ids[1]]);
  expect(await page({ skip: 3 })).toEqual([]);
});
