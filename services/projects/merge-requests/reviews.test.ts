import pg from 'pg';
import { ANONYMOUS, type Caller } from '#libs/contracts/caller';
import * as contract from '#libs/contracts/projects';
import { createWebhook, listWebhookDeliveries } from '#libs/contracts/projects-webhooks';
import { listProjectAudit } from '#libs/contracts/projects-members';
import * as reviews from '#libs/contracts/projects-reviews';
import { deleteBranch, protectBranch } from '#libs/contracts/projects-history';
import { peopleWith } from '#libs/testing/people-with';
import { cutBy, cutFilm } from '#libs/testing/cut-film';
import { film } from '#libs/testing/seeds/film';
import { person } from '#libs/testing/seeds/people';
import { projects } from '../service.js';

const { running, call, ada, bob, cy, dan } = peopleWith([projects], ['Ada', 'Bob', 'Cy', 'Dan'], {
  OUTBOUND_ALLOWED_HOSTS: '127.0.0.1',
});

interface Film {
  editorState: { beats: Record<string, { narration: string }> };
}
const SHOTS = { beach: 4, forest: 2, city: 3 };
function telling(narrations: Record<string, string>, shots: Record<string, number> = SHOTS) {
  const document = film(shots) as unknown as Film;
  for (const [beat, narration] of Object.entries(narrations))
    document.editorState.beats[`beat_${beat}`]!.narration = narration;
  return document as unknown as Record<string, unknown>;
}
const narration = (document: Record<string, unknown>, beat: string) =>
  (document as unknown as Film).editorState.beats[`beat_${beat}`]!.narration;
const commit = async (project_id: string, branch_name: string, video_assets: Record<string, unknown>, by: Caller) =>
  (await call(contract.createCommit, { project_id, branch_name, message: 'work', video_assets }, by)).id;
const mainOf = async (project_id: string) => (await call(contract.getHead, { project_id }, ada)).video_assets;

/** Makes people members, without the invitations that are not the subject here. */
async function join(project_id: string, people: Record<string, Caller>): Promise<void> {
  const client = new pg.Client({ connectionString: running.databaseUrl });
  await client.connect();
  for (const [role, { user_id }] of Object.entries(people))
    await client.query('insert into projects.members (project_id, user_id, role) values ($1, $2, $3)', [
      project_id,
      user_id,
      role,
    ]);
  await client.end();
}

/** A public film of Ada's, Cy its maintainer and Dan a contributor; Bob offers rain in the city. */
async function offered(theirs: Record<string, string> = { city: 'Rain.' }, ours?: Record<string, string>) {
  const { id: project_id } = await call(contract.createProject, { name: 'Film', is_public: true }, ada);
  await join(project_id, { maintainer: cy, contributor: dan });
  await commit(project_id, 'main', telling({}), ada);
  await call(contract.forkBranch, { project_id, name: 'bobs' }, bob);
  const source = await commit(project_id, 'bobs', telling(theirs), bob);
  if (ours) await commit(project_id, 'main', telling(ours), ada);
  const request = await call(
    contract.createMergeRequest,
    { project_id, source_branch_name: 'bobs', title: 'Rain' },
    bob,
  );
  return { project_id, source, merge_request_id: request.id };
}
const preview = (merge_request_id: string, more: object = {}) =>
  call(reviews.previewMerge, { merge_request_id, ...more }, ada);
const codes = async (merge_request_id: string, more: object = {}) =>
  (await preview(merge_request_id, more)).blockers.map(({ code }) => code);
const merge = (merge_request_id: string, more: object = {}, by = ada) =>
  call(contract.mergeMergeRequest, { merge_request_id, ...more }, by);

