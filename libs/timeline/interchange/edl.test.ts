import fc from 'fast-check';
import { AppError } from '#libs/errors/app-error';
import { timelineFromEdl } from './edl.js';
import { describeLosses } from './losses/describe-losses.js';
import { timelineToEdl } from './edl-out.js';
import { fraction, type Fraction } from './fraction.js';
import { exactSeconds } from './frame-rate.js';
import { generatedFilm, RATES } from '#libs/testing/seeds/generated-film';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

const RATE = fraction(24n);
const SLOW_30 = fraction(30_000n, 1001n);

function read(text: string, rate: Fraction = RATE): { film: Json; losses: string[] } {
  let minted = 0;
  const { document, losses } = timelineFromEdl(text, { rate, newId: (prefix) => `${prefix}_new${++minted}` });
  return { film: document, losses: describeLosses(losses, { language: 'en' }) };
}

/** What lies where, in frames: each row as `name[start+duration from source]`. */
const rowsOf = ({ editorData, editorState }: Json): string[] =>
  editorData.map(({ name, actions }: Json) =>
    [name, ...actions.map(({ id }: Json) => timesOf(editorState, id))].join(' '),
  );

function timesOf({ timelineItems, clips }: Json, id: string): string {
  const { exact, clipId } = timelineItems[id];
  return `[${exact.start.value}+${exact.duration.value} from ${clips[clipId].exact.start.value}]`;
}

const names = ({ editorData, effects }: Json): string[] =>
  editorData.flatMap(({ actions }: Json) => actions.map(({ effectId }: Json) => effects[effectId].name));
const urls = ({ editorState }: Json): string[] => Object.values<Json>(editorState.assets).map(({ url }) => url);

test('events become shots, with their names, their files and the frames that the list gives them', () => {
  const { film, losses } = read(
    [
      'TITLE:   The storm',
      'FCM: NON-DROP FRAME',
      '',
      '001  A001     V     C        00:00:10:00 00:00:12:00 00:00:00:00 00:00:02:00',
      '* FROM CLIP NAME:  Wide ',
      '* SOURCE FILE: wide.mov',
      '002  A001     V     C        00:00:20:12 00:00:21:12 00:00:03:00 00:00:04:00  ',
      '* FROM CLIP NAME: Close',
      '* FROM CLIP: wide.mov',
    ].join('\r\n'),
  );
  expect(losses).toEqual([]);
  expect(rowsOf(film)).toEqual(['V1 [0+48 from 240] [72+24 from 492]']);
  expect(names(film)).toEqual(['Wide', 'Close']);
  expect(urls(film)).toEqual(['wide.mov']);
  expect(Object.values<Json>(film.editorState.scenes).map(({ title }) => title)).toEqual(['The storm']);
});

test('drop-frame and non-drop-frame timecodes are counted exactly', () => {
  const list = (mode: string, separator: string) =>
    `FCM: ${mode}\n1 A V C 01:00:59${separator}28 01:01:00${separator}04 00:00:00:00 00:00:00:04\n* SOURCE FILE: a.mov`;
  expect(rowsOf(read(list('DROP FRAME', ';'), SLOW_30).film)).toEqual(['V1 [0+4 from 109690]']);
  expect(rowsOf(read(list('NON-DROP FRAME', ':'), SLOW_30).film)).toEqual(['V1 [0+4 from 109798]']);
  const [first] = read(list('DROP FRAME', ';'), SLOW_30).film.editorData[0].actions;
  expect(first.end).toBe(0.133467);
});

test.each<[string, string[]]>([
  ['V', ['V1']],
  ['A', ['A1']],
  ['A2', ['A2']],
  ['AA', ['A1', 'A2']],
  ['B', ['V1', 'A1']],
  ['AA/V', ['V1', 'A1', 'A2']],
  ['A2/V', ['V1', 'A2']],
  ['V2', ['V2']],
  ['NONE', []],
])('an event on %s is on the rows %j', (channel, rows) => {
  const { film } = read(`001 A ${channel} C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00`);
  expect(film.editorData.filter(({ actions }: Json) => actions.length > 0)).toHaveLength(rows.length);
  expect(film.editorData.map(({ kind }: Json) => kind)).toEqual(
    rows.length > 0 ? rows.map((row) => (row.startsWith('V') ? 'video' : 'audio')) : ['video'],
  );
});

test('further channels of sound count', () => {
  const { film } = read('001 A AA C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\r\nAUD  3 4   ');
  expect(film.editorData).toHaveLength(4);
});

