import { AppError } from '#libs/errors/app-error';
import type { Document } from '../document.js';
import { documentOfShots, type ImportOptions } from './document-of-shots.js';
import { exactOr, notedFraction } from './exact-note.js';
import { objectNote } from './fcpxml-notes.js';
import { fraction, over, type Fraction } from './fraction.js';
import type { Loss, LossPlace, LossValues } from './losses/loss.js';
import type { LossCode } from './losses/loss-codes.js';
import { Losses } from './losses/losses.js';
import { rowsByLevel, type Leveled, type NotedRow } from './rows-by-level.js';
import { MEDIA_TYPES, mediaTypeOf, type Media, type Row, type ShotIds } from './shot.js';
import { canDrop, framesOf, framesOfADay, hasTimecode, timecodeOf } from './timecode.js';

/** The rate is not in the list: only who wrote it knows. */
export interface EdlOptions extends ImportOptions {
  rate: Fraction;
}

/**
 * Reads a film from a CMX 3600 edit decision list into a workspace document, and reports what of the list has no place
 * there and which lines cannot be read, each by its number.
 */
export function timelineFromEdl(text: string, options: EdlOptions): { document: Document; losses: Loss[] } {
  if (!hasTimecode(options.rate)) {
    throw new AppError(
      'invalid',
      'Frames of this rate have no timecodes. Give the frame rate that the list was made in.',
      {
        where: 'rate',
      },
    );
  }
  const list = new List(options.rate);
  text.split(/\r\n|\r|\n/).forEach((line, index) => list.read(line.trim(), index + 1));
  const { rows, shots } = list.film();
  return { document: documentOfShots({ rows, shots }, options), losses: list.losses.report };
}

/** One line that says what is shown when, all times in frames. */
interface Edit {
  line: number;
  number: string;
  reel: string;
  channels: Channel[];
  /** C for a cut, D for a dissolve, W and a number for a wipe, K for a key. */
  transition: string;
  source: number;
  sourceLength: number;
  start: number;
  length: number;
  speed?: string;
  name?: string;
  file?: string;
  notes: Map<string, string>;
}

interface Channel {
  kind: Row['kind'];
  nth: number;
}

const LONGEST_LINE = 4000;
const MOST_EVENTS = 100_000;
/** What transitions and freezes say about themselves again. */
const ECHO = /^(\* )?(BLEND, DISSOLVE|FREEZE FRAME)/;

class List {
  readonly losses = new Losses();
  private readonly edits: Edit[] = [];
  private readonly noted: NotedRow[] = [];
  private title: string | undefined;
  private filmStart: number | undefined;
  private isDrop = false;
  private isList = false;
  /** Whether the lines that follow belong to an edit that could not be read. */
  private isAstray = false;
  private badLine: number | undefined;

  constructor(private readonly rate: Fraction) {}

  read(line: string, number: number): void {
    if (line === '') return;
    if (line.length > LONGEST_LINE) return this.fail('line_too_long', number, line);
    const [, key = '', value = ''] = /^(TITLE|FCM)\s*:(.*)$/i.exec(line) ?? [];
    if (key.toUpperCase() === 'TITLE') return this.readTitle(value.trim());
    if (key !== '') return this.readCount(value.trim(), number);
    if (/^\d+\s/.test(line)) return this.readEdit(line, number);
    if (/^M2\s/i.test(line)) return this.readSpeed(line, number);
    if (/^AUD\s/i.test(line)) return this.readSound(line);
    const comment = line.startsWith('*') ? line.slice(1).trim() : line;
    if (this.readComment(comment, number)) return;
    this.fail(line.startsWith('*') ? 'comment' : 'line_unknown', number, line);
  }

  film() {
    if (!this.isList) {
      throw new AppError(
        'invalid',
        'This is no edit decision list: it has neither a title nor an event. Give a CMX 3600 list as text.',
        { where: `line ${this.badLine ?? 1}` },
      );
    }
    const shown = this.edits.filter(({ reel, length }) => reel.toUpperCase() !== 'BL' && length > 0);
    const start = this.filmStart ?? shown.reduce((first, edit) => Math.min(first, edit.start), Infinity);
    if (Number.isFinite(start) && start !== 0 && this.filmStart === undefined) {
      this.losses.add('film_start', { values: { start: this.label(start) } });
    }
    return rowsByLevel(
      shown.flatMap((edit) => this.shotsOf(edit, start)),
      this.noted,
      this.losses,
    );
  }

  private readTitle(title: string): void {
    this.isList = true;
    this.title ??= title;
  }

  private readCount(mode: string, number: number): void {
    this.isList = true;
    this.isDrop = /^DROP/i.test(mode);
    if (this.isDrop && !canDrop(this.rate)) {
      this.losses.add('drop_frame_ignored', { place: { kind: 'line', line: number } });
    }
  }

