import { frameRate } from '../frame-rate.js';
import { timelineFromEdl } from '../edl.js';
import { timelineToEdl } from '../edl-out.js';
import { timelineFromFcpxml } from '../fcpxml.js';
import { timelineToFcpxml } from '../fcpxml-out.js';
import { timelineFromOtio } from '../otio.js';
import { timelineToOtio } from '../otio-out.js';
import { describeLosses } from './describe-losses.js';
import type { Loss } from './loss.js';
import { LOSS_CODES, type LossCode } from './loss-codes.js';
import { newIds } from './lose-what-differs.js';
import { Losses } from './losses.js';
import { CHINESE } from './words-zh.js';
import { ENGLISH } from './words-en.js';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

const newId = newIds();
const edl = (...lines: string[]): Loss[] =>
  timelineFromEdl(lines.join('\n'), { rate: frameRate('25')!, newId: newIds() }).losses;
const EVENT = '001 A V C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00';

const fcpxml = (spine: string, resources = '', sequence = ''): Loss[] =>
  timelineFromFcpxml(
    `<fcpxml version="1.9"><resources><format id="r1" frameDuration="1/25s"/>
     <asset id="wide" name="Wide" src="file:///wide.mov" duration="60s" hasVideo="1" hasAudio="1"/>${resources}</resources>
     <library><event><project name="Film"><sequence format="r1" ${sequence}><spine>${spine}</spine></sequence></project></event></library></fcpxml>`,
    { newId },
  ).losses;
const onClip = (inside: string): Loss[] =>
  fcpxml(`<asset-clip ref="wide" name="One" duration="4s">${inside}</asset-clip>`);

const time = (value: number, rate = 24) => ({ OTIO_SCHEMA: 'RationalTime.1', value, rate });
const range = (start: number, length: number) => ({
  OTIO_SCHEMA: 'TimeRange.1',
  start_time: time(start),
  duration: time(length),
});
const clip = (more: Json = {}): Json => ({
  OTIO_SCHEMA: 'Clip.2',
  name: 'One',
  source_range: range(0, 24),
  media_reference: { OTIO_SCHEMA: 'ExternalReference.1', target_url: 'file:///a.mov' },
  ...more,
});
const track = (children: Json[], more: Json = {}): Json => ({ OTIO_SCHEMA: 'Track.1', name: 'V1', children, ...more });
const otio = (node: Json): Loss[] => timelineFromOtio(node, { newId }).losses;

/** A film as the editor keeps it, with two shots of which one may be changed. */
function film(change: (film: Json) => void = () => {}): Json {
  const item = (id: string, clipId: string) => ({ id, clipId, trackId: '0', startTime: 0, duration: 2 });
  const made: Json = {
    editorData: [
      {
        id: '0',
        kind: 'video',
        name: 'V1',
        actions: [
          { id: 'a', start: 0, end: 2, effectId: 'a' },
          { id: 'b', start: 2, end: 4, effectId: 'b' },
        ],
      },
    ],
    effects: { a: { id: 'a', name: 'Wide' }, b: { id: 'b', name: 'Close' } },
    editorState: {
      assets: { asset: { id: 'asset', type: 'video', url: '/files/1', name: 'Storm' } },
      clips: { ca: { id: 'ca', assetId: 'asset', startOffset: 0 }, cb: { id: 'cb', assetId: 'asset', startOffset: 5 } },
      timelineItems: { a: item('a', 'ca'), b: { ...item('b', 'cb'), startTime: 2 } },
    },
  };
  change(made);
  return made;
}
const toEdl = (change: (film: Json) => void): Loss[] => timelineToEdl(film(change), { name: 'Film' }).losses;
const toFcpxml = (change: (film: Json) => void): Loss[] => timelineToFcpxml(film(change), { name: 'Film' }).losses;
const toOtio = (change: (film: Json) => void): Loss[] => timelineToOtio(film(change), { name: 'Film' }).losses;
const firstAction = (made: Json): Json => made.editorData[0].actions[0];

