import { parseNode, type Node } from './node.js';

const MOST_CHARACTERS = 16 * 2 ** 20;

/**
 * The nodes that were parsed last, for those who look at a few of many and change none: a node never changes under its
 * hash, and reading is most of what a small merge costs. There are two halves, of which the older is forgotten when the
 * newer is full; what is asked for again comes into the newer.
 */
class ParsedNodes {
  private newer = new Map<string, Parsed>();
  private older = new Map<string, Parsed>();
  private characters = 0;

  constructor(private readonly most = MOST_CHARACTERS / 2) {}

  parse(hash: string, text: string): Node {
    const known = this.newer.get(hash);
    if (known) return known.node;
    const parsed = this.older.get(hash) ?? { node: parseNode(text), length: text.length };
    this.older.delete(hash);
    if (this.characters + parsed.length > this.most) {
      this.older = this.newer;
      this.newer = new Map();
      this.characters = 0;
    }
    this.newer.set(hash, parsed);
    this.characters += parsed.length;
    return parsed.node;
  }
}

interface Parsed {
  node: Node;
  length: number;
}

const nodes = new ParsedNodes();

/** Parses a node, or gives it as it was parsed before; it must not be changed. */
export const remembered = (hash: string, text: string): Node => nodes.parse(hash, text);
