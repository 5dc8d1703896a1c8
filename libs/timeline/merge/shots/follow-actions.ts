import { fieldOf, isDocument, type Document } from '../../document.js';
import { minus, plus, type Fraction } from '../../interchange/fraction.js';
import { valueAt, withValueAt } from '../at-path.js';
import type { Conflict, Path } from '../conflict.js';
import { sameValue } from '../same-value.js';
import { exactTime, isNear, timeLike } from '../times.js';
import { each, type Versions } from '../versions.js';
import { clipPath, FilmShots, itemPath, type FilmShot } from './film-shot.js';

/**
 * A timeline item says again when its action starts and how long it is, and some clips where they end. Where all three
 * versions say so, the merged ones follow the merged action, so that one cut is one change, and never a length that
 * nobody chose.
 */
export function followActions(
  merged: Document,
  conflicts: Conflict[],
  versions: Versions<Document>,
): { merged: Document; conflicts: Conflict[] } {
  const ids = shotsBothChanged(versions);
  if (ids.length === 0) return { merged, conflicts };
  const films = each(versions, (document) => new FilmShots(document));
  const film = new FilmShots(merged);
  let result = merged;
  const followed = new Set<string>();
  for (const id of ids) {
    const shot = film.shot(id);
    const before = each(films, (one) => one.shot(id));
    if (!shot || !before.base || !before.ours || !before.theirs) continue;
    const told = [before.base, before.ours, before.theirs].map(toldBy);
    for (const [at, { path, time, said, written }] of toldBy(shot).entries()) {
      if (!told.every((one) => one[at] && isTold(one[at]))) continue;
      followed.add(JSON.stringify(path));
      const isAgreed = sameValue(valueAt(versions.ours, path), valueAt(versions.theirs, path));
      if (!isAgreed || !isTold({ said, time }))
        result = withValueAt(result, path, timeAs({ said, time, written }, shot));
    }
  }
  return { merged: result, conflicts: conflicts.filter(({ path }) => !followed.has(JSON.stringify(path))) };
}

/** The document with what is told again of a shot as it is after the shot was changed, where it was told before. */
export function retold(before: Document, after: Document, id: string): Document {
  const [was, now] = [new FilmShots(before).shot(id), new FilmShots(after).shot(id)];
  if (!was || !now) return after;
  const told = toldBy(was);
  return toldBy(now).reduce((document, { path, time, said, written }, at) => {
    if (!told[at] || !isTold(told[at]) || isTold({ said, time })) return document;
    return withValueAt(document, path, timeAs({ said, time, written }, now));
  }, after);
}

interface Told {
  path: Path;
  said: unknown;
  time: Fraction;
  /** The time as it is written in the action. */
  written?: unknown;
}

/** What is said elsewhere of the time of a shot, and what is true. */
function toldBy({ id, action, item, clip, clipId, start, end, source }: FilmShot): Told[] {
  const length = minus(end, start);
  const told: Told[] = [];
  told.push({ path: [...itemPath(id), 'startTime'], said: item?.startTime, time: start, written: action.start });
  told.push({ path: [...itemPath(id), 'duration'], said: item?.duration, time: length });
  if (source && clipId !== undefined)
    told.push({ path: [...clipPath(clipId), 'endOffset'], said: clip?.endOffset, time: plus(source, length) });
  return told;
}

const timeAs = ({ said, time, written }: Omit<Told, 'path'>, { action }: FilmShot): unknown =>
  written !== undefined && typeof written === typeof (said ?? written) ? written : timeLike(said ?? action.start, time);

function isTold({ said, time }: Pick<Told, 'said' | 'time'>): boolean {
  const exact = exactTime(said);
  return exact !== undefined && isNear(exact, time);
}

/** The shots of which both sides changed the item or the clip; only items of the same id are theirs. */
function shotsBothChanged({ base, ours, theirs }: Versions<Document>): string[] {
  const tables = [base, ours, theirs].map((document) => itemsOf(document)) as [Document, Document, Document];
  const [before, mine, other] = tables;
  const clips = [base, ours, theirs].map((document) => tableOf(document, 'clips')) as [Document, Document, Document];
  const isBoth = ([was, one, two]: [Document, Document, Document], id: unknown): boolean => {
    if (typeof id !== 'string' || ![was, one, two].every((table) => Object.hasOwn(table, id))) return false;
    return !sameValue(was[id], one[id]) && !sameValue(was[id], two[id]);
  };
  if (before === mine || before === other) return [];
  return Object.keys(before).filter(
    (id) => isBoth(tables, id) || isBoth(clips, fieldOf(mine[id], 'clipId') ?? fieldOf(before[id], 'clipId')),
  );
}

const itemsOf = (document: Document): Document => tableOf(document, 'timelineItems');

function tableOf(document: Document, name: string): Document {
  const table = fieldOf(document.editorState, name);
  return isDocument(table) ? table : {};
}
