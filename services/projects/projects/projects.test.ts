import { DataSource } from 'typeorm';
import * as contract from '#libs/contracts/projects';
import { connectionOptions } from '#libs/database/connection-options';
import { peopleWith } from '#libs/testing/people-with';
import { person } from '#libs/testing/seeds/people';
import { projects } from '../service.js';
import { feedQuery } from './feed.query.js';

const { running, call, ada, bob } = peopleWith([projects], ['Ada', 'Bob']);
const make = (name: string, more: object = {}) => call(contract.createProject, { name, is_public: true, ...more }, ada);

test('twenty toggles of one like leave no like, and every answer is true or false in turn', async () => {
  const { id: project_id } = await make('Liked');
  const answers = await Promise.all(Array.from({ length: 20 }, () => call(contract.toggleLike, { project_id }, bob)));
  expect(answers.filter(Boolean)).toHaveLength(10);
  expect(await call(contract.getPublicProject, { project_id }, bob)).toMatchObject({ likes_count: 0, is_liked: false });
  await call(contract.toggleLike, { project_id }, bob);
  expect(await call(contract.getPublicProject, { project_id }, bob)).toMatchObject({ likes_count: 1, is_liked: true });
  expect(await call(contract.getProject, { project_id }, ada)).toMatchObject({ likes_count: 1, is_liked: false });
});

test('the feed is newest first, or most liked first, and found by name, tag and id', async () => {
  const old = await make('Feed 100% old', { tags: ['动画'] });
  const young = await make('Feed young');
  await make('Feed hidden', { is_public: false });
  await call(contract.toggleLike, { project_id: old.id }, bob);
  const names = async (wish: object) => (await call(contract.feed, { query: 'feed', ...wish })).map(({ name }) => name);
  expect(await names({})).toEqual(['Feed young', 'Feed 100% old']);
  expect(await names({ sort: 'hot' })).toEqual(['Feed 100% old', 'Feed young']);
  expect(await names({ skip: 1, limit: 1 })).toEqual(['Feed 100% old']);
  expect(await names({ limit: 0 })).toEqual([]);
  expect(await names({ tag: ' 动画 ' })).toEqual(['Feed 100% old']);
  expect(await names({ query: '0%' })).toEqual(['Feed 100% old']);
  expect(await names({ query: young.id })).toEqual(['Feed young']);
  expect(await names({ query: young.id.slice(5, 15).toUpperCase() })).toEqual(['Feed young']);
  expect(await names({ query: young.id.slice(0, 7) })).toEqual([]);
  expect((await call(contract.listUserProjects, { user_id: ada.user_id! }))[0]!.owner).toEqual({
    id: ada.user_id,
    email: 'a***@***',
    full_name: 'Ada',
  });
});

test('a negative page is refused and an enormous one cut down', async () => {
  for (const wish of [{ skip: -1 }, { limit: -1 }])
    await expect(call(contract.feed, wish)).rejects.toMatchObject({ code: 'invalid' });
  await expect(call(contract.feed, { limit: 1_000_000 })).resolves.toBeInstanceOf(Array);
});

test('one’s own projects come oldest first, those with a branch of one’s own among them', async () => {
  const eve = await person(running.broker, 'Eve');
  const mine = await call(contract.createProject, { name: 'Mine' }, eve);
  const other = await make('Other');
  await call(contract.forkBranch, { project_id: other.id }, eve);
  const later = await call(contract.createProject, { name: 'Later' }, eve);
  expect((await call(contract.listProjects, {}, eve)).map(({ id }) => id)).toEqual([mine.id, other.id, later.id]);
});

test('a change leaves alone what is null or absent', async () => {
  const { id: project_id } = await make('Changing', { description: 'd', tags: ['a'] });
  const changed = await call(contract.updateProject, { project_id, name: 'Changed', description: null, tags: [] }, ada);
  expect(changed).toMatchObject({ name: 'Changed', description: 'd', tags: [], is_public: true });
});

test('a project with everything in it is deleted only when its id and the nickname are typed right', async () => {
  const { id: project_id } = await make('Doomed');
  await call(contract.createCommit, { project_id, message: 'm', video_assets: { v: 1 } }, ada);
  await call(contract.createAnchor, { project_id, name: 'Mei', reference_image_url: 'x' }, ada);
  const { name } = await call(contract.forkBranch, { project_id }, bob);
  await call(contract.createMergeRequest, { project_id, source_branch_name: name }, bob);
  const del = (confirm_project_id: string, confirm_nickname: string) =>
    call(contract.deleteProject, { project_id, confirm_project_id, confirm_nickname }, ada);
  await expect(del('x', 'ada')).rejects.toMatchObject({ message: 'Project id confirmation does not match' });
  await expect(del(project_id, 'bob')).rejects.toMatchObject({ message: 'Nickname confirmation does not match' });
  expect(await del(` ${project_id} `, ' aDa ')).toMatchObject({ id: project_id, name: 'Doomed' });
  await expect(call(contract.getProject, { project_id }, ada)).rejects.toMatchObject({ code: 'not_found' });
});

test('the feed costs the same number of statements for forty items as for one', async () => {
  await Promise.all(Array.from({ length: 40 }, (_, n) => make(`Counted ${n}`)));
  const source = new DataSource(
    connectionOptions('projects', { DATABASE_URL: running.databaseUrl, DATABASE_POOL_SIZE: 2 }, []),
  );
  await source.initialize();
  const sent = jest.spyOn(source.manager, 'query');
  const statements = async (limit: number) => {
    sent.mockClear();
    expect(await feedQuery(source.manager, ada, { skip: 0, limit, sort: 'hot' })).toHaveLength(limit);
    return sent.mock.calls.length;
  };
  expect(await statements(40)).toBe(await statements(1));
  await source.destroy();
});
