import * as contract from '#libs/contracts/projects';
import { commitChanges } from '#libs/contracts/projects-changes';
import { peopleWith } from '#libs/testing/people-with';
import { film } from '#libs/testing/seeds/film';
import { projects } from '../service.js';

const { call, ada, bob } = peopleWith([projects], ['Ada', 'Bob']);

const SHOTS = Object.fromEntries(Array.from({ length: 32 }, (_, at) => [`shot${at}`, 2]));

async function started(document: Record<string, unknown> = film(SHOTS)) {
  const project_id = (await call(contract.createProject, { name: 'Film', is_public: true }, ada)).id;
  const video_assets = document;
  const { id } = await call(contract.createCommit, { project_id, message: 'first', video_assets }, ada);
  return { project_id, first: id };
}
const narration = (shot: string, value: unknown) => ({
  path: ['editorState', 'beats', `beat_${shot}`, 'narration'],
  value,
});
const commit = (project_id: string, changes: object[], more: object = {}) =>
  call(commitChanges, { project_id, message: 'work', changes, ...more } as never, ada);
const head = async (project_id: string) => (await call(contract.getHead, { project_id }, ada)).video_assets;
const beats = (document: Record<string, unknown>) =>
  (document.editorState as { beats: Record<string, { narration: unknown }> }).beats;

test('a commit told as changes is the commit that the changed document would have been', async () => {
  const { project_id, first } = await started();
  const made = await commit(project_id, [
    narration('shot3', 'Rain.'),
    { path: ['editorData', '0', 'actions', 'shot4'] },
    { path: ['editorData', '0', 'actions', 'shot9'], after: null },
    { path: ['tags'], value: ['storm', 9007199254740991] },
  ]);
  expect(made).toMatchObject({ parent_hash: first, rebased: false, message: 'work' });
  const document = await head(project_id);
  expect(beats(document).beat_shot3!.narration).toBe('Rain.');
  const [row] = document.editorData as { actions: { id: string }[] }[];
  expect(row!.actions.map(({ id }) => id).slice(0, 5)).toEqual(['shot9', 'shot0', 'shot1', 'shot2', 'shot3']);
  expect(row!.actions).toHaveLength(31);
  const whole = await call(contract.createCommit, { project_id, message: 'same', video_assets: document }, ada);
  expect((await call(contract.getGraph, { project_id }, ada)).commits.map(({ id }) => id)).toEqual([
    first,
    made.id,
    whole.id,
  ]);
});

test('a film can begin with changes to nothing', async () => {
  const project_id = (await call(contract.createProject, { name: 'Film' }, ada)).id;
  await commit(project_id, [{ path: ['tags'], value: ['a'] }]);
  expect(await head(project_id)).toEqual({ tags: ['a'] });
});

test('what cannot be changed is refused, and nothing has changed', async () => {
  const { project_id, first } = await started();
  await expect(commit(project_id, [narration('nobody', 'x')])).rejects.toMatchObject({ code: 'invalid' });
  await expect(commit(project_id, [narration('shot1', 'x')], { parent_hash: 'f'.repeat(64) })).rejects.toMatchObject({
    code: 'not_found',
  });
  await expect(
    call(commitChanges, { project_id, message: 'm', changes: [{ path: ['tags'], value: 1 }] }, bob),
  ).rejects.toMatchObject({ code: 'unauthorized' });
  expect((await call(contract.getHead, { project_id }, ada)).commit_id).toBe(first);
});

test('who keeps a workspace finds the changes in it', async () => {
  const { project_id } = await started();
  await call(contract.saveWorkspace, { project_id, document: { ...film(SHOTS), editorUi: { wide: true } } }, ada);
  await commit(project_id, [narration('shot3', 'Rain.')]);
  const { document } = await call(contract.getWorkspace, { project_id }, ada);
  expect(beats(document!).beat_shot3!.narration).toBe('Rain.');
  expect(document!.editorUi).toEqual({ wide: true });
});

test('of thirty-two who commit on one head at once, one wins, and the others are told the head there is', async () => {
  const { project_id, first } = await started();
  const outcomes = await Promise.allSettled(
    Object.keys(SHOTS).map((shot) => commit(project_id, [narration(shot, shot)], { parent_hash: first })),
  );
  const won = outcomes.filter((one) => one.status === 'fulfilled');
  expect(won).toHaveLength(1);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected')
      expect(outcome.reason).toMatchObject({ code: 'conflict', details: { head_commit_id: won[0]!.value.id } });
  expect(
    Object.values(beats(await head(project_id))).filter(({ narration: told }) => /^shot/.test(String(told))),
  ).toHaveLength(1);
});

test('thirty-two who ask to be rebased all get their work in, by changes or by whole documents, none of it lost', async () => {
  const { project_id, first } = await started();
  const base = film(SHOTS);
  const made = await Promise.all(
    Object.keys(SHOTS).map((shot, at) => {
      if (at % 4 > 0) return commit(project_id, [narration(shot, shot)], { parent_hash: first, rebase: true });
      const video_assets = structuredClone(base);
      beats(video_assets)[`beat_${shot}`]!.narration = shot;
      const wish = { project_id, message: 'work', video_assets, parent_hash: first, rebase: true };
      return call(contract.createCommit, wish, ada);
    }),
  );
  expect(new Set(made.map(({ id }) => id)).size).toBe(32);
  const { items } = await call(contract.listCommits, { project_id, limit: 100 }, ada);
  expect(new Set(items.map(({ id }) => id))).toEqual(new Set([first, ...made.map(({ id }) => id)]));
  for (const { parents } of items) expect(parents.length).toBeLessThanOrEqual(1);
  for (const [id, { narration: told }] of Object.entries(beats(await head(project_id))))
    expect(`beat_${String(told)}`).toBe(id);
});

test('a rebase onto a head that changed the same is a conflict with what both wanted, and nothing is lost', async () => {
  const { project_id, first } = await started();
  const winner = await commit(project_id, [narration('shot1', 'Sun.')]);
  await expect(
    commit(project_id, [narration('shot1', 'Rain.')], { parent_hash: first, rebase: true }),
  ).rejects.toMatchObject({
    code: 'conflict',
    details: { head_commit_id: winner.id, conflicts: [{ kind: 'both_changed', ours: 'Sun.', theirs: 'Rain.' }] },
  });
  expect((await call(contract.getHead, { project_id }, ada)).commit_id).toBe(winner.id);
});
