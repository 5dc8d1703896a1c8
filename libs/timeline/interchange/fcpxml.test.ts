import fc from 'fast-check';
import { AppError } from '#libs/errors/app-error';
import { timelineFromFcpxml } from './fcpxml.js';
import { describeLosses } from './losses/describe-losses.js';
import { timelineToFcpxml } from './fcpxml-out.js';
import { exactSeconds } from './frame-rate.js';
import { generatedFilm } from '#libs/testing/seeds/generated-film';

type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any

function read(text: string): { film: Json; losses: string[] } {
  let minted = 0;
  const { document, losses } = timelineFromFcpxml(text, { newId: (prefix) => `${prefix}_new${++minted}` });
  return { film: document, losses: describeLosses(losses, { language: 'en' }) };
}

const RESOURCES = `
  <format id="r1" frameDuration="1/25s" width="1920" height="1080"/>
  <asset id="wide" name="Wide" src="file:///wide.mov" start="0s" duration="60s" hasVideo="1" hasAudio="1"/>
  <asset id="close" name="Close" start="3600s" duration="60s" hasVideo="1"><media-rep kind="original-media" src="file:///close.mov"/></asset>
  <asset id="hum" name="Hum" src="file:///hum.wav" start="0s" duration="60s" hasAudio="1"/>
  <effect id="fx" name="Bars" uid="x"/>`;

const project = (spine: string, resources = '', attributes = 'format="r1"'): string =>
  `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE fcpxml><fcpxml version="1.9"><resources>${RESOURCES}${resources}</resources>
   <library><event><project name="Film"><sequence ${attributes}><spine>${spine}</spine></sequence></project></event></library></fcpxml>`;

/** What lies where, in seconds: each row as `name[start-end from source]`. */
const rowsOf = ({ editorData, effects, editorState: { timelineItems, clips } }: Json): string[] =>
  editorData.map(({ name, actions }: Json) =>
    [
      name,
      ...actions.map(({ id, effectId, start, end }: Json) => {
        const { value, rate } = clips[timelineItems[id].clipId].exact.start;
        return `${effects[effectId].name}[${start}-${end} from ${(value * rate[1]) / rate[0]}]`;
      }),
    ].join(' '),
  );

test('clips of the main row and those connected to it lie where they are seen', () => {
  const { film, losses } = read(
    project(`
    <asset-clip ref="wide" name="One" offset="0s" start="2s" duration="4s">
      <asset-clip ref="close" lane="1" offset="3s" start="3610s" duration="4s" enabled="0"/>
      <asset-clip ref="hum" lane="-1" offset="2s" duration="10s"/>
    </asset-clip>
    <gap offset="4s" duration="2s" start="3600s">
      <spine lane="2" offset="3601s"><asset-clip ref="wide" name="a" duration="1s"/><asset-clip ref="wide" name="b" duration="1s"/></spine>
    </gap>
    <clip name="Two" duration="50/25s" start="1s"><video ref="wide" offset="0s" duration="60s"/></clip>`),
  );
  expect(losses).toEqual([]);
  expect(rowsOf(film)).toEqual([
    'V1 One[0-4 from 2] Two[6-8 from 1]',
    'V2 Close[1-5 from 3610]',
    'V3 a[5-6 from 0] b[6-7 from 0]',
    'A1 Hum[0-10 from 0]',
  ]);
  expect(film.editorData[1].actions[0].disable).toBe(true);
  const assets = Object.values<Json>(film.editorState.assets).map(({ url, type }) => [url, type]);
  expect(assets).toEqual([
    ['file:///wide.mov', 'video'],
    ['file:///hum.wav', 'audio'],
    ['file:///close.mov', 'video'],
  ]);
});

test('times are whole parts of seconds, exactly', () => {
  const slow = '<format id="slow" frameDuration="1001/30000s"/>';
  const clips = '<asset-clip ref="wide" duration="1001/30000s"/>'.repeat(1000);
  const { film } = read(project(clips, slow, 'format="slow" tcStart="0s"'));
  const last: Json = Object.values(film.editorState.timelineItems).at(-1);
  expect(last.exact.start).toEqual({ value: 999, rate: [30_000, 1001] });
});

