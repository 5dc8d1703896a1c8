import { AppError } from '#libs/errors/app-error';
import { isDocument, type Document } from '../document.js';
import { documentOfShots, type ImportOptions } from './document-of-shots.js';
import { exactOr } from './exact-note.js';
import { listNote, notesIn, objectNote } from './fcpxml-notes.js';
import { RationalSeconds } from './fcpxml-time.js';
import { fraction, greater, isLess, lesser, minus, over, plus, toMillionths, ZERO, type Fraction } from './fraction.js';
import type { Loss, LossPlace, LossValues } from './losses/loss.js';
import type { LossCode } from './losses/loss-codes.js';
import { timeOf } from './losses/loss-places.js';
import { Losses } from './losses/losses.js';
import { rowsByLevel, type Leveled, type NotedRow } from './rows-by-level.js';
import { MEDIA_TYPES, mediaTypeOf, type Media, type Row, type ShotIds, type ShotStory } from './shot.js';
import { readXml, type XmlElement } from './xml.js';

/**
 * Reads a film from the XML of Final Cut Pro (1.5 to 1.10) into a workspace document, and reports what of the file
 * has no place there. Compound clips are laid out where they stand, trimmed to what is shown of them.
 */
export function timelineFromFcpxml(text: string, options: ImportOptions): { document: Document; losses: Loss[] } {
  const root = readXml(text);
  if (root.name !== 'fcpxml') {
    throw new AppError('invalid', `This is no timeline of Final Cut Pro: it begins with <${root.name}>.`, {
      where: root.name,
    });
  }
  const layout = new Layout(root);
  const { rows, shots } = layout.film();
  return { document: documentOfShots({ rows, shots }, options), losses: layout.losses.report };
}

/** Addresses of media that are nowhere. */
export const NOWHERE = 'evidverse:nowhere/';

/** Where things go: `zero` is when their own time is zero, `from` and `to` what of the film they may fill. */
interface Place {
  zero: Fraction;
  from: Fraction;
  to: Fraction;
  level: number;
  scene: string;
  rate: Fraction;
  isOff: boolean;
  /** The one of picture and sound that is used; both if nothing is said. */
  only?: string;
  /** What the clip around is called. */
  name?: string;
  /** The clip around, if what is in it is nothing but the clip's own media. */
  around?: XmlElement;
  depth: number;
}

const CLIPS = ['asset-clip', 'clip', 'video', 'audio', 'ref-clip', 'sync-clip', 'mc-clip', 'gap', 'title', 'audition'];
const MARKERS = ['marker', 'chapter-marker', 'analysis-marker', 'keyword', 'rating'];
/** What may be in a clip and loses nothing, or is told of where it is laid out. */
const KNOWN = [
  ...['metadata', 'spine', 'caption', 'conform-rate', 'bookmark', 'sync-source', 'mc-source'],
  ...['text', 'text-style-def', 'param', 'hidden-clip-marker'],
];
const DEEPEST = 16;
const MOST_ITEMS = 100_000;
const FOREVER = fraction(1_000_000_000n);

class Layout {
  readonly losses = new Losses();
  private readonly resources = new Map<string, XmlElement>();
  private readonly leveled: Leveled[] = [];
  private readonly times = new RationalSeconds();
  private items = 0;

  constructor(private readonly root: XmlElement) {
    for (const resource of childrenOf(root, 'resources').flatMap(({ children }) => children)) {
      const id = resource.attributes.get('id');
      if (id !== undefined && !this.resources.has(id)) this.resources.set(id, resource);
      if (notesIn(resource).hasOthers) this.losses.add('foreign_notes', { place: placeOf(resource) });
    }
  }

  film() {
    const shelves = [this.root, ...childrenOf(this.root, 'library')];
    const events = [...shelves, ...shelves.flatMap((shelf) => childrenOf(shelf, 'event'))];
    const projects = events.flatMap((event) => childrenOf(event, 'project'));
    const films = projects.flatMap((project) =>
      childrenOf(project, 'sequence').map((sequence) => ({ project, sequence })),
    );
    if (films.length > 1) this.losses.add('several_films', { values: { films: films.length } });
    let at = ZERO;
    for (const { project, sequence } of films) at = this.sequence(sequence, at, nameOf(project) || 'Scene 1');
    if (films.length === 0)
      this.loose(events.flatMap(({ children }) => children).filter(({ name }) => CLIPS.includes(name)));
    return rowsByLevel(this.leveled, films.length === 1 ? notedRows(films[0]!.sequence) : [], this.losses);
  }

