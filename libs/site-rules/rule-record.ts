import { z } from 'zod';
import { SiteDomain } from '#libs/contracts/site-domain';
import { addressesOf, hostOf, isOf } from './addresses.js';
import { Category, Download, Login, Search, Setting } from './rule-asking.js';
import { Field, Fields, Filters, Pattern, Selector, Text } from './rule-field.js';
import { ownKeyIn } from './secret-shapes.js';
import { secretsHidden, secretsTold } from './secrets-told.js';
import { unknownNames } from './template-names.js';

/** The rules of one site, as data: how to know it, how to read its pages, how to ask it, and how gently. */

const Mark = z.union([
  z.strictObject({ meta_generator_equals: Text(200) }),
  z.strictObject({ title_contains: Text(200) }),
  z.strictObject({ url_contains: Text(200) }),
  z.strictObject({ selector_exists: Selector }),
  z.strictObject({ text_contains: Text(200), selector: Selector.optional() }),
  z.strictObject({ regex_match: Pattern, selector: Selector.optional() }),
]);
export type Mark = z.output<typeof Mark>;

const Words = z.array(z.string().min(1).max(100)).max(100).default([]);
const Path = Text(300);

/**
 * A list: what its rows are and what stands in each. `row` is a selector, or in JSON a path with conditions behind it.
 * `after` rows that follow belong to the one before; `date_above` is read on what stands above a row that has no date;
 * `inside` is the part of a row, and with `several` the list in it, whose fields are read (`..name` reads the row itself).
 */
const List = z.strictObject({
  row: Selector,
  fields: Fields,
  format: z.enum(['html', 'json', 'xml']).optional(),
  before: Filters.optional(),
  after: z.number().int().min(1).max(10).optional(),
  date_above: Field.optional(),
  count: Field.optional(),
  inside: Text(200).optional(),
  several: z.boolean().optional(),
  none_when_missing: z.boolean().optional(),
  /** Whether a row counts only if its title has every word that was looked for, among so many first characters of what was asked. */
  all_words: z.union([z.literal(true), z.number().int().min(1).max(1000)]).optional(),
});
export type List = z.output<typeof List>;

export const RuleRecord = z
  .strictObject({
    site: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
    name: Text(200).optional(),
    schema: z.literal(1).default(1),
    engine: z.string().regex(/^[a-z0-9_]{1,40}$/),
    domains: z.array(SiteDomain).max(200).default([]),
    /** Where the site stands; the first is used where nobody chooses another. */
    addresses: z
      .array(z.url({ protocol: /^https?$/ }).max(300))
      .max(200)
      .optional(),
    /** Fingerprints (SHA-1) of certificates of the site that are not valid for everybody; whether to believe them is the client's. */
    certificates: z
      .array(z.string().regex(/^[0-9a-f]{40}$/i))
      .max(20)
      .optional(),
    capabilities: z
      .array(z.string().regex(/^[a-z][a-z0-9_.]{0,40}$/))
      .max(40)
      .default([]),
    verify: z.strictObject({ any: z.array(Mark).max(20).optional(), all: z.array(Mark).max(20).optional() }).optional(),
    parse: z
      .strictObject({
        list: List.optional(),
        detail: z.strictObject({ fields: Fields }).optional(),
        user: z.strictObject({ fields: Fields }).optional(),
      })
      .optional(),
    settings: z.array(Setting).max(100).optional(),
    login: Login.optional(),
    search: Search.optional(),
    download: Download.optional(),
    categories: z.record(z.string().max(60), Text(60)).optional(),
    category_map: z.array(Category).max(2000).optional(),
    hr: z
      .strictObject({
        enabled: z.boolean().default(false),
        mode: Text(40).nullish(),
        disappear_semantics: z.enum(['UNKNOWN', 'FINISHED']).default('UNKNOWN'),
        max_observe_days: z.number().int().min(1).max(3650).default(60),
        page_path: Path.default('hr.php'),
        hr_page_url: Text(500).nullish(),
      })
      .optional(),
    inbox: z
      .strictObject({
        enabled: z.boolean().default(false),
        parser: Text(40).optional(),
        page_path: Path.default('messages.php'),
        pm_keywords: z.strictObject({ penalty: Words, delete: Words, throttle: Words }).optional(),
      })
      .optional(),
    guard: z
      .strictObject({
        enabled: z.boolean().default(true),
        default_safe_scan_minutes: z.number().int().min(1).max(1440).default(10),
        default_safe_pages_per_hour: z.number().int().min(1).max(100_000).default(200),
      })
      .optional(),
    politeness: z
      .strictObject({
        min_interval_seconds: z.number().min(0).max(86_400).default(10),
        max_concurrent_requests: z.number().int().min(1).max(100).default(1),
        timeout_seconds: z.number().min(1).max(600).default(30),
        retry_count: z.number().int().min(0).max(20).default(3),
        use_proxy: z.boolean().default(false),
        use_browser_emulation: z.boolean().default(false),
      })
      .optional(),
    confidence: z.number().min(0).max(100).optional(),
    source: Text(200).optional(),
    language: Text(20).optional(),
    access: z.enum(['public', 'semi_private', 'private']).optional(),
    notes: Text(20_000).optional(),
  })
  .superRefine((record, context) => {
    // What is asked for is asked of the site: anybody else would be told what people look for, and who they are.
    const { addresses = [], search, hr, inbox, login, download, settings = [] } = record;
    const own = addresses.map((url, at) => ({ path: ['addresses', at], host: hostOf(url) ?? url }));
    for (const { path, host } of [...own, ...addressesOf({ search, hr, inbox, login, download }, settings)])
      if (!record.domains.some((domain) => isOf(domain, host)))
        context.addIssue({ code: 'custom', path, message: `${host} is not among the domains of these rules` });
    for (const { path, message } of [...unknownNames(record), ...secretsTold(record), ...secretsHidden(record)])
      context.addIssue({ code: 'custom', path, message });
  })
  .meta({ id: 'RuleRecord' });
export type RuleRecord = z.output<typeof RuleRecord>;

/** A recorded page with what must be read from it; a field that is not named may be anything. */
export const Fixture = z
  .strictObject({
    name: z.string().min(1).max(100),
    page: z.enum(['list', 'detail', 'user']),
    url: Text(1000).default('https://example.org/'),
    html: z
      .string()
      .max(2_000_000)
      .superRefine((page, context) => {
        const name = ownKeyIn(page);
        if (name !== undefined)
          context.addIssue({ code: 'custom', message: `${name} of whoever saved this page stands in it; put another word in its place` }); // prettier-ignore
      }),
    at: z.iso.datetime({ offset: true }).default('2026-01-01T00:00:00Z'),
    expect: z.array(z.record(z.string().max(60), z.union([z.string(), z.number(), z.null()]))).max(1000),
  })
  .meta({ id: 'RuleFixture' });
export type Fixture = z.output<typeof Fixture>;
