import { filled, filtered, type FilterContext } from './filters.js';
import { selectJson } from './json-page.js';
import { countedText } from './json-path.js';
import type { Element, Page } from './page.js';
import type { Field } from './rule-field.js';
import type { RuleRecord } from './rule-record.js';

/** What reading a field needs to know beside its place. */
export interface FieldContext extends FilterContext {
  record: RuleRecord;
  url: string;
}

/** Where the fields of a row are read. */
export interface RowPlace {
  /** The text of a field after its filters; null when it is not there. */
  text: (field: Field, context: FieldContext) => string | null;
  /** The same, read on what stands above the row: the first that has it. */
  textAbove: (field: Field, context: FieldContext) => string | null;
}

/** An element of a page, or the page itself. */
export function pageRow(page: Page, row: Element | undefined): RowPlace {
  const place: RowPlace = {
    text(field, context) {
      const said = saidBy(field, context);
      if (said !== undefined) return said;
      const selector = field.selector === undefined ? undefined : filled(field.selector, context);
      const element = selector === undefined ? row : row ? page.atOrIn(selector, row) : page.first(selector);
      if (element === null) return null;
      const holds = (when: string) =>
        when === '*' || (element ? page.atOrIn(when, element) : page.first(when)) !== null;
      if (field.cases) return ofCases(field, holds, context);
      const attribute = field.attr === undefined ? undefined : element?.attribs[field.attr];
      const raw = field.attr === undefined ? page.text(element, field.remove) : attribute;
      return raw === undefined ? null : filtered(raw, field.filters, context);
    },
    textAbove(field, context) {
      for (const other of row ? page.before(row) : []) {
        const found = pageRow(page, other).text(field, context);
        if (found !== null && found !== '') return found;
      }
      return null;
    },
  };
  return place;
}

/** A part of a JSON answer; `..name` is read in the row that it is a part of. */
export function jsonRow(part: unknown, row: unknown): RowPlace {
  return {
    text(field, context) {
      const said = saidBy(field, context);
      if (said !== undefined) return said;
      const selector = field.selector === undefined ? undefined : filled(field.selector, context);
      const from = selector?.startsWith('..') ? row : part;
      const value =
        selector === undefined
          ? null
          : countedText(selectJson(from, selector.replace(/^\.+/, ''), context.budget), context.budget);
      if (field.cases) return ofCases(field, (when) => when === '*' || when === value, context);
      return value === null ? null : filtered(value.replace(/\s+/g, ' ').trim(), field.filters, context);
    },
    textAbove: () => null,
  };
}

/** What a field is made of, where it is not read at all. */
function saidBy(field: Field, context: FieldContext): string | null | undefined {
  return field.value === undefined ? undefined : filtered(filled(field.value, context), field.filters, context);
}

function ofCases(field: Field, holds: (when: string) => boolean, context: FieldContext): string | null {
  const found = field.cases!.find(([when]) => holds(when));
  return found === undefined ? null : filtered(filled(found[1], context), field.filters, context);
}
