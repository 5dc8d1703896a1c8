import { isLess, minus, plus, ZERO, type Fraction } from '../../interchange/fraction.js';
import { isNear } from '../times.js';
import { textIn, type FilmShot, type FilmShots } from './film-shot.js';

/** A part of a shot of the base, as one side has it: from where to where of what was there, in the time of the base. */
export interface Piece {
  shot: FilmShot;
  from: Fraction;
  to: Fraction;
}

/** What one side made of a shot: all that came of it, and which part of it each is; no pieces where nobody can say that. */
export interface Cut {
  shots: FilmShot[];
  pieces: Piece[] | undefined;
  /** Whether the sources said so, or the places on the track. */
  isBySource: boolean;
}

/**
 * The shots that one side cut into pieces, by the id of the shot. A piece is a new shot that says what it is derived
 * from (`derived_from`), or that shows a part of the very media that the shot gave up: the same source, from where the
 * shot now ends. Where the document does not say from where a shot plays, its place on the same track says so.
 */
export function cutsOf(base: FilmShots, side: FilmShots): Map<string, Cut> {
  const fresh = [...side.actions.keys()].filter((id) => !base.actions.has(id)).flatMap((id) => side.shot(id) ?? []);
  if (fresh.length === 0) return new Map();
  const origins = shortened(base, side);
  const byMedia = Map.groupBy(origins, ({ origin }) => origin.media);
  const found = new Map<Origin, { named: FilmShot[]; others: FilmShot[] }>();
  for (const shot of fresh) {
    const name = namedOrigin(shot, side, base);
    const candidates =
      name !== undefined
        ? origins.filter(({ origin }) => origin.id === name)
        : shot.clip
          ? (byMedia.get(shot.media) ?? [])
          : origins.filter(({ origin }) => origin.media === shot.media || origin.effectId === shot.effectId);
    const [best] = candidates
      .filter((at) => name !== undefined || mayBePart(at, shot))
      .sort((a, b) => distance(a, shot) - distance(b, shot) || (a.origin.id < b.origin.id ? -1 : 1));
    if (!best) continue;
    const { named, others } = found.get(best) ?? { named: [], others: [] };
    found.set(best, name === undefined ? { named, others: [...others, shot] } : { named: [...named, shot], others });
  }
  const cuts = new Map<string, Cut>();
  for (const [at, { named, others }] of found) {
    const cut = cutOf(at, named, others);
    if (cut) cuts.set(at.origin.id, cut);
  }
  return cuts;
}

/** What a shot is for a side that did not cut it, told in the way in which the cut of the other was told. */
export function uncut(origin: FilmShot, now: FilmShot, like: Cut): Cut {
  const pieces = like.isBySource ? (now.source ? bySource(origin, [now]) : undefined) : byPlace(origin, [now]);
  return { shots: [now], pieces, isBySource: like.isBySource };
}

/** A shot of the base, and the same on a side, where it is still there. */
interface Origin {
  origin: FilmShot;
  now: FilmShot | undefined;
}

/** The shots of the base of which a side shows less, or nothing any more. */
function shortened(base: FilmShots, side: FilmShots): Origin[] {
  const found: Origin[] = [];
  for (const [id, { action }] of base.actions) {
    const after = side.actions.get(id)?.action;
    if (after === action) continue;
    const [origin, now] = [base.shot(id), side.shot(id)];
    if (!origin || (after && !now)) continue;
    if (!now || isBefore(lengthOf(now), lengthOf(origin))) found.push({ origin, now });
  }
  return found;
}

/** The shot that a new one says it came from; from a new one, what that came from, where that is still there. */
function namedOrigin(shot: FilmShot, side: FilmShots, base: FilmShots): string | undefined {
  const seen = new Set<string>();
  for (let now = shot; ;) {
    const named = sayingOf(now, ['derived_from', 'derivedFrom']);
    if (named === undefined || seen.has(named)) return now === shot ? undefined : now.id;
    seen.add(named);
    const next = side.shot(named);
    if (!next) return base.actions.has(named) ? named : undefined;
    now = next;
  }
}

const sayingOf = ({ action, item }: FilmShot, fields: string[]): string | undefined =>
  fields.map((field) => textIn(action, field) ?? textIn(item, field)).find((id) => id !== undefined);

