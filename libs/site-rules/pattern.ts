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

/** `re2` finds one place in a time linear in the length of a text, and may look as far again for the next; `net` also looks around and refers back. Both end by their budget. */
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

export interface Replacement {
  by: string;
  budget: Budget;
  /** After so many characters nothing more is replaced; whoever asks cuts off what is beyond. */
  longest: number;
}

/** Every place replaced; `$1`, `${name}`, `$&` and `$$` stand for what was found and for a dollar. */
export function replaced(given: Pattern, text: string, { by, budget, longest }: Replacement): string {
  const parts: string[] = [];
  let [from, length] = [0, 0];
  for (const found of given.all(text, budget)) {
    const put = expanded(by, found, given.groups, budget);
    parts.push(text.slice(from, found.start), put);
    length += found.start - from + put.length;
    from = found.end;
    if (length >= longest) break;
  }
  parts.push(text.slice(from));
  return parts.join('');
}

function expanded(replacement: string, found: Found, groups: number, budget: Budget): string {
  budget.spend(replacement.length / 16);
  const counted = (text: string) => (budget.spend(1 + text.length / 16), text);
  return replacement.replace(/\$(?:(\$)|(&)|(\d{1,2})|\{(\w+)\})/g, (all, dollar, whole, number, name) => {
    if (dollar !== undefined) return '$';
    if (whole !== undefined) return counted(found.group(0)!);
    const wanted = (number ?? name) as string;
    if (/^\d+$/.test(wanted))
      return Number(wanted) <= groups ? counted(found.group(Number(wanted)) ?? '') : (all as string);
    return counted(found.named(wanted) ?? '');
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
      const matcher = compiled.matcher(new CountedText(text, compiled.programSize(), budget) as unknown as string);
      while (matcher.find()) {
        budget.spend();
        const [start, end] = [matcher.start(), matcher.end()];
        const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, at) =>
          matcher.start(at) < 0 ? undefined : text.slice(matcher.start(at), matcher.end(at)),
        );
        const named = (name: string) => {
          const at = compiled.namedGroups()[name];
          return at === undefined ? undefined : groups[at];
        };
        yield { start, end, group: (at) => groups[at], named };
      }
    },
  };
}

/** In so many bits its reader of patterns remembers what it tried; longer texts are read in all ways at once. */
const TRIED_BITS = 262_144;

/** A text that counts how often it is looked at beyond the once that is paid for, as when each of many finds reads on to its end. */
class CountedText extends String {
  private looks: number;
  private readonly cost: number;

  constructor(
    private readonly text: string,
    size: number,
    private readonly budget: Budget,
  ) {
    super(text);
    const oneByOne = size <= 500 && text.length <= TRIED_BITS / size;
    this.cost = oneByOne ? 1 / 8 : Math.max(1, size / 8);
    this.looks = text.length * (oneByOne ? Math.max(8, size) : 1);
  }

  override charCodeAt(at: number): number {
    if (--this.looks < 0) this.budget.spend(this.cost);
    return this.text.charCodeAt(at);
  }

  override indexOf(searched: string, from = 0): number {
    const found = this.text.indexOf(searched, from);
    this.budget.spend(((found < 0 ? this.text.length : found) - from) / 64);
    return found;
  }
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
