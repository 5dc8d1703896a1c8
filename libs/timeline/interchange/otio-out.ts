import { isDocument, type Document } from '../document.js';
import { frameRate, frameTime } from './frame-rate.js';
import { fraction, isLess, minus, nearest, plus, times, ZERO, type Fraction } from './fraction.js';
import { loseWhatDiffers, newIds, type WriteOptions } from './losses/lose-what-differs.js';
import type { Loss } from './losses/loss.js';
import { placeOfShot } from './losses/loss-places.js';
import { timelineFromOtio } from './otio.js';
import type { Media, Row, Shot } from './shot.js';
import { mapIn, shotsOfDocument, type FilmShots } from './shots-of-document.js';

/** A film in a format, what reading it gives, and what of the film is not the same. */
export interface WrittenOtio {
  otio: Document;
  back: { document: Document; losses: Loss[] };
  losses: Loss[];
}

/**
 * Writes the film of a workspace document as an OpenTimelineIO timeline, and reports what cannot go along. Ids and the
 * story are kept in the metadata, under `evidverse`: read again, the film is the same to the frame.
 */
export function timelineToOtio(workspace: Document, { name, newId = newIds() }: WriteOptions): WrittenOtio {
  const film = shotsOfDocument(workspace);
  const shots = Map.groupBy(film.shots, ({ row }) => row);
  const otio = {
    OTIO_SCHEMA: 'Timeline.1',
    name,
    global_start_time: null,
    tracks: {
      ...item('Stack.1', 'tracks'),
      children: film.rows.flatMap((row) => tracksOf(row, shots.get(row) ?? [], film)),
    },
    metadata: { evidverse: { story: storyOf(film.state) } },
  };
  const back = timelineFromOtio(otio, { newId });
  loseWhatDiffers(film, back.document);
  return { otio, back, losses: film.losses.report };
}

/** Beats, people and media also count that no shot shows. */
function storyOf(state: Document): Document {
  const { sceneOrder } = state;
  const maps = ['scenes', 'beats', 'characters', 'assets'].map((key) => [key, mapIn(state, key)] as const);
  return { ...Object.fromEntries(maps), sceneOrder: Array.isArray(sceneOrder) ? sceneOrder : [] };
}

/** The track of a row; shots that lie over others go onto further tracks of the same row. */
function tracksOf(row: Row, shots: Shot[], { losses, rate }: FilmShots): Document[] {
  const layers: Shot[][] = [[]];
  for (const shot of shots) {
    const free = layers.find((layer) => !isLess(shot.start, endOf(layer.at(-1))));
    if (free) free.push(shot);
    else layers.push([shot]);
    if (free !== layers[0]) losses.add('overlap_moved', { place: placeOfShot(shot, rate), values: { onto: 'track' } });
  }
  return layers.map((layer) => ({
    ...item('Track.1', row.name),
    kind: row.kind === 'audio' ? 'Audio' : 'Video',
    children: layer.flatMap((shot, at) => {
      const before = minus(shot.start, endOf(layer[at - 1]));
      return before.n === 0n ? [clipOf(shot)] : [gapOf(before, [rate, shot.rate]), clipOf(shot)];
    }),
    ...(row.id !== undefined && { metadata: { evidverse: { id: row.id } } }),
  }));
}

const endOf = (shot: Shot | undefined): Fraction => (shot ? plus(shot.start, shot.duration) : ZERO);

const gapOf = (duration: Fraction, rates: Fraction[]): Document => ({
  ...item('Gap.1', ''),
  source_range: range(ZERO, duration, rates),
});

function clipOf(shot: Shot): Document {
  const { story, ids, isOff, sourceStart, duration, rate, media } = shot;
  const { characterIds: _known, ...said } = story;
  const notes = {
    ...(ids.beat !== undefined && { ...said, characters: said.characters ?? [] }),
    ids: { timeline_item: ids.timelineItem, clip: ids.clip, effect: ids.effect, beat: ids.beat, scene: ids.scene },
  };
  return {
    ...item('Clip.2', shot.name),
    source_range: range(sourceStart, duration, [rate]),
    enabled: !isOff,
    media_references: { DEFAULT_MEDIA: referenceTo(media, shot) },
    active_media_reference_key: 'DEFAULT_MEDIA',
    metadata: { evidverse: withoutGaps(notes) },
  };
}

function referenceTo({ id, type, url, name, start, duration, generation }: Media, shot: Shot): Document {
  const isKnown = start !== undefined || duration !== undefined;
  return {
    OTIO_SCHEMA: url === '' ? 'MissingReference.1' : 'ExternalReference.1',
    name: name ?? '',
    available_range: isKnown ? range(start ?? ZERO, duration ?? ZERO, [shot.rate]) : null,
    available_image_bounds: null,
    ...(url !== '' && { target_url: url }),
    metadata: { evidverse: withoutGaps({ id, type, generation }) },
  };
}

/** The fields that all things in a timeline have. */
const item = (schema: string, name: string): Document => ({
  OTIO_SCHEMA: schema,
  name,
  source_range: null,
  effects: [],
  markers: [],
  enabled: true,
  metadata: {},
});

const range = (start: Fraction, duration: Fraction, rates: Fraction[]): Document => ({
  OTIO_SCHEMA: 'TimeRange.1',
  start_time: time(start, rates),
  duration: time(duration, rates),
});

/** A time in frames, by a rate that its decimals carry; millionths of seconds if there is none. */
function time(seconds: Fraction, rates: Fraction[]): Document {
  const { value, rate } = frameTime(seconds, rates);
  const [frames, perSecond] = rate;
  if (Number.isSafeInteger(value) && isCarried(rate)) return rationalTime(value, frames / perSecond);
  if (Number.isSafeInteger(value * perSecond) && frames <= 1_000_000) return rationalTime(value * perSecond, frames);
  return rationalTime(Number(nearest(times(seconds, fraction(1_000_000n)))), 1_000_000);
}

const rationalTime = (value: number, rate: number): Document => ({ OTIO_SCHEMA: 'RationalTime.1', value, rate });

function isCarried([n, d]: [number, number]): boolean {
  const read = frameRate(String(n / d));
  return read !== undefined && read.n * BigInt(d) === BigInt(n) * read.d;
}

/** Without the fields that have no value, however deep. */
function withoutGaps(thing: Document): Document {
  const entries = Object.entries(thing).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, key === 'ids' && isDocument(value) ? withoutGaps(value) : value]),
  );
}
