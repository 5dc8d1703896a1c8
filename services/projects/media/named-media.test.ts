import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Caller } from '#libs/contracts/caller';
import { ANONYMOUS } from '#libs/contracts/caller';
import * as contract from '#libs/contracts/projects';
import { admitToProject, mediaNamed, mediaSaved } from '#libs/contracts/projects-media';
import { peopleWith } from '#libs/testing/people-with';
import { projects } from '../service.js';

const { call, ada, bob, running } = peopleWith([projects], ['Ada', 'Bob']);
const link = (asset: string) => `https://films.example.org/api/v1/media/${asset}/k3y/beach.mp4`;

test('other services learn who may do what in a project, by the one table', async () => {
  const { id: project_id } = await call(contract.createProject, { name: 'Film' }, ada);
  expect(await call(admitToProject, { project_id, action: 'addMedia' }, ada)).toMatchObject({
    allowed: true,
    is_public: false,
    owner_id: ada.user_id,
  });
  await expect(call(admitToProject, { project_id, action: 'readMedia' }, bob)).rejects.toMatchObject({
    code: 'not_found',
  });
  await call(contract.updateProject, { project_id, is_public: true }, ada);
  const may = async (by: Caller, action: 'readMedia' | 'readHistory' | 'addMedia') =>
    (await call(admitToProject, { project_id, action }, by)).allowed;
  expect([await may(bob, 'readHistory'), await may(bob, 'readMedia'), await may(bob, 'addMedia')]).toEqual([
    true,
    false,
    false,
  ]);
  expect(await may(ANONYMOUS, 'readMedia')).toBe(false);
  await call(contract.forkBranch, { project_id, name: 'bobs' }, bob);
  // What lies in a project unpublished is its people's: a branch that anybody can make of a public one opens none of it.
  expect([await may(bob, 'readMedia'), await may(bob, 'addMedia')]).toEqual([false, true]);
  const onBranch = (branch_name: string) =>
    call(admitToProject, { project_id, branch_name, action: 'saveWorkspace' }, bob);
  expect([(await onBranch('bobs')).allowed, (await onBranch('main')).allowed]).toEqual([true, false]);
  await expect(onBranch('none')).rejects.toMatchObject({ code: 'not_found', message: 'Branch not found' });
});

test('the media that commits and saved workspaces name are told', async () => {
  const { id: project_id } = await call(contract.createProject, { name: 'Film' }, ada);
  const [committed, saved, unused] = [randomUUID(), randomUUID(), randomUUID()];
  const document = (asset: string) => ({ editorState: { assets: { a: { url: link(asset) } } } });
  const made = { project_id, message: 'one', video_assets: document(committed) };
  const { id: commit_id } = await call(contract.createCommit, made, ada);
  await call(contract.saveWorkspace, { project_id, document: document(saved) }, ada);
  expect(await call(mediaNamed, { project_id, commit_id })).toMatchObject({ asset_ids: [committed] });
  expect(await call(mediaSaved, { asset_ids: [saved, unused] })).toEqual({ asset_ids: [saved] });
  await call(contract.saveWorkspace, { project_id, document: document(committed) }, ada);
  expect(await call(mediaSaved, { asset_ids: [committed, saved] })).toEqual({ asset_ids: [committed] });
  const fork = await call(contract.forkProject, { project_id }, ada);
  expect(await call(mediaNamed, { project_id: fork.id, commit_id: null })).toEqual({
    parent_project_id: project_id,
    is_public: false,
    created_at: fork.created_at,
    asset_ids: [committed],
    links: [{ asset_id: committed, key: 'k3y' }],
  });
});

test('media of what a process of the release before saves are told too, with a document of its own or following a commit', async () => {
  const { id: project_id } = await call(contract.createProject, { name: 'Film' }, ada);
  const [first, then, noise] = [randomUUID(), randomUUID(), randomUUID()];
  const document = (asset: string) => ({ editorState: { assets: { a: { url: link(asset) } } } });
  const client = new pg.Client(running.databaseUrl);
  await client.connect();
  const save = (...values: unknown[]) =>
    client.query(
      `insert into projects.workspaces (branch_id, document, commit_id, noise, uncommitted)
       select b.id, $2, $3, $4, false from projects.branches b where project_id = $1
       on conflict (branch_id) do update set document = excluded.document, commit_id = excluded.commit_id,
         noise = excluded.noise, uncommitted = excluded.uncommitted, saved_at = now(), revision = workspaces.revision + 1`,
      [project_id, ...values],
    );
  const told = async () => (await call(mediaSaved, { asset_ids: [first, then, noise] })).asset_ids;
  await call(contract.saveWorkspace, { project_id, document: document(first) }, ada);
  await save(document(then), null, null);
  expect(await told()).toEqual([then]);
  const made = { project_id, message: 'one', video_assets: document(first) };
  const { id: commit_id } = await call(contract.createCommit, made, ada);
  await save(null, commit_id, { last: link(noise) });
  expect(await told()).toEqual([noise]);
  await call(contract.saveWorkspace, { project_id, document: document(first) }, ada);
  expect(await told()).toEqual([first]);
  await client.query(
    'delete from projects.workspaces using projects.branches b where b.id = branch_id and project_id = $1',
    [project_id],
  );
  await save(document(then), null, null);
  expect(await told()).toEqual([then]);
  await client.end();
});
