import { fraction } from './fraction.js';
import { matchShots } from './match-shots.js';
import type { Shot } from './shot.js';

const row = { kind: 'video', name: 'V1' } as const;
/** Ten seconds of one long take. */
const shot = (called: string, start: number, sourceStart: number): Shot => ({
  row,
  story: { scene: called },
  name: 'Take 7',
  start: fraction(BigInt(start)),
  duration: fraction(10n),
  sourceStart: fraction(BigInt(Math.round(sourceStart * 10)), 10n),
  rate: fraction(25n),
  isOff: false,
  media: { type: 'video', url: 'https://media.test/take-7.mov' },
  ids: {},
});

test('of shots that were all slipped each is known, though one of them looks more like its neighbour than like itself', () => {
  const film = [shot('first', 0, 0), shot('second', 10, 4)];
  const file = [shot('first', 0, 2.6), shot('second', 10, 6)];
  const matches = matchShots(film, file);
  expect(matches.map(({ film, file }) => [film.story.scene, file.story.scene])).toEqual([
    ['first', 'first'],
    ['second', 'second'],
  ]);
});

test('a thousand shots of one take that were all cut a little are each known', () => {
  const places = Array.from({ length: 1000 }, (_, at) => at);
  const film = places.map((at) => shot(String(at), at * 10, at * 3));
  const file = places.map((at) => shot(String(at), at * 10, at * 3 + 1.4));
  const matches = matchShots(film, file);
  expect(matches.filter(({ film, file }) => film.story.scene === file.story.scene)).toHaveLength(1000);
});

test('a picture and its sound on two rows, all of one file, are each known', () => {
  const rows = [
    { kind: 'video', name: 'V1' },
    { kind: 'audio', name: 'A1' },
    { kind: 'audio', name: 'A2' },
  ] as const;
  const on = (at: number): Shot => ({ ...shot(String(at), 0, 0), row: rows[at]! });
  const film = [on(0), on(1), on(2)];
  const file = film.map((one) => ({ ...one, row: { ...one.row } }));
  const matches = matchShots(film, file);
  expect(matches.map(({ film, file }) => [film.story.scene, file.story.scene])).toEqual([
    ['0', '0'],
    ['1', '1'],
    ['2', '2'],
  ]);
});