describe('a request', () => {
  test('tells before what merging would change, and how', async () => {
    const { merge_request_id, source } = await offered({ city: 'Rain.' }, { beach: 'Sun.' });
    expect(await preview(merge_request_id)).toMatchObject({
      source_head: source,
      relation: 'diverged',
      ahead: 1,
      behind: 1,
      can_merge: true,
      blockers: [],
      methods: ['merge', 'squash'],
      conflicts: [],
      words: ['Changed the narration of beat “Rain.” (“We see city.” → “Rain.”)'],
    });
    const chinese = await preview(merge_request_id, { language: 'zh' });
    expect(chinese.words[0]).toContain('旁白');
  });

  test('tells in a notice that a cut which both sides made is one cut', async () => {
    const style = { isBare: false, isDerived: false, ownEffects: true, endOffsets: true };
    const cut = (tag: string) =>
      cutBy(cutFilm(style), [{ kind: 'split', at: 0, by: 20 }], style, tag) as Record<string, unknown>;
    const { id: project_id } = await call(contract.createProject, { name: 'Film', is_public: true }, ada);
    await commit(project_id, 'main', cutFilm(style) as Record<string, unknown>, ada);
    await call(contract.forkBranch, { project_id, name: 'bobs' }, bob);
    await commit(project_id, 'bobs', cut('b'), bob);
    await commit(project_id, 'main', cut('a'), ada);
    const { id } = await call(contract.createMergeRequest, { project_id, source_branch_name: 'bobs' }, bob);
    const told = await preview(id);
    expect(told).toMatchObject({ can_merge: true, notices: [{ kind: 'cuts_joined', aliases: ['b0'] }] });
    expect(told.notices[0]!.words).toMatch(/^Both sides cut the same shot .*“b0”/);
    expect((await preview(id, { language: 'zh' })).notices[0]!.words).toMatch(/^双方.*“b0”/);
    await merge(id);
    expect((await preview(id)).notices).toEqual([]);
  });

  test('is a draft until it is said to be ready', async () => {
    const { merge_request_id } = await offered();
    const update = (change: object, by = bob) => call(reviews.updateMergeRequest, { merge_request_id, ...change }, by);
    expect(await update({ is_draft: true, title: 'Rain, maybe' })).toMatchObject({
      is_draft: true,
      title: 'Rain, maybe',
    });
    expect((await preview(merge_request_id)).blockers).toMatchObject([
      { code: 'draft', cleared_by: ['creator', 'maintainers'], cleared_by_ids: [bob.user_id] },
    ]);
    await expect(merge(merge_request_id)).rejects.toMatchObject({
      code: 'conflict',
      details: { blockers: [{ code: 'draft' }] },
    });
    await expect(update({ title: 'Mine' }, dan)).rejects.toMatchObject({ code: 'unauthorized' });
    await update({ is_draft: false });
    expect((await merge(merge_request_id)).status).toBe('merged');
  });

  test('is closed and opened again, with what its branch has by then', async () => {
    const { project_id, merge_request_id, source } = await offered();
    const closed = await call(contract.closeMergeRequest, { merge_request_id }, bob);
    expect(closed).toMatchObject({ status: 'closed', closed_by: bob.user_id, head_commit_id: source });
    const later = await commit(project_id, 'bobs', telling({ city: 'Hail.' }), bob);
    expect((await call(contract.getMergeRequest, { merge_request_id }, ada)).head_commit_id).toBe(source);
    const open = await call(reviews.reopenMergeRequest, { merge_request_id }, bob);
    expect(open).toMatchObject({ status: 'open', head_commit_id: later, closed_by: null });
    await expect(call(reviews.reopenMergeRequest, { merge_request_id }, bob)).rejects.toMatchObject({
      code: 'invalid',
    });
    const list = (status: 'open' | 'closed') => call(contract.listMergeRequests, { project_id, status }, ada);
    expect([(await list('open')).length, (await list('closed')).length]).toEqual([1, 0]);
  });

  test('outlives its branch', async () => {
    const { project_id, merge_request_id, source } = await offered();
    await call(deleteBranch, { project_id, branch_name: 'bobs' }, bob);
    const request = await call(contract.getMergeRequest, { merge_request_id }, ada);
    expect(request).toMatchObject({ status: 'closed', source_branch_name: 'bobs', head_commit_id: source });
    await expect(call(reviews.reopenMergeRequest, { merge_request_id }, bob)).rejects.toMatchObject({
      code: 'invalid',
    });
  });

  test.each([
    ['merge', 2, 'Merge bobs into main'],
    ['squash', 1, 'Merge bobs into main'],
    ['fast_forward', 1, 'work'],
  ] as const)('is merged by %s', async (method, parents, message) => {
    const { project_id, merge_request_id, source } = await offered();
    const merged = await merge(merge_request_id, { method, expected_source_head: source });
    expect(merged).toMatchObject({ status: 'merged', merge_method: method });
    const entry = await call(contract.getCommit, { project_id, commit: merged.merge_commit_id! }, ada);
    expect([entry.parents.length, entry.message]).toEqual([parents, message]);
    expect(narration(await mainOf(project_id), 'city')).toBe('Rain.');
    expect((merged.merge_commit_id === source) === (method === 'fast_forward')).toBe(true);
  });

  test('is not fast-forwarded over the work of others, nor merged from another head than was seen', async () => {
    const { project_id, merge_request_id, source } = await offered({ city: 'Rain.' }, { beach: 'Sun.' });
    expect(await codes(merge_request_id, { method: 'fast_forward' })).toEqual(['not_fast_forward']);
    await expect(merge(merge_request_id, { method: 'fast_forward' })).rejects.toMatchObject({ code: 'conflict' });
    const pushed = await commit(project_id, 'bobs', telling({ city: 'Flood.' }), bob);
    await expect(merge(merge_request_id, { expected_source_head: source })).rejects.toMatchObject({
      code: 'conflict',
      details: { head_commit_id: pushed },
    });
    await merge(merge_request_id, { expected_source_head: pushed });
  });
});

