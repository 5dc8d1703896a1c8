import { fieldOf, isDocument, type Document } from '../document.js';
import { keyOfStep, rowsOf, thingsIn, valueAt, whereabouts, withItemLike, withValueAt } from './at-path.js';
import { usesOf } from './check-references.js';
import type { Conflict, Path } from './conflict.js';
import { idOfKey } from './keyed-list.js';
import { retold } from './shots/follow-actions.js';
import { atNearestGap } from './shots/nearest-gap.js';
import { exactTime, isFrameTime } from './times.js';
import { otherSide, type Keeper, type Versions } from './versions.js';

/** How a conflict may be settled: by the state of one version, by a value of one's own, for what was deleted but used, or where there is room. */
export const TAKES = ['ours', 'theirs', 'base', 'value', 'restore', 'drop_use', 'nearest_gap'] as const;
export type Take = (typeof TAKES)[number];
export interface Resolution {
  take: Take;
  /** The value to stand there, for `take: 'value'`; absent for nothing at all. */
  value?: unknown;
}

/** The ways a conflict may be settled. */
export function allowedTakes(conflict: Conflict): Take[] {
  const { kind, base, also } = conflict;
  switch (kind) {
    case 'both_changed':
      if (also) return base === undefined ? ['ours', 'theirs'] : ['ours', 'theirs', 'base'];
      return base === undefined ? ['ours', 'theirs', 'value'] : ['ours', 'theirs', 'base', 'value'];
    case 'deleted_and_changed':
      return isOfOneShot(conflict) ? ['ours', 'theirs', 'nearest_gap'] : ['ours', 'theirs'];
    case 'moved_twice':
      return base === undefined ? ['ours', 'theirs'] : ['ours', 'theirs', 'base'];
    case 'deleted_but_used':
      return ['restore', 'drop_use'];
  }
}

/**
 * The three versions of a document as if both sides had done what the resolution says, so that merging them finds no
 * conflict there; everything else in them is as it was.
 */
export function settle(
  versions: Versions<Document>,
  conflict: Conflict,
  { take, value }: Resolution,
): Versions<Document> {
  switch (conflict.kind) {
    case 'both_changed': {
      if (conflict.also && take !== 'value') return asIn(versions, take as Keeper | 'base', conflict);
      const wanted = take === 'value' ? value : conflict[take as 'ours' | 'theirs' | 'base'];
      const { fields } = conflict;
      return both(versions, (document) => {
        const here = whereabouts(document, conflict.path);
        if (valueAt(document, here.slice(0, -1)) === undefined) return document;
        const settled = fields
          ? fields.reduce((now, name) => withValueAt(now, [...here, name], fieldOf(wanted, name)), document)
          : withValueAt(document, here, wanted);
        return here[2] === 'actions' ? retold(document, settled, String(here[3])) : settled;
      });
    }
    case 'deleted_and_changed': {
      if (take === 'nearest_gap') {
        const keeper = conflict.ours === undefined ? 'theirs' : 'ours';
        return atNearestGap(settle(versions, conflict, { take: keeper }), conflict.path, keeper);
      }
      if (conflict.also) return asIn(versions, take as Keeper, conflict);
      const [winner, loser] = [take as Keeper, otherSide(take as Keeper)];
      const settled =
        conflict[winner] === undefined
          ? withoutThing(versions[loser], conflict.path)
          : withThing(versions[loser], conflict.path, versions[winner]);
      return { ...versions, [loser]: settled };
    }
    case 'moved_twice': {
      const like = versions[take as Keeper | 'base'];
      return both(versions, (document) => (document === like ? document : moved(document, conflict.path, like)));
    }
    case 'deleted_but_used': {
      const keeper = [versions.ours, versions.theirs, versions.base].find(
        (document) => valueAt(document, whereabouts(document, conflict.path)) !== undefined,
      );
      if (take === 'drop_use') return both(versions, (document) => withoutUses(document, versions.base, conflict));
      return keeper === undefined ? versions : both(versions, (document) => kept(document, conflict.path, keeper));
    }
  }
}

/** Whether it is about a shot with a place in time, and about no piece of it. */
function isOfOneShot({ path, ours, theirs, also = [] }: Conflict): boolean {
  const isShot = (way: Path): boolean => way[0] === 'editorData' && way[2] === 'actions' && way.length === 4;
  const kept = ours ?? theirs;
  return (
    isShot(path) &&
    ['start', 'end'].every((name) => exactTime(fieldOf(kept, name))) &&
    !also.some((place) => isShot(place.path))
  );
}

/** Both sides as one version has it, in all places that a conflict is about. */
function asIn(
  versions: Versions<Document>,
  winner: Keeper | 'base',
  { path, fields, also = [] }: Conflict,
): Versions<Document> {
  const like = versions[winner];
  const own = fields ? fields.map((name): Path => [...path, name]) : [path];
  return both(versions, (document) => {
    const settled = [...own, ...also.map((place) => place.path)].reduce(
      (now, place) => likeIn(now, place, like),
      document,
    );
    return path[2] === 'actions' && document !== like ? retold(document, settled, String(path[3])) : settled;
  });
}

function likeIn(document: Document, path: Path, like: Document): Document {
  if (document === like) return document;
  const value = valueAt(like, whereabouts(like, path));
  if (value === undefined) return withoutThing(document, path);
  const isField = !isDocument(value) || isFrameTime(value);
  return isField ? withValueAt(document, whereabouts(document, path), value) : withThing(document, path, like);
}

