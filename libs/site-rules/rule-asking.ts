import { z } from 'zod';
import { Field, Filters, Selector, Template, Text } from './rule-field.js';

/** How a site is asked, as data: what a client must hold to ask it, how it signs in, what it sends, how it fetches. */

/** Whether a setting of this name or kind is a secret: a client holds it, and rules say nothing of it but that it is needed. */
export const isSecret = ({ name, kind }: { name: string; kind?: string }): boolean =>
  kind === 'password' || (kind !== 'info' && /pass|cookie|token|secret|api_?key|rss_?key|auth(?!or)|2fa|otp|^pin$|^key$|uid|session/i.test(name)); // prettier-ignore

/** Something that whoever uses the rules may or must say. Secrets have no value here; they never leave the client. */
export const Setting = z
  .strictObject({
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,80}$/),
    kind: z.enum(['text', 'password', 'checkbox', 'select', 'multi_select', 'info']),
    label: Text(300).optional(),
    default: Text(4000).optional(),
    options: z
      .array(z.tuple([Text(300), Text(300)]))
      .max(400)
      .optional(),
  })
  .refine((one) => one.default === undefined || one.default === '' || !isSecret(one) || ['checkbox', 'select'].includes(one.kind), {
    path: ['default'],
    message: 'a secret has no value here; whoever uses the rules holds it',
  }); // prettier-ignore
export type Setting = z.output<typeof Setting>;

/**
 * Whether a value that stands in rules could say who somebody is: it has the name of a secret, and more of its own than yes or
 * a small number.
 */
