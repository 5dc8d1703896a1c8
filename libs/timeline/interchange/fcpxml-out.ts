import type { Document } from '../document.js';
import { exactNote } from './exact-note.js';
import { notesElement } from './fcpxml-notes.js';
import { NOWHERE, timelineFromFcpxml } from './fcpxml.js';
import { rationalSeconds } from './fcpxml-time.js';
import { fraction, greater, isLess, minus, nearest, over, plus, times, ZERO, type Fraction } from './fraction.js';
import { loseWhatDiffers, newIds, type WriteOptions } from './losses/lose-what-differs.js';
import type { Loss, LossValues } from './losses/loss.js';
import type { LossCode } from './losses/loss-codes.js';
import { placeOfShot } from './losses/loss-places.js';
import { type Media, type Row, type Shot } from './shot.js';
import { shotsOfDocument, type FilmShots } from './shots-of-document.js';
import { canDrop } from './timecode.js';
import { isXmlText, writeXml, xml, type XmlElement } from './xml.js';

/** A film in a format, what reading it gives, and what of the film is not the same. */
export interface WrittenFcpxml {
  fcpxml: string;
  back: { document: Document; losses: Loss[] };
  losses: Loss[];
}

/**
 * Writes the film of a workspace document as a project of Final Cut Pro, at the rate of most of its shots, and reports
 * what cannot go along. Ids and words go along as metadata: read again, the film has the same cuts.
 */
export function timelineToFcpxml(workspace: Document, { name, newId = newIds() }: WriteOptions): WrittenFcpxml {
  const film = shotsOfDocument(workspace);
  const fcpxml = writeXml(new Project(film).element(name), 'fcpxml');
  const back = timelineFromFcpxml(fcpxml, { newId });
  loseWhatDiffers(film, back.document);
  return { fcpxml, back, losses: film.losses.report };
}

/** A shot in whole frames of the project, and the lane that it is on; the main row has none. */
interface Laid {
  shot: Shot;
  start: Fraction;
  end: Fraction;
  lane: number;
}

const FORMAT = 'r1';

class Project {
  private readonly assets = new Map<string, { id: string; media: Media; end: Fraction }>();

  constructor(private readonly film: FilmShots) {}

  element(name: string): XmlElement {
    const { rows, rate } = this.film;
    const laid = this.laid(lanesOf(rows));
    for (const { shot } of laid) this.use(shot);
    const end = laid.reduce((last, each) => greater(last, each.end), ZERO);
    const sequence = xml(
      'sequence',
      {
        format: FORMAT,
        duration: rationalSeconds(end),
        tcStart: '0s',
        tcFormat: canDrop(rate) ? 'DF' : 'NDF',
      },
      [xml('spine', {}, this.spine(laid, end)), ...notesElement({ rows: this.rowNotes() })],
    );
    const frame = rationalSeconds(over(fraction(1n), rate));
    const format = xml('format', { id: FORMAT, frameDuration: frame, width: '1920', height: '1080' });
    return xml('fcpxml', { version: '1.8' }, [
      xml('resources', {}, [format, ...[...this.assets.values()].map((asset) => this.asset(asset))]),
      xml('library', {}, [xml('event', { name }, [xml('project', { name }, [sequence])])]),
    ]);
  }

  /** The main row with gaps where it is empty, everything else connected to what is on it at its start. */
  private spine(laid: Laid[], end: Fraction): XmlElement[] {
    const others = laid.filter(({ lane }) => lane !== 0);
    const spine: XmlElement[] = [];
    let at = ZERO;
    let nextOther = 0;
    /** What begins before `to`, connected to an item whose own time is `zero` at the start of the film. */
    const connected = (to: Fraction, zero: Fraction): XmlElement[] => {
      const found: XmlElement[] = [];
      for (; nextOther < others.length && isLess(others[nextOther]!.start, to); nextOther++) {
        const other = others[nextOther]!;
        found.push(this.clip(other, plus(zero, other.start), []));
      }
      return found;
    };
    const gap = (to: Fraction): void => {
      if (!isLess(at, to)) return;
      const timing = { offset: rationalSeconds(at), start: '0s', duration: rationalSeconds(minus(to, at)) };
      spine.push(xml('gap', { name: 'Gap', ...timing }, connected(to, minus(ZERO, at))));
      at = to;
    };
    for (const main of laid.filter(({ lane }) => lane === 0)) {
      gap(main.start);
      spine.push(this.clip(main, main.start, connected(main.end, minus(main.shot.sourceStart, main.start))));
      at = main.end;
    }
    gap(end);
    return spine;
  }

