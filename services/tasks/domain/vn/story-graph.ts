import { allOf } from './all-of.js';
import { ProblemList } from './problem-list.js';
import type { Choice, Destination, Problem, Script, Statement } from './script.js';

/** A place of a story: a label, or what comes before the first one (`''`). */
export interface StoryNode {
  readonly name: string;
  readonly line: number;
  readonly reachable: boolean;
}

/** A way from place to place: chosen, jumped, called, or by merely going on. */
export interface StoryEdge {
  readonly kind: 'choice' | 'jump' | 'call' | 'next';
  readonly from: string;
  readonly to: string;
  readonly line: number;
  /** What the player chose to come here. */
  readonly text?: string;
  readonly condition?: string;
}

export interface StoryGraph {
  readonly nodes: StoryNode[];
  readonly edges: StoryEdge[];
  readonly problems: Problem[];
}

/** How the labels of a script lead to one another; targets that are not there and labels nothing leads to are told. */
export function storyGraph(script: Script): StoryGraph {
  const lines = labelLines(script.statements);
  const roots = rootsOf(script, lines);
  if (roots.includes(BEGINNING)) lines.set(BEGINNING, 1);
  const walker = new Walker(lines);
  walker.walk(script.statements, roots.includes(BEGINNING) ? [{ from: BEGINNING }] : []);
  const reached = reachable(roots, walker.edges);
  const nodes = [...lines].map(([name, line]) => ({ name, line, reachable: reached.has(name) }));
  for (const { name, line, reachable: found } of nodes)
    if (!found) walker.problems.add(line, `Nothing leads to the label ${name}.`);
  return {
    nodes: nodes.toSorted((one, other) => one.line - other.line),
    edges: walker.edges,
    problems: walker.problems.list(),
  };
}

const BEGINNING = '';

/** Where a story begins: at the labels the engine goes to by itself, else at the top of the file or its first label. */
function rootsOf({ engine, statements }: Script, lines: ReadonlyMap<string, number>): string[] {
  const called = engine === 'RENPY' ? CALLED_BY_THE_ENGINE.filter((name) => lines.has(name)) : [];
  if (called.includes('start')) return called;
  const opening = statements.find(({ kind }) => kind !== 'skipped' && kind !== 'stage');
  if (opening === undefined) return called;
  return [opening.kind === 'label' ? opening.name : BEGINNING, ...called];
}

const MOST_WAYS = 300_000;

/** Labels that the engine of Ren'Py goes to by itself. */
const CALLED_BY_THE_ENGINE = ['start', 'splashscreen', 'before_main_menu', 'main_menu', 'after_load', 'quit'];

/** Where the flow stands: at a place, perhaps after a choice, perhaps under a condition. */
interface End {
  readonly from: string;
  readonly text?: string;
  readonly condition?: string;
}

class Walker {
  readonly edges: StoryEdge[] = [];
  readonly problems = new ProblemList();
  private readonly seen = new Set<string>();
  private steps = 0;

  constructor(readonly lines: Map<string, number>) {}

  /** Follows these statements from where the flow stands; gives where it stands afterwards. */
  walk(statements: readonly Statement[], begin: readonly End[]): End[] {
    let ends = [...begin];
    for (const one of statements) {
      switch (one.kind) {
        case 'label':
          if (this.seen.has(one.name)) this.problems.add(one.line, `The label ${one.name} is there more than once.`);
          this.seen.add(one.name);
          for (const end of ends) this.edge(end, one.name, one.line, 'next');
          ends = [{ from: one.name }];
          break;
        case 'jump':
          this.lead(ends, one, one.line, 'jump', one.condition);
          if (one.condition === undefined) ends = [];
          break;
        case 'call':
          this.lead(ends, one, one.line, 'call', one.condition);
          break;
        case 'return':
          if (one.condition === undefined) ends = [];
          break;
        case 'menu':
          ends = this.menu(one.choices, ends);
          break;
        case 'if': {
          const after = one.branches.map(({ body, condition: own }) =>
            this.walk(body, this.under(ends, own ?? 'else')),
          );
          const complete = one.branches.at(-1)?.condition === undefined;
          ends = this.merged([...after, complete ? [] : ends], ends);
          break;
        }
        case 'loop':
          ends = this.merged([this.walk(one.body, this.under(ends, one.condition)), ends], ends);
          break;
        case 'say':
        case 'narration':
        case 'text':
        case 'stage':
        case 'skipped':
          break;
      }
    }
    return ends;
  }

