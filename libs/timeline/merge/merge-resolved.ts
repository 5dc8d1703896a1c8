import { contentHash } from '../canonical-json.js';
import type { Document } from '../document.js';
import { checkReferences } from './check-references.js';
import type { Conflict } from './conflict.js';
import { mergeInPlace, withCutsEverywhere, withRipplesEverywhere, type Version } from './merge-documents.js';
import { allowedTakes, settle, type Resolution } from './settle-conflict.js';
import type { Still } from './shots/row-times.js';
import { each, type Versions } from './versions.js';

/** A conflict by its name: the same for as long as its three inputs are. */
export interface NamedConflict extends Conflict {
  id: string;
}

export interface ResolvedMerge {
  merged: Document;
  /** What is still to be decided; there, `merged` has what ours has. */
  open: NamedConflict[];
  /** What the given resolutions decided. */
  settled: (NamedConflict & { resolution: Resolution })[];
}

/** The name of a conflict, which covers what stands there in each version and nothing else of the document. */
export const conflictId = ({ kind, path, base, ours, theirs, used_by, fields, also }: Conflict): string =>
  contentHash({ kind, path, base, ours, theirs, used_by, fields, also }).slice(0, 32);

/**
 * Merges like `mergeDocuments`, with what people decided about its conflicts, each by its id. A decision may bring up
 * conflicts that were hidden behind the one it is about; they are open, or settled, like the others. A base that was made
 * of several comes with its `unknownPlaces`; where only what differs was read, what else is on the tracks is in `still`.
 */
export function mergeResolved(
  versions: Versions<Document>,
  resolutions: ReadonlyMap<string, Resolution>,
  { unknownPlaces, still }: Pick<Version, 'unknownPlaces'> & { still?: Still } = {},
): ResolvedMerge {
  const decided = new Map<string, ResolvedMerge['settled'][number]>();
  const given = each(versions, (document): Version => ({ document }));
  const cut = withCutsEverywhere({ ...given, base: { ...given.base, ...(unknownPlaces && { unknownPlaces }) } });
  const whole = each(withRipplesEverywhere(cut, still), ({ document }) => document);
  let now = whole;
  for (let round = 0; ; round++) {
    const { merged, conflicts } = mergeInPlace({
      base: { document: now.base, ...(unknownPlaces && { unknownPlaces }) },
      ours: { document: now.ours },
      theirs: { document: now.theirs },
    });
    const known = new Set(conflicts.map(placeOf));
    const lacking = decided.size === 0 ? [] : checkReferences([merged], whole);
    const found = [...conflicts, ...lacking.filter((conflict) => !known.has(placeOf(conflict)))]
      .filter((conflict) => decided.get(placeOf(conflict))?.resolution.take !== 'ours')
      .map((conflict) => ({ ...conflict, id: conflictId(conflict) }));
    const answered = round < MOST_ROUNDS ? found.filter((conflict) => answerTo(conflict) !== undefined) : [];
    if (answered.length === 0) return { merged, open: found, settled: [...decided.values()] };
    for (const conflict of answered) {
      const resolution = answerTo(conflict)!;
      now = settle(now, conflict, resolution);
      if (!decided.has(placeOf(conflict))) decided.set(placeOf(conflict), { ...conflict, resolution });
    }
  }

  /** What was decided about this very conflict, or about the one that stood in its place before others were settled. */
  function answerTo(conflict: NamedConflict): Resolution | undefined {
    const resolution = resolutions.get(conflict.id) ?? decided.get(placeOf(conflict))?.resolution;
    return resolution && allowedTakes(conflict).includes(resolution.take) ? resolution : undefined;
  }
}

/** Decisions that contradict each other bring up the same conflicts for ever; then they are open. */
const MOST_ROUNDS = 12;

const placeOf = ({ kind, path }: Conflict): string => JSON.stringify([kind, path]);
