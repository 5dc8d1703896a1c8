import fc from 'fast-check';
import { generatedFilm } from './generated-film.js';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

/** A film with all that people and programs do to documents: things that nothing uses, fields of their own, times between frames, odd ids. */
export function editedFilm() {
  return fc
    .record({
      film: generatedFilm(),
      edits: fc.array(fc.record({ edit: fc.constantFrom(...EDITS), nth: fc.nat(99) }), { maxLength: 12 }),
    })
    .map(({ film, edits }) => {
      const made = structuredClone(film) as Json;
      edits.forEach(({ edit, nth }, at) => edit(made, nth, `added${at}`));
      return made as Record<string, unknown>;
    });
}

const ODD_TEXTS = [
  'two\nlines',
  ' around ',
  'a  b',
  '\u0001',
  '\ud800',
  '🎬 "quoted" <b>&amp;',
  'x'.repeat(1500),
  '__proto__',
  '',
];

const pick = <T>(list: readonly T[], nth: number): T | undefined => list[nth % Math.max(1, list.length)];
const rowOf = (film: Json, nth: number): Json => pick(film.editorData, nth);
const actionOf = (film: Json, nth: number): Json =>
  pick(
    film.editorData.flatMap(({ actions }: Json) => actions),
    nth,
  ) ?? {};
const oneOf = (map: Json, nth: number): Json => pick(Object.values(map), nth) ?? {};

/** What may be done to a document: each edit is given the film, a number to choose by, and an id that is free. */
const EDITS: ((film: Json, nth: number, id: string) => void)[] = [
  (film, nth) => (rowOf(film, nth).rowHeight = 40),
  (film, nth) => (rowOf(film, nth).name = pick(ODD_TEXTS, nth)),
  (film, nth) => delete rowOf(film, nth).name,
  (film, nth) => (actionOf(film, nth).flexible = false),
  (film, nth) => (actionOf(film, nth).disable = true),
  (film, nth) => (actionOf(film, nth).end -= 0.0123),
  (film, nth) => (actionOf(film, nth).end += 2),
  (film, nth) => (actionOf(film, nth).start += 0.01),
  (film, nth) => (actionOf(film, nth).end = actionOf(film, nth).start),
  (film, nth) => (actionOf(film, nth).start = -1),
  (film, nth) => (oneOf(film.effects, nth).name = pick(ODD_TEXTS, nth)),
  (film, nth) => (oneOf(film.effects, nth).source = { id: 'blur' }),
  (film, _nth, id) => (film.effects[id] = { id, name: 'Nobody uses this' }),
  (film, nth) => (actionOf(film, nth).effectId = actionOf(film, nth + 1).effectId),
  (film, nth) => delete film.editorState.timelineItems[actionOf(film, nth).id],
  (film, _nth, id) => (film.editorState.timelineItems[id] = { id, clipId: 'nowhere', trackId: '0' }),
  (film, nth) => (oneOf(film.editorState.timelineItems, nth).note = 'mine'),
  (film, nth) =>
    (oneOf(film.editorState.timelineItems, nth).clipId = oneOf(film.editorState.timelineItems, nth + 1).clipId),
  (film, nth) => (oneOf(film.editorState.clips, nth).volume = 0.5),
  (film, nth) => (oneOf(film.editorState.clips, nth).startOffset += 0.3),
  (film, nth) => (oneOf(film.editorState.clips, nth).endOffset -= 0.1),
  (film, _nth, id) => (film.editorState.clips[id] = { id, assetId: 'nowhere', startOffset: 0 }),
  (film, nth) => (oneOf(film.editorState.assets, nth).width = 1920),
  (film, nth) => (oneOf(film.editorState.assets, nth).url = pick(ODD_TEXTS, nth)),
  (film, nth) => (oneOf(film.editorState.assets, nth).generationParams = { prompt: 'a storm' }),
  (film, nth) => (oneOf(film.editorState.assets, nth).duration = 3.3333),
  (film, _nth, id) =>
    (film.editorState.assets[id] = { id, type: 'video', url: '/files/9', source: 'upload', createdAt: 'now' }),
  (film, nth) => (oneOf(film.editorState.beats, nth).dialogue = pick(ODD_TEXTS, nth)),
  (film, nth) => (oneOf(film.editorState.beats, nth).shots = [{ id: 'shot', order: 0 }]),
  (film, nth) => (oneOf(film.editorState.beats, nth).status = 'pending'),
  (film, _nth, id) => (film.editorState.beats[id] = { id, sceneId: 'nowhere', characterIds: [], order: 0 }),
  (film, nth) => (oneOf(film.editorState.scenes, nth).summary = 'It begins.'),
  (film, nth) => (oneOf(film.editorState.scenes, nth).title = pick(ODD_TEXTS, nth)),
  (film, _nth, id) => {
    film.editorState.scenes[id] = { id, title: 'Empty', summary: '', order: 9, beatIds: [] };
    film.editorState.sceneOrder.push(id);
  },
  (film) => film.editorState.sceneOrder.reverse(),
  (film, nth) => (oneOf(film.editorState.characters, nth).description = 'a dog'),
  (film, _nth, id) => (film.editorState.characters[id] = { id, name: 'Mara' }),
  (film) => (film.tags = ['draft']),
  (film) => (film.editorState.settings = { grid: 10 }),
  (film) => (film.editorState.ideaVersions = [{ id: 'idea' }]),
  (film, nth) => renamed(film, nth, pick(['two  spaces', 'y'.repeat(300), 'line\nbreak'], nth)!),
  (film, nth) => (actionOf(film, nth).id = actionOf(film, nth + 1).id),
];

/** A shot by another id, wherever that stands. */
function renamed(film: Json, nth: number, id: string): void {
  const action = actionOf(film, nth);
  const item = film.editorState.timelineItems[action.id];
  if (action.id === undefined || item === undefined || id in film.editorState.timelineItems) return;
  delete film.editorState.timelineItems[action.id];
  film.editorState.timelineItems[id] = { ...item, id };
  action.id = id;
}
