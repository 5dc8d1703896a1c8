import { readTemplate, type Part } from './read-template.js';

/** An address in rules: where it stands, and which host it would lead to. */
export interface Address {
  path: (string | number)[];
  host: string;
}

const PLACES = new Set(['url', 'path', 'submit_path', 'hr_page_url', 'page_path']);

/**
 * Every host that the addresses in a part of rules can lead to, whichever way their templates go; `{{.Config.name}}` where it
 * is what a setting says.
 */
export function addressesOf(rules: unknown): Address[] {
  const found: Address[] = [];
  const walk = (value: unknown, path: (string | number)[]): void => {
    if (Array.isArray(value)) value.forEach((one, at) => walk(one, [...path, at]));
    else if (typeof value === 'object' && value !== null)
      for (const [key, one] of Object.entries(value)) {
        if (typeof one === 'string' && PLACES.has(key))
          for (const host of hostsIn(one)) found.push({ path: [...path, key], host });
        else walk(one, [...path, key]);
      }
  };
  walk(rules, []);
  return found;
}

/** Whether a host is a domain of a site, or `*.` and one below it. */
export const isOf = (domain: string, host: string): boolean =>
  domain.startsWith('*.') ? host.endsWith(domain.slice(1)) : host === domain;

/** The host of an address of the web; undefined when it has none. */
export function hostOf(address: string): string | undefined {
  const url = URL.parse(address);
  return url && /^https?:$/.test(url.protocol) ? url.hostname : undefined;
}

const BASE = 'https://the.site.itself.invalid/';
const MOST_WAYS = 500;

function hostsIn(address: string): string[] {
  const hosts = new Set<string>();
  for (const head of headsOf(address)) {
    const [, setting] = /^(?:(?:https?:)?\/\/|(?=\{\{\.Config))(\{\{.*?\}\})/i.exec(head) ?? [];
    const url = setting === undefined ? URL.parse(head.replace(/\{\{.*?\}\}/g, 'x'), BASE) : undefined;
    hosts.add(setting ?? (url && /^https?:$/.test(url.protocol) ? url.hostname : head));
  }
  hosts.delete(new URL(BASE).hostname);
  return [...hosts];
}

/** How an address can begin, as far as it takes to know where it leads. */
function headsOf(address: string): Set<string> {
  let heads = new Set(['']);
  const decided = new Set<string>();
  const go = (parts: readonly Part[], from: ReadonlySet<string>): Set<string> => {
    let open = new Set(from);
    for (const part of parts) {
      if (open.size === 0) break;
      const ways = new Set<string>();
      for (const way of 'when' in Object(part) ? branches(part, open, go) : appended(part, open, go))
        (isDecided(way) ? decided : ways).add(way);
      if (ways.size + decided.size > MOST_WAYS) return new Set(['too many ways:']);
      open = ways;
    }
    return open;
  };
  try {
    heads = go(readTemplate(plain(address)), heads);
  } catch {
    // What cannot be read is told where templates are checked.
    return new Set();
  }
  return new Set([...decided, ...heads]);
}

type Go = (parts: readonly Part[], from: ReadonlySet<string>) => Set<string>;

function branches(part: Part, open: ReadonlySet<string>, go: Go): Set<string> {
  if (typeof part === 'string' || !('when' in part)) return new Set(open);
  return new Set([...go(part.then, open), ...go(part.otherwise, open)]);
}

function appended(part: Part, open: ReadonlySet<string>, go: Go): Set<string> {
  if (typeof part === 'string') return new Set([...open].map((head) => head + part));
  if ('each' in part) return new Set([...open, ...go(part.body, open)]);
  const name = 'put' in part && 'name' in part.put ? part.put.name : undefined;
  if (name === '.Config.sitelink') return new Set([...open].map((head) => head + BASE));
  // Nothing is no host, and nobody is asked there.
  return new Set([...open].flatMap((head) => [...(head.endsWith('//') ? [] : [head]), `${head}{{${name ?? ''}}}`]));
}

/** Whether what follows can no longer change the host. */
const isDecided = (head: string): boolean =>
  /^(?:(?:[a-z][a-z0-9+.-]*:)?\/\/[^/?#]+[/?#]|[a-z][a-z0-9+.-]*:[^/]|\/[^/]|[?#]|[^/:?#{]+[/?#]|\{\{.*?\}\}[/?#])/i.test(
    head,
  );

/** An address without what the parser of addresses passes over. */
const plain = (address: string): string =>
  address
    .split(/(\{\{[\s\S]*?\}\})/)
    // oxlint-disable-next-line no-control-regex
    .map((piece) => (piece.startsWith('{{') ? piece : piece.replace(/[\u0000-\u0020]/g, '').replaceAll('\\', '/')))
    .join('');
