import { fieldOf, type Document } from '../../document.js';
import { valueAt, whereabouts, withValueAt } from '../at-path.js';
import { conflict, type Conflict, type Path, type Place } from '../conflict.js';
import { sameValue } from '../same-value.js';
import { each, type Versions } from '../versions.js';
import { clipPath, effectPath, FilmShots, itemPath } from './film-shot.js';

const SPAN = ['start', 'end'];

/**
 * One conflict for what one person decides once: an editor notes the cut of a shot in its action, its timeline item and
 * its clip, and deletes all of these together. The conflict of the action stands, the others go with it.
 */
export function oneConflictAShot(
  merged: Document,
  conflicts: Conflict[],
  versions: Versions<Document>,
): { merged: Document; conflicts: Conflict[] } {
  if (!conflicts.some(isOfAction)) return { merged, conflicts };
  const films = [new FilmShots(versions.base), new FilmShots(versions.ours), new FilmShots(versions.theirs)];
  const gone = new Set<Conflict>();
  let result = merged;
  const all = conflicts.map((found): Conflict => {
    if (!isOfAction(found) || found.also) return found;
    const id = String(found.path[3]);
    const places = found.kind === 'deleted_and_changed' ? partsOf(id, films) : timesOf(id, films);
    const keys = new Set(places.map((path) => JSON.stringify(path)));
    const others = conflicts.filter(({ kind, path }) => kind === found.kind && keys.has(JSON.stringify(path)));
    for (const other of others) gone.add(other);
    const torn = places.map((path) => placeIn(path, versions)).filter(({ ours, theirs }) => !sameValue(ours, theirs));
    if (found.kind === 'deleted_and_changed' || !torn.some(({ path }) => path[1] === 'clips'))
      return withPlaces(
        found,
        others.map(({ path }) => placeIn(path, versions)),
      );
    const action = found.path.slice(0, 4);
    const spans = each(versions, (document) => spanOf(valueAt(document, whereabouts(document, action))));
    for (const { path, ours } of [...placesOf(action, spans), ...torn]) result = withValueAt(result, path, ours);
    return withPlaces(conflict('both_changed', action, { ...spans, fields: SPAN }), torn);
  });
  return { merged: result, conflicts: all.filter((found) => !gone.has(found)) };
}

/** What stands at a path in each version, wherever the thing went. */
export function placeIn(path: Path, versions: Versions<Document>): Place {
  const found = each(versions, (document) => valueAt(document, whereabouts(document, path)));
  return { path, ...Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) };
}

/** The places in an order of their own: what a conflict is called must not depend on how the documents are kept. */
function withPlaces({ kind, path, message: _message, ...found }: Conflict, places: Place[]): Conflict {
  const also = places.toSorted((a, b) => (JSON.stringify(a.path) < JSON.stringify(b.path) ? -1 : 1));
  return conflict(kind, path, { ...found, ...(also.length > 0 && { also }) });
}

/** Of an action as a whole, or of its time. */
const isOfAction = ({ kind, path, fields }: Conflict): boolean =>
  path[0] === 'editorData' &&
  path[2] === 'actions' &&
  (kind === 'deleted_and_changed'
    ? path.length === 4
    : kind === 'both_changed' && (path.length === 4 ? fields !== undefined : isSpanField(path)));

const isSpanField = (path: Path): boolean => path.length === 5 && SPAN.includes(String(path[4]));

const spanOf = (action: unknown): Document =>
  Object.fromEntries(SPAN.map((name) => [name, fieldOf(action, name)]).filter(([, value]) => value !== undefined));

const placesOf = (action: Path, { ours }: Versions<Document>) =>
  SPAN.map((name) => ({ path: [...action, name], ours: ours[name] }));

function partsOf(id: string, films: readonly FilmShots[]): Path[] {
  const shots = films.flatMap((film) => film.shot(id) ?? []);
  const effects = shots.flatMap(({ effectId }) => (effectId === undefined ? [] : [effectPath(effectId)]));
  return [itemPath(id), ...effects, ...clipsOf(id, films)];
}

/** Where else the time of a shot is said. */
const timesOf = (id: string, films: readonly FilmShots[]): Path[] => [
  ...['startTime', 'duration'].map((field): Path => [...itemPath(id), field]),
  ...clipsOf(id, films).flatMap((clip) => ['startOffset', 'endOffset'].map((field): Path => [...clip, field])),
];

function clipsOf(id: string, films: readonly FilmShots[]): Path[] {
  const ids = films.flatMap((film) => film.shot(id)?.clipId ?? []);
  return [...new Set(ids)].map(clipPath);
}
