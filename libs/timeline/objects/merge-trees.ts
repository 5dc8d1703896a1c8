import type { Conflict } from '../merge/conflict.js';
import { mergeDocuments } from '../merge/merge-documents.js';
import type { Versions } from '../merge/versions.js';
import { changeTree } from './change-tree.js';
import { changesBetween } from './changes-between.js';
import type { FreshNode, ReadNodes } from './node.js';
import { readDifference } from './read-difference.js';

/**
 * Merges kept documents, reading only what differs between them: what nobody touched is in the result as it is, unread.
 * With conflicts, the result has what ours has where they are.
 */
export async function mergeTrees(
  read: ReadNodes,
  { base, ours, theirs }: Versions<string>,
): Promise<{ tree: string; nodes: Map<string, FreshNode>; conflicts: Conflict[] }> {
  if (base === theirs || ours === theirs) return { tree: ours, nodes: new Map(), conflicts: [] };
  if (base === ours) return { tree: theirs, nodes: new Map(), conflicts: [] };
  const [was, one, other] = await readDifference(read, [base, ours, theirs]);
  const { merged, conflicts } = mergeDocuments(was!, one!, other!);
  const changes = changesBetween(one!, merged);
  if (changes.length === 0) return { tree: ours, nodes: new Map(), conflicts };
  const { tree, nodes } = await changeTree(read, ours, changes);
  return { tree, nodes, conflicts };
}
