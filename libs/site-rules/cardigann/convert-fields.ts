import type { Field } from '../rule-field.js';
import { convertFilters, type Names } from './convert-filters.js';
import { checkSelector, type Format } from './check-selector.js';
import { Block, type Tree } from './definition-tree.js';
import { fieldName, MAY_MISS, transformOf } from './field-names.js';

/** Fields of a definition by the names that rules have for them. */
export function convertFields(fields: Block, path: string, format: Format, names: Names): Record<string, Field> {
  const found: Record<string, Field> = {};
  const said = new Map<string, string[]>();
  for (const [key, given] of fields.pairs) {
    const [name = '', ...modifiers] = key.split('|');
    const place = `${path}.${key}`;
    if (!(given instanceof Block)) {
      names.losses.lose(place, 'unknown', 'this is no field');
      continue;
    }
    const own = fieldName(name);
    const before = said.get(own) ?? [];
    const transform = transformOf(name);
    const field = convertField(given, place, format, names);
    if (modifiers.includes('optional') || MAY_MISS.has(name)) field.optional = true;
    // What is no number counts as none, as those do who read these definitions.
    if (!field.optional && field.default === undefined && (transform === 'int' || transform === 'float' || transform === 'size')) {
      field.optional = true;
      field.default = 0;
    }
    if (transform) field.transform = transform;
    if (modifiers.includes('append')) found[`_${own}_${before.length}_behind`] = { ...field, optional: true, appends: own };
    else said.set(own, [...before, placed(found, own, before.length, field, said)]);
    for (const modifier of modifiers)
      if (!['optional', 'append', 'noappend'].includes(modifier)) names.losses.lose(place, 'unknown', `${modifier} is not known`);
  }
  return found;
} // prettier-ignore

/** Puts a field in its place; of those that stand there twice the last that finds something counts, as when each is read in turn. */
function placed(
  found: Record<string, Field>,
  own: string,
  at: number,
  field: Field,
  said: ReadonlyMap<string, string[]>,
): string {
  if (at === 0) {
    found[own] = field;
    return own;
  }
  const earlier = said.get(own)!;
  const last = `_${own}_${at - 1}`;
  if (at === 1) earlier[0] = last;
  const old = found[own]!;
  found[last] = at === 1 ? { ...withoutTransform(old), optional: true } : found[last]!;
  const here = `_${own}_${at}`;
  const referred = new RegExp(`\\.Result\\.${own}(?![\\w-])`, 'g');
  found[here] = {
    ...(JSON.parse(JSON.stringify(withoutTransform(field)).replace(referred, `.Result.${last}`)) as Field),
    optional: true,
  };
  const all = [here, ...earlier.toReversed()];
  found[own] = {
    value: `{{ or ${all.map((name) => `.Result.${name}`).join(' ')} }}`,
    filters: [],
    optional: old.optional,
    ...(old.transform && { transform: old.transform }),
    ...(old.default !== undefined && { default: old.default }),
  };
  return here;
}

function withoutTransform({ transform: _transform, ...field }: Field): Field {
  return field;
}

/** One field, or any other place of a definition that is described as one. */
export function convertField(given: Block, path: string, format: Format, names: Names): Field {
  const field: Field = { filters: convertFilters(given.list('filters'), `${path}.filters`, names), optional: given.isTrue('optional') };
  const text = given.text('text');
  const selector = given.text('selector');
  if (text !== undefined) field.value = names.template(text);
  if (selector !== undefined && selector !== '') {
    const known = checkSelector(names.template(selector), `${path}.selector`, format, names);
    if (known !== undefined) field.selector = known;
  }
  const attribute = given.text('attribute');
  if (attribute) field.attr = attribute;
  const remove = given.text('remove');
  if (remove) field.remove = checkSelector(remove, `${path}.remove`, 'html', names);
  const cases = given.block('case');
  if (cases) field.cases = casesOf(cases, `${path}.case`, format, names);
  const fallback = given.text('default');
  if (fallback !== undefined && fallback !== '') field.default = names.template(fallback);
  for (const key of given.unread()) names.losses.lose(`${path}.${key}`, 'unknown', `${key} is not known here`);
  if (field.remove === undefined) delete field.remove;
  return field;
} // prettier-ignore

function casesOf(cases: Block, path: string, format: Format, names: Names): [string, string][] {
  return cases.pairs.flatMap(([when, then]: readonly [string, Tree]): [string, string][] => {
    const value = typeof then === 'string' ? names.template(then) : '';
    if (when === '*' || format === 'json') return [[when, value]];
    const known = checkSelector(names.template(when), `${path}.${when}`, format, names);
    return known === undefined ? [] : [[known, value]];
  });
}
