import fc from 'fast-check';
import { timelineFromEdl } from './edl.js';
import { timelineToEdl } from './edl-out.js';
import { timelineFromFcpxml } from './fcpxml.js';
import { timelineToFcpxml } from './fcpxml-out.js';
import { fraction } from './fraction.js';
import { generatedFilm } from '#libs/testing/seeds/generated-film';
import { describeLosses } from './losses/describe-losses.js';
import { timelineFromOtio } from './otio.js';
import { timelineToOtio } from './otio-out.js';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

function newIds() {
  let minted = 0;
  return { newId: (prefix: string) => `${prefix}_new${++minted}` };
}

/** Out of the editor, through a file, and in again. */
function there(film: Json) {
  const { otio, losses } = timelineToOtio(film, { name: 'Film' });
  const text = JSON.stringify(otio);
  return {
    otio: JSON.parse(text) as Json,
    losses: describeLosses(losses, { language: 'en' }),
    back: () => timelineFromOtio(JSON.parse(text), newIds()).document as Json,
  };
}

test('a film comes back from a file the very same, ids, frames, words and all', () => {
  fc.assert(
    fc.property(generatedFilm(), (film) => {
      const { back, losses } = there(film);
      expect(losses).toEqual([]);
      expect(back()).toEqual(film);
    }),
    { numRuns: 300 },
  );
});

const shown = (id: string, start: number, end: number) => ({ id, start, end, effectId: id });

/** A film as the editor writes it, in seconds alone. */
function edited(actions: Json[], state: Json = {}): Json {
  const clips = actions.map(({ id }) => [`clip ${id}`, { id: `clip ${id}`, assetId: 'asset', startOffset: 0.5 }]);
  const items = actions.map(({ id }) => [id, { id, clipId: `clip ${id}`, trackId: '0' }]);
  return {
    editorData: [{ id: '0', actions }],
    effects: Object.fromEntries(actions.map(({ id }) => [id, { id, name: `Shot ${id}` }])),
    editorState: {
      assets: { asset: { id: 'asset', type: 'video', url: '/files/1', duration: 20 } },
      clips: Object.fromEntries(clips),
      timelineItems: Object.fromEntries(items),
      ...state,
    },
  };
}

const childrenOf = (otio: Json, track = 0): Json[] => otio.tracks.children[track].children;
const cutList = ({ editorData }: Json) =>
  editorData.map(({ id, actions }: Json) => [id, actions.map((each: Json) => [each.id, each.start, each.end])]);

test('seconds become the frames they stand for, and those between frames stay where they are', () => {
  const film = edited([shown('a', 0, 1.041667), shown('b', 1.05, 2)]);
  const { otio, back } = there(film);
  expect(childrenOf(otio).map(({ source_range: { duration } }) => [duration.value, duration.rate])).toEqual([
    [25, 24],
    [1, 120],
    [19, 20],
  ]);
  expect(cutList(back())).toEqual(cutList(film));
});

test('exact times that the editor left behind do not count', () => {
  const film = edited([shown('a', 0, 2)]);
  const frames = (value: number) => ({ value, rate: [24, 1] });
  film.editorState.clips['clip a'].exact = { start: frames(240), duration: frames(240) };
  film.editorState.timelineItems.a.exact = { start: frames(0), duration: frames(240) };
  expect(childrenOf(there(film).otio)[0].source_range).toMatchObject({
    start_time: { value: 12, rate: 24 },
    duration: { value: 48, rate: 24 },
  });
});

test('shots that overlap go onto tracks of their own, and back onto their row', () => {
  const film = edited([shown('a', 0, 2), shown('b', 1, 3)]);
  const { otio, losses, back } = there(film);
  expect(otio.tracks.children).toHaveLength(2);
  expect(losses).toEqual(['The shot "Shot b" overlaps another on V1 and goes onto a track of its own.']);
  expect(cutList(back())).toEqual(cutList(film));
});