test('dissolves, wipes, speeds, stills, markers and effects are said, and the shots stay', () => {
  const { film, losses } = read(
    [
      'TITLE: Losses',
      '001 A V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00',
      '* FROM CLIP NAME: one',
      '* FROM CLIP: one.mov',
      '002 A V C 00:00:01:00 00:00:01:00 01:00:01:00 01:00:01:00',
      '002 B V D 010 00:00:05:00 00:00:06:00 01:00:01:00 01:00:02:00',
      '* BLEND, DISSOLVE',
      '* FROM CLIP NAME: one',
      '* TO CLIP NAME: two',
      '* SOURCE FILE: two.mov',
      '003 C V W001 024 00:00:00:00 00:00:01:00 01:00:02:00 01:00:03:00',
      '* SOURCE FILE: three.mov',
      '* LOC: 01:00:02:12 RED  TOO DARK',
      '* AVX2 EFFECT, RESIZE',
      '004 D V C 00:00:00:00 00:00:02:00 01:00:03:00 01:00:04:00',
      '* SOURCE FILE: four.mov',
      'M2   D       048.0                00:00:00:00',
      '* a word',
      '005 BL V C 00:00:00:00 00:00:01:00 01:00:04:00 01:00:05:00',
      '006 AX V C 00:00:00:00 00:00:02:00 01:00:05:00 01:00:06:00',
      'SPLIT: AUDIO DELAY= 00:00:00:05',
    ].join('\n'),
  );
  expect(names(film)).toEqual(['one', 'two', 'three.mov', 'four.mov', 'AX']);
  expect(rowsOf(film)).toEqual(['V1 [0+24 from 0] [24+24 from 120] [48+24 from 0] [72+24 from 0] [120+24 from 0]']);
  expect(losses).toEqual([
    'The dissolve of 10 frames at 01:00:01:00 (line 6) becomes a cut.',
    'The wipe of 24 frames at 01:00:02:00 (line 11) becomes a cut.',
    'The marker "01:00:02:12 RED  TOO DARK" on event 003 is left out.',
    'The effect "AVX2 EFFECT, RESIZE" on event 003 is left out.',
    'The comment in line 18 is left out: "* a word".',
    'Line 21 says something unknown here and is left out: "SPLIT: AUDIO DELAY= 00:00:00:05".',
    'The list starts at 01:00:00:00; here every film starts at 0.',
    'Event 004 is played at 48 frames a second; here it plays at its own speed.',
    'Event 006 is 24 frames long, but 48 in its source; the film counts.',
    'The list names no file for the reel "AX" of event 006; its place stays empty.',
  ]);
});

test('lines that cannot be read are named by their number, and the rest is kept', () => {
  const { film, losses } = read(
    [
      '001 A V C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00',
      '* SOURCE FILE: a.mov',
      '002 A V C 00:00:00:00 00:00:01:00 00:00:01:00',
      '* FROM CLIP NAME: of no event',
      '003 A V C 00:00:00:24 00:00:01:00 00:00:01:00 00:00:02:00',
      '004 A X C 00:00:00:00 00:00:01:00 00:00:01:00 00:00:02:00',
      '005 A V C 00:00:00:00 00:00:01:00 00:00:09:00 00:00:02:00',
      `6 ${'x'.repeat(5000)}`,
    ].join('\r'),
  );
  expect(names(film)).toEqual(['a.mov']);
  expect(losses.map((loss) => loss.slice(0, 45))).toEqual([
    'A line is no event that can be read and is le',
    'Line 5 has a time that is none and is left ou',
    'Line 7 ends before it starts and is left out:',
    'Line 8 is too long to be read and is left out',
  ]);
});

test('events that lie over one another get rows of their own, and a film may pass midnight', () => {
  const { film, losses } = read(
    [
      '001 A V C 00:00:00:00 00:00:02:00 23:59:59:00 00:00:01:00',
      '* SOURCE FILE: a.mov',
      '002 A V C 00:00:00:00 00:00:02:00 23:59:59:12 00:00:01:12',
      '* SOURCE FILE: b.mov',
    ].join('\n'),
  );
  expect(rowsOf(film)).toEqual(['V1 [0+48 from 0]', 'V1 · 2 [12+48 from 0]']);
  expect(losses).toContain('The shot "b.mov" lies over another on V1 and gets a row of its own.');
});

test.each([
  '',
  '{"OTIO_SCHEMA": "Timeline.1"}',
  '<fcpxml/>',
  '\0\0\0',
  '001 nothing',
  '12 monkeys\n* FROM CLIP NAME: x',
])('%j is no list', (text) => {
  expect(() => read(text)).toThrow(AppError);
  expect(() => read(text)).toThrow('This is no edit decision list');
});

test('a rate without timecodes is refused', () => {
  expect(() => read('TITLE: x', fraction(48_000n))).toThrow('Frames of this rate have no timecodes');
  expect(() => timelineToEdl({}, { name: 'x', rate: fraction(48_000n) })).toThrow(AppError);
});

