import pg from 'pg';
import * as contract from '#libs/contracts/projects';
import * as history from '#libs/contracts/projects-history';
import { peopleWith } from '#libs/testing/people-with';
import { film } from '#libs/testing/seeds/film';
import { projects } from '../service.js';

const { running, call, ada, bob } = peopleWith([projects], ['Ada', 'Bob']);
const commit = async (project_id: string, beach: number, branch_name = 'main', by = ada) =>
  (
    await call(
      contract.createCommit,
      { project_id, branch_name, message: `beach ${beach}`, video_assets: film({ beach }) },
      by,
    )
  ).id;

/** A public film of Ada's with two commits on main, and a branch of Bob's from the first. */
async function shared() {
  const { id: project_id } = await call(contract.createProject, { name: 'Film', is_public: true }, ada);
  const first = await commit(project_id, 1);
  const second = await commit(project_id, 2);
  await call(contract.forkBranch, { project_id, name: 'bobs', from_commit_hash: first }, bob);
  return { project_id, first, second };
}
const head = async (project_id: string, branch_name = 'main') =>
  (await call(contract.getHead, { project_id, branch_name }, ada)).commit_id;

describe('a branch', () => {
  test('gets another name, and keeps everything else', async () => {
    const { project_id, first } = await shared();
    const renamed = await call(history.renameBranch, { project_id, branch_name: 'bobs', name: 'bob/cut' }, bob);
    expect(renamed).toMatchObject({ name: 'bob/cut', head_commit_id: first });
    const rename = (branch_name: string, name: string, by = ada) =>
      call(history.renameBranch, { project_id, branch_name, name }, by);
    await expect(rename('bob/cut', 'main')).rejects.toMatchObject({ code: 'conflict' });
    await expect(rename('main', 'trunk')).rejects.toMatchObject({ code: 'invalid' });
    await expect(rename('main', 'mine', bob)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test('is deleted with what is saved on it kept as a commit, and can be begun again from the reflog', async () => {
    const { project_id } = await shared();
    const branch_name = 'bobs';
    await call(contract.saveWorkspace, { project_id, branch_name, document: film({ beach: 9 }) }, bob);
    await call(history.deleteBranch, { project_id, branch_name }, bob);
    await expect(head(project_id, branch_name)).rejects.toMatchObject({ code: 'not_found' });
    const { items } = await call(history.listBranchMoves, { project_id, branch_name }, ada);
    expect(items.map(({ move }) => move)).toEqual(['deleted', 'checkpointed', 'created']);
    await call(contract.createBranch, { project_id, name: 'again', from_commit_hash: items[0]!.before }, ada);
    const again = await call(contract.getHead, { project_id, branch_name: 'again' }, ada);
    expect(again.video_assets).toEqual(film({ beach: 9 }));
    await expect(call(history.deleteBranch, { project_id, branch_name: 'main' }, ada)).rejects.toMatchObject({
      code: 'invalid',
    });
  });

  test('moves forward from the head that was seen, and elsewhere only by force', async () => {
    const { project_id, first, second } = await shared();
    const move = (to: string, expected_head: string | null, force = false, by = ada) =>
      call(history.moveBranch, { project_id, branch_name: 'bobs', to, expected_head, force }, by);
    await expect(move('main', second)).rejects.toMatchObject({ code: 'conflict', details: { head_commit_id: first } });
    expect((await move('main', first, false, bob)).head_commit_id).toBe(second);
    await expect(move(first, second)).rejects.toMatchObject({ code: 'conflict' });
    expect((await move(first.slice(0, 9), second, true)).head_commit_id).toBe(first);
    const workspace = await call(contract.getWorkspace, { project_id, branch_name: 'bobs' }, bob);
    expect(workspace.document).toEqual(film({ beach: 1 }));
  });

  test('of eight moves from one head at once one happens', async () => {
    const { project_id, first } = await shared();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        call(history.moveBranch, { project_id, branch_name: 'bobs', to: 'main', expected_head: first }, ada),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('a protected branch', () => {
  test('is committed on only by those whom its rule lets', async () => {
    const { project_id } = await shared();
    const rule = await call(history.protectBranch, { project_id, branch_name: 'bobs' }, ada);
    expect(rule).toEqual({
      is_protected: true,
      push: 'maintainers',
      required_approvals: 0,
      resolved_threads: false,
      allow_deletion: false,
      allow_force: false,
    });
    const refused = { code: 'unauthorized', details: { reason: 'protected_branch' } };
    await expect(commit(project_id, 3, 'bobs', bob)).rejects.toMatchObject(refused);
    await expect(call(history.deleteBranch, { project_id, branch_name: 'bobs' }, ada)).rejects.toMatchObject(refused);
    for (const by of [ada, bob])
      await expect(
        call(history.renameBranch, { project_id, branch_name: 'bobs', name: 'elsewhere' }, by),
      ).rejects.toMatchObject(refused);
    await commit(project_id, 3, 'bobs', ada);
    await call(history.protectBranch, { project_id, branch_name: 'bobs', push: 'nobody' }, ada);
    await expect(commit(project_id, 4, 'bobs', ada)).rejects.toMatchObject(refused);
    await expect(call(history.unprotectBranch, { project_id, branch_name: 'bobs' }, bob)).rejects.toMatchObject({
      code: 'unauthorized',
    });
    await call(history.unprotectBranch, { project_id, branch_name: 'bobs' }, ada);
    await commit(project_id, 5, 'bobs', bob);
  });

  test('that wants approvals takes merge requests alone, whatever else its rule says', async () => {
    const { project_id } = await shared();
    const wish = { project_id, branch_name: 'bobs', push: 'maintainers' as const, required_approvals: 1 };
    expect(await call(history.protectBranch, wish, ada)).toMatchObject({ push: 'nobody', required_approvals: 1 });
    await expect(commit(project_id, 3, 'bobs', ada)).rejects.toMatchObject({
      code: 'unauthorized',
      details: { push: 'nobody' },
    });
  });

  test('is not moved by force, nor committed on by the way', async () => {
    const { project_id, first, second } = await shared();
    await call(history.protectBranch, { project_id, branch_name: 'main' }, ada);
    await expect(
      call(history.moveBranch, { project_id, branch_name: 'main', to: first, expected_head: second, force: true }, ada),
    ).rejects.toMatchObject({ code: 'unauthorized' });
    await call(contract.saveWorkspace, { project_id, document: film({ beach: 7 }) }, ada);
    await call(contract.updateProject, { project_id, is_public: true }, ada);
    expect(await head(project_id)).toBe(second);
  });
});

test('the reflog tells every move, by whom and from where to where, a page at a time', async () => {
  const { project_id, first, second } = await shared();
  const page = await call(history.listBranchMoves, { project_id, branch_name: 'main', limit: 2 }, ada);
  expect(page.items).toMatchObject([
    { move: 'committed', before: first, after: second, actor_name: 'Ada' },
    { move: 'committed', before: null, after: first },
  ]);
  const rest = await call(history.listBranchMoves, { project_id, branch_name: 'main', after: page.next! }, ada);
  expect(rest).toMatchObject({ items: [{ move: 'created', before: null, after: null }], next: null });
  await expect(call(history.listBranchMoves, { project_id }, bob)).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(call(history.listBranchMoves, { project_id, after: 'x' }, ada)).rejects.toMatchObject({
    code: 'invalid',
  });
});

describe('a tag', () => {
  test('names a commit for ever, with a release that may be bettered', async () => {
    const { project_id, first, second } = await shared();
    const tag = await call(
      history.createTag,
      { project_id, name: 'v1', message: 'First cut', release: { title: 'First cut', notes: 'Hello' } },
      ada,
    );
    expect(tag).toMatchObject({ commit_id: second, tagger_name: 'Ada', release: { notes: 'Hello' } });
    const again = call(history.createTag, { project_id, name: 'v1', ref: first }, ada);
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
    await call(history.writeRelease, { project_id, tag_name: 'v1', title: 'Cut', notes: 'Better' }, ada);
    await commit(project_id, 3);
    expect(await call(history.getTag, { project_id, tag_name: 'v1' })).toMatchObject({
      commit_id: second,
      release: { notes: 'Better' },
    });
    expect((await call(contract.getCommit, { project_id, commit: 'v1' })).id).toBe(second);
    await expect(call(history.createTag, { project_id, name: 'mine' }, bob)).rejects.toMatchObject({
      code: 'unauthorized',
    });
    const client = new pg.Client({ connectionString: running.databaseUrl });
    await client.connect();
    await expect(client.query(`update projects.tags set commit_id = '${first}'`)).rejects.toThrow(/never changed/);
    await client.end();
    await call(history.deleteTag, { project_id, tag_name: 'v1' }, ada);
    await expect(call(history.getTag, { project_id, tag_name: 'v1' })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('is listed newest first, releases alone if wished', async () => {
    const { project_id, first } = await shared();
    for (const name of ['a', 'b', 'c'])
      await call(
        history.createTag,
        { project_id, name, ref: first, ...(name === 'b' && { release: { title: 'B' } }) },
        ada,
      );
    const page = await call(history.listTags, { project_id, limit: 2 });
    expect(page.items.map(({ name }) => name)).toEqual(['c', 'b']);
    const rest = await call(history.listTags, { project_id, after: page.next! });
    expect(rest.items.map(({ name }) => name)).toEqual(['a']);
    const releases = await call(history.listTags, { project_id, releases_only: true });
    expect(releases.items.map(({ name }) => name)).toEqual(['b']);
  });
});

describe('what is before a ref', () => {
  const seen = async (project_id: string, ref: string, by = ada) =>
    (await call(contract.getCommit, { project_id, commit: ref }, by)).id;

  test('is told by steps, as in Git', async () => {
    const { project_id, first, second } = await shared();
    const tale = { beats: { b: { id: 'b', text: 'Rain.' } } };
    const wish = { project_id, branch_name: 'bobs', message: 'Rain', video_assets: { ...film({ beach: 1 }), ...tale } };
    const aside = (await call(contract.createCommit, wish, bob)).id;
    const branches = { source_branch_name: 'bobs', target_branch_name: 'main' };
    const third = await commit(project_id, 2);
    const { id } = await call(contract.createMergeRequest, { project_id, ...branches }, ada);
    const merged = await call(contract.mergeMergeRequest, { merge_request_id: id }, ada);
    await call(history.createTag, { project_id, name: 'v1', ref: 'main~1' }, ada);
    const told = ['main~0', 'main^', 'main~', 'main^2', 'v1', 'v1~2', 'main^2~1', 'main~~~', `${third.slice(0, 9)}^`];
    expect(await Promise.all(told.map((ref) => seen(project_id, ref)))).toEqual([
      merged.merge_commit_id,
      third,
      third,
      aside,
      third,
      first,
      first,
      first,
      second,
    ]);
    for (const ref of ['main~4', 'main^3', 'main~999999999', `main${'^'.repeat(20)}`])
      await expect(seen(project_id, ref)).rejects.toMatchObject({
        code: 'not_found',
        message: `There is no commit ${ref} in this project.`,
      });
    for (const ref of ['nobody~1', '~1', 'main~x', 'main~1000000000', `main${'~'.repeat(240)}`])
      await expect(seen(project_id, ref)).rejects.toMatchObject({
        code: 'not_found',
        message: `There is no branch, tag or commit ${ref} in this project.`,
      });
  });

  test('stands behind what is called so itself', async () => {
    const { project_id, first, second } = await shared();
    await call(contract.createBranch, { project_id, name: 'main~1', from_commit_hash: second }, ada);
    expect([await seen(project_id, 'main~1'), await seen(project_id, 'main~')]).toEqual([second, first]);
  });

  test('is as unknown as the ref to whoever may not see it', async () => {
    const { id: project_id } = await call(contract.createProject, { name: 'Mine' }, ada);
    await commit(project_id, 1);
    const second = await commit(project_id, 2);
    await expect(seen(project_id, `${second}~1`, bob)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a workspace', () => {
  test('is saved over the state that was read, and over no other; old clients save as ever', async () => {
    const { project_id } = await shared();
    const { etag } = await call(contract.getWorkspace, { project_id }, ada);
    expect(await call(contract.getWorkspace, { project_id, if_none_match: etag }, ada)).toEqual({
      document: null,
      etag,
    });
    const save = (beach: number, if_match?: string) =>
      call(contract.saveWorkspace, { project_id, document: film({ beach }), if_match }, ada);
    const saved = await save(5, etag);
    await expect(save(6, etag)).rejects.toMatchObject({
      code: 'conflict',
      details: { reason: 'precondition_failed', etag: saved.etag },
    });
    expect((await call(contract.getWorkspace, { project_id }, ada)).document).toEqual(film({ beach: 5 }));
    await save(7);
    expect((await call(contract.getWorkspace, { project_id }, ada)).etag).not.toBe(saved.etag);
  });

  test('of ten saves over one state at once one is kept', async () => {
    const { project_id } = await shared();
    const { etag } = await call(contract.getWorkspace, { project_id }, ada);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) =>
        call(contract.saveWorkspace, { project_id, document: { n }, if_match: etag }, ada),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('can be what it was, as saved or as committed', async () => {
    const { project_id, first } = await shared();
    const editorUi = { layout: 'mine' };
    for (const beach of [5, 6])
      await call(contract.saveWorkspace, { project_id, document: { ...film({ beach }), editorUi } }, ada);
    const revisions = await call(history.listRevisions, { project_id }, ada);
    expect(revisions.map(({ revision, is_current }) => [revision, is_current])).toEqual([
      [2, true],
      [1, false],
    ]);
    const earlier = await call(history.getRevision, { project_id, revision: 1 }, ada);
    expect(earlier).toMatchObject({ document: film({ beach: 5 }), saved_by_name: 'Ada' });
    const restored = await call(history.restoreWorkspace, { project_id, revision: 1 }, ada);
    expect(restored.document).toEqual(earlier.document);
    const committed = await call(history.restoreWorkspace, { project_id, commit: first }, ada);
    expect(committed.document).toEqual({ ...film({ beach: 1 }), editorUi });
    expect(await call(history.listRevisions, { project_id }, ada)).toHaveLength(4);
    await expect(call(history.listRevisions, { project_id }, bob)).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(call(history.restoreWorkspace, { project_id, revision: 99 }, ada)).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(call(history.restoreWorkspace, { project_id }, ada)).rejects.toMatchObject({ code: 'invalid' });
  });
});