export function isSecretValue(name: string, value: string): boolean {
  if (!/pass|cookie|token|secret|api[_-]?key|auth[_-]?key|rss[_-]?key|authorization|session(?:[_-]?id)?$|2fa|otp$/i.test(name)) return false;
  const own = value.replace(/\{\{[^"}]*\}\}/g, '').trim();
  return own !== '' && !/^(?:\d{1,4}|[a-z]|on|off|yes|no|true|false|md5|Bearer|never|-1)$/i.test(own);
} // prettier-ignore

/** What is asked for in an address, where it would say a secret: its name. */
const secretIn = (address: string): string | undefined =>
  [...address.matchAll(/(?:^|[?&])([^=&?{}]{1,100})=([^&#]*)/g)].find(([, name, value]) =>
    isSecretValue(name!, value!),
  )?.[1];

const NO_SECRET = 'a secret has no value here; whoever uses the rules holds it';
const Address = Template.refine((address) => secretIn(address) === undefined, NO_SECRET);

/** A value that goes along with a request: fixed, or made of settings and of what is asked. */
const Inputs = z
  .array(z.tuple([Text(200), Template]))
  .max(200)
  .superRefine((inputs, context) => {
    for (const [at, [name, value]] of inputs.entries())
      if (name === '$raw' ? secretIn(value) !== undefined : isSecretValue(name, value))
        context.addIssue({ code: 'custom', path: [at], message: NO_SECRET });
  });

/** Headers; what says who somebody is may only be made of what the client holds. */
const Headers = z
  .record(z.string().regex(/^[a-z0-9-]{1,60}$/i), Template)
  .superRefine((headers, context) => {
    for (const [name, value] of Object.entries(headers))
      if (/^(?:cookie|set-cookie|.*auth.*|.*(?:token|key|session|secret|pass).*)$/i.test(name) && !/^[\w ]{0,12}\{\{\s*\.Config\.[\w-]+\s*\}\}$/.test(value))
        context.addIssue({ code: 'custom', path: [name], message: 'no cookies and no credentials' });
  }); // prettier-ignore

/** A cookie that says no more than yes or a small number; nothing that could tell one person from another. */
const PlainCookie = z
  .string()
  .regex(/^[\w.-]{1,60}=[\w.-]{0,8}$/, 'a cookie has a plain name and at most 8 letters: nothing of a session');

const Failure = z.strictObject({ selector: Selector, path: Text(500).optional(), message: Field.optional() });

export const Login = z.strictObject({
  method: z.enum(['form', 'post', 'get', 'cookie', 'one_url']),
  path: Address.optional(),
  submit_path: Address.optional(),
  form: Selector.optional(),
  inputs: Inputs.default([]),
  /** Whether the names of the inputs are selectors of the form. */
  inputs_are_selectors: z.boolean().optional(),
  /** What else is sent, read on the page of the form: with it, or in the address. */
  from_page: z.record(Text(100), Field).optional(),
  address_from_page: z.record(Text(100), Field).optional(),
  captcha: z.strictObject({ kind: z.enum(['image', 'text']), selector: Selector, input: Text(100) }).optional(),
  cookies: z.array(PlainCookie).max(20).optional(),
  headers: Headers.optional(),
  failures: z.array(Failure).max(40).optional(),
  /** The page that only those see who are signed in, and what is on it. */
  test: z.strictObject({ path: Address, selector: Selector.optional() }).optional(),
});
export type Login = z.output<typeof Login>;

const Format = z.enum(['html', 'json', 'xml']);

/** How something is sent: always so, or as a template says, which makes `post` or anything else. */
const Method = z.union([z.enum(['GET', 'POST']), Template.regex(/\{\{/, 'GET, POST or a template')]).default('GET');

export const SearchPath = z.strictObject({
  path: Address,
  method: Method,
  inputs: Inputs.default([]),
  /** Whether the inputs of the whole search are sent too. */
  with_common: z.boolean().default(true),
  /** Asked only for these categories of the site, or for all but these. */
  categories: z.strictObject({ only: z.array(Text(100)).max(400).optional(), not: z.array(Text(100)).max(400).optional() }).optional(),
  format: Format.default('html'),
  /** The text of an answer that has no results. */
  empty_says: Text(500).optional(),
  follow_redirects: z.boolean().optional(),
  separator: Text(4).optional(),
}); // prettier-ignore
export type SearchPath = z.output<typeof SearchPath>;

const Values = z.record(z.string().max(100), z.union([Text(1000), z.number(), z.boolean()]));

export const Search = z.strictObject({
  url: Text(500).optional(),
  method: z.enum(['GET', 'POST']).default('GET'),
  query_params: Values.default({}),
  form_data: Values.default({}),
  encoding: z
    .string()
    .regex(/^[a-z0-9-]{2,20}$/i)
    .default('utf-8'),
  headers: Headers.default({}),
  paths: z.array(SearchPath).max(100).optional(),
  inputs: Inputs.optional(),
  /** Whether an input without a value is sent. */
  empty_inputs: z.boolean().optional(),
  /** What is done to the words that are looked for. */
  keywords: Filters.optional(),
  failures: z.array(Failure).max(40).optional(),
  /** What may be asked, by the kind of search: `q`, `season`, `imdbid` … */
  modes: z.record(Text(40), z.array(Text(40)).max(40)).optional(),
});
export type Search = z.output<typeof Search>;

const Place = z.strictObject({
  selector: Selector.optional(),
  attr: Text(60).optional(),
  filters: Filters.default([]),
  before: z.boolean().optional(),
});

/** How what was found is fetched: on which page the link stands, and what is asked before. `before`: on the answer to that. */
export const Download = z.strictObject({
  method: z.enum(['GET', 'POST']).optional(),
  links: z.array(Place).max(20).optional(),
  hash: z.strictObject({ hash: Place, title: Place }).optional(),
  ask_before: z
    .strictObject({ path: Address.optional(), path_at: Place.optional(), method: z.enum(['GET', 'POST']).default('GET'), inputs: Inputs.default([]), separator: Text(4).optional() })
    .optional(),
  headers: Headers.optional(),
  /** Whether a link is tried before it is believed. */
  test_links: z.boolean().optional(),
}); // prettier-ignore
export type Download = z.output<typeof Download>;

/** A category of a site, as it is called everywhere. */
export const Category = z.strictObject({
  id: Text(100),
  to: Text(60),
  label: Text(300).optional(),
  asked_by_default: z.boolean().optional(),
});
