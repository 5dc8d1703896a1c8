import type { EntityManager } from 'typeorm';
import type { FreshNode } from '#libs/timeline/objects/node';
import { countFields } from '#libs/timeline/objects/read-documents';
import { longestDocument, refuseTooLong, type KeptTree } from './documents.js';
import { holdNodes } from './hold-nodes.js';
import { keepNodes, readNodes } from './object-store.js';

/**
 * Keeps the document that a merge gave, of which `like` is the tree that it was made on: costs what is new of it. `invalid` when it
 * got too long.
 */
export async function keepMerge(
  manager: EntityManager,
  { tree, size, nodes }: { tree: string; size: number; nodes: Map<string, FreshNode> },
  like: string | null,
): Promise<KeptTree> {
  refuseTooLong(size, longestDocument(manager));
  if (like !== null) await holdNodes(manager, [like]);
  await keepNodes(manager, nodes);
  return { tree, sections: await countFields((hashes) => readNodes(manager, hashes), tree) };
}
