import { AppError } from '#libs/errors/app-error';
import type { Document } from '../document.js';
import { timelineFromEdl } from './edl.js';
import { exactNote, fractionNote } from './exact-note.js';
import { isLess, nearest, plus, times, ZERO, type Fraction } from './fraction.js';
import { loseWhatDiffers, newIds, type WriteOptions } from './losses/lose-what-differs.js';
import type { Loss, LossPlace } from './losses/loss.js';
import type { LossCode } from './losses/loss-codes.js';
import { placeOfShot } from './losses/loss-places.js';
import { mediaTypeOf, type Media, type Row, type Shot } from './shot.js';
import { shotsOfDocument, type FilmShots } from './shots-of-document.js';
import { canDrop, framesOf, framesOfADay, hasTimecode, timecodeOf, type Count } from './timecode.js';

/** A film in a format, what reading it gives, and what of the film is not the same. */
export interface WrittenEdl {
  edl: string;
  back: { document: Document; losses: Loss[] };
  losses: Loss[];
}

/**
 * Writes the film of a workspace document as a CMX 3600 edit decision list, at the rate of most of its shots unless
 * told otherwise, and reports what cannot go along. Ids go along in comments that other programs skip.
 */
export function timelineToEdl(
  workspace: Document,
  { name, rate, newId = newIds() }: WriteOptions & { rate?: Fraction },
): WrittenEdl {
  const film = shotsOfDocument(workspace);
  const counted = rate ?? film.rate;
  if (!hasTimecode(counted)) {
    throw new AppError('invalid', 'Frames of this rate have no timecodes. Choose a rate such as 24 or 25.', {
      where: 'rate',
    });
  }
  const edl = new List(film, { rate: counted, isDrop: canDrop(counted) }).text(name);
  const back = timelineFromEdl(edl, { rate: counted, newId });
  loseWhatDiffers(film, back.document);
  return { edl, back, losses: film.losses.report };
}

/** Films begin at one o'clock, as is the custom. */
const FILM_START = '01:00:00:00';
/** The channels of sound that CMX 3600 itself knows. */
const MOST_SOUND = 4;
const LONGEST_NOTE = 3900;
const LONGEST_NAME = 1000;

class List {
  private readonly start: number;
  private readonly channels: Map<Row, string>;
  private readonly told = new Set<string>();
  private readonly reels = new Map<string, string>();
  private readonly reelCounts = new Map<string, number>();
  private readonly takenReels = new Set<string>(['AX', 'BL']);

  constructor(
    private readonly film: FilmShots,
    private readonly count: Count,
  ) {
    this.start = framesOf(FILM_START, count)!;
    this.channels = channelsOf(film.rows);
  }

  text(name: string): string {
    const { rows, losses } = this.film;
    const title = inOneLine(name).slice(0, 70);
    const mode = this.count.isDrop ? 'DROP FRAME' : 'NON-DROP FRAME';
    const head = [`TITLE: ${title}`, `FCM: ${mode}`, `* EVIDVERSE START: ${this.label(this.start)}`];
    for (const row of rows) {
      const channel = this.channels.get(row)!;
      const numbered = channel.length === 1 ? `${channel}1` : channel;
      const [id, called] = [noted(row.id), noted(row.name)];
      if (id !== undefined) head.push(`* EVIDVERSE ROW ${numbered}: ${id}`);
      if (row.name === numbered) continue;
      if (called !== undefined) head.push(`* EVIDVERSE ROW NAME ${numbered}: ${called}`);
      else losses.add('row_name', { place: placeOfRow(row), values: { channel } });
    }
    this.warnOfChannels();
    const shots = this.film.shots.filter((shot) => this.isCarried(shot));
    shots.sort((a, b) => (isLess(a.start, b.start) ? -1 : isLess(b.start, a.start) ? 1 : 0));
    const events = shots.flatMap((shot, at) => this.eventOf(shot, String(at + 1).padStart(3, '0')));
    return `${[...head, ...events].join('\n')}\n`;
  }

  private eventOf(shot: Shot, number: string): string[] {
    const { name, row, media, ids, story } = shot;
    const start = this.frames(shot.start, shot);
    const end = this.frames(plus(shot.start, shot.duration), shot);
    const source = this.frames(shot.sourceStart, shot);
    if (source < 0 || source + end - start > framesOfADay(this.count)) {
      this.lose('source_without_timecode', shot);
    }
    const times = [source, source + end - start, this.start + start, this.start + end].map((time) => this.label(time));
    const channel = this.channels.get(row)!;
    const reel = this.reelOf(media);
    const fields = [number.padEnd(4), reel.padEnd(8), channel.padEnd(5), 'C       ', ...times];
    const mediaStart = media.start ?? ZERO;
    const [shownName, shownUrl] = [inOneLine(name).slice(0, LONGEST_NAME).trim(), inOneLine(media.url)];
    const notes: [string, string | undefined][] = [
      ['NAME', name === shownName ? undefined : name],
      ['TIMELINE_ITEM', ids.timelineItem],
      ['CLIP', ids.clip],
      ['EFFECT', ids.effect],
      ['ASSET', media.id],
      ['MEDIA NAME', media.name],
      ['MEDIA FILE', media.url === shownUrl ? undefined : media.url],
      ['MEDIA TYPE', media.type === mediaTypeOf(media.url, row.kind) ? undefined : media.type],
      ['MEDIA START', mediaStart.n === 0n ? undefined : fractionNote(mediaStart)],
      ...this.notesOfMedia(media),
      ['EXACT', exactNote(shot, this.count.rate)],
      ['BEAT', ids.beat],
      ['SCENE', ids.scene],
      ['SCENE TITLE', ids.beat === undefined ? undefined : story.scene],
    ];
    return [
      fields.join(' '),
      ...(shownName === '' ? [] : [`* FROM CLIP NAME: ${shownName}`]),
      ...(shownUrl === '' ? [] : [`* SOURCE FILE: ${shownUrl}`]),
      ...notes.flatMap(([key, value]) => (noted(value) === undefined ? [] : [`* EVIDVERSE ${key}: ${noted(value)}`])),
    ];
  }

