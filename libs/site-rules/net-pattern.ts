import { AppError } from '#libs/errors/app-error';
import type { Budget } from './budget.js';
import type { Found, Pattern } from './pattern.js';
import { readNetPattern, WORD, type Node } from './read-net-pattern.js';

/** What of a step of the budget one try costs here. */
const COST = 1 / 8;
/** Each is up to seven calls deep, which a main thread of a browser must have room for. */
const DEEPEST = 1000;

/** A pattern that tries one way after another, each of which is counted: it ends, whatever it is and whatever it is shown. */
export function netPattern(source: string): Pattern {
  const { node, groups, names } = readNetPattern(source);
  return {
    groups,
    *all(text, budget) {
      const run = new Run(text, groups, budget);
      for (let from = 0; from <= text.length;) {
        const found = run.find(node, from, names);
        if (!found) return;
        yield found;
        from = found.end > found.start ? found.end : found.end + 1;
      }
    },
  };
}

type Next = (at: number) => boolean;

class Run {
  private readonly spans: Int32Array;
  private depth = 0;

  constructor(
    private readonly text: string,
    groups: number,
    private readonly budget: Budget,
  ) {
    this.spans = new Int32Array((groups + 1) * 2);
  }

  find(node: Node, from: number, names: ReadonlyMap<string, number>): Found | undefined {
    for (let start = from; start <= this.text.length; start++) {
      this.spans.fill(-1);
      this.depth = 0;
      let end = -1;
      if (!this.match(node, start, (at) => ((end = at), true))) continue;
      const spans = this.spans.slice();
      const { text } = this;
      const group = (at: number) =>
        at === 0
          ? text.slice(start, end)
          : spans[at * 2]! < 0
            ? undefined
            : text.slice(spans[at * 2], spans[at * 2 + 1]);
      return { start, end, group, named: (name) => (names.has(name) ? group(names.get(name)!) : undefined) };
    }
    return undefined;
  }

  private match(node: Node, at: number, next: Next): boolean {
    this.budget.spend(COST);
    if (++this.depth > DEEPEST) throw new AppError('invalid', 'A pattern of these rules goes too deep into a text.');
    const held = this.matched(node, at, next);
    this.depth--;
    return held;
  }

  private matched(node: Node, at: number, next: Next): boolean {
    switch (node.kind) {
      case 'unit':
        this.budget.spend(node.weight * COST);
        return at < this.text.length && node.test(this.text.charCodeAt(at)) && next(at + 1);
      case 'edge':
        return this.isEdge(node.of, at) && next(at);
      case 'row':
        return this.row(node.nodes, 0, at, next);
      case 'choice':
        return node.nodes.some((one) => this.match(one, at, next));
      case 'group':
        return this.group(node.number, node.node, at, next);
      case 'again':
        return node.node.kind === 'unit' ? this.units(node.node, node, at, next) : this.again(node, 0, at, -1, next);
      case 'look':
        return this.holds(node, at) === node.wanted && next(at);
      case 'whole': {
        let end = -1;
        return this.match(node.node, at, (to) => ((end = to), true)) && next(end);
      }
      case 'same':
        return this.same(node, at, next);
    }
  }

  private row(nodes: readonly Node[], from: number, at: number, next: Next): boolean {
    let here = at;
    for (let one = from; one < nodes.length; one++) {
      const node = nodes[one]!;
      if (node.kind === 'unit') {
        this.budget.spend(node.weight * COST);
        if (here >= this.text.length || !node.test(this.text.charCodeAt(here))) return false;
        here++;
      } else
        return this.match(node, here, one + 1 === nodes.length ? next : (to) => this.row(nodes, one + 1, to, next));
    }
    return next(here);
  }

  private group(number: number, node: Node, at: number, next: Next): boolean {
    const [start, end] = [this.spans[number * 2]!, this.spans[number * 2 + 1]!];
    const held = this.match(node, at, (to) => {
      const [oldStart, oldEnd] = [this.spans[number * 2]!, this.spans[number * 2 + 1]!];
      this.spans[number * 2] = at;
      this.spans[number * 2 + 1] = to;
      if (next(to)) return true;
      this.spans[number * 2] = oldStart;
      this.spans[number * 2 + 1] = oldEnd;
      return false;
    });
    if (!held) {
      this.spans[number * 2] = start;
      this.spans[number * 2 + 1] = end;
    }
    return held;
  }

