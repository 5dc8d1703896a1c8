import type { EntityManager } from 'typeorm';
import { hashesIn, parseNode, type FreshNode } from '#libs/timeline/objects/node';
import { pairNodes } from '#libs/timeline/objects/pair-nodes';
import { keepNodes } from '../objects/object-store.js';
import type { Ground } from './check-bundle.js';
import type { ReadBundle } from './read-bundle.js';

const AT_ONCE = 500;

/** Keeps the objects of checked commits, each as its difference to the version before where there is one. */
export async function keepObjects(
  manager: EntityManager,
  { commits, objects }: ReadBundle,
  ground: Ground,
): Promise<void> {
  const nodes = new Map<string, FreshNode>([...objects].map(([hash, text]) => [hash, { text, like: null }]));
  const trees = new Map(commits.map(({ id, tree }) => [id, tree]));
  const kept = new Set<string>();
  const read = async (hashes: readonly string[]) =>
    new Map(hashes.map((hash) => [hash, (objects.get(hash) ?? ground.objects.get(hash))!]));
  for (const { tree, parents } of commits) {
    const before = parents[0] === undefined ? undefined : (trees.get(parents[0]) ?? ground.trees.get(parents[0]));
    const fresh = before === undefined ? everything(nodes, tree) : await pairNodes(read, before, { tree, nodes });
    await keep(manager, fresh, kept);
  }
  await keep(manager, nodes, kept);
}

async function keep(manager: EntityManager, fresh: ReadonlyMap<string, FreshNode>, kept: Set<string>): Promise<void> {
  const wanted = [...fresh].filter(([hash]) => !kept.has(hash));
  for (let at = 0; at < wanted.length; at += AT_ONCE) await keepNodes(manager, new Map(wanted.slice(at, at + AT_ONCE)));
  for (const [hash] of wanted) kept.add(hash);
}

/** All that a tree is made of, as nothing came before it. */
function everything(nodes: ReadonlyMap<string, FreshNode>, tree: string): Map<string, FreshNode> {
  const found = new Map<string, FreshNode>();
  const open = [tree];
  for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
    const node = nodes.get(hash);
    if (!node || found.has(hash)) continue;
    found.set(hash, node);
    open.push(...hashesIn(parseNode(node.text)));
  }
  return found;
}
