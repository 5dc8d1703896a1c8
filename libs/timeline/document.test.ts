import { committable, isDocument, noiseOf, withNoiseOf } from './document.js';
import { parseExact } from './exact-json.js';

const film = () => ({
  editorData: [{ id: '0', actions: [{ id: 'a', start: 0, end: 2, effectId: 'a' }] }],
  effects: { a: { id: 'a', name: 'Harbour' } },
  editorState: { scenes: {}, sceneOrder: [] as string[] },
});

test('a workspace without noise is committed as the very same object', () => {
  const workspace = film();
  expect(committable(workspace)).toBe(workspace);
  expect(committable({})).toEqual({});
});

test('window layout, running generations and display markers do not get into a commit', () => {
  const workspace = {
    ...film(),
    editorData: [
      { id: '0', actions: [...film().editorData[0]!.actions, { id: '__marker_1', start: 1, end: 1 }] },
      { id: '__markers__', actions: [] },
    ],
    editorState: { ...film().editorState, generationTasks: [{ id: 't' }] },
    editorUi: { layout: { leftPanelWidth: 300 } },
  };
  const before = JSON.stringify(workspace);
  expect(committable(workspace)).toEqual(film());
  expect(JSON.stringify(workspace)).toBe(before);
});

test('a document of any other shape is left alone', () => {
  for (const odd of [{ editorData: 7 }, { editorState: null }, { editorData: [null, 3, { actions: 'x' }] }]) {
    expect(committable(odd)).toBe(odd);
  }
});

test('restoring a commit keeps what the person had open, and the commit can be made again from it', () => {
  const noise = { editorUi: { selection: null }, editorState: { generationTasks: [{ id: 't' }] } };
  for (const document of [film(), {}, { clips: [{ video_url: 'u' }] }, { editorState: 'odd' }]) {
    const workspace = withNoiseOf(document, noise);
    expect(workspace.editorUi).toEqual({ selection: null });
    expect(committable(workspace)).toEqual(document);
  }
  expect(withNoiseOf(film(), noise).editorState).toEqual({ ...film().editorState, generationTasks: [{ id: 't' }] });
});

test('noise that came with a document gives way to the noise of the workspace', () => {
  const foreign = { ...film(), editorUi: 'of somebody else' };
  expect(withNoiseOf(foreign, { editorUi: 'mine' }).editorUi).toBe('mine');
  expect(withNoiseOf(foreign, {})).toEqual(film());
});

test('odd keys survive', () => {
  const workspace = parseExact('{"__proto__":{"x":1},"editorUi":1}') as Record<string, unknown>;
  expect(JSON.stringify(committable(workspace))).toBe('{"__proto__":{"x":1}}');
  expect(JSON.stringify(withNoiseOf(committable(workspace), workspace))).toBe('{"__proto__":{"x":1},"editorUi":1}');
});

test('only a JSON object is a document', () => {
  expect([{}, { a: 1 }].every(isDocument)).toBe(true);
  expect([null, [], 'x', 1, true, parseExact('9007199254740993')].some(isDocument)).toBe(false);
});

test('the noise of a workspace alone is as good as the workspace to put it into a document', () => {
  const tasks = { generationTasks: [{ id: 't' }] };
  for (const workspace of [
    {},
    film(),
    { editorUi: null },
    { ...film(), editorUi: {}, editorState: tasks },
    { editorState: 7 },
  ])
    for (const document of [film(), {}, { editorUi: { wide: true }, editorState: tasks }, { editorState: 'odd' }]) {
      expect(withNoiseOf(document, noiseOf(workspace))).toEqual(withNoiseOf(document, workspace));
      expect(withNoiseOf(document, noiseOf(document))).toEqual(document);
    }
});