  private clip({ shot, start, end, lane }: Laid, offset: Fraction, connected: XmlElement[]): XmlElement {
    const { name, media, sourceStart, isOff, ids, story } = shot;
    const attributes = {
      ref: this.assets.get(assetKey(media))!.id,
      ...(lane !== 0 && { lane: String(lane) }),
      offset: rationalSeconds(offset),
      name,
      start: rationalSeconds(sourceStart),
      duration: rationalSeconds(minus(end, start)),
      ...(isOff && { enabled: '0' }),
      ...(shot.row.kind === 'audio' && {
        audioRole: 'dialogue',
        ...(media.type !== 'audio' && { srcEnable: 'audio' }),
      }),
    };
    const { characterIds: character_ids, ...said } = story;
    const tells = ids.beat === undefined ? {} : { ...said, character_ids, scene: ids.scene, scene_title: story.scene };
    const notes = notesElement({
      timeline_item: ids.timelineItem,
      clip: ids.clip,
      effect: ids.effect,
      exact: exactNote(shot, this.film.rate),
      beat: ids.beat,
      ...tells,
    });
    return xml('asset-clip', attributes, [...connected, ...notes]);
  }

  private asset({ id, media, end }: { id: string; media: Media; end: Fraction }): XmlElement {
    const { type, url, name, generation, source, createdAt: created_at } = media;
    const start = media.start ?? ZERO;
    const sound = { hasAudio: '1', audioSources: '1', audioChannels: '2' };
    const attributes = {
      id,
      name: name ?? '',
      src: url === '' ? `${NOWHERE}${encodeURIComponent((media.id ?? id).toWellFormed())}` : url,
      start: rationalSeconds(start),
      duration: rationalSeconds(media.duration ?? minus(end, start)),
      ...(type !== 'audio' && { hasVideo: '1', format: FORMAT }),
      ...(type !== 'image' && sound),
    };
    return xml('asset', attributes, notesElement({ id: media.id, type, generation, source, created_at }));
  }

  private use({ media, sourceStart, duration }: Shot): void {
    const key = assetKey(media);
    const end = plus(sourceStart, duration);
    const known = this.assets.get(key);
    if (known) known.end = greater(known.end, end);
    else this.assets.set(key, { id: `r${this.assets.size + 2}`, media, end });
  }

  /** All shots that can be shown, in their order in time; what overlaps another goes onto a lane of its own. */
  private laid(lanes: Map<Row, number>): Laid[] {
    const { shots } = this.film;
    const pictures = [...lanes.keys()].filter(({ kind }) => kind === 'video').length;
    const ends = new Map<Row, Fraction>();
    const laid = shots.flatMap((shot): Laid[] => {
      const [start, end] = [shot.start, plus(shot.start, shot.duration)].map((time) => this.onFrame(time, shot)) as [
        Fraction,
        Fraction,
      ];
      if (!isLess(start, end)) {
        this.lose('shot_too_short', shot);
        return [];
      }
      if (![shot.name, shot.media.url].every(isXmlText)) this.lose('text_unfit', shot, { format: 'XML' });
      const isOver = isLess(start, ends.get(shot.row) ?? ZERO);
      if (isOver) this.lose('overlap_moved', shot, { onto: 'lane' });
      ends.set(shot.row, greater(end, ends.get(shot.row) ?? ZERO));
      const own = shot.row.kind === 'video' ? pictures : pictures - lanes.size - 1;
      return [{ shot, start, end, lane: isOver ? own : lanes.get(shot.row)! }];
    });
    return laid.sort((a, b) => (isLess(a.start, b.start) ? -1 : isLess(b.start, a.start) ? 1 : 0));
  }

  private onFrame(time: Fraction, shot: Shot): Fraction {
    const frames = times(time, this.film.rate);
    if (frames.d !== 1n) this.lose('between_frames', shot);
    return over(fraction(nearest(frames)), this.film.rate);
  }

  private lose(code: LossCode, shot: Shot, values: LossValues = {}): void {
    this.film.losses.add(code, { place: placeOfShot(shot, this.film.rate), values });
  }

  private rowNotes(): Document[] {
    const lanes = lanesOf(this.film.rows);
    return this.film.rows.map((row) => ({ ...row, level: Math.abs(lanes.get(row)!) }));
  }
}

/** The lanes of the rows: pictures from 0 up, 0 being the main row, and sound from -1 down. */
function lanesOf(rows: Row[]): Map<Row, number> {
  let [up, down] = [0, -1];
  return new Map(rows.map((row) => [row, row.kind === 'video' ? up++ : down--]));
}

/** Media without an id are the same if the file is. */
const assetKey = ({ id, type, url, name, start = ZERO }: Media): string =>
  id === undefined ? `${type} ${url} ${name ?? ''} ${start.n}/${start.d}` : `id ${id}`;