  /** Clips of a file that has no project. */
  private loose(clips: XmlElement[]): void {
    if (clips.length === 0) {
      throw new AppError('invalid', 'This file of Final Cut Pro holds neither a project nor a clip.', {
        where: 'fcpxml',
      });
    }
    this.losses.add('no_project');
    const format = [...this.resources.values()].find((resource) => resource.attributes.has('frameDuration'));
    this.spine(
      { name: 'spine', attributes: new Map(), children: clips },
      this.top(ZERO, 'Scene 1', this.rateOf(format)),
      ZERO,
    );
  }

  private top(at: Fraction, scene: string, rate: Fraction): Place {
    return { zero: at, from: at, to: FOREVER, level: 0, scene, rate, isOff: false, depth: 0 };
  }

  /** Lays out a whole film from `at` on, and tells when it ends. */
  private sequence(sequence: XmlElement, at: Fraction, scene: string): Fraction {
    const start = this.time(sequence, 'tcStart') ?? ZERO;
    if (start.n !== 0n)
      this.losses.add('film_start', {
        place: { kind: 'item', element: 'sequence', name: scene },
        values: { start: inSeconds(start) },
      });
    const place = this.top(at, scene, this.rateOf(this.resource(sequence, 'format')));
    const inner = { ...place, zero: minus(at, start) };
    let end = at;
    for (const spine of childrenOf(sequence, 'spine')) end = plus(inner.zero, this.spine(spine, inner, start));
    const duration = this.time(sequence, 'duration');
    return duration ? greater(end, plus(at, duration)) : end;
  }

  /** Lays out what follows one another, and tells when in its own time it ends. */
  private spine(spine: XmlElement, place: Place, begin: Fraction): Fraction {
    let next = begin;
    for (const child of spine.children) {
      if (child.name === 'transition') {
        const offset = this.time(child, 'offset') ?? next;
        const seconds = toMillionths(this.time(child, 'duration') ?? ZERO);
        this.lose('transition', child, { ...place, zero: plus(place.zero, offset) }, { own: { seconds } });
      } else if (CLIPS.includes(child.name)) {
        const offset = this.time(child, 'offset') ?? next;
        next = plus(offset, this.item(child, place, offset));
      } else this.lose('unknown_kind', child, place);
    }
    return next;
  }

  /** Lays out one thing and all that hangs on it, and tells how long it is. */
  private item(element: XmlElement, place: Place, offset: Fraction): Fraction {
    if (++this.items > MOST_ITEMS) throw this.refuse(element, `is one of more than ${MOST_ITEMS} things`);
    if (place.depth > DEEPEST) throw this.refuse(element, `lies in more than ${DEEPEST} others`);
    if (element.name === 'audition') return this.audition(element, place, offset);
    const start = this.startOf(element);
    const duration = this.durationOf(element);
    const at = plus(place.zero, offset);
    const around: Place = { ...place, zero: minus(at, start), depth: place.depth + 1 };
    const inside: Place = {
      ...around,
      from: greater(place.from, at),
      to: lesser(place.to, plus(at, duration)),
      isOff: place.isOff || element.attributes.get('enabled') === '0',
    };
    this.loseExtras(element, { ...inside, name: nameOf(element) || place.name });
    this.content(element, inside);
    for (const child of element.children) this.connected(element, child, around);
    return duration;
  }

  /** What is connected to an item may outlast it. */
  private connected(parent: XmlElement, child: XmlElement, place: Place): void {
    const isOwnSound =
      child.name === 'audio' && parent.name === 'video' && child.attributes.get('ref') === parent.attributes.get('ref');
    const lane = Number(child.attributes.get('lane') ?? 0);
    if (!Number.isSafeInteger(lane) || Math.abs(lane) > 1000) throw this.refuse(child, 'has a lane that is none');
    if (isOwnSound || (lane === 0 && (parent.name !== 'gap' || place.around === undefined))) return;
    const offset = this.time(child, 'offset') ?? ZERO;
    // What is laid inside a clip that shows only this is the clip's own, and stays where the clip is.
    const level = place.around ? place.level : place.level + lane;
    if (child.name === 'spine') this.spine(child, { ...place, level, zero: plus(place.zero, offset) }, ZERO);
    else if (CLIPS.includes(child.name)) this.item(child, { ...place, level }, offset);
    else if (child.name === 'caption') this.lose('caption', child, { ...place, zero: plus(place.zero, offset) });
  }

  private content(element: XmlElement, place: Place): void {
    const name = nameOf(element) || place.name;
    switch (element.name) {
      case 'gap':
        return;
      case 'title':
        return this.lose('title', element, place);
      case 'mc-clip':
        return this.lose('multicam', element, place);
      case 'ref-clip':
        return this.compound(element, { ...place, scene: name ?? place.scene });
      case 'clip':
      case 'sync-clip':
        for (const child of element.children) {
          if (child.attributes.has('lane')) continue;
          const inner = { ...place, around: element, ...(name !== undefined && { name }) };
          const offset = this.time(child, 'offset') ?? ZERO;
          if (child.name === 'spine') this.spine(child, { ...inner, zero: plus(place.zero, offset) }, ZERO);
          else if (CLIPS.includes(child.name)) this.item(child, inner, offset);
        }
        return;
      default:
        return this.shot(element, place, name);
    }
  }

