import { checkJsonPath } from './json-path.js';
import { pattern, type Syntax } from './pattern.js';
import type { RuleRecord } from './rule-record.js';
import { selectorProblem } from './selector-problem.js';

interface Problem {
  path: (string | number)[];
  message: string;
}

const SELECTORS: ReadonlySet<string> = new Set(['selector', 'row', 'remove', 'form', 'selector_exists']);
/** These are asked of pages, also where the rows are JSON. */
const OF_PAGES: ReadonlySet<string> = new Set(['remove', 'date_above']);

/** The selectors, patterns and paths of rules that nobody could use, each with its place and the reason. */
export function unusableParts(record: RuleRecord): Problem[] {
  const problems: Problem[] = [];
  const tell = (path: Problem['path'], message: string | undefined) => {
    if (message !== undefined) problems.push({ path, message });
  };
  const walk = (value: unknown, path: Problem['path'], isJson: boolean): void => {
    if (Array.isArray(value)) return value.forEach((one, at) => walk(one, [...path, at], isJson));
    if (typeof value !== 'object' || value === null) return;
    const part = value as Record<string, unknown>;
    const inside = isJson || (part.format === 'json' && 'row' in part);
    for (const [key, one] of Object.entries(part)) {
      const here = [...path, key];
      const json = inside && !OF_PAGES.has(key);
      if (typeof one === 'string' && SELECTORS.has(key)) tell(here, selectorProblem(one, json ? 'json' : 'html'));
      else if (key === 'pattern' || key === 'regex_match') tell(here, patternProblem(one as string, part.syntax as Syntax));
      else if (key === 'path' && part.name === 'join_json') tell(here, problemOf(() => checkJsonPath(one as string)));
      else if (key === 'cases' && !json)
        for (const [at, [when]] of (one as [string, string][]).entries()) tell([...here, at, 0], when === '*' ? undefined : selectorProblem(when));
      else walk(one, here, json);
    }
  };
  walk({ verify: record.verify, parse: record.parse, login: record.login, search: record.search, download: record.download }, [], false);
  return problems;
} // prettier-ignore

const patternProblem = (source: string, syntax: Syntax | undefined) => problemOf(() => pattern(source, syntax));

function problemOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
