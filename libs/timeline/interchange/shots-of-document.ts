import { committable, isDocument, type Document } from '../document.js';
import { exactSeconds, rateIn } from './frame-rate.js';
import { fraction, isLess, minus, nearest, plus, times, over, toMillionths, ZERO, type Fraction } from './fraction.js';
import { placeOfShot } from './losses/loss-places.js';
import { Losses } from './losses/losses.js';
import { MEDIA_TYPES, mediaTypeOf, type Media, type Row, type Shot } from './shot.js';
import { isSameTime, secondsOf } from '../diff/shot-timing.js';

/** A film as every format writes it: its rows from the bottom up, the shots of each row in their order in time. */
export interface FilmShots {
  rows: Row[];
  shots: Shot[];
  /** The rate that most shots are counted in. */
  rate: Fraction;
  /** What is committed of the document, and the editor's own part of that: its story and all that it may show. */
  document: Document;
  state: Document;
  losses: Losses;
}

/**
 * What is on the timeline of a workspace document. Exact times count as long as they agree with the seconds beside
 * them, which the editor may have changed since; other seconds count as the frame they are next to, if any is near.
 */
export function shotsOfDocument(workspace: Document): FilmShots {
  const document = committable(workspace);
  const reader = new Reader(document);
  reader.read();
  const { rows, shots, rate, state, losses } = reader;
  for (const section of Object.keys(document)) {
    if (!['editorData', 'effects', 'editorState'].includes(section))
      losses.add('section', { place: { kind: 'section', name: section } });
  }
  for (const idea of listIn(state, 'ideaVersions')) {
    const id = isDocument(idea) ? textIn(idea, 'id') : undefined;
    losses.add('idea', { place: { kind: 'idea', ...(id !== undefined && { id }) } });
  }
  for (const section of Object.keys(state)) {
    if (!STATE.includes(section)) losses.add('section', { place: { kind: 'section', name: `editorState.${section}` } });
  }
  return { rows, shots, rate, document, state, losses };
}

/** What of the editor's state is told one by one. */
const STATE = ['scenes', 'beats', 'characters', 'assets', 'clips', 'timelineItems', 'sceneOrder', 'ideaVersions'];

/** Frames per second of a film that says nothing about it. */
const USUAL_RATE = fraction(24n);
const LONGEST_SECONDS = 1e8;

class Reader {
  readonly losses = new Losses();
  readonly rows: Row[] = [];
  readonly shots: Shot[] = [];
  readonly state: Document;
  readonly rate: Fraction;
  private readonly items: Document;
  private readonly clips: Document;

  constructor(private readonly document: Document) {
    this.state = mapIn(document, 'editorState');
    this.items = mapIn(this.state, 'timelineItems');
    this.clips = mapIn(this.state, 'clips');
    this.rate = this.commonRate();
  }

  read(): void {
    const shown = new Set<string>();
    listIn(this.document, 'editorData').forEach((value, at) => {
      const row = isDocument(value) ? value : {};
      const actions = listIn(row, 'actions').filter(isDocument);
      const media = actions.map((action) => this.mediaOf(this.itemOf(action)));
      const kind = kindOf(row, media);
      const id = textIn(row, 'id');
      const name = textIn(row, 'name') ?? `${kind === 'audio' ? 'A' : 'V'}${at + 1}`;
      const laid: Row = { kind, name, ...(id !== undefined && { id }) };
      this.rows.push(laid);
      const shots = actions.flatMap((action, nth) => {
        shown.add(textIn(action, 'id') ?? '');
        return this.shotOf(action, laid, media[nth]) ?? [];
      });
      shots.sort((a, b) => (isLess(a.start, b.start) ? -1 : isLess(b.start, a.start) ? 1 : 0));
      for (const shot of shots) this.shots.push(shot);
    });
    for (const id of Object.keys(this.items))
      if (!shown.has(id)) this.losses.add('shot_without_row', { place: { kind: 'timeline_item', id } });
  }

  private shotOf(action: Document, row: Row, media: Media | undefined): Shot | undefined {
    const item = this.itemOf(action);
    const clip = this.clipOf(item);
    const exact = mapIn(item ?? {}, 'exact');
    const source = mapIn(clip ?? {}, 'exact');
    const rate = rateIn(source.duration) ?? rateIn(exact.duration) ?? this.rate;
    const effectId = textIn(action, 'effectId') ?? '';
    const name = textIn(mapIn(mapIn(this.document, 'effects'), effectId), 'name') ?? '';
    const id = textIn(action, 'id');
    const ids = { timelineItem: id };

    const start = timeOf(action.start, exactSeconds(exact.start), this.rate);
    const length = exactSeconds(exact.duration);
    const end = start && timeOf(action.end, length && plus(start, length), this.rate);
    if (!start || !end || start.n < 0n || !isLess(start, end)) {
      this.losses.add('shot_without_time', {
        place: { kind: 'shot', ...(id !== undefined && { id }), name, row: row.name },
      });
      return undefined;
    }
    if (!media)
      this.losses.add('shot_without_clip', { place: placeOfShot({ row, name, start, rate, ids }, this.rate) });
    const from = media?.start ?? ZERO;
    const offset = exactSeconds(source.start);
    const sourceOffset = timeOf(clip?.startOffset ?? 0, offset && minus(offset, from), rate) ?? ZERO;
    const available = availableOf(timeOf(clip?.endOffset, undefined, rate), sourceOffset, minus(end, start));
    const beat = textIn(item ?? {}, 'linkedBeatId');
    return {
      row,
      name,
      start,
      duration: minus(end, start),
      sourceStart: plus(from, sourceOffset),
      ...(available && { available }),
      rate,
      isOff: action.disable === true,
      media: media ?? { type: row.kind, url: '' },
      ...this.storyOf(beat),
      ids: {
        ...ids,
        clip: clip && textIn(item!, 'clipId'),
        effect: effectId === id ? undefined : effectId,
        beat,
        scene: this.storyOf(beat).sceneId,
      },
    };
  }