describe('approval', () => {
  const protect = (project_id: string, more: object = {}) =>
    call(protectBranch, { project_id, branch_name: 'main', push: 'nobody', required_approvals: 1, ...more }, ada);
  const review = (
    merge_request_id: string,
    verdict: 'approved' | 'changes_requested' | 'commented',
    by = cy,
    more = {},
  ) => call(reviews.reviewMergeRequest, { merge_request_id, verdict, ...more }, by);

  test('is needed where the branch wants it, from people who may give it and not from oneself', async () => {
    const { project_id, merge_request_id } = await offered();
    await protect(project_id);
    expect((await preview(merge_request_id)).blockers).toMatchObject([
      { code: 'approvals_missing', cleared_by: ['contributors', 'maintainers', 'owner'] },
    ]);
    await expect(review(merge_request_id, 'approved', bob)).rejects.toMatchObject({ code: 'invalid' });
    const stranger = await person(running.broker, 'Eve');
    expect(await review(merge_request_id, 'approved', stranger)).toMatchObject({
      approvals: 0,
      reviews: [{ counts: false, not_counted: 'role' }],
    });
    await expect(merge(merge_request_id)).rejects.toMatchObject({
      details: { blockers: [{ code: 'approvals_missing' }] },
    });
    expect(await review(merge_request_id, 'approved', dan)).toMatchObject({ approvals: 1, required_approvals: 1 });
    await merge(merge_request_id);
    expect(narration(await mainOf(project_id), 'city')).toBe('Rain.');
  });

  test('is not given by anybody whose commit the request brings, though others pushed after them', async () => {
    const { project_id, merge_request_id } = await offered();
    await protect(project_id);
    await commit(project_id, 'bobs', telling({ city: 'Flood.' }), cy);
    await commit(project_id, 'bobs', telling({ city: 'Sun.' }), bob);
    expect(await review(merge_request_id, 'approved', cy)).toMatchObject({
      approvals: 0,
      reviews: [{ counts: false, not_counted: 'own_work' }],
    });
    const weighed = await review(merge_request_id, 'approved', dan);
    expect(weighed.approvals).toBe(1);
    expect(weighed.reviews.map(({ not_counted }) => not_counted)).toEqual(['own_work', null]);
    await merge(merge_request_id);
  });

  test('is of the commit that was seen: after a push it stays to be seen, and counts no more', async () => {
    const { project_id, merge_request_id, source } = await offered();
    await protect(project_id);
    await review(merge_request_id, 'approved', cy, { head_commit_id: source });
    const pushed = await commit(project_id, 'bobs', telling({ city: 'Flood.' }), bob);
    const after = await call(reviews.listReviews, { merge_request_id }, ada);
    expect(after).toMatchObject({
      head_commit_id: pushed,
      approvals: 0,
      reviews: [
        {
          verdict: 'approved',
          user_name: 'Cy',
          head_commit_id: source,
          is_stale: true,
          counts: false,
          not_counted: 'stale',
        },
      ],
    });
    await expect(merge(merge_request_id)).rejects.toMatchObject({ code: 'conflict' });
    await expect(review(merge_request_id, 'approved', cy, { head_commit_id: source })).rejects.toMatchObject({
      code: 'conflict',
      details: { head_commit_id: pushed },
    });
  });

  test('stays when a push changes nothing of what merging gives', async () => {
    const { project_id, merge_request_id } = await offered({ city: 'Rain.' }, { beach: 'Sun.' });
    await protect(project_id);
    await review(merge_request_id, 'approved');
    await commit(project_id, 'bobs', telling({ city: 'Rain.', beach: 'Sun.' }), bob);
    expect(await call(reviews.listReviews, { merge_request_id }, ada)).toMatchObject({ approvals: 1 });
    await merge(merge_request_id);
  });

  test('and a push at the same moment never merge what nobody saw', async () => {
    for (let round = 0; round < 4; round++) {
      const { project_id, merge_request_id } = await offered();
      await protect(project_id);
      await review(merge_request_id, 'approved');
      const [merged] = await Promise.allSettled([
        merge(merge_request_id),
        commit(project_id, 'bobs', telling({ city: 'Smuggled.' }), bob),
      ]);
      const told = narration(await mainOf(project_id), 'city');
      expect(told).toBe(merged.status === 'fulfilled' ? 'Rain.' : 'We see city.');
    }
  });

  test('is withheld by asking for changes, until they are made, or the review is dismissed for a reason', async () => {
    const { merge_request_id } = await offered();
    const { reviews: given } = await review(merge_request_id, 'changes_requested', cy, { body: 'Too wet.' });
    expect((await preview(merge_request_id)).blockers).toMatchObject([
      { code: 'changes_requested', words: 'Cy asked for changes.', cleared_by_ids: [cy.user_id] },
    ]);
    const dismiss = (by: Caller) =>
      call(
        reviews.dismissReview,
        { merge_request_id, review_id: given[0]!.id, reason: 'It is a film about rain.' },
        by,
      );
    await expect(dismiss(dan)).rejects.toMatchObject({ code: 'unauthorized' });
    expect((await dismiss(ada)).reviews).toMatchObject([
      { counts: false, not_counted: 'dismissed', dismissal_reason: 'It is a film about rain.' },
    ]);
    expect(await codes(merge_request_id)).toEqual([]);
    await review(merge_request_id, 'changes_requested');
    await review(merge_request_id, 'approved');
    expect(await codes(merge_request_id)).toEqual([]);
  });

  test('is asked of people who can see the request', async () => {
    const { merge_request_id } = await offered();
    const ask = (reviewer_ids: string[]) => call(reviews.updateMergeRequest, { merge_request_id, reviewer_ids }, bob);
    await ask([cy.user_id!, dan.user_id!]);
    await ask([cy.user_id!]);
    const { reviewers } = await call(reviews.listReviews, { merge_request_id }, ada);
    expect(reviewers).toEqual([{ user_id: cy.user_id, user_name: 'Cy' }]);
    await expect(ask(['nobody'])).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('conflicts', () => {
  const both = () => offered({ city: 'Rain.', forest: 'Dark.' }, { city: 'Snow.', forest: 'Light.' });
  const list = (merge_request_id: string) => call(reviews.listConflicts, { merge_request_id }, ada);
  const settle = (
    merge_request_id: string,
    conflict_id: string,
    take: 'ours' | 'theirs' | 'value',
    by: Caller,
    value?: unknown,
  ) => call(reviews.resolveConflict, { merge_request_id, conflict_id, take, value }, by);

  test('are settled one by one, by several people, and then the request merges as they decided', async () => {
    const { project_id, merge_request_id } = await both();
    const { items, open, source_head, target_head } = await list(merge_request_id);
    expect(open).toBe(2);
    expect(items.map(({ where }) => where).sort()).toEqual(['narration of beat “Light.”', 'narration of beat “Snow.”']);
    expect(
      items.every(
        ({ ours_commit, theirs_commit }) => ours_commit?.author_name === 'Ada' && theirs_commit?.author_name === 'Bob',
      ),
    ).toBe(true);
    const of = (ours: string) => items.find((one) => one.ours === ours)!.id;
    await expect(merge(merge_request_id)).rejects.toMatchObject({ details: { conflicts: [{}, {}] } });
    expect((await settle(merge_request_id, of('Snow.'), 'theirs', bob)).open).toBe(1);
    const done = await settle(merge_request_id, of('Light.'), 'value', dan, 'Dusk.');
    expect(done.open).toBe(0);
    expect(done.items.find(({ id }) => id === of('Light.'))!.resolution).toMatchObject({
      take: 'value',
      value: 'Dusk.',
      by: dan.user_id,
      by_name: 'Dan',
    });
    expect(await codes(merge_request_id)).toEqual([]);
    const expected = { expected_source_head: source_head!, expected_target_head: target_head! };
    const merged = await merge(merge_request_id, expected);
    const main = await mainOf(project_id);
    expect([narration(main, 'city'), narration(main, 'forest')]).toEqual(['Rain.', 'Dusk.']);
    expect((await call(contract.getCommit, { project_id, commit: merged.merge_commit_id! }, ada)).parents).toEqual([
      target_head,
      source_head,
    ]);
  });

  test('stay settled when something else is pushed, and are open again when it is about them', async () => {
    const { project_id, merge_request_id } = await both();
    const { items } = await list(merge_request_id);
    for (const { id } of items) await settle(merge_request_id, id, 'theirs', bob);
    await commit(project_id, 'main', telling({ city: 'Snow.', forest: 'Light.', beach: 'Sun.' }), ada);
    expect((await list(merge_request_id)).open).toBe(0);
    await commit(project_id, 'bobs', telling({ city: 'Fog.', forest: 'Dark.' }), bob);
    expect((await list(merge_request_id)).open).toBe(1);
    await commit(project_id, 'bobs', telling({ city: 'Rain.', forest: 'Dark.' }), bob);
    expect((await list(merge_request_id)).open).toBe(0);
  });

  test('are settled as is allowed, by who may, and can be opened again', async () => {
    const { merge_request_id } = await both();
    const [conflict] = (await list(merge_request_id)).items;
    const stranger = await person(running.broker, 'Eve');
    await expect(settle(merge_request_id, conflict!.id, 'ours', stranger)).rejects.toMatchObject({
      code: 'unauthorized',
    });
    await expect(settle(merge_request_id, 'f'.repeat(32), 'ours', ada)).rejects.toMatchObject({ code: 'not_found' });
    await expect(
      call(reviews.resolveConflict, { merge_request_id, conflict_id: conflict!.id, take: 'restore' }, ada),
    ).rejects.toMatchObject({ code: 'invalid' });
    await settle(merge_request_id, conflict!.id, 'ours', ada);
    const again = await call(reviews.unresolveConflict, { merge_request_id, conflict_id: conflict!.id }, ada);
    expect(again.open).toBe(2);
  });

  test('and all else that is decided about a request is in the log of the project, with who did it', async () => {
    const { merge_request_id } = await both();
    const { project_id } = await call(contract.getMergeRequest, { merge_request_id }, ada);
    const [conflict] = (await list(merge_request_id)).items;
    await settle(merge_request_id, conflict!.id, 'ours', dan);
    await call(reviews.unresolveConflict, { merge_request_id, conflict_id: conflict!.id }, dan);
    await call(reviews.reviewMergeRequest, { merge_request_id, verdict: 'changes_requested' }, cy);
    const [review] = (await call(reviews.listReviews, { merge_request_id }, ada)).reviews;
    const dismissal = { merge_request_id, review_id: review!.id, reason: 'It rains.' };
    await call(reviews.dismissReview, dismissal, ada);
    await call(contract.closeMergeRequest, { merge_request_id }, cy);
    await call(reviews.reopenMergeRequest, { merge_request_id }, bob);
    await call(contract.exportProject, { project_id }, dan);
    await call(contract.exportProject, { project_id }, ANONYMOUS);
    const { items } = await call(listProjectAudit, { project_id, limit: 6 }, ada);
    expect(items.map(({ action, actor_name }) => [action, actor_name])).toEqual([
      ['projects.exported', 'Dan'],
      ['projects.mergeRequestReopened', 'Bob'],
      ['projects.mergeRequestClosed', 'Cy'],
      ['projects.reviewDismissed', 'Ada'],
      ['projects.conflictReopened', 'Dan'],
      ['projects.conflictSettled', 'Dan'],
    ]);
    expect(items.map(({ subject }) => subject)).toMatchObject([
      { branch_name: 'main', format: 'payload' },
      { merge_request_id },
      { merge_request_id },
      { review_id: review!.id, reason: 'It rains.' },
      { conflict_id: conflict!.id },
      { conflict_id: conflict!.id, take: 'ours' },
    ]);
  });

  test('settled otherwise after an approval want another approval', async () => {
    const { project_id, merge_request_id } = await both();
    await call(protectBranch, { project_id, branch_name: 'main', required_approvals: 1 }, ada);
    const { items } = await list(merge_request_id);
    for (const { id } of items) await settle(merge_request_id, id, 'theirs', bob);
    const approve = () => call(reviews.reviewMergeRequest, { merge_request_id, verdict: 'approved' }, cy);
    expect((await approve()).approvals).toBe(1);
    await settle(merge_request_id, items[0]!.id, 'value', bob, 'Smuggled.');
    expect((await call(reviews.listReviews, { merge_request_id }, ada)).approvals).toBe(0);
    await settle(merge_request_id, items[0]!.id, 'theirs', bob);
    expect((await call(reviews.listReviews, { merge_request_id }, ada)).approvals).toBe(1);
  });
});

describe('a thread', () => {
  test('follows its frame to where it goes, and is outdated when that is trimmed away', async () => {
    const { project_id, merge_request_id, source } = await offered();
    const anchor = {
      commit_id: source,
      entity: 'shot' as const,
      entity_id: 'city',
      source_frame: 50,
      timeline_frame: 200,
      rate: [25, 1] as [number, number],
    };
    const thread = await call(reviews.openThread, { merge_request_id, body: 'This light!', anchor }, cy);
    expect(thread.position).toMatchObject({ state: 'current', timeline_frame: 200 });
    const position = async (language: 'en' | 'zh' = 'en') =>
      (await call(reviews.listThreads, { merge_request_id, language }, bob))[0]!.position;
    await commit(project_id, 'bobs', telling({ city: 'Rain.' }, { ...SHOTS, beach: 6 }), bob);
    expect(await position()).toMatchObject({ state: 'moved', timeline_frame: 250, words: 'Now at frame 250' });
    await commit(project_id, 'bobs', telling({ city: 'Rain.' }, { ...SHOTS, city: 1 }), bob);
    expect(await position()).toMatchObject({ state: 'outdated', reason: 'trimmed' });
    expect((await position('zh'))!.words).toContain('过时');
    await commit(project_id, 'bobs', telling({ city: 'Rain.' }), bob);
    expect(await position()).toMatchObject({ state: 'current' });
    await expect(
      call(reviews.openThread, { merge_request_id, body: 'x', anchor: { ...anchor, commit_id: 'f'.repeat(64) } }, cy),
    ).rejects.toMatchObject({ code: 'not_found' });
    await expect(
      call(reviews.openThread, { merge_request_id, body: 'x', anchor: { ...anchor, entity_id: 'nowhere' } }, cy),
    ).rejects.toMatchObject({ code: 'invalid', message: `There is no shot nowhere in commit ${source}.` });
    const nowhere = { path: [], value: {} };
    await expect(
      call(reviews.openThread, { merge_request_id, body: 'x', suggestion: nowhere }, cy),
    ).rejects.toMatchObject({ code: 'invalid' });
  });

  test('is answered, edited, taken back and resolved by those who may, and may keep a request from merging', async () => {
    const { project_id, merge_request_id } = await offered();
    await call(protectBranch, { project_id, branch_name: 'main', resolved_threads: true }, ada);
    const { id: thread_id } = await call(reviews.openThread, { merge_request_id, body: 'Why rain?' }, cy);
    expect((await preview(merge_request_id)).blockers).toMatchObject([{ code: 'threads_open' }]);
    const answered = await call(reviews.replyToThread, { merge_request_id, thread_id, body: 'Becaus.' }, bob);
    const mine = { merge_request_id, thread_id, comment_id: answered.comments[1]!.id };
    await expect(call(reviews.editComment, { ...mine, body: 'No.' }, dan)).rejects.toMatchObject({ code: 'not_found' });
    const edited = await call(reviews.editComment, { ...mine, body: 'Because.' }, bob);
    expect(edited.comments[1]).toMatchObject({ body: 'Because.', user_name: 'Bob' });
    await expect(
      call(reviews.settleThread, { merge_request_id, thread_id, is_resolved: true }, dan),
    ).rejects.toMatchObject({ code: 'unauthorized' });
    const hook = { project_id, url: 'http://127.0.0.1:1/', events: ['projects.threadSettled'] };
    const { id: webhook_id } = await call(createWebhook, hook, ada);
    await call(reviews.settleThread, { merge_request_id, thread_id, is_resolved: true }, cy);
    await call(reviews.settleThread, { merge_request_id, thread_id, is_resolved: true }, bob);
    expect(await codes(merge_request_id)).toEqual([]);
    const [sent, ...others] = (await call(listWebhookDeliveries, { project_id, webhook_id }, ada)).items;
    expect([sent?.event, others]).toEqual(['projects.threadSettled', []]);
    const removed = await call(reviews.deleteComment, mine, bob);
    expect(removed.comments[1]).toMatchObject({ body: '', is_deleted: true });
  });

  test('may bring a suggestion, which is put into the branch by a commit, once', async () => {
    const { project_id, merge_request_id, source } = await offered();
    const suggestion = { path: ['editorState', 'beats', 'beat_city', 'narration'], value: 'Soft rain.' };
    const anchor = { commit_id: source, entity: 'beat' as const, entity_id: 'beat_city' };
    const thread = await call(reviews.openThread, { merge_request_id, body: 'Softer', anchor, suggestion }, cy);
    await commit(project_id, 'bobs', telling({ city: 'Rain.', forest: 'Dark.' }), bob);
    const wish = { merge_request_id, thread_id: thread.id, comment_id: thread.comments[0]!.id };
    await expect(call(reviews.applySuggestion, wish, dan)).rejects.toMatchObject({ code: 'unauthorized' });
    const applied = await call(reviews.applySuggestion, wish, bob);
    const head = await call(contract.getHead, { project_id, branch_name: 'bobs' }, bob);
    expect(applied.comments[0]!.applied_commit_id).toBe(head.commit_id);
    expect([narration(head.video_assets, 'city'), narration(head.video_assets, 'forest')]).toEqual([
      'Soft rain.',
      'Dark.',
    ]);
    await expect(call(reviews.applySuggestion, wish, bob)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('a request from a fork', () => {
  test('shows what it offers to those it is offered to, follows its pushes, and merges', async () => {
    const { id: project_id } = await call(contract.createProject, { name: 'Film', is_public: true }, ada);
    await commit(project_id, 'main', telling({}), ada);
    const fork = await call(contract.forkProject, { project_id }, bob);
    await commit(fork.id, 'main', telling({ city: 'Rain.' }), bob);
    const draft = { project_id, source_project_id: fork.id, source_branch_name: 'main' };
    await expect(call(contract.createMergeRequest, draft, cy)).rejects.toMatchObject({ code: 'not_found' });
    const { id: merge_request_id } = await call(contract.createMergeRequest, draft, bob);
    await commit(project_id, 'main', telling({ beach: 'Sun.' }), ada);
    const pushed = await commit(fork.id, 'main', telling({ city: 'Rain.', forest: 'Dark.' }), bob);
    expect(await preview(merge_request_id)).toMatchObject({
      source_head: pushed,
      ahead: 2,
      behind: 1,
      can_merge: true,
    });
    expect((await call(contract.getCommit, { project_id, commit: pushed }, ada)).id).toBe(pushed);
    await merge(merge_request_id);
    const main = await mainOf(project_id);
    expect(['city', 'forest', 'beach'].map((beat) => narration(main, beat))).toEqual(['Rain.', 'Dark.', 'Sun.']);
  });

  test('that shares nothing with the film is refused', async () => {
    const { id: project_id } = await call(contract.createProject, { name: 'Film', is_public: true }, ada);
    await commit(project_id, 'main', telling({}), ada);
    const { id: other } = await call(contract.createProject, { name: 'Other' }, bob);
    await commit(other, 'main', telling({ city: 'Rain.' }), bob);
    const draft = { project_id, source_project_id: other, source_branch_name: 'main' };
    await expect(call(contract.createMergeRequest, draft, bob)).rejects.toMatchObject({ code: 'invalid' });
  });
});