test('what another editor did counts: a copy is a new shot, another file another medium, a cut shot leaves its beat', () => {
  const beat = (id: string) => ({ id, sceneId: 's', narration: id, characterIds: [], order: 0 });
  const film = edited([shown('a', 0, 2), shown('b', 2, 3)], {
    scenes: { s: { id: 's', title: 'One', summary: 'It begins.', order: 0, beatIds: ['x', 'y'] } },
    beats: { x: beat('x'), y: beat('y') },
    sceneOrder: ['s'],
  });
  film.editorState.timelineItems.a.linkedBeatId = 'x';
  film.editorState.timelineItems.b.linkedBeatId = 'y';
  const { otio } = there(film);
  const [a] = childrenOf(otio);
  const copy = structuredClone(a);
  copy.source_range.start_time.value += 1;
  copy.media_references.DEFAULT_MEDIA.target_url = '/files/2';
  otio.tracks.children[0].children = [a, copy];
  const { document } = timelineFromOtio(otio, newIds()) as Json;
  expect(cutList(document)).toEqual([
    [
      '0',
      [
        ['a', 0, 2],
        ['timeline_item_new1', 2, 4],
      ],
    ],
  ]);
  expect(Object.keys(document.editorState.clips)).toEqual(['clip a', 'clip_new3']);
  expect(Object.values<Json>(document.editorState.assets).map(({ url }) => url)).toEqual(['/files/1', '/files/2']);
  expect(document.editorState.beats).toEqual(film.editorState.beats);
  expect(document.editorState.scenes).toEqual(film.editorState.scenes);
});

test('what cannot go along is said', () => {
  const film = edited([shown('a', 0, 2), shown('b', 3, 3), shown('commit', 5, 10)], {
    ideaVersions: [{ id: 'idea' }],
  });
  delete film.editorState.timelineItems.commit;
  film.editorState.timelineItems.lost = { id: 'lost', clipId: 'clip a' };
  film.tags = ['draft'];
  expect(there(film).losses).toEqual([
    'The shot "Shot b" has no place in time and is left out.',
    'The shot "Shot commit" shows no clip; only its place is kept.',
    'A shot that lies on no row is left out.',
    'The section "tags" is left out.',
    'A version of the idea is left out.',
    'The clip "clip commit" that no shot shows is left out.',
  ]);
});

const scrap = fc.dictionary(
  fc.constantFrom('a', 'b', '__proto__', 'exact', 'url', 'clipId', 'assetId', 'linkedBeatId', 'start', 'duration'),
  fc.oneof(fc.constantFrom('a', 'b', -1, 0, 1e300, NaN, null), fc.anything({ maxDepth: 2 })),
  { maxKeys: 6 },
);
const map = fc.oneof(fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), scrap), fc.anything({ maxDepth: 2 }));
const action = fc.record({
  id: fc.constantFrom<unknown>('a', 'b', '__proto__', 7),
  effectId: fc.constantFrom<unknown>('a', 'b', null),
  start: fc.oneof(fc.double(), fc.nat(9), fc.anything({ maxDepth: 1 })),
  end: fc.oneof(fc.double(), fc.integer({ min: 1, max: 99 }), fc.anything({ maxDepth: 1 })),
});
const rows = fc.array(
  fc.oneof(fc.record({ id: fc.constantFrom('0', '1'), actions: fc.array(action) }), fc.anything({ maxDepth: 2 })),
);
const state = fc.record({
  scenes: map,
  beats: map,
  characters: map,
  assets: map,
  clips: map,
  timelineItems: map,
  sceneOrder: map,
});

test('a document of any shape is written in every format, and what was written can be read', () => {
  fc.assert(
    fc.property(
      fc.record({ editorData: fc.oneof(rows, map), effects: map, editorState: fc.oneof(state, map) }),
      (film) => {
        const { newId } = newIds();
        timelineFromOtio(timelineToOtio(film, { name: '' }).otio, { newId });
        timelineFromEdl(timelineToEdl(film, { name: '', rate: fraction(25n) }).edl, { newId, rate: fraction(25n) });
        timelineFromFcpxml(timelineToFcpxml(film, { name: '' }).fcpxml, { newId });
      },
    ),
    { numRuns: 500 },
  );
  for (const film of [{}, { timeline: [], beats: 3 }]) expect(cutList(there(film).back())).toEqual([['0', []]]);
});
