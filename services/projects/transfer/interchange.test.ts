import type { InputOf } from '#libs/contracts/contract';
import * as contract from '#libs/contracts/projects';
import { bringTimelineBack } from '#libs/contracts/projects-interchange';
import { peopleWith } from '#libs/testing/people-with';
import { film } from '#libs/testing/seeds/film';
import { projects } from '../service.js';

const { call, ada, bob } = peopleWith([projects], ['Ada', 'Bob']);
const cuts = (document: Record<string, unknown>) =>
  (document.editorData as { actions: { id: string; start: number; end: number }[] }[]).flatMap(({ actions }) =>
    actions.map(({ id, start, end }) => [id, start, end]),
  );

test.each(['otio', 'edl', 'fcpxml'] as const)('a film goes out as %s and comes back shot by shot', async (format) => {
  const { id: project_id } = await call(contract.createProject, { name: 'Ada: first/cut', is_public: true }, ada);
  const document = film({ beach: 4, forest: 2, city: 3 });
  await call(contract.createCommit, { project_id, message: 'm', video_assets: document }, ada);
  const file = await call(contract.exportTimeline, { project_id, format }, bob);
  expect(file).toMatchObject({ format, filename: `Ada firstcut.${format}` });
  const { project } = await call(contract.importTimeline, { name: 'Back', format, content: file.content }, bob);
  expect(project).toMatchObject({ name: 'Back', is_public: false, owner_id: bob.user_id });
  const back = await call(contract.getHead, { project_id: project.id }, bob);
  expect(cuts(back.video_assets)).toEqual(cuts(document));
  expect(back.message).toBe(`Imported from ${format.toUpperCase()}`);
});

test('what a format cannot carry is told to programs and to people, in their language', async () => {
  const { id: project_id } = await call(contract.createProject, { name: 'Film' }, ada);
  const document = film({ beach: 4, forest: 2 }) as { editorData: { actions: object[] }[] };
  document.editorData[0]!.actions[1] = { ...document.editorData[0]!.actions[1], disable: true };
  await call(contract.createCommit, { project_id, message: 'm', video_assets: document }, ada);
  const ask = async (language: 'en' | 'zh') =>
    call(contract.exportTimeline, { project_id, format: 'edl', language }, ada);
  const [file, inChinese] = [await ask('en'), await ask('zh')];
  const at = file.loss_report.findIndex(({ code }) => code === 'shot_off');
  expect(file.loss_report[at]).toEqual({
    code: 'shot_off',
    severity: 'lost',
    count: 1,
    values: {},
    places: [expect.objectContaining({ kind: 'shot', id: 'forest', name: 'forest', timecode: '00:00:04:00' })],
  });
  expect([file.losses[at], inChinese.losses[at]]).toEqual([
    'The shot "forest" is switched off and is left out.',
    '镜头“forest”已停用，因此略去。',
  ]);
  expect(inChinese.loss_report).toEqual(file.loss_report);
  const marked = `${file.content}* LOC: 00:00:01:00 RED dark\n`;
  const { loss_report } = await call(
    contract.importTimeline,
    { name: 'x', format: 'edl', rate: '24', content: marked },
    ada,
  );
  expect(loss_report).toMatchObject([
    { code: 'marker', count: 1, places: [{ kind: 'event', element: '001', line: 8 }] },
    { code: 'no_media', places: [{ id: 'beach', timecode: '01:00:00:00' }] },
  ]);
  const back = await call(bringTimelineBack, { project_id, format: 'edl', content: marked, preview: true }, ada);
  expect(back).toMatchObject({ loss_report: [{ code: 'marker' }], is_empty: true, losses: [expect.any(String)] });
});

test.each([
  ['otio', 'no JSON'],
  ['otio', '{"OTIO_SCHEMA":"Nonsense.9"}'],
  ['fcpxml', '<!DOCTYPE x [<!ENTITY a "b">]><fcpxml>&a;</fcpxml>'],
  ['edl', '\u{1F3AC}'],
] as const)('a file that is no %s is refused, and leaves nothing behind', async (format, content) => {
  const before = await call(contract.listProjects, {}, ada);
  await expect(call(contract.importTimeline, { name: 'x', format, content }, ada)).rejects.toMatchObject({
    code: 'invalid',
  });
  expect(await call(contract.listProjects, {}, ada)).toHaveLength(before.length);
});