test('a compound clip lies where it stands, trimmed to what is shown of it', () => {
  const media = `<media id="dream"><sequence format="r1" tcStart="10s" duration="20s"><spine>
      <asset-clip ref="wide" name="in" offset="10s" duration="10s"><asset-clip ref="hum" lane="-1" offset="5s" duration="3s"/></asset-clip>
      <asset-clip ref="wide" name="out" offset="20s" duration="10s"/></spine></sequence></media>`;
  const { film } = read(project('<ref-clip name="Dream" ref="dream" start="16s" duration="6s"/>', media));
  expect(rowsOf(film)).toEqual(['V1 in[0-4 from 6] out[4-6 from 0]', 'A1 Hum[0-2 from 1]']);
  expect(Object.values<Json>(film.editorState.scenes).map(({ title }) => title)).toEqual(['Dream']);
  const sound = read(
    project('<ref-clip name="Dream" ref="dream" srcEnable="audio" start="16s" duration="6s"/>', media),
  );
  expect(rowsOf(sound.film).map((row) => row.slice(0, 2))).toEqual(['A1', 'A2']);
});

test('what has no place here is said in plain sentences', () => {
  const { film, losses } = read(
    project(
      `<asset-clip ref="wide" name="One" duration="4s"><conform-rate srcFrameRate="24"/><timeMap/><note>n</note>
         <adjust-volume amount="-3dB"/><marker start="1s" duration="1/25s" value="Too dark"/><filter-video ref="fx" name="Glow"/>
         <metadata><md key="com.apple.x" value="1"/></metadata></asset-clip>
       <transition name="Cross Dissolve" offset="3s" duration="1s"/>
       <title name="The End" duration="2s"/><video ref="fx" name="Bars" duration="1s"/><mc-clip name="Cams" duration="1s"/>
       <audition><asset-clip ref="wide" name="Take 1" duration="1s"/><asset-clip ref="close" name="Take 2" duration="2s"/></audition>
       <asset-clip ref="nowhere" name="Lost" duration="1s"/><hologram/>`,
      '',
      'format="r1" tcStart="3600s"',
    ),
  );
  expect(rowsOf(film)).toEqual(['V1 One[0-4 from 0] Take 1[8-9 from 0] Lost[9-10 from 0]']);
  expect(losses).toEqual([
    '"Film" starts at 3600 s; here every film starts at 0.',
    '"One" is played at another speed; here it plays at its own speed. (2 times)',
    'The note on "One" is left out.',
    'The effect "adjust-volume" on "One" is left out.',
    'The marker "Too dark", 1 s into "One", is left out.',
    'The effect "Glow" on "One" is left out.',
    'Notes of other programs are left out.',
    'The transition "Cross Dissolve" of 1 s at 00:00:00:00 becomes a cut.',
    '"The End" is left out; its place stays empty.',
    '"Bars" is made by the generator "Bars", which is left out; its place stays empty.',
    '"Cams" is a clip of several cameras and is left out; its place stays empty.',
    'Of 2 takes of "Take 1" only the one in use is kept.',
    '"Lost" has no media in the file; its place stays empty.',
    '<hologram> is of a kind unknown here and is left out.',
  ]);
});

test('clips of a file without a project follow one another, and so do its projects', () => {
  const clips = '<asset-clip ref="wide" name="a" duration="1s"/><asset-clip ref="wide" name="b" duration="1s"/>';
  const loose = read(`<fcpxml version="1.8"><resources>${RESOURCES}</resources>${clips}</fcpxml>`);
  expect(rowsOf(loose.film)).toEqual(['V1 a[0-1 from 0] b[1-2 from 0]']);
  const two = project(clips).replace(
    '</event>',
    '<project name="Second"><sequence><spine><asset-clip ref="wide" duration="1s"/></spine></sequence></project></event>',
  );
  expect(rowsOf(read(two).film)).toEqual(['V1 a[0-1 from 0] b[1-2 from 0] Wide[2-3 from 0]']);
});

