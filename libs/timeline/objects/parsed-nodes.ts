import { parseNode, type Node } from './node.js';

const MOST_CHARACTERS = 16 * 2 ** 20;

/**
 * The nodes that were parsed last, for those who look at a few of many and change none: a node never changes under its
 * hash, and reading is most of what a small merge costs.
 */
class ParsedNodes {
  private readonly nodes = new Map<string, { node: Node; length: number }>();
  private characters = 0;

  constructor(private readonly most = MOST_CHARACTERS) {}

  parse(hash: string, text: string): Node {
    const known = this.nodes.get(hash);
    if (known) this.nodes.delete(hash);
    else this.characters += text.length;
    const node = known?.node ?? parseNode(text);
    this.nodes.set(hash, { node, length: text.length });
    for (const [oldest, { length }] of this.nodes) {
      if (this.characters <= this.most) break;
      this.nodes.delete(oldest);
      this.characters -= length;
    }
    return node;
  }
}

const nodes = new ParsedNodes();

/** Parses a node, or gives it as it was parsed before; it must not be changed. */
export const remembered = (hash: string, text: string): Node => nodes.parse(hash, text);
