import { RE2JS } from 're2js';
import { AppError } from '#libs/errors/app-error';
import type { Budget } from './budget.js';
import { dateIn } from './date-in.js';
import type { Filter } from './rule-record.js';

const LONGEST = 20_000;

/** A text after its filters; null when one of them finds nothing in it. */
export function filtered(
  text: string,
  filters: readonly Filter[],
  { now, budget }: { now: Date; budget: Budget },
): string | null {
  let value: string | null = text.slice(0, LONGEST);
  for (const filter of filters) {
    budget.spend(1 + value.length * weight(filter));
    value = one(value, filter, now);
    if (value === null) return null;
    value = value.slice(0, LONGEST);
  }
  return value;
}

/** How much a character costs: a large pattern looks at each in many ways. */
const weight = (filter: Filter): number =>
  'pattern' in filter ? Math.max(1, pattern(filter.pattern).programSize() / 8) : 1;

function one(text: string, filter: Filter, now: Date): string | null {
  switch (filter.name) {
    case 'replace_regex':
      return pattern(filter.pattern).matcher(text).replaceAll(filter.with);
    case 'replace':
      return text.replaceAll(filter.from, () => filter.to);
    case 'append':
      return text + filter.text;
    case 'date':
      return dateIn(text, filter.format, now)?.toISOString() ?? null;
    case 'regex': {
      const found = pattern(filter.pattern).matcher(text);
      if (!found.find()) return null;
      if (filter.group > found.groupCount())
        throw new AppError('invalid', `The pattern ${filter.pattern} has no group ${filter.group}.`);
      return found.group(filter.group) ?? null;
    }
    case 'query':
      return new URLSearchParams(text.includes('?') ? text.slice(text.indexOf('?') + 1).split('#')[0] : text).get(
        filter.param,
      );
  }
}

const known = new Map<string, ReturnType<typeof RE2JS.compile>>();

/** A compiled pattern; one that RE2 does not know, as those that look back, is the fault of the rules. */
export function pattern(source: string): ReturnType<typeof RE2JS.compile> {
  const old = known.get(source);
  if (old) return old;
  if (known.size > 2000) known.clear();
  try {
    const compiled = RE2JS.compile(source);
    known.set(source, compiled);
    return compiled;
  } catch (cause) {
    throw new AppError(
      'invalid',
      `The pattern ${JSON.stringify(source)} cannot be used: ${(cause as Error).message}`,
      undefined,
      { cause },
    );
  }
}
