import { AppError } from '#libs/errors/app-error';
import type { Budget } from './budget.js';
import { checkJsonPath, jsonAt } from './json-path.js';

const MOST_CHARACTERS = 8_000_000;

/** JSON that a site answered, or the reason why it is none. */
export function jsonPage(text: string, budget: Budget): unknown {
  if (text.length > MOST_CHARACTERS) throw new AppError('invalid', `An answer may have ${MOST_CHARACTERS} characters.`);
  budget.spend(text.length / 16);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AppError('invalid', `The answer is not JSON: ${(cause as Error).message}`, undefined, { cause });
  }
}

/** A path with conditions behind it, as `data:has(file):not(hidden)`: the path, if all of them hold for what is there. */
export function selectJson(value: unknown, selector: string, budget: Budget): unknown {
  budget.spend(selector.length / 16);
  const { path, conditions } = readSelector(selector);
  budget.spend((conditions.length * selector.length) / 64);
  const found = jsonAt(value, path, budget);
  return found !== undefined && conditions.every((one) => holds(found, one, budget)) ? found : undefined;
}

/** The rows at a path that satisfy the conditions behind it; undefined where there is no list. */
export function jsonRows(value: unknown, selector: string, budget: Budget): unknown[] | undefined {
  budget.spend(selector.length / 16);
  const { path, conditions } = readSelector(selector);
  budget.spend((conditions.length * selector.length) / 64);
  const found = jsonAt(value, path, budget);
  if (!Array.isArray(found)) return undefined;
  return found.filter((row) => (budget.spend(), conditions.every((one) => holds(row, one, budget))));
}

/** Throws when a selector cannot be read. */
export function checkJsonSelector(selector: string): void {
  const { path, conditions } = readSelector(selector);
  checkJsonPath(path);
  for (const { kind, key } of conditions) if (kind !== 'contains') checkJsonSelector(key);
}

interface Condition {
  kind: 'has' | 'not' | 'contains';
  key: string;
}

function readSelector(selector: string): { path: string; conditions: Condition[] } {
  const colon = selector.search(/:(?:has|not|contains)\(/);
  if (colon < 0) return { path: selector, conditions: [] };
  const conditions: Condition[] = [];
  let rest = selector.slice(colon);
  while (rest !== '') {
    const [, kind] = /^:(has|not|contains)\(/.exec(rest) ?? [];
    const end = kind === undefined ? -1 : closing(rest, kind.length + 1);
    if (end < 0) throw new AppError('invalid', `The selector ${JSON.stringify(selector)} cannot be read at ${rest}.`);
    conditions.push({ kind: kind as Condition['kind'], key: rest.slice(kind!.length + 2, end) });
    rest = rest.slice(end + 1);
  }
  return { path: selector.slice(0, colon), conditions };
}

/** Where the parenthesis that opens at `from` is closed. */
function closing(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return -1;
}

function holds(value: unknown, { kind, key }: Condition, budget: Budget): boolean {
  if (kind === 'contains') {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    budget.spend(text.length / 16);
    return text.includes(key);
  }
  return (selectJson(value, key, budget) !== undefined) === (kind === 'has');
}
