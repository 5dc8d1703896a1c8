interface Node {
  readonly id: string;
  readonly parents: readonly string[];
}

/**
 * Draws a history beside its list, newest first, as `git log --graph` does: for each commit a text whose first line has
 * its star, and whose further lines lead lanes apart and together before the next.
 */
export function graphOf(commits: readonly Node[]): string[] {
  /** The commit that each lane leads to. */
  const lanes: string[] = [];
  return commits.map(({ id, parents }) => {
    if (!lanes.includes(id)) lanes.push(id);
    const at = lanes.indexOf(id);
    const lines = [drawn(lanes.map((_, lane) => [2 * lane, lane === at ? '*' : '|']))];
    if (parents.length === 0) {
      if (at < lanes.length - 1) lines.push(closing(lanes.length, at, at));
      lanes.splice(at, 1);
    }
    for (const [nth, parent] of parents.entries()) {
      if (nth === 0) lanes[at] = parent;
      else {
        lines.push(opening(lanes.length, at));
        lanes.splice(at + 1, 0, parent);
      }
    }
    for (let lane = lanes.length - 1; lane > 0; lane--) {
      const first = lanes.indexOf(lanes[lane]!);
      if (first === lane) continue;
      lines.push(closing(lanes.length, lane, first));
      lanes.splice(lane, 1);
    }
    return lines.join('\n');
  });
}

/** A new lane comes out of lane `at`, and those behind it make room. */
const opening = (lanes: number, at: number): string =>
  drawn([...upTo(at + 1), [2 * at + 1, '\\'], ...range(at + 1, lanes).map((lane): Mark => [2 * lane + 1, '\\'])]);

/** Lane `at` goes into lane `into`, or ends; those behind it move up. */
const closing = (lanes: number, at: number, into: number): string =>
  drawn([
    ...upTo(at),
    ...range(into, at - 1).map((lane): Mark => [2 * lane + 1, '_']),
    ...range(at, lanes)
      .filter((lane) => lane > at || into < at)
      .map((lane): Mark => [2 * lane - 1, '/']),
  ]);

type Mark = [column: number, mark: string];

const upTo = (count: number): Mark[] => range(0, count).map((lane): Mark => [2 * lane, '|']);

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);

function drawn(marks: readonly Mark[]): string {
  const columns: string[] = [];
  for (const [column, mark] of marks) columns[column] = mark;
  return Array.from(columns, (mark) => mark ?? ' ').join('');
}