/** How each loss comes about; what is found elsewhere than in a file is told by where it is tested. */
const CASES: Record<LossCode, () => Loss[]> = {
  section: () => toOtio((made) => (made.tags = ['draft'])),
  idea: () => toOtio((made) => (made.editorState.ideaVersions = [{ id: 'idea' }])),
  unused: () => toEdl((made) => (made.editorState.scenes = { s: { id: 's', title: 'The storm' } })),
  left_out: () =>
    toEdl((made) => {
      made.editorState.characters = { mara: { id: 'mara', name: 'Mara' } };
      made.editorState.scenes = { s: { id: 's', title: 'One', beatIds: ['x'] } };
      made.editorState.beats = { x: { id: 'x', sceneId: 's', characterIds: ['mara'] } };
      made.editorState.timelineItems.a.linkedBeatId = 'x';
    }),
  details: () => toEdl((made) => (made.editorData[0].rowHeight = 40)),
  other_row: () => toEdl((made) => (firstAction(made).end = 3)),
  new_id: () =>
    toEdl((made) => {
      made.editorState.timelineItems['x'.repeat(201)] = made.editorState.timelineItems.a;
      delete made.editorState.timelineItems.a;
      firstAction(made).id = 'x'.repeat(201);
    }),
  row_name: () => toEdl((made) => (made.editorData[0].name = 'long '.repeat(1000))),
  shot_without_row: () => toOtio((made) => (made.editorState.timelineItems.c = { id: 'c', clipId: 'ca' })),
  shot_without_time: () => toOtio((made) => (firstAction(made).end = 0)),
  shot_without_clip: () => toOtio((made) => delete made.editorState.timelineItems.a),
  shot_off: () => toEdl((made) => (firstAction(made).disable = true)),
  shot_too_short: () => toEdl((made) => (firstAction(made).end = 0.01)),
  shot_too_late: () => toEdl((made) => (made.editorData[0].actions[1].end = 90_000)),
  between_frames: () => toEdl((made) => (firstAction(made).end = 1.01)),
  source_without_timecode: () => toEdl((made) => (made.editorState.clips.ca.startOffset = -1)),
  overlap: () => toEdl((made) => (firstAction(made).end = 3)),
  overlap_moved: () => toFcpxml((made) => (firstAction(made).end = 3)),
  picture_rows: () => toEdl((made) => made.editorData.push({ id: '1', kind: 'video', actions: [] })),
  sound_rows: () =>
    toEdl((made) => {
      for (let at = 1; at <= 5; at++) made.editorData.push({ id: String(at), kind: 'audio', actions: [] });
    }),
  text_unfit: () => toFcpxml((made) => (made.effects.a.name = 'a\u0001')),
  film_start: () => edl('001 A V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00'),
  drop_frame_ignored: () => edl('FCM: DROP FRAME', EVENT),
  length_differs: () => edl('001 A V C 00:00:00:00 00:00:02:00 00:00:00:00 00:00:01:00'),
  speed: () => edl(EVENT, 'M2 A 050.0 00:00:00:00'),
  transition: () => edl(EVENT, '001 B V D 010 00:00:05:00 00:00:06:00 00:00:01:00 00:00:02:00'),
  effect: () => edl(EVENT, '* AVX2 EFFECT, RESIZE'),
  marker: () => edl(EVENT, '* LOC: 00:00:00:12 RED dark'),
  note: () => onClip('<note>n</note>'),
  caption: () => onClip('<caption name="Hello" lane="1" duration="1s"/>'),
  title: () => fcpxml('<title name="The End" duration="2s"/>'),
  generator: () => otio(track([clip({ media_reference: { OTIO_SCHEMA: 'GeneratorReference.1' } })])),
  multicam: () => fcpxml('<mc-clip name="Cams" duration="1s"/>'),
  takes: () =>
    fcpxml(
      '<audition><asset-clip ref="wide" name="1" duration="1s"/><asset-clip ref="wide" duration="1s"/></audition>',
    ),
  sound_settings: () => onClip('<audio-channel-source srcCh="1"/>'),
  image_sequence: () => otio(track([clip({ media_reference: { OTIO_SCHEMA: 'ImageSequenceReference.1' } })])),
  no_media: () => otio(track([clip({ media_reference: { OTIO_SCHEMA: 'MissingReference.1' } })])),
  compound_missing: () => fcpxml('<ref-clip ref="nowhere" name="Dream" duration="1s"/>'),
  empty_stack: () => otio({ OTIO_SCHEMA: 'Stack.1', children: [] }),
  no_length: () => otio(track([clip({ source_range: range(0, 0) })])),
  out_of_sight: () => otio(track([clip(), clip()], { source_range: range(0, 24) })),
  range_ignored: () => otio(track([clip()], { source_range: range(-900, 24) })),
  track_kind: () => otio({ OTIO_SCHEMA: 'Stack.1', children: [track([clip()], { kind: 'Subtitle' })] }),
  row_added: () => edl(EVENT, '* SOURCE FILE: a', EVENT, '* SOURCE FILE: b'),
  too_many_layers: () => edl(...Array.from({ length: 40 }, () => EVENT)),
  several_films: () => otio({ OTIO_SCHEMA: 'SerializableCollection.1', children: [clip(), clip()] }),
  no_project: () =>
    timelineFromFcpxml('<fcpxml><resources/><asset-clip name="a" duration="1s"/></fcpxml>', { newId }).losses,
  unknown_kind: () => fcpxml('<hologram/>'),
  foreign_notes: () => otio(track([clip({ metadata: { cmx_3600: { reel: 'X' } } })])),
  comment: () => edl(EVENT, '* a word'),
  line_unknown: () => edl(EVENT, 'SPLIT: AUDIO'),
  line_too_long: () => edl(EVENT, 'x'.repeat(5000)),
  event_unreadable: () => edl(EVENT, '002 A V C 00:00:00:00'),
  time_unreadable: () => edl(EVENT, '002 A V C 00:00:00:99 00:00:01:00 00:00:00:00 00:00:01:00'),
  event_backwards: () => edl(EVENT, '002 A V C 00:00:00:00 00:00:01:00 00:00:09:00 00:00:01:00'),
  speed_of_nothing: () => edl('TITLE: x', 'M2 A 050.0 00:00:00:00'),
  /** Found by who makes films (services/tasks/render). */
  hdr_tones: () => {
    const losses = new Losses();
    losses.add('hdr_tones', { place: { kind: 'asset', name: '/files/1' }, values: { reason: 'no_tone_mapping' } });
    return losses.report;
  },
  more: () => edl(EVENT, ...Array.from({ length: 600 }, (_, at) => `* EFFECT ${at}`)),
};