  private readEdit(line: string, number: number): void {
    const words = line.split(/\s+/);
    const [event, reel, channels, transition] = words as [string, string?, string?, string?];
    const times = words.slice(-4);
    const found = channels === undefined ? undefined : channelsIn(channels.toUpperCase());
    const isKnown = /^(C|D|W\d{1,3}|KB?O?)$/i.test(transition ?? '') && (words.length === 8 || words.length === 9);
    const [source, sourceEnd, start, end] = times.map((time) => this.frames(time));
    this.isAstray = true;
    if (!reel || !found || !isKnown) return this.fail('event_unreadable', number, line);
    if (source === undefined || sourceEnd === undefined || start === undefined || end === undefined) {
      return this.fail('time_unreadable', number, line);
    }
    const [sourceLength, length] = [this.between(source, sourceEnd), this.between(start, end)];
    if (length > this.day / 2) return this.fail('event_backwards', number, line);
    if (this.edits.length >= MOST_EVENTS) {
      throw new AppError('invalid', `This list has more than ${MOST_EVENTS} events. Give it in parts.`, {
        where: `line ${number}`,
      });
    }
    this.isAstray = false;
    this.isList = true;
    this.edits.push({
      line: number,
      number: event,
      reel,
      channels: found,
      transition: transition!.toUpperCase(),
      source,
      sourceLength,
      start,
      length,
      notes: new Map(),
    });
    if (!/^C$/i.test(transition!)) this.loseTransition(this.edits.at(-1)!, words.length === 9 ? words[4]! : undefined);
  }

  private readSpeed(line: string, number: number): void {
    const edit = this.edits.at(-1);
    const speed = line.split(/\s+/).find((word, at) => at > 1 && /^-?\d{1,4}(\.\d{1,4})?$/.test(word));
    if (this.isAstray || !edit || speed === undefined) return this.fail('speed_of_nothing', number, line);
    edit.speed = speed;
  }

  /** Further channels of sound that the last edit has. */
  private readSound(line: string): void {
    const edit = this.edits.at(-1);
    if (this.isAstray || !edit) return;
    for (const word of line.split(/\s+/).slice(1)) {
      const nth = Number(word);
      if (!/^\d{1,2}$/.test(word) || nth === 0) continue;
      if (!edit.channels.some((channel) => channel.kind === 'audio' && channel.nth === nth)) {
        edit.channels.push({ kind: 'audio', nth });
      }
    }
  }

  /** Whether a comment has a meaning here. */
  private readComment(comment: string, number: number): boolean {
    if (ECHO.test(comment)) return true;
    const colon = comment.indexOf(':');
    const key = (colon < 0 ? comment : comment.slice(0, colon)).trim().toUpperCase();
    const text = colon < 0 ? '' : comment.slice(colon + 1).trim();
    if (key.startsWith('EVIDVERSE ')) return this.readNote(key.slice('EVIDVERSE '.length), text);
    const edit = this.edits.at(-1);
    const outgoing = edit?.transition === 'C' ? edit : this.edits.at(-2);
    const isPair = outgoing !== edit && outgoing?.number === edit?.number;
    const target = key.startsWith('FROM') && isPair ? outgoing : edit;
    const isKnown = /^(FROM|TO) (CLIP NAME|CLIP|FILE)$|^SOURCE FILE$|^LOC$/.test(key);
    if (!isKnown) return this.readEffect(comment, number);
    if (this.isAstray || !target) return true;
    if (key === 'LOC')
      this.losses.add('marker', { place: { ...this.placeOf(target), line: number, values: { text } } });
    else if (key.endsWith('CLIP NAME')) target.name = key.startsWith('TO') ? text : (target.name ?? text);
    else target.file ??= text;
    return true;
  }

  private readEffect(comment: string, number: number): boolean {
    const edit = this.edits.at(-1);
    if (!/EFFECT/.test(comment) || !edit || this.isAstray) return false;
    this.losses.add('effect', { place: { ...this.placeOf(edit), line: number }, values: { effect: comment } });
    return true;
  }

  /** What a list of ours notes, of the whole film before the first edit, else of the last. */
  private readNote(key: string, text: string): boolean {
    const edit = this.edits.at(-1);
    const value = unquoted(text);
    const [, isName, track, nth] = /^ROW (NAME )?([VA])(\d{1,3})$/.exec(key) ?? [];
    if (!edit && key === 'START') this.filmStart = this.frames(value);
    else if (!edit && track !== undefined) {
      const kind = track === 'V' ? 'video' : 'audio';
      const known = this.noted.find((row) => row.kind === kind && row.level === Number(nth));
      const row = known ?? { kind, level: Number(nth), name: `${track}${nth}` };
      if (!known) this.noted.push(row);
      if (isName) row.name = value;
      else row.id ??= value;
    } else if (edit && !this.isAstray) edit.notes.set(key, value);
    return true;
  }

