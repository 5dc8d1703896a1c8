import { AppError } from '#libs/errors/app-error';
import type { FieldContext, RowPlace } from './field-values.js';
import type { Field } from './rule-field.js';
import type { Lookup } from './template.js';
import { transformed } from './transforms.js';

/** The field that is read above a row where the row has none. */
const DATE = 'upload_time';

export type Row = Record<string, string | number | null>;

/**
 * A row, or undefined when a field that it must have is not there, as in the head of a table. Fields may be made of others,
 * in any order; those that begin with `_` are there for others only.
 */
export function rowOf(
  fields: Readonly<Record<string, Field>>,
  place: RowPlace,
  context: FieldContext,
  dateAbove?: Field,
): Row | undefined {
  const values = new Map<string, string | number | null>();
  const open = new Set<string>();
  const behind = Object.entries(fields).filter(([, field]) => field.appends !== undefined);
  const own = (name: string): string | number | null => {
    const known = values.get(name);
    if (known !== undefined) return known;
    if (open.has(name)) throw new AppError('invalid', `The field ${name} is made of itself.`);
    open.add(name);
    const value = valueOf(fields[name]!, place, { ...context, lookup: within(name) });
    open.delete(name);
    values.set(name, value);
    return value;
  };
  const whole = (name: string, asker: string): string | number | null =>
    behind.reduce((text, [other, field]) => {
      if (field.appends !== name || other === asker || fields[asker]?.appends === name) return text;
      const more = own(other);
      return more === null ? text : `${text ?? ''}${field.transform === undefined || text === null ? '' : ','}${more}`;
    }, own(name));
  const within =
    (asker: string): Lookup =>
    (name) => {
      if (!name.startsWith('.Result.')) return context.lookup(name);
      const field = name.slice('.Result.'.length);
      if (!Object.hasOwn(fields, field)) return null;
      context.budget.spend(1 + behind.length / 4);
      const value = whole(field, asker);
      return value === null ? null : String(value);
    };
  const row: Row = {};
  for (const [name, field] of Object.entries(fields)) {
    let value = own(name);
    if (name === DATE && value === null && dateAbove) value = valueOf(dateAbove, place, context, true);
    if (value === null && !field.optional) return undefined;
    if (!name.startsWith('_') && field.appends === undefined) row[name] = value;
  }
  if (dateAbove && !(DATE in row)) row[DATE] = valueOf(dateAbove, place, context, true);
  for (const [, { appends }] of behind) if (appends! in row) row[appends!] = whole(appends!, '');
  return row;
}

function valueOf(field: Field, place: RowPlace, context: FieldContext, above = false): string | number | null {
  const text = above ? place.textAbove(field, context) : place.text(field, context);
  const value = text === null || (text === '' && (field.transform !== undefined || field.optional)) ? null : transformed(text, field.transform, context);
  if (value !== null || field.default === undefined) return value;
  const fallback = typeof field.default === 'number' ? field.default : defaultText(field.default, place, context);
  return typeof fallback === 'number' || fallback === '' ? (fallback === '' ? null : fallback) : transformed(fallback, field.transform, context);
} // prettier-ignore

const defaultText = (text: string, place: RowPlace, context: FieldContext): string =>
  place.text({ value: text, filters: [], optional: true }, context) ?? '';
