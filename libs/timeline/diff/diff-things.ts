import type { Change, Entity, Id } from './change.js';
import type { Path } from '../merge/conflict.js';
import { diffValues, keysOfBoth, ownField } from './diff-values.js';
import { isDocument, type Document } from '../document.js';
import { sameValue } from '../merge/same-value.js';

/** Things by their ids, in two documents. */
export interface Things {
  entity: Entity;
  path: Path;
  before: Document;
  after: Document;
}

/** What is known about things beyond themselves, so that nothing is told twice. */
export interface Context {
  /** The ids that come first, in the order to tell them in. */
  order?: string[];
  nameOf(thing: Document): string | undefined;
  nameField?: string;
  isTold?(id: string): boolean;
  isExplained?: IsExplained;
  /** What else there is to say about a thing. */
  more?(id: string): Partial<Change>;
  moves?: ReadonlyMap<string, Change>;
}

/** Whether a field only lost things that are gone. */
export type IsCleared = (field: string, before: unknown, after: unknown) => boolean;

export type IsExplained = (field: string, before: unknown, after: unknown, id: string) => boolean;

/** What came, what went, what was renamed, what moved, and which fields changed of things that stayed. */
export function diffThings({ entity, path, before, after }: Things, context: Context): Change[] {
  const { order = [], nameOf, nameField, isTold, isExplained, more, moves } = context;
  const ids = new Set([...order, ...keysOfBoth(before, after)]);
  return [...ids].flatMap((id): Change[] => {
    const [was, is] = [ownField(before, id), ownField(after, id)];
    if (was === undefined && is === undefined) return [];
    if (!isThing(was) || !isThing(is)) return diffValues([...path, id], was, is);
    const move = moves?.get(id);
    if (sameValue(was, is)) return move ? [move] : [];
    if (isTold?.(id)) return [];
    const about = { entity, id, path: [...path, id], name: nameOf((is ?? was)!) ?? id };
    if (!was) return [{ ...about, kind: 'added', after: is, ...more?.(id) } as Change];
    if (!is) return [{ ...about, kind: 'removed', before: was, ...more?.(id) } as Change];
    const changes = diffFields(about, was, is, {
      ...(nameField !== undefined && { nameField }),
      isExplained: (field, old, now) => isExplained?.(field, old, now, id) ?? false,
    });
    return move ? [move, ...changes] : changes;
  });
}

/** A change of name, and one change for all other fields that nothing explains. */
export function diffFields(
  about: { entity: Entity; id: Id; path: Path; name: string },
  before: Document,
  after: Document,
  { nameField, isExplained }: { nameField?: string; isExplained(field: string, old: unknown, now: unknown): boolean },
): Change[] {
  if (sameValue(before, after)) return [];
  const fields = keysOfBoth(before, after).filter((field) => {
    const [old, now] = [ownField(before, field), ownField(after, field)];
    return !sameValue(old, now) && !isExplained(field, old, now);
  });
  const [oldName, newName] = [before, after].map((thing) => nameField && ownField(thing, nameField));
  const isRenamed = fields.includes(nameField ?? '') && typeof oldName === 'string' && typeof newName === 'string';
  const others = isRenamed ? fields.filter((field) => field !== nameField) : fields;
  const changes: Change[] = [];
  if (isRenamed) changes.push({ kind: 'renamed', ...about, before: oldName, after: newName });
  if (others.length > 0) {
    changes.push({
      kind: 'changed',
      ...about,
      fields: others,
      before: only(before, others),
      after: only(after, others),
    });
  }
  return changes;
}

const isThing = (value: unknown): value is Document | undefined => value === undefined || isDocument(value);

const only = (thing: Document, fields: string[]): Document =>
  Object.fromEntries(
    fields.filter((field) => ownField(thing, field) !== undefined).map((field) => [field, thing[field]]),
  );
