import { is, selectAll, selectOne, type Options } from 'css-select';
import { DomHandler, DomUtils, parseDocument, Parser } from 'htmlparser2';
import { AppError } from '#libs/errors/app-error';
import type { Budget } from './budget.js';

type Document = ReturnType<typeof parseDocument>;
export type Node = Document['children'][number];
export type Element = Extract<Node, { attribs: unknown }>;

const MOST_BYTES = 4_000_000;
/** Browsers nest no deeper than 512 tags; every further one costs as many steps as stand around it. */
const DEEPEST = 2000;

/** A page that can be asked with selectors, each step of which is counted. */
export class Page {
  private readonly document: Document;
  private readonly options: Options<Node, Element>;

  constructor(
    html: string,
    private readonly budget: Budget,
    format: 'html' | 'xml' = 'html',
  ) {
    if (html.length > MOST_BYTES) throw new AppError('invalid', `A page may have ${MOST_BYTES} characters.`);
    budget.spend(html.length / 16);
    const handler = new BoundedHandler();
    new Parser(handler, { decodeEntities: true, xmlMode: format === 'xml' }).end(html);
    this.document = handler.root;
    if (format === 'html') putRowsInBodies(this.document, budget);
    const xml = format === 'xml';
    this.options = { adapter: counted(budget), cacheResults: true, xmlMode: xml } as Options<Node, Element>;
  }

  all(selector: string, within: Node | undefined = undefined): Element[] {
    return this.ask(selector, () =>
      selectAll<Node, Element>(selector, this.start(selector, within), this.from(within)),
    );
  }

  first(selector: string, within: Node | undefined = undefined): Element | null {
    return this.ask(selector, () =>
      selectOne<Node, Element>(selector, this.start(selector, within), this.from(within)),
    );
  }

  /** The element itself, if it is one that the selector means, or the first within it. */
  atOrIn(selector: string, element: Element): Element | null {
    return this.matches(selector, element) ? element : this.first(selector, element);
  }

  matches(selector: string, element: Element): boolean {
    return this.ask(selector, () => is<Node, Element>(element, selector, this.options));
  }

  /** Puts what stands in `others` behind what stands in `row`, as if it were one. */
  merge(row: Element, others: readonly Element[]): void {
    for (const other of others)
      for (const child of [...other.children]) {
        this.budget.spend(1 + other.children.length / 64);
        DomUtils.removeElement(child);
        DomUtils.appendChild(row, child as Element);
      }
  }

  /** The elements before this one, nearest first: its own siblings, then those of what it stands in. */
  *before(element: Element): Generator<Element> {
    let here: Element | null = element;
    while (here) {
      this.budget.spend();
      const previous: Element | null = DomUtils.prevElementSibling(here);
      const parent: Node | null = previous ? null : (here.parent as Node | null);
      here = previous ?? (parent?.type === 'tag' ? DomUtils.prevElementSibling(parent as Element) : null);
      if (here) yield here;
    }
  }

  /** A selector is read anew each time it is asked. */
  private ask<T>(selector: string, work: () => T): T {
    this.budget.spend(selector.length);
    return ask(selector, work);
  }

  /** `:root` begins at the page wherever it is asked. */
  private start(selector: string, within: Node | undefined): Node {
    return (within === undefined || selector.startsWith(':root') ? this.document : within) as Node;
  }

  private from(within: Node | undefined): Options<Node, Element> {
    return within === undefined ? this.options : { ...this.options, context: [within] };
  }

  /** The text of a node without what `remove` finds in it, white space as one blank. */
  text(node: Node | undefined, remove?: string): string {
    const whole = (node ?? this.document) as Node;
    const gone = remove === undefined ? undefined : new Set<Node>(this.all(remove, whole));
    return textOf(whole, gone, this.budget).replace(/\s+/g, ' ').trim();
  }
}

/** Makes a document of what is read, if that is not nested without end. */
class BoundedHandler extends DomHandler {
  override onopentag(name: string, attributes: Record<string, string>): void {
    if (this.tagStack.length > DEEPEST)
      throw new AppError('invalid', `A page may have tags in ${DEEPEST} others at most.`);
    super.onopentag(name, attributes);
  }
}

/** Browsers put the rows of a table into a body where the page has none, and selectors are written for what they show. */
function putRowsInBodies(document: Document, budget: Budget): void {
  for (const table of DomUtils.getElementsByTagName('table', document, true)) {
    budget.spend(1 + table.children.length);
    const bare = table.children.filter((child) => child.type === 'tag' && (child as Element).name === 'tr');
    if (bare.length === 0) continue;
    const body = parseDocument('<tbody></tbody>').children[0] as Element;
    DomUtils.prepend(bare[0]!, body);
    for (const row of bare) {
      // Each is looked for among all that stand beside it.
      budget.spend(table.children.length / 64);
      DomUtils.removeElement(row);
      DomUtils.appendChild(body, row);
    }
  }
}

function textOf(root: Node, gone: Set<Node> | undefined, budget: Budget): string {
  const parts: string[] = [];
  const open: Node[] = [root];
  while (open.length > 0) {
    const node = open.pop()!;
    budget.spend(1 / 4);
    if (gone?.has(node) || (node !== root && (node.type === 'script' || node.type === 'style'))) continue;
    if (node.type === 'text') {
      const { data } = node as unknown as { data: string };
      budget.spend(data.length / 64);
      parts.push(data);
    } else if (node.type === 'tag' && (node as Element).name === 'br') parts.push(' ');
    if ('children' in node) for (let at = node.children.length - 1; at >= 0; at--) open.push(node.children[at]!);
  }
  return parts.join('');
}

/** A selector that cannot be read is the fault of the rules. */
function ask<T>(selector: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError(
      'invalid',
      `The selector ${JSON.stringify(selector)} cannot be used: ${(cause as Error).message}`,
      undefined,
      { cause },
    );
  }
}

/** The usual way through a document, with every step counted. */
function counted(budget: Budget): Options<Node, Element>['adapter'] {
  const isTag = (node: Node) => node.type === 'tag' || node.type === 'script' || node.type === 'style';
  const adapter: Record<string, unknown> = { ...DomUtils, isTag };
  for (const [name, method] of Object.entries(DomUtils))
    if (typeof method === 'function')
      adapter[name] = (...given: unknown[]) => {
        budget.spend();
        const result = (method as (...args: unknown[]) => unknown)(...given);
        if (Array.isArray(result)) budget.spend(result.length);
        return result;
      };
  return adapter as unknown as Options<Node, Element>['adapter'];
}
