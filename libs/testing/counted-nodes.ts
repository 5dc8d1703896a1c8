import type { Document } from '#libs/timeline/document';
import type { ReadNodes } from '#libs/timeline/objects/node';
import { writeDocument } from '#libs/timeline/objects/write-document';

/** Documents that are kept together: their trees, and a reader of their nodes that counts those it was asked for. */
export interface CountedNodes {
  readonly trees: readonly string[];
  readonly read: ReadNodes;
  /** How many different nodes were read, and how many there are. */
  counts(): { reads: number; all: number };
}

/** Keeps documents in memory. */
export function countedNodes(...documents: readonly Document[]): CountedNodes {
  const written = documents.map(writeDocument);
  const nodes = new Map(written.flatMap((one) => [...one.nodes]));
  const asked = new Set<string>();
  return {
    trees: written.map(({ tree }) => tree),
    read: (hashes) => {
      for (const hash of hashes) asked.add(hash);
      return Promise.resolve(new Map(hashes.map((hash) => [hash, nodes.get(hash)!.text])));
    },
    counts: () => ({ reads: asked.size, all: nodes.size }),
  };
}
