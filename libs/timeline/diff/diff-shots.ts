import type { Change, Named, Place } from './change.js';
import { aboutShot, diffShot, isTimeTouched, timingsOf, type Films } from './diff-shot.js';
import { diffTrack, type Shift } from './diff-track.js';
import { placesOf } from './diff-values.js';
import type { Document } from '../document.js';
import type { Film, Shot, Track } from './film.js';
import { idOfKey } from '../merge/keyed-list.js';
import { sameValue } from '../merge/same-value.js';
import { isNothing, rateOf, retimingOf, span } from './shot-timing.js';

/** The changes of the shots, in the order of their times; neighbours that only make room are one change together. */
export function diffShots(films: Films): Change[] {
  const { before, after } = films;
  const placeBefore = placesIn(before);
  const placeAfter = placesIn(after);
  const went = [...before.shots.values()].filter(({ key, row }) => !after.shots.has(key) && after.tracks.has(row));
  const came = [...after.shots.values()].filter(({ key, row }) => !before.shots.has(key) && before.tracks.has(row));
  const found: Found[] = [
    ...went.map((shot) => {
      const place = placeBefore(shot);
      return at(shot, before, { kind: 'removed', ...aboutShot(shot, before), before: wholeOf(shot), place });
    }),
    ...came.map((shot) => {
      const place = placeAfter(shot);
      return at(shot, after, { kind: 'added', ...aboutShot(shot, after), after: wholeOf(shot), place });
    }),
    ...[...after.tracks.keys()].flatMap((row) => diffShotsOn(row, films, { placeBefore, placeAfter })),
  ];
  return found
    .sort((a, b) => compare(a.start, b.start) || a.track - b.track || a.rank - b.rank)
    .map(({ change }) => change);
}

/** A change with what decides when to tell it: the time, the track, and at the same time the shots before their followers. */
interface Found {
  start: number;
  track: number;
  rank: number;
  change: Change;
}

const at = (shot: Shot, film: Film, change: Change): Found => ({
  start: shot.timing?.start ?? Infinity,
  track: film.tracks.get(shot.row)!.at,
  rank: change.kind === 'shifted' ? 1 : 0,
  change,
});

type PlaceOf = (shot: Shot) => Place;

/** The changes of the shots on one track that were there before, on whatever track. */
function diffShotsOn(
  row: string,
  films: Films,
  { placeBefore, placeAfter }: Record<`place${'Before' | 'After'}`, PlaceOf>,
) {
  const { before, after } = films;
  const [oldTrack, track] = [before.tracks.get(row), after.tracks.get(row)!];
  const diff = oldTrack && diffTrack(row, before, after, (key) => timingsOf(key, films));
  const found: Found[] = [];
  let [moved, rounded] = [0, 0];
  for (const key of track.shots) {
    const [was, is] = [before.shots.get(key), after.shots.get(key)!];
    if (!was) continue;
    const timings = timingsOf(key, films);
    const isMoved = was.row !== row || diff!.moved.has(key);
    const retiming = diff?.retimings.get(key) ?? (timings && retimingOf(...timings));
    const changes = diffShot(was, is, { films, retiming, isMoved });
    if (isMoved) {
      const places = { before: placeBefore(was), after: placeAfter(is) };
      found.push(at(is, after, { kind: 'moved', ...aboutShot(is, after), ...places }));
      moved++;
    } else if (changes.length === 0 && retiming && isNothing(retiming.shift) && isTimeTouched(was, is, films)) {
      rounded++;
    }
    found.push(...changes.map((change) => at(is, after, change)));
  }
  const shifts = diff?.shifts ?? [];
  for (const shift of shifts) found.push(at(after.shots.get(shift.keys[0]!)!, after, shifted(shift, track, after)));
  const atEnd = { start: Infinity, track: track.at, rank: 2 };
  if (rounded > 0) found.push({ ...atEnd, change: { kind: 'rounded', ...aboutTrack(track), count: rounded } });
  const reorder = oldTrack && moved + shifts.length === 0 ? reordered(oldTrack, track) : undefined;
  if (reorder) found.push({ ...atEnd, change: reorder });
  return found;
}

/** The same shots in another order of the list. */
function reordered({ listed: had }: Track, track: Track): Change | undefined {
  const { listed: has } = track;
  const isSame = had.length === has.length && new Set([...had, ...has]).size === had.length;
  if (!isSame || sameValue(had, has)) return undefined;
  return { kind: 'reordered', ...aboutTrack(track), before: had.map(idOfKey), after: has.map(idOfKey) };
}

function shifted({ keys, seconds, reach }: Shift, track: Track, after: Film): Change {
  const named = (key: string): Named => {
    const { id, name } = after.shots.get(key)!;
    return { id, name };
  };
  const first = after.shots.get(keys[0]!)!;
  const rate = rateOf([first.item, first.clip]);
  const [start, end] = [named(keys[0]!), named(keys.at(-1)!)];
  return {
    kind: 'shifted',
    ...aboutTrack(track),
    ...span(seconds, rate),
    reach,
    first: start,
    last: end,
    count: keys.length,
  };
}

function placesIn(film: Film): (shot: Shot) => Place {
  const numbers = new Map<string, Map<string, number>>();
  return (shot) => {
    const { id, name, shots } = film.tracks.get(shot.row)!;
    const places = numbers.get(shot.row) ?? placesOf(shots);
    numbers.set(shot.row, places);
    const start = shot.timing && span(shot.timing.start, undefined).seconds;
    return {
      in: { id, name },
      at: film.numbers.get(shot.key) ?? places.get(shot.key)!,
      ...(start !== undefined && { start }),
    };
  };
}

const wholeOf = ({ action, effect, item, clip, asset }: Shot): Document => ({
  action,
  ...(effect && { effect }),
  ...(item && { timelineItem: item }),
  ...(clip && { clip }),
  ...(asset && { asset }),
});

const aboutTrack = ({ id, name }: Track) => ({ entity: 'track' as const, id, path: ['editorData', id], name });

const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