test.each<[string, string]>([
  ['text', 'hello'],
  ['nothing', ''],
  ['another kind of file', '<xmeml version="5"/>'],
  ['a list of decisions', 'TITLE: x\n001 A V C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00'],
  ['unclosed elements', '<fcpxml><resources></fcpxml>'],
  ['an empty file', '<fcpxml version="1.8"/>'],
  ['entities', '<!DOCTYPE fcpxml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><fcpxml>&b;</fcpxml>'],
  ['files outside', '<!DOCTYPE fcpxml [<!ENTITY x SYSTEM "file:///etc/passwd">]><fcpxml>&x;</fcpxml>'],
  ['a time that is none', project('<asset-clip ref="wide" duration="1/0s"/>')],
  ['a time out of all proportion', project('<asset-clip ref="wide" duration="9999999999999s"/>')],
  ['a clip of unknown length', project('<clip name="x"/>')],
  ['a length below zero', project('<asset-clip ref="wide" duration="-1s"/>')],
  ['a lane that is none', project('<gap duration="1s"><asset-clip ref="wide" lane="up" duration="1s"/></gap>')],
  ['a prototype', '<fcpxml><__proto__ x="1"/></fcpxml>'],
  ['elements without end', '<fcpxml>'.repeat(100_000)],
  [
    'a compound clip that holds itself',
    project(
      '<ref-clip ref="m" duration="1s"/>',
      '<media id="m"><sequence><spine><ref-clip ref="m" duration="1s"/></spine></sequence></media>',
    ),
  ],
  [
    'compound clips that double at each step',
    project(
      '<ref-clip ref="m0" duration="1s"/>',
      Array.from({ length: 14 }, (_, at) => {
        const next = `<ref-clip ref="m${at + 1}" offset="0s" duration="1s"/>`.repeat(10);
        return `<media id="m${at}"><sequence><spine>${next}</spine></sequence></media>`;
      }).join(''),
    ),
  ],
  [
    'a clock for each time',
    project([999_983, 999_979, 999_961].map((prime) => `<asset-clip ref="wide" duration="1/${prime}s"/>`).join('')),
  ],
  ['what is never closed', '<fcpxml>'.repeat(2000)],
  ['what has millions of tags', `<fcpxml>${'<a/>'.repeat(2_000_000)}</fcpxml>`],
])('%s is refused', (_name, text) => {
  const started = process.cpuUsage();
  expect(() => read(text)).toThrow(AppError);
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(60_000);
  try {
    read(text);
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid', details: { where: expect.any(String) } });
  }
});

test('characters written as entities are read, and entities of other kinds stay text', () => {
  const { film } = read(project('<asset-clip ref="wide" name="a &amp; b &#60;c&#x3E; &unknown;" duration="1s"/>'));
  expect(rowsOf(film)[0]).toContain('a & b <c> &unknown;[');
});

test('whatever the elements, the file is read or refused', () => {
  const name = fc.constantFrom(
    'spine',
    'asset-clip',
    'clip',
    'gap',
    'video',
    'ref-clip',
    'audition',
    'sync-clip',
    'audio',
  );
  const time = fc.constantFrom('0s', '1s', '1/25s', '-1s', 'x', '1001/30000s');
  const attributes = fc.dictionary(
    fc.constantFrom('offset', 'start', 'duration', 'lane', 'ref', 'enabled'),
    fc.oneof(time, fc.constantFrom('1', '-1', 'wide', 'fx', '0')),
  );
  const { element } = fc.letrec<{ element: string }>((tie) => ({
    element: fc
      .tuple(name, attributes, fc.oneof({ maxDepth: 4 }, fc.constant([]), fc.array(tie('element'), { maxLength: 3 })))
      .map(
        ([tag, given, inner]) =>
          `<${tag} ${Object.entries(given)
            .map(([key, value]) => `${key}="${value}"`)
            .join(' ')}>${inner.join('')}</${tag}>`,
      ),
  }));
  fc.assert(
    fc.property(fc.array(element, { maxLength: 4 }), (spine) => {
      try {
        read(project(spine.join('')));
      } catch (error) {
        expect(error).toMatchObject({ name: 'AppError', code: 'invalid' });
      }
    }),
    { numRuns: 300 },
  );
});

const inSeconds = (time: unknown): string => Object.values(exactSeconds(time)!).join('/');

/** Rows, ids, words and frames. */
const cutsOf = ({ editorData, effects, editorState: { timelineItems, clips, assets, beats, scenes } }: Json) =>
  editorData.map(({ id: row, kind, name, actions }: Json) => [
    row,
    kind,
    name,
    actions.map(({ id, start, end, disable, effectId }: Json) => {
      const { exact, clipId, linkedBeatId } = timelineItems[id];
      const { assetId, exact: source, startOffset } = clips[clipId];
      const { url, type } = assets[assetId];
      const beat = linkedBeatId && beats[linkedBeatId];
      const told = beat && [
        beat.narration,
        scenes[beat.sceneId].id,
        scenes[beat.sceneId].title,
        beat.characterIds.length,
      ];
      const seen = [
        id,
        start,
        end,
        disable,
        effects[effectId].name,
        inSeconds(exact.start),
        clipId,
        source,
        startOffset,
      ];
      return [...seen, assetId, url, type, linkedBeatId, told];
    }),
  ]);

