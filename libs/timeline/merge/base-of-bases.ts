import type { Path } from './conflict.js';
import { isDocument, type Document } from '../document.js';
import { foldBases } from './fold-bases.js';
import { asEntities, idOfKey, type Rows } from './keyed-list.js';
import { mergeIntoBase, type Version } from './merge-documents.js';
import { sameValue } from './same-value.js';
import { isUnknown, unknownLike } from './unknown.js';

/** What is asked about the past: commits are told apart by their ids. */
export interface Past {
  document(commit: string): Promise<Document>;
  /** The best common ancestors of a commit and one of several others, in an order of their own. */
  mergeBases(one: string, ...others: string[]): string[];
}

/**
 * The one base over which two versions are merged whose histories meet in several commits: these merged one after the
 * other, each over what they in turn come from. Where they disagree it is unknown. With one commit it is its document,
 * with none the empty one. The answer depends on the commits alone; the work is bounded, however tangled the past is.
 */
export function baseOfBases(commits: readonly string[], past: Past): Promise<Version> {
  return foldBases<Version>(commits, {
    version: async (commit) => ({ document: await past.document(commit) }),
    empty: { document: {} },
    mergeBases: (...ids) => past.mergeBases(...ids),
    merge: async (ours, theirs, base) =>
      base ? mergeIntoBase({ base: await base(), ours, theirs }) : agreement(ours, theirs),
  });
}

/** What two versions have in common, without a look at where they come from; all else is unknown. */
export function agreement(ours: Version, theirs: Version): Version {
  const unknownPlaces = new Set([...(ours.unknownPlaces ?? []), ...(theirs.unknownPlaces ?? [])]);
  const both = (path: Path, a: unknown, b: unknown): unknown => {
    if (sameValue(a, b)) return a;
    if (isDocument(a) && isDocument(b) && !isUnknown(a) && !isUnknown(b)) {
      const rows = bothRows(new Map(Object.entries(a)), new Map(Object.entries(b)), (key) => [...path, key]);
      return Object.fromEntries(rows);
    }
    const [rows, others] = [asEntities(a), asEntities(b)];
    if (!rows || !others) return unknownLike(a ?? b);
    const way = (key: string): Path => [...path, idOfKey(key)];
    const things = bothRows(rows, others, way);
    for (const key of things.keys()) unknownPlaces.add(JSON.stringify(way(key)));
    return [...things.values()];
  };
  const bothRows = (a: Rows, b: Rows, way: (key: string) => Path) =>
    new Map(
      [...new Set([...a.keys(), ...b.keys()])].map((key): [string, unknown] => [
        key,
        a.has(key) && b.has(key) ? both(way(key), a.get(key), b.get(key)) : unknownLike(a.get(key) ?? b.get(key)),
      ]),
    );
  return { document: both([], ours.document, theirs.document) as Document, unknownPlaces };
}
