import { lengthened, shortened } from './body.js';

/** A node as it is kept: its text, and the short form of it, each made of the other when it is wanted first. */
export class KeptNode {
  private constructor(
    private long: string | undefined,
    private short: Buffer | undefined,
  ) {}

  static ofText = (text: string): KeptNode => new KeptNode(text, undefined);
  static ofBytes = (bytes: Buffer): KeptNode => new KeptNode(undefined, bytes);

  get text(): string {
    return (this.long ??= lengthened(this.short!));
  }

  get bytes(): Buffer {
    return (this.short ??= shortened(this.long!));
  }

  /** About how much room it takes. */
  get size(): number {
    return this.long?.length ?? 2 * this.short!.length;
  }
}

const MOST_CHARACTERS = 48 * 2 ** 20;

/** The nodes used last. They never change, so they never grow stale; that one is here does not mean that it is kept. */
export class NodeCache {
  private readonly nodes = new Map<string, { node: KeptNode; size: number }>();
  private characters = 0;

  constructor(private readonly most = MOST_CHARACTERS) {}

  get(hash: string): KeptNode | undefined {
    const known = this.nodes.get(hash);
    if (known === undefined) return undefined;
    this.nodes.delete(hash);
    this.nodes.set(hash, known);
    return known.node;
  }

  put(hash: string, node: KeptNode): void {
    const { size } = node;
    this.characters += size - (this.nodes.get(hash)?.size ?? 0);
    this.nodes.delete(hash);
    this.nodes.set(hash, { node, size });
    for (const [oldest, known] of this.nodes) {
      if (this.characters <= this.most) return;
      this.nodes.delete(oldest);
      this.characters -= known.size;
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
