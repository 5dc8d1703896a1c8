import pg from 'pg';
import type { Caller } from '#libs/contracts/caller';
import * as contract from '#libs/contracts/projects';
import { commitChanges } from '#libs/contracts/projects-changes';
import { getRevision, listRevisions, restoreWorkspace } from '#libs/contracts/projects-history';
import { migrate } from '#libs/database/migrate';
import { runServices, type RunningServices } from '#libs/testing/running';
import { person } from '#libs/testing/seeds/people';
import { projects } from '../service.js';

let running: RunningServices;
let database: pg.Client;
let ada: Caller;
beforeAll(async () => {
  running = await runServices([projects]);
  ada = await person(running.broker, 'Ada');
  database = new pg.Client({ connectionString: running.databaseUrl, options: '-c search_path=projects' });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await running.close();
});
const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);

const NOISE = { editorUi: { wide: true }, editorState: { generationTasks: [{ id: 't' }] } };
const saved = { title: 'one', editorState: { scenes: {}, generationTasks: [{ id: 't' }] }, editorUi: { wide: true } };
const titled = (title: string) => ({ ...saved, title });

/** A film with a saved workspace, and one commit after the other that it follows. */
async function followed(...titles: string[]) {
  const { id: project_id } = await call(contract.createProject, { name: 'Film' }, ada);
  const video_assets = { title: 'one', editorState: { scenes: {} } };
  await call(contract.createCommit, { project_id, message: 'first', video_assets }, ada);
  await call(contract.saveWorkspace, { project_id, document: saved }, ada);
  for (const value of titles)
    await call(commitChanges, { project_id, message: value, changes: [{ path: ['title'], value }] }, ada);
  return project_id;
}
const workspace = async (project_id: string, branch_name = 'main') =>
  (await call(contract.getWorkspace, { project_id, branch_name }, ada)).document;
const kept = async (project_id: string) =>
  (
    await database.query(
      `select w.document is null as follows, w.commit_id = b.head_commit_id as at_head, w.noise, w.uncommitted
       from workspaces w join branches b on b.id = w.branch_id where b.project_id = $1`,
      [project_id],
    )
  ).rows[0] as object;

test('a workspace that follows its branch is kept as the commit it is at, with the noise of its own', async () => {
  const project_id = await followed('two', 'three');
  expect(await kept(project_id)).toEqual({ follows: true, at_head: true, noise: NOISE, uncommitted: false });
  expect(await workspace(project_id)).toEqual(titled('three'));
});

test('every revision of it can be read and gone back to', async () => {
  const project_id = await followed('two', 'three');
  const revisions = await call(listRevisions, { project_id, limit: 10 }, ada);
  expect(revisions.map(({ revision }) => revision)).toEqual([3, 2, 1]);
  const documents = [];
  for (const { revision } of revisions)
    documents.push((await call(getRevision, { project_id, revision }, ada)).document);
  expect(documents).toEqual([titled('three'), titled('two'), saved]);
  await call(restoreWorkspace, { project_id, revision: 2 }, ada);
  expect(await workspace(project_id)).toEqual(titled('two'));
  expect(await kept(project_id)).toMatchObject({ follows: false, uncommitted: true });
});

test('what is saved over it is open work again, and what comes after is merged into it', async () => {
  const project_id = await followed('two');
  await call(contract.saveWorkspace, { project_id, document: { ...titled('two'), cast: ['Bo'] } }, ada);
  await call(commitChanges, { project_id, message: 'm', changes: [{ path: ['title'], value: 'three' }] }, ada);
  expect(await workspace(project_id)).toEqual({ ...titled('three'), cast: ['Bo'] });
  expect(await kept(project_id)).toMatchObject({ follows: false, uncommitted: true });
});

test('a branch made of it begins with the same workspace, which from an older commit is open work', async () => {
  const project_id = await followed('two', 'three');
  const { items } = await call(contract.listCommits, { project_id }, ada);
  const older = items.find(({ message }) => message === 'two')!.id;
  await call(contract.createBranch, { project_id, name: 'older', from_commit_hash: older }, ada);
  expect(await workspace(project_id, 'older')).toEqual({ title: 'two', editorState: { scenes: {} } });
  const same = await call(contract.forkBranch, { project_id, source_branch_name: 'main', name: 'same' }, ada);
  expect(await workspace(project_id, same.name)).toEqual(titled('three'));
});

test('a commit that only a workspace or a revision of one follows is not collected', async () => {
  const project_id = await followed('two');
  const holders = await database.query<{ holder: string }>(
    `select conrelid::regclass::text as holder from pg_constraint where contype = 'f' and confrelid = 'commits'::regclass`,
  );
  const names = holders.rows.map(({ holder }) => holder);
  expect(names).toEqual(expect.arrayContaining(['workspaces', 'workspace_revisions']));
  await expect(
    database.query(
      'delete from commits where id in (select commit_id from workspaces w join branches b on b.id = w.branch_id where b.project_id = $1)',
      [project_id],
    ),
  ).rejects.toMatchObject({ code: '23503' });
});

test('what was saved before workspaces could follow is what it was, and follows from then on', async () => {
  const project_id = await followed();
  await call(contract.saveWorkspace, { project_id, document: titled('later') }, ada);
  await call(contract.saveWorkspace, { project_id, document: saved }, ada);
  const BEFORE = ['workspaces', 'workspace_revisions'].map(
    (table) => `delete from ${table} where commit_id is not null;
      alter table ${table} drop constraint ${table}_kept_check, drop column commit_id, drop column noise`,
  );
  await database.query(`drop trigger name_media on workspaces; drop function name_media;
    alter table workspaces drop column asset_ids, drop column asset_ids_of;
    ${BEFORE.join(';')};
    alter table workspaces alter column document set not null;
    alter table workspace_revisions alter column body set not null;
    delete from migrations where name similar to 'projects/(workspaces-that-follow|media-that-workspaces-name)-%'`);
  expect(await migrate(running.databaseUrl)).toEqual(
    ['workspaces-that-follow', 'media-that-workspaces-name'].map((name) => expect.stringContaining(name)),
  );
  expect(await workspace(project_id)).toEqual(saved);
  expect((await call(getRevision, { project_id, revision: 2 }, ada)).document).toEqual(titled('later'));
  expect(await kept(project_id)).toMatchObject({ follows: false, uncommitted: false });
  await call(commitChanges, { project_id, message: 'm', changes: [{ path: ['title'], value: 'two' }] }, ada);
  expect(await workspace(project_id)).toEqual(titled('two'));
  expect((await call(getRevision, { project_id, revision: 3 }, ada)).document).toEqual(saved);
  expect(await kept(project_id)).toMatchObject({ follows: true, at_head: true });
});
