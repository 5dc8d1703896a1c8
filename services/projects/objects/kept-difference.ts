import type { EntityManager } from 'typeorm';
import type { Change } from '#libs/timeline/diff/diff-documents';
import { diffTrees } from '#libs/timeline/objects/diff-trees';
import type { FreshNode, ReadNodes } from '#libs/timeline/objects/node';
import { writeDocument } from '#libs/timeline/objects/write-document';
import { readNodes } from './object-store.js';

/** The tree of the empty document, which is what there is before the first commit. */
export const { tree: EMPTY_TREE, nodes: EMPTY_NODES } = writeDocument({});

/** Reads nodes that are kept, or that are new and in hand; those of the empty document always are. */
export function readingWith(manager: EntityManager, fresh: ReadonlyMap<string, FreshNode> = EMPTY_NODES): ReadNodes {
  const inHand = (hash: string) => fresh.get(hash) ?? EMPTY_NODES.get(hash);
  return async (hashes) => {
    const kept = await readNodes(
      manager,
      hashes.filter((hash) => !inHand(hash)),
    );
    return new Map(hashes.map((hash) => [hash, inHand(hash)?.text ?? kept.get(hash)!]));
  };
}

/** What differs between the documents of two trees; costs what differs, however long the documents are. */
export const diffKept = (
  manager: EntityManager,
  before: string | null,
  { tree, nodes }: { tree: string | null; nodes?: ReadonlyMap<string, FreshNode> },
): Promise<Change[]> => diffTrees(readingWith(manager, nodes), before ?? EMPTY_TREE, tree ?? EMPTY_TREE);