  private shotsOf(edit: Edit, filmStart: number): Leveled[] {
    const { reel, notes, length, speed, sourceLength } = edit;
    const [name, file] = [notes.get('NAME') ?? edit.name, notes.get('MEDIA FILE') ?? edit.file];
    const note = (key: string) => notes.get(key);
    const place = this.placeOf(edit);
    if (speed !== undefined)
      this.losses.add('speed', { place: { ...place, values: { frames_per_second: Number(speed) } } });
    else if (sourceLength !== length) {
      const values = { frames: length, source_frames: sourceLength };
      this.losses.add('length_differs', { place: { ...place, values } });
    }
    if (file === undefined) this.losses.add('no_media', { place: { ...place, values: { reel } } });
    const start = edit.start - filmStart + (edit.start < filmStart ? this.day : 0);
    const ids: ShotIds = {
      timelineItem: note('TIMELINE_ITEM'),
      clip: note('CLIP'),
      effect: note('EFFECT'),
      beat: note('BEAT'),
      scene: note('SCENE'),
    };
    const counted = { start: this.time(start), duration: this.time(length), sourceStart: this.time(edit.source) };
    const timing = exactOr({ ...counted, rate: this.rate }, note('EXACT'), this.rate);
    return edit.channels.map(({ kind, nth }, at) => ({
      kind,
      level: nth,
      shot: {
        name: name ?? (file === undefined ? reel : file.split(/[\\/]/).at(-1)!),
        ...timing,
        isOff: false,
        media: this.mediaOf(edit, kind),
        story: { scene: note('SCENE TITLE') ?? (this.title || 'Scene 1') },
        ids: at === 0 ? ids : {},
      },
    }));
  }

  private mediaOf({ reel, file, notes }: Edit, kind: Row['kind']): Media {
    const url = notes.get('MEDIA FILE') ?? file ?? '';
    const [start, duration] = ['START', 'DURATION'].map((key) => notedFraction(notes.get(`MEDIA ${key}`) ?? ''));
    const generation = objectNote(notes.get('MEDIA GENERATION'));
    const isOurs = notes.has('ASSET');
    const name = notes.get('MEDIA NAME') ?? (isOurs || reel.toUpperCase() === 'AX' ? undefined : reel);
    return {
      type: MEDIA_TYPES.find((type) => type === notes.get('MEDIA TYPE')?.toLowerCase()) ?? mediaTypeOf(url, kind),
      url,
      ...(name !== undefined && { name }),
      ...(notes.has('ASSET') && { id: notes.get('ASSET')! }),
      ...(start && { start }),
      ...(duration && { duration }),
      ...(notes.has('MEDIA SOURCE') && { source: notes.get('MEDIA SOURCE')! }),
      ...(notes.has('MEDIA CREATED') && { createdAt: notes.get('MEDIA CREATED')! }),
      ...(generation && { generation }),
    };
  }

  private loseTransition(edit: Edit, frames: string | undefined): void {
    const transition = { D: 'dissolve', W: 'wipe', K: 'key' }[edit.transition[0]!] ?? 'transition';
    const values: LossValues = frames === undefined ? {} : { frames: Number(frames) };
    this.losses.add('transition', { place: { ...this.placeOf(edit), values }, values: { transition } });
  }

  private placeOf({ number, name, start, line, notes }: Edit): LossPlace {
    const id = notes.get('TIMELINE_ITEM');
    return {
      kind: 'event',
      ...(id !== undefined && { id }),
      element: number,
      name: name ?? '',
      timecode: this.label(start),
      line,
    };
  }

  private fail(code: LossCode, number: number, line: string): void {
    if (code !== 'comment') this.badLine ??= number;
    const text = line.length > 60 ? `${line.slice(0, 60)}…` : line;
    this.losses.add(code, { place: { kind: 'line', line: number, values: { text } } });
  }

  private frames(timecode: string): number | undefined {
    return framesOf(timecode, { rate: this.rate, isDrop: this.isDrop || timecode.includes(';') });
  }

  private label(frames: number): string {
    return timecodeOf(frames, { rate: this.rate, isDrop: this.isDrop });
  }

  private get day(): number {
    return framesOfADay({ rate: this.rate, isDrop: this.isDrop });
  }

  /** From one frame to another, which may be on the next day. */
  private between(from: number, to: number): number {
    return to < from ? to + this.day - from : to - from;
  }

  private time(frames: number): Fraction {
    return over(fraction(BigInt(frames)), this.rate);
  }
}

/** A note that stands in quotes, as it was. */
function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

/** The tracks that an event is on, V for pictures, A for sound, B for both; nothing for what is none. */
function channelsIn(text: string): Channel[] | undefined {
  if (text === 'NONE') return [];
  const channels: Channel[] = [];
  const add = (kind: Row['kind'], nth: number) => {
    if (!channels.some((channel) => channel.kind === kind && channel.nth === nth)) channels.push({ kind, nth });
  };
  const parts = text.match(/AA|B|\/|[VA]\d{0,2}/g) ?? [];
  if (parts.join('') !== text) return undefined;
  for (const part of parts) {
    const nth = Number(part.slice(1)) || 1;
    if (part.startsWith('V') || part === 'B') add('video', part === 'B' ? 1 : nth);
    if (part === 'AA' || part === 'B') add('audio', 1);
    if (part === 'AA') add('audio', 2);
    else if (part.startsWith('A')) add('audio', nth);
  }
  return channels.length > 0 ? channels : undefined;
}
