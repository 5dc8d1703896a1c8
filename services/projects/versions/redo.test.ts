import { ANONYMOUS, type Caller } from '#libs/contracts/caller';
import * as contract from '#libs/contracts/projects';
import { catchUp, listForks } from '#libs/contracts/projects-forks';
import { blameEntity, cherryPick, revertCommit } from '#libs/contracts/projects-redo';
import { listBranchMoves } from '#libs/contracts/projects-history';
import { peopleWith } from '#libs/testing/people-with';
import { film } from '#libs/testing/seeds/film';
import { projects } from '../service.js';

const { call, ada, bob } = peopleWith([projects], ['Ada', 'Bob']);

interface Film {
  editorState: { beats: Record<string, { narration: string }> };
}
/** A film of three shots, with these narrations. */
function telling(narrations: Record<string, string>, shots: Record<string, number> = { beach: 4, forest: 2, city: 3 }) {
  const document = film(shots) as unknown as Film;
  for (const [beat, narration] of Object.entries(narrations))
    document.editorState.beats[`beat_${beat}`]!.narration = narration;
  return document as unknown as Record<string, unknown>;
}
const commit = async (project_id: string, document: Record<string, unknown>, message: string, by = ada) =>
  (
    await call(
      contract.createCommit,
      { project_id, branch_name: by === ada ? 'main' : 'bobs', message, video_assets: document },
      by,
    )
  ).id;
const newFilm = async () => (await call(contract.createProject, { name: 'Film', is_public: true }, ada)).id;
const headOf = async (project_id: string) => call(contract.getHead, { project_id }, ada);
const narration = (document: Record<string, unknown>, beat: string) =>
  (document as unknown as Film).editorState.beats[`beat_${beat}`]!.narration;

/** Main: begun, rain in the city, sun on the beach. */
async function story() {
  const project_id = await newFilm();
  const begun = await commit(project_id, telling({}), 'Begin');
  const rain = await commit(project_id, telling({ city: 'Rain.' }), 'Rain in the city');
  const sun = await commit(project_id, telling({ city: 'Rain.', beach: 'Sun.' }), 'Sun on the beach');
  return { project_id, begun, rain, sun };
}

