import type { Document } from '../../document.js';
import { minus, plus, type Fraction } from '../../interchange/fraction.js';
import { exactTime, isNear, timeLike } from '../times.js';
import type { FilmShot } from './film-shot.js';
import { rangeIn, type Part } from './parts.js';
import type { Piece } from './pieces.js';

/** A shot to be in a document in place of what was there, behind the shot `behind`. */
export interface Made {
  behind: string;
  /** What it was called there. */
  was: string | undefined;
  id: string;
  action: Document;
  item: Document | undefined;
  clip: [id: string, was: string | undefined, clip: Document] | undefined;
  effect: [id: string, was: string | undefined, effect: Document] | undefined;
}

/** How a shot was cut: by whom its parts are modelled. */
export interface Model {
  /** The shot as the side has it that made the part. */
  shot: FilmShot;
  /** What that side calls the whole that it cut it from. */
  whole: FilmShot;
  origin: FilmShot;
}

/**
 * A part of a shot in a version that may not have cut it: what it has of the shot, in the times of that version, with the
 * name and the new fields of the side that cut it. Nothing when the cut is between the frames of that version.
 */
export function madePart(piece: Piece, part: Part, model: Model, cutAt: (at: Fraction) => unknown): Made | undefined {
  const { shot } = piece;
  const isOwn = shot.id === part.id || shot.id === part.alias;
  const range = rangeIn(piece, part);
  const shift = minus(shot.start, piece.from);
  const time = (at: Fraction, own: Fraction, raw: unknown, isCut: boolean): unknown => {
    if (!isCut) return raw;
    if (isNear(shift, NONE)) return cutAt(at);
    return isNear(at, own) ? raw : timeLike(raw, plus(at, shift));
  };
  const isCut = (at: Fraction, by: Fraction | undefined): boolean => by !== undefined && isNear(at, by);
  const start = time(range.from, piece.from, shot.action.start, isCut(range.from, part.from));
  const end = time(range.to, piece.to, shot.action.end, isCut(range.to, part.to));
  if (start === undefined || end === undefined) return undefined;
  const [from, to] = [exactTime(start)!, exactTime(end)!];
  const { shot: like, whole, origin } = model;
  const own = (thing: Document, name: 'action' | 'item' | 'clip' | 'effect'): Document =>
    shot.id === part.id ? thing : { ...thing, ...newFields(like[name], origin[name]) };
  const has = (mine: string | undefined, its: string | undefined, old: string | undefined) =>
    its === old ? mine : (its ?? mine);
  const isAlias = part.alias !== undefined;
  const clipId = isOwn && !isAlias ? shot.clipId : has(shot.clipId, like.clipId, whole.clipId);
  const effectId = isOwn && !isAlias ? shot.effectId : has(shot.effectId, like.effectId, whole.effectId);
  const action = {
    ...own(shot.action, 'action'),
    id: part.id,
    start,
    end,
    ...(effectId !== undefined && { effectId }),
  };
  const item = shot.item &&
    (isOwn || like.item) && {
      ...own(shot.item, 'item'),
      id: part.id,
      ...(clipId !== undefined && { clipId }),
      ...timesOf(shot, [like, whole], { from, to, start }),
    };
  const offset = shot.source && plus(shot.source, minus(range.from, piece.from));
  const isTight = part.to !== undefined && isNear(range.to, part.to) && endsAtCut(part);
  const mayCut = isOwn || clipId !== shot.clipId;
  const clip = shot.clip &&
    clipId !== undefined &&
    (isOwn || like.clip) && {
      ...(clipId === shot.clipId ? shot.clip : own(shot.clip, 'clip')),
      id: clipId,
      ...(offset &&
        mayCut &&
        !isNear(offset, shot.source!) && { startOffset: offsetLike(shot, [like, whole], offset) }),
      ...(offset && mayCut && isTight && { endOffset: offsetLike(shot, [like, whole], plus(offset, minus(to, from))) }),
    };
  const effect = shot.effect &&
    effectId !== undefined &&
    effectId !== shot.effectId && {
      ...own(shot.effect, 'effect'),
      id: effectId,
    };
  const renamed = (now: string, was: string | undefined, old: string | undefined): string | undefined =>
    isOwn && isAlias && was !== now && was !== old ? was : undefined;
  return {
    behind: shot.id,
    was: isOwn ? shot.id : undefined,
    id: part.id,
    action: isAlias ? { ...action, aliases: aliasesOf(part) } : action,
    item: item || undefined,
    clip: clip ? [clipId!, renamed(clipId!, shot.clipId, origin.clipId), clip] : undefined,
    effect: effect ? [effectId!, renamed(effectId!, shot.effectId, origin.effectId), effect] : undefined,
  };
}

const NONE = { n: 0n, d: 1n };

/** The ids that a shot is known by besides its own. */
function aliasesOf({ ours, theirs, alias, id }: Part): string[] {
  const known = [ours, theirs].flatMap(({ shot }) =>
    Array.isArray(shot.action.aliases) ? (shot.action.aliases as string[]) : [],
  );
  return [...new Set([...known, alias!])].filter((one) => one !== id).sort();
}

/** Whether the editor that made the cut notes in the clip where it ends. */
function endsAtCut({ ours, theirs, to }: Part): boolean {
  return [ours, theirs].some(({ shot, to: end }) => {
    const until = exactTime(shot.clip?.endOffset);
    return until && shot.source && isNear(end, to!) && isNear(until, plus(shot.source, minus(shot.end, shot.start)));
  });
}

/** A time of a clip, as another shot has it written, if one has. */
function offsetLike({ clip, action }: FilmShot, others: FilmShot[], at: Fraction): unknown {
  const written = others
    .flatMap((other) => [other.clip?.startOffset, other.clip?.endOffset])
    .find((time) => {
      const exact = exactTime(time);
      return exact !== undefined && isNear(exact, at);
    });
  return written ?? timeLike(clip?.startOffset ?? action.start, at) ?? clip?.startOffset;
}

/** What the timeline item says again, if it said so before; as the side wrote it that made the cut, if it is that. */
function timesOf(
  { item, action, start, end }: FilmShot,
  others: FilmShot[],
  span: { from: Fraction; to: Fraction; start: unknown },
): Document {
  const says = (thing: Document | undefined, field: string, time: Fraction): boolean => {
    const said = exactTime(thing?.[field]);
    return said !== undefined && isNear(said, time);
  };
  if (!says(item, 'startTime', start) || !says(item, 'duration', minus(end, start))) return {};
  const written = (field: string, time: Fraction): unknown => {
    const known = [item, ...others.map((other) => other.item)].find((thing) => says(thing, field, time));
    return known ? known[field] : timeLike(item?.[field] ?? action.start, time);
  };
  const startTime = typeof span.start === typeof item?.startTime ? span.start : written('startTime', span.from);
  return { startTime, duration: written('duration', minus(span.to, span.from)) };
}

/** The fields that a cut gave a thing which it has not from what was cut. */
function newFields(thing: Document | undefined, origin: Document | undefined): Document {
  if (!thing) return {};
  return Object.fromEntries(
    Object.entries(thing).filter(([name]) => name !== 'aliases' && !Object.hasOwn(origin ?? {}, name)),
  );
}
