import { documentOfShots } from '#libs/timeline/interchange/document-of-shots';
import { fraction, plus, ZERO, type Fraction } from '#libs/timeline/interchange/fraction';
import type { Media, Row, Shot } from '#libs/timeline/interchange/shot';
import { renderPlan, sequencePlan, videoUrlsIn } from './render-plan.js';

const V1: Row = { kind: 'video', name: 'V1' };
const V2: Row = { kind: 'video', name: 'V2' };
const A1: Row = { kind: 'audio', name: 'A1' };
const rate = fraction(25n);
const seconds = (number: number): Fraction => fraction(BigInt(Math.round(number * 1000)), 1000n);

function shot(
  row: Row,
  name: string,
  start: number,
  duration: number,
  more: Partial<Omit<Shot, 'media'>> & { media?: Partial<Media> } = {},
): Shot {
  return {
    row,
    name,
    start: seconds(start),
    duration: seconds(duration),
    sourceStart: ZERO,
    rate,
    isOff: false,
    story: { scene: 'One' },
    ids: {},
    ...more,
    media: { type: row.kind, url: `https://m.test/${name}.mp4`, ...more.media },
  };
}

function plan(...shots: Shot[]) {
  let number = 0;
  return renderPlan(documentOfShots({ rows: [V1, V2, A1], shots }, { newId: (prefix) => `${prefix}_${++number}` }));
}
const seen = (made: ReturnType<typeof plan>) =>
  made.pieces.map(({ frames, shown }) => [
    frames,
    shown && shown.name,
    shown && Number(shown.from.n) / Number(shown.from.d),
  ]);

test('shots are seen one after the other, gaps are black, and no frame is missing', () => {
  const made = plan(shot(V1, 'a', 0, 2), shot(V1, 'b', 3, 1));
  expect(seen(made)).toEqual([
    [50, 'a', 0],
    [25, null, null],
    [25, 'b', 0],
  ]);
  expect(made.frames).toBe(100);
});

test('a shot on a higher row covers what is below, which goes on where it would have been', () => {
  const made = plan(shot(V1, 'low', 0, 4, { sourceStart: seconds(10) }), shot(V2, 'high', 1, 2));
  expect(seen(made)).toEqual([
    [25, 'low', 10],
    [50, 'high', 0],
    [25, 'low', 13],
  ]);
  expect(made.sounds.map(({ url, lane }) => [url.slice(15, -4), lane])).toEqual([
    ['low', 0],
    ['high', 1],
  ]);
});

test('a trim counts from the beginning of the file, whatever the time its media begins at', () => {
  const made = plan(
    shot(V1, 'a', 0, 2, { sourceStart: seconds(3605), media: { start: seconds(3600), duration: seconds(60) } }),
  );
  expect(seen(made)).toEqual([[50, 'a', 5]]);
});

test('sound makes a film longer than its pictures, pictures make no sound, and what is off is not there', () => {
  const made = plan(
    shot(V1, 'still', 0, 1, { media: { type: 'image' } }),
    shot(A1, 'song', 0.5, 4),
    shot(V2, 'off', 0, 9, { isOff: true }),
  );
  expect(seen(made)).toEqual([
    [25, 'still', 0],
    [88, null, null],
  ]);
  expect(made.sounds).toHaveLength(1);
  expect(made.urls).toHaveLength(2);
});

test('cuts fall on the nearest frame, and rounding never adds up', () => {
  const shots = Array.from({ length: 300 }, (_, at) => shot(V1, `s${at}`, at * 0.337, 0.337));
  const made = plan(...shots);
  expect(made.rate).toEqual(fraction(24n));
  expect(made.frames).toBe(Math.round(300 * 0.337 * 24));
  expect(made.pieces.reduce((sum, { frames }) => sum + frames, 0)).toBe(made.frames);
  expect(made.pieces).toHaveLength(300);
});

test('an empty timeline and one that is longer than a day cannot be rendered', () => {
  expect(() => renderPlan({})).toThrow('There is nothing on the timeline to render.');
  expect(() => plan(shot(V1, 'a', 0, 90_000))).toThrow(/six hours/);
});

test('a snapshot without a timeline is its videos in order', () => {
  const snapshot = {
    clips: [{ video_url: ' https://m.test/1.mp4' }, { video_url: 'https://m.test/2.MOV?x=1' }],
    n: 'a.mp4',
    again: 'https://m.test/1.mp4',
  };
  expect(videoUrlsIn(snapshot)).toEqual(['https://m.test/1.mp4', 'https://m.test/2.MOV?x=1']);
  expect(videoUrlsIn({ 'x.mp4': 'file:///etc/passwd.mp4' })).toEqual([]);
  const made = sequencePlan(
    [
      { url: 'a', seconds: seconds(1.5) },
      { url: 'b', seconds: seconds(2.02) },
    ],
    rate,
  );
  expect(made.pieces.map(({ frames }) => frames)).toEqual([38, 50]);
  expect(made.sounds[1]!.start).toEqual(plus(ZERO, seconds(1.5)));
});

test('a shot goes no further than the end of its clip, and its place in the film stays', () => {
  const shots = [shot(V1, 'a', 0, 3), shot(V1, 'b', 3, 1)];
  const document = documentOfShots(
    { rows: [V1], shots },
    {
      newId: (
        (number) => () =>
          `x${++number}`
      )(0),
    },
  );
  const { clips } = document.editorState as { clips: Record<string, { startOffset: number; endOffset: number }> };
  Object.values(clips)[0]!.endOffset = 2;
  const made = renderPlan(document);
  expect(seen(made)).toEqual([
    [50, 'a', 0],
    [25, null, null],
    [25, 'b', 0],
  ]);
  expect(made.sounds.map(({ duration }) => Number(duration.n) / Number(duration.d))).toEqual([2, 1]);
  Object.values(clips)[0]!.endOffset = 0;
  expect(seen(renderPlan(document))).toEqual([
    [75, 'a', 0],
    [25, 'b', 0],
  ]);
});