  private menu(choices: readonly Choice[], ends: readonly End[]): End[] {
    if (choices.length === 0) return [...ends];
    const stands = new Map<string, End>();
    for (const { from, condition } of ends)
      stands.set(from, { from, ...(!stands.has(from) && conditional(condition)) });
    const after = choices.map(({ text, condition, line, goto, body }) => {
      const chosen = this.counted([...stands.values()]).map((end) => ({
        from: end.from,
        text,
        ...conditional(allOf([end.condition, condition])),
      }));
      if (goto) this.lead(chosen, goto, line, 'choice');
      return goto ? [] : this.walk(body, chosen);
    });
    return choices.every(({ goto }) => goto) ? [...ends] : this.merged(after, ends);
  }

  private under(ends: readonly End[], condition: string): End[] {
    return this.counted(ends).map((end) => ({ ...end, condition: allOf([end.condition, condition])! }));
  }

  /** All these ends; those that stand where the flow stood before, without a choice between, are one. */
  private merged(groups: readonly (readonly End[])[], before: readonly End[]): End[] {
    const known = new Map(before.map((end) => [`${end.from}\0${end.text ?? ''}`, end]));
    const found = new Map<string, End>();
    for (const end of groups.flat()) {
      const key = `${end.from}\0${end.text ?? ''}`;
      found.set(key, known.get(key) ?? (found.has(key) ? withoutCondition(end) : end));
    }
    return [...this.counted([...found.values()])];
  }

  private lead(ends: readonly End[], to: Destination, line: number, kind: StoryEdge['kind'], condition?: string): void {
    if (to.computed || to.storage !== undefined || to.label === undefined) return;
    if (!this.lines.has(to.label)) this.problems.add(line, `There is no label ${to.label} in this script.`);
    else
      for (const end of ends)
        this.edge({ ...end, ...conditional(allOf([end.condition, condition])) }, to.label, line, kind);
  }

  private edge({ from, text, condition }: End, to: string, line: number, kind: StoryEdge['kind']): void {
    if (this.counted([from], line).length === 0) return;
    const chosen = text !== undefined && kind !== 'call';
    this.edges.push({
      kind: chosen ? 'choice' : kind,
      from,
      to,
      line,
      ...(chosen && { text }),
      ...conditional(condition),
    });
  }

  /** As many as are left of what one graph may cost; a story with more ways than that is drawn in part. */
  private counted<T>(ways: readonly T[], line = 1): readonly T[] {
    const left = ways.slice(0, Math.max(0, MOST_WAYS - this.steps));
    this.steps += ways.length;
    if (left.length < ways.length) this.problems.addOnce(line, 'The story has so many ways that only a part is drawn.');
    return left;
  }
}

const conditional = (condition: string | undefined) => condition !== undefined && { condition };

function withoutCondition({ from, text }: End): End {
  return { from, ...(text !== undefined && { text }) };
}

/** Every label with the line where it first stands. */
function labelLines(statements: readonly Statement[], lines = new Map<string, number>()): Map<string, number> {
  for (const one of statements) {
    if (one.kind === 'label' && !lines.has(one.name)) lines.set(one.name, one.line);
    const bodies =
      one.kind === 'menu' ? one.choices : one.kind === 'if' ? one.branches : one.kind === 'loop' ? [one] : [];
    for (const { body } of bodies) labelLines(body, lines);
  }
  return lines;
}

function reachable(roots: readonly string[], edges: readonly StoryEdge[]): Set<string> {
  const next = Map.groupBy(edges, ({ from }) => from);
  const reached = new Set(roots);
  const open = [...roots];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const { to } of next.get(name) ?? []) {
      if (reached.has(to)) continue;
      reached.add(to);
      open.push(to);
    }
  }
  return reached;
}
