import { z } from 'zod';

/** The rules of one site, as data: how to know it, how to read its pages, how to ask it, and how gently. */

const Text = (max: number) => z.string().max(max);
const Selector = z.string().min(1).max(400);
const Pattern = z.string().min(1).max(500);

/** What is done to a text after it was found, in order. Patterns are RE2: linear in the length of the text. */
export const Filter = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('replace_regex'), pattern: Pattern, with: Text(200) }),
  z.strictObject({ name: z.literal('replace'), from: z.string().min(1).max(200), to: Text(200) }),
  z.strictObject({ name: z.literal('append'), text: Text(200) }),
  z.strictObject({ name: z.literal('date'), format: z.string().min(1).max(60) }),
  z.strictObject({ name: z.literal('regex'), pattern: Pattern, group: z.number().int().min(0).max(20).default(1) }),
  z.strictObject({ name: z.literal('query'), param: z.string().min(1).max(60) }),
]);
export type Filter = z.output<typeof Filter>;

/** Where a value stands: the text of what the selector finds, or one of its attributes; without a selector the row itself. */
export const Field = z.strictObject({
  selector: Selector.optional(),
  attr: z
    .string()
    .regex(/^[a-zA-Z_:][\w:.-]{0,60}$/)
    .optional(),
  text: z.boolean().optional(),
  remove: Selector.optional(),
  filters: z.array(Filter).max(12).default([]),
  transform: z.enum(['size', 'int', 'float', 'date']).optional(),
  optional: z.boolean().default(true),
  default: z.union([Text(200), z.number()]).optional(),
});
export type Field = z.output<typeof Field>;

const Fields = z
  .record(z.string().regex(/^[a-z][a-z0-9_]{0,40}$/), Field)
  .refine((all) => Object.keys(all).length <= 60, 'at most 60 fields');

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
const Values = z.record(z.string().max(100), z.union([Text(1000), z.number(), z.boolean()]));
const Path = Text(300);

export const RuleRecord = z
  .strictObject({
    site: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
    name: Text(200).optional(),
    schema: z.literal(1).default(1),
    engine: z.string().regex(/^[a-z0-9_]{1,40}$/),
    domains: z
      .array(z.string().regex(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/))
      .max(50)
      .default([]),
    capabilities: z
      .array(z.string().regex(/^[a-z][a-z0-9_.]{0,40}$/))
      .max(40)
      .default([]),
    verify: z.strictObject({ any: z.array(Mark).max(20).optional(), all: z.array(Mark).max(20).optional() }).optional(),
    parse: z
      .strictObject({
        list: z.strictObject({ row: Selector, fields: Fields }).optional(),
        detail: z.strictObject({ fields: Fields }).optional(),
        user: z.strictObject({ fields: Fields }).optional(),
      })
      .optional(),
    search: z
      .strictObject({
        url: Text(500),
        method: z.enum(['GET', 'POST']).default('GET'),
        query_params: Values.default({}),
        form_data: Values.default({}),
        encoding: z
          .string()
          .regex(/^[a-z0-9-]{2,20}$/i)
          .default('utf-8'),
        headers: z
          .record(
            z.string().regex(/^(?!cookie$|authorization$)[a-z-]{1,60}$/i, 'no cookies and no credentials'),
            Text(500),
          )
          .default({}),
      })
      .optional(),
    categories: z.record(z.string().max(60), Text(60)).optional(),
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
    notes: Text(20_000).optional(),
  })
  .meta({ id: 'RuleRecord' });
export type RuleRecord = z.output<typeof RuleRecord>;

/** A recorded page with what must be read from it; a field that is not named may be anything. */
export const Fixture = z
  .strictObject({
    name: z.string().min(1).max(100),
    page: z.enum(['list', 'detail', 'user']),
    url: Text(1000).default('https://example.org/'),
    html: z.string().max(2_000_000),
    at: z.iso.datetime({ offset: true }).default('2026-01-01T00:00:00Z'),
    expect: z.array(z.record(z.string().max(60), z.union([z.string(), z.number(), z.null()]))).max(1000),
  })
  .meta({ id: 'RuleFixture' });
export type Fixture = z.output<typeof Fixture>;
