import { selectorProblem } from '../selector-problem.js';
import { namesIn } from '../template.js';
import type { Names } from './convert-filters.js';

export type Format = 'html' | 'json' | 'xml';

/** A selector that can be used here, or undefined with the loss written down. */
export function checkSelector(selector: string, path: string, format: Format, { losses }: Names): string | undefined {
  try {
    namesIn(selector);
  } catch (error) {
    losses.lose(path, 'template', (error as Error).message);
    return undefined;
  }
  const problem = selectorProblem(selector, format);
  if (problem === undefined) return selector;
  losses.lose(path, 'selector', problem);
  return undefined;
}