describe('a film that was cut elsewhere', () => {
  const FILM = () => ({ ...film({ beach: 4, forest: 2, city: 3 }), title: 'The storm' });
  const shared = async () => {
    const { id: project_id } = await call(contract.createProject, { name: 'Film', is_public: true }, ada);
    const { id } = await call(contract.createCommit, { project_id, message: 'm', video_assets: FILM() }, ada);
    await call(contract.saveWorkspace, { project_id, document: FILM() }, ada);
    return { project_id, first: id };
  };
  const out = async (project_id: string) => (await call(contract.exportTimeline, { project_id }, ada)).content;
  /** What another editor does: the second shot goes, and what follows comes sooner. */
  const withoutSecond = (content: string) => {
    const otio = JSON.parse(content) as { tracks: { children: { children: unknown[] }[] } };
    otio.tracks.children[0]!.children.splice(1, 1);
    return JSON.stringify(otio);
  };
  const bring = (wish: object, by = ada) =>
    call(bringTimelineBack, { format: 'otio', ...wish } as InputOf<typeof bringTimelineBack>, by);

  test('comes back as a commit on its branch, under the ids it had, and what was saved comes along', async () => {
    const { project_id, first } = await shared();
    const content = withoutSecond(await out(project_id));
    const looked = await bring({ project_id, content, preview: true });
    expect(looked).toMatchObject({ commit_id: null, head_commit_id: first, is_empty: false, by_id: 2, added: [] });
    const back = await bring({ project_id, content });
    expect(back).toMatchObject({ removed: [{ id: 'forest', name: 'forest' }], by_likeness: [], losses: [] });
    expect(back.words).toEqual(['Removed “forest” from track 0', '“city” on track 0 starts 2 s earlier']);
    const head = await call(contract.getHead, { project_id }, ada);
    expect([head.commit_id, head.message]).toEqual([back.commit_id, 'Cut elsewhere, back as OTIO']);
    expect(cuts(head.video_assets)).toEqual([
      ['beach', 0, 4],
      ['city', 4, 7],
    ]);
    const { editorState, title } = head.video_assets as unknown as { editorState: { scenes: object }; title: string };
    expect([title, editorState.scenes]).toEqual([
      'The storm',
      (film({ beach: 4, forest: 2, city: 3 }).editorState as { scenes: object }).scenes,
    ]);
    expect((await call(contract.getWorkspace, { project_id }, ada)).document).toEqual(head.video_assets);
    expect(await bring({ project_id, content })).toMatchObject({ is_empty: true, commit_id: null });
  });

  test('meets what was done here meanwhile: refused, or merged into it', async () => {
    const { project_id, first } = await shared();
    const content = withoutSecond(await out(project_id));
    const meanwhile = { ...FILM(), title: 'The great storm' };
    const { id: later } = await call(contract.createCommit, { project_id, message: 'm', video_assets: meanwhile }, ada);
    await expect(bring({ project_id, content, parent_hash: first })).rejects.toMatchObject({
      code: 'conflict',
      details: { head_commit_id: later },
    });
    await expect(bring({ project_id, content, if_match: `"${first}"` })).rejects.toMatchObject({
      details: { reason: 'precondition_failed', head_commit_id: later },
    });
    await bring({ project_id, content, parent_hash: first, rebase: true, message: 'Tighter' });
    const { message, video_assets } = await call(contract.getHead, { project_id }, ada);
    expect([message, video_assets.title]).toEqual(['Tighter', 'The great storm']);
    expect(cuts(video_assets).map(([id]) => id)).toEqual(['beach', 'city']);
    await bring({ project_id, content: await out(project_id), if_match: '*' });
  });

  test('is what is committed where nobody saved anything, and is not taken for another film', async () => {
    const { id: project_id } = await call(contract.createProject, { name: 'Film' }, ada);
    const { id } = await call(contract.createCommit, { project_id, message: 'm', video_assets: FILM() }, ada);
    const content = await out(project_id);
    expect(await bring({ project_id, content })).toMatchObject({ is_empty: true, head_commit_id: id, by_id: 3 });
    const nothing = JSON.parse(content) as { tracks: { children: unknown[] } };
    nothing.tracks.children = [];
    await expect(bring({ project_id, content: JSON.stringify(nothing) })).rejects.toMatchObject({
      code: 'invalid',
      details: { reason: 'another_film', removed: 3 },
    });
    const payload = await call(contract.exportProject, { project_id }, ada);
    const { id: copy } = await call(contract.importProject, payload, bob);
    const head = await call(contract.getHead, { project_id: copy }, bob);
    await call(contract.updateProject, { project_id: copy, is_public: true }, bob);
    expect(await call(contract.getHead, { project_id: copy }, bob)).toEqual(head);
  });

  test('is taken from those alone who may commit there', async () => {
    const { project_id } = await shared();
    const content = withoutSecond(await out(project_id));
    await expect(bring({ project_id, content }, bob)).rejects.toMatchObject({ code: 'unauthorized' });
    await call(contract.updateProject, { project_id, is_public: false }, ada);
    await expect(bring({ project_id, content }, bob)).rejects.toMatchObject({ code: 'not_found' });
    await expect(bring({ project_id, content: 'no film' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(bring({ project_id, branch_name: 'nowhere', content })).rejects.toMatchObject({ code: 'not_found' });
  });
});

test('uncommitted work does not leave by this door either', async () => {
  const { id: project_id } = await call(contract.createProject, { name: 'Film', is_public: true }, ada);
  await call(contract.saveWorkspace, { project_id, document: film({ secret: 4 }) }, ada);
  expect((await call(contract.exportTimeline, { project_id }, bob)).content).not.toContain('secret');
  expect((await call(contract.exportTimeline, { project_id }, ada)).content).toContain('secret');
});

test('a film that takes long to read stops nobody else', async () => {
  const long = `<fcpxml version="1.10"><resources>${'<a b="1"/>'.repeat(500_000)}</resources></fcpxml>`;
  const reading = call(contract.importTimeline, { name: 'x', format: 'fcpxml', content: long }, ada);
  const answered = reading.then(
    () => 'read',
    () => 'refused',
  );
  const first = await Promise.race([answered, call(contract.listProjects, {}, bob).then(() => 'another was answered')]);
  expect(first).toBe('another was answered');
  await expect(reading).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('neither a project'),
  });
});