  /** What is noted of media where they are shown first. */
  private notesOfMedia(media: Media): [string, string | undefined][] {
    const key = media.id ?? media.url;
    if (this.told.has(key)) return [];
    this.told.add(key);
    const { duration, source, createdAt, generation } = media;
    return [
      ['MEDIA DURATION', duration && fractionNote(duration)],
      ['MEDIA SOURCE', source],
      ['MEDIA CREATED', createdAt],
      ['MEDIA GENERATION', generation && JSON.stringify(generation)],
    ];
  }

  /** Whether a list can show the shot at all; what it cannot show is said. */
  private isCarried(shot: Shot): boolean {
    const end = plus(shot.start, shot.duration);
    const [from, to] = [shot.start, end].map((time) => nearest(times(time, this.count.rate))) as [bigint, bigint];
    const lost = shot.isOff
      ? 'shot_off'
      : from === to
        ? 'shot_too_short'
        : BigInt(this.start) + to > framesOfADay(this.count)
          ? 'shot_too_late'
          : undefined;
    if (lost === undefined) return true;
    this.lose(lost, shot);
    return false;
  }

  private lose(code: LossCode, shot: Shot): void {
    this.film.losses.add(code, { place: placeOfShot(shot, this.film.rate) });
  }

  private warnOfChannels(): void {
    const { rows, losses } = this.film;
    const pictures = rows.filter(({ kind }) => kind === 'video').length;
    const sound = rows.length - pictures;
    if (pictures > 1) losses.add('picture_rows', { values: { rows: pictures } });
    if (sound > MOST_SOUND) losses.add('sound_rows', { values: { rows: sound, most: MOST_SOUND } });
    const ends = new Map<Row, Fraction>();
    for (const shot of this.film.shots) {
      if (isLess(shot.start, ends.get(shot.row) ?? ZERO)) {
        this.lose('overlap', shot);
      }
      ends.set(shot.row, plus(shot.start, shot.duration));
    }
  }

  /** The name of the tape, in the eight letters that lists have for it, one for each file. */
  private reelOf({ id, url, name }: Media): string {
    if (url === '' && !name) return 'AX';
    const file = url || `nothing ${id ?? name}`;
    const known = this.reels.get(file);
    if (known !== undefined) return known;
    const plain = (name || lastPart(url)).replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, 8) || 'REEL';
    let reel = plain;
    while (this.takenReels.has(reel)) {
      const nth = (this.reelCounts.get(plain) ?? 1) + 1;
      this.reelCounts.set(plain, nth);
      reel = `${plain.slice(0, 8 - String(nth).length)}${nth}`;
    }
    this.takenReels.add(reel);
    this.reels.set(file, reel);
    return reel;
  }

  private frames(time: Fraction, shot: Shot): number {
    const exact = times(time, this.count.rate);
    if (exact.d !== 1n) {
      this.lose('between_frames', shot);
    }
    return Number(nearest(exact));
  }

  private label(frames: number): string {
    return timecodeOf(frames, this.count);
  }
}

/** V, V2 … for the rows of pictures from the bottom up, A, A2 … for those of sound. */
function channelsOf(rows: Row[]): Map<Row, string> {
  const counts = { video: 0, audio: 0 };
  return new Map(
    rows.map((row) => {
      const nth = ++counts[row.kind];
      return [row, `${row.kind === 'video' ? 'V' : 'A'}${nth === 1 ? '' : nth}`];
    }),
  );
}

const placeOfRow = ({ id, name }: Row): LossPlace => ({ kind: 'track', ...(id !== undefined && { id }), name });

const inOneLine = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim();

/** Text as a comment says it, to be read again as it was: with quotes where a line would change it; nothing if there is too much. */
function noted(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const isPlain = text !== '' && inOneLine(text) === text && !text.startsWith('"');
  const note = isPlain ? text : JSON.stringify(text);
  return note.length <= LONGEST_NOTE ? note : undefined;
}

const lastPart = (url: string): string => url.split(/[\\/?#]/).findLast((part) => part !== '') ?? '';