/** Whether a shot that says nothing of where it came from can be a part of what is left of another. */
function mayBePart({ origin, now }: Origin, shot: FilmShot): boolean {
  if (sayingOf(shot, ['copied_from', 'copiedFrom']) !== undefined) return false;
  return isBySource({ origin, now }, [shot]) || shot.row === (now ?? origin).row || mayBeRest({ origin, now }, shot);
}

/** Whether a shot may be all that is left of one that is gone, with nothing to say which part of it it is. */
const mayBeRest = (at: Origin, shot: FilmShot): boolean =>
  !at.now && !isBySource(at, [shot]) && isBefore(lengthOf(shot), lengthOf(at.origin));

function cutOf(at: Origin, named: FilmShot[], others: FilmShot[]): Cut | undefined {
  const { origin, now } = at;
  const own = now ? [now] : [];
  const isWithin = (piece: Piece): boolean =>
    own.includes(piece.shot) || (!isBefore(piece.from, origin.start) && !isBefore(origin.end, piece.to));
  const whole = (shots: FilmShot[]): boolean => {
    const pieces = piecesOf(at, shots);
    const isHalf = now !== undefined || pieces?.every(({ from }) => !isNear(from, origin.start));
    return (
      pieces !== undefined && isHalf === true && pieces.every((piece) => named.includes(piece.shot) || isWithin(piece))
    );
  };
  const parts = whole([...named, ...others]) ? others : others.filter((shot) => whole([shot]));
  const rest = others.filter((shot) => !parts.includes(shot) && mayBeRest(at, shot));
  if (rest.length > 0) return { shots: [...named, ...parts, ...rest], pieces: undefined, isBySource: false };
  const shots = [...named, ...parts];
  return shots.length === 0
    ? undefined
    : { shots: [...own, ...shots], pieces: piecesOf(at, shots), isBySource: isBySource(at, shots) };
}

/** Which part of a shot each is that came of it; nothing where they overlap, or could be several parts. */
function piecesOf(at: Origin, shots: FilmShot[]): Piece[] | undefined {
  const all = at.now ? [at.now, ...shots] : shots;
  const pieces = isBySource(at, shots) ? bySource(at.origin, all) : byPlace(at.origin, all);
  pieces?.sort((a, b) => (isLess(a.from, b.from) ? -1 : 1));
  const isApart = pieces?.every((piece, nth) => nth === 0 || !isBefore(piece.from, pieces[nth - 1]!.to));
  return isApart ? pieces : undefined;
}

/** Whether the sources say which part each is: editors that do not keep them leave them all what they were. */
function isBySource({ origin, now }: Origin, shots: FilmShot[]): boolean {
  const { source } = origin;
  if (source === undefined || (now && now.source === undefined)) return false;
  return shots.every((shot) => shot.source !== undefined && !(now && isNear(shot.source, source)));
}

const bySource = (origin: FilmShot, shots: FilmShot[]): Piece[] =>
  shots.map((shot) => {
    const from = plus(minus(shot.source!, origin.source!), origin.start);
    return { shot, from, to: plus(from, lengthOf(shot)) };
  });

/** By their places on one track: what lies wholly where the base had the shot did not move; else all moved together. */
function byPlace(origin: FilmShot, shots: FilmShot[]): Piece[] | undefined {
  if (!shots.every(({ row }) => row === shots[0]!.row)) return undefined;
  const sorted = shots.toSorted((a, b) => (isLess(a.start, b.start) ? -1 : 1));
  const [first, last] = [sorted[0]!, sorted.at(-1)!];
  const moved = minus(first.start, origin.start);
  const isInside = first.row === origin.row && !isBefore(first.start, origin.start) && !isBefore(origin.end, last.end);
  const isStill = isInside || isNear(first.start, origin.start) || isNear(last.end, origin.end);
  if (!isStill && !isNear(moved, minus(last.end, origin.end))) return undefined;
  const shift = isStill ? ZERO : moved;
  return sorted.map((shot) => ({ shot, from: minus(shot.start, shift), to: minus(shot.end, shift) }));
}

const lengthOf = ({ start, end }: FilmShot): Fraction => minus(end, start);

/** Whether a time is before another by more than adding in floating point can do. */
export const isBefore = (a: Fraction, b: Fraction): boolean => isLess(a, b) && !isNear(a, b);

function distance({ now }: Origin, shot: FilmShot): number {
  if (!now) return Number.MAX_VALUE;
  const { n, d } = minus(shot.start, now.end);
  return Math.abs(Number(n) / Number(d));
}
