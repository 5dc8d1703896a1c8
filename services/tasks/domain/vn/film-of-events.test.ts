import { filmOfEvents, withFilm } from './film-of-events.js';

const film = filmOfEvents([
  { type: 'LABEL', name: 'start|The street', label: 'start', caption: 'The street' },
  { type: 'SAY', speaker: 'e happy', character: 'e', text: 'Hi' },
  { type: 'CHOICE', choices: [{ text: 'Go' }, { text: 'Stay' }] },
  { type: 'LABEL', name: 'empty' },
  { type: 'LABEL', name: 'end' },
  { type: 'JUMP', target: 'target=*start', label: 'start' },
  { type: 'TEXT', text: ' ' },
]);

test('a label begins a scene, lines and choices are its beats, and a label without any is none', () => {
  expect(film.scenes.map(({ title, beats }) => [title, beats.map(({ narration }) => narration)])).toEqual([
    ['The street', ['e: Hi', 'CHOICE: Go | Stay']],
    ['end', ['JUMP → start']],
  ]);
  expect(film.characters).toEqual(['e']);
});

test('scenes are added after those that are there, written again they replace themselves, and nothing else changes', () => {
  const own = {
    other: 1,
    editorState: {
      scenes: { s: { id: 's', title: 'Mine' } },
      sceneOrder: ['s'],
      characters: { c: { id: 'c', name: 'e' } },
    },
  };
  const once = withFilm(own, film, { prefix: 'vn1', replace: false });
  expect(once).toMatchObject({
    other: 1,
    editorState: {
      sceneOrder: ['s', 'scene_vn1_1', 'scene_vn1_2'],
      beats: { beat_vn1_1_1: { sceneId: 'scene_vn1_1', characterIds: ['c'], dialogue: 'Hi' } },
    },
  });
  expect(withFilm(once, film, { prefix: 'vn1', replace: false })).toEqual(once);
  const instead = withFilm(once, film, { prefix: 'vn2', replace: true });
  expect((instead.editorState as { sceneOrder: string[] }).sceneOrder).toEqual(['scene_vn2_1', 'scene_vn2_2']);
});