  private compound(element: XmlElement, place: Place): void {
    const sequence = childrenOf(this.resource(element, 'ref'), 'sequence')[0];
    if (!sequence) return this.lose('compound_missing', element, place);
    const { around: _alone, name: _own, ...inner } = place;
    const only = element.attributes.get('srcEnable');
    const begin = this.time(sequence, 'tcStart') ?? ZERO;
    for (const spine of childrenOf(sequence, 'spine')) {
      this.spine(spine, { ...inner, ...(only && only !== 'all' && { only }) }, begin);
    }
  }

  /** Of several takes, the first is the one in use. */
  private audition(audition: XmlElement, place: Place, offset: Fraction): Fraction {
    const takes = audition.children.filter(({ name }) => CLIPS.includes(name));
    if (takes.length > 1) {
      const there = { ...place, zero: plus(place.zero, offset) };
      this.lose('takes', takes[0]!, there, { values: { takes: takes.length } });
    }
    return takes[0] ? this.item(takes[0], { ...place, depth: place.depth + 1 }, offset) : ZERO;
  }

  private shot(element: XmlElement, place: Place, name = ''): void {
    const asset = this.resource(element, 'ref');
    if (asset?.name === 'effect') {
      return this.lose('generator', element, place, { values: { generator: nameOf(asset) } });
    }
    if (!isLess(place.from, place.to)) {
      const hasNone = this.durationOf(element).n === 0n;
      return this.lose(hasNone ? 'no_length' : 'out_of_sight', element, place);
    }
    const hasPicture = asset?.attributes.get('hasVideo') === '1' || asset?.attributes.get('hasAudio') !== '1';
    const only = element.attributes.get('srcEnable') ?? place.only;
    if (only === 'audio' && element.name === 'video') return;
    const kind = element.name === 'audio' || only === 'audio' || !hasPicture ? 'audio' : 'video';
    const isMute = asset?.name === 'asset' && asset.attributes.get('hasAudio') !== '1';
    if (kind === 'audio' && (place.only === 'video' || (place.only === 'audio' && isMute))) return;
    const media = this.mediaOf(asset, kind);
    if (media.url === '') this.lose('no_media', element, place);
    const { notes, ids, story } = told(place.around ?? element, place.scene);
    const [start, duration] = [place.from, minus(place.to, place.from)];
    const timing = { start, duration, sourceStart: minus(start, place.zero), rate: place.rate };
    this.leveled.push({
      kind,
      level: kind === 'audio' ? Math.abs(place.level) : place.level,
      shot: {
        name: name || (media.name ?? ''),
        ...exactOr(timing, notes.get('exact'), place.rate),
        isOff: place.isOff,
        media,
        story,
        ids,
      },
    });
  }

  private mediaOf(asset: XmlElement | undefined, kind: Row['kind']): Media {
    if (asset?.name !== 'asset') return { type: kind, url: '' };
    const [representation] = childrenOf(asset, 'media-rep');
    const source = asset.attributes.get('src') ?? representation?.attributes.get('src') ?? '';
    const url = source.startsWith(NOWHERE) ? '' : source;
    const { notes } = notesIn(asset);
    const [id, name, generation] = [notes.get('id'), nameOf(asset), objectNote(notes.get('generation'))];
    const [start, duration] = [this.time(asset, 'start'), this.time(asset, 'duration')];
    return {
      type: MEDIA_TYPES.find((type) => type === notes.get('type')) ?? mediaTypeOf(url, kind),
      url,
      ...(id !== undefined && { id }),
      ...(name !== '' && { name }),
      ...(start && { start }),
      ...(duration && { duration }),
      ...(generation && { generation }),
      ...(notes.has('source') && { source: notes.get('source')! }),
      ...(notes.has('created_at') && { createdAt: notes.get('created_at')! }),
    };
  }

  /** When in its own time a thing begins: where nothing is said, where its media begin. */
  private startOf(element: XmlElement): Fraction {
    const given = this.time(element, 'start');
    if (given) return given;
    const resource = this.resource(element, 'ref');
    if (resource?.name === 'asset') return this.time(resource, 'start') ?? ZERO;
    const [sequence] = childrenOf(resource, 'sequence');
    return (sequence && this.time(sequence, 'tcStart')) ?? ZERO;
  }

  private durationOf(element: XmlElement): Fraction {
    const resource = this.resource(element, 'ref');
    const [sequence] = childrenOf(resource, 'sequence');
    const duration =
      this.time(element, 'duration') ??
      (resource?.name === 'asset' ? this.time(resource, 'duration') : undefined) ??
      (sequence && this.time(sequence, 'duration'));
    if (duration && duration.n >= 0n) return duration;
    throw this.refuse(element, duration ? 'has a duration below zero' : 'has no duration');
  }

