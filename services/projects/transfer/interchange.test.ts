import type { Caller } from '#libs/contracts/caller';
import * as contract from '#libs/contracts/projects';
import { runServices, type RunningServices } from '#libs/testing/running';
import { film } from '#libs/testing/seeds/film';
import { person } from '#libs/testing/seeds/people';
import { projects } from '../service.js';

let running: RunningServices;
let ada: Caller;
let bob: Caller;
beforeAll(async () => {
  running = await runServices([projects]);
  [ada, bob] = await Promise.all([person(running.broker, 'Ada'), person(running.broker, 'Bob')]);
});
afterAll(() => running.close());

const call: RunningServices['broker']['call'] = (...args) => running.broker.call(...args);
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

test('uncommitted work does not leave by this door either', async () => {
  const { id: project_id } = await call(contract.createProject, { name: 'Film', is_public: true }, ada);
  await call(contract.saveWorkspace, { project_id, document: film({ secret: 4 }) }, ada);
  expect((await call(contract.exportTimeline, { project_id }, bob)).content).not.toContain('secret');
  expect((await call(contract.exportTimeline, { project_id }, ada)).content).toContain('secret');
});

test('a film that would take for ever to read stops nobody else, and is refused', async () => {
  const endless = `<fcpxml version="1.10"><resources>${'<a b="1"/>'.repeat(4_000_000)}</resources></fcpxml>`;
  const reading = call(contract.importTimeline, { name: 'x', format: 'fcpxml', content: endless }, ada);
  const answered = reading.then(
    () => 'read',
    () => 'refused',
  );
  const first = await Promise.race([answered, call(contract.listProjects, {}, bob).then(() => 'another was answered')]);
  expect(first).toBe('another was answered');
  await expect(reading).rejects.toMatchObject({ code: 'invalid' });
}, 60_000);
