import * as contract from '#libs/contracts/projects';
import { mergeBase } from '#libs/contracts/projects-graph';
import { peopleWith } from '#libs/testing/people-with';
import { projects } from '../service.js';

const { call, ada } = peopleWith([projects], ['Ada']);

test('where two branches took over each other’s work, each may still take back what came from the other', async () => {
  const project_id = (await call(contract.createProject, { name: 'Film', is_public: true }, ada)).id;
  const commit = async (branch_name: string, beach: string, city: string) => {
    const video_assets = { beats: { beach: { id: 'beach', text: beach }, city: { id: 'city', text: city } } };
    return (await call(contract.createCommit, { project_id, branch_name, message: 'm', video_assets }, ada)).id;
  };
  const merge = async (source_branch_name: string, target_branch_name: string) => {
    const { id } = await call(contract.createMergeRequest, { project_id, source_branch_name, target_branch_name }, ada);
    await call(contract.mergeMergeRequest, { merge_request_id: id }, ada);
  };
  const first = await commit('main', 'dry', 'dark');
  for (const name of ['bobs', 'keep'])
    await call(contract.createBranch, { project_id, name, from_commit_hash: first }, ada);
  const sun = await commit('main', 'sun', 'dark');
  const rain = await commit('bobs', 'dry', 'rain');
  await merge('main', 'keep');
  await merge('bobs', 'main');
  await merge('keep', 'bobs');
  await commit('main', 'sun', 'dark');
  await commit('bobs', 'dry', 'rain');
  const { merge_bases } = await call(mergeBase, { project_id, base: 'main', head: 'bobs' });
  expect(merge_bases).toHaveLength(2);
  expect(merge_bases).toContain(rain);
  expect(merge_bases).not.toContain(first);
  await merge('bobs', 'main');
  const { video_assets } = await call(contract.getHead, { project_id }, ada);
  expect(video_assets).toMatchObject({ beats: { beach: { text: 'dry' }, city: { text: 'dark' } } });
  expect((await call(mergeBase, { project_id, base: 'main', head: sun })).merge_bases).toEqual([sun]);
});
