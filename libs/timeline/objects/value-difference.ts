import type { Document } from '../document.js';
import type { KeyedNode, MapNode, Slot } from './node.js';
import { SIDES, type NodeReader, type Side, type Sides } from './node-reader.js';

/**
 * Two kept values without the fields of objects, and the things of lists with ids, that are the same in both, as long as
 * these lists have one order: the differences of what is left are those of the values.
 */
export async function readValueDifference(
  reader: NodeReader,
  { before, after }: Sides<Slot | undefined>,
): Promise<Sides<unknown>> {
  const [was, is] = before && after ? await reader.tables([before, after]) : [];
  if (was && is) return readFieldDifference(reader, { before: was, after: is });
  const [had, has] = before && after ? await reader.lists([before, after]) : [];
  const rows = had && has && (await ofLists(reader, { before: had, after: has }));
  if (rows) return rows;
  const [old, now] = await reader.values([before, after]);
  return { before: old, after: now };
}

/** The same of the fields of two objects, but those in `except`. */
export async function readFieldDifference(
  reader: NodeReader,
  maps: Sides<MapNode | undefined>,
  except: readonly string[] = [],
): Promise<Sides<Document>> {
  const fields: Sides<[string, unknown][]> = { before: [], after: [] };
  for (const [key, slots] of await reader.difference(maps)) {
    if (except.includes(key)) continue;
    const values = await readValueDifference(reader, slots);
    for (const side of SIDES) if (slots[side]) fields[side].push([key, values[side]]);
  }
  return { before: Object.fromEntries(fields.before), after: Object.fromEntries(fields.after) };
}

/** Things come and go in their places; where others stand elsewhere than before, all of the list counts. */
async function ofLists(reader: NodeReader, lists: Sides<KeyedNode>): Promise<Sides<unknown[]> | undefined> {
  const [was, is] = await reader.tables([lists.before.rows, lists.after.rows]);
  const [had, has] = (await reader.values([lists.before.order, lists.after.order])) as [string[], string[]];
  const differing = await reader.difference({ before: was, after: is });
  const isInBoth = (key: string): boolean => {
    const slots = differing.get(key);
    return !slots || (slots.before !== undefined && slots.after !== undefined);
  };
  const [stayed, still] = [had.filter(isInBoth), has.filter(isInBoth)];
  if (stayed.some((key, at) => key !== still[at])) return undefined;
  const shown = (order: string[], side: Side) =>
    reader.values(order.map((key) => differing.get(key)?.[side]).filter((slot) => slot !== undefined));
  return { before: await shown(had, 'before'), after: await shown(has, 'after') };
}
