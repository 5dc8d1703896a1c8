import type { EntityManager } from 'typeorm';
import type { Document } from '#libs/timeline/document';
import { changeTree } from '#libs/timeline/objects/change-tree';
import type { Change } from '#libs/timeline/objects/change-value';
import { changesFrom } from '#libs/timeline/objects/changes-from';
import type { ReadNodes } from '#libs/timeline/objects/node';
import type { WrittenTree } from '#libs/timeline/objects/write-document';
import { cacheOf, KeptNode } from './node-cache.js';

/** Longer documents would push all else out of memory. */
const LONGEST_REMEMBERED = 8 * 2 ** 20;
/** With more changes than this a document is another one. */
const MOST_CHANGES = 2000;
const FORGOTTEN = new Error('A node is not in memory.');

/** Remembers the nodes of a document that was taken apart, so that the next version of it need not be. */
export function rememberNodes({ connection }: EntityManager, { size, nodes }: WrittenTree): void {
  if (size > LONGEST_REMEMBERED) return;
  for (const [hash, { text }] of nodes) cacheOf(connection).put(hash, KeptNode.ofText(text));
}

/**
 * What makes a kept document another, as long as all of the kept one is in memory; else nothing: to read all of it would
 * cost more than to take the other apart.
 */
export async function knownChanges(
  manager: EntityManager,
  tree: string,
  document: Document,
): Promise<Change[] | undefined> {
  try {
    return await changesFrom(inMemory(manager), tree, document);
  } catch (error) {
    if (error === FORGOTTEN) return undefined;
    throw error;
  }
}

/** The tree of a document by what makes it of a kept one that is in memory, if it has not become another. */
export async function knownTree(
  manager: EntityManager,
  like: string,
  document: Document,
): Promise<WrittenTree | undefined> {
  const changes = await knownChanges(manager, like, document);
  return changes && changes.length <= MOST_CHANGES ? changeTree(inMemory(manager), like, changes) : undefined;
}

function inMemory({ connection }: EntityManager): ReadNodes {
  const cache = cacheOf(connection);
  return async (hashes) =>
    new Map(
      hashes.map((hash) => {
        const node = cache.get(hash);
        if (!node) throw FORGOTTEN;
        return [hash, node.text];
      }),
    );
}
