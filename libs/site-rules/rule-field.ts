import { z } from 'zod';

/** Where a value stands on a page and what is done to it, as data. */

export const Text = (max: number) => z.string().max(max);
/** A text in which `{{ }}` may stand for something: a setting, the question, another field. */
export const Template = Text(8000);
export const Selector = z.string().min(1).max(4000);
export const Pattern = z.string().min(1).max(4000);
const Syntax = z.enum(['re2', 'net']).optional();

/** What is done to a text after it was found, in order. Patterns are RE2, or .NET's with every try counted. */
export const Filter = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('replace_regex'), pattern: Pattern, with: Template, syntax: Syntax }),
  z.strictObject({ name: z.literal('replace'), from: z.string().min(1).max(1000), to: Template }),
  z.strictObject({ name: z.literal('append'), text: Template }),
  z.strictObject({ name: z.literal('prepend'), text: Template }),
  z.strictObject({
    name: z.literal('date'),
    format: z.string().min(1).max(100),
    /** Whether a text that is not so stays as it is, for another filter to read. */
    keep: z.boolean().optional(),
  }),
  z.strictObject({
    name: z.literal('regex'),
    pattern: Pattern,
    group: z.number().int().min(0).max(20).default(1),
    syntax: Syntax,
    /** Whether what is not found is an empty text, not a missing one. */
    keep: z.boolean().optional(),
  }),
  z.strictObject({ name: z.literal('query'), param: z.string().min(1).max(60) }),
  z.strictObject({ name: z.literal('trim'), characters: z.string().min(1).max(60).optional() }),
  z.strictObject({ name: z.literal('split'), on: z.string().min(1).max(10), at: z.number().int().min(-100).max(100) }),
  z.strictObject({ name: z.enum(['lower', 'upper', 'url_decode', 'url_encode', 'html_decode', 'html_encode']) }),
  z.strictObject({ name: z.enum(['file_name', 'no_marks']) }),
  z.strictObject({ name: z.literal('join_json'), path: z.string().min(1).max(200), with: Text(60) }),
  z.strictObject({ name: z.literal('only'), words: z.array(z.string().min(1).max(60)).max(500) }),
]);
export type Filter = z.output<typeof Filter>;
export const Filters = z.array(Filter).max(80);

/** What a text stands for; `url` is resolved against the page, `category` is looked up in what the rules say of them. */
export const Transform = z.enum(['size', 'int', 'float', 'date', 'url', 'category', 'category_label', 'words']);

/**
 * Where a value stands: the text of what the selector finds, or one of its attributes; without a selector the row itself.
 * Or what it is made of (`value`), or which of several cases holds: the first whose selector finds something, or whose text
 * in a JSON answer is this one; `*` always holds.
 */
export const Field = z.strictObject({
  selector: Selector.optional(),
  attr: z
    .string()
    .regex(/^[a-zA-Z_:][\w:.-]{0,60}$/)
    .optional(),
  text: z.boolean().optional(),
  value: Template.optional(),
  cases: z
    .array(z.tuple([Selector, Template]))
    .max(400)
    .optional(),
  remove: Selector.optional(),
  filters: Filters.default([]),
  transform: Transform.optional(),
  /** The field whose text this one is put behind. */
  appends: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,40}$/)
    .optional(),
  optional: z.boolean().default(true),
  default: z.union([Template, z.number()]).optional(),
});
export type Field = z.output<typeof Field>;

/** Fields by name; one that begins with `_` is there for others and is not told. */
export const Fields = z
  .record(z.string().regex(/^[a-z_][a-zA-Z0-9_-]{0,60}$/), Field)
  .refine((all) => Object.keys(all).length <= 150, 'at most 150 fields');