describe('reverting', () => {
  test('undoes what a commit did and nothing that came after, by a commit on top', async () => {
    const { project_id, rain, sun } = await story();
    const preview = await call(revertCommit, { project_id, commit: rain, preview: true }, ada);
    expect(preview).toMatchObject({ commit_id: null, is_empty: false, conflicts: [] });
    expect(preview.words).toEqual(['Changed the narration of beat “We see city.” (“Rain.” → “We see city.”)']);
    expect((await headOf(project_id)).commit_id).toBe(sun);
    const { commit_id } = await call(revertCommit, { project_id, commit: rain, expected_head: sun }, ada);
    const head = await headOf(project_id);
    expect(head).toMatchObject({ commit_id, head_commit: { parent_hash: sun } });
    expect([narration(head.video_assets, 'city'), narration(head.video_assets, 'beach')]).toEqual([
      'We see city.',
      'Sun.',
    ]);
    expect(head.message).toContain(rain);
    const { items } = await call(listBranchMoves, { project_id }, ada);
    expect(items[0]).toMatchObject({ move: 'reverted', after: commit_id });
    const workspace = await call(contract.getWorkspace, { project_id }, ada);
    expect(narration(workspace.document!, 'city')).toBe('We see city.');
  });

  test('of a revert brings everything back; of what is undone already it is nothing', async () => {
    const { project_id, rain } = await story();
    const first = await call(revertCommit, { project_id, commit: rain }, ada);
    expect(await call(revertCommit, { project_id, commit: rain }, ada)).toMatchObject({
      commit_id: null,
      is_empty: true,
    });
    await call(revertCommit, { project_id, commit: first.commit_id! }, ada);
    expect(narration((await headOf(project_id)).video_assets, 'city')).toBe('Rain.');
  });

  test('of what was changed again is a conflict, which says who changed what, and is settled as was decided', async () => {
    const { project_id, rain } = await story();
    const snow = await commit(project_id, telling({ city: 'Snow.', beach: 'Sun.' }), 'Snow');
    const { conflicts } = await call(revertCommit, { project_id, commit: rain, preview: true }, ada);
    expect(conflicts).toMatchObject([
      {
        kind: 'both_changed',
        where: 'narration of beat “Snow.”',
        ours: 'Snow.',
        theirs: 'We see city.',
        ours_commit: { id: snow, author_name: 'Ada' },
        depends_on: [],
        resolution: null,
      },
    ]);
    await expect(call(revertCommit, { project_id, commit: rain }, ada)).rejects.toMatchObject({
      code: 'conflict',
      details: { conflicts: [{ id: conflicts[0]!.id }] },
    });
    const resolutions = [{ conflict_id: conflicts[0]!.id, take: 'value' as const, value: 'Fog.' }];
    await call(revertCommit, { project_id, commit: rain, resolutions }, ada);
    expect(narration((await headOf(project_id)).video_assets, 'city')).toBe('Fog.');
    const chinese = await call(revertCommit, { project_id, commit: rain, preview: true, language: 'zh' }, ada);
    expect(chinese.conflicts[0]!.what).toMatch(/都修改了/);
  });

  test('of a merge says which side to go back to', async () => {
    const { project_id } = await story();
    await call(contract.forkBranch, { project_id, name: 'bobs' }, bob);
    await commit(project_id, telling({ city: 'Rain.', beach: 'Sun.', forest: 'Dark.' }), 'Dark', bob);
    await commit(project_id, telling({ city: 'Hail.', beach: 'Sun.' }), 'Hail');
    const { id } = await call(contract.createMergeRequest, { project_id, source_branch_name: 'bobs' }, bob);
    await call(contract.mergeMergeRequest, { merge_request_id: id }, ada);
    await expect(call(revertCommit, { project_id, commit: 'main' }, ada)).rejects.toMatchObject({ code: 'invalid' });
    await call(revertCommit, { project_id, commit: 'main', mainline: 1 }, ada);
    const { video_assets } = await headOf(project_id);
    expect([narration(video_assets, 'forest'), narration(video_assets, 'city')]).toEqual(['We see forest.', 'Hail.']);
  });

  test('is for those who may commit, on the head they saw', async () => {
    const { project_id, rain, begun } = await story();
    await expect(call(revertCommit, { project_id, commit: rain }, bob)).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(call(revertCommit, { project_id, commit: rain, expected_head: begun }, ada)).rejects.toMatchObject({
      code: 'conflict',
    });
    const other = await newFilm();
    await expect(call(revertCommit, { project_id: other, commit: rain }, ada)).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('picking', () => {
  test('does again what one commit did, from another branch or from a fork', async () => {
    const { project_id, begun } = await story();
    const fork = await call(contract.forkProject, { project_id, commit_hash: begun }, bob);
    const dark = await call(
      contract.createCommit,
      { project_id: fork.id, message: 'Dark forest', video_assets: telling({ forest: 'Dark.' }) },
      bob,
    );
    await call(contract.forkBranch, { project_id, name: 'bobs' }, bob);
    const pick = (by: Caller) =>
      call(cherryPick, { project_id, branch_name: 'bobs', commit: dark.id, from_project_id: fork.id }, by);
    await expect(pick(ada)).rejects.toMatchObject({ code: 'not_found' });
    const { commit_id } = await pick(bob);
    const picked = await call(contract.getCommit, { project_id, commit: commit_id! }, bob);
    expect(['city', 'beach', 'forest'].map((beat) => narration(picked.video_assets, beat))).toEqual([
      'Rain.',
      'Sun.',
      'Dark.',
    ]);
    expect(picked.message).toContain('Dark forest');
    await call(cherryPick, { project_id, commit: 'bobs' }, ada);
    expect(narration((await headOf(project_id)).video_assets, 'forest')).toBe('Dark.');
  });
});

test('a fork is compared with where it came from', async () => {
  const { project_id, rain, sun } = await story();
  const fork = await call(contract.forkProject, { project_id, commit_hash: rain }, bob);
  await call(
    contract.createCommit,
    { project_id: fork.id, message: 'Dark', video_assets: telling({ city: 'Rain.', forest: 'Dark.' }) },
    bob,
  );
  const wish = { project_id, base: 'main', head: 'main', head_project_id: fork.id };
  expect(await call(contract.compareRefs, wish, bob)).toMatchObject({
    base: sun,
    merge_bases: [rain],
    ahead: 1,
    behind: 1,
    words: ['Changed the narration of beat “Dark.” (“We see forest.” → “Dark.”)'],
  });
  await expect(call(contract.compareRefs, wish, ada)).rejects.toMatchObject({ code: 'not_found' });
});

describe('a fork', () => {
  test('gets what came to its original, and keeps what it has itself', async () => {
    const { project_id, rain, sun } = await story();
    const fork = await call(contract.forkProject, { project_id, commit_hash: rain }, bob);
    const wish = { project_id: fork.id };
    expect(await call(catchUp, { ...wish, preview: true }, bob)).toMatchObject({
      commit_id: null,
      relation: 'fast_forward',
      original_project_id: project_id,
      original_commit: sun,
      words: ['Changed the narration of beat “Sun.” (“We see beach.” → “Sun.”)'],
    });
    expect(await call(catchUp, wish, bob)).toMatchObject({ commit_id: sun, relation: 'fast_forward' });
    expect(await call(catchUp, wish, bob)).toMatchObject({ commit_id: null, relation: 'up_to_date', changes: [] });
    const own = telling({ city: 'Rain.', beach: 'Sun.', forest: 'Dark.' });
    const made = { ...wish, message: 'Dark', video_assets: own };
    const mine = (await call(contract.createCommit, made, bob)).id;
    const more = await commit(project_id, telling({ city: 'Hail.', beach: 'Sun.' }), 'Hail in the city');
    const { commit_id, merge_bases } = await call(catchUp, { ...wish, expected_head: mine }, bob);
    const merged = await call(contract.getCommit, { ...wish, commit: commit_id! }, bob);
    expect([merged.parents, merge_bases]).toEqual([[mine, more], [sun]]);
    expect(['city', 'beach', 'forest'].map((beat) => narration(merged.video_assets, beat))).toEqual([
      'Hail.',
      'Sun.',
      'Dark.',
    ]);
    await expect(call(catchUp, { ...wish, expected_head: mine }, bob)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('that changed the same is told where, and goes on as was decided', async () => {
    const { project_id, rain, sun } = await story();
    const fork = await call(contract.forkProject, { project_id, commit_hash: rain }, bob);
    const made = { project_id: fork.id, message: 'Fog', video_assets: telling({ city: 'Rain.', beach: 'Fog.' }) };
    await call(contract.createCommit, made, bob);
    const refused = call(catchUp, { project_id: fork.id }, bob);
    await expect(refused).rejects.toMatchObject({ code: 'conflict', details: { original_commit: sun } });
    const { conflicts } = await call(catchUp, { project_id: fork.id, preview: true }, bob);
    expect(conflicts).toMatchObject([{ kind: 'both_changed', ours: 'Fog.', theirs: 'Sun.', resolution: null }]);
    const resolutions = conflicts.map(({ id }) => ({ conflict_id: id, take: 'theirs' as const }));
    await call(catchUp, { project_id: fork.id, resolutions }, bob);
    const { video_assets } = await call(contract.getHead, { project_id: fork.id }, bob);
    expect(narration(video_assets, 'beach')).toBe('Sun.');
  });

  test('is caught up by who commits in it and may read the original, as far as they see it', async () => {
    const { project_id, rain } = await story();
    const fork = await call(contract.forkProject, { project_id, commit_hash: rain }, bob);
    await expect(call(catchUp, { project_id: fork.id }, ada)).rejects.toMatchObject({ code: 'not_found' });
    await expect(call(catchUp, { project_id }, ada)).rejects.toMatchObject({ code: 'invalid' });
    await call(contract.forkBranch, { project_id, name: 'bobs' }, bob);
    await call(contract.updateProject, { project_id, is_public: false }, ada);
    const later = await commit(project_id, telling({ city: 'Snow.' }), 'Nobody’s business');
    for (const from of ['main', later])
      await expect(call(catchUp, { project_id: fork.id, from }, bob)).rejects.toMatchObject({ code: 'not_found' });
    expect(await call(catchUp, { project_id: fork.id, from: 'bobs' }, bob)).toMatchObject({ relation: 'fast_forward' });
  });

  test('is listed at its original for those who may see it', async () => {
    const { project_id } = await story();
    const fork = await call(contract.forkProject, { project_id }, bob);
    const seenBy = async (caller: Caller) => (await call(listForks, { project_id }, caller)).items.map(({ id }) => id);
    expect([await seenBy(bob), await seenBy(ada), await seenBy(ANONYMOUS)]).toEqual([[fork.id], [], []]);
    await call(contract.updateProject, { project_id: fork.id, is_public: true }, bob);
    expect(await call(listForks, { project_id }, ANONYMOUS)).toMatchObject({
      total: 1,
      items: [{ id: fork.id, owner_name: 'Bob', is_public: true }],
    });
  });
});

describe('blame', () => {
  test('says which commit last changed each field, past what others changed since', async () => {
    const { project_id, begun, rain } = await story();
    const { fields, name, is_complete } = await call(blameEntity, { project_id, entity: 'beat', id: 'beat_city' }, bob);
    const by = Object.fromEntries(fields.map(({ field, commit: found }) => [field, found?.id]));
    expect(by).toMatchObject({ narration: rain, sceneId: begun, status: begun });
    expect([name, is_complete]).toEqual(['Rain.', true]);
    expect(fields.find(({ field }) => field === 'narration')).toMatchObject({
      value: 'Rain.',
      commit: { author_name: 'Ada', message: 'Rain in the city' },
    });
  });

  test('goes through a merge to whoever really did it', async () => {
    const { project_id } = await story();
    await call(contract.forkBranch, { project_id, name: 'bobs' }, bob);
    const dark = await commit(project_id, telling({ city: 'Rain.', beach: 'Sun.', forest: 'Dark.' }), 'Dark', bob);
    await commit(project_id, telling({ city: 'Hail.', beach: 'Sun.' }), 'Hail');
    const { id } = await call(contract.createMergeRequest, { project_id, source_branch_name: 'bobs' }, bob);
    await call(contract.mergeMergeRequest, { merge_request_id: id }, ada);
    const { fields } = await call(blameEntity, { project_id, entity: 'beat', id: 'beat_forest' });
    expect(fields.find(({ field }) => field === 'narration')!.commit).toMatchObject({ id: dark, author_name: 'Bob' });
  });

  test('looks as far back as it is asked to, and goes on from there', async () => {
    const { project_id, begun, rain } = await story();
    for (let at = 0; at < 5; at++) await commit(project_id, telling({ city: 'Rain.', beach: `Sun ${at}.` }), 'Sun');
    const wish = { project_id, entity: 'beat' as const, id: 'beat_city' };
    const first = await call(blameEntity, { ...wish, limit: 2 });
    expect([first.is_complete, first.fields.every((field) => field.commit === null)]).toEqual([false, true]);
    const second = await call(blameEntity, { ...wish, after: first.next! });
    const by = Object.fromEntries(second.fields.map(({ field, commit: found }) => [field, found?.id]));
    expect([second.is_complete, second.next, by.narration, by.sceneId]).toEqual([true, null, rain, begun]);
    for (const after of ['nonsense', Buffer.from(JSON.stringify([['f'.repeat(64), ['x']]])).toString('base64url')])
      await expect(call(blameEntity, { ...wish, after })).rejects.toMatchObject({ code: 'invalid' });
  });

  test('tells when a shot was trimmed, and to which track it belongs', async () => {
    const { project_id, begun } = await story();
    const trimmed = await commit(project_id, telling({}, { beach: 4, forest: 2, city: 1 }), 'Shorter');
    const { fields, name } = await call(blameEntity, { project_id, entity: 'shot', id: 'city' });
    const by = Object.fromEntries(fields.map(({ field, commit: found }) => [field, found?.id]));
    expect(by).toMatchObject({ end: trimmed, start: begun, track: begun });
    expect(name).toBe('city');
    await expect(call(blameEntity, { project_id, entity: 'shot', id: 'nothing' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('the log', () => {
  test('is read by text, by time, and by the thing that was changed', async () => {
    const { project_id, begun, rain, sun } = await story();
    const list = async (wish: object) =>
      (await call(contract.listCommits, { project_id, ...wish })).items.map(({ id }) => id);
    expect(await list({ text: 'CITY' })).toEqual([rain]);
    expect(await list({ text: '100%' })).toEqual([]);
    expect(await list({ entity: 'beat', entity_id: 'beat_beach' })).toEqual([sun, begun]);
    expect(await list({ entity: 'beat', entity_id: 'beat_nobody' })).toEqual([]);
    const { items } = await call(contract.listCommits, { project_id });
    expect(await list({ until: items[1]!.created_at })).toEqual([rain, begun]);
    expect(await list({ since: items[1]!.created_at })).toEqual([sun, rain]);
    const page = await call(contract.listCommits, { project_id, entity: 'beat', entity_id: 'beat_beach', limit: 1 });
    expect(page.items.map(({ id }) => id)).toEqual([sun]);
    expect(await list({ entity: 'beat', entity_id: 'beat_beach', after: page.next! })).toEqual([begun]);
  });
});
