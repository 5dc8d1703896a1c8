import { fieldOf, isDocument } from '../document.js';
import { isRawNumber } from '../exact-json.js';
import { asEntities, asSet, type Rows } from './keyed-list.js';
import { isUnchanged } from './times.js';
import { each, otherSide, type Keeper, type Versions } from './versions.js';

/** Lists of one kind, by the row they stand in. */
export type Lists = ReadonlyMap<string, Rows>;

/** Where a thing stands, and what it is. */
export interface Item {
  place: string;
  value: unknown;
}

/** One field in which rows contain things, each thing in one row only: the actions of the tracks, the beats of the scenes. */
export interface Family {
  field: string;
  lists: Versions<Lists>;
  items: Versions<ReadonlyMap<string, Item>>;
}

/** Lists of bare ids that say where a thing is; other lists of ids only mention things. */
export const FIELDS_OF_IDS: ReadonlySet<string> = new Set(['beatIds']);

/** The families of rows: fields that in each version hold lists of things with ids, no id twice among all rows. */
export function familiesOf(rows: Versions<Rows>): Family[] {
  const all = [...rows.base.values(), ...rows.ours.values(), ...rows.theirs.values()];
  if (!all.every(isDocument)) return [];
  const fields = new Set<string>();
  for (const row of all) for (const [field, value] of Object.entries(row)) if (Array.isArray(value)) fields.add(field);
  return [...fields].flatMap((field) => familyOf(rows, field) ?? []);
}

function familyOf(rows: Versions<Rows>, field: string): Family | undefined {
  const readings = FIELDS_OF_IDS.has(field) ? [asEntities, asSet] : [asEntities];
  for (const read of readings) {
    const lists = each(rows, (version) => listsIn(version, field, read));
    const items = each(lists, (version) => version && indexItems(version));
    if (lists.base && lists.ours && lists.theirs && items.base && items.ours && items.theirs) {
      return {
        field,
        lists: { base: lists.base, ours: lists.ours, theirs: lists.theirs },
        items: { base: items.base, ours: items.ours, theirs: items.theirs },
      };
    }
  }
  return undefined;
}

/** The list in one field of each row that has the field; nothing if one of them cannot be read. */
export function listsIn(rows: Rows, field: string, read: (list: unknown) => Rows | undefined): Lists | undefined {
  const lists = new Map<string, Rows>();
  for (const [place, row] of rows) {
    const value = fieldOf(row, field);
    if (value === undefined) continue;
    const list = read(value);
    if (list === undefined) return undefined;
    lists.set(place, list);
  }
  return lists;
}

/** Every thing in the lists by its key; nothing if one of them stands in two lists. */
export function indexItems(lists: Lists): Map<string, Item> | undefined {
  const items = new Map<string, Item>();
  for (const [place, list] of lists) {
    for (const [key, value] of list) {
      if (items.has(key)) return undefined;
      items.set(key, { place, value });
    }
  }
  return items;
}

/**
 * Whether the keeper of a row that the other side deleted did something inside it that the deletion would undo: a thing
 * added, moved in, changed or put in another order, or one that the other side moved to a row which the keeper deleted.
 */
export function isTouched({ items, lists }: Family, row: string, keeper: Keeper, rows: Versions<Rows>): boolean {
  const deleter = otherSide(keeper);
  const before = lists.base.get(row) ?? NO_ROWS;
  const after = lists[keeper].get(row) ?? NO_ROWS;
  for (const [key, value] of after) {
    if (!before.has(key)) return true;
    const elsewhere = items[deleter].get(key)?.place;
    if (elsewhere === undefined ? !isUnchanged(before.get(key), value) : isDeletedBy(keeper, elsewhere, rows))
      return true;
  }
  const stayed = [...after.keys()];
  const was = [...before.keys()].filter((key) => after.has(key));
  return stayed.some((key, at) => key !== was[at]);
}

const isDeletedBy = (side: Keeper, row: string, rows: Versions<Rows>): boolean =>
  rows.base.has(row) && !rows[side].has(row);

/** Things with a time of their own stand where that says; their order in the list means nothing. */
export function hasStart(value: unknown): boolean {
  const start = fieldOf(value, 'start');
  return typeof start === 'number' || isRawNumber(start);
}

const NO_ROWS: Rows = new Map();
