import type { Document } from '../document.js';
import { withValueAt } from '../merge/at-path.js';
import type { Conflict } from '../merge/conflict.js';
import { mergeDocuments } from '../merge/merge-documents.js';
import { contextOf } from '../merge/shots/context.js';
import { each, type Versions } from '../merge/versions.js';
import { changeTree } from './change-tree.js';
import { changesBetween } from './changes-between.js';
import type { FreshNode, ReadNodes } from './node.js';
import { readDifference } from './read-difference.js';
import { readPaths } from './read-paths.js';

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
  const versions = await readVersions(read, { base, ours, theirs });
  const { merged, conflicts } = mergeDocuments(versions.base, versions.ours, versions.theirs);
  const changes = changesBetween(versions.ours, merged);
  if (changes.length === 0) return { tree: ours, nodes: new Map(), conflicts };
  const { tree, nodes } = await changeTree(read, ours, changes);
  return { tree, nodes, conflicts };
}

/** What differs between three kept versions, and what nobody touched of the shots that it is about. */
async function readVersions(read: ReadNodes, trees: Versions<string>): Promise<Versions<Document>> {
  const [base, ours, theirs] = await readDifference(read, [trees.base, trees.ours, trees.theirs]);
  let versions: Versions<Document> = { base: base!, ours: ours!, theirs: theirs! };
  for (let round = 0; round < ROUNDS_OF_CONTEXT; round++) {
    const paths = contextOf(versions);
    if (paths.length === 0) break;
    const values = await readPaths(read, trees.base, paths);
    versions = each(versions, (document) =>
      paths.reduce((now, path, at) => withValueAt(now, path, values[at]), document),
    );
  }
  return versions;
}

/** Shots, their items, and the clips of these. */
const ROUNDS_OF_CONTEXT = 2;
