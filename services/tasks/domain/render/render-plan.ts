import { AppError } from '#libs/errors/app-error';
import { isDocument, type Document } from '#libs/timeline/document';
import {
  fraction,
  greater,
  isLess,
  minus,
  nearest,
  over,
  plus,
  times,
  ZERO,
  type Fraction,
} from '#libs/timeline/interchange/fraction';
import type { Loss } from '#libs/timeline/interchange/losses/loss';
import type { LossCode } from '#libs/timeline/interchange/losses/loss-codes';
import type { Shot } from '#libs/timeline/interchange/shot';
import { shotsOfDocument } from '#libs/timeline/interchange/shots-of-document';

/** A film as it is to be made: what is seen, frame by frame without a hole, and what is heard. */
export interface RenderPlan {
  readonly rate: Fraction;
  readonly frames: number;
  readonly pieces: readonly Piece[];
  readonly sounds: readonly Sound[];
  /** The addresses of all media, each once. */
  readonly urls: readonly string[];
  /** What of the film cannot be shown. */
  readonly losses: readonly Loss[];
}

/** So many frames of one shot, or of nothing. */
export interface Piece {
  readonly frames: number;
  readonly shown: Shown | null;
}

/** Where in a file it begins, in exact seconds from the file's own beginning. */
export interface Shown {
  readonly url: string;
  readonly name: string;
  readonly type: 'video' | 'image';
  readonly from: Fraction;
}

/** Sound of a file, if it has any; those of one lane never overlap. */
export interface Sound {
  readonly url: string;
  readonly lane: number;
  readonly start: Fraction;
  readonly duration: Fraction;
  readonly from: Fraction;
}

/** What is no part of any film. */
const NOT_SEEN: LossCode[] = ['section', 'idea'];
const LONGEST_SECONDS = 6n * 3600n;
const MOST_SHOTS = 20_000;

/**
 * The plan of a document's timeline: of shots at the same time the one on the highest row is seen and all are heard,
 * gaps are black and silent, as is a shot beyond the end of its clip, and every cut falls on the frame it is nearest to.
 */
export function renderPlan(document: Document, wishedRate?: Fraction): RenderPlan {
  const film = shotsOfDocument(document);
  const rate = wishedRate ?? playable(film.rate);
  const rows = new Map(film.rows.map((row, at) => [row, at]));
  const shots = film.shots.filter(({ isOff, media }) => !isOff && media.url.trim() !== '');
  if (shots.length === 0) throw new AppError('invalid', 'There is nothing on the timeline to render.');
  if (shots.length > MOST_SHOTS)
    throw new AppError('invalid', `A film of more than ${MOST_SHOTS} shots is not rendered.`);
  const end = shots.reduce((latest, { start, duration }) => greater(latest, plus(start, duration)), ZERO);
  if (isLess(fraction(LONGEST_SECONDS), end))
    throw new AppError('invalid', 'A film of more than six hours is not rendered.');
  const frames = Math.max(1, Number(nearest(times(end, rate))));
  const heights = shots.map((shot) => rows.get(shot.row) ?? 0);
  return {
    rate,
    frames,
    pieces: piecesOf(shots.map(asFarAsItGoes), heights, rate, frames),
    sounds: soundsOf(shots.map(asFarAsItGoes), heights),
    urls: [...new Set(shots.map(({ media }) => media.url.trim()))],
    losses: film.losses.report.filter(({ code }) => !NOT_SEEN.includes(code)),
  };
}

/** A picture lasts for ever. */
const asFarAsItGoes = (shot: Shot): Shot =>
  shot.available && shot.media.type !== 'image' ? { ...shot, duration: shot.available } : shot;

/** A rate that films are shown at; others are made up to count cuts that lie between frames. */
function playable(rate: Fraction): Fraction {
  return isLess(rate, fraction(10n)) || isLess(fraction(120n), rate) ? fraction(24n) : rate;
}

/** The plan of a snapshot without a timeline: its video files one after the other, each as long as it is. */
export function sequencePlan(files: readonly { url: string; seconds: Fraction }[], rate: Fraction): RenderPlan {
  let at = ZERO;
  const pieces: Piece[] = [];
  const sounds: Sound[] = [];
  let frames = 0;
  for (const { url, seconds } of files) {
    const until = Number(nearest(times(plus(at, seconds), rate)));
    pieces.push({ frames: Math.max(1, until - frames), shown: { url, name: url, type: 'video', from: ZERO } });
    sounds.push({ url, lane: 0, start: at, duration: seconds, from: ZERO });
    frames = Math.max(frames + 1, until);
    at = plus(at, seconds);
  }
  return { rate, frames, pieces, sounds, urls: [...new Set(files.map(({ url }) => url))], losses: [] };
}

