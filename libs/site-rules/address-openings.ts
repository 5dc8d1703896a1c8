import { readTemplate, type Part, type Term } from './read-template.js';

/** Stands behind what a setting says: what follows there must not make another host of it. */
export const SETTING_ENDS = '\u0001';

export interface OpeningTools {
  /** By the name in templates, what a setting may say; undefined where that is not known. */
  settings: ReadonlyMap<string, readonly string[] | undefined>;
  /** Whether other values are escaped before they are put in, so that none is more than a part of a path. */
  escaped: boolean;
  /** What stands for the site's own address. */
  site: string;
}

const MOST_WAYS = 500;
const MOST_STEPS = 20_000;
const LONGEST = 600;

/**
 * Every way an address can begin, as far as it takes to know where it leads; undefined where a value could lead anywhere, or
 * the template cannot be read. Only settings and the site's own address may stand before a host is certain.
 */
export function openings(address: string, tools: OpeningTools): ReadonlySet<string> | undefined {
  try {
    const reading = new Reading(tools);
    const open = reading.parts(readTemplate(address), new Set(['']));
    return new Set([...reading.certain, ...open]);
  } catch {
    return undefined;
  }
}

class Reading {
  readonly certain = new Set<string>();
  private steps = 0;

  constructor(private readonly tools: OpeningTools) {}

  parts(parts: readonly Part[], from: ReadonlySet<string>): ReadonlySet<string> {
    let open = from;
    for (const part of parts) {
      if (open.size === 0) break;
      const ways = new Set<string>();
      for (const way of this.ways(part, open)) (isCertain(way) ? this.certain : ways).add(way);
      if (ways.size + this.certain.size > MOST_WAYS) throw new Error('too many ways');
      open = ways;
    }
    return open;
  }

  private ways(part: Part, open: ReadonlySet<string>): Iterable<string> {
    if (typeof part === 'string') return this.behind(open, [part]);
    if ('when' in part) return [...this.parts(part.then, open), ...this.parts(part.otherwise, open)];
    if ('put' in part) return this.put(part.put, open);
    return [...open].flatMap((way) => ('each' in part ? unknown() : this.any(way)));
  }

  private put(term: Term, open: ReadonlySet<string>): Iterable<string> {
    if ('text' in term) return this.behind(open, [term.text]);
    if ('name' in term && term.name === '.Config.sitelink') return this.behind(open, [this.tools.site]);
    if ('call' in term && (term.call === 'or' || term.call === 'and'))
      return new Set(term.given.flatMap((one) => [...this.put(one, open)]));
    const values = 'name' in term ? this.tools.settings.get(term.name) : undefined;
    return [...open].flatMap((way) => {
      if (values && /^(?:https?:)?\/\/$/i.test(way))
        return [...this.behind(new Set([way]), values)].map((said) => said + SETTING_ENDS);
      // Whoever uses the rules may also say nothing.
      if (values && (way === '' || way === '/'))
        return [...this.behind(new Set([way]), ['', ...values])].map((said) =>
          way === '' ? said + SETTING_ENDS : said,
        );
      return this.any(way);
    });
  }

  private behind(open: ReadonlySet<string>, texts: readonly string[]): Set<string> {
    const plain = texts.map(passedOver);
    return new Set(
      [...open].flatMap((way) =>
        plain.map((text) => {
          if (++this.steps > MOST_STEPS) throw new Error('too many steps');
          const longer = way + text;
          if (longer.length <= LONGEST) return longer;
          const start = longer.slice(0, LONGEST);
          return isCertain(start) ? start : unknown();
        }),
      ),
    );
  }

  /** Any value at all: nothing or a part of a path behind the first `/` where it is escaped, else it leads anywhere. */
  private any(way: string): string[] {
    return way === '/' && this.tools.escaped ? [way, `${way}x`] : unknown();
  }
}

function unknown(): never {
  throw new Error('a value could lead anywhere');
}

/** Whether nothing that follows can change where an address leads. */
function isCertain(way: string): boolean {
  const text = way.toLowerCase();
  if (text.includes(SETTING_ENDS)) return new RegExp(`${SETTING_ENDS}[^${SETTING_ENDS}]`).test(text);
  if (/^(?:https?:)?\/\//.test(text)) return /^(?:https?:)?\/\/[^/?#]+[/?#]/.test(text);
  return !['http://', 'https://', '//'].some((start) => start.startsWith(text));
}

/** A text without what the parser of addresses passes over, and with its slashes all of one kind. */
const passedOver = (text: string): string => text.replace(/[\s\p{Cc}\p{Cf}]/gu, '').replaceAll('\\', '/');