test('a film comes back from a file with the same cuts, ids, words and frames', () => {
  fc.assert(
    fc.property(generatedFilm(), (film) => {
      const { fcpxml } = timelineToFcpxml(film, { name: 'Film & <co>' });
      expect(cutsOf(read(fcpxml).film)).toEqual(cutsOf(film));
    }),
    { numRuns: 300 },
  );
});

test('a file is written as Final Cut Pro expects it', () => {
  const frames = (value: number) => ({ value, rate: [30_000, 1001] });
  const clip = (start: number) => ({
    id: `clip${start}`,
    assetId: 'asset',
    startOffset: (start * 1001) / 30_000,
    exact: { start: frames(start), duration: frames(30) },
  });
  const film = {
    editorData: [
      { id: '0', actions: [{ id: 'a', start: 1.001, end: 2.002, effectId: 'a' }] },
      { id: '1', actions: [{ id: 'b', start: 1.5015, end: 2.5025, effectId: 'b', disable: true }] },
    ],
    effects: { a: { id: 'a', name: 'Wide <1>' }, b: { id: 'b', name: 'Over' } },
    editorState: {
      assets: { asset: { id: 'asset', type: 'video', url: 'file:///wide.mov', duration: 10.01 } },
      clips: { clip60: clip(60), clip0: clip(0) },
      timelineItems: { a: { id: 'a', clipId: 'clip60' }, b: { id: 'b', clipId: 'clip0' } },
    },
  };
  const { fcpxml, losses } = timelineToFcpxml(film, { name: 'Storm' });
  expect(losses).toEqual([]);
  expect(fcpxml.split('\n').filter((line) => !/<\/?(md|metadata)\b/.test(line))).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE fcpxml>',
    '<fcpxml version="1.8">',
    '  <resources>',
    '    <format id="r1" frameDuration="1001/30000s" width="1920" height="1080"/>',
    '    <asset id="r2" name="" src="file:///wide.mov" start="0s" duration="1001/100s" hasVideo="1" format="r1" hasAudio="1" audioSources="1" audioChannels="2">',
    '    </asset>',
    '  </resources>',
    '  <library>',
    '    <event name="Storm">',
    '      <project name="Storm">',
    '        <sequence format="r1" duration="1001/400s" tcStart="0s" tcFormat="DF">',
    '          <spine>',
    '            <gap name="Gap" offset="0s" start="0s" duration="1001/1000s"/>',
    '            <asset-clip ref="r2" offset="1001/1000s" name="Wide &#60;1&#62;" start="1001/500s" duration="1001/1000s">',
    '              <asset-clip ref="r2" lane="1" offset="1001/400s" name="Over" start="0s" duration="1001/1000s" enabled="0">',
    '              </asset-clip>',
    '            </asset-clip>',
    '            <gap name="Gap" offset="1001/500s" start="0s" duration="1001/2000s"/>',
    '          </spine>',
    '        </sequence>',
    '      </project>',
    '    </event>',
    '  </library>',
    '</fcpxml>',
    '',
  ]);
});

test('what a file cannot show is said: shots between frames, shots that overlap', () => {
  const film = {
    editorData: [
      {
        id: '0',
        actions: [
          { id: 'a', start: 0, end: 2.01, effectId: 'a' },
          { id: 'b', start: 1, end: 3, effectId: 'b' },
          { id: 'c', start: 4, end: 4.001, effectId: 'c' },
        ],
      },
    ],
    effects: { a: { name: 'a' }, b: { name: 'b' }, c: { name: 'c' } },
  };
  const { fcpxml, losses } = timelineToFcpxml(film, { name: '' });
  expect(describeLosses(losses, { language: 'en' })).toEqual([
    'A shot shows no clip; only its place is kept. (3 times: "a", "b", "c")',
    'A shot has times between two frames of the file, which became the nearest. (2 times: "a", "c")',
    'The shot "b" overlaps another on V1 and goes onto a lane of its own.',
    'The shot "c" is shorter than half a frame and is left out.',
    'The shot "b" lies on another row when the file is read again.',
  ]);
  expect(rowsOf(read(fcpxml).film)).toEqual(['V1 a[0-2.01 from 0]', 'V2 b[1-3 from 0]']);
});
