import { checkReferences } from './check-references.js';
import type { Conflict } from './conflict.js';
import type { Document } from '../document.js';
import { ValueMerge, type MergeOptions } from './merge-values.js';
import { each, type Versions } from './versions.js';

export type { Conflict } from './conflict.js';

/**
 * Merges two versions of a document that came from one base. What only one side changed is taken, what both changed alike
 * is one change, and what cannot be decided is a conflict, never a guess; there, `merged` has what ours has. No id is
 * lost or doubled, and which side is ours makes no other difference.
 */
export function mergeDocuments(
  base: Document,
  ours: Document,
  theirs: Document,
): { merged: Document; conflicts: Conflict[] } {
  return mergeVersions({ base: { document: base }, ours: { document: ours }, theirs: { document: theirs } });
}

/** A document to merge; as a merged base it has things in it of which nobody knows what they are, or where they stood. */
export interface Version {
  document: Document;
  unknownPlaces?: ReadonlySet<string>;
}

/** The same for versions of which the base may be unknown in places: there both sides must agree, else it is a conflict. */
export function mergeVersions(versions: Versions<Version>): { merged: Document; conflicts: Conflict[] } {
  const documents = each(versions, ({ document }) => document);
  const { base, ours, theirs } = versions;
  const first = mergeValues(versions);
  const flipped = first.conflicts.length === 0 ? [] : [mergeValues({ base, ours: theirs, theirs: ours }).merged];
  const broken = checkReferences([first.merged, ...flipped], documents);
  const { merged } = broken.length === 0 ? first : mergeValues(versions, { used: pathsOf(broken) });
  return { merged, conflicts: [...first.conflicts, ...broken] };
}

/** Merges two bases into one: where they disagree it is unknown, not a conflict of anybody's. */
export function mergeIntoBase(versions: Versions<Version>): Version {
  const first = mergeValues(versions, { forBase: true });
  const broken = checkReferences(
    [first.merged],
    each(versions, ({ document }) => document),
  );
  const { merged, unknownPlaces } =
    broken.length === 0 ? first : mergeValues(versions, { forBase: true, used: pathsOf(broken) });
  return { document: merged, unknownPlaces };
}

const pathsOf = (conflicts: Conflict[]) => conflicts.map(({ path }) => path);

/** Merges value by value; the things that `used` conflicts are about outlive their deletion by theirs. */
function mergeValues(versions: Versions<Version>, options: MergeOptions = {}) {
  const placesUnknown = each(versions, ({ unknownPlaces = NO_PLACES }) => unknownPlaces);
  const merge = new ValueMerge({ ...options, placesUnknown });
  const merged = merge.document(
    [],
    each(versions, ({ document }) => document),
  );
  return { merged, conflicts: merge.conflicts, unknownPlaces: merge.unknownPlaces };
}

const NO_PLACES: ReadonlySet<string> = new Set();
