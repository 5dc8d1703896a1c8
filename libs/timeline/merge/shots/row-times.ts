import { fieldOf, isDocument, type Document } from '../../document.js';
import { isLess, minus, ZERO, type Fraction } from '../../interchange/fraction.js';
import { exactTime, isNear } from '../times.js';

/** When something on a track begins and ends. */
export interface Placed {
  id: string;
  start: Fraction;
  end: Fraction;
}

/** What is on a track, one after the other. */
export type RowTimes = readonly Placed[];

/** By the ids of tracks, what is on them in all versions just the same and was not read with these; a track that is not here is not known. */
export type Still = ReadonlyMap<string, RowTimes>;

/** The tracks of a document with their actions, as they are written. */
export function* tracksIn(document: Document): Generator<[id: string, actions: unknown[]]> {
  if (!Array.isArray(document.editorData)) return;
  for (const row of document.editorData as unknown[]) {
    const [id, actions] = [fieldOf(row, 'id'), fieldOf(row, 'actions')];
    if (typeof id === 'string' && Array.isArray(actions)) yield [id, actions as unknown[]];
  }
}

/** An action of which more is known than that it is there. */
export const isRead = (action: unknown): action is Document => isDocument(action) && Object.hasOwn(action, 'end');

/** Each track on which one thing follows the other; not those where some lie over others, or have no time. */
export function timesOf(document: Document, still: Still | undefined): Map<string, RowTimes> {
  const rows = new Map<string, RowTimes>();
  for (const [row, actions] of tracksIn(document)) {
    if (still && !still.has(row)) continue;
    const read = still ? actions.filter(isRead) : actions;
    const placed = read.map(placedAs);
    if (!placed.every((one) => one !== undefined)) continue;
    const inOrder = [...placed, ...(still?.get(row) ?? [])].sort((a, b) => (isLess(a.start, b.start) ? -1 : 1));
    if (
      inOrder.every(
        (one, at) => !isLess(one.start, endBefore(inOrder, at)) || isNear(one.start, endBefore(inOrder, at)),
      )
    )
      rows.set(row, inOrder);
  }
  return rows;
}

/** Where that ends which is before a thing on its track. */
export const endBefore = (row: RowTimes, at: number): Fraction => row[at - 1]?.end ?? ZERO;

/** How long nothing is shown before a thing. */
export const gapBefore = (row: RowTimes, at: number): Fraction => minus(row[at]!.start, endBefore(row, at));

/** An action with its place in time, if it has one. */
export function placedAs(action: unknown): Placed | undefined {
  const [id, start, end] = [
    fieldOf(action, 'id'),
    exactTime(fieldOf(action, 'start')),
    exactTime(fieldOf(action, 'end')),
  ];
  return typeof id === 'string' && start && end && isLess(start, end) ? { id, start, end } : undefined;
}
