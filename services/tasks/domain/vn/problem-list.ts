import type { Problem } from './script.js';

const MOST = 500;

/** Gathers problems in the order of their lines; of very many it keeps the first 500 and says how many there were. */
export class ProblemList {
  private readonly kept: Problem[] = [];
  private readonly said = new Set<string>();
  private more = 0;

  add(line: number, message: string): void {
    if (this.kept.length < MOST) this.kept.push({ line, message });
    else this.more++;
  }

  /** Of what goes wrong on every other line, once is enough. */
  addOnce(line: number, message: string): void {
    if (this.said.has(message)) return;
    this.said.add(message);
    this.add(line, message);
  }

  list(): Problem[] {
    const sorted = this.kept.toSorted((one, other) => one.line - other.line);
    const last = sorted.at(-1);
    if (last === undefined || this.more === 0) return sorted;
    return [...sorted, { line: last.line, message: `There are ${this.more} more problems.` }];
  }
}
