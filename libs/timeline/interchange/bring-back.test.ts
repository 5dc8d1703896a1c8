import fc from 'fast-check';
import { generatedFilm } from '#libs/testing/seeds/generated-film';
import { broughtBack } from './bring-back.js';
import { timelineFromEdl } from './edl.js';
import { timelineToEdl } from './edl-out.js';
import { timelineFromFcpxml } from './fcpxml.js';
import { timelineToFcpxml } from './fcpxml-out.js';
import { fraction } from './fraction.js';
import { timelineFromOtio } from './otio.js';
import { timelineToOtio } from './otio-out.js';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

let minted = 0;
const newId = (prefix: string) => `${prefix}_new${++minted}`;
const FORMATS = {
  otio: {
    write: (film: Json) => JSON.stringify(timelineToOtio(film, { name: 'Film' }).otio),
    read: (text: string): Json => timelineFromOtio(JSON.parse(text), { newId }).document,
    /** Without what we noted, as after an editor that keeps nobody else's notes. */
    strip: (text: string) => text.replace(/"evidverse":/g, '"somebody":'),
  },
  edl: {
    write: (film: Json) => timelineToEdl(film, { name: 'Film' }).edl,
    read: (text: string): Json => timelineFromEdl(text, { newId, rate: fraction(24n) }).document,
    strip: (text: string) => text.replace(/^\* EVIDVERSE.*\n/gm, ''),
  },
  fcpxml: {
    write: (film: Json) => timelineToFcpxml(film, { name: 'Film' }).fcpxml,
    read: (text: string): Json => timelineFromFcpxml(text, { newId }).document,
    strip: (text: string) => text.replace(/key="com\.evidverse/g, 'key="com.somebody'),
  },
} as const;

/** Four shots of three files on a row and one on another, with a story, and a section that no format knows. */
function told(): Json {
  const shots: [id: string, file: string, from: number, start: number, end: number, row: number][] = [
    ['beach', 'beach.mov', 10, 0, 4, 0],
    ['forest', 'forest.mov', 0, 4, 6, 0],
    ['sand', 'beach.mov', 40, 6, 9, 0],
    ['city', 'city.mov', 5, 9, 12, 0],
    ['rain', 'rain.mov', 0, 1, 3, 1],
  ];
  const files = [...new Set(shots.map(([, file]) => file))];
  const map = (things: [string, object][]) => Object.fromEntries(things.map(([id, thing]) => [id, { id, ...thing }]));
  return {
    title: 'The storm',
    editorData: [0, 1].map((row) => ({
      id: String(row),
      kind: 'video',
      name: `V${row + 1}`,
      actions: shots
        .filter(([, , , , , of]) => of === row)
        .map(([id, , , start, end]) => ({ id, start, end, effectId: `e_${id}` })),
    })),
    effects: map(shots.map(([id]) => [`e_${id}`, { name: `Shot of ${id}` }])),
    editorState: {
      scenes: map([
        ['s1', { title: 'Storm', summary: 'It comes.', order: 0, beatIds: shots.map(([id]) => `b_${id}`) }],
      ]),
      beats: map(
        shots.map(([id], order) => [
          `b_${id}`,
          { sceneId: 's1', narration: `We see ${id}.`, characterIds: ['ann'], status: 'success', order },
        ]),
      ),
      characters: map([['ann', { name: 'Ann', description: 'tall' }]]),
      assets: map(
        files.map((file) => [file.slice(0, -4), { type: 'video', url: `https://media.test/${file}`, duration: 90 }]),
      ),
      clips: map(
        shots.map(([id, file, from, start, end]) => [
          `c_${id}`,
          { assetId: file.slice(0, -4), startOffset: from, endOffset: from + end - start },
        ]),
      ),
      timelineItems: map(
        shots.map(([id, , , start, end, row]) => [
          id,
          { clipId: `c_${id}`, trackId: String(row), startTime: start, duration: end - start, linkedBeatId: `b_${id}` },
        ]),
      ),
      sceneOrder: ['s1'],
    },
  };
}

const actionOf = (film: Json, id: string): Json =>
  film.editorData.flatMap(({ actions }: Json) => actions).find((action: Json) => action.id === id);
const cuts = (film: Json) =>
  film.editorData.map(({ actions }: Json) => actions.map(({ id, start, end }: Json) => `${id} ${start}-${end}`).sort());

/** Shifts, trims and removes as an editor does: by the id of each shot, in seconds. */
function recut(film: Json, plan: Record<string, { start: number; end: number; from?: number } | null>): Json {
  const made = structuredClone(film);
  for (const [id, place] of Object.entries(plan)) {
    if (place === null) {
      for (const row of made.editorData) row.actions = row.actions.filter((action: Json) => action.id !== id);
      delete made.editorState.timelineItems[id];
      continue;
    }
    const { start, end, from } = place;
    Object.assign(actionOf(made, id), { start, end });
    Object.assign(made.editorState.timelineItems[id], { startTime: start, duration: end - start });
    const clip = made.editorState.clips[`c_${id}`];
    const startOffset = from ?? clip.startOffset;
    Object.assign(clip, { startOffset, endOffset: startOffset + end - start });
  }
  return made;
}

describe.each(Object.entries(FORMATS))(
  'a film that went to another editor as %s',
  (_format, { write, read, strip }) => {
    const bring = (film: Json, text: string) => broughtBack(film, read(write(film)), read(text));

    test('comes back as it is where nothing was done to it, with and without our notes', () => {
      const film = told();
      expect(bring(film, write(film)).document).toEqual(film);
      const unknown = bring(film, strip(write(film)));
      expect(unknown.by_id).toBe(0);
      expect(unknown.document).toEqual(film);
      expect(unknown).toMatchObject({ added: [], removed: [] });
      expect(unknown.by_likeness).toHaveLength(5);
    });

    test.each([
      ['with', (text: string) => text],
      ['without', strip],
    ])('is cut anew %s our notes, and keeps its ids, its story and all that the format does not know', (_how, pass) => {
      const film = told();
      const plan = {
        beach: { start: 0, end: 3, from: 11 },
        forest: null,
        sand: { start: 3, end: 6 },
        city: { start: 6, end: 10, from: 4 },
      };
      const back = bring(film, pass(write(recut(film, plan))));
      expect(cuts(back.document)).toEqual([['beach 0-3', 'city 6-10', 'sand 3-6'], ['rain 1-3']]);
      expect(back.removed).toEqual([{ id: 'forest', name: 'Shot of forest' }]);
      expect(back.added).toEqual([]);
      expect((back.document as Json).title).toBe('The storm');
      const { scenes, beats, characters, assets, clips } = (back.document as Json).editorState;
      expect({ scenes, characters, assets }).toEqual({
        scenes: film.editorState.scenes,
        characters: film.editorState.characters,
        assets: film.editorState.assets,
      });
      expect(beats.b_beach).toEqual(film.editorState.beats.b_beach);
      expect([clips.c_beach.startOffset, clips.c_city.startOffset, clips.c_forest]).toEqual([11, 4, undefined]);
      expect(back.by_likeness.every(({ confidence }) => confidence >= 0.5 && confidence < 1)).toBe(true);
    });

    test('shows what was put in there, with a beat of its own, and leaves media that were linked anew what they were', () => {
      const film = told();
      const other = told();
      const { editorState } = other;
      other.editorData[1].actions.push({ id: 'moon', start: 6, end: 8, effectId: 'e_moon' });
      other.effects.e_moon = { id: 'e_moon', name: 'Moon' };
      editorState.assets.moon = { id: 'moon', type: 'video', url: 'file:///volumes/moon.mov', duration: 20 };
      editorState.clips.c_moon = { id: 'c_moon', assetId: 'moon', startOffset: 1, endOffset: 3 };
      editorState.timelineItems.moon = { id: 'moon', clipId: 'c_moon', trackId: '1', startTime: 6, duration: 2 };
      for (const name of ['beach', 'city']) editorState.assets[name].url = `file:///volumes/${name}.mov`;
      const back = bring(film, strip(write(other)));
      expect(back.added).toMatchObject([{ name: 'Moon' }]);
      const { id } = back.added[0]!;
      const state = (back.document as Json).editorState;
      expect(
        Object.values<Json>(state.assets)
          .map(({ url }) => url)
          .sort(),
      ).toEqual([
        'file:///volumes/moon.mov',
        ...['beach', 'city', 'forest', 'rain'].map((name) => `https://media.test/${name}.mov`),
      ]);
      expect(actionOf(back.document, id)).toMatchObject({ start: 6, end: 8 });
      expect(state.beats[state.timelineItems[id].linkedBeatId]).toMatchObject({ narration: 'Moon' });
      expect(actionOf(back.document, 'beach')).toEqual(actionOf(film, 'beach'));
    });

    test('whatever the film is, comes back the same', () => {
      fc.assert(
        fc.property(generatedFilm(), (film) => {
          const { document, added, removed } = bring(film, write(film as Json));
          expect({ document, added, removed }).toEqual({ document: film, added: [], removed: [] });
        }),
        { numRuns: 25 },
      );
    });
  },
);

test('of a shot that was split one part stays what it was, and the other says what it comes from', () => {
  const { write, read, strip } = FORMATS.edl;
  const film = told();
  const other = recut(film, { beach: { start: 0, end: 1 } });
  other.editorData[0].actions.push({ id: 'rest', start: 1, end: 4, effectId: 'e_beach' });
  other.editorState.clips.c_rest = { id: 'c_rest', assetId: 'beach', startOffset: 11, endOffset: 14 };
  other.editorState.timelineItems.rest = { id: 'rest', clipId: 'c_rest', trackId: '0', startTime: 1, duration: 3 };
  const back = broughtBack(film, read(write(film)), read(strip(write(other))));
  const [fresh] = back.added;
  expect(back.added).toHaveLength(1);
  const items = (back.document as Json).editorState.timelineItems;
  expect(items[fresh!.id].derivedFrom).toBe('beach');
  expect(back.removed).toEqual([]);
});
