import { RE2JS } from 're2js';
import { AppError } from '#libs/errors/app-error';
import type { Budget } from './budget.js';
import { netPattern } from './net-pattern.js';

/** One place where a pattern was found; groups that took no part are undefined. */
export interface Found {
  start: number;
  end: number;
  group: (number: number) => string | undefined;
  named: (name: string) => string | undefined;
}

export interface Pattern {
  groups: number;
  /** All places, from left to right; what it takes is counted. */
  all: (text: string, budget: Budget) => Iterable<Found>;
}

/** `re2` is linear in the length of a text; `net` also looks around and refers back, and ends by its budget. */
export type Syntax = 're2' | 'net';

const known = new Map<string, Pattern>();

/** A compiled pattern; one that cannot be read is the fault of the rules. */
export function pattern(source: string, syntax: Syntax = 're2'): Pattern {
  const key = `${syntax} ${source}`;
  const old = known.get(key);
  if (old) return old;
  if (known.size > 2000) known.clear();
  const compiled = syntax === 'net' ? netPattern(source) : linearPattern(source);
  known.set(key, compiled);
  return compiled;
}

/** The first place, if there is one. */
export function firstFound(given: Pattern, text: string, budget: Budget): Found | undefined {
  for (const found of given.all(text, budget)) return found;
  return undefined;
}

/** Every place replaced; `$1`, `${name}`, `$&` and `$$` stand for what was found and for a dollar. */
export function replaced(given: Pattern, text: string, replacement: string, budget: Budget): string {
  const parts: string[] = [];
  let from = 0;
  for (const found of given.all(text, budget)) {
    parts.push(text.slice(from, found.start), expanded(replacement, found, given.groups));
    from = found.end;
  }
  parts.push(text.slice(from));
  return parts.join('');
}

function expanded(replacement: string, found: Found, groups: number): string {
  return replacement.replace(/\$(?:(\$)|(&)|(\d{1,2})|\{(\w+)\})/g, (all, dollar, whole, number, name) => {
    if (dollar !== undefined) return '$';
    if (whole !== undefined) return found.group(0)!;
    const wanted = (number ?? name) as string;
    if (/^\d+$/.test(wanted)) return Number(wanted) <= groups ? (found.group(Number(wanted)) ?? '') : (all as string);
    return found.named(wanted) ?? '';
  });
}

function linearPattern(source: string): Pattern {
  const compiled = compile(source);
  const weight = Math.max(1, compiled.programSize() / 8);
  return {
    groups: compiled.groupCount(),
    *all(text, budget) {
      // A large pattern looks at each character in many ways.
      budget.spend(text.length * weight);
      const matcher = compiled.matcher(text);
      while (matcher.find()) {
        const [start, end] = [matcher.start(), matcher.end()];
        const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, at) => matcher.group(at) ?? undefined);
        const named = (name: string) => {
          const at = compiled.namedGroups()[name];
          return at === undefined ? undefined : groups[at];
        };
        yield { start, end, group: (at) => groups[at], named };
      }
    },
  };
}

function compile(source: string): ReturnType<typeof RE2JS.compile> {
  try {
    return RE2JS.compile(source);
  } catch (cause) {
    throw new AppError(
      'invalid',
      `The pattern ${JSON.stringify(source)} cannot be used: ${(cause as Error).message}`,
      undefined,
      { cause },
    );
  }
}
