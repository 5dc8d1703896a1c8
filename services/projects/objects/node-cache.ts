/** A node as it is kept: its text, and its place in a chain of differences. */
export interface KeptNode {
  readonly text: string;
  readonly seq: number;
  readonly base: string | null;
}

const MOST_CHARACTERS = 48 * 2 ** 20;

/** The nodes used last. They never change, so they never grow stale; that one is here does not mean that it is kept. */
export class NodeCache {
  private readonly nodes = new Map<string, KeptNode>();
  private characters = 0;

  constructor(private readonly most = MOST_CHARACTERS) {}

  get(hash: string): KeptNode | undefined {
    const node = this.nodes.get(hash);
    if (node === undefined) return undefined;
    this.nodes.delete(hash);
    this.nodes.set(hash, node);
    return node;
  }

  put(hash: string, node: KeptNode): void {
    const known = this.nodes.get(hash);
    this.characters += node.text.length - (known?.text.length ?? 0);
    this.nodes.delete(hash);
    this.nodes.set(hash, node);
    for (const [oldest, { text }] of this.nodes) {
      if (this.characters <= this.most) return;
      this.nodes.delete(oldest);
      this.characters -= text.length;
    }
  }
}

const caches = new WeakMap<object, NodeCache>();

/** The cache of a database. */
export function cacheOf(database: object): NodeCache {
  const known = caches.get(database);
  if (known) return known;
  const cache = new NodeCache();
  caches.set(database, cache);
  return cache;
}
