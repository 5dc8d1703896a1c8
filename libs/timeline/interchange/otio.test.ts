import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '#libs/config/package-root';
import { AppError } from '#libs/errors/app-error';
import { parseExact } from '../exact-json.js';
import { timelineFromOtio } from './otio.js';
import { describeLosses } from './losses/describe-losses.js';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

const time = (value: number, rate = 24) => ({ OTIO_SCHEMA: 'RationalTime.1', value, rate });
const range = (start: number, duration: number, rate = 24) => ({
  OTIO_SCHEMA: 'TimeRange.1',
  start_time: time(start, rate),
  duration: time(duration, rate),
});
const clip = (name: string, start: number, duration: number, more: Json = {}) => ({
  OTIO_SCHEMA: 'Clip.1',
  name,
  source_range: range(start, duration),
  media_reference: { OTIO_SCHEMA: 'ExternalReference.1', target_url: `https://media.test/${name}.mp4` },
  ...more,
});
const gap = (duration: number) => ({ OTIO_SCHEMA: 'Gap.1', source_range: range(0, duration) });
const track = (children: unknown[], more: Json = {}) => ({ OTIO_SCHEMA: 'Track.1', kind: 'Video', children, ...more });
const stack = (children: unknown[], more: Json = {}) => ({ OTIO_SCHEMA: 'Stack.1', children, ...more });
const timeline = (tracks: unknown[], more: Json = {}) => ({
  OTIO_SCHEMA: 'Timeline.1',
  name: 'Film',
  tracks: stack(tracks),
  ...more,
});

function read(otio: unknown): { film: Json; losses: string[] } {
  let minted = 0;
  const { document, losses } = timelineFromOtio(otio, { newId: (prefix) => `${prefix}_${++minted}` });
  return { film: document, losses: describeLosses(losses, { language: 'en' }) };
}

/** What lies where: each row as `name[start-end]` of its clips. */
const rowsOf = ({ editorData, effects }: Json): string[] =>
  editorData.map(({ actions }: Json) =>
    actions.map(({ effectId, start, end }: Json) => `${effects[effectId].name}[${start}-${end}]`).join(' '),
  );

test('a clip becomes an action with its effect, an item, a clip, an asset and a beat that know one another', () => {
  const shot = clip('Shot', 36, 48, {
    media_reference: {
      OTIO_SCHEMA: 'ExternalReference.1',
      target_url: 'https://media.test/a.mp4',
      available_range: range(24, 240),
    },
  });
  const { film, losses } = read(timeline([track([gap(12), shot])]));
  expect(losses).toEqual([]);
  expect(film).toEqual({
    editorData: [
      {
        id: '0',
        kind: 'video',
        name: 'V1',
        actions: [{ id: 'timeline_item_1', start: 0.5, end: 2.5, effectId: 'timeline_item_1' }],
      },
    ],
    effects: { timeline_item_1: { id: 'timeline_item_1', name: 'Shot' } },
    editorState: {
      scenes: { scene_2: { id: 'scene_2', title: 'Film', summary: '', order: 0, beatIds: ['beat_3'] } },
      beats: {
        beat_3: {
          id: 'beat_3',
          sceneId: 'scene_2',
          narration: 'Shot',
          suggestedDuration: 2,
          characterIds: [],
          status: 'success',
          order: 0,
        },
      },
      characters: {},
      assets: {
        asset_video_4: {
          id: 'asset_video_4',
          type: 'video',
          url: 'https://media.test/a.mp4',
          duration: 10,
          source: 'library',
          relatedBeatId: 'beat_3',
          createdAt: '1970-01-01T00:00:00.000Z',
          exact: { start: { value: 24, rate: [24, 1] } },
        },
      },
      clips: {
        clip_5: {
          id: 'clip_5',
          assetId: 'asset_video_4',
          startOffset: 0.5,
          endOffset: 2.5,
          exact: { start: { value: 36, rate: [24, 1] }, duration: { value: 48, rate: [24, 1] } },
        },
      },
      timelineItems: {
        timeline_item_1: {
          id: 'timeline_item_1',
          clipId: 'clip_5',
          trackId: '0',
          startTime: 0.5,
          duration: 2,
          linkedBeatId: 'beat_3',
          exact: { start: { value: 12, rate: [24, 1] }, duration: { value: 48, rate: [24, 1] } },
        },
      },
      sceneOrder: ['scene_2'],
    },
  });
});

