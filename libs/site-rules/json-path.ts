import { AppError } from '#libs/errors/app-error';
import type { Budget } from './budget.js';

type Step = { name: string } | { at: number } | { all: true } | { where: string; is: string };

const STEP =
  /\.?([^.[\]()'"*?\s][^.[\]]*)|\[(-?\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]|(\.?\*|\[\*\])|\[\?\(\s*@\.([\w.]+)\s*==\s*'([^']*)'\s*\)\]/y;

/** What stands at a path as `data.items[0].name` of JSON; `$` and an empty path are the whole, a missing one is undefined. */
export function jsonAt(value: unknown, path: string, budget: Budget): unknown {
  budget.spend(path.length / 16);
  let here: unknown = value;
  for (const step of stepsOf(path)) {
    if (here === null || typeof here !== 'object') return undefined;
    budget.spend();
    if ('name' in step)
      here = Array.isArray(here) ? undefined : (Object.hasOwn(here, step.name) ? (here as Record<string, unknown>)[step.name] : undefined); // prettier-ignore
    else if ('at' in step) here = Array.isArray(here) ? here.at(step.at) : undefined;
    else {
      const all = Object.values(here);
      budget.spend(all.length / 4);
      here = 'all' in step ? all : all.find((one) => countedText(jsonAt(one, step.where, budget), budget) === step.is);
    }
  }
  return here;
}

/** A value as text, with its length counted. */
export function countedText(value: unknown, budget: Budget): string | null {
  if (Array.isArray(value)) budget.spend(value.length);
  const text = textOfJson(value);
  budget.spend((text?.length ?? 0) / 16);
  return text;
}

/** Throws when a path cannot be read. */
export function checkJsonPath(path: string): void {
  stepsOf(path);
}

/** A value as text: lists with commas between, yes and no as `True` and `False`; null when there is none. */
export function textOfJson(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return value.map((one) => textOfJson(one) ?? '').join(',');
  return JSON.stringify(value);
}

function stepsOf(path: string): Step[] {
  const given = path.trim().replace(/^\$\.?/, '');
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  for (let at = 0; at < given.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const found = STEP.exec(given);
    if (!found) throw new AppError('invalid', `The path ${JSON.stringify(path)} cannot be read at ${given.slice(at)}.`);
    const [, name, index, single, double, all, where, is] = found;
    if (index !== undefined) steps.push({ at: Number(index) });
    else if (all !== undefined) steps.push({ all: true });
    else if (where !== undefined) steps.push({ where, is: is! });
    else steps.push({ name: name ?? single ?? double! });
  }
  return steps;
}
