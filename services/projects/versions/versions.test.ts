import pg from 'pg';
import * as contract from '#libs/contracts/projects';
import { canonicalJson } from '#libs/timeline/canonical-json';
import { parseExact } from '#libs/timeline/exact-json';
import { peopleWith } from '#libs/testing/people-with';
import { film } from '#libs/testing/seeds/film';
import { person } from '#libs/testing/seeds/people';
import { projects } from '../service.js';

const { running, call, ada, bob } = peopleWith([projects], ['Ada', 'Bob']);
const newProject = async (is_public = true) =>
  (await call(contract.createProject, { name: 'Film', is_public }, ada)).id;
const commit = (
  project_id: string,
  video_assets: Record<string, unknown>,
  more: { branch_name?: string; parent_hash?: string } = {},
) => call(contract.createCommit, { project_id, message: 'work', video_assets, ...more }, ada);

async function inDatabase(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: running.databaseUrl });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}

describe('commits', () => {
  test('twenty at once on one branch are all in its history', async () => {
    const project_id = await newProject();
    const commits = await Promise.all(Array.from({ length: 20 }, (_, n) => commit(project_id, { n })));
    const [main] = await call(contract.listBranches, { project_id }, ada);
    expect(main).toMatchObject({ commit_count: 20, project_percent: 100 });
    expect(new Set(commits.map(({ id }) => id)).size).toBe(20);
  });

  test('on top of a head that is no longer one is a conflict that names the head', async () => {
    const project_id = await newProject();
    const first = await commit(project_id, { v: 1 });
    const second = await commit(project_id, { v: 2 }, { parent_hash: first.id });
    expect(second.parent_hash).toBe(first.id);
    await expect(commit(project_id, { v: 3 }, { parent_hash: first.id })).rejects.toMatchObject({
      code: 'conflict',
      details: { head_commit_id: second.id },
    });
    expect((await call(contract.getHead, { project_id }, ada)).commit_id).toBe(second.id);
  });

  test('a hash of another project is as unknown as one nobody has', async () => {
    const secret = await commit(await newProject(false), { secret: true });
    const project_id = await newProject();
    await commit(project_id, { v: 1 });
    for (const hash of [secret.id, 'f'.repeat(64), 'nonsense']) {
      await expect(commit(project_id, {}, { parent_hash: hash })).rejects.toMatchObject({
        code: 'not_found',
        message: 'Parent commit not found',
      });
      const source = { code: 'not_found', message: 'Source commit not found' };
      await expect(call(contract.forkProject, { project_id, commit_hash: hash }, bob)).rejects.toMatchObject(source);
      await expect(call(contract.forkBranch, { project_id, from_commit_hash: hash }, bob)).rejects.toMatchObject(
        source,
      );
      await expect(
        call(contract.createBranch, { project_id, name: 'x', from_commit_hash: hash }, ada),
      ).rejects.toMatchObject(source);
    }
    expect((await call(contract.listBranches, { project_id }, ada)).map(({ name }) => name)).toEqual(['main']);
  });

  test('a missing branch is not made by committing to it', async () => {
    const project_id = await newProject();
    await expect(commit(project_id, {}, { branch_name: 'nowhere' })).rejects.toMatchObject({
      message: 'Branch nowhere not found',
    });
  });

  test('a snapshot comes back exactly: numbers, unicode, strange keys', async () => {
    const project_id = await newProject();
    const text =
      '{"big":9007199254740993,"tiny":1e-400,"zero":-0,"name":"e\\u0301 \u{1F3AC}","lone":"\\ud800","__proto__":{"x":1},"n":1e21}';
    const snapshot = parseExact(text) as Record<string, unknown>;
    await commit(project_id, snapshot);
    const head = await call(contract.getHead, { project_id }, ada);
    expect(canonicalJson(head.video_assets)).toBe(canonicalJson(snapshot));
    for (const number of ['9007199254740993', '1e-400', '-0'])
      expect(JSON.stringify(head.video_assets)).toContain(number);
  });
});