test('times are exact: a thousand clips of 23.976 end on the very frame', () => {
  const plate = (at: number) => clip(`${at}`, 0, 1, { source_range: range(0, 1, 23.976) });
  const { film } = read(timeline([track(Array.from({ length: 1000 }, (_, at) => plate(at)))]));
  const last: Json = Object.values(film.editorState.timelineItems).at(-1);
  expect(last.exact.start).toEqual({ value: 999, rate: [24000, 1001] });
  expect(film.editorData[0].actions.at(-1).end).toBe(41.708333);
});

test.each([
  [25, 0.04],
  [29.97, 0.033367],
  [23.98, 0.041708],
  [12.5, 0.08],
])('a frame at %d a second is %d seconds', (rate, seconds) => {
  const { film } = read(clip('one', 0, 1, { source_range: range(0, 1, rate) }));
  expect(film.editorData[0].actions[0].end).toBe(seconds);
});

test('rates may be mixed on one track', () => {
  const { film } = read(
    timeline([track([clip('a', 0, 24), clip('b', 0, 25, { source_range: range(0, 25, 23.976) }), clip('c', 0, 24)])]),
  );
  expect(rowsOf(film)).toEqual(['a[0-1] b[1-2.042708] c[2.042708-3.042708]']);
  const items: Json[] = Object.values(film.editorState.timelineItems);
  expect(items.map(({ exact }) => exact.start)).toEqual([
    { value: 0, rate: [24, 1] },
    { value: 24, rate: [24, 1] },
    { value: 1961, rate: [960, 1] },
  ]);
});

test('without a source range the whole media is used, and the media in use counts', () => {
  const { film } = read(
    timeline([
      track([
        {
          OTIO_SCHEMA: 'Clip.2',
          name: 'two qualities',
          active_media_reference_key: 'proxy',
          media_references: {
            DEFAULT_MEDIA: { OTIO_SCHEMA: 'MissingReference.1' },
            proxy: {
              OTIO_SCHEMA: 'ExternalReference.1',
              target_url: 'https://media.test/p.mp4',
              available_range: range(100, 6),
            },
          },
        },
      ]),
    ]),
  );
  expect(rowsOf(film)).toEqual(['two qualities[0-0.25]']);
  expect(Object.values<Json>(film.editorState.clips)[0]).toMatchObject({ startOffset: 0, endOffset: 0.25 });
  expect(Object.values<Json>(film.editorState.assets)[0].url).toBe('https://media.test/p.mp4');
});

test('a file that is shown twice is one asset, sound has no beat, and what is switched off stays switched off', () => {
  const off = clip('a', 24, 24, { enabled: false });
  const { film } = read(timeline([track([clip('a', 0, 24), off]), track([clip('a', 0, 24)], { kind: 'Audio' })]));
  expect(Object.values<Json>(film.editorState.assets).map(({ type }) => type)).toEqual(['video', 'audio']);
  expect(Object.keys(film.editorState.beats)).toHaveLength(2);
  expect(film.editorData[0].actions.map(({ disable }: Json) => disable)).toEqual([undefined, true]);
  expect(film.editorData.map(({ name, kind }: Json) => [name, kind])).toEqual([
    ['V1', 'video'],
    ['A1', 'audio'],
  ]);
});

test('a nested stack lies where it stands, trimmed to what is shown of it, its layers on rows of their own', () => {
  const nested = stack(
    [
      track([clip('in', 0, 48), clip('out', 0, 48)]),
      track([gap(24), clip('over', 0, 48)]),
      track([clip('hum', 0, 96)], { kind: 'Audio' }),
    ],
    { name: 'Dream', source_range: range(12, 48) },
  );
  const { film, losses } = read(
    timeline([track([clip('before', 0, 24), nested, clip('after', 0, 24)]), track([clip('top', 0, 24)])]),
  );
  expect(losses).toEqual([]);
  expect(rowsOf(film)).toEqual(['before[0-1] in[1-2.5] out[2.5-3] after[3-4]', 'over[1.5-3]', 'hum[1-3]', 'top[0-1]']);
  expect(Object.values<Json>(film.editorState.clips).find(({ startOffset }) => startOffset === 0.5)).toBeDefined();
  const scenes = Object.values<Json>(film.editorState.scenes).map(
    ({ title, beatIds }) => `${title}: ${beatIds.length}`,
  );
  expect(scenes).toEqual(['Film: 3', 'Dream: 3']);
});

test('a track that begins before its content begins later', () => {
  expect(rowsOf(read(timeline([track([clip('a', 0, 24)], { source_range: range(-12, 24) })])).film)).toEqual([
    'a[0.5-1]',
  ]);
});