test.each(Object.keys(CASES) as LossCode[])(
  '%s comes about, and says how bad it is and in two languages what it is',
  (code) => {
    const losses = CASES[code]();
    const loss = losses.find((one) => one.code === code);
    expect(losses.map((one) => one.code)).toContain(code);
    expect(loss).toMatchObject({ severity: LOSS_CODES[code][0] });
    expect(loss!.count).toBeGreaterThanOrEqual(Math.max(1, loss!.places.length));
    const [english] = describeLosses([loss!], { language: 'en' });
    const [chinese] = describeLosses([loss!], { language: 'zh' });
    expect(english).toMatch(/^[A-Z"<].{12,}[.)]$/s);
    expect(chinese).toMatch(/\p{Script=Han}.*。$/su);
    expect(`${english} ${chinese}`).not.toMatch(/undefined|null|NaN|\[object/);
    expect(english).not.toMatch(/ {2}|\p{Script=Han}/u);
  },
);

test('no two losses are told in the same words, of one place, of many, or of none', () => {
  const places = [[], ['one'], ['one', 'two', 'three', 'four']].map((names) =>
    names.map((name) => ({ kind: 'shot' as const, name, id: name })),
  );
  for (const language of ['en', 'zh'] as const) {
    for (const where of places) {
      const losses = Object.entries(LOSS_CODES).map(([code, [severity]]) => ({
        code: code as LossCode,
        severity,
        count: Math.max(1, where.length),
        values: {},
        places: where,
      }));
      const sentences = describeLosses(losses, { language });
      expect(new Set(sentences).size).toBe(losses.length);
      for (const sentence of sentences) expect(sentence).not.toMatch(/undefined|NaN/);
    }
  }
  expect(Object.keys(CHINESE)).toEqual(Object.keys(ENGLISH));
});

test('a thousand of the same are one record, with their number and the first places', () => {
  const losses = edl(
    ...Array.from({ length: 1000 }, (_, at) => [EVENT.replace('001', String(at)), '* LOC: dark']).flat(),
  );
  const markers = losses.filter(({ code }) => code === 'marker');
  expect(markers).toMatchObject([{ count: 1000, severity: 'lost' }]);
  expect(markers[0]!.places).toHaveLength(25);
  expect(markers[0]!.places[0]).toMatchObject({ kind: 'event', element: '0', line: 2, values: { text: 'dark' } });
  expect(describeLosses(markers, { language: 'en' })).toEqual([
    'A marker on an event is left out. (1000 times: 00:00:00:00 …)',
  ]);
  expect(describeLosses(markers, { language: 'zh' })).toEqual(['有的事件的标记没有保留（1000 处：00:00:00:00……）。']);
});

test('a record says where it is: the shot, its row, its frame and its timecode', () => {
  const [loss] = toEdl((made) => (made.editorData[0].actions[1].disable = true)).filter(
    ({ code }) => code === 'shot_off',
  );
  expect(loss).toEqual({
    code: 'shot_off',
    severity: 'lost',
    count: 1,
    values: {},
    places: [
      { kind: 'shot', id: 'b', name: 'Close', row: 'V1', at: { value: 48, rate: [24, 1] }, timecode: '00:00:02:00' },
    ],
  });
  const [dissolve] = otio(
    track([
      clip(),
      { OTIO_SCHEMA: 'Transition.1', transition_type: 'SMPTE_Dissolve', in_offset: time(6), out_offset: time(6) },
      clip({ name: 'Two' }),
    ]),
  );
  expect(dissolve).toMatchObject({
    code: 'transition',
    values: { transition: 'dissolve' },
    places: [
      {
        element: 'Transition',
        path: 'children[1]',
        row: 'V1',
        at: { value: 24, rate: [24, 1] },
        values: { seconds: 0.5, after: 'Two' },
      },
    ],
  });
});

test('no name is longer in a report than a line', () => {
  const long = 'x'.repeat(100_000);
  const [loss] = toOtio((made) => (made[long] = 1));
  expect(loss!.places[0]!.name).toHaveLength(200);
  const sentence = describeLosses([{ ...loss!, code: 'shot_off' }], { language: 'en' })[0]!;
  expect(sentence.length).toBeLessThan(300);
});
