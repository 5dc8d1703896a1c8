import { openings, SETTING_ENDS } from './address-openings.js';

/** An address in rules: where it stands, and which host it would lead to. */
export interface Address {
  path: (string | number)[];
  host: string;
}

/** What an address in rules may begin with: settings as whoever uses the rules is given them. */
export interface GivenSetting {
  name: string;
  kind?: string | undefined;
  default?: string | undefined;
  options?: readonly (readonly [string, string])[] | undefined;
}

const PLACES = new Set(['url', 'path', 'submit_path', 'hr_page_url', 'page_path']);
/** No domain is written so: what leads there is refused. */
const NOBODY_KNOWS = 'a host that cannot be told beforehand';

/**
 * Every host that the addresses in a part of rules can lead to, whichever way their templates go, by what settings say without
 * anybody's doing and by each of their options. Where that cannot be told the host is one that nobody can own.
 */
export function addressesOf(rules: unknown, settings: readonly GivenSetting[] = []): Address[] {
  const values = new Map(settings.map((one) => [`.Config.${one.name}`, valuesOf(one)]));
  const found: Address[] = [];
  const walk = (value: unknown, path: (string | number)[]): void => {
    if (Array.isArray(value)) value.forEach((one, at) => walk(one, [...path, at]));
    else if (typeof value === 'object' && value !== null)
      for (const [key, one] of Object.entries(value)) {
        if (typeof one === 'string' && PLACES.has(key))
          for (const host of hostsIn(one, values, path[0] === 'search' && path[1] === 'paths'))
            found.push({ path: [...path, key], host });
        else walk(one, [...path, key]);
      }
  };
  walk(rules, []);
  return found;
}

/** Whether a host is a domain of a site, or `*.` and one below it. */
export const isOf = (domain: string, host: string): boolean =>
  domain.startsWith('*.') ? host.endsWith(domain.slice(1)) : host === domain;

/** The host of an address of the web; undefined when it has none, or names somebody before it. */
export function hostOf(address: string): string | undefined {
  const url = URL.parse(address);
  return url && isPlain(url) ? url.hostname : undefined;
}

const isPlain = ({ protocol, username, password }: URL): boolean =>
  /^https?:$/.test(protocol) && username === '' && password === '';

/** What a setting may say unless somebody types it; undefined where nothing is known of it. */
function valuesOf({ kind, default: given, options = [] }: GivenSetting): string[] | undefined {
  if (kind === 'checkbox' || kind === 'multi_select') return undefined;
  const values = [...(given === undefined ? [] : [given]), ...options.map(([value]) => value)];
  return values.length > 0 ? values : undefined;
}

const SITE = 'the.site.itself.invalid';

function hostsIn(
  address: string,
  settings: ReadonlyMap<string, readonly string[] | undefined>,
  escaped: boolean,
): Set<string> {
  const ways = openings(address, { settings, escaped, site: `https://${SITE}/` });
  const hosts = new Set<string>();
  for (const way of ways ?? []) for (const host of leadsTo(way)) hosts.add(host);
  if (!ways) hosts.add(NOBODY_KNOWS);
  hosts.delete(SITE);
  return hosts;
}

/** Where an address leads from a site that stands under https, and from one under http: `https:x` is not the same in both. */
function leadsTo(way: string): string[] {
  const address = way.replaceAll(SETTING_ENDS, '');
  const isWhole = [...way.matchAll(new RegExp(`${SETTING_ENDS}(?!$|[/?#${SETTING_ENDS}])`, 'g'))].length === 0;
  return ['https:', 'http:'].map((protocol) => {
    const url = URL.parse(address, `${protocol}//${SITE}/`);
    return isWhole && url && isPlain(url) ? url.hostname : NOBODY_KNOWS;
  });
}