test('timelines of a collection follow one another on the same rows, each a scene', () => {
  const part = (name: string) => timeline([track([clip(name, 0, 24)])], { name });
  const { film, losses } = read({ OTIO_SCHEMA: 'SerializableCollection.1', children: [part('one'), part('two')] });
  expect(rowsOf(film)).toEqual(['one[0-1] two[1-2]']);
  expect(Object.values<Json>(film.editorState.scenes).map(({ title }) => title)).toEqual(['one', 'two']);
  expect(losses).toEqual(['The 2 films of the file follow one another in one.']);
});

test('a bare stack, track or clip is a film, and so is one with nothing in it', () => {
  for (const root of [stack([track([clip('a', 0, 24)])]), track([clip('a', 0, 24)]), clip('a', 0, 24)]) {
    expect(rowsOf(read(root).film)).toEqual(['a[0-1]']);
  }
  expect(rowsOf(read(timeline([])).film)).toEqual(['']);
});

test('what clips say about the story becomes scenes, words and people', () => {
  const notes = {
    scene: 'The storm',
    narration: 'It breaks.',
    dialogue: 'Mara: Hold on!',
    camera: 'Wide.',
    characters: ['Mara', 'Pip'],
  };
  const generation = { model: 'm', prompt: 'a storm' };
  const shot = clip('a', 0, 24, { metadata: { evidverse: notes } });
  Object.assign(shot.media_reference, { metadata: { evidverse: { generation } } });
  const { film, losses } = read(timeline([track([shot, clip('b', 0, 24)])]));
  expect(losses).toEqual([]);
  const { scenes, beats, characters, assets } = film.editorState;
  expect(Object.values<Json>(scenes).map(({ title }) => title)).toEqual(['The storm', 'Film']);
  expect(Object.values<Json>(beats)[0]).toMatchObject({
    narration: 'It breaks.',
    dialogue: 'Mara: Hold on!',
    cameraDescription: 'Wide.',
  });
  expect(Object.values<Json>(characters).map(({ name }) => name)).toEqual(['Mara', 'Pip']);
  expect(Object.values<Json>(beats)[0].characterIds).toEqual(Object.keys(characters));
  expect(Object.values<Json>(assets)[0]).toMatchObject({ source: 'generated', generationParams: generation });
});

test('what has no place here is said in plain sentences', () => {
  const marker = { OTIO_SCHEMA: 'Marker.2', name: 'Too dark?', marked_range: range(36, 0) };
  const warp = { OTIO_SCHEMA: 'LinearTimeWarp.1', name: 'fast', effect_name: 'LinearTimeWarp', time_scalar: 2 };
  const { losses } = read(
    timeline(
      [
        track([
          clip('a', 24, 24, { markers: [marker], effects: [warp], metadata: { cmx_3600: { reel: 'X' } } }),
          {
            OTIO_SCHEMA: 'Transition.1',
            name: 'Dissolve',
            transition_type: 'SMPTE_Dissolve',
            in_offset: time(6),
            out_offset: time(6),
          },
          clip('bars', 0, 24, {
            media_reference: { OTIO_SCHEMA: 'GeneratorReference.1', generator_kind: 'SMPTEBars' },
          }),
          clip('lost', 0, 24, { media_reference: { OTIO_SCHEMA: 'MissingReference.1' } }),
          clip('nothing', 0, 0),
          { OTIO_SCHEMA: 'Hologram.1', name: 'ghost' },
          stack([], { name: 'empty' }),
        ]),
        track([clip('hidden', 0, 24)], { name: 'V9', kind: 'Subtitle', source_range: range(-900, 24) }),
      ],
      { global_start_time: time(86400) },
    ),
  );
  expect(losses).toEqual([
    'Timeline "Film" starts at 3600 s; here every film starts at 0.',
    'The source range of Track "V9" shows nothing of what it contains; it is taken whole.',
    'Clip "a" is played at 2 times its speed; here it plays at its own speed.',
    'The marker "Too dark?", 0.5 s into Clip "a", is left out.',
    'Notes of other programs (cmx_3600) are left out.',
    'The dissolve "Dissolve" of 0.5 s between "a" and "bars" at 00:00:01:00 becomes a cut.',
    'Clip "nothing" has no length and is left out.',
    'Hologram "ghost" is of a kind unknown here and is left out.',
    'There is nothing in Stack "empty"; its time stays empty.',
    'Track "V9" is of kind "Subtitle"; here it is a video track.',
    'Clip "bars" is made by the generator "SMPTEBars", which is left out; its place stays empty.',
    'Clip "lost" has no media in the file; its place stays empty.',
  ]);
});

