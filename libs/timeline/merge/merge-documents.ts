import { checkReferences } from './check-references.js';
import type { Conflict } from './conflict.js';
import type { Document } from '../document.js';
import { ValueMerge, type MergeOptions } from './merge-values.js';
import { settle } from './settle-conflict.js';
import { alignCuts } from './shots/align-cuts.js';
import { alignRipples } from './shots/align-ripples.js';
import { followActions } from './shots/follow-actions.js';
import { oneConflictAShot } from './shots/one-conflict-a-shot.js';
import type { Still } from './shots/row-times.js';
import { underOneName } from './shots/under-one-name.js';
import { withShots } from './shots/with-shots.js';
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
export function mergeVersions(given: Versions<Version>): { merged: Document; conflicts: Conflict[] } {
  return mergeInPlace(withRipplesEverywhere(withCutsEverywhere(given)));
}

/** The same where all is in its place already: what was pushed along a track by one side is pushed in all versions. */
export function mergeInPlace(given: Versions<Version>): { merged: Document; conflicts: Conflict[] } {
  const { versions, clashes } = withCutsEverywhere(given);
  const { merged, conflicts } = mergeAligned(asDecided(versions, clashes, 'ours'), () =>
    asDecided(versions, clashes, 'theirs'),
  );
  return { merged, conflicts: [...clashes, ...conflicts] };
}

/**
 * The versions with what both sides did to one shot as things of their own in all three; what cannot be told apart is in
 * `clashes`. Doing it again changes nothing.
 */
export function withCutsEverywhere(versions: Versions<Version>): { versions: Versions<Version>; clashes: Conflict[] } {
  let documents = underOneName(each(versions, ({ document }) => document));
  let clashes: Conflict[] = [];
  for (let round = 0; round < CUTS_OF_CUTS; round++) {
    const aligned = alignCuts(documents);
    clashes = aligned?.clashes ?? [];
    if (!aligned || Object.values(aligned.made).every(({ length }) => length === 0)) break;
    const { made } = aligned;
    documents = {
      base: withShots(documents.base, made.base),
      ours: withShots(documents.ours, made.ours),
      theirs: withShots(documents.theirs, made.theirs),
    };
  }
  const result = {
    base: { ...versions.base, document: documents.base },
    ours: { ...versions.ours, document: documents.ours },
    theirs: { ...versions.theirs, document: documents.theirs },
  };
  return { versions: result, clashes };
}

/** How often a half may have been cut again, and its half again. */
const CUTS_OF_CUTS = 8;

/** The versions with what either side pushed along a track pushed in all three; what nobody touched may be in `still`. */
export function withRipplesEverywhere(
  { versions, clashes }: ReturnType<typeof withCutsEverywhere>,
  still?: Still,
): Versions<Version> {
  const documents = each(versions, ({ document }) => document);
  const torn = new Set(clashes.map(({ path }) => path[1]));
  const { base, ours, theirs } = alignRipples(documents, { still, torn });
  return {
    base: { ...versions.base, document: base },
    ours: { ...versions.ours, document: ours },
    theirs: { ...versions.theirs, document: theirs },
  };
}

/** The versions as if the clashes were settled for one side, as they are where nobody has decided yet. */
function asDecided(versions: Versions<Version>, clashes: Conflict[], take: 'ours' | 'theirs'): Versions<Version> {
  if (clashes.length === 0) return versions;
  const documents = clashes.reduce(
    (now, clash) => settle(now, clash, { take }),
    each(versions, ({ document }) => document),
  );
  return {
    base: versions.base,
    ours: { ...versions.ours, document: documents.ours },
    theirs: { ...versions.theirs, document: documents.theirs },
  };
}

function mergeAligned(
  versions: Versions<Version>,
  inFlipped: () => Versions<Version>,
): { merged: Document; conflicts: Conflict[] } {
  const documents = each(versions, ({ document }) => document);
  const first = mergeValues(versions);
  const other = (): Document => {
    const { base, ours, theirs } = inFlipped();
    return mergeValues({ base, ours: theirs, theirs: ours }).merged;
  };
  const flipped = first.conflicts.length === 0 ? [] : [other()];
  const broken = checkReferences([first.merged, ...flipped], documents);
  const { merged } = broken.length === 0 ? first : mergeValues(versions, { used: pathsOf(broken) });
  const followed = followActions(merged, first.conflicts, documents);
  const told = oneConflictAShot(followed.merged, followed.conflicts, documents);
  return { merged: told.merged, conflicts: [...told.conflicts, ...broken] };
}

/** Merges two bases into one: where they disagree it is unknown, not a conflict of anybody's. */
export function mergeIntoBase(given: Versions<Version>, still?: Still): Version {
  const { versions, clashes } = withCutsEverywhere(given);
  return mergeUncut(clashes.length > 0 ? given : withRipplesEverywhere({ versions, clashes }, still));
}

function mergeUncut(versions: Versions<Version>): Version {
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
