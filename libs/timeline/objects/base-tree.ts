import { isDocument } from '../document.js';
import { foldBases } from '../merge/fold-bases.js';
import { mergeIntoBase } from '../merge/merge-documents.js';
import { isUnknown } from '../merge/unknown.js';
import { each, type Versions } from '../merge/versions.js';
import { changeTree } from './change-tree.js';
import { changesBetween } from './changes-between.js';
import { readVersions } from './merge-trees.js';
import type { FreshNode, ReadNodes } from './node.js';
import { readStill } from './read-still.js';

/** What is asked about the past: the trees of commits, and their best common ancestors. */
export interface PastTrees {
  tree(commit: string): Promise<string>;
  mergeBases(one: string, ...others: string[]): string[];
}

export interface BaseTree {
  tree: string;
  /** The nodes that are not kept. */
  nodes: ReadonlyMap<string, FreshNode>;
}

/**
 * The tree of what `baseOfBases` makes of several commits, reading no more than differs between them; nothing where it
 * would be unknown in places, or would take very many merges.
 */
export async function baseTreeOf(
  read: ReadNodes,
  commits: readonly string[],
  past: PastTrees,
): Promise<BaseTree | undefined> {
  const nodes = new Map<string, FreshNode>();
  const readAll: ReadNodes = async (hashes) => {
    const kept = await read(hashes.filter((hash) => !nodes.has(hash)));
    return new Map(hashes.map((hash) => [hash, nodes.get(hash)?.text ?? kept.get(hash)!]));
  };
  const tree = await foldBases<string | undefined>(commits, {
    version: (commit) => past.tree(commit),
    empty: undefined,
    mergeBases: (...ids) => past.mergeBases(...ids),
    merge: async (ours, theirs, findBase) => {
      const base = ours === undefined ? undefined : await findBase?.();
      if (base === undefined || ours === undefined || theirs === undefined) return undefined;
      return mergedInto(readAll, { base, ours, theirs }, nodes);
    },
  });
  return tree === undefined ? undefined : { tree, nodes };
}

/** What two bases come to, unless they disagree anywhere. */
async function mergedInto(
  read: ReadNodes,
  trees: Versions<string>,
  nodes: Map<string, FreshNode>,
): Promise<string | undefined> {
  const versions = await readVersions(read, trees);
  const { document, unknownPlaces } = mergeIntoBase(
    each(versions, (one) => ({ document: one })),
    await readStill(read, trees.base, versions),
  );
  if ((unknownPlaces?.size ?? 0) > 0 || holdsUnknown(document)) return undefined;
  const changes = changesBetween(versions.ours, document);
  if (changes.length === 0) return trees.ours;
  const made = await changeTree(read, trees.ours, changes);
  for (const [hash, node] of made.nodes) nodes.set(hash, node);
  return made.tree;
}

function holdsUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return isDocument(value) && Object.values(value).some(holdsUnknown);
}