const VIDEO = /\.(mp4|mov|m4v|webm)/i;

/** The addresses of videos anywhere in a snapshot, in the order of its keys, each once: what clients without a timeline commit. */
export function videoUrlsIn(value: unknown): string[] {
  const found = new Set<string>();
  const walk = (one: unknown) => {
    if (typeof one === 'string') {
      const text = one.trim();
      if (VIDEO.test(text) && /^(https?:\/\/|\/)/.test(text)) found.add(text);
    } else if (Array.isArray(one)) one.forEach(walk);
    else if (isDocument(one)) Object.values(one).forEach(walk);
  };
  walk(value);
  return [...found];
}

interface Placed {
  shot: Shot;
  first: number;
  end: number;
  height: number;
}

function piecesOf(shots: readonly Shot[], heights: readonly number[], rate: Fraction, frames: number): Piece[] {
  const placed = shots.flatMap((shot, at): Placed[] => {
    const first = Number(nearest(times(shot.start, rate)));
    const end = Number(nearest(times(plus(shot.start, shot.duration), rate)));
    const isSeen = shot.row.kind === 'video' && shot.media.type !== 'audio' && end > first;
    return isSeen ? [{ shot, first, end, height: heights[at]! }] : [];
  });
  const begins = placed.toSorted((a, b) => a.first - b.first);
  const cuts = [...new Set([0, frames, ...placed.flatMap(({ first, end }) => [first, end])])].toSorted((a, b) => a - b);
  const pieces: { first: number; frames: number; top: Placed | undefined }[] = [];
  let active: Placed[] = [];
  let next = 0;
  for (let at = 0; at + 1 < cuts.length; at++) {
    const [from, to] = [cuts[at]!, cuts[at + 1]!];
    while (next < begins.length && begins[next]!.first <= from) active.push(begins[next++]!);
    active = active.filter(({ end }) => end > from);
    const top = active.reduce<Placed | undefined>((best, one) => (best && isAbove(best, one) ? best : one), undefined);
    const last = pieces.at(-1);
    if (last && last.top === top) last.frames += to - from;
    else pieces.push({ first: from, frames: to - from, top });
  }
  return pieces.map(({ first, frames: count, top }) => ({
    frames: count,
    shown: top === undefined ? null : shownFrom(top.shot, over(fraction(BigInt(first)), rate)),
  }));
}

/** On the same row whoever begins later lies on top. */
function isAbove(one: Placed, other: Placed): boolean {
  return one.height > other.height || (one.height === other.height && one.first > other.first);
}

function shownFrom(shot: Shot, at: Fraction): Shown {
  const into = minus(at, shot.start);
  const from = plus(inFile(shot), isLess(into, ZERO) ? ZERO : into);
  return {
    url: shot.media.url.trim(),
    name: shot.name,
    type: shot.media.type === 'image' ? 'image' : 'video',
    from,
  };
}

/** Media count their own time from `start`, their file from zero. */
function inFile({ sourceStart, media }: Shot): Fraction {
  const from = minus(sourceStart, media.start ?? ZERO);
  return isLess(from, ZERO) ? ZERO : from;
}

function soundsOf(shots: readonly Shot[], heights: readonly number[]): Sound[] {
  const lanes: Fraction[] = [];
  return shots
    .map((shot, at) => ({ shot, height: heights[at]! }))
    .filter(({ shot }) => shot.media.type !== 'image')
    .toSorted((a, b) =>
      isLess(a.shot.start, b.shot.start) ? -1 : isLess(b.shot.start, a.shot.start) ? 1 : a.height - b.height,
    )
    .map(({ shot }) => {
      const free = lanes.findIndex((end) => !isLess(shot.start, end));
      const lane = free === -1 ? lanes.length : free;
      lanes[lane] = plus(shot.start, shot.duration);
      return { url: shot.media.url.trim(), lane, start: shot.start, duration: shot.duration, from: inFile(shot) };
    });
}
