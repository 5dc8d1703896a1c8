import type { Published } from '../delta-bases.js';

/** What was under each key that a version has changed before it did; null where there was nothing. */
export type Undo = [key: string, text: string | null][];

/** How a version of a file came out of the one before, as it is made. */
export interface NewStep extends Published {
  /** Null when almost all of it is new. */
  undo: Undo | null;
  /** Deltas lead to it from each version since this one; null when there is none. */
  since?: number | null;
}

/** The same, as it is known: what it undoes may be read when it is asked for. */
export interface Step extends Omit<NewStep, 'undo'> {
  undo: Undo | null | (() => Promise<Undo | null>);
}

/** What a version has to be undone with. */
export const undoOfStep = async ({ undo }: Step): Promise<Undo | null> => (typeof undo === 'function' ? undo() : undo);