test('whatever the text, it is read or refused', () => {
  const word = fc.constantFrom(
    '001',
    'A',
    'V',
    'C',
    'D',
    '010',
    '00:00:00:00',
    '00:00:01:00',
    '*',
    'M2',
    'AUD',
    'TITLE:',
  );
  const line = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 10 }).map((words) => words.join(' ')),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      try {
        read(lines.join('\n'));
      } catch (error) {
        expect(error).toMatchObject({ name: 'AppError', code: 'invalid' });
      }
    }),
    { numRuns: 500 },
  );
});

test('a list of more events than any film has is refused, with the line', () => {
  const event = '001 A V C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00';
  const endless = Array.from({ length: 100_001 }, () => event).join('\n');
  expect(() => read(endless)).toThrow('more than 100000 events');
  expect(() => read(endless)).toThrow(expect.objectContaining({ code: 'invalid', details: { where: 'line 100001' } }));
});

test('of very many events at one place as many are laid as there is room for, and the others are told of', () => {
  const event = '001 A V C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00';
  const { film, losses } = read(Array.from({ length: 20_000 }, () => event).join('\n'));
  expect(film.editorData.flatMap(({ actions }: Json) => actions)).toHaveLength(32);
  expect(losses).toContain('The shot "A" lies over too many others at once and is left out. (19968 times)');
});

test('long hostile lines take no longer than they must', () => {
  const started = process.cpuUsage();
  read(`TITLE: x\n${`* ${' '.repeat(3000)}x\n`.repeat(1000)}`);
  read(`TITLE: x\n${`${'9 '.repeat(1900)}\n`.repeat(300)}`);
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(3000);
});

test('a list is written as other programs expect it', () => {
  const frames = (value: number) => ({ value, rate: [30_000, 1001] });
  const film = {
    editorData: [{ id: '0', actions: [{ id: 'item', start: 1.001, end: 2.002, effectId: 'item' }] }],
    effects: { item: { id: 'item', name: 'Wide' } },
    editorState: {
      assets: { asset: { id: 'asset', type: 'video', url: 'https://media.test/storm_wide.mp4' } },
      clips: {
        clip: { id: 'clip', assetId: 'asset', startOffset: 0, exact: { start: frames(0), duration: frames(30) } },
      },
      timelineItems: { item: { id: 'item', clipId: 'clip', exact: { start: frames(30), duration: frames(30) } } },
    },
  };
  expect(timelineToEdl(film, { name: 'The\nstorm' })).toMatchObject({
    edl: [
      'TITLE: The storm',
      'FCM: DROP FRAME',
      '* EVIDVERSE START: 01:00:00;00',
      '* EVIDVERSE ROW V1: 0',
      '001  storm_wi V     C        00:00:00;00 00:00:01;00 01:00:01;00 01:00:02;00',
      '* FROM CLIP NAME: Wide',
      '* SOURCE FILE: https://media.test/storm_wide.mp4',
      '* EVIDVERSE TIMELINE_ITEM: item',
      '* EVIDVERSE CLIP: clip',
      '* EVIDVERSE ASSET: asset',
      '',
    ].join('\n'),
    losses: [],
  });
  const { edl, losses } = timelineToEdl(film, { name: '', rate: RATE });
  expect(edl).toContain('01:00:01:00 01:00:02:00');
  expect(describeLosses(losses, { language: 'en' })).toEqual([
    'The shot "Wide" has times between two frames of the file, which became the nearest. (2 times)',
  ]);
});

const inSeconds = (time: unknown): string => Object.values(exactSeconds(time)!).join('/');

/** Rows, ids and frames of all that is switched on. */
const cutsOf = ({ editorData, editorState: { timelineItems, clips, assets, beats, scenes } }: Json) =>
  editorData
    .toSorted((a: Json, b: Json) => (a.id < b.id ? -1 : 1))
    .map(({ id: row, kind, actions }: Json) => [
      row,
      kind,
      actions
        .filter(({ disable }: Json) => !disable)
        .map(({ id, start, end }: Json) => {
          const { exact, clipId, linkedBeatId } = timelineItems[id];
          const { assetId, exact: source, startOffset } = clips[clipId];
          const { url, type } = assets[assetId];
          const scene = linkedBeatId && scenes[beats[linkedBeatId].sceneId];
          return [
            id,
            start,
            end,
            inSeconds(exact.start),
            inSeconds(exact.duration),
            clipId,
            source,
            startOffset,
            assetId,
            url,
            type,
            linkedBeatId,
            scene?.id,
            scene?.title,
          ];
        }),
    ]);

test('a film comes back from a list with the same cuts, ids and frames', () => {
  fc.assert(
    fc.property(generatedFilm(), fc.constantFrom(...RATES), (film, rate) => {
      const { edl } = timelineToEdl(film, { name: 'Film', rate });
      const { film: back } = read(edl, rate);
      expect(cutsOf(back)).toEqual(cutsOf(film));
    }),
    { numRuns: 300 },
  );
});