  private storyOf(id: string | undefined): Pick<Shot, 'story'> & { sceneId?: string } {
    const beat = id === undefined ? {} : mapIn(mapIn(this.state, 'beats'), id);
    const sceneId = textIn(beat, 'sceneId');
    const scene = sceneId === undefined ? undefined : mapIn(mapIn(this.state, 'scenes'), sceneId);
    const people = mapIn(this.state, 'characters');
    const cast = listIn(beat, 'characterIds').flatMap((who): [string, string][] => {
      const called = typeof who === 'string' ? textIn(mapIn(people, who), 'name') : undefined;
      return called === undefined ? [] : [[who as string, called]];
    });
    return {
      ...(sceneId !== undefined && { sceneId }),
      story: {
        scene: (scene && textIn(scene, 'title')) ?? 'Scene 1',
        narration: textIn(beat, 'narration'),
        dialogue: textIn(beat, 'dialogue'),
        camera: textIn(beat, 'cameraDescription'),
        ...(cast.length > 0 && {
          characterIds: cast.map(([who]) => who),
          characters: cast.map(([, called]) => called),
        }),
      },
    };
  }

  private itemOf(action: Document): Document | undefined {
    const id = textIn(action, 'id');
    const item = id !== undefined && Object.hasOwn(this.items, id) ? this.items[id] : undefined;
    return isDocument(item) ? item : undefined;
  }

  private clipOf(item: Document | undefined): Document | undefined {
    const id = item && textIn(item, 'clipId');
    const clip = id !== undefined && Object.hasOwn(this.clips, id) ? this.clips[id] : undefined;
    return isDocument(clip) ? clip : undefined;
  }

  private mediaOf(item: Document | undefined): Media | undefined {
    const clip = this.clipOf(item);
    if (!clip) return undefined;
    const id = textIn(clip, 'assetId');
    const asset = id === undefined ? {} : mapIn(mapIn(this.state, 'assets'), id);
    const url = textIn(asset, 'url') ?? '';
    const name = textIn(asset, 'name');
    const [source, createdAt] = [textIn(asset, 'source'), textIn(asset, 'createdAt')];
    const start = exactSeconds(mapIn(asset, 'exact').start);
    const duration = timeOf(asset.duration, undefined, this.rate);
    return {
      ...(id !== undefined && { id }),
      type: MEDIA_TYPES.find((type) => type === asset.type) ?? mediaTypeOf(url, 'video'),
      url,
      ...(name !== undefined && { name }),
      ...(start && { start }),
      ...(duration && { duration }),
      ...(isDocument(asset.generationParams) && { generation: asset.generationParams }),
      ...(source !== undefined && { source }),
      ...(createdAt !== undefined && { createdAt }),
    };
  }

  private commonRate(): Fraction {
    const counts = new Map<string, { rate: Fraction; count: number }>();
    for (const things of [this.clips, this.items]) {
      for (const thing of Object.values(things)) {
        const rate = isDocument(thing) ? rateIn(mapIn(thing, 'exact').duration) : undefined;
        if (!rate) continue;
        const key = `${rate.n}/${rate.d}`;
        counts.set(key, { rate, count: (counts.get(key)?.count ?? 0) + 1 });
      }
    }
    return [...counts.values()].reduce((most, next) => (next.count > most.count ? next : most), {
      rate: USUAL_RATE,
      count: 0,
    }).rate;
  }
}

function kindOf(row: Document, media: (Media | undefined)[]): Row['kind'] {
  if (row.kind === 'audio' || row.kind === 'video') return row.kind;
  return media.length > 0 && media.every((each) => each?.type === 'audio') ? 'audio' : 'video';
}

function timeOf(value: unknown, exact: Fraction | undefined, rate: Fraction): Fraction | undefined {
  const seconds = secondsOf(value);
  if (seconds === undefined || Math.abs(seconds) > LONGEST_SECONDS) return undefined;
  if (exact && isSameTime(toMillionths(exact), seconds)) return exact;
  const micros = fraction(BigInt(Math.round(seconds * 1e6)), 1_000_000n);
  const frame = over(fraction(nearest(times(micros, rate))), rate);
  return isSameTime(toMillionths(frame), seconds) ? frame : micros;
}

const MILLISECOND = fraction(1n, 1000n);

/** A clip that ends before it begins says nothing, and one that is as long as its place needs no word. */
function availableOf(until: Fraction | undefined, offset: Fraction, duration: Fraction): Fraction | undefined {
  const length = until && minus(until, offset);
  return length && isLess(ZERO, length) && isLess(plus(length, MILLISECOND), duration) ? length : undefined;
}

/** A map that is part of a document; an empty one if there is none. */
export function mapIn(thing: Document, key: string): Document {
  const value = Object.hasOwn(thing, key) ? thing[key] : undefined;
  return isDocument(value) ? value : {};
}

function listIn(thing: Document, key: string): unknown[] {
  const value = Object.hasOwn(thing, key) ? thing[key] : undefined;
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function textIn(thing: Document, key: string): string | undefined {
  const value = Object.hasOwn(thing, key) ? thing[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
