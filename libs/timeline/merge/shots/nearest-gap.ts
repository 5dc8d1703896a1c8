import type { Document } from '../../document.js';
import { isLess, lesser, minus, plus, ZERO, type Fraction } from '../../interchange/fraction.js';
import { valueAt, whereabouts, withValueAt } from '../at-path.js';
import type { Path } from '../conflict.js';
import { laterBy } from '../times.js';
import { each, otherSide, type Keeper, type Versions } from '../versions.js';
import { FilmShots, type FilmShot } from './film-shot.js';
import { retold } from './follow-actions.js';

/**
 * Both sides with a shot that one of them had deleted moved to where it fits on its track: the place nearest to its own
 * that nothing takes, neither what the deleter put there nor what the keeper added.
 */
export function atNearestGap(versions: Versions<Document>, path: Path, keeper: Keeper): Versions<Document> {
  const films = each(versions, (document) => new FilmShots(document));
  const id = String(path[3]);
  const shot = films[keeper].shot(id);
  if (!shot) return versions;
  const shift = minus(nearestStart(shot, othersOn(shot, films, keeper)), shot.start);
  const moved = (document: Document): Document => {
    const here = whereabouts(document, path);
    const [start, end] = ['start', 'end'].map((name) => laterBy(valueAt(document, [...here, name]), shift));
    if (start === undefined || end === undefined) return document;
    const result = withValueAt(withValueAt(document, [...here, 'start'], start), [...here, 'end'], end);
    return retold(document, result, id);
  };
  return { base: versions.base, ours: moved(versions.ours), theirs: moved(versions.theirs) };
}

/** What will stand on the track: as the side has it that changed it, the keeper where both did. */
function othersOn({ id, row }: FilmShot, films: Versions<FilmShots>, keeper: Keeper): FilmShot[] {
  const deleter = films[otherSide(keeper)];
  const ids = new Set([...films[keeper].actions.keys(), ...deleter.actions.keys()]);
  return [...ids].flatMap((other) => {
    const [was, kept, now] = [films.base.shot(other), films[keeper].shot(other), deleter.shot(other)];
    if (other === id || (was && (!kept || !now))) return [];
    const isKeepers = !now || (kept && was && !(isAt(kept, was) && kept.row === was.row));
    const there = isKeepers ? kept : now;
    return there && there.row === row ? [there] : [];
  });
}

const isAt = (a: FilmShot, b: FilmShot): boolean => minus(a.start, b.start).n === 0n && minus(a.end, b.end).n === 0n;

/** The start nearest to a shot's own at which it overlaps nothing; of two that are as near, the earlier. */
function nearestStart({ start, end }: FilmShot, others: readonly FilmShot[]): Fraction {
  const length = minus(end, start);
  const isFree = (from: Fraction): boolean =>
    !isLess(from, ZERO) &&
    others.every((other) => !isLess(from, other.end) || !isLess(other.start, plus(from, length)));
  const places = [start, ...others.flatMap((other) => [other.end, minus(other.start, length)])].filter(isFree);
  const distance = (from: Fraction): Fraction => (isLess(from, start) ? minus(start, from) : minus(from, start));
  return places.reduce((best, from) => {
    const [near, far] = [distance(from), distance(best)];
    return isLess(near, far) || (!isLess(far, near) && lesser(from, best) === from) ? from : best;
  });
}
