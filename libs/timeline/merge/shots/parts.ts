import { isBefore, type Piece } from './pieces.js';
import { greater, isLess, lesser, type Fraction } from '../../interchange/fraction.js';
import { isNear } from '../times.js';
import type { Versions } from '../versions.js';

/** One part of a shot that both sides still show, between two cuts that either of them made. */
export interface Part {
  /** The id of the shot that it is in the result, and the other that it had on one side. */
  id: string;
  alias: string | undefined;
  from: Fraction | undefined;
  to: Fraction | undefined;
  ours: Piece;
  theirs: Piece;
}

/**
 * The parts of a shot that the cuts of both sides make together. Each is called what the side calls it that begins a
 * piece there; where both do, they made one cut, and the first name of the two counts. Nothing where a piece of one side
 * is in what the other cut away altogether: then somebody has to decide.
 */
export function partsOfBoth(
  { ours, theirs }: Pick<Versions<Piece[]>, 'ours' | 'theirs'>,
  origin: string,
): Part[] | undefined {
  const cuts = [...insideCuts(ours), ...insideCuts(theirs)]
    .sort((a, b) => (isLess(a, b) ? -1 : 1))
    .filter((cut, at, all) => at === 0 || !isNear(cut, all[at - 1]!));
  const ranges = [undefined, ...cuts].map((from, at) => ({ from, to: cuts[at] }));
  const shown = ranges.flatMap((range) => {
    const [mine, other] = [ours, theirs].map((pieces) => pieces.find((piece) => isIn(piece, range)));
    return mine && other ? [{ ...range, ours: mine, theirs: other }] : [];
  });
  const isShown = (piece: Piece): boolean => shown.some((range) => range.ours === piece || range.theirs === piece);
  if (shown.length === 0 || ![...ours, ...theirs].every(isShown)) return undefined;
  const first = (side: 'ours' | 'theirs', at: number): string[] =>
    shown.findIndex((range) => range[side] === shown[at]![side]) === at ? [shown[at]![side].shot.id] : [];
  const parts: Part[] = [];
  for (const [at, range] of shown.entries()) {
    const names = [...new Set([...first('ours', at), ...first('theirs', at)])].sort();
    const [id, alias] = names;
    if (id === undefined || (alias !== undefined && names.includes(origin))) return undefined;
    parts.push({ ...range, id, alias });
  }
  return parts;
}

/** What of a piece is in a part. */
export const rangeIn = (piece: Pick<Piece, 'from' | 'to'>, { from, to }: Pick<Part, 'from' | 'to'>) => ({
  from: from ? greater(from, piece.from) : piece.from,
  to: to ? lesser(to, piece.to) : piece.to,
});

const isIn = (piece: Piece, part: Pick<Part, 'from' | 'to'>): boolean => {
  const range = rangeIn(piece, part);
  return isBefore(range.from, range.to);
};

const insideCuts = (pieces: readonly Piece[]): Fraction[] =>
  pieces.flatMap(({ from }, at) => (at === 0 ? [] : [pieces[at - 1]!.to, from]));