const both = (
  { base, ours, theirs }: Versions<Document>,
  change: (document: Document) => Document,
): Versions<Document> => ({ base, ours: change(ours), theirs: change(theirs) });

const withoutThing = (document: Document, path: Path): Document =>
  withValueAt(document, whereabouts(document, path), undefined);

/**
 * The document with a thing as another has it, in the place it has there, together with what it is made of and with the
 * mentions that went when it was deleted.
 */
function withThing(document: Document, path: Path, like: Document): Document {
  const there = whereabouts(like, path);
  let result = placed(document, there, like);
  for (const part of partsOf(like, there))
    if (valueAt(result, part) === undefined && valueAt(like, part) !== undefined) result = placed(result, part, like);
  for (const { user } of usesOf(like, path)) result = withMention(result, user, String(path.at(-1)), like);
  return result;
}

/** Things of a list are put where the other document's list has them, things of a table under their key. */
function placed(document: Document, path: Path, like: Document): Document {
  const [home, step] = [path.slice(0, -1), path.at(-1)!];
  const list = valueAt(like, home);
  const rows = Array.isArray(list) ? rowsOf(list) : undefined;
  const cleared = withoutThing(document, path);
  const value = withoutStrays(cleared, path, valueAt(like, path));
  return rows
    ? withItemLike(cleared, home, { key: keyOfStep(step), value, like: rows })
    : withValueAt(cleared, path, value);
}

/** A row without those of its things that the document has in another row: a thing stands in one row only. */
function withoutStrays(document: Document, path: Path, row: unknown): unknown {
  if (!isDocument(row)) return row;
  const isElsewhere = (field: string, key: string): boolean => {
    const there = [...path, field, idOfKey(key)];
    return valueAt(document, whereabouts(document, there)) !== undefined;
  };
  return Object.fromEntries(
    Object.entries(row).map(([field, list]) => {
      const things = thingsIn(field, list);
      if (!things) return [field, list];
      return [field, [...things].filter(([key]) => !isElsewhere(field, key)).map(([, thing]) => thing)];
    }),
  );
}

/** The document with a thing of its own moved to where another document has it. */
function moved(document: Document, path: Path, like: Document): Document {
  const [here, there] = [whereabouts(document, path), whereabouts(like, path)];
  const value = valueAt(document, here);
  const rows = rowsOf(valueAt(like, there.slice(0, -1)));
  if (value === undefined || !rows) return document;
  const cleared = withValueAt(document, here, undefined);
  return withItemLike(cleared, there.slice(0, -1), { key: keyOfStep(there.at(-1)!), value, like: rows });
}

/** What a shot is made of goes and comes with it: effect, timeline item, clip and asset, each by the name before. */
function partsOf(document: Document, path: Path): Path[] {
  const thing = valueAt(document, path);
  if (path[0] === 'editorData' && path[2] === 'actions') {
    const item: Path = ['editorState', 'timelineItems', String(path[3])];
    return [...named(thing, 'effectId', ['effects']), item, ...partsOf(document, item)];
  }
  if (path[1] === 'timelineItems') return deeper(document, named(thing, 'clipId', ['editorState', 'clips']));
  return path[1] === 'clips' ? named(thing, 'assetId', ['editorState', 'assets']) : [];
}

const deeper = (document: Document, parts: Path[]): Path[] =>
  parts.flatMap((part) => [part, ...partsOf(document, part)]);

function named(thing: unknown, field: string, table: Path): Path[] {
  const id = isDocument(thing) ? thing[field] : undefined;
  return typeof id === 'string' ? [[...table, id]] : [];
}

/** A mention that another document has and this one lost; one that was since given to something else stays there. */
function withMention(document: Document, user: Path, id: string, like: Document): Document {
  if (valueAt(document, user.slice(0, -1)) === undefined) return document;
  const [here, there] = [valueAt(document, user), valueAt(like, user)];
  if (!Array.isArray(there)) return here == null || here === '' ? withValueAt(document, user, there) : document;
  const rows = rowsOf(there);
  if (!rows || (Array.isArray(here) && here.includes(id))) return document;
  return withItemLike(document, user, { key: keyOfStep(id), value: id, like: rows });
}

/** Fields without which a thing is nothing: to drop what they name is to drop the thing. */
const NEEDED: ReadonlySet<string> = new Set(['sceneId', 'clipId', 'assetId', 'effectId']);

function withoutUses(side: Document, base: Document, { path }: Conflict): Document {
  const id = String(path.at(-1));
  return usesOf(side, path).reduce<Document>(
    (document, { user }) => {
      const value = valueAt(document, user);
      if (Array.isArray(value))
        return withValueAt(
          document,
          user,
          (value as unknown[]).filter((each) => each !== id),
        );
      if (value === undefined) return document;
      const before = valueAt(base, whereabouts(base, user));
      if (before !== undefined && before !== id) return withValueAt(document, user, before);
      return withoutThing(document, NEEDED.has(String(user.at(-1))) ? user.slice(0, -1) : user);
    },
    withoutThing(side, path),
  );
}

const kept = (document: Document, path: Path, like: Document): Document =>
  valueAt(document, path) === undefined ? withThing(document, path, like) : document;
