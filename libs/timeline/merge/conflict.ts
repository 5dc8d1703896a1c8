/** The way to a value: keys of objects, and in lists of things with ids the id instead of the position. */
export type Path = readonly (string | number)[];

export type ConflictKind = 'both_changed' | 'deleted_and_changed' | 'moved_twice' | 'deleted_but_used';

/**
 * One place where two versions want different things. `base`, `ours` and `theirs` are what stands there in each version,
 * absent where it does not exist; for `moved_twice` they say where it stands, for `deleted_but_used` `used_by` says who
 * needs it.
 */
export interface Conflict {
  kind: ConflictKind;
  path: Path;
  base?: unknown;
  ours?: unknown;
  theirs?: unknown;
  used_by?: Path[];
  /** The fields that it is about, where the values are these fields of the thing and not the whole of it. */
  fields?: string[];
  /** What belongs to it and is settled with it: the same shot in other tables, and pieces that it was cut into. */
  also?: Place[];
  message: string;
}

/** What stands in one more place in each version. */
export interface Place {
  path: Path;
  base?: unknown;
  ours?: unknown;
  theirs?: unknown;
}

/** A conflict with its sentence: what happened, to what, and what there is to decide. */
export function conflict(kind: ConflictKind, path: Path, found: Omit<Conflict, 'kind' | 'path' | 'message'>): Conflict {
  const present = Object.entries(found).filter(([, value]) => value !== undefined);
  return { kind, path, ...Object.fromEntries(present), message: SENTENCES[kind](pathInWords(path), found) };
}

export const pathInWords = (path: Path): string => path.join(' › ');

const SENTENCES: Record<ConflictKind, (what: string, found: Partial<Conflict>) => string> = {
  both_changed: (what) => `Both sides changed ${what}, to different values. Keep one of them.`,
  deleted_and_changed: (what, { ours }) =>
    ours === undefined
      ? `Ours deleted ${what}, which theirs changed. Keep the change or the deletion.`
      : `Theirs deleted ${what}, which ours changed. Keep the change or the deletion.`,
  moved_twice: (what) => `Both sides moved ${what}, to different places. Choose one place.`,
  deleted_but_used: (what, { ours, used_by = [] }) => {
    const users = used_by.map(pathInWords).join(', ');
    return ours === undefined
      ? `Ours deleted ${what}, which theirs began to use (${users}). Bring it back or drop the use.`
      : `Theirs deleted ${what}, which ours began to use (${users}). Bring it back or drop the use.`;
  },
};