  private rateOf(format: XmlElement | undefined): Fraction {
    const frame = format && this.time(format, 'frameDuration');
    return frame && frame.n > 0n ? over(fraction(1n), frame) : fraction(24n);
  }

  private resource(element: XmlElement, key: string): XmlElement | undefined {
    return this.resources.get(element.attributes.get(key) ?? '');
  }

  private time(element: XmlElement, key: string): Fraction | undefined {
    const text = element.attributes.get(key);
    if (text === undefined) return undefined;
    return (
      this.times.read(text) ?? fail(this.refuse(element, `has the ${key} "${text.slice(0, 40)}", which is no time`))
    );
  }

  private refuse(element: XmlElement, problem: string): AppError {
    const what = nameOf(element) === '' ? `A <${element.name}>` : `The <${element.name}> "${nameOf(element)}"`;
    return new AppError('invalid', `This film timeline cannot be read: ${what} ${problem}.`, { where: element.name });
  }

  /** What hangs on an item and the editor has no place for. */
  private loseExtras(element: XmlElement, place: Place): void {
    for (const child of element.children) {
      const { name, attributes } = child;
      const lose = (code: LossCode, told: Told = {}): void => this.lose(code, element, place, told);
      if (MARKERS.includes(name)) {
        const start = this.time(child, 'start');
        const into = start && toMillionths(minus(start, this.startOf(element)));
        const text = attributes.get('value') ?? nameOf(child);
        const marker: LossValues = name === 'marker' ? {} : { marker: name };
        lose('marker', { values: marker, own: { text, ...(into !== undefined && { seconds: into }) } });
      } else if (name === 'note') lose('note');
      else if (name === 'timeMap' || (name === 'conform-rate' && attributes.get('scaleEnabled') !== '0')) lose('speed');
      else if (/^(adjust|filter)-/.test(name)) lose('effect', { values: { effect: nameOf(child) || name } });
      else if (/^audio-(channel|role)-source$/.test(name)) lose('sound_settings');
      else if (!KNOWN.includes(name) && !CLIPS.includes(name)) this.lose('unknown_kind', child, place);
    }
    if (notesIn(element).hasOthers) this.losses.add('foreign_notes', { place: placeOf(element, place.name) });
  }

  private lose(code: LossCode, element: XmlElement, place: Place, { values = {}, own }: Told = {}): void {
    const there: LossPlace = {
      ...placeOf(element, place.name),
      ...timeOf(greater(place.from, place.zero), [place.rate]),
      ...(own && { values: own }),
    };
    this.losses.add(code, { place: there, values });
  }
}

/** What is true of all losses of a kind, and what of this one alone. */
interface Told {
  values?: LossValues;
  own?: LossValues;
}

/** A thing of the file as the place of a loss. */
function placeOf(element: XmlElement, around = ''): LossPlace {
  const id = notesIn(element).notes.get('timeline_item');
  return {
    kind: 'item',
    ...(id !== undefined && { id }),
    name: nameOf(element) || around,
    element: element.name,
  };
}

const inSeconds = (time: Fraction): string => `${toMillionths(time)} s`;

const nameOf = (element: XmlElement | undefined): string => element?.attributes.get('name') ?? '';

const childrenOf = (element: XmlElement | undefined, name: string): XmlElement[] =>
  (element?.children ?? []).filter((child) => child.name === name);

/** What a file of ours noted on a clip. */
function told(element: XmlElement, around: string): { notes: Map<string, string>; ids: ShotIds; story: ShotStory } {
  const { notes } = notesIn(element);
  const isText = (value: unknown): value is string => typeof value === 'string';
  return {
    notes,
    ids: {
      timelineItem: notes.get('timeline_item'),
      clip: notes.get('clip'),
      effect: notes.get('effect'),
      beat: notes.get('beat'),
      scene: notes.get('scene'),
    },
    story: {
      scene: notes.get('scene_title') ?? around,
      narration: notes.get('narration'),
      dialogue: notes.get('dialogue'),
      camera: notes.get('camera'),
      characters: listNote(notes.get('characters'), isText),
      characterIds: listNote(notes.get('character_ids'), isText),
    },
  };
}

function notedRows(sequence: XmlElement): NotedRow[] {
  return listNote(notesIn(sequence).notes.get('rows'), isDocument).flatMap(({ kind, level, name, id }) => {
    const isRow = (kind === 'video' || kind === 'audio') && Number.isSafeInteger(level) && typeof name === 'string';
    return isRow ? [{ kind, level: level as number, name, ...(typeof id === 'string' && { id }) }] : [];
  });
}

function fail(error: AppError): never {
  throw error;
}
