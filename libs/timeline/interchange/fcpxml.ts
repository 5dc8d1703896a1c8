import { AppError } from '#libs/errors/app-error';
import { isDocument, type Document } from '../document.js';
import { documentOfShots, type ImportOptions } from './document-of-shots.js';
import { exactOr } from './exact-note.js';
import { listNote, notesIn, objectNote } from './fcpxml-notes.js';
import { RationalSeconds } from './fcpxml-time.js';
import { fraction, greater, isLess, lesser, minus, over, plus, ZERO, type Fraction } from './fraction.js';
import { Losses } from './losses.js';
import { rowsByLevel, type Leveled, type NotedRow } from './rows-by-level.js';
import { MEDIA_TYPES, mediaTypeOf, type Media, type Row, type ShotIds, type ShotStory } from './shot.js';
import { readXml, type XmlElement } from './xml.js';

/**
 * Reads a film from the XML of Final Cut Pro (1.5 to 1.10) into a workspace document, and tells in plain sentences what
 * of the file has no place there. Compound clips are laid out where they stand, trimmed to what is shown of them.
 */
export function timelineFromFcpxml(text: string, options: ImportOptions): { document: Document; losses: string[] } {
  const root = readXml(text);
  if (root.name !== 'fcpxml') {
    throw new AppError('invalid', `This is no timeline of Final Cut Pro: it begins with <${root.name}>.`, {
      where: root.name,
    });
  }
  const layout = new Layout(root);
  const { rows, shots } = layout.film();
  return { document: documentOfShots({ rows, shots }, options), losses: layout.losses.sentences };
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
    }
  }

  film() {
    const shelves = [this.root, ...childrenOf(this.root, 'library')];
    const events = [...shelves, ...shelves.flatMap((shelf) => childrenOf(shelf, 'event'))];
    const projects = events.flatMap((event) => childrenOf(event, 'project'));
    const films = projects.flatMap((project) =>
      childrenOf(project, 'sequence').map((sequence) => ({ project, sequence })),
    );
    if (films.length > 1) this.losses.add(`The ${films.length} projects of the file follow one another in one film.`);
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
    this.losses.add('The file has no project; its clips follow one another.');
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
      this.losses.add(`"${scene}" starts at ${Number(start.n) / Number(start.d)} s; here every film starts at 0.`);
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
        const length = this.time(child, 'duration') ?? ZERO;
        const about = `The transition "${nameOf(child)}" (${Number(length.n) / Number(length.d)} s)`;
        this.losses.add(`${about} in "${place.scene}" becomes a cut.`);
      } else if (CLIPS.includes(child.name)) {
        const offset = this.time(child, 'offset') ?? next;
        next = plus(offset, this.item(child, place, offset));
      } else this.losses.add(`A <${child.name}> is of a kind unknown here and is left out.`);
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
    this.loseExtras(element, place);
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
    else if (child.name === 'caption') this.losses.add(`The caption "${nameOf(child)}" is left out.`);
  }

  private content(element: XmlElement, place: Place): void {
    const name = nameOf(element) || place.name;
    switch (element.name) {
      case 'gap':
        return;
      case 'title':
        return this.losses.add(`The title "${name ?? ''}" is left out; its place stays empty.`);
      case 'mc-clip':
        return this.losses.add(`The multicam clip "${name ?? ''}" is left out; its place stays empty.`);
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
    if (!sequence)
      return this.losses.add(`The compound clip "${place.scene}" is not in the file; its place stays empty.`);
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
    if (takes.length > 1)
      this.losses.add(`Of ${takes.length} takes of "${nameOf(takes[0])}" only the one in use is kept.`);
    return takes[0] ? this.item(takes[0], { ...place, depth: place.depth + 1 }, offset) : ZERO;
  }

  private shot(element: XmlElement, place: Place, name = ''): void {
    const asset = this.resource(element, 'ref');
    if (asset?.name === 'effect') {
      return this.losses.add(`The generator "${name || nameOf(asset)}" is left out; its place stays empty.`);
    }
    if (!isLess(place.from, place.to)) {
      return this.losses.add(`"${name}" has no length or is out of sight in the film and is left out.`);
    }
    const hasPicture = asset?.attributes.get('hasVideo') === '1' || asset?.attributes.get('hasAudio') !== '1';
    const only = element.attributes.get('srcEnable') ?? place.only;
    if (only === 'audio' && element.name === 'video') return;
    const kind = element.name === 'audio' || only === 'audio' || !hasPicture ? 'audio' : 'video';
    const isMute = asset?.name === 'asset' && asset.attributes.get('hasAudio') !== '1';
    if (kind === 'audio' && (place.only === 'video' || (place.only === 'audio' && isMute))) return;
    const media = this.mediaOf(asset, kind);
    if (media.url === '') this.losses.add(`"${name}" has no media in the file; its place stays empty.`);
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
    const what = `"${nameOf(element) || (place.name ?? element.name)}"`;
    for (const child of element.children) {
      const { name, attributes } = child;
      if (MARKERS.includes(name))
        this.losses.add(`The ${name} "${attributes.get('value') ?? nameOf(child)}" on ${what} is left out.`);
      else if (name === 'note') this.losses.add(`The note on ${what} is left out.`);
      else if (name === 'timeMap' || (name === 'conform-rate' && attributes.get('scaleEnabled') !== '0')) {
        this.losses.add(`The changed speed of ${what} is left out; here it plays at its own.`);
      } else if (/^(adjust|filter)-/.test(name)) {
        this.losses.add(`The effect "${nameOf(child) || name}" on ${what} is left out.`);
      } else if (/^audio-(channel|role)-source$/.test(name))
        this.losses.add(`The sound settings of ${what} are left out.`);
    }
    if (notesIn(element).hasOthers) this.losses.add('Notes of other programs are left out.');
  }
}

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