  /** One character again and again, without going deeper for each. */
  private units(
    { test, weight }: Node & { kind: 'unit' },
    { least, most, lazy }: { least: number; most: number; lazy: boolean },
    at: number,
    next: Next,
  ): boolean {
    const last = Math.min(this.text.length, at + most);
    let end = at;
    const one = () => (
      this.budget.spend(weight * COST),
      end < last && test(this.text.charCodeAt(end)) && (end++, true)
    );
    while (end - at < least) if (!one()) return false;
    if (lazy) {
      do if (next(end)) return true;
      while (one());
      return false;
    }
    while (one());
    for (; end - at >= least; end--) {
      this.budget.spend(COST);
      if (next(end)) return true;
    }
    return false;
  }

  private again(node: Node & { kind: 'again' }, times: number, at: number, before: number, next: Next): boolean {
    // What matched nothing would match nothing for ever.
    const more = () =>
      times < node.most &&
      !(at === before && times >= node.least) &&
      this.match(node.node, at, (to) => this.again(node, times + 1, to, at, next));
    if (times < node.least) return more();
    return node.lazy ? next(at) || more() : more() || next(at);
  }

  private holds({ node, behind, wanted }: Node & { kind: 'look' }, at: number): boolean {
    const spans = this.spans.slice();
    const depth = this.depth;
    const found = behind ? this.endsAt(node, at) : this.match(node, at, () => true);
    this.depth = depth;
    if (!found || !wanted) this.spans.set(spans);
    return found;
  }

  private endsAt(node: Node, at: number): boolean {
    const { least, most } = widthOf(node);
    for (let from = at - least; from >= Math.max(0, at - most); from--)
      if (this.match(node, from, (to) => to === at)) return true;
    return false;
  }

  private same({ number, folded }: Node & { kind: 'same' }, at: number, next: Next): boolean {
    const start = this.spans[number * 2] ?? -1;
    if (start < 0) return false;
    const wanted = this.text.slice(start, this.spans[number * 2 + 1]);
    this.budget.spend(wanted.length * COST);
    const here = this.text.slice(at, at + wanted.length);
    const alike = folded ? here.toLowerCase() === wanted.toLowerCase() : here === wanted;
    return alike && next(at + wanted.length);
  }

  private isEdge(of: (Node & { kind: 'edge' })['of'], at: number): boolean {
    const { text } = this;
    switch (of) {
      case 'start':
        return at === 0;
      case 'end':
        return at === text.length;
      case 'line_start':
        return at === 0 || text[at - 1] === '\n';
      case 'line_end':
        return at === text.length || text[at] === '\n';
      case 'last_line_end':
        return at === text.length || (at === text.length - 1 && text[at] === '\n');
      default: {
        const inside = (place: number) => place >= 0 && place < text.length && WORD(text.charCodeAt(place));
        return (inside(at - 1) !== inside(at)) === (of === 'word');
      }
    }
  }
}

/** How many characters what a pattern finds can have. */
function widthOf(node: Node): Width {
  const known = widths.get(node);
  if (known) return known;
  const width = newWidthOf(node);
  widths.set(node, width);
  return width;
}

interface Width {
  least: number;
  most: number;
}
const widths = new WeakMap<Node, Width>();

function newWidthOf(node: Node): Width {
  switch (node.kind) {
    case 'unit':
      return { least: 1, most: 1 };
    case 'edge':
    case 'look':
      return { least: 0, most: 0 };
    case 'row':
      return node.nodes
        .map(widthOf)
        .reduce((sum, one) => ({ least: sum.least + one.least, most: sum.most + one.most }), { least: 0, most: 0 });
    case 'choice': {
      const all = node.nodes.map(widthOf);
      return { least: Math.min(...all.map(({ least }) => least)), most: Math.max(...all.map(({ most }) => most)) };
    }
    case 'again': {
      const { least, most } = widthOf(node.node);
      return { least: least * node.least, most: most === 0 ? 0 : most * node.most };
    }
    case 'same':
      return { least: 0, most: Number.POSITIVE_INFINITY };
    default:
      return widthOf(node.node);
  }
}
