import { checkReferences } from './check-references.js';
import type { Conflict } from './conflict.js';
import type { Document } from '../document.js';
import { ValueMerge } from './merge-values.js';
import type { Versions } from './versions.js';

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
  const versions = { base, ours, theirs };
  const first = mergeValues(versions);
  const flipped = first.conflicts.length === 0 ? [] : [mergeValues({ base, ours: theirs, theirs: ours }).merged];
  const broken = checkReferences([first.merged, ...flipped], versions);
  const { merged } = broken.length === 0 ? first : mergeValues(versions, broken);
  return { merged, conflicts: [...first.conflicts, ...broken] };
}

/** Merges value by value; the things that `used` conflicts are about outlive their deletion by theirs. */
function mergeValues(versions: Versions<Document>, used: Conflict[] = []): { merged: Document; conflicts: Conflict[] } {
  const merge = new ValueMerge(used.map(({ path }) => path));
  return { merged: merge.document([], versions), conflicts: merge.conflicts };
}
