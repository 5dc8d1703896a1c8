import { isDocument } from '../document.js';
import { mergeIntoBase } from '../merge/merge-documents.js';
import { isUnknown } from '../merge/unknown.js';
import { each, type Versions } from '../merge/versions.js';
import { changeTree } from './change-tree.js';
import { changesBetween } from './changes-between.js';
import { readVersions } from './merge-trees.js';
import type { FreshNode, ReadNodes } from './node.js';

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

/** More merges than this are left to those who bound their work. */
const MOST_MERGES = 64;

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
  const memory = new Map<string, Promise<string | undefined>>();
  const readAll: ReadNodes = async (hashes) => {
    const kept = await read(hashes.filter((hash) => !nodes.has(hash)));
    return new Map(hashes.map((hash) => [hash, nodes.get(hash)?.text ?? kept.get(hash)!]));
  };
  let left = MOST_MERGES;
  const find = (ids: readonly string[]): Promise<string | undefined> => {
    const key = [...ids].sort().join(' ');
    const known = memory.get(key);
    if (known) return known;
    const found = make(ids);
    memory.set(key, found);
    return found;
  };
  const make = async (ids: readonly string[]): Promise<string | undefined> => {
    const [first, ...others] = ids;
    if (first === undefined) return undefined;
    let merged: string | undefined = await past.tree(first);
    const met = [first];
    for (const other of others) {
      const base: string | undefined = left-- > 0 ? await find(past.mergeBases(other, ...met)) : undefined;
      if (base === undefined || merged === undefined) return undefined;
      merged = await mergedInto(readAll, { base, ours: merged, theirs: await past.tree(other) }, nodes);
      met.push(other);
    }
    return merged;
  };
  const tree = await find(commits);
  return tree === undefined ? undefined : { tree, nodes };
}

/** What two bases come to, unless they disagree anywhere. */
async function mergedInto(
  read: ReadNodes,
  trees: Versions<string>,
  nodes: Map<string, FreshNode>,
): Promise<string | undefined> {
  const versions = await readVersions(read, trees);
  const { document, unknownPlaces } = mergeIntoBase(each(versions, (one) => ({ document: one })));
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