describe('branches', () => {
  test('of ten of one name at once, one is made, and it works', async () => {
    const project_id = await newProject();
    const make = () => call(contract.createBranch, { project_id, name: 'dup' }, ada);
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, make));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const taken = { code: 'invalid', message: 'Branch already exists' };
    await expect(make()).rejects.toMatchObject(taken);
    await expect(
      call(contract.createBranch, { project_id, name: 'dup', from_commit_hash: 'unknown' }, ada),
    ).rejects.toMatchObject(taken);
    await expect(commit(project_id, { v: 1 }, { branch_name: 'dup' })).resolves.toBeTruthy();
  });

  test('a new name neither begins nor ends with a space, by which it could not be called', async () => {
    const project_id = await newProject();
    for (const name of [' a', 'a ', '\ta\n'])
      await expect(call(contract.createBranch, { project_id, name }, ada)).rejects.toMatchObject({
        code: 'invalid',
        message: expect.stringContaining('space') as string,
      });
    expect(await call(contract.createBranch, { project_id, name: 'a b' }, ada)).toMatchObject({ name: 'a b' });
  });

  test('ten forks of a branch at once get ten names', async () => {
    const project_id = await newProject();
    const branches = await Promise.all(
      Array.from({ length: 10 }, () => call(contract.forkBranch, { project_id, name: 'ff' }, bob)),
    );
    const expected = ['ff', ...Array.from({ length: 9 }, (_, n) => `ff_${n + 1}`)].sort();
    expect(branches.map(({ name }) => name).sort()).toEqual(expected);
  });

  test('an unknown parent leaves nothing behind', async () => {
    const project_id = await newProject();
    for (const parent_branch_id of ['11111111-2222-4333-8444-555555555555', 'not an id'])
      await expect(call(contract.createBranch, { project_id, name: 'x', parent_branch_id }, ada)).rejects.toMatchObject(
        {
          message: 'Parent branch not found',
        },
      );
    expect(await call(contract.listBranches, { project_id }, ada)).toHaveLength(1);
  });

  test('a fork of a branch starts with the workspace of its source and is named after the person', async () => {
    const project_id = await newProject();
    await call(contract.saveWorkspace, { project_id, document: film({ beach: 4 }) }, ada);
    const own = await call(contract.forkBranch, { project_id }, ada);
    expect(own.name).toBe('fork/ada');
    expect((await call(contract.getWorkspace, { project_id, branch_name: own.name }, ada)).document).toEqual(
      film({ beach: 4 }),
    );
    const nameless = await person(running.broker, ' ');
    await call(contract.updateProject, { project_id, is_public: true }, ada);
    expect((await call(contract.forkBranch, { project_id }, nameless)).name).toBe('fork/user');
  });
});

describe('workspaces', () => {
  test('a workspace comes back as it was saved, key order and unknown keys included', async () => {
    const project_id = await newProject();
    expect((await call(contract.getWorkspace, { project_id }, ada)).document).toEqual({});
    const document = parseExact('{"z":1,"a":{"unknown":[9007199254740993]},"editorUi":{"w":1}}') as Record<
      string,
      unknown
    >;
    await call(contract.saveWorkspace, { project_id, document }, ada);
    expect(JSON.stringify((await call(contract.getWorkspace, { project_id }, ada)).document)).toBe(
      JSON.stringify(document),
    );
  });

  test('an overwritten save is kept, the newest hundred of them; the document itself is there once', async () => {
    const project_id = await newProject();
    for (let version = 1; version <= 103; version++)
      await call(contract.saveWorkspace, { project_id, document: { version } }, ada);
    const kept = await inDatabase(
      `select r.revision from projects.workspace_revisions r join projects.branches b on b.id = r.branch_id
       where b.project_id = '${project_id}' order by r.revision`,
    );
    expect(kept.map(({ revision }) => revision)).toEqual(Array.from({ length: 100 }, (_, n) => n + 3));
  });

  test('publishing a project commits what is saved on main, without anybody’s panel layout', async () => {
    const project_id = await newProject(false);
    const document = { ...film({ beach: 4 }), editorUi: { layout: {} } };
    await call(contract.saveWorkspace, { project_id, document }, ada);
    await call(contract.updateProject, { project_id, is_public: true }, ada);
    expect((await call(contract.getWorkspace, { project_id }, bob)).document).toEqual(film({ beach: 4 }));
    await call(contract.updateProject, { project_id, is_public: true }, ada);
    expect((await call(contract.getGraph, { project_id }, ada)).commits).toHaveLength(1);
  });
});

describe('what is saved and not committed', () => {
  test('is committed as the work of whoever saved it, whoever publishes or asks to merge', async () => {
    const project_id = await newProject();
    await commit(project_id, film({ beach: 4 }));
    const { name } = await call(contract.forkBranch, { project_id, name: 'bobs' }, bob);
    await call(contract.saveWorkspace, { project_id, branch_name: name, document: film({ beach: 5 }) }, bob);
    await call(contract.createMergeRequest, { project_id, source_branch_name: name }, ada);
    const { branches, commits } = await call(contract.getGraph, { project_id }, ada);
    expect(commits.map(({ author_id }) => author_id)).toEqual([ada.user_id, bob.user_id]);
    expect(branches[1]!.contributors.map((one) => one.name).sort()).toEqual(['Ada', 'Bob']);
  });

  test('goes along into one’s own fork, and is published with it', async () => {
    const project_id = await newProject(false);
    await call(contract.saveWorkspace, { project_id, document: film({ beach: 4 }) }, ada);
    const fork = await call(contract.forkProject, { project_id }, ada);
    await call(contract.updateProject, { project_id: fork.id, is_public: true }, ada);
    expect((await call(contract.getWorkspace, { project_id: fork.id }, bob)).document).toEqual(film({ beach: 4 }));
    const { name } = await call(contract.forkBranch, { project_id }, ada);
    await call(contract.createMergeRequest, { project_id, source_branch_name: name }, ada);
    expect((await call(contract.getHead, { project_id, branch_name: name }, ada)).video_assets).toEqual(
      film({ beach: 4 }),
    );
  });

  test('is committed once, and also on top of a commit that carries somebody’s panel layout', async () => {
    const project_id = await newProject();
    await commit(project_id, { ...film({ beach: 4 }), editorUi: { layout: 1 } });
    const publish = (document: Record<string, unknown>) =>
      call(contract.saveWorkspace, { project_id, document }, ada).then(() =>
        call(contract.updateProject, { project_id, is_public: true }, ada),
      );
    await publish({ ...film({ beach: 4 }), editorUi: { layout: 2 } });
    expect((await call(contract.getGraph, { project_id }, ada)).commits).toHaveLength(1);
    await publish({ ...film({ beach: 5 }), editorUi: { layout: 2 } });
    expect((await call(contract.getHead, { project_id }, bob)).video_assets).toEqual(film({ beach: 5 }));
  });
});

