import type { Document } from '../document.js';
import { type FreshNode } from './node.js';
import { TreeBuilder } from './tree-builder.js';

/** A document taken apart: the hash of its tree's root, the length of its canonical text, and all nodes by their hashes. */
export interface WrittenTree {
  tree: string;
  size: number;
  nodes: Map<string, FreshNode>;
}

/**
 * Takes a document apart into nodes that other documents may share. The tree depends on the document alone: not on the
 * order of keys, and not on the way in which the document came to be.
 */
export function writeDocument(document: Document): WrittenTree {
  const builder = new TreeBuilder();
  const { tree, size } = builder.root(document);
  return { tree, size, nodes: builder.fresh };
}