test('a sequence of images is carried as its first image', () => {
  const images = {
    OTIO_SCHEMA: 'ImageSequenceReference.1',
    target_url_base: 'https://media.test/render',
    name_prefix: 'frame.',
    name_suffix: '.png',
    start_frame: 7,
    frame_zero_padding: 4,
  };
  const { film, losses } = read(clip('a', 0, 24, { media_reference: images }));
  expect(Object.values<Json>(film.editorState.assets)[0]).toMatchObject({
    type: 'image',
    url: 'https://media.test/render/frame.0007.png',
  });
  expect(losses).toEqual(['Clip "a" is a sequence of images; only the first is kept.']);
});

test('the film that comes with the project is read whole, but for its dissolve and its markers', () => {
  const { film, losses } = read(JSON.parse(readFileSync(join(packageRoot(), 'scripts/demo-film.otio'), 'utf8')));
  expect(film.editorData.map(({ actions }: Json) => actions.length)).toEqual([9, 2, 3]);
  expect(Object.values<Json>(film.editorState.scenes).map(({ title }) => title)).toEqual([
    'The island wakes',
    'The signal',
    'The storm',
    'Light',
  ]);
  expect(losses).toEqual([
    'A marker on an item is left out. (4 times: "Tidewater", "The storm breaks", "First sun" …)',
    'The dissolve "Into the workshop" of 1 s between "Mara winds the lamp" and "Pip opens one eye" at 00:00:07:00 becomes a cut.',
  ]);
});

test.each<[string, unknown, string]>([
  ['no object', 7, 'the file is 7, but should be an object with an OTIO_SCHEMA'],
  ['no schema', {}, 'OTIO_SCHEMA is missing, but should be the name of a schema'],
  ['another kind of file', { OTIO_SCHEMA: 'Marker.2' }, 'the Marker at the top of the file is none of'],
  ['a timeline without tracks', { OTIO_SCHEMA: 'Timeline.1' }, 'the Timeline at the top of the file has no tracks'],
  ['an empty collection', { OTIO_SCHEMA: 'SerializableCollection.1' }, 'holds no timeline'],
  [
    'children that are no list',
    timeline([track('x' as Json)]),
    'tracks.children[0].children is "x", but should be a list',
  ],
  [
    'a child that is nothing',
    timeline([track([null])]),
    'tracks.children[0].children[0] is null, but should be an object',
  ],
  [
    'a rate of zero',
    clip('a', 0, 1, { source_range: range(0, 1, 0) }),
    'source_range.duration.rate is 0, but should be a number of frames per second',
  ],
  [
    'a value that is text',
    clip('a', 0, 'x' as Json),
    'source_range.duration.value is "x", but should be a number of frames',
  ],
  [
    'a length below zero',
    clip('a', 0, -1),
    'source_range.duration is an object, but should be a length that is not negative',
  ],
  [
    'half a range',
    clip('a', 0, 1, { source_range: { OTIO_SCHEMA: 'TimeRange.1' } }),
    'source_range is an object, but should be a TimeRange',
  ],
  [
    'a clip of unknown length',
    timeline([track([clip('a', 0, 1, { source_range: null })])]),
    'Clip "a" (tracks.children[0].children[0]) has neither a source_range nor media of a known length',
  ],
  ['a name that is a number', clip(3 as Json, 0, 1), 'name is 3, but should be text'],
  [
    'a number out of all proportion',
    parseExact(
      '{"OTIO_SCHEMA":"Gap.1","source_range":{"OTIO_SCHEMA":"TimeRange.1","start_time":{"OTIO_SCHEMA":"RationalTime.1","rate":24,"value":0},"duration":{"OTIO_SCHEMA":"RationalTime.1","rate":24,"value":1e999999}}}',
    ),
    'source_range.duration.value',
  ],
])('%s is refused, with the place', (_name, otio, message) => {
  expect(() => read(otio)).toThrow(AppError);
  expect(() => read(otio)).toThrow(message);
});

test('a file nested without end is refused, and so are rates without end', () => {
  let deep: Json = clip('a', 0, 1);
  for (let level = 0; level < 100_000; level++) deep = { OTIO_SCHEMA: 'Stack.1', children: [deep] };
  expect(() => read(deep)).toThrow(/^.{1,250} … .{1,100} is nested in more than 100 others\.$/);
  const odd = Array.from({ length: 100 }, (_, at) => clip(`${at}`, 0, 1, { source_range: range(0, 1, 1000 + at) }));
  expect(() => read(timeline([track(odd)]))).toThrow('more than 64 different frame rates');
  const same = clip('a', 0, 1);
  const endless = Array.from({ length: 100_001 }, () => same);
  expect(() => read(track(endless))).toThrow('is one of more than 100000 clips');
});