describe('forks', () => {
  test('a fork has the whole history, the branches, the anchors, and knows its parent', async () => {
    const project_id = await newProject();
    await commit(project_id, { v: 1 });
    const head = await commit(project_id, { v: 2 });
    const [main] = await call(contract.listBranches, { project_id }, ada);
    await call(
      contract.createBranch,
      { project_id, name: 'side', from_commit_hash: head.parent_hash, parent_branch_id: main!.id },
      ada,
    );
    await call(
      contract.createAnchor,
      { project_id, name: 'Mei', reference_image_url: 'https://example.org/mei.png' },
      ada,
    );
    const fork = await call(contract.forkProject, { project_id }, bob);
    expect(fork).toMatchObject({
      name: 'Fork of Film',
      description: `Forked from project ${project_id}`,
      parent_project_id: project_id,
      is_public: false,
    });
    const graph = await call(contract.getGraph, { project_id: fork.id }, bob);
    expect(graph.commits.map(({ id }) => id)).toEqual(
      (await call(contract.getGraph, { project_id }, ada)).commits.map(({ id }) => id),
    );
    expect(graph.branches.map(({ name, head_commit_id }) => [name, head_commit_id])).toEqual([
      ['main', head.id],
      ['side', head.parent_hash],
    ]);
    expect(graph.branches[1]!.parent_branch_id).toBe(graph.branches[0]!.id);
    expect(await call(contract.listAnchors, { project_id: fork.id }, bob)).toMatchObject([{ name: 'Mei' }]);
  });

  test('a fork of one commit ends there, and outlives its parent', async () => {
    const project_id = await newProject();
    const first = await commit(project_id, { v: 1 });
    await commit(project_id, { v: 2 });
    const fork = await call(contract.forkProject, { project_id, commit_hash: first.id }, bob);
    await call(contract.deleteProject, { project_id, confirm_project_id: project_id, confirm_nickname: ' ADA ' }, ada);
    const head = await call(contract.getHead, { project_id: fork.id }, bob);
    expect(head).toMatchObject({ commit_id: first.id, video_assets: { v: 1 } });
    expect((await call(contract.getProject, { project_id: fork.id }, bob)).parent_project_id).toBeNull();
  });
});

test('however long the names and however often forked, everything can be exported and asked for', async () => {
  const { id: project_id } = await call(contract.createProject, { name: '\u{1F3AC}'.repeat(500) }, ada);
  const fork = await call(contract.forkProject, { project_id }, ada);
  const names = [];
  for (let n = 0; n < 3; n++)
    names.push((await call(contract.forkBranch, { project_id: fork.id, name: 'x'.repeat(250) }, ada)).name);
  expect(new Set(names).size).toBe(3);
  for (const branch_name of names)
    await expect(call(contract.exportProject, { project_id: fork.id, branch_name }, ada)).resolves.toMatchObject({
      branch: { name: branch_name },
    });
});

test('export into another account gives the same workspace and the same head', async () => {
  const project_id = await newProject();
  await call(contract.saveWorkspace, { project_id, document: film({ beach: 4, forest: 2 }) }, ada);
  await commit(project_id, film({ beach: 4, forest: 2 }));
  const payload = await call(contract.exportProject, { project_id }, bob);
  expect(payload.source).toEqual({ cloud_project_id: project_id, cloud_branch_name: 'main', cloud_origin: null });
  const copy = await call(contract.importProject, payload, bob);
  expect(copy).toMatchObject({ name: 'Film', is_public: false, owner_id: bob.user_id });
  expect((await call(contract.getWorkspace, { project_id: copy.id }, bob)).document).toEqual(
    film({ beach: 4, forest: 2 }),
  );
  expect((await call(contract.getHead, { project_id: copy.id }, bob)).message).toBe('work');
});
